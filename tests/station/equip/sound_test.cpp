// SPDX-License-Identifier: GPL-3.0-or-later
// Rooms and microphones made of numbers: the right trouble is told, and none of a good one.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <random>

#include "station/equip/sound_listening.h"

using namespace kakehashi;

namespace {

struct Stereo {
  double left = 0, right = 0;
};
using Wave = std::function<Stereo(double t)>;

double noise(double db) {
  static std::mt19937 random(7);
  static std::normal_distribution<double> normal;
  return normal(random) * std::pow(10, db / 20);
}
// Syllables: four a second.
double speech(double t, double db) {
  const double loud = std::max(0.0, std::sin(2 * std::numbers::pi * 4 * t));
  return std::pow(10, db / 20) * loud * 2 *
         (std::sin(2 * std::numbers::pi * 180 * t) +
          0.5 * std::sin(2 * std::numbers::pi * 950 * t));
}

SoundTrialFigures listened(const Wave& quiet, const Wave& speaking, double seconds = 5) {
  SoundListening heard;
  const auto hear = [&](const Wave& wave, double from, double to) {
    for (auto n = static_cast<std::int64_t>(from * 100); n < static_cast<std::int64_t>(to * 100);
         ++n) {
      AudioBlock block;
      block.position = n * kBlockSamples;
      for (int i = 0; i < kBlockSamples; ++i) {
        const Stereo s = wave(static_cast<double>(block.position + i) / kSampleRate);
        block.samples[static_cast<std::size_t>(2 * i)] =
            static_cast<float>(std::clamp(s.left, -1.0, 1.0));
        block.samples[static_cast<std::size_t>(2 * i + 1)] =
            static_cast<float>(std::clamp(s.right, -1.0, 1.0));
      }
      heard.hear(block, MediaTime{} + time_of_sample(block.position + kBlockSamples));
    }
  };
  hear(quiet, 0, seconds);
  heard.begin_speaking();
  hear(speaking, seconds, 2 * seconds);
  SoundTrialFigures f;
  f.opened = f.flowed = true;
  f.channels = 2;
  f.rate = 48000;
  f.device = "USB Audio CODEC";
  heard.tell(f);
  return f;
}

Wave room(double db) {
  return [db](double) {
    const double n = noise(db);
    return Stereo{n, n};
  };
}
Wave voice(double db, double noise_db = -65) {
  return [=](double t) {
    const double v = speech(t, db) + noise(noise_db);
    return Stereo{v, v};
  };
}

Input microphone() {
  Input input;
  input.id = "mic_mc";
  input.name = {"司会マイク", "Host microphone"};
  input.audio = input.microphone = true;
  input.source = SourceSpec{"microphone", {}};
  return input;
}
EquipmentItem item(const SoundTrialFigures& f) { return judge_sound(microphone(), f); }
bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a good microphone passes, with its numbers") {
  const SoundTrialFigures f = listened(room(-65), voice(-25));
  CHECK(f.noise_db == doctest::Approx(-65).epsilon(0.02));
  CHECK(f.level_db > -28);
  CHECK(f.level_db < -18);
  CHECK(f.clips == 0);
  CHECK(f.dropouts == 0);
  const EquipmentItem i = item(f);
  CHECK(i.verdict == Verdict::Pass);
  CHECK(i.id == "sound.mic_mc");
  CHECK(has(i.found.ja, "ちょうど良い"));
  CHECK(has(i.found.ja, "2チャンネル（左右同じ音） 48 kHz"));
  CHECK(has(i.found.ja, "音割れ0　途切れ0　電源の雑音なし"));
  CHECK(i.cause.ja.empty());
}

TEST_CASE("too low, too loud, clipped, not spoken into, switched off") {
  CHECK(has(item(listened(room(-75), voice(-55, -75))).cause.ja, "小さすぎます"));
  const EquipmentItem loud = item(listened(room(-60), voice(-9)));
  CHECK(loud.verdict == Verdict::Caution);
  CHECK(has(loud.found.ja, "大きい"));
  const SoundTrialFigures clipped = listened(room(-60), voice(6));
  CHECK(clipped.clips > 5);
  CHECK(has(item(clipped).cause.ja, "割れています"));
  const EquipmentItem nobody = item(listened(room(-62), room(-62)));
  CHECK(nobody.verdict == Verdict::Caution);
  CHECK(has(nobody.action.ja, "もう一度試験"));
  const EquipmentItem off = item(listened(room(-140), room(-140)));
  CHECK(off.verdict == Verdict::Fail);
  CHECK(has(off.action.ja, "スイッチ・電池"));
}

TEST_CASE("a noisy room is told; the built-in test tone is none") {
  const SoundTrialFigures noisy = listened(room(-40), voice(-20, -40));
  CHECK(has(item(noisy).cause.ja, "雑音が大きめ"));
  Input tone = microphone();
  tone.source->kind = "test";
  CHECK(judge_sound(tone, noisy).verdict == Verdict::Pass);
}

TEST_CASE("one side only") {
  const Wave left = [](double t) { return Stereo{speech(t, -25) + noise(-65), noise(-95)}; };
  const EquipmentItem i = item(listened(room(-65), left));
  CHECK(i.verdict == Verdict::Caution);
  CHECK(has(i.cause.ja, "左からしか"));
  SoundTrialFigures one = listened(room(-65), left);
  one.channels = 1;  // one channel has no other side
  CHECK_FALSE(has(item(one).cause.ja, "左からしか"));
}

TEST_CASE("hum in the quiet seconds, at either mains") {
  for (const int mains : {50, 60}) {
    const auto humming = [mains](double t) {
      const double h = 0.003 * std::sin(2 * std::numbers::pi * mains * t) +
                       0.003 * std::sin(2 * std::numbers::pi * 2 * mains * t) +
                       0.002 * std::sin(2 * std::numbers::pi * 3 * mains * t) + noise(-75);
      return Stereo{h, h};
    };
    const SoundTrialFigures f = listened(humming, voice(-25));
    CHECK(f.hum_mains == mains);
    CHECK(has(item(f).cause.ja, "電源の雑音"));
  }
}

TEST_CASE("holes in the sound: one is a caution, many fail") {
  const auto holes = [](double every) {
    return [every](double t) {
      if (std::fmod(t, every) < 0.06) return Stereo{};
      const double v = 0.1 * std::sin(2 * std::numbers::pi * 440 * t) + noise(-60);
      return Stereo{v, v};
    };
  };
  const Wave steady = holes(1000);
  CHECK(listened(room(-65), steady).dropouts == 0);
  const SoundTrialFigures many = listened(room(-65), holes(1.01));
  CHECK(many.dropouts >= 3);
  CHECK(many.dropouts <= 6);
  CHECK(item(many).verdict == Verdict::Fail);
  CHECK(has(item(many).cause.ja, "途切れています"));
}

TEST_CASE("a device that is missing, busy, stops or gives nothing") {
  SoundTrialFigures f;
  f.why = ErrorKind::NotFound;
  CHECK(has(item(f).cause.ja, "見つかりません"));
  f.why = ErrorKind::FixSetup;
  CHECK(has(item(f).cause.ja, "ほかのソフト"));
  f.opened = true;
  CHECK(has(item(f).cause.ja, "音が届きません"));
  f.broke = true;
  CHECK(has(item(f).cause.ja, "途中で音が止まりました"));
  Input unbound = microphone();
  unbound.source.reset();
  CHECK(judge_sound(unbound, {}).verdict == Verdict::Caution);
  SoundTrialFigures drifting = listened(room(-65), voice(-25));
  drifting.drift_ppm = -450;
  CHECK(item(drifting).verdict == Verdict::Pass);  // not heard long enough to know
  CHECK_FALSE(has(item(drifting).found.ja, "ppm"));
  drifting.drift_s = 10;
  CHECK(has(item(drifting).found.ja, "時計のずれ-450 ppm"));
  CHECK(item(drifting).verdict == Verdict::Caution);
}
