// SPDX-License-Identifier: GPL-3.0-or-later
// An afternoon: four hours in virtual time, something lost once an hour. A camera and a sound card
// whose clocks run off, each its own way, as real ones do.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <sstream>

#include "tests/e2e/media.h"
#include "tests/lab/clapper.h"
#include "tests/lab/devices.h"
#include "tests/lab/programme.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

constexpr double kCardPpm = 80, kCameraPpm = 60;  // usual ones, against a usual PC
constexpr double kSame = 0.005;                   // seconds: what an offset may change in all

// Hours of the event; KAKEHASHI_LAB_HOURS makes it shorter by hand.
double hours() {
  const char* wished = std::getenv("KAKEHASHI_LAB_HOURS");
  return wished ? std::atof(wished) : 4;
}

// What the station holds of the machine.
struct Held {
  double megabytes = 0;
  int threads = 0, descriptors = 0;
};
Held held_by(pid_t pid) {
  const std::string folder = "/proc/" + std::to_string(pid);
  Held h;
  std::istringstream status(read_text(folder + "/status"));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) h.megabytes = std::atof(line.c_str() + 6) / 1024;
    if (line.starts_with("Threads:")) h.threads = std::atoi(line.c_str() + 8);
  }
  for ([[maybe_unused]] const auto& d : std::filesystem::directory_iterator(folder + "/fd"))
    ++h.descriptors;
  return h;
}

// When the white and the tone of the clap near `at` begin in the recording, seconds.
struct Clap {
  double picture = 0, sound = 0;
};
Clap clap_near(const std::string& recording, double at, const std::string& notes) {
  const double from = std::max(0.0, at - 0.6);
  // Half of the tone's strength: what an encoder smears before it is far below.
  REQUIRE(run({"ffmpeg", "-nostdin", "-hide_banner", "-ss", std::to_string(from), "-t", "1.4", "-i",
               recording, "-vf", "crop=80:80:40:50,blackdetect=d=0.2:pix_th=0.2", "-af",
               "silencedetect=n=-12dB:d=0.2", "-f", "null", "-"},
              nullptr, {{"FFREPORT", "file=" + notes + ":level=32"}}) == 0);
  const std::string text = read_text(notes);
  INFO(text);
  const auto after = [&](const char* key) {
    const auto found = text.find(key);
    REQUIRE(found != std::string::npos);
    return from + std::atof(text.c_str() + found + std::string(key).size());
  };
  return {after("black_end:"), after("silence_end: ")};
}

struct Event {
  Event()
      : clapper(kFeeds[0], 0, kCameraPpm),
        p(folder, pictures(), {microphone()}, R"("genlock": true)") {
    std::cout << std::unitbuf;  // whoever waits reads how far it is
    shift_rate(0, kCardPpm);
    show(kRight, Shown::Green);
    for (const char* role : {"cam_main", "cam_wide", "mic_mc"}) p.until_live(role, 10);
    p.run_for(20);  // clocks are learned
    p.record();
    start = now_us();
    begin = p.station().look();
  }
  static std::vector<std::string> pictures() {
    return {camera_input("cam_main", kFeeds[0]), camera_input("cam_wide", kRight)};
  }
  static std::string microphone() { return microphone_input("mic_mc", "hw:0,1"); }

  double passed() const { return static_cast<double>(now_us() - start) * 1e-6; }
  void until(double hour) { p.run_for(std::max(0.0, hour * 3600 - passed())); }
  void clap() {
    claps.push_back(clapper.clap());
    rough.push_back(passed() - Clapper::kAfter);
  }
  // Counters that only an unwell station moves, what it holds, and the card's clock.
  void look_at(double hour) {
    CAPTURE(hour);
    const Snapshot now = p.station().look();
    const Held h = held_by(p.station().process().pid());
    const InputStatus& mic = input_of(now, "mic_mc");
    MESSAGE(hour << " h: " << h.megabytes << " MB, " << h.threads << " threads, " << h.descriptors
                 << " descriptors; drift " << mic.drift_ppm << " ppm, buffer " << mic.buffer_ms
                 << " ms; genlock " << now.genlock.locked << " to " << now.genlock.input
                 << ", phase " << now.genlock.phase_ms << " ms");
    held.push_back(h);
    CHECK(now.health.late_ticks == begin.health.late_ticks);
    CHECK(now.health.late_blocks == begin.health.late_blocks);
    CHECK(now.health.skipped_pictures == begin.health.skipped_pictures);
    CHECK(std::abs(mic.drift_ppm - kCardPpm) < 40);
    for (const char* role : {"cam_main", "cam_wide", "mic_mc"})
      CHECK(input_of(now, role).signal == SignalState::Live);
  }

  TempDir folder;
  Clapper clapper;
  Programme p;
  std::int64_t start = 0;
  Snapshot begin;
  std::vector<double> claps, rough;  // true moments; about where in the recording
  std::vector<Held> held;
};

// What goes wrong in hour 0, 1, 2 and 3 of four.
void lose(Event& e, int which) {
  Programme& p = e.p;
  switch (which) {
    case 0: {  // the second camera's stream dies
      const std::uint64_t restarts = p.input("cam_wide").restarts;
      set_control(kRight, "disconnect", 1);
      p.until(
          "it is opened again",
          [&](const Snapshot& s) {
            const InputStatus& i = input_of(s, "cam_wide");
            return i.restarts > restarts && i.signal == SignalState::Live;
          },
          5);
      break;
    }
    case 1:  // the sound card is pulled and plugged again
      unplug_card(0);
      p.until_lost("mic_mc", 5);
      p.run_for(20);
      plug_card(0);
      shift_rate(0, kCardPpm);
      CHECK(p.until_live("mic_mc", 3) <= 3);
      break;
    case 2:  // the first camera hangs
      e.clapper.hang(true);
      p.until(
          "it is noticed",
          [](const Snapshot& s) { return input_of(s, "cam_main").signal != SignalState::Live; }, 5);
      p.run_for(20);  // each time it is opened the driver gives its last picture again
      e.clapper.hang(false);
      CHECK(p.until_live("cam_main", 5) <= 5);
      break;
    default:  // all webcams are pulled and plugged again
      unplug_cameras();
      p.until_lost("cam_wide", 5);
      p.run_for(20);
      plug_cameras();
      show(kRight, Shown::Green);
      CHECK(p.until_live("cam_wide", 5) <= 5);
  }
}

// Sound: at the same distance from the truth in every clap. Pictures stand at ticks, so up to a
// period later than they were taken; with the ticks behind the camera the distance is the same too.
void check_offsets(const Event& e, const std::string& recording) {
  std::vector<double> sound, both;
  for (std::size_t i = 0; i < e.claps.size(); ++i) {
    const Clap c = clap_near(recording, e.rough[i], e.folder / "clap.log");
    sound.push_back(c.sound - (e.claps[i] - e.claps[0]));
    both.push_back(c.sound - c.picture);
    MESSAGE("clap at " << e.rough[i] << " s: sound " << (sound[i] - sound[0]) * 1000
                       << " ms from the first one's; " << both[i] * 1000
                       << " ms after the picture");
  }
  const auto spread = [](const std::vector<double>& v) {
    const auto [low, high] = std::minmax_element(v.begin(), v.end());
    return *high - *low;
  };
  CHECK(spread(sound) <= kSame);
  // The first clap falls into the seconds in which the ticks still slide behind the camera.
  CHECK(std::abs(both.back() - both.at(1)) <= kSame);
  CHECK(spread(both) <= 1.0 / kLabFps);
  for (const double offset : both) CHECK(std::abs(offset) < 0.045);
}

}  // namespace

TEST_CASE("an event of four hours with one loss each hour") {
  Event e;
  Programme& p = e.p;
  const double all = hours();
  e.clap();
  e.look_at(0);
  for (int eighth = 1; eighth < 8; ++eighth) {
    const double hour = all * eighth / 8;
    e.until(hour);
    e.look_at(hour);
    e.clap();
    if (eighth % 2 == 0) continue;
    lose(e, eighth / 2);
    p.run_for(60);  // its clock is learned
    e.clap();
  }
  e.until(all);
  e.clap();
  e.look_at(all);
  const Snapshot end = p.station().look();
  // Each loss was its own only, and one restart each.
  const auto since = [&](const char* role, auto member) {
    return input_of(end, role).*member - input_of(e.begin, role).*member;
  };
  CHECK(since("cam_wide", &InputStatus::restarts) >= 2);
  CHECK(since("mic_mc", &InputStatus::restarts) >= 1);
  for (const char* role : {"cam_main", "cam_wide"}) {
    const double wanted = (end.session_seconds - e.begin.session_seconds) * kLabFps;
    const auto captured = static_cast<double>(since(role, &InputStatus::captured));
    MESSAGE(std::string(role) << ": " << captured << " pictures of " << wanted << ", lost "
                              << since(role, &InputStatus::lost) << ", dropped "
                              << since(role, &InputStatus::dropped) << ", repeated "
                              << since(role, &InputStatus::repeated) << ", restarts "
                              << since(role, &InputStatus::restarts));
    CHECK(captured > wanted - 40 * kLabFps);  // its own loss
  }
  // Nothing grows: the first look is before the first loss, when not all was in use yet.
  const Held &early = e.held[2], &late = e.held.back();
  CHECK(late.megabytes < early.megabytes + 8);
  CHECK(late.threads <= early.threads);
  CHECK(late.descriptors <= early.descriptors);

  const double seconds = e.passed();
  const std::string recording = p.end();
  const MediaFile f = probe(recording);
  CHECK(longest_step(f.video) < 1.5 / kLabFps);
  CHECK(longest_step(f.audio) < 1.5 * 1024 / 48000);
  CHECK(std::abs(f.video_seconds() - seconds) < 1);
  CHECK(std::abs(f.audio.back().pts - f.video.back().pts) < 0.2);
  check_offsets(e, recording);
}
