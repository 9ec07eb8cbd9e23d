// SPDX-License-Identifier: GPL-3.0-or-later
// Cameras that fail in every way the driver can fail them, while they are on program.
#include <doctest/doctest.h>

#include "tests/lab/devices.h"
#include "tests/lab/programme.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

constexpr double kBack = 5;  // seconds until a picture is back after its cable is

struct OnAir {
  OnAir() : p(folder, {camera_input("cam_main", kLeft), camera_input("cam_wide", kRight)}) {
    p.until_live("cam_main", 10);
    p.until_live("cam_wide", 10);
    p.record();
    p.run_for(1);
    before = p.input("cam_wide");
    since = now_us();
  }
  // The other camera went on as if nothing were.
  void other_undisturbed() {
    const double seconds = static_cast<double>(now_us() - since) * 1e-6;
    const InputStatus now = p.input("cam_wide");
    const auto captured = static_cast<double>(now.captured - before.captured);
    CHECK(now.signal == SignalState::Live);
    CHECK(now.restarts == before.restarts);
    CHECK(now.dropped == before.dropped);
    CHECK(now.lost == before.lost);
    CHECK(captured > (seconds - 0.2) * kLabFps);
  }
  TempDir folder;
  Programme p;
  InputStatus before;
  std::int64_t since = 0;
};

void paint() {
  show(kLeft, Shown::Red);
  show(kRight, Shown::Green);
}

}  // namespace

TEST_CASE("one camera dies while on air and the other goes on") {
  paint();
  OnAir air;
  for (const char* how : {"disconnect", "inject_fatal_streaming_error"}) {
    CAPTURE(how);
    const std::uint64_t restarts = air.p.input("cam_main").restarts;
    set_control(kLeft, how, 1);
    const double back = air.p.until(
        "it is opened again",
        [&](const Snapshot& s) {
          const InputStatus& i = input_of(s, "cam_main");
          return i.restarts > restarts && i.signal == SignalState::Live;
        },
        kBack);
    MESSAGE(how << ": back after " << back << " s");
    CHECK(back <= kBack);
    air.p.run_for(1);
  }
  air.other_undisturbed();
  const std::string recording = air.p.end();
  check_uninterrupted(recording);
  CHECK(columns(recording)[1] == "g");
}

TEST_CASE("a camera that refuses to stream is asked again until it does") {
  paint();
  OnAir air;
  for (const char* how : {"inject_vidioc_streamon_error", "inject_vidioc_reqbufs_error",
                          "inject_vidioc_qbuf_error"}) {
    CAPTURE(how);
    const std::uint64_t before = air.p.input("cam_main").restarts;
    set_control(kLeft, how, 1);  // the next one only
    set_control(kLeft, "inject_fatal_streaming_error", 1);
    // It may be back before the next snapshot is made (two a second while nobody looks).
    air.p.until(
        "it is opened again",
        [&](const Snapshot& s) { return input_of(s, "cam_main").restarts > before; }, 5 + kBack);
    CHECK(air.p.until_live("cam_main", kBack) <= kBack);
    air.p.run_for(1);
  }
  air.other_undisturbed();
  const std::string recording = air.p.end();
  check_uninterrupted(recording);
}

TEST_CASE("a camera that loses a fifth of its pictures stays on air") {
  paint();
  OnAir air;
  const InputStatus begin = air.p.input("cam_main");
  set_control(kLeft, "percentage_of_dropped_buffers", 20);
  air.p.run_for(5);
  const InputStatus now = air.p.input("cam_main");
  set_control(kLeft, "percentage_of_dropped_buffers", 0);
  CHECK(now.signal == SignalState::Live);
  CHECK(now.restarts == begin.restarts);
  const auto captured = static_cast<double>(now.captured - begin.captured);
  MESSAGE("captured " << captured << " of " << 5 * kLabFps << ", counted as lost "
                      << now.lost - begin.lost);
  CHECK(captured < 0.92 * 5 * kLabFps);
  CHECK(captured > 0.65 * 5 * kLabFps);
  // The driver's own numbering tells us of each.
  CHECK(static_cast<double>(now.lost - begin.lost) > 0.1 * 5 * kLabFps);
  air.other_undisturbed();
  check_uninterrupted(air.p.end());
}

TEST_CASE("all cameras are pulled and plugged again while on air") {
  paint();
  OnAir air;
  unplug_cameras();
  air.p.until_lost("cam_main", 5);
  air.p.until_lost("cam_wide", 5);
  air.p.run_for(6);
  const InputStatus gone = air.p.input("cam_main");
  CHECK(gone.signal == SignalState::Lost);
  CHECK_FALSE(gone.reason.ja.empty());
  plug_cameras();
  paint();
  const double first = air.p.until_live("cam_main", kBack);
  const double both = first + air.p.until_live("cam_wide", kBack);
  MESSAGE("back after " << first << " and " << both << " s");
  CHECK(both <= kBack);
  air.p.run_for(2);
  const std::string recording = air.p.end();
  check_uninterrupted(recording);
  const auto seen = columns(recording);
  CHECK(seen[0].front() == 'r');
  CHECK(seen[0].back() == 'r');
  CHECK(seen[1].front() == 'g');
  CHECK(seen[1].back() == 'g');
}
