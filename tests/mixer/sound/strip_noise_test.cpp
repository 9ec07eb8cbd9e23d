// SPDX-License-Identifier: GPL-3.0-or-later
// Noise suppression judged on voices in a hall: what it takes from the noise, and that it leaves
// the voice alone.
#include <doctest/doctest.h>

#include "tests/mixer/sound/strip_rig.h"

namespace kakehashi {
namespace {

using namespace kakehashi::testing;

constexpr std::size_t kFrame = 960;

StripSettings suppressed(double db) {
  StripSettings s = plain();
  s.noise_db = db;
  return s;
}

struct Verdict {
  double pauses_db;        // noise between the words: after against before
  double voice_db;         // the voice itself while it speaks: median of the 20 ms frames
  double voice_worst_db;   // the same of the frame that is worse than 19 of 20
  double ratio_before_db;  // voice to noise while it speaks
  double ratio_after_db;   // voice to everything that is not the voice
};

Verdict judge(Voice voice, double noise_db, double amount) {
  const auto clean = speech_for(voice, 30);
  const auto in = mixed(clean, room_noise(30, noise_db));
  const auto out = in_step(suppressed(amount), in);
  const auto flags = speaking(clean);
  double quiet_in = 0, quiet_out = 0, voice_power = 0, noise_before = 0, noise_after = 0,
         voice_after = 0;
  std::vector<double> gains;
  for (std::size_t f = 250; f + 10 < flags.size(); ++f) {  // it has listened for five seconds
    const bool pause =
        std::none_of(flags.begin() + static_cast<std::ptrdiff_t>(f) - 10,
                     flags.begin() + static_cast<std::ptrdiff_t>(f) + 3, [](bool b) { return b; });
    double own = 0, common = 0;
    for (std::size_t i = f * kFrame; i < (f + 1) * kFrame; ++i) {
      const auto c = static_cast<double>(clean[i]), o = static_cast<double>(out[i]);
      const auto x = static_cast<double>(in[i]);
      if (pause) quiet_in += x * x;
      if (pause) quiet_out += o * o;
      own += c * c;
      common += c * o;
    }
    if (!flags[f]) continue;
    const double gain = common / own;
    gains.push_back(gain);
    voice_power += own;
    voice_after += gain * gain * own;
    for (std::size_t i = f * kFrame; i < (f + 1) * kFrame; ++i) {
      const auto c = static_cast<double>(clean[i]);
      noise_before += std::pow(static_cast<double>(in[i]) - c, 2);
      noise_after += std::pow(static_cast<double>(out[i]) - gain * c, 2);
    }
  }
  std::sort(gains.begin(), gains.end());
  return {10 * std::log10(quiet_out / quiet_in), 20 * std::log10(gains[gains.size() / 2]),
          20 * std::log10(gains[gains.size() / 20]), 10 * std::log10(voice_power / noise_before),
          10 * std::log10(voice_after / noise_after)};
}

TEST_CASE("noise between the words goes down, the voice stays") {
  REQUIRE_MESSAGE(!speech(Voice::Host).empty(), "install espeak-ng (scripts/install_packages)");
  const double amount = settings_of(ProcessingSet::Speech).noise_db;
  for (const Voice voice : {Voice::Host, Voice::Guest, Voice::English, Voice::Visitor})
    for (const double noise : {-55.0, -45.0}) {
      CAPTURE(static_cast<int>(voice));
      CAPTURE(noise);
      const Verdict v = judge(voice, noise, amount);
      INFO("pauses " << v.pauses_db << " dB, voice " << v.voice_db << " dB (worst "
                     << v.voice_worst_db << "), ratio " << v.ratio_before_db << " -> "
                     << v.ratio_after_db << " dB");
      CHECK(v.pauses_db < -5.5);
      CHECK(std::abs(v.voice_db) < 0.6);
      CHECK(v.voice_worst_db > -4);
      // Nearly clean, what it changes in the voice is all there is: 27 dB under it and less.
      if (noise < -50)
        CHECK(v.ratio_after_db > 27);
      else
        CHECK(v.ratio_after_db > v.ratio_before_db + 1);
    }
}

TEST_CASE("a noisy hall: the voice comes out of it, also while it speaks") {
  for (const Voice voice : {Voice::Host, Voice::Guest, Voice::English, Voice::Visitor}) {
    CAPTURE(static_cast<int>(voice));
    const Verdict v = judge(voice, -38, 12);
    INFO("pauses " << v.pauses_db << " dB, voice " << v.voice_db << " dB, ratio "
                   << v.ratio_before_db << " -> " << v.ratio_after_db << " dB");
    CHECK(v.pauses_db < -7);
    CHECK(v.voice_db > -1.8);
    CHECK(v.ratio_after_db > v.ratio_before_db + 2);
  }
}

TEST_CASE("a clean voice is left as it is") {
  for (const Voice voice : {Voice::Host, Voice::Guest}) {
    const auto clean = speech_for(voice, 20);
    const auto out = in_step(suppressed(9), clean);
    CHECK(std::abs(speaking_db(out) - speaking_db(clean)) < 0.5);
  }
}

TEST_CASE("steady noise alone goes down by what was asked, evenly") {
  for (const double amount : {6.0, 12.0}) {
    CAPTURE(amount);
    const auto in = room_noise(8, -50);
    const auto out = in_step(suppressed(amount), in);
    CHECK(power_db(last(out, 4)) - power_db(last(in, 4)) == doctest::Approx(-amount).epsilon(0.25));
    // Not by twittering: what is left is as even as it was.
    const auto spread = [](std::span<const float> all) {
      double sum = 0, squares = 0;
      const auto n = static_cast<double>(all.size() / kFrame);
      for (std::size_t f = 0; f + kFrame <= all.size(); f += kFrame) {
        const double db = power_db(all.subspan(f, kFrame));
        sum += db;
        squares += db * db;
      }
      return std::sqrt(squares / n - sum * sum / n / n);
    };
    CHECK(spread(last(out, 4)) < spread(last(in, 4)) + 1.2);
  }
}

TEST_CASE("a ventilator that is switched on is noise four seconds later") {
  auto in = room_noise(6, -65, 1);
  const auto louder = room_noise(8, -45, 2);
  in.insert(in.end(), louder.begin(), louder.end());
  const auto out = in_step(suppressed(12), in);
  const auto at = [&](double from) {
    const auto begin = static_cast<std::size_t>(from * kSampleRate);
    return power_db(std::span(out).subspan(begin, kSampleRate)) -
           power_db(std::span(in).subspan(begin, kSampleRate));
  };
  CHECK(at(6) > -4);  // it might be somebody
  CHECK(at(10) < -6.5);
}

TEST_CASE("a microphone that was off still knows its room") {
  auto in = room_noise(6, -50);
  in.insert(in.end(), 10 * 48000, 0.0F);
  const auto again = room_noise(1, -50, 2);
  in.insert(in.end(), again.begin(), again.end());
  const auto out = in_step(suppressed(12), in);
  CHECK(power_db(last(out, 0.9)) + 50 < -8);
}

TEST_CASE("the picture between the loudspeakers stays") {
  const auto voice = mixed(speech_for(Voice::Guest, 6), room_noise(6, -50));
  const std::vector<float> nothing(voice.size());
  SoundStrip strip;
  strip.set(suppressed(12));
  const Stereo out = through(strip, {voice, nothing});
  for (const float v : out.right) REQUIRE(std::abs(v) < 1e-6F);
}

TEST_CASE("switched on it listens for half a second, then it works; switched off it is gone") {
  const auto noise = room_noise(9, -50);
  SoundStrip strip;
  strip.set(plain());
  std::vector<float> out;
  for (std::size_t n = 0; n < 900; ++n) {
    if (n == 300) strip.set(suppressed(12));
    if (n == 700) strip.set(plain());
    AudioBlock b = testing::block_of(noise, n);
    strip.process(b);
    for (std::size_t i = 0; i < b.samples.size(); i += 2) out.push_back(b.samples[i]);
  }
  for (std::size_t i = 240; i < 345 * 480; ++i) REQUIRE(out[i] == noise[i - 240]);
  const auto db = [&](std::size_t block) {
    return power_db(std::span(out).subspan(block * 480, 50 * 480)) -
           power_db(std::span(noise).subspan(block * 480 - 240, 50 * 480));
  };
  CHECK(db(400) < -7);
  CHECK(db(640) < -7);
  for (std::size_t i = 703 * 480; i < out.size(); ++i) REQUIRE(out[i] == noise[i - 240]);
}

}  // namespace
}  // namespace kakehashi
