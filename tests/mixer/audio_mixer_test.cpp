// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/audio_mixer.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "mixer/sound/stock.h"
#include "tests/mixer/sound_desk_rig.h"

namespace kakehashi {
namespace {

using testing::constant;
using testing::Rig;
using testing::sine;

// Through strip and limiter a sine keeps its level; its peak in a block, left.
float peak(const AudioBlock& block, std::size_t from = 0) {
  float most = 0;
  for (std::size_t i = from; i < block.samples.size(); i += 2)
    most = std::max(most, std::abs(block.samples[i]));
  return most;
}

float largest_step(const AudioBlock& a, float before) {
  float most = 0;
  for (std::size_t i = 0; i < a.samples.size(); i += 2) {
    most = std::max(most, std::abs(a.samples[i] - before));
    before = a.samples[i];
  }
  return most;
}

TEST_CASE("strips add up, each with its own gain, left and right apart") {
  Rig r({"mic", "clip"});
  r.in[0] = constant(0.1F, 0.2F);
  r.in[1] = constant(0.2F, -0.1F);
  r.wish(SetGain{"clip", {-6.0205999}});
  r.run(4);
  CHECK(r.last() == doctest::Approx(0.2));
  CHECK(r.out[kProgramBus].samples.back() == doctest::Approx(0.15));
}

TEST_CASE("what comes out is one block old to the sample") {
  Rig r({"mic"});
  r.run(3);
  r.in[0].samples[2 * 100] = 0.5F;  // one sample of a click, left
  r.run();
  CHECK(peak(r.out[kProgramBus]) == 0);
  r.in[0].silence();
  r.run();
  CHECK(r.out[kProgramBus].samples[2 * 100] == doctest::Approx(0.5));
  CHECK(peak(r.out[kProgramBus], 2 * 101) < 1e-6F);
}

TEST_CASE("the positions of the blocks are the caller's") {
  Rig r({"mic"});
  for (auto& bus : r.out) bus.position = 48'000;
  r.run();
  for (const auto& bus : r.out) CHECK(bus.position == 48'000);
}

TEST_CASE("a muted strip, a fader or a bus at its lower end are silent") {
  Rig r({"mic"});
  r.in[0] = constant(0.5F, 0.5F);
  r.run(4);
  CHECK(r.last() == doctest::Approx(0.5));
  SUBCASE("mute") { r.wish(SetMute{"mic", true}); }
  SUBCASE("fader") { r.wish(SetGain{"mic", {-60}}); }
  SUBCASE("bus") { r.wish(SetSoundBus{"program", {-60}, false}); }
  SUBCASE("bus muted") { r.wish(SetSoundBus{"program", {0}, true}); }
  r.run(3);
  CHECK(r.last() == 0.0F);
  // Meters are before fader and mute.
  CHECK(r.mixer->meters().strips[0].peak_db[0] == doctest::Approx(-6.02).epsilon(0.01));
}

TEST_CASE("nothing clicks: every change is a ramp of 5 ms") {
  Rig r({"mic"});
  r.in[0] = constant(0.8F, 0.8F);
  const float step = 0.8F / 240 * 1.01F;
  const auto glides = [&] {
    for (int i = 0; i < 3; ++i) {
      const float before = r.last();
      r.run();
      if (largest_step(r.out[kProgramBus], before) > step) return false;
    }
    return true;
  };
  r.run(4);  // a source that begins loudly is heard as it is
  for (const Command& c :
       {Command{SetMute{"mic", true}}, Command{SetMute{"mic", false}},
        Command{SetGain{"mic", {-20}}}, Command{SetSend{"mic", "program", false}},
        Command{SetSend{"mic", "program", true}}, Command{SetSoundBus{"program", {-10}, false}},
        Command{SetSoundBus{"program", {0}, true}}, Command{SetSoundBus{"program", {0}, false}},
        Command{EmergencyOn{}}}) {
    r.wish(c);
    CAPTURE(c.index());
    CHECK(glides());
  }
}

TEST_CASE("the emergency card is silent within 10 ms after the limiter, whatever plays") {
  Rig r({"mic", "clip", "mic_2"});
  for (auto& i : r.in) i = constant(0.2F, 0.2F);
  r.run(4);
  r.wish(EmergencyOn{});
  r.run();
  for (const std::size_t bus : {kProgramBus, kRecordCleanBus, kMonitorBus})
    CHECK(std::abs(r.out[bus].samples.back()) < 0.01F);
  r.run();
  for (const std::size_t bus : {kProgramBus, kRecordCleanBus, kMonitorBus})
    for (const float s : r.out[bus].samples) REQUIRE(s == 0.0F);

  SUBCASE("afterwards only the microphones named are heard, and what is no microphone") {
    r.wish(EmergencyOff{{"mic_2"}});
    r.in[0] = constant(0.4F, 0.4F);
    r.run(4);
    CHECK(r.last() == doctest::Approx(0.4));  // clip and mic_2
  }
}

TEST_CASE("a card closes microphones on what leaves the hall, within 50 ms, and leaves the hall") {
  Rig r({"mic", "clip", "guest"});
  r.show.inputs[2].partner = "guest";
  r.show.sound.venue = {"clip", "guest"};
  r.begin();
  r.in[0] = constant(0.4F, 0.4F);
  r.run(4);
  CHECK(r.last(4) == doctest::Approx(0.4));  // return.guest
  r.in[1] = constant(0.1F, 0.1F);
  r.in[2] = constant(0.2F, 0.2F);
  r.run(4);
  CHECK(r.last(kVenueBus) == doctest::Approx(0.3));
  r.live.program = "break";
  r.run(3);
  for (const std::size_t bus : {kProgramBus, kRecordCleanBus, kMonitorBus})
    CHECK(r.last(bus) == doctest::Approx(0.1));  // the clip: no microphone, no guest
  CHECK(r.last(4) == doctest::Approx(0.1));
  CHECK(r.last(kVenueBus) == doctest::Approx(0.3));

  SUBCASE("a cue that names a microphone opens that one") {
    r.live.card_microphones = {"mic"};
    r.run(3);
    CHECK(r.last() == doctest::Approx(0.5));
  }
}

TEST_CASE("no true peak passes the ceiling, and what is below it is not touched") {
  Rig r({"clip"});
  for (const float level : {0.0F, 0.3F, 0.8F}) {
    r.in[0] = constant(level, -level);
    r.run(100);
    CHECK(r.last() == doctest::Approx(level).epsilon(1e-5));
  }
  for (const float level : {0.9F, 1.5F, 10.0F}) {
    r.in[0] = constant(level, -level);
    for (int i = 0; i < 20; ++i) {
      r.run();
      REQUIRE(peak(r.out[kProgramBus]) <= 0.8415F);  // -1.5 dBFS
    }
  }
  CHECK(r.mixer->meters().buses[kProgramBus].limiter_db < -20);
}

TEST_CASE("a broken source does not poison the buses or the meters") {
  Rig r({"mic", "clip"});
  r.in[0] =
      constant(std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity());
  r.in[1] = constant(0.25F, 0.25F);
  r.run(400);
  for (const std::size_t bus : {kProgramBus, kRecordCleanBus, kMonitorBus})
    CHECK(r.last(bus) == doctest::Approx(0.25));
  CHECK(std::isfinite(r.mixer->meters().program.momentary_lufs));
  CHECK(r.mixer->meters().strips[0].level_db == -120);
}

TEST_CASE("more or fewer blocks than strips are taken as they come") {
  Rig r({"mic", "clip", "mic_2"});
  r.in.resize(1);
  r.in[0] = constant(0.5F, 0.5F);
  r.run(4);
  CHECK(r.last() == doctest::Approx(0.5));
  r.live.strips.resize(1);
  r.in.resize(5);
  r.run(4);
  CHECK(r.last() == doctest::Approx(0.5));
  CHECK(r.mixer->meters().strips.size() == 3);
  r.out.resize(2);
  r.run(4);
  CHECK(r.last() == doctest::Approx(0.5));
}

TEST_CASE("meters read a sine as it is") {
  Rig r({"clip", "mic"});
  for (int i = 0; i < 20; ++i) {
    r.in[0] = sine(1000, -20, i * kBlockSamples);
    r.run();
  }
  const AudioMeters& m = r.mixer->meters();
  CHECK(m.strips[0].peak_db[0] == doctest::Approx(-20).epsilon(0.002));
  CHECK(m.strips[0].level_db == doctest::Approx(-23.01).epsilon(0.002));
  CHECK(m.strips[0].heard);
  CHECK(m.program.peak_db[1] == doctest::Approx(-20).epsilon(0.002));
  CHECK(m.buses[kRecordCleanBus].peak_db[1] == doctest::Approx(-20).epsilon(0.002));
  CHECK(m.strips[1].peak_db[0] == -120);
}

TEST_CASE("loudness: EBU Tech 3341 minimum requirements, signals 1 and 2") {
  for (const double level : {-23.0, -33.0}) {
    Rig r({"clip"});
    for (int i = 0; i < 450; ++i) {
      r.in[0] = sine(997, level, i * kBlockSamples);
      r.run();
    }
    CHECK(std::abs(r.mixer->meters().program.momentary_lufs - level) <= 0.1);
    CHECK(std::abs(r.mixer->meters().program.short_term_lufs - level) <= 0.1);
  }
}

TEST_CASE("silence measures as silence, and is called so") {
  Rig r({"mic"});
  r.run(400);
  CHECK(r.mixer->meters().program.momentary_lufs == -120);
  CHECK(r.mixer->meters().program.peak_db[0] == -120);
  CHECK(r.mixer->meters().program.word == LoudnessWord::Silent);
}

TEST_CASE("headphones follow program until somebody is listened to, then hear him alone") {
  Rig r({"mic", "clip"});
  r.in[0] = constant(0.2F, 0.2F);
  r.in[1] = constant(0.1F, 0.1F);
  r.run(4);
  CHECK(r.last(kMonitorBus) == doctest::Approx(0.3));
  r.wish(SetMute{"mic", true});
  r.run(4);
  CHECK(r.last(kMonitorBus) == doctest::Approx(0.1));
  r.wish(Listen{"mic", true});  // before the fader: a muted microphone can be tried
  r.run(4);
  CHECK(r.last(kMonitorBus) == doctest::Approx(0.2));
  CHECK(r.last() == doctest::Approx(0.1));
  r.wish(Listen{"mic", false});
  r.run(4);
  CHECK(r.last(kMonitorBus) == doctest::Approx(0.1));
}

TEST_CASE("what follows its picture is heard while the picture is on program") {
  Rig r({"clip"});
  Layer whole;
  whole.input = "clip";
  r.show.scenes[1].layers.push_back(whole);  // "film"
  r.show.inputs[0].sound.follow_picture = true;
  r.begin();
  r.in[0] = constant(0.2F, 0.2F);
  r.run(4);
  CHECK(r.last() == 0);
  r.wish(SelectPreview{"film"});
  r.wish(SetTransition{TransitionKind::Mix, 1.0});
  r.wish(Take{});
  r.run(4);
  CHECK(r.last() == doctest::Approx(0.2));
  r.at = r.at + Duration::seconds(5);
  r.wish(SelectPreview{"talk"});
  r.wish(Take{});
  r.at = r.at + Duration::milliseconds(500);
  r.run(4);
  CHECK(r.last() == doctest::Approx(0.2));  // it is still seen
  r.at = r.at + Duration::milliseconds(600);
  r.run(4);
  CHECK(r.last() == 0);
}

TEST_CASE("a howling send is lowered by itself, the others are not") {
  Rig r({"guest"});
  r.show.inputs[0].partner = "guest";
  r.show.sound.venue = {"guest"};
  r.begin();
  r.in[0] = constant(0.4F, 0.4F);
  r.run(4);
  r.mixer->duck(0, kVenueBus, 12);
  r.run(3);
  CHECK(r.last(kVenueBus) == doctest::Approx(0.4 * std::pow(10.0, -12 / 20.0)));
  CHECK(r.last() == doctest::Approx(0.4));
  r.mixer->duck(0, kVenueBus, 0);
  r.mixer->duck(9, 9, 12);
  r.run(3);
  CHECK(r.last(kVenueBus) == doctest::Approx(0.4));
}

TEST_CASE("another show on air: who stays is heard without a gap, who goes does not click") {
  Rig r({"mic", "clip"});
  r.in[0] = constant(0.4F, 0.4F);
  r.in[1] = constant(0.2F, 0.2F);
  r.run(10);
  CHECK(r.last() == doctest::Approx(0.6));

  const Show before_it = r.show;
  Show next = testing::sound_show({"new", "mic"});
  next.inputs[0].partner = "guest";  // brings a bus
  r.show = next;
  r.live = initial_state(next);
  SoundStock stock(next, &before_it);
  REQUIRE(stock.strips.size() == 1);
  REQUIRE(stock.limiters.size() == 1);
  r.mixer->arrange(next, &stock);
  CHECK(stock.strips.empty());
  CHECK(stock.limiters.empty());
  r.out.resize(r.mixer->bus_list().size());
  REQUIRE(r.out.size() == 5);
  r.in[0].silence();
  r.in[1] = constant(0.4F, 0.4F);
  float before = 0.6F;
  for (int i = 0; i < 6; ++i) {
    r.run();
    CHECK(largest_step(r.out[kProgramBus], before) <= 0.2F / 240 * 1.01F);
    for (std::size_t s = 0; s < r.out[kProgramBus].samples.size(); ++s)
      REQUIRE(r.out[kProgramBus].samples[s] >= 0.3999F);
    before = r.last();
  }
  CHECK(before == doctest::Approx(0.4));
  CHECK(r.last(4) == doctest::Approx(0.4));

  r.mixer->arrange(before_it, &stock);
  CHECK(stock.worn.size() == 1);  // freed by whoever lets go of the stock
}

TEST_CASE("the same strips arranged again change nothing") {
  std::vector<float> once, again;
  for (auto* heard : {&once, &again}) {
    Rig one({"clip"});
    for (int i = 0; i < 30; ++i) {
      one.in[0] = sine(1000, -6, i * kBlockSamples);
      if (heard == &again && i == 15) one.mixer->arrange(Show(one.show));
      one.run();
      heard->insert(heard->end(), one.out[0].samples.begin(), one.out[0].samples.end());
    }
  }
  CHECK(once == again);
}

}  // namespace
}  // namespace kakehashi
