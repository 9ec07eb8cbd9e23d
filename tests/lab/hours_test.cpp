// SPDX-License-Identifier: GPL-3.0-or-later
// An afternoon: four hours in virtual time, a camera or the sound card lost once an hour.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <thread>

#include "tests/e2e/media.h"
#include "tests/lab/devices.h"
#include "tests/lab/programme.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

constexpr double kHour = 3600;

// Hours of the event; KAKEHASHI_LAB_HOURS makes it shorter by hand.
double hours() {
  const char* wished = std::getenv("KAKEHASHI_LAB_HOURS");
  return wished ? std::atof(wished) : 4;
}

// White and a tone at the same moment, for a second.
void clap() {
  show(kLeft, Shown::White);
  const auto player = play(0, 1000);
  std::this_thread::sleep_for(std::chrono::seconds(1));
  show(kLeft, Shown::Black);
}

// Seconds by which the tone begins after the white in the clap near `at` of the recording; the
// first picture that shows the white stands for it, so up to a picture less than it was.
double offset_near(const std::string& recording, double at, const std::string& errors) {
  REQUIRE(run({"ffmpeg", "-nostdin", "-hide_banner", "-ss", std::to_string(std::max(0.0, at - 3)),
               "-t", "6", "-i", recording, "-vf", "crop=80:80:40:50,blackdetect=d=0.3:pix_th=0.2",
               "-af", "silencedetect=n=-40dB:d=0.3", "-f", "null", "-"},
              nullptr, {{"FFREPORT", "file=" + errors + ":level=32"}}) == 0);
  const std::string text = read_text(errors);
  INFO(text);
  const auto after = [&](const char* key) {
    const auto found = text.find(key);
    REQUIRE(found != std::string::npos);
    return std::atof(text.c_str() + found + std::string(key).size());
  };
  return after("silence_end: ") - after("black_end:");
}

}  // namespace

TEST_CASE("an event of four hours with one loss each hour") {
  shift_rate(0, 80);  // a usual card against a usual PC
  show(kLeft, Shown::Black);
  show(kRight, Shown::Green);
  const TempDir folder;
  Programme p(folder, {camera_input("cam_main", kLeft), camera_input("cam_wide", kRight)},
              {microphone_input("mic_mc", "hw:0,1")});
  for (const char* role : {"cam_main", "cam_wide", "mic_mc"}) p.until_live(role, 10);
  p.run_for(2);
  p.record();
  const Snapshot begin = p.station().look();
  const std::int64_t start = now_us();
  const auto passed = [&] { return static_cast<double>(now_us() - start) * 1e-6; };
  const auto until_hour = [&](double h) { p.run_for(h * kHour - passed()); };
  const double all = hours();
  std::vector<double> claps;
  const auto clap_now = [&] {
    p.run_for(2);
    claps.push_back(passed());
    clap();
    p.run_for(2);
  };
  clap_now();
  for (double h = 0.5; h < all; h += 1) {
    until_hour(h);
    CAPTURE(h);
    const Snapshot before = p.station().look();
    CHECK(before.health.late_ticks == begin.health.late_ticks);
    CHECK(before.health.late_blocks == begin.health.late_blocks);
    CHECK(before.health.skipped_pictures == begin.health.skipped_pictures);
    MESSAGE(h << " h: drift " << input_of(before, "mic_mc").drift_ppm << " ppm, buffer "
              << input_of(before, "mic_mc").buffer_ms << " ms, late ticks "
              << before.health.late_ticks);
    CHECK(std::abs(input_of(before, "mic_mc").drift_ppm - 80) < 20);
    if (static_cast<int>(h) % 2 == 0) {
      set_control(kLeft, "disconnect", 1);
      p.until(
          "it is opened again",
          [&](const Snapshot& s) {
            const InputStatus& i = input_of(s, "cam_main");
            return i.restarts > input_of(before, "cam_main").restarts &&
                   i.signal == SignalState::Live;
          },
          5);
    } else {
      unplug_card(0);
      p.until_lost("mic_mc", 5);
      plug_card(0);
      shift_rate(0, 80);
      CHECK(p.until_live("mic_mc", 3) <= 3);
    }
    p.run_for(60);
    clap_now();
  }
  until_hour(all);
  const Snapshot end = p.station().look();
  CHECK(input_of(end, "cam_wide").restarts == input_of(begin, "cam_wide").restarts);
  CHECK(input_of(end, "cam_wide").dropped == input_of(begin, "cam_wide").dropped);
  CHECK(input_of(end, "cam_main").restarts - input_of(begin, "cam_main").restarts ==
        static_cast<std::uint64_t>((all + 1.49) / 2));
  const double wanted = (end.session_seconds - begin.session_seconds) * kLabFps;
  const auto captured = static_cast<double>(input_of(end, "cam_wide").captured -
                                            input_of(begin, "cam_wide").captured);
  MESSAGE("cam_wide: " << captured << " pictures of " << wanted);
  CHECK(std::abs(captured - wanted) < 0.0005 * wanted + 2);
  CHECK(end.health.late_ticks == begin.health.late_ticks);
  const std::string recording = p.end();
  const MediaFile f = probe(recording);
  CHECK(longest_step(f.video) < 1.5 / kLabFps);
  CHECK(longest_step(f.audio) < 1.5 * 1024 / 48000);
  CHECK(std::abs(f.video_seconds() * kLabFps - static_cast<double>(f.video.size() - 1)) < 1);
  CHECK(std::abs(f.video_seconds() - all * kHour) < 30);
  CHECK(std::abs(f.audio.back().pts - f.video.back().pts) < 0.2);
  const double first = offset_near(recording, claps.front(), folder / "clap.log");
  for (const double at : claps) {
    const double offset = offset_near(recording, at, folder / "clap.log");
    MESSAGE("clap at " << at << " s: the sound " << offset * 1000 << " ms after the picture");
    CHECK(std::abs(offset - first) < 1.2 / kLabFps);
    CHECK(std::abs(offset) < 0.1);
  }
}
