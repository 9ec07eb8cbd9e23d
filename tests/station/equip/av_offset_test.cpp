// SPDX-License-Identifier: GPL-3.0-or-later
// A camera and a microphone in numbers, in front of the flash page: the estimate is within 5 ms of
// the truth at any phase, with jitter, grain and room noise.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "station/equip/av_offset.h"

using namespace kakehashi;

namespace {

struct Filmed {
  double fps = 30, seconds = 18;
  double camera_late = 0.080, sound_late = 0.020;
  double phase = 0;  // of the page against our clock
  double frame_phase = 0;
  double exposure = 0.010;
  double rolling = 0;       // seconds from the first line to the last
  int top = 3, bottom = 4;  // rows of the picture that the page fills
  double gain_falls = 0;    // how much of its gain the camera takes back while the light is on
  double jitter = 0.001;    // of the stamps, sigma
  double page_clock = 1;    // how fast the phone's clock runs
  double noise = 0.003;
  bool babble = false;  // people talk: tones that come and go, also at the page's pitch
  unsigned seed = 1;
};

double lit_between(const Filmed& s, double from, double to) {
  const double period = kFlashPeriod.to_seconds() * s.page_clock;
  double sum = 0;
  for (double k = std::floor((from - s.phase) / period) - 1; k <= (to - s.phase) / period + 1;
       ++k) {
    if (!flash_in_slot(static_cast<std::int64_t>(k))) continue;
    const double on = s.phase + k * period;
    sum += std::max(0.0, std::min(to, on + kFlashLength.to_seconds()) - std::max(from, on));
  }
  return sum / (to - from);
}

std::vector<LitPicture> filmed(const Filmed& s) {
  std::mt19937 random(s.seed);
  std::normal_distribution<double> normal;
  std::vector<LitPicture> all;
  double gain = 1;
  for (int n = 0; n < s.seconds * s.fps; ++n) {
    const double middle = (n + s.frame_phase) / s.fps;  // of the middle line's exposure
    LitPicture p;
    for (int row = 0; row < LitPicture::kDown; ++row) {
      const double at = middle + (row - 3.5) / 8 * s.rolling;
      const double lit = lit_between(s, at - s.exposure / 2, at + s.exposure / 2);
      for (int column = 0; column < LitPicture::kAcross; ++column) {
        const bool page = row >= s.top && row <= s.bottom && column >= 2 && column <= 5;
        const double light = 60 + column + (page ? 120 * lit : 0);
        p.cells[static_cast<std::size_t>(row * LitPicture::kAcross + column)] =
            static_cast<float>(std::min(250.0, gain * light + normal(random)));
      }
    }
    const bool bright = lit_between(s, middle - s.exposure / 2, middle + s.exposure / 2) > 0.5;
    gain += ((bright ? 1 - s.gain_falls : 1) - gain) * (bright ? 0.5 : 0.2);
    const double stamp = middle + s.camera_late + s.jitter * normal(random);
    p.captured = MediaTime{5'000'000'000} + Duration::from_seconds(stamp);
    all.push_back(p);
  }
  return all;
}

BeepListener::Heard heard(const Filmed& s) {
  std::mt19937 random(s.seed + 100);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> any(0, 1);
  const double period = kFlashPeriod.to_seconds() * s.page_clock;
  BeepListener listener;
  std::vector<float> block(480);
  double voice = 0, pitch = 300;
  for (int b = 0; b < s.seconds * 100; ++b) {
    if (s.babble && b % 15 == 0)
      voice = any(random) < 0.6 ? 0.06 * any(random) : 0, pitch = 90 + 1200 * any(random);
    for (int i = 0; i < 480; ++i) {
      const double t = (b * 480 + i) / 48000.0;
      const double slot = std::floor((t - s.phase) / period);
      const double into = t - s.phase - slot * period;
      const bool on = flash_in_slot(static_cast<std::int64_t>(slot));
      const double tone = on && into < kBeepLength.to_seconds()
                              ? 0.2 * std::sin(2 * std::numbers::pi * kBeepTone * into)
                              : 0;
      const double talk = voice * std::sin(2 * std::numbers::pi * pitch * t);
      block[static_cast<std::size_t>(i)] =
          static_cast<float>(tone + talk + s.noise * normal(random));
    }
    listener.hear(block,
                  MediaTime{5'000'000'000} + Duration::from_seconds(b / 100.0 + s.sound_late));
  }
  return listener.beeps();
}

double error_ms(const Filmed& s) {
  const auto found = estimate_offset(filmed(s), heard(s).onsets).offset;
  REQUIRE(found);
  const double error = found->offset.to_milliseconds() - 1000 * (s.camera_late - s.sound_late);
  // The spread it confesses to is no less than it is wrong, but for the rare case.
  CHECK(std::abs(error) < 2 * found->spread.to_milliseconds() + 1);
  return error;
}

// The worst of some takes that differ in everything but what the test is about.
double worst_ms(Filmed s, int rounds) {
  std::mt19937 random(42);
  std::uniform_real_distribution<double> any(0, 1);
  double worst = 0;
  for (int round = 0; round < rounds; ++round) {
    s.phase = any(random);
    s.frame_phase = any(random);
    s.camera_late = 0.030 + 0.120 * any(random);
    s.sound_late = 0.010 + 0.150 * any(random);
    s.page_clock = 1 + 100e-6 * (any(random) - 0.5);
    s.seed = static_cast<unsigned>(round);
    worst = std::max(worst, std::abs(error_ms(s)));
  }
  return worst;
}

}  // namespace

TEST_CASE("within 5 ms of the truth at every usual rate and exposure") {
  for (const double fps : {25.0, 29.97, 30.0, 50.0, 59.94, 60.0})
    for (const double part : {0.05, 0.5, 0.95}) {  // of the frame time
      Filmed s;
      s.fps = fps;
      s.exposure = part / fps;
      const double worst = worst_ms(s, 4);
      MESSAGE(fps << " fps, exposure " << 1000 * s.exposure << " ms: worst " << worst << " ms");
      CHECK(worst <= 4);
    }
}

TEST_CASE("a rolling shutter is dated at the middle of the picture") {
  Filmed s;
  s.rolling = 0.030;
  s.exposure = 0.008;
  s.top = 0, s.bottom = 7;
  CHECK(worst_ms(s, 4) <= 4);
  s.top = 1, s.bottom = 4;  // the page stands in the upper half
  CHECK(worst_ms(s, 4) <= 5);
}

TEST_CASE("a gain that pumps with the flashes") {
  Filmed s;
  s.gain_falls = 0.5;
  for (const double fps : {25.0, 30.0, 60.0}) {
    s.fps = fps;
    CHECK(worst_ms(s, 4) <= 4);
  }
}

TEST_CASE("jitter of 4 ms and a noisy room") {
  Filmed s;
  s.jitter = 0.004;
  s.noise = 0.05;
  CHECK(worst_ms(s, 6) <= 5);
  s.jitter = 0.001;
  s.noise = 0.003;
  s.babble = true;
  CHECK(worst_ms(s, 6) <= 5);
}

TEST_CASE("pictures that are missing, and somebody who claps") {
  Filmed s;
  auto pictures = filmed(s);
  for (std::size_t i = 10; i < pictures.size(); i += 23)
    pictures.erase(pictures.begin() + static_cast<std::ptrdiff_t>(i));
  auto beeps = heard(s).onsets;
  beeps.push_back(beeps[3] + Duration::milliseconds(400));
  std::sort(beeps.begin(), beeps.end());
  const auto found = estimate_offset(pictures, beeps).offset;
  REQUIRE(found);
  CHECK(std::abs(found->offset.to_milliseconds() - 60) <= 5);
}

TEST_CASE("a network camera that is late by more than half of the page's period") {
  for (const double late : {0.7, 1.3, 1.9}) {
    Filmed s;
    s.camera_late = late;
    CHECK(std::abs(error_ms(s)) <= 3);
    s.camera_late = 0.02;
    s.sound_late = late;
    CHECK(std::abs(error_ms(s)) <= 3);
  }
}

TEST_CASE("without the page there is no answer, and it says which half is missing") {
  Filmed dark;
  auto pictures = filmed(dark);
  for (auto& p : pictures) p.cells.fill(60);
  CHECK(estimate_offset(pictures, heard(dark).onsets).trouble == OffsetTrouble::NoPicture);
  CHECK(estimate_offset(filmed(dark), {}).trouble == OffsetTrouble::NoSound);
  CHECK(estimate_offset({}, heard(dark).onsets).trouble == OffsetTrouble::NoPicture);
  // Light and sound of a room that has nothing to do with the page.
  std::mt19937 random(3);
  std::normal_distribution<float> normal(0, 0.05F);
  for (std::size_t i = 0; i < pictures.size(); ++i)
    pictures[i].cells.fill(60 + (i / 37 % 2 == 0 ? 0 : 80) + 20 * normal(random));
  const auto other = estimate_offset(pictures, heard(dark).onsets);
  CHECK((!other.offset || other.offset->spread > Duration::milliseconds(12)));
  BeepListener room;
  std::vector<float> block(48000 * 5);
  for (float& v : block) v = normal(random);
  room.hear(block, {});
  CHECK(room.beeps().onsets.empty());
}

TEST_CASE("of two microphones the nearer one hears it louder") {
  Filmed s;
  BeepListener::Heard near = heard(s);
  CHECK(near.level == doctest::Approx(0.2).epsilon(0.1));
}

TEST_CASE("the page flashes less than three times a second and speaks both languages") {
  CHECK(kFlashPeriod > Duration::milliseconds(334));
  const std::string page = flash_page();
  CHECK(page.find("period=1.037,lit=0.15,beep=0.06,tone=1000,row=4,round=5") != std::string::npos);
  CHECK(page.find('@') == std::string::npos);
  CHECK(page.find("http") == std::string::npos);  // nothing from outside
  CHECK(page.find("光に敏感な方") != std::string::npos);
  CHECK(page.find("sensitive to light") != std::string::npos);
}

TEST_CASE("words: who is late, and which delay mends it") {
  Input camera, mic;
  camera.id = "cam_main";
  camera.name = {"演台カメラ", "Podium camera"};
  mic.id = "mic_mc";
  mic.name = {"司会マイク", "Host microphone"};
  OffsetSeen seen{{{}, OffsetTrouble::NoPicture}, true, true, false};
  EquipmentItem item = judge_offset(camera, mic, seen);
  CHECK(item.verdict == Verdict::Skipped);
  CHECK(item.cause.ja == "「演台カメラ」に点滅ページの光が映っていません。");
  seen.reading.trouble = OffsetTrouble::NoSound;
  CHECK(judge_offset(camera, mic, seen).cause.ja ==
        "「司会マイク」に点滅ページの音が届いていません。");
  seen.clap = true;
  CHECK(judge_offset(camera, mic, seen).cause.en == "Host microphone did not hear claps.");
  seen.clap = false;
  seen.reading.offset = AvOffset{Duration::milliseconds(62), Duration::milliseconds(2), 12, 14};
  item = judge_offset(camera, mic, seen);
  CHECK(item.id == "offset.cam_main.mic_mc");
  CHECK(item.verdict == Verdict::Caution);
  CHECK(item.found.ja == "映像が音より 62 ms 遅れています（± 2 ms）。");
  CHECK(item.action.ja.find("司会マイク") != std::string::npos);
  seen.reading.offset->offset = Duration::milliseconds(-80);
  item = judge_offset(camera, mic, seen);
  CHECK(item.action.ja.find("演台カメラ") != std::string::npos);
  tell_written(item);
  CHECK(item.verdict == Verdict::Pass);
  CHECK(item.found.ja == "音が映像より 80 ms 遅れています（± 2 ms）。遅れの設定に書き込みました。");
  CHECK(item.action.ja.empty());
  seen.reading.offset->offset = Duration::milliseconds(12);
  CHECK(judge_offset(camera, mic, seen).verdict == Verdict::Pass);
  seen.reading.offset->offset = Duration::milliseconds(-1);  // less than it can tell
  CHECK(judge_offset(camera, mic, seen).found.ja == "映像と音はそろっています（± 2 ms）。");
  seen.reading.offset->spread = Duration::milliseconds(14);
  CHECK(judge_offset(camera, mic, seen).verdict == Verdict::Skipped);
  seen.microphone_opened = false;
  CHECK(judge_offset(camera, mic, seen).verdict == Verdict::Skipped);
}
