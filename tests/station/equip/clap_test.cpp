// SPDX-License-Identifier: GPL-3.0-or-later
// Somebody claps in front of a camera, filmed in numbers: two bright blobs for the hands. And much
// that looks or sounds like it and is none.
#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "station/equip/clap.h"

using namespace kakehashi;

namespace {

constexpr MediaTime kZero{7'000'000'000};

struct Clapping {
  double fps = 30, seconds = 10;
  double camera_late = 0.080, sound_late = 0.020;
  double exposure = 0.012;
  double frame_phase = 0.3;
  double back = 0.7;    // how fast the hands part, against how they met; 0: they rest together
  double wide = 12;     // cells a hand travels
  double swing = 0.13;  // seconds until the hands meet
  bool gloves = false;  // even white with sharp edges
  bool linear = false;  // at one speed, instead of slower and slower
  bool claps = true;    // false: the arms hang
  bool walker = false, talker = false;
  double grain = 1.5;
  unsigned seed = 1;
};

// Irregular, as people are.
std::vector<double> moments(const Clapping& c) {
  std::mt19937 random(c.seed + 7);
  std::uniform_real_distribution<double> any(-0.12, 0.12);
  std::vector<double> list;
  for (double t = 1.5; t < c.seconds - 1.5; t += 1.1 + any(random)) list.push_back(t);
  return list;
}

double eased(double part, bool linear) {
  part = std::clamp(part, 0.0, 1.0);
  return linear ? part : std::sin(part * std::numbers::pi / 2);
}

// How far apart the hands are, in cells: they come together, part, or rest first.
double gap(const Clapping& c, const std::vector<double>& at, double t) {
  double g = c.wide;
  for (const double m : at) {
    const double before = m - t, after = t - m;
    if (before >= 0) g = std::min(g, c.wide * eased(before / c.swing, c.linear));
    if (after >= 0) {
      const double away = c.back > 0 ? after * c.back / c.swing : (after - 0.2) / 0.25;
      g = std::min(g, c.wide * eased(away, c.linear));
    }
  }
  return g;
}

double box(double x, double y, double from, double to) {
  const double covered = std::min(x + 0.5, to) - std::max(x - 0.5, from);
  return y > 14 && y < 24 ? std::clamp(covered, 0.0, 1.0) : 0;
}

double blob(double x, double y, double cx, double cy, double size) {
  const double d = ((x - cx) * (x - cx) + (y - cy) * (y - cy)) / (size * size);
  return d > 9 ? 0 : std::exp(-d);
}

std::vector<HandPicture> film(const Clapping& c) {
  std::mt19937 random(c.seed);
  std::normal_distribution<double> normal;
  const auto at = moments(c);
  const auto grain = [&] { return (static_cast<double>(random() % 2001) - 1000) / 577; };
  std::vector<HandPicture> all;
  for (int n = 0; n < c.seconds * c.fps; ++n) {
    const double middle = (n + c.frame_phase) / c.fps;
    HandPicture p;
    p.captured = kZero + Duration::from_seconds(middle + c.camera_late + 0.0005 * normal(random));
    constexpr int kBlur = 3;
    double gaps[kBlur];
    for (int b = 0; b < kBlur; ++b)
      gaps[b] = c.claps ? gap(c, at, middle + c.exposure * ((b + 0.5) / kBlur - 0.5)) : c.wide;
    for (int y = 0; y < HandPicture::kDown; ++y)
      for (int x = 0; x < HandPicture::kAcross; ++x) {
        double light = 70 + 10 * (x % 3);
        for (int b = 0; b < kBlur; ++b) {
          const double t = middle + c.exposure * ((b + 0.5) / kBlur - 0.5);
          const double g = gaps[b] / 2;
          if (c.gloves)
            light += 130.0 / kBlur * (box(x, y, 27.7 - g, 32 - g) + box(x, y, 32 + g, 36.3 + g));
          else
            light +=
                90.0 / kBlur * (blob(x, y, 32 - 2 - g, 20, 2.2) + blob(x, y, 32 + 2 + g, 20, 2.2));
          if (c.walker) {
            const double along = std::fmod(t * 9, 64.0);
            light += 70.0 / kBlur * blob(x, y * 0.4, along, 4 + std::sin(t * 9), 3);
          }
          if (c.talker)  // a head that nods and a mouth
            light +=
                60.0 / kBlur * blob(x, y, 32 + std::sin(t * 2.2), 9 + 0.7 * std::sin(t * 5), 3);
        }
        p.luma[static_cast<std::size_t>(y * HandPicture::kAcross + x)] =
            static_cast<std::uint8_t>(std::clamp(light + c.grain * grain(), 0.0, 255.0));
      }
    all.push_back(p);
  }
  return all;
}

struct Room {
  bool claps = true, speech = false, echo = false;
  double noise = 0.002;
};

BeepListener::Heard listen(const Clapping& c, const Room& room) {
  std::mt19937 random(c.seed + 50);
  std::normal_distribution<double> normal;
  std::vector<double> sound(static_cast<std::size_t>(c.seconds * 48000));
  for (double& v : sound) v = room.noise * (static_cast<double>(random() % 2001) - 1000) / 577;
  const auto clap = [&](double when, double loud) {
    const auto first = static_cast<std::size_t>(when * 48000);
    for (std::size_t i = 0; i < 4800 && first + i < sound.size(); ++i) {
      const double t = static_cast<double>(i) / 48000;
      sound[first + i] +=
          loud * (std::exp(-t / 0.006) + 0.1 * std::exp(-t / 0.04)) * normal(random);
    }
  };
  if (room.claps)
    for (const double m : moments(c)) {
      clap(m, 0.3);
      if (room.echo) clap(m + 0.09, 0.15), clap(m + 0.17, 0.08);
    }
  if (room.speech) {  // syllables: they swell within 30 ms and last
    std::uniform_real_distribution<double> any(0, 1);
    for (double when = 0.2; when < c.seconds - 0.5; when += 0.22 + 0.15 * any(random)) {
      const double pitch = 110 + 60 * any(random), length = 0.12 + 0.1 * any(random);
      for (double t = 0; t < length; t += 1 / 48000.0) {
        double v = 0;
        for (int h = 1; h < 25; ++h) v += std::sin(2 * std::numbers::pi * pitch * h * t) / h;
        const double swell = std::min({1.0, t / 0.03, (length - t) / 0.04});
        sound[static_cast<std::size_t>((when + t) * 48000)] += 0.05 * swell * v;
      }
    }
  }
  ClapListener listener;
  std::vector<float> block(480);
  for (std::size_t b = 0; b + 480 <= sound.size(); b += 480) {
    for (std::size_t i = 0; i < 480; ++i) block[i] = static_cast<float>(sound[b + i]);
    listener.hear(block, kZero + Duration::from_seconds(c.sound_late) +
                             time_of_sample(static_cast<std::int64_t>(b)));
  }
  return listener.claps();
}

OffsetReading measure(const Clapping& c, const Room& room = {}) {
  return estimate_from_claps(film(c), listen(c, room).onsets);
}

double error_ms(const Clapping& c, const Room& room = {}) {
  const OffsetReading r = measure(c, room);
  INFO("trouble " << static_cast<int>(r.trouble));
  REQUIRE(r.offset);
  const double error = r.offset->offset.to_milliseconds() - 1000 * (c.camera_late - c.sound_late);
  MESSAGE(c.fps << " fps, back " << c.back << ": " << error << " ms, says +- "
                << r.offset->spread.to_milliseconds() << " ms of " << r.offset->flashes);
  CHECK(std::abs(error) < r.offset->spread.to_milliseconds() + 3);
  return error;
}

}  // namespace

TEST_CASE("a clap is heard to the millisecond, its echo is none") {
  const Clapping c;
  for (const bool echo : {false, true}) {
    const auto heard = listen(c, {.echo = echo}).onsets;
    const auto at = moments(c);
    REQUIRE(heard.size() == at.size());
    for (std::size_t i = 0; i < at.size(); ++i)
      CHECK(std::abs((heard[i] - kZero).to_milliseconds() - 1000 * (at[i] + c.sound_late)) < 2);
  }
}

TEST_CASE("hands that meet are dated within 10 ms at every usual rate") {
  for (const double fps : {25.0, 30.0, 60.0})
    for (const double back : {0.0, 0.5, 0.8}) {
      Clapping c;
      c.fps = fps;
      c.back = back;
      c.seed = static_cast<unsigned>(fps + 10 * back);
      CHECK(std::abs(error_ms(c)) < 10);
    }
}

TEST_CASE("people clap differently: slow and even, small and quick, far away") {
  Clapping c;
  for (const double fps : {25.0, 30.0, 50.0}) {
    c = {};
    c.fps = fps;
    c.swing = 0.25;
    c.linear = true;
    c.back = 0.4;
    CHECK(std::abs(error_ms(c)) < 12);
    c.swing = 0.09;
    c.wide = 6;
    CHECK(std::abs(error_ms(c)) < 12);
    c.swing = 0.16;
    c.wide = 3;
    c.linear = false;
    c.back = 0.2;
    CHECK(std::abs(error_ms(c)) < 12);
  }
}

TEST_CASE("white gloves") {
  for (const double exposure : {0.001, 0.03}) {
    Clapping c;
    c.gloves = true;
    c.exposure = exposure;
    c.swing = 0.14;
    c.wide = 21;
    c.back = 0.6;
    CHECK(std::abs(error_ms(c)) < 12);
  }
}

TEST_CASE("sound that is late, a picture that is very late") {
  Clapping c;
  c.camera_late = 0.02;
  c.sound_late = 0.15;
  CHECK(std::abs(error_ms(c)) < 10);
  c.camera_late = 0.3;
  c.sound_late = 0.01;
  CHECK(std::abs(error_ms(c)) < 10);
}

TEST_CASE("with somebody walking behind, an echo, a noisy room") {
  Clapping c;
  c.walker = true;
  CHECK(std::abs(error_ms(c, {.echo = true, .noise = 0.006})) < 12);
}

TEST_CASE("no clap: refused, and it says what was missing") {
  Clapping c;
  SUBCASE("somebody talks") {
    c.claps = false;
    c.talker = true;
    CHECK(measure(c, {.claps = false, .speech = true}).trouble == OffsetTrouble::NoSound);
  }
  SUBCASE("claps outside of the picture, somebody walks in it") {
    c.claps = false;
    c.walker = true;
    CHECK_FALSE(measure(c).offset);
  }
  SUBCASE("claps outside of the picture, somebody talks in it") {
    c.claps = false;
    c.talker = true;
    CHECK_FALSE(measure(c).offset);
  }
  SUBCASE("claps outside of the picture, nobody in it") {
    c.claps = false;
    CHECK(measure(c).trouble == OffsetTrouble::NoPicture);
  }
  SUBCASE("hands that clap at other moments than what is heard") {
    Clapping others = c;
    others.seed = 91;
    CHECK_FALSE(estimate_from_claps(film(others), listen(c, {}).onsets).offset);
  }
  SUBCASE("a quiet room") { CHECK(measure(c, {.claps = false}).trouble == OffsetTrouble::NoSound); }
  SUBCASE("three claps only") {
    auto heard = listen(c, {}).onsets;
    heard.resize(3);
    CHECK(estimate_from_claps(film(c), heard).trouble == OffsetTrouble::NoSound);
  }
}
