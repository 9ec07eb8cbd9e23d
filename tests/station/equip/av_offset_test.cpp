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
  double fps = 30, seconds = 16;
  double camera_late = 0.080, sound_late = 0.020;
  double phase = 0;  // of the page against our clock
  double frame_phase = 0;
  double exposure = 0.010;
  double jitter = 0.001;  // of the stamps, sigma
  double page_clock = 1;  // how fast the phone's clock runs
  double noise = 0.003;
  unsigned seed = 1;
};

double lit_between(const Filmed& s, double from, double to) {
  const double period = kFlashPeriod.to_seconds() * s.page_clock;
  double sum = 0;
  for (double k = std::floor((from - s.phase) / period) - 1; k <= (to - s.phase) / period + 1;
       ++k) {
    const double on = s.phase + k * period;
    sum += std::max(0.0, std::min(to, on + kFlashLength.to_seconds()) - std::max(from, on));
  }
  return sum / (to - from);
}

std::vector<LitPicture> filmed(const Filmed& s) {
  std::mt19937 random(s.seed);
  std::normal_distribution<double> normal;
  std::vector<LitPicture> all;
  for (int n = 0; n < s.seconds * s.fps; ++n) {
    const double read_out = (n + s.frame_phase) / s.fps;
    LitPicture p;
    for (std::size_t i = 0; i < p.cells.size(); ++i)
      p.cells[i] = static_cast<float>(60 + static_cast<double>(i % 5) + normal(random));
    p.cells[27] += static_cast<float>(120 * lit_between(s, read_out - s.exposure, read_out));
    // The driver's stamp says when it arrived.
    const double stamp = read_out + s.camera_late - s.exposure / 2 + s.jitter * normal(random);
    p.captured = MediaTime{5'000'000'000} + Duration::from_seconds(stamp);
    all.push_back(p);
  }
  return all;
}

std::vector<MediaTime> heard(const Filmed& s) {
  std::mt19937 random(s.seed + 100);
  std::normal_distribution<double> normal;
  const double period = kFlashPeriod.to_seconds() * s.page_clock;
  BeepListener listener;
  std::vector<float> block(480);
  for (int b = 0; b < s.seconds * 100; ++b) {
    for (int i = 0; i < 480; ++i) {
      const double t = (b * 480 + i) / 48000.0, into = std::fmod(t - s.phase + 10 * period, period);
      const double tone = into < kBeepLength.to_seconds()
                              ? 0.2 * std::sin(2 * std::numbers::pi * kBeepTone * into)
                              : 0;
      block[static_cast<std::size_t>(i)] = static_cast<float>(tone + s.noise * normal(random));
    }
    listener.hear(block,
                  MediaTime{5'000'000'000} + Duration::from_seconds(b / 100.0 + s.sound_late));
  }
  return listener.onsets();
}

double error_ms(const Filmed& s) {
  const auto found = estimate_offset(filmed(s), heard(s));
  REQUIRE(found);
  return found->offset.to_milliseconds() - 1000 * (s.camera_late - s.sound_late);
}

}  // namespace

TEST_CASE("within 5 ms of the truth over random phases, at every usual rate") {
  std::mt19937 random(42);
  std::uniform_real_distribution<double> any(0, 1);
  for (const double fps : {25.0, 29.97, 30.0, 50.0, 59.94, 60.0}) {
    double worst = 0;
    for (int round = 0; round < 25; ++round) {
      Filmed s;
      s.fps = fps;
      s.phase = any(random);
      s.frame_phase = any(random);
      s.camera_late = 0.030 + 0.120 * any(random);
      s.sound_late = 0.010 + 0.150 * any(random);
      s.exposure = std::min(0.9 / fps, 0.002 + 0.015 * any(random));
      s.page_clock = 1 + 100e-6 * (any(random) - 0.5);
      s.seed = static_cast<unsigned>(round);
      worst = std::max(worst, std::abs(error_ms(s)));
    }
    MESSAGE(fps << " fps: worst error " << worst << " ms");
    CHECK(worst <= 5);
  }
}

TEST_CASE("jitter of 4 ms and a noisy room") {
  Filmed s;
  s.jitter = 0.004;
  s.noise = 0.02;
  for (unsigned seed = 1; seed <= 10; ++seed) {
    s.seed = seed;
    s.phase = 0.09 * seed;
    CHECK(std::abs(error_ms(s)) <= 5);
  }
}

TEST_CASE("pictures that are missing, and somebody who claps") {
  Filmed s;
  auto pictures = filmed(s);
  for (std::size_t i = 10; i < pictures.size(); i += 23)
    pictures.erase(pictures.begin() + static_cast<std::ptrdiff_t>(i));
  auto beeps = heard(s);
  beeps.push_back(beeps[3] + Duration::milliseconds(400));
  std::sort(beeps.begin(), beeps.end());
  const auto found = estimate_offset(pictures, beeps);
  REQUIRE(found);
  CHECK(std::abs(found->offset.to_milliseconds() - 60) <= 5);
}

TEST_CASE("without the page there is no answer") {
  Filmed dark;
  auto pictures = filmed(dark);
  for (auto& p : pictures) p.cells[27] = 60;
  CHECK_FALSE(estimate_offset(pictures, heard(dark)));
  CHECK_FALSE(estimate_offset(filmed(dark), {}));
  CHECK_FALSE(estimate_offset({}, heard(dark)));
  BeepListener room;
  std::mt19937 random(3);
  std::normal_distribution<float> normal(0, 0.05F);
  std::vector<float> block(48000 * 5);
  for (float& v : block) v = normal(random);
  room.hear(block, {});
  CHECK(room.onsets().empty());
}

TEST_CASE("words: who is late, and which delay mends it") {
  Input camera, mic;
  camera.id = "cam_main";
  camera.name = {"演台カメラ", "Podium camera"};
  mic.id = "mic_mc";
  mic.name = {"司会マイク", "Host microphone"};
  OffsetSeen seen{{}, true, true};
  CHECK(judge_offset(camera, mic, seen).verdict == Verdict::Skipped);
  seen.offset = AvOffset{Duration::milliseconds(62), Duration::milliseconds(2), 12, 14};
  EquipmentItem item = judge_offset(camera, mic, seen);
  CHECK(item.id == "offset.cam_main.mic_mc");
  CHECK(item.verdict == Verdict::Caution);
  CHECK(item.found.ja == "映像が62 ms遅れています");
  CHECK(item.action.ja.find("司会マイク") != std::string::npos);
  seen.offset->offset = Duration::milliseconds(-70);
  item = judge_offset(camera, mic, seen);
  CHECK(item.action.ja.find("演台カメラ") != std::string::npos);
  seen.offset->offset = Duration::milliseconds(12);
  CHECK(judge_offset(camera, mic, seen).verdict == Verdict::Pass);
  seen.microphone_opened = false;
  CHECK(judge_offset(camera, mic, seen).verdict == Verdict::Skipped);
  CHECK(flash_page().find("1.037") != std::string::npos);
}

TEST_CASE("sound waits for the latest camera, the other cameras too") {
  const auto input = [](const char* id, const char* device, std::int64_t channel = 0) {
    Input i;
    i.id = id;
    i.source = SourceSpec{"microphone", {{"device", std::string(device)}}};
    if (channel > 0) i.source->settings["first_channel"] = channel;
    return i;
  };
  std::vector<Input> inputs{input("cam_a", "x"), input("cam_b", "y"), input("mic", "desk", 1),
                            input("mic_2", "desk", 2), input("other", "usb")};
  const auto delays = lip_sync_delays(
      inputs, inputs[2],
      {{"cam_a", Duration::microseconds(82'400)}, {"cam_b", Duration::microseconds(40'000)}});
  CHECK(delays == std::map<std::string, Duration>{{"cam_a", Duration{}},
                                                  {"cam_b", Duration::milliseconds(42)},
                                                  {"mic", Duration::milliseconds(82)},
                                                  {"mic_2", Duration::milliseconds(82)}});
  // A camera that is early waits; the microphone does not.
  CHECK(lip_sync_delays(inputs, inputs[2], {{"cam_a", Duration::milliseconds(-15)}}) ==
        std::map<std::string, Duration>{
            {"cam_a", Duration::milliseconds(15)}, {"mic", Duration{}}, {"mic_2", Duration{}}});
}
