// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/audio_loop.h"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/station/hand_feed.h"
#include "tests/support/manual_clock.h"

using namespace kakehashi;
using kakehashi::testing::HandEvent;
using kakehashi::testing::ManualClock;

namespace {

constexpr Duration kBlock = Duration::milliseconds(10);

struct Rig {
  explicit Rig(std::size_t room = 400) : encoder(room, WhenFull::Refuse) {
    live = initial_state(event.show);
    event.publish(moment, live);
    clock.advance(Duration{AudioLoop::kLag.ns % kBlock.ns});  // then a block is due every 10 ms
    loop.emplace(clock, epoch,
                 AudioLoop::Roads{moment, encoder, {[this](const MixedBlock& b) { take(b); }}});
    clock.wait_for_sleepers(1);
  }
  ~Rig() {
    clock.release();
    loop.reset();
  }
  void go_on(Duration d) {
    clock.advance(d);
    clock.wait_for_sleepers(1);
  }
  // The microphone's next 10 ms of a 1 kHz tone at -6 dBFS.
  void speak() {
    std::vector<float> tone(kBlockSamples);
    for (auto& sample : tone)
      sample = 0.5F * static_cast<float>(std::sin(2 * M_PI * 1000 * spoken_++ / kSampleRate));
    say(tone);
  }
  // 10 ms pass; what is said meanwhile is handed over every 2.5 ms, as a device does.
  void say(const std::vector<float>& tone) {
    const auto quarter = tone.size() / 4;
    for (std::size_t q = 0; q < 4; ++q) {
      const MediaTime captured = clock.now();
      go_on(Duration{kBlock.ns / 4});
      event.feeds[2]->audio().push({tone.data() + q * quarter, quarter}, 1, kSampleRate, captured);
    }
  }
  // Speaks for `blocks` blocks; the last one mixed.
  AudioBlock speak_for(int blocks) {
    std::optional<AudioBlock> last;
    for (int i = 0; i < blocks; ++i) {
      speak();
      while (auto block = encoder.try_pop()) last = std::move(block);
    }
    REQUIRE(last);
    return *last;
  }
  void wish(const Command& command) {
    auto next = apply(event.show, live, command, clock.now());
    REQUIRE(next);
    live = *next;
    event.publish(moment, live);
  }

  ManualClock clock;
  const MediaTime epoch = clock.now();
  HandEvent event{epoch};
  LiveState live;
  Published<Moment> moment;
  BoundedQueue<AudioBlock> encoder;
  std::optional<AudioLoop> loop;

  // What the taker was given last; the loop rests while this is read.
  int taken = 0;
  std::vector<AudioBlock> buses, inputs;
  std::vector<std::string> order;

 private:
  void take(const MixedBlock& block) {
    ++taken;
    buses.assign(block.buses.begin(), block.buses.end());
    inputs.assign(block.inputs.begin(), block.inputs.end());
    order.clear();
    for (const SoundBus& bus : block.order) order.push_back(bus.id);
  }

  int spoken_ = 0;
};

float loudest(const AudioBlock& block) {
  float most = 0;
  for (const float sample : block.samples) most = std::max(most, std::abs(sample));
  return most;
}

}  // namespace

TEST_CASE("silence goes on block by block while no source delivers") {
  Rig rig;
  std::int64_t expected = 0;
  for (int i = 0; i < 200; ++i) {
    rig.go_on(kBlock);
    const auto block = rig.encoder.try_pop();
    REQUIRE(block);
    if (i > 0) REQUIRE(block->position == expected);
    expected = block->position + kBlockSamples;
    REQUIRE(loudest(*block) == 0);
    REQUIRE_FALSE(rig.encoder.try_pop());
  }
  CHECK(rig.loop->blocks() == 200);
  CHECK(rig.loop->late_blocks() == 0);
}

TEST_CASE("a block is mixed its lag after its own moment") {
  Rig rig;
  rig.go_on(Duration::milliseconds(500));
  std::optional<AudioBlock> last;
  while (auto block = rig.encoder.try_pop()) last = std::move(block);
  REQUIRE(last);
  CHECK(rig.epoch + time_of_sample(last->position) + AudioLoop::kLag == rig.clock.now());
}

TEST_CASE("after a short standstill no sound is left out") {
  Rig rig;
  rig.go_on(kBlock);
  const std::int64_t first = rig.encoder.try_pop()->position;
  rig.go_on(Duration::milliseconds(300));
  for (int i = 1; i <= 30; ++i) {
    const auto block = rig.encoder.try_pop();
    REQUIRE(block);
    CHECK(block->position == first + i * kBlockSamples);
  }
  CHECK(rig.loop->late_blocks() > 0);
}

TEST_CASE("after seconds of standstill it jumps to the present") {
  Rig rig;
  rig.go_on(kBlock);
  rig.go_on(Duration::seconds(30));
  CHECK(rig.loop->blocks() < 110);
  std::optional<AudioBlock> last;
  while (auto block = rig.encoder.try_pop()) last = std::move(block);
  REQUIRE(last);
  CHECK(rig.epoch + time_of_sample(last->position) + AudioLoop::kLag == rig.clock.now());
}

TEST_CASE("a voice is heard, and a mute is silent from the next block's ramp on") {
  Rig rig;
  CHECK(loudest(rig.speak_for(60)) == doctest::Approx(0.5).epsilon(0.05));
  rig.wish(SetMute{"mic", true});
  const AudioBlock ramp = rig.speak_for(1);
  CHECK(std::abs(ramp.samples.back()) < 1e-4F);
  CHECK(loudest(rig.speak_for(1)) == 0);
}

TEST_CASE("under the emergency card the microphone is closed within a block") {
  Rig rig;
  rig.speak_for(60);
  rig.wish(EmergencyOn{});
  rig.speak_for(1);
  CHECK(loudest(rig.speak_for(1)) == 0);
}

TEST_CASE("an encoder that stands still costs its own blocks only") {
  Rig rig(5);
  for (int i = 0; i < 20; ++i) rig.go_on(kBlock);
  CHECK(rig.loop->blocks() == 20);
  CHECK(rig.loop->late_blocks() == 0);
  CHECK(rig.encoder.counters().dropped == 15);
}

TEST_CASE("meters keep the loudest peak until somebody looks") {
  Rig rig;
  rig.speak_for(60);
  CHECK(rig.loop->take_meters().program.peak_db[0] == doctest::Approx(-6).epsilon(0.1));
  rig.wish(SetMute{"mic", true});
  rig.speak_for(3);
  CHECK(rig.loop->take_meters().program.peak_db[0] > -7);  // the ramp's block was still loud
  rig.speak_for(3);
  const AudioMeters quiet = rig.loop->take_meters();
  CHECK(quiet.program.peak_db[0] < -60);
  CHECK(quiet.strips.at(0).peak_db[0] > -7);  // before the mute
}

TEST_CASE("every bus is handed on, block by block, at the same position") {
  Rig rig;
  rig.speak_for(60);
  CHECK(rig.taken == 60);
  CHECK(rig.order == std::vector<std::string>{"program", "record_clean", "venue", "monitor"});
  REQUIRE(rig.buses.size() == 4);
  for (const AudioBlock& bus : rig.buses) CHECK(bus.position == rig.buses[0].position);
  CHECK(loudest(rig.buses[kRecordCleanBus]) == doctest::Approx(0.5).epsilon(0.05));
  CHECK(loudest(rig.buses[kVenueBus]) == 0);  // no microphone of the hall
  REQUIRE(rig.inputs.size() == 1);
  CHECK(rig.inputs[0].position == rig.buses[0].position + kBlockSamples);
}

TEST_CASE("the clean recording gets the sound of its own bus while it runs") {
  Rig rig;
  rig.live.strips[0].kept_from = {"program"};
  auto clean = std::make_shared<BoundedQueue<AudioBlock>>(100, WhenFull::Refuse);
  rig.moment.store(
      std::make_shared<const Moment>(Moment{rig.event.stage(), rig.live, nullptr, clean}));
  CHECK(loudest(rig.speak_for(60)) == 0);
  std::optional<AudioBlock> last;
  int blocks = 0;
  for (; auto block = clean->try_pop(); ++blocks) last = std::move(block);
  CHECK(blocks == 60);
  CHECK(loudest(*last) == doctest::Approx(0.5).epsilon(0.05));
}

TEST_CASE("integrated loudness begins anew when it is told to") {
  Rig rig;
  rig.speak_for(200);
  CHECK(rig.loop->take_meters().program.integrated_lufs > -20);
  rig.loop->begin_programme();
  rig.speak_for(1);
  CHECK(rig.loop->take_meters().program.integrated_lufs == -120);
}

TEST_CASE("a sound is at its own moment in what leaves, whatever the mixer's latency") {
  Rig rig;
  const std::vector<float> quiet(kBlockSamples);
  std::vector<float> click(kBlockSamples);
  for (std::size_t i = 100; i < 148; ++i) click[i] = 0.5F;
  std::int64_t expected = -1, heard = -1;
  for (int i = 0; i < 80; ++i) {
    if (i == 60) expected = (rig.clock.now() - rig.epoch).ns * kSampleRate / 1'000'000'000 + 100;
    rig.say(i == 60 ? click : quiet);
    while (auto block = rig.encoder.try_pop())
      for (int s = 0; s < kBlockSamples && heard < 0; ++s)
        if (block->samples[static_cast<std::size_t>(2 * s)] > 0.25F) heard = block->position + s;
  }
  REQUIRE(expected > 0);
  CHECK(std::abs(heard - expected) <= 5);  // 0.1 ms
}

TEST_CASE("another event with other strips takes over between two blocks") {
  Rig rig;
  rig.speak_for(10);
  rig.event.show.inputs[0].audio = true;
  auto stage = std::make_shared<Stage>(*rig.event.stage());
  stage->strip_feeds = {0, 2};
  rig.moment.store(std::make_shared<const Moment>(Moment{stage, initial_state(rig.event.show)}));
  CHECK(loudest(rig.speak_for(30)) == doctest::Approx(0.5).epsilon(0.05));
  CHECK(rig.loop->take_meters().strips.size() == 2);
}
