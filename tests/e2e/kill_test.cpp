// SPDX-License-Identifier: GPL-3.0-or-later
// kill -9, one after the other: a desk, the hall's screen, the station itself while it records.
#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>

#include "core/frame_code.h"
#include "encoder/decoder.h"
#include "station/ingest.h"
#include "tests/e2e/media.h"
#include "tests/e2e/received.h"
#include "tests/e2e/station.h"
#include "tests/support/good_time.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

constexpr int kWidth = 1280, kHeight = 720;

const char* const kEvent = R"({
  "kakehashi_event": 1, "id": "kill", "title": "kill",
  "canvas": {"width": 1280, "height": 720, "fps": 30},
  "inputs": [{"id": "hall", "audio": true, "source": {"kind": "test", "pattern": "moving"}}],
  "scenes": [{"id": "s", "layers": [{"input": "hall"}]}],
  "encode": {"video_kbps": 3000, "preset": "superfast"},
  "destinations": [{"id": "main", "name": "main", "kind": "rtmp", "url": "@URL@"}]
})";

// A child of `parent` that runs `program`.
std::optional<pid_t> child_of(pid_t parent, const std::string& program) {
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", gone)) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string stat = read_text(entry.path() / "stat");
    const auto open = stat.find('('), close = stat.rfind(')');
    if (open == std::string::npos || close == std::string::npos) continue;
    // The kernel keeps 15 letters of a program's name.
    if (stat.substr(open + 1, close - open - 1) != program.substr(0, 15)) continue;
    if (std::atoi(stat.c_str() + close + 4) == parent) return std::atoi(name.c_str());
  }
  return std::nullopt;
}

bool gone(pid_t pid) { return ::kill(pid, 0) != 0; }

// Program pictures lost in the second after each moment.
std::int64_t lost_after(const Received& r, const std::vector<std::int64_t>& moments) {
  std::int64_t n = 0;
  for (const auto us : moments) n += r.missing(us - 100'000, us + 900'000);
  return n;
}

}  // namespace

TEST_CASE("kill -9 of a desk, of the hall's screen, of the station") {
  const TempDir folder;
  const auto display = Xvfb::start(1024, 600);
  REQUIRE(display);
  IngestOptions options;
  options.listen = "rtmp://127.0.0.1:0/live";
  options.frames_file = folder / "frames.csv";
  auto ingest = Ingest::start(options);
  REQUIRE(ingest.ok());

  Station station(folder, filled(kEvent, {{"URL", (*ingest)->url() + "/kill"}}), {"--screen"},
                  {{"DISPLAY", display->display()}});
  const pid_t pid = station.process().pid();
  const auto session_reaches = [&](double seconds) {
    return station.until([&](const Snapshot& s) { return s.session_seconds >= seconds; }, 30s);
  };
  // The desk itself once; then what it does without a window, which takes less of the machine.
  const auto start_desk = [&](bool itself) {
    auto desk = itself ? Process::start(
                             {DESK, "--socket", station.socket(), "--size", "960x540"},
                             {{"DISPLAY", display->display()}, {"XDG_CONFIG_HOME", folder.path()}},
                             "/dev/null")
                       : Process::start({DESK_LIKE, station.socket()});
    REQUIRE(desk);
    if (!itself) REQUIRE(desk->wait_for("attached"));
    return desk;
  };
  const auto attached = [&](int n) {
    return station.until([&](const Snapshot& s) { return s.desks == n; }, 20s);
  };

  REQUIRE(station.until([](const Snapshot& s) { return s.screen_running; }, 20s));
  std::optional<pid_t> screen = child_of(pid, "kakehashi-screen");
  REQUIRE(screen);
  REQUIRE(attached(1));  // the screen is through; our own connection subscribes to nothing
  auto desk = start_desk(true);
  REQUIRE(attached(2));
  station.wish(GoLive{});
  REQUIRE(station.until([](const Snapshot& s) { return s.outputs[0].video_packets > 30; }));

  std::vector<std::int64_t> peace, kills;
  double next = station.look().session_seconds + 0.5;
  for (int i = 0; i < 4; ++i, next += 1.0) {
    REQUIRE(session_reaches(next));
    peace.push_back(now_us());
  }
  for (int i = 0; i < 3; ++i) {
    REQUIRE(session_reaches(next));
    kills.push_back(now_us());
    desk->signal(SIGKILL);
    desk->wait();
    REQUIRE(attached(1));
    // A new one has everything at once.
    const std::int64_t begin = now_us();
    const auto fresh = DoorClient::connect(station.socket());
    REQUIRE(fresh.ok());
    const auto state = (*fresh)->snapshot();
    const auto pictures = (*fresh)->pictures();
    REQUIRE(state.ok());
    REQUIRE(pictures.ok());
    std::vector<std::uint8_t> program;
    std::uint64_t seen = 0;
    CHECK(std::any_of(pictures->begin(), pictures->end(), [&](const auto& view) {
      return view->name() == "program" && view->read(program, seen);
    }));
    const double ms = static_cast<double>(now_us() - begin) / 1000;
    MESSAGE("a new desk has the full state after " << ms << " ms");
    CHECK(ms < 1000);
    CHECK(state->event_id == "kill");
    CHECK(state->live);
    CHECK(state->inputs.size() == 1);
    CHECK(state->scenes.size() == 1);
    desk = start_desk(false);
    REQUIRE(attached(2));
    next = station.look().session_seconds + 1.0;
  }

  REQUIRE(session_reaches(next));
  kills.push_back(now_us());
  ::kill(*screen, SIGKILL);
  std::optional<pid_t> again;
  REQUIRE(wait_until(
      [&] {
        again = child_of(pid, "kakehashi-screen");
        return again && *again != *screen;
      },
      5s));
  const double restarted = static_cast<double>(now_us() - kills.back()) * 1e-6;
  REQUIRE(station.until([](const Snapshot& s) { return s.screen_running && s.desks == 2; }));
  MESSAGE("the screen is back after " << restarted << " s");
  CHECK((restarted < 2.0 || overloaded()));  // only a new process, but one among hundreds then
  REQUIRE(session_reaches(station.look().session_seconds + 1.5));

  const Snapshot last = station.look();
  CHECK(last.outputs[0].reconnects == 0);
  CHECK(last.record.recording);
  station.process().signal(SIGKILL);
  const std::int64_t killed = now_us();
  REQUIRE(station.process().wait() == 128 + SIGKILL);
  CHECK(wait_until([&] { return gone(*again); }, 3s));
  CHECK(desk->wait_for("left", 3s));
  REQUIRE(wait_until([&] { return !(*ingest)->receiving(); }));
  (*ingest)->stop();

  const Received r = read_frames(folder / "frames.csv");
  const std::int64_t lost = lost_after(r, kills), by_itself = lost_after(r, peace);
  MESSAGE(r.pictures.size() << " pictures received, " << r.missing() << " missing in all, " << lost
                            << " around " << kills.size() << " kills, " << by_itself
                            << " in as many quiet seconds");
  CHECK(lost <= by_itself + 1);
  CHECK(r.missing() <= static_cast<std::int64_t>(lost_pictures(last)) + 4);

  // The file that nobody closed.
  const auto check = check_recording(last.record.path);
  REQUIRE(check.ok());
  CHECK(check->errors == 0);
  CHECK(check->seconds >= last.record.seconds - 2.0);
  std::optional<FrameCode> newest;
  each_picture(last.record.path, kWidth, kHeight, [&](int, const std::uint8_t* luma) {
    if (auto code =
            read_frame_code(luma, kWidth, kWidth, kHeight, frame_code_rect(kWidth, kHeight)))
      newest = code;
  });
  REQUIRE(newest);
  const double before_end = static_cast<double>(killed - newest->captured_us) * 1e-6;
  MESSAGE("recording: " << check->seconds << " s of " << last.record.seconds
                        << ", its last picture is " << before_end << " s older than the kill");
  CHECK(before_end <= 2.0);
  CHECK(before_end >= 0);
}
