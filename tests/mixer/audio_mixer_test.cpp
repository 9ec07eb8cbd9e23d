// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/audio_mixer.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "mixer/switcher.h"

namespace kakehashi {
namespace {

Show desk() {
  Show show;
  for (const auto& [id, microphone] :
       {std::pair{"mic", true}, std::pair{"clip", false}, std::pair{"mic_2", true}}) {
    Input i;
    i.id = id;
    i.audio = true;
    i.microphone = microphone;
    show.inputs.push_back(i);
  }
  Scene scene, card;
  scene.id = "talk";
  card.id = "break";
  card.card = "pause";
  show.scenes = {scene, card};
  return show;
}

AudioBlock sine(double hertz, double dbfs, std::int64_t position) {
  AudioBlock b;
  b.position = position;
  const double peak = std::pow(10.0, dbfs / 20);
  for (int i = 0; i < kBlockSamples; ++i) {
    const double t = static_cast<double>(position + i) / kSampleRate;
    const auto s = static_cast<float>(peak * std::sin(2 * std::numbers::pi * hertz * t));
    b.samples[static_cast<std::size_t>(2 * i)] = s;
    b.samples[static_cast<std::size_t>(2 * i + 1)] = s;
  }
  return b;
}
AudioBlock constant(float left, float right) {
  AudioBlock b;
  for (std::size_t i = 0; i < b.samples.size(); ++i) b.samples[i] = i % 2 ? right : left;
  return b;
}

// Runs a mixer block after block, remembering where it was.
struct Bench {
  Show show = desk();
  LiveState live = initial_state(show);
  AudioMixer mixer{3};
  AudioBlock out;
  std::vector<AudioBlock> in{3};

  const AudioBlock& run(int blocks = 1) {
    while (blocks-- > 0) mixer.mix(show, live, in, out);
    return out;
  }
  void wish(const Command& c) {
    auto next = apply(show, live, c, MediaTime{1'000'000'000});
    REQUIRE(next.ok());
    live = *next;
  }
  float last() const { return out.samples[out.samples.size() - 2]; }
};

float largest_step(const AudioBlock& a, float before) {
  float most = 0;
  for (std::size_t i = 0; i < a.samples.size(); i += 2) {
    most = std::max(most, std::abs(a.samples[i] - before));
    before = a.samples[i];
  }
  return most;
}

TEST_CASE("strips add up, each with its own gain, left and right apart") {
  Bench b;
  b.in[0] = constant(0.1F, 0.2F);
  b.in[1] = constant(0.2F, -0.1F);
  b.wish(SetGain{"clip", {-6.0205999}});
  b.run(2);
  CHECK(b.last() == doctest::Approx(0.2));
  CHECK(b.out.samples.back() == doctest::Approx(0.15));
}

TEST_CASE("the position of the block is the caller's") {
  Bench b;
  b.out.position = 48'000;
  b.run();
  CHECK(b.out.position == 48'000);
}

TEST_CASE("a muted strip and a fader at its lower end are silent") {
  Bench b;
  b.in[0] = constant(0.5F, 0.5F);
  b.run(2);
  CHECK(b.last() == doctest::Approx(0.5));
  SUBCASE("mute") { b.wish(SetMute{"mic", true}); }
  SUBCASE("fader") { b.wish(SetGain{"mic", {-60}}); }
  b.run(2);
  CHECK(b.last() == 0.0F);
  // Meters are before fader and mute.
  CHECK(b.mixer.meters().strips[0].peak_db[0] == doctest::Approx(-6.02).epsilon(0.01));
}

TEST_CASE("nothing clicks: every change is a ramp of 5 ms") {
  Bench b;
  b.in[0] = constant(0.8F, 0.8F);
  const float step = 0.8F / 240 * 1.01F;
  CHECK(largest_step(b.run(), 0) <= step);  // the beginning
  for (const Command& c : {Command{SetMute{"mic", true}}, Command{SetMute{"mic", false}},
                           Command{SetGain{"mic", {-20}}}, Command{EmergencyOn{}}}) {
    const float before = b.last();
    b.wish(c);
    CHECK(largest_step(b.run(), before) <= step);
    // 5 ms later the new value stands.
    CHECK(b.out.samples[480] == doctest::Approx(b.last()));
  }
}

TEST_CASE("the emergency card is silent within 10 ms, whatever plays") {
  Bench b;
  for (auto& i : b.in) i = constant(0.2F, 0.2F);
  b.run(2);
  b.wish(EmergencyOn{});
  b.run();
  for (std::size_t i = 480; i < b.out.samples.size(); ++i) REQUIRE(b.out.samples[i] == 0.0F);
  b.run();
  for (const float s : b.out.samples) REQUIRE(s == 0.0F);

  SUBCASE("afterwards only the microphones named are heard, and what is no microphone") {
    b.wish(EmergencyOff{{"mic_2"}});
    b.in[0] = constant(0.4F, 0.4F);
    b.run(2);
    CHECK(b.last() == doctest::Approx(0.4));  // clip and mic_2
  }
}

TEST_CASE("a card scene closes the microphones only") {
  Bench b;
  for (auto& i : b.in) i = constant(0.2F, 0.2F);
  b.live.program = "break";
  b.run(2);
  CHECK(b.last() == doctest::Approx(0.2));
}

TEST_CASE("the knee leaves the normal range alone and never passes full scale") {
  Bench b;
  for (const float level : {0.0F, 0.3F, 0.84F}) {
    b.in[0] = constant(level, -level);
    b.run(2);
    CHECK(b.last() == level);
  }
  float before = 0.84F;
  for (const float level : {0.85F, 0.9F, 1.0F, 1.5F, 4.0F, 100.0F}) {
    b.in[0] = constant(level, -level);
    b.run(2);
    CHECK(b.last() <= 1.0F);
    CHECK(b.last() >= before);
    CHECK(b.out.samples.back() == -b.last());
    before = b.last();
  }
}

TEST_CASE("a broken source does not poison the bus or the meters") {
  Bench b;
  b.in[0] =
      constant(std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity());
  b.in[1] = constant(0.25F, 0.25F);
  b.run(400);
  CHECK(b.last() == doctest::Approx(0.25));
  CHECK(std::isfinite(b.mixer.meters().program.momentary_lufs));
  CHECK(b.mixer.meters().strips[0].level_db == -120);
}

TEST_CASE("more or fewer blocks than strips are taken as they come") {
  Bench b;
  b.in.resize(1);
  b.in[0] = constant(0.5F, 0.5F);
  b.run(2);
  CHECK(b.last() == doctest::Approx(0.5));
  b.live.strips.resize(1);
  b.in.resize(5);
  b.run(2);
  CHECK(b.last() == doctest::Approx(0.5));
  CHECK(b.mixer.meters().strips.size() == 3);
}

TEST_CASE("meters read a sine as it is") {
  Bench b;
  for (int i = 0; i < 10; ++i) {
    b.in[0] = sine(1000, -20, i * kBlockSamples);
    b.run();
  }
  const StripMeter& m = b.mixer.meters().strips[0];
  CHECK(m.peak_db[0] == doctest::Approx(-20).epsilon(0.002));
  CHECK(m.level_db == doctest::Approx(-23.01).epsilon(0.002));
  CHECK(b.mixer.meters().program.peak_db[1] == doctest::Approx(-20).epsilon(0.002));
  CHECK(b.mixer.meters().strips[1].peak_db[0] == -120);
}

TEST_CASE("loudness: EBU Tech 3341 minimum requirements, signals 1 and 2") {
  for (const double level : {-23.0, -33.0}) {
    Bench b;
    for (int i = 0; i < 400; ++i) {
      b.in[0] = sine(997, level, i * kBlockSamples);
      b.run();
    }
    CHECK(std::abs(b.mixer.meters().program.momentary_lufs - level) <= 0.1);
    CHECK(std::abs(b.mixer.meters().program.short_term_lufs - level) <= 0.1);
  }
}

TEST_CASE("silence measures as silence") {
  Bench b;
  b.run(400);
  CHECK(b.mixer.meters().program.momentary_lufs == -120);
  CHECK(b.mixer.meters().program.peak_db[0] == -120);
}

}  // namespace
}  // namespace kakehashi
