// SPDX-License-Identifier: GPL-3.0-or-later
// Cables made of numbers: what they do to sound is told, and nothing else.
#include "station/equip/round_trip.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <functional>
#include <numbers>
#include <random>

using namespace kakehashi;

namespace {

constexpr int kRate = 48000;
const LoopSignal kSignal(true);

// A stereo signal read between its samples.
class Reader {
 public:
  Reader() : samples_(kSignal.samples(kRate)) {
    for (int p = 0; p < kPhases; ++p)
      for (int k = 0; k < kTaps; ++k) {
        const double x = k - kTaps / 2 + 1 - static_cast<double>(p) / kPhases;
        const double window = 0.5 + 0.5 * std::cos(std::numbers::pi * x / (kTaps / 2));
        const double sinc =
            std::abs(x) < 1e-9 ? 1 : std::sin(std::numbers::pi * x) / (std::numbers::pi * x);
        taps_[static_cast<std::size_t>(p)][static_cast<std::size_t>(k)] = window * sinc;
      }
  }
  double at(int side, double position) const {
    const double whole = std::floor(position);
    const auto& taps = taps_[static_cast<std::size_t>((position - whole) * kPhases)];
    double sum = 0;
    for (int k = 0; k < kTaps; ++k) {
      const auto i = static_cast<std::ptrdiff_t>(whole) + k - kTaps / 2 + 1;
      if (i < 0 || 2 * i >= static_cast<std::ptrdiff_t>(samples_.size())) continue;
      sum += taps[static_cast<std::size_t>(k)] *
             static_cast<double>(samples_[static_cast<std::size_t>(2 * i + side)]);
    }
    return sum;
  }

 private:
  static constexpr int kPhases = 512, kTaps = 16;
  std::vector<float> samples_;
  std::array<std::array<double, kTaps>, kPhases> taps_{};
};

struct Cable {
  double delay_ms = 3.37, gain = 0.5, noise = 1e-5, square = 0;
  double to[2][2] = {{1, 0}, {0, 1}};  // [played][heard]
  double in_ppm = 0;                   // the input's clock against the output's
  int channels = 2;
  std::function<double(double t)> other;  // sound of the room
  std::function<bool(double t)> gone;     // holes, by seconds of the signal
  double cut_at = 1e9, cut_s = 0;         // so much is missing from there
};

RoundTripFigures through(const Cable& c) {
  static const Reader reader;
  std::mt19937 random(5);
  std::normal_distribution<double> normal;
  LoopRecording r;
  r.channels = c.channels;
  r.rate = kRate;
  r.began_s = 1000;
  r.played_s = 1000.2;
  r.in_ppm = c.in_ppm;
  const auto count = static_cast<std::size_t>((kSignal.seconds() + 0.3) * kRate);
  for (std::size_t n = 0; n < count; ++n) {
    double t = static_cast<double>(n) / kRate / (1 + c.in_ppm * 1e-6);  // since began
    if (t > c.cut_at) t += c.cut_s;
    const double played = t - 0.2 - c.delay_ms / 1000;
    const double x[2] = {reader.at(0, played * kRate), reader.at(1, played * kRate)};
    for (int side = 0; side < 2; ++side) {
      double v = c.gain * (x[0] * c.to[0][side] + x[1] * c.to[1][side]);
      v += c.square * v * std::abs(v) / 0.1;
      if (c.gone && c.gone(played)) v = 0;
      v += c.noise * normal(random);
      if (c.other) v += c.other(t);
      r.side[side].push_back(static_cast<float>(v));
    }
  }
  RoundTripFigures f;
  f.played = f.opened_input = true;
  f.output = "USB out";
  f.device = "USB in";
  analyse_round_trip(kSignal, r, f);
  return f;
}

EquipmentItem item(const RoundTripFigures& f) {
  Input input;
  input.id = "desk";
  input.name = {"音響卓", "Mixing desk"};
  return judge_round_trip(input, f);
}
bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a good cable: delay, level, sides and polarity, and it passes") {
  for (const double ms : {0.0, 3.37, 41.113, 480.0}) {
    CAPTURE(ms);
    Cable c;
    c.delay_ms = ms;
    const RoundTripFigures f = through(c);
    REQUIRE(f.came_back);
    CHECK(std::abs(f.delay_ms - ms) < 0.02);
    for (const int side : {0, 1}) {
      CHECK(std::abs(f.level_db[side] + 6.02) < 0.3);
      CHECK_FALSE(f.inverted[side]);
    }
    CHECK(f.sides == LoopSides::Straight);
    CHECK(f.holes == 0);
    CHECK(f.distortion < 0.002);
    CHECK(f.noise_db == doctest::Approx(-100).epsilon(0.02));
    CHECK(std::abs(f.apart_ppm) < 1);
    CHECK_FALSE(f.clipped);
  }
  const EquipmentItem i = item(through({}));
  CHECK(i.verdict == Verdict::Pass);
  CHECK(i.id == "round_trip.desk");
  CHECK(has(i.found.ja, "往復 3.4 ミリ秒"));
  CHECK(has(i.found.en, "level -6.0 dB"));
  CHECK(has(i.device, "USB out → USB in"));
}

TEST_CASE("inverted, exchanged, one side lost, mixed, mono") {
  Cable c;
  c.gain = -0.5;
  RoundTripFigures f = through(c);
  CHECK(f.inverted[0]);
  CHECK(f.inverted[1]);
  CHECK(std::abs(f.delay_ms - 3.37) < 0.02);
  CHECK(has(item(f).cause.ja, "極性"));

  c = {};
  c.to[0][0] = c.to[1][1] = 0;
  c.to[0][1] = c.to[1][0] = 1;
  f = through(c);
  CHECK(f.sides == LoopSides::Exchanged);
  CHECK(has(item(f).cause.ja, "入れかわって"));

  c = {};
  c.to[1][1] = 0.001;
  f = through(c);
  CHECK(f.sides == LoopSides::RightLost);
  CHECK(has(item(f).cause.ja, "左の音しか"));
  c = {};
  c.to[0][0] = 0;
  f = through(c);
  CHECK(f.sides == LoopSides::LeftLost);
  CHECK(std::abs(f.delay_ms - 3.37) < 0.02);
  CHECK(f.holes == 0);

  c = {};
  c.to[0][1] = c.to[1][0] = 0.8;
  CHECK(through(c).sides == LoopSides::Mixed);
  c.channels = 1;
  f = through(c);
  CHECK(f.sides == LoopSides::Mono);
  CHECK(item(f).verdict == Verdict::Pass);
}

TEST_CASE("distortion and noise of the way") {
  Cable c;
  // x|x| gives the third harmonic 0.17 of its share of the fundamental (Fourier of sin|sin|).
  c.square = 0.06;
  const RoundTripFigures f = through(c);
  CHECK(f.distortion > 0.004);
  CHECK(f.distortion < 0.006);
  CHECK(item(f).verdict == Verdict::Pass);
  c.square = 0.6;
  CHECK(has(item(through(c)).cause.ja, "ひずみ"));
  c = {};
  c.noise = 0.0035;  // 20 dB under the tone
  const RoundTripFigures noisy = through(c);
  CHECK(noisy.distortion == doctest::Approx(0.1).epsilon(0.1));
  CHECK(noisy.noise_db == doctest::Approx(-49).epsilon(0.02));
  CHECK(std::abs(noisy.delay_ms - 3.37) < 0.1);
}

TEST_CASE("nothing comes back; only other sound comes back") {
  Cable c;
  c.gain = 0;
  RoundTripFigures f = through(c);
  CHECK_FALSE(f.came_back);
  CHECK(item(f).verdict == Verdict::Fail);
  CHECK(item(f).cause.ja == "出した音が戻ってきません。");
  c.noise = 0.03;
  f = through(c);
  CHECK_FALSE(f.came_back);
  CHECK(has(item(f).cause.ja, "別の音"));
  c.noise = 1e-5;
  c.other = [](double t) {  // music
    const double bar = std::fmod(t, 0.5);
    return 0.1 * std::exp(-4 * bar) * std::sin(2 * std::numbers::pi * 440 * t) +
           0.05 * std::sin(2 * std::numbers::pi * 97 * t * (1 + 0.1 * std::sin(t)));
  };
  f = through(c);
  CHECK_FALSE(f.came_back);
  CHECK(has(item(f).cause.ja, "別の音"));
}

TEST_CASE("in and out by two clocks") {
  for (const double ppm : {-280.0, 120.0, 900.0}) {
    CAPTURE(ppm);
    Cable c;
    c.in_ppm = ppm;
    const RoundTripFigures f = through(c);
    CHECK(std::abs(f.apart_ppm - ppm) < 3);
    CHECK(std::abs(f.delay_ms - 3.37) < 0.02);
    CHECK(f.holes == 0);
    CHECK(f.distortion < 0.002);
    CHECK((item(f).verdict == Verdict::Caution) == (ppm > 300));
  }
}

TEST_CASE("holes, and pieces that are missing") {
  const double tone = kSignal.tone_begins();
  Cable c;
  c.gone = [tone](double t) { return t > tone + 0.5 && t < tone + 0.52; };
  RoundTripFigures f = through(c);
  CHECK(f.holes == 1);
  CHECK(item(f).verdict == Verdict::Caution);
  c.gone = [tone](double t) { return t > tone && std::fmod(t - tone, 0.4) > 0.38; };
  CHECK(item(through(c)).verdict == Verdict::Fail);
  c = {};
  c.cut_at = 0.2 + tone + 0.7;
  c.cut_s = 0.0104;  // a buffer
  f = through(c);
  CHECK(f.holes == 1);
  CHECK(std::abs(f.apart_ppm) < 2);
  c.cut_at = 0.2 + tone - 0.1;  // in a pause
  CHECK(through(c).holes == 1);
}

TEST_CASE("what could not even be tried") {
  RoundTripFigures f;
  CHECK(has(item(f).cause.ja, "出せませんでした"));
  f.played = true;
  f.why = ErrorKind::NotFound;
  CHECK(has(item(f).cause.ja, "見つかりません"));
  f.why = ErrorKind::FixSetup;
  CHECK(has(item(f).cause.ja, "ほかのソフト"));
  f.opened_input = f.broke = true;
  CHECK(has(item(f).cause.ja, "止まりました"));
  for (const char* ja : {"別の音", "出した音"}) {
    f = {};
    f.played = f.opened_input = true;
    f.heard_db = ja == std::string("別の音") ? -30 : -110;
    CHECK(item(f).cause.ja.starts_with(ja));
    CHECK_FALSE(item(f).action.ja.empty());
  }
}
