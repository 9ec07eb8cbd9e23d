// SPDX-License-Identifier: GPL-3.0-or-later
// A camera that shows what ffmpeg writes into it (v4l2loopback): MJPEG in full HD, and a producer
// that hangs without an error.
#include <doctest/doctest.h>

#include <csignal>

#include "tests/lab/devices.h"
#include "tests/lab/programme.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

std::unique_ptr<Process> feed(const std::string& port, const std::string& size) {
  auto writer = Process::start({"ffmpeg", "-nostdin", "-loglevel", "error", "-re", "-f", "lavfi",
                                "-i", "color=white:s=" + size + ":r=30", "-c:v", "mjpeg", "-q:v",
                                "6", "-threads", "1", "-f", "v4l2", node_at(port)});
  REQUIRE(writer);
  return writer;
}

}  // namespace

TEST_CASE("MJPEG 1920x1080 at 30 a second") {
  const auto writer = feed(kFeeds[0], "1920x1080");
  const TempDir folder;
  Programme p(folder, {camera_input("cam", kFeeds[0], R"("format": "mjpg")")});
  p.until_live("cam", 15);
  p.run_for(2);
  const InputStatus begin = p.input("cam");
  CHECK(begin.format.find("1920x1080") != std::string::npos);
  CHECK(begin.format.find("30") != std::string::npos);
  p.record();
  p.run_for(4);
  const InputStatus end = p.input("cam");
  CHECK(end.captured - begin.captured >= 115);
  CHECK(end.restarts == begin.restarts);
  const std::string recording = p.end();
  check_uninterrupted(recording);
  CHECK(columns(recording)[0] == "w");
}

TEST_CASE("a producer that hangs is noticed and taken back") {
  const auto writer = feed(kFeeds[1], "640x360");
  show(kLeft, Shown::Green);
  const TempDir folder;
  Programme p(folder, {camera_input("cam", kFeeds[1]), camera_input("cam_main", kLeft)});
  p.until_live("cam", 15);
  p.until_live("cam_main", 10);
  p.record();
  p.run_for(2);
  const std::uint64_t restarts = p.input("cam_main").restarts;
  writer->signal(SIGSTOP);
  const double noticed = p.until_lost("cam", 6);
  MESSAGE("noticed after " << noticed << " s");
  p.run_for(4);
  writer->signal(SIGCONT);
  const double back = p.until_live("cam", 5);
  MESSAGE("back after " << back << " s");
  CHECK(back <= 5);
  CHECK(p.input("cam_main").restarts == restarts);
  p.run_for(1);
  const std::string recording = p.end();
  check_uninterrupted(recording);
  const auto seen = columns(recording);
  CHECK(seen[0].front() == 'w');
  CHECK(seen[0].back() == 'w');
  CHECK(seen[1] == "g");
}
