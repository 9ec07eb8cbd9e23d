// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/automix.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "tests/mixer/sound/crowd.h"
#include "tests/support/speech_material.h"

namespace kakehashi {
namespace {

using testing::speech;
using testing::Voice;
using Sound = std::vector<float>;

double db(double linear) { return 20 * std::log10(linear); }

// A table of microphones, played to block by block.
struct Table {
  explicit Table(std::size_t n) : automix(n), places(n), gains(n), blocks(n), sounds(n) {
    for (AutomixPlace& p : places) p.in = true;
  }
  void run(std::size_t count) {
    while (count-- > 0) {
      for (std::size_t i = 0; i < sounds.size(); ++i) blocks[i] = testing::block_of(sounds[i], at);
      automix.share(blocks, places, gains);
      ++at;
      for (std::size_t i = 0; i < sounds.size(); ++i) {
        gain_sum.resize(sounds.size());
        talked.resize(sounds.size());
        gain_sum[i] += static_cast<double>(gains[i] * gains[i]);
        talked[i] += automix.talks(i) ? 1 : 0;
      }
      ++summed;
    }
  }
  void begin_mean() {
    gain_sum.assign(sounds.size(), 0);
    talked.assign(sounds.size(), 0);
    summed = 0;
  }
  double mean_db(std::size_t i) const {
    return 10 * std::log10(gain_sum[i] / static_cast<double>(summed));
  }
  double talking(std::size_t i) const {
    return static_cast<double>(talked[i]) / static_cast<double>(summed);
  }
  double room_db() const {  // what the equal noise of all microphones adds up to, against one
    double sum = 0;
    for (const float g : gains) sum += static_cast<double>(g * g);
    return 10 * std::log10(sum);
  }

  Automix automix;
  std::vector<AutomixPlace> places;
  std::vector<float> gains;
  std::vector<AudioBlock> blocks;
  std::vector<Sound> sounds;
  std::size_t at = 0;
  std::vector<double> gain_sum;
  std::vector<long> talked;
  long summed = 0;
};

Sound noise(double seconds, double level_db, std::uint32_t seed) {
  return testing::white_noise(seconds, level_db, seed);
}

TEST_CASE("one talker has all of it, whoever he is and however many microphones are open") {
  const Sound& voice = speech(Voice::Host);
  REQUIRE(!voice.empty());
  for (const std::size_t n : {1U, 2U, 4U, 7U, 16U}) {
    CAPTURE(n);
    Table t(n);
    for (std::size_t i = 0; i < n; ++i)
      t.sounds[i] = testing::room_noise(12, -60, static_cast<std::uint32_t>(i + 1));
    t.sounds[n - 1] = testing::mixed(voice, t.sounds[n - 1]);
    t.run(100);
    t.begin_mean();
    t.run(900);
    CHECK(t.mean_db(n - 1) > -0.7);
    for (std::size_t i = 0; i + 1 < n; ++i) {
      CHECK(t.mean_db(i) < -9.5);
      CHECK(t.gains[i] > 0.01F);  // never shut
    }
  }
}

TEST_CASE("two talkers alike have -3 dB each, and one voice in two microphones -6 dB") {
  for (const bool same : {false, true}) {
    CAPTURE(same);
    Table t(2);
    t.sounds = {noise(6, -26, 1), noise(6, -26, same ? 1 : 2)};
    t.run(200);
    t.begin_mean();
    t.run(300);
    const double wanted = same ? -6.02 : -3.01;
    CHECK(std::abs(t.mean_db(0) - wanted) < 0.3);
    CHECK(std::abs(t.mean_db(1) - wanted) < 0.3);
  }
  SUBCASE("an inverted second one may cancel, it never lifts") {
    Table t(2);
    t.sounds = {noise(6, -26, 1), noise(6, -26, 1)};
    for (float& s : t.sounds[1]) s = -s;
    t.run(500);
    CHECK(db(t.gains[0]) == doctest::Approx(-3.01).epsilon(0.05));
  }
}

TEST_CASE("a panel hears each other: the one who speaks is told from those who overhear him") {
  constexpr std::size_t kPanel = 5;
  const Sound voice = testing::in_room(testing::speech_for(Voice::Guest, 20), 0.5, -15);
  for (std::size_t speaker = 0; speaker < kPanel; speaker += 2) {
    CAPTURE(speaker);
    Table t(kPanel);
    for (std::size_t i = 0; i < kPanel; ++i) {
      // 60 cm from chair to chair: later and fainter, and the room's own air at each.
      const std::size_t chairs = i > speaker ? i - speaker : speaker - i;
      Sound overheard(chairs * 84, 0.0F);
      overheard.insert(overheard.end(), voice.begin(), voice.end());
      const double fainter = chairs ? -12.0 - 3 * static_cast<double>(chairs) : 0;
      t.sounds[i] = testing::mixed(testing::room_noise(20, -62, static_cast<std::uint32_t>(i + 9)),
                                   overheard, fainter);
    }
    t.run(200);
    t.begin_mean();
    t.run(1'600);
    CHECK(t.mean_db(speaker) > -1);
    CHECK(t.talking(speaker) > 0.85);
    for (std::size_t i = 0; i < kPanel; ++i) {
      if (i == speaker) continue;
      CHECK(t.mean_db(i) < -9);
      CHECK(t.talking(i) < 0.2);
    }
  }
}

TEST_CASE("who is silent keeps the floor's share, and priority more of it") {
  Table t(5);
  const Sound& voice = speech(Voice::English);
  t.sounds[0] = testing::speech_for(Voice::English, 10);
  REQUIRE(!voice.empty());
  t.places[1].priority_db = 6;  // who leads the talk
  t.places[2].priority_db = -6;
  t.run(600);
  t.begin_mean();
  t.run(300);
  // A tenth of the power for four: -16 dB each.
  CHECK(t.mean_db(3) == doctest::Approx(-16).epsilon(0.02));
  CHECK(t.mean_db(1) == doctest::Approx(-10).epsilon(0.02));
  CHECK(t.mean_db(2) == doctest::Approx(-22).epsilon(0.02));
}

TEST_CASE("two people in conversation each have their word, and are -3 dB only together") {
  Table t(4);
  t.sounds[0] = testing::mixed(speech(Voice::Host), testing::room_noise(20, -62, 1));
  t.sounds[1] = testing::mixed(speech(Voice::Guest), testing::room_noise(20, -62, 2));
  t.sounds[2] = testing::room_noise(20, -62, 3);
  t.sounds[3] = testing::room_noise(20, -62, 4);
  t.run(200);
  double most = -100;
  for (int i = 0; i < 1'500; ++i) {
    t.run(1);
    most = std::max(most, t.room_db());
  }
  CHECK(most < 0.5);  // however they speak, the room never adds up
}

TEST_CASE("the room does not add up: sixteen microphones are as loud as one") {
  for (const std::size_t n : {2U, 4U, 8U, 16U}) {
    CAPTURE(n);
    Table t(n);
    for (std::size_t i = 0; i < n; ++i) t.sounds[i] = noise(8, -50, static_cast<std::uint32_t>(i));
    for (int i = 0; i < 700; ++i) {
      t.run(1);
      REQUIRE(t.room_db() < 0.6);
      REQUIRE(t.room_db() > -1.6);
    }
  }
}

TEST_CASE("who spoke last keeps the air of the room, until another one speaks") {
  Table t(4);
  const Sound& voice = speech(Voice::Guest);
  for (std::size_t i = 0; i < 4; ++i)
    t.sounds[i] = testing::room_noise(30, -55, static_cast<std::uint32_t>(i + 1));
  Sound word(voice.begin(), voice.begin() + 5 * kSampleRate);
  Sound later(static_cast<std::size_t>(15 * kSampleRate), 0.0F);
  later.insert(later.end(), word.begin(), word.end());
  t.sounds[2] = testing::mixed(t.sounds[2], word);
  t.sounds[1] = testing::mixed(t.sounds[1], later);
  t.run(750);
  t.begin_mean();
  t.run(700);  // 7.5 to 14.5 s: nobody speaks
  CHECK(t.mean_db(2) > -0.7);
  CHECK(t.mean_db(1) < -9.5);
  t.run(80);
  t.begin_mean();
  t.run(400);
  CHECK(t.mean_db(1) > -0.7);
  t.run(300);
  t.begin_mean();
  t.run(500);
  CHECK(t.mean_db(1) > -0.7);
  CHECK(t.mean_db(2) < -9.5);
}

TEST_CASE("the first syllable is not lost, also where another one had the last word") {
  Table t(8);
  for (std::size_t i = 0; i < 8; ++i)
    t.sounds[i] = testing::room_noise(10, -60, static_cast<std::uint32_t>(i + 1));
  const Sound& voice = speech(Voice::Host);
  t.sounds[0] = testing::mixed(t.sounds[0], Sound(voice.begin(), voice.begin() + 3 * kSampleRate));
  // A vowel out of nothing, 7 s later.
  for (std::size_t i = 7 * kSampleRate; i < 8 * kSampleRate; ++i)
    t.sounds[5][i] += 0.07F * static_cast<float>(std::sin(0.09 * static_cast<double>(i)));
  t.run(701);
  CHECK(db(t.gains[5]) > -2);  // at the end of its first block
  t.run(2);
  CHECK(db(t.gains[5]) > -1);
}

TEST_CASE("priority counts as that much louder") {
  Table t(2);
  t.sounds = {noise(6, -26, 1), noise(6, -26, 2)};
  t.places[0].priority_db = 6;
  t.run(200);
  t.begin_mean();
  t.run(300);
  // Four parts of five.
  CHECK(std::abs(t.mean_db(0) - 10 * std::log10(0.8)) < 0.3);
  CHECK(std::abs(t.mean_db(1) - 10 * std::log10(0.2)) < 0.3);
}

TEST_CASE("a fader weighs as it sounds, a closed one and one that does not share not at all") {
  Table t(3);
  t.sounds = {noise(6, -26, 1), noise(6, -26, 2), noise(6, -10, 3)};
  SUBCASE("closed") { t.places[2].fader = 0; }
  SUBCASE("apart") { t.places[2].in = false; }
  SUBCASE("faders") {
    t.places[2].fader = 0;
    t.places[0].fader = t.places[1].fader = 0.25F;
  }
  t.run(500);
  CHECK(db(t.gains[0]) == doctest::Approx(-3.01).epsilon(0.1));
  CHECK(db(t.gains[1]) == doctest::Approx(-3.01).epsilon(0.1));
  CHECK((t.places[2].in || t.gains[2] == 1.0F));
  t.places[0].fader = 1;
  t.places[1].fader = 0.1F;
  t.run(5);
  CHECK(db(t.gains[0]) > -0.2);
}

TEST_CASE("in silence all share alike, and a broken microphone disturbs nobody") {
  Table t(4);
  t.run(50);
  for (const float g : t.gains) CHECK(db(g) == doctest::Approx(-6.02).epsilon(0.01));
  t.sounds[0] = noise(4, -26, 1);
  t.sounds[1] = Sound(4UL * kSampleRate, std::numeric_limits<float>::quiet_NaN());
  t.sounds[2] = Sound(4UL * kSampleRate, 1e30F);
  t.run(100);
  for (const float g : t.gains) {
    CHECK(std::isfinite(g));
    CHECK(g <= 1);
  }
  t.sounds[1].clear();
  t.sounds[2].clear();
  t.run(200);
  CHECK(db(t.gains[0]) > -0.1);
}

TEST_CASE("a voice talks; a room, a hum, applause and music do not") {
  struct Case {
    std::string name;
    Sound sound;
    bool voice;
  };
  std::vector<Case> cases;
  for (const Voice v : {Voice::Host, Voice::Guest, Voice::English, Voice::Visitor}) {
    REQUIRE(!speech(v).empty());
    cases.push_back({"voice", testing::speech_for(v, 20), true});
    cases.push_back({"voice in a room", testing::in_room(testing::speech_for(v, 20)), true});
    cases.push_back({"voice over a ventilator",
                     testing::mixed(testing::speech_for(v, 20), testing::room_noise(20, -46)),
                     true});
    cases.push_back({"faint voice",
                     testing::mixed(testing::room_noise(20, -75), testing::speech_for(v, 20), -22),
                     true});
  }
  cases.push_back({"ventilator", testing::room_noise(20, -40), false});
  cases.push_back({"white noise", testing::white_noise(20, -30), false});
  cases.push_back({"pink noise", testing::pink_noise(20, -30), false});
  Sound hum;
  for (std::size_t i = 0; i < 20 * kSampleRate; ++i)
    hum.push_back(0.05F * static_cast<float>(
                              std::sin(2 * M_PI * 250 * static_cast<double>(i) / kSampleRate)));
  cases.push_back({"hum", hum, false});
  for (const double claps : {40, 200, 800})
    cases.push_back({"applause", testing::applause(20, -25, claps), false});
  cases.push_back({"music", testing::music(20, -25), false});
  for (const Case& c : cases) {
    CAPTURE(c.name);
    Table t(1);
    t.sounds[0] = c.sound;
    t.run(200);
    t.begin_mean();
    t.run(1'700);
    if (c.voice)
      CHECK(t.talking(0) > 0.85);
    else
      CHECK(t.talking(0) < 0.02);
  }
}

}  // namespace
}  // namespace kakehashi
