// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/rider.h"

#include <doctest/doctest.h>

#include <limits>

#include "mixer/sound/automix.h"
#include "mixer/sound/loudness.h"
#include "tests/mixer/sound/crowd.h"
#include "tests/support/speech_material.h"

namespace kakehashi {
namespace {

using testing::speech_for;
using testing::Voice;
using Sound = std::vector<float>;

constexpr LoudnessTarget kSpeech{-16, 2};

// One talker group with its ear for speech, as the mixer drives it.
struct Group {
  void play(const Sound& sound, double db = 0) {
    const auto level = static_cast<float>(std::pow(10, db / 20));
    for (std::size_t n = 0; n < sound.size() / kBlockSamples; ++n) {
      AudioBlock block = testing::block_of(sound, n);
      for (float& s : block.samples) s *= level;
      const AutomixPlace place{};
      float ignored = 1;
      ear.share({&block, 1}, {&place, 1}, {&ignored, 1});
      const double before = rider.gain_db();
      const float gain = rider.ride(block, ear.talks(0), target, most_db);
      steepest = std::max(steepest, std::abs(rider.gain_db() - before) * 100);
      travelled += std::abs(rider.gain_db() - before);
      for (float& s : block.samples) s *= gain;
      meter.add(block);
      if (std::abs(20 * std::log10(gain) - rider.gain_db()) > 1e-3) differ = true;
    }
  }
  LoudnessTarget target = kSpeech;
  double most_db = 9;
  Automix ear{1};
  LoudnessRider rider;
  LoudnessMeter meter;
  double steepest = 0;   // dB a second
  double travelled = 0;  // dB, up and down
  bool differ = false;   // the gain is not what is told
};

// Its integrated loudness as it stands.
double loudness_of(const Sound& sound) {
  LoudnessMeter meter;
  for (std::size_t n = 0; n < sound.size() / kBlockSamples; ++n)
    meter.add(testing::block_of(sound, n));
  return meter.integrated_lufs();
}

TEST_CASE("loud and quiet talkers arrive at the target and stay there") {
  for (const Voice voice : {Voice::Host, Voice::Guest, Voice::English, Voice::Visitor}) {
    const Sound sound = speech_for(voice, 30);
    REQUIRE(!sound.empty());
    const double own = loudness_of(sound);
    for (const double off : {-8.0, 0.0, 6.0}) {
      CAPTURE(static_cast<int>(voice));
      CAPTURE(off);
      Group group;
      group.play(sound, kSpeech.lufs + off - own);
      group.meter.begin_programme();
      group.travelled = 0;
      group.play(sound, kSpeech.lufs + off - own);
      CHECK(std::abs(group.meter.integrated_lufs() - kSpeech.lufs) <= 1.5);
      CHECK(group.steepest <= 1.0001);
      CHECK(group.travelled < 6);  // it has arrived: no wandering
      CHECK(!group.differ);
    }
  }
}

TEST_CASE("one after another: each is within the tolerance after his first sentences") {
  Group group;
  const auto at = [](Voice v, double seconds, double lufs) {
    Sound sound = speech_for(v, seconds);
    const auto gain = static_cast<float>(std::pow(10, (lufs - loudness_of(sound)) / 20));
    for (float& s : sound) s *= gain;
    return sound;
  };
  group.play(at(Voice::Host, 20, -12));
  struct Turn {
    Voice voice;
    double lufs;
  };
  for (const Turn& turn :
       {Turn{Voice::Guest, -22}, Turn{Voice::Host, -12}, Turn{Voice::Visitor, -23}}) {
    const Sound sound = at(turn.voice, 30, turn.lufs);
    const auto begin = static_cast<std::ptrdiff_t>(15 * kSampleRate);
    group.play(Sound(sound.begin(), sound.begin() + begin));
    group.meter.begin_programme();
    group.play(Sound(sound.begin() + begin, sound.end()));
    CAPTURE(turn.lufs);
    CHECK(std::abs(group.meter.integrated_lufs() - kSpeech.lufs) <= kSpeech.tolerance_lu);
  }
  CHECK(group.steepest <= 1.0001);
}

TEST_CASE("it rests in pauses, under applause and under music") {
  Group group;
  group.play(speech_for(Voice::Host, 25), 6);
  const double stood = group.rider.gain_db();
  SUBCASE("a pause") { group.play(testing::room_noise(20, -55)); }
  SUBCASE("silence") { group.play(Sound(20UL * kSampleRate, 0.0F)); }
  SUBCASE("applause, loud") { group.play(testing::applause(20, -14)); }
  SUBCASE("applause, faint") { group.play(testing::applause(20, -38, 60)); }
  SUBCASE("music") { group.play(testing::music(20, -30)); }
  // What only begins like a voice may move it by its first second.
  CHECK(std::abs(group.rider.gain_db() - stood) <= 1);
}

TEST_CASE("talk with applause and pauses between does not pump") {
  Group group;
  const Sound words = speech_for(Voice::Guest, 8);
  group.play(speech_for(Voice::Guest, 25), 4);
  const double stood = group.rider.gain_db();
  double lowest = stood, highest = stood;
  for (int i = 0; i < 4; ++i) {
    group.play(words, 4);
    lowest = std::min(lowest, group.rider.gain_db());
    highest = std::max(highest, group.rider.gain_db());
    group.play(testing::applause(5, -12, 400));
    group.play(testing::room_noise(3, -60));
  }
  CHECK(highest - lowest <= 2.5);
}

TEST_CASE("never further than it may, and back to nothing when it is switched off") {
  Group group;
  group.most_db = 5;
  group.play(speech_for(Voice::Host, 25), -14);
  CHECK(std::abs(group.rider.gain_db() - 5) <= 0.25);
  group.most_db = 3;  // less allowed: it goes there, no faster than ever
  group.play(Sound(5UL * kSampleRate, 0.0F));
  CHECK(group.rider.gain_db() == doctest::Approx(3));
  group.most_db = 0;
  group.play(Sound(8UL * kSampleRate, 0.0F));
  CHECK(group.rider.gain_db() == 0);
  AudioBlock block;
  CHECK(group.rider.ride(block, true, kSpeech, 0) == 1.0F);
  CHECK(group.steepest <= 1.0001);
}

TEST_CASE("another target is another loudness") {
  Group group;
  group.target = {-24, 2};
  const Sound sound = speech_for(Voice::English, 30);
  const double own = loudness_of(sound);
  group.play(sound, -24 - own + 5);
  group.meter.begin_programme();
  group.play(sound, -24 - own + 5);
  CHECK(std::abs(group.meter.integrated_lufs() + 24) <= 1.5);
}

TEST_CASE("what is not a number does not move it and leaves nothing behind") {
  LoudnessRider rider;
  AudioBlock block;
  block.samples.fill(std::numeric_limits<float>::quiet_NaN());
  for (int i = 0; i < 100; ++i) CHECK(rider.ride(block, true, kSpeech, 9) == 1.0F);
  const Sound sound = speech_for(Voice::Host, 10);
  for (std::size_t n = 0; n < 1'000; ++n) rider.ride(testing::block_of(sound, n), true, kSpeech, 9);
  CHECK(std::isfinite(rider.gain_db()));
  CHECK(rider.gain_db() > 1);
}

}  // namespace
}  // namespace kakehashi
