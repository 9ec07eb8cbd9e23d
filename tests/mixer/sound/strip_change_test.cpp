// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever staff change while somebody talks: heard, but never as a click.
#include <doctest/doctest.h>

#include <functional>
#include <string>

#include "tests/mixer/sound/strip_rig.h"

namespace kakehashi {
namespace {

using namespace kakehashi::testing;

struct Change {
  std::string name;
  std::function<void(StripSettings&)> from;
  std::function<void(StripSettings&)> to;
};

void nothing(StripSettings& /*s*/) {}

const std::vector<Change>& changes() {
  static const std::vector<Change> all{
      {"trim up", nothing, [](StripSettings& s) { s.trim_db = 12; }},
      {"trim down", nothing, [](StripSettings& s) { s.trim_db = -30; }},
      {"polarity", nothing, [](StripSettings& s) { s.invert = true; }},
      {"mono", nothing, [](StripSettings& s) { s.mono = true; }},
      {"high-pass on", nothing, [](StripSettings& s) { s.high_pass_hz = 80; }},
      {"high-pass off", [](StripSettings& s) { s.high_pass_hz = 120; }, nothing},
      {"high-pass up", [](StripSettings& s) { s.high_pass_hz = 20; },
       [](StripSettings& s) { s.high_pass_hz = 400; }},
      {"noise on", nothing, [](StripSettings& s) { s.noise_db = 12; }},
      {"noise off", [](StripSettings& s) { s.noise_db = 30; }, nothing},
      {"noise more", [](StripSettings& s) { s.noise_db = 3; },
       [](StripSettings& s) { s.noise_db = 30; }},
      {"gate on", nothing,
       [](StripSettings& s) {
         s.gate = {0, 30};
       }},
      {"gate off",
       [](StripSettings& s) {
         s.gate = {0, 30};
       },
       nothing},
      {"bell on", nothing, [](StripSettings& s) { s.eq[1].gain_db = 12; }},
      {"bell off", [](StripSettings& s) { s.eq[1].gain_db = 12; }, nothing},
      {"bell elsewhere",
       [](StripSettings& s) {
         s.eq[1] = {EqShape::Bell, 300, 18, 5};
       },
       [](StripSettings& s) {
         s.eq[1] = {EqShape::Bell, 4000, 18, 5};
       }},
      {"another shape",
       [](StripSettings& s) {
         s.eq[0] = {EqShape::LowShelf, 200, 12, 0.7};
       },
       [](StripSettings& s) {
         s.eq[0] = {EqShape::Bell, 3000, -12, 2};
       }},
      {"compressor on", nothing,
       [](StripSettings& s) {
         s.compressor = {10, -40, 1, 20, 0};
       }},
      {"compressor off",
       [](StripSettings& s) {
         s.compressor = {10, -40, 10, 150, 0};
       },
       nothing},
      {"make-up",
       [](StripSettings& s) {
         s.compressor = {3, -24, 10, 150, 0};
       },
       [](StripSettings& s) {
         s.compressor = {3, -24, 10, 150, 6};
       }},
      {"delay on", nothing, [](StripSettings& s) { s.delay_ms = 997; }},
      {"delay off", [](StripSettings& s) { s.delay_ms = 333; }, nothing},
      {"delay a little", [](StripSettings& s) { s.delay_ms = 40; },
       [](StripSettings& s) { s.delay_ms = 43; }},
      {"balance", [](StripSettings& s) { s.pan = -1; }, [](StripSettings& s) { s.pan = 1; }},
      {"another set", [](StripSettings& s) { s = settings_of(ProcessingSet::Speech); },
       [](StripSettings& s) { s = settings_of(ProcessingSet::Music); }},
  };
  return all;
}

// A tone of 90 Hz moves by at most 0.003 from sample to sample; a click moves by much more. Blocks
// do not begin where it crosses zero.
TEST_CASE("no click, whatever changes, and there within 20 ms") {
  const auto left = tone(90, -12, 4), right = tone(90, -18, 4);
  for (const Change& change : changes()) {
    CAPTURE(change.name);
    StripSettings a = plain(), b = plain();
    change.from(a);
    change.to(b);
    SoundStrip strip;
    strip.set(a);
    Stereo out;
    for (std::size_t n = 0; n < 400; ++n) {
      if (n == 201) strip.set(b);
      AudioBlock block = testing::block_of(Stereo{left, right}, n);
      strip.process(block);
      for (std::size_t i = 0; i < block.samples.size(); i += 2) {
        out.left.push_back(block.samples[i]);
        out.right.push_back(block.samples[i + 1]);
      }
    }
    for (const auto* side : {&out.left, &out.right}) {
      const std::span all(*side);
      const double before = steepest(all.subspan(150 * 480, 50 * 480));
      const double after = steepest(all.last(50 * 480));
      CHECK(steepest(all.subspan(190 * 480, 200 * 480)) <
            1.25 * std::max({before, after, 0.0017}) + 0.0006);
    }
  }
}

TEST_CASE("a change is over after 20 ms") {
  const auto in = tone(1000, -12, 2);
  StripSettings b = plain();
  b.trim_db = 6;
  b.eq[1] = {EqShape::Bell, 1000, 6, 1};
  SoundStrip strip;
  strip.set(plain());
  std::vector<float> out;
  for (std::size_t n = 0; n < 200; ++n) {
    if (n == 100) strip.set(b);
    AudioBlock block = testing::block_of(in, n);
    strip.process(block);
    for (std::size_t i = 0; i < block.samples.size(); i += 2) out.push_back(block.samples[i]);
  }
  // 48 samples are one period.
  CHECK(amplitude_db(std::span(out).subspan(100 * 480, 48), 1000) < -10);
  CHECK(amplitude_db(std::span(out).subspan(102 * 480 + 240, 480), 1000) ==
        doctest::Approx(0).scale(1).epsilon(0.2));
}

TEST_CASE("settings that come anew every block glide on and never click") {
  const auto in = tone(90, -12, 3);
  SoundStrip strip;
  StripSettings s = plain();
  s.high_pass_hz = 20;
  strip.set(s);
  std::vector<float> out;
  for (std::size_t n = 0; n < 300; ++n) {
    const double turn = static_cast<double>(n) / 10;
    s.trim_db = 3 * std::sin(turn);
    s.eq[1].hz = 500 + 400 * std::sin(turn * 0.7);
    s.eq[1].gain_db = 6 * std::cos(turn);
    s.eq[2].shape = static_cast<EqShape>(n % 3);
    s.eq[2].gain_db = 3;
    s.high_pass_hz = n % 20 < 10 ? 0 : 30;
    s.delay_ms = n % 7 == 0 ? 10 : 12;
    s.pan = std::sin(turn);
    strip.set(s);
    AudioBlock block = testing::block_of(in, n);
    strip.process(block);
    for (std::size_t i = 0; i < block.samples.size(); i += 2) out.push_back(block.samples[i]);
  }
  CHECK(steepest(out) < 0.012);
}

TEST_CASE("delay: to the sample, up to a second, the old sound first") {
  StripSettings s = plain();
  for (const double ms : {0.5, 20.0, 400.0, 1000.0}) {
    CAPTURE(ms);
    s.delay_ms = ms;
    std::vector<float> in(60000);
    in[100] = 1;
    const auto out = through(s, in);
    const auto at = static_cast<std::size_t>(100 + 240 + ms * 48);
    for (std::size_t i = 0; i < out.size(); ++i) REQUIRE(out[i] == (i == at ? 1.0F : 0.0F));
  }
  // Switched on later it repeats what was heard, it does not go silent.
  SoundStrip strip;
  strip.set(plain());
  (void)through(strip, tone(1000, -12, 1));
  s.delay_ms = 500;
  strip.set(s);
  const auto out = through(strip, std::vector<float>(48000));
  CHECK(amplitude_db(std::span(out).subspan(4800, 4800), 1000) ==
        doctest::Approx(-12).epsilon(0.01));
  CHECK(power_db(last(out, 0.4)) == -200);
}

}  // namespace
}  // namespace kakehashi
