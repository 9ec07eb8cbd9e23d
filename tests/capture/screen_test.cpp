// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/resource.h>

#include <algorithm>
#include <atomic>

#include "capture/device_watch.h"
#include "tests/capture/rig.h"

using namespace kakehashi;
using namespace kakehashi::testing;

TEST_CASE("each grab of the screen falls just before the program's tick") {
  auto x = Xvfb::start(1280, 720);
  REQUIRE(x);
  REQUIRE(run({"xsetroot", "-solid", "#0000ff"}, nullptr, {{"DISPLAY", x->display()}}) == 0);
  for (const Rate rate : {Rate{30, 1}, Rate{30000, 1001}}) {
    SourceRig rig({1280, 720, rate});
    auto source = rig.open("screen", {{"display", x->display()}, {"show_pointer", false}});
    if (!source.ok()) MESSAGE(source.error().message);
    REQUIRE(source.ok());
    const auto seen = rig.watch(**source, 60);
    REQUIRE(seen.size() == 60);
    std::vector<double> before;  // how long before its tick each was taken
    for (const auto& info : seen) {
      const Duration at = info.captured - rig.context.epoch;
      before.push_back((rate.time_of(rate.index_at(at) + 1) - at).to_milliseconds());
    }
    std::sort(before.begin(), before.end());
    // 4 ms by design; a busy machine wakes the thread late (less) or makes it start earlier (up to
    // 10 ms more). Free running it would be spread over 33 ms.
    CHECK(before[30] > 1.0);
    CHECK(before[5] > 0.0);
    CHECK(before[55] < 14.1);
    CHECK(seen[0].format == PixelFormat::BGRx);
    CHECK(seen[0].width == 1280);
    const FramePtr f = rig.video.newest(rig.clock.now());
    REQUIRE(f);
    CHECK(f->plane(0).data[0] == 255);  // blue
    CHECK(f->plane(0).data[2] == 0);
  }
}

TEST_CASE("while the ticks follow a camera, grabs fall before the ticks where they are now") {
  auto x = Xvfb::start(320, 180);
  REQUIRE(x);
  SourceRig rig({320, 180, {30, 1}});
  const auto grid = std::make_shared<TickGrid>(rig.context.epoch, Rate{30, 1});
  // Half a period off the nominal grid, and at a pace of its own.
  grid->move(rig.context.epoch + Duration::microseconds(16'700), Duration::microseconds(33'367));
  rig.context.grid = grid;
  auto source = rig.open("screen", {{"display", x->display()}, {"show_pointer", false}});
  REQUIRE(source.ok());
  CHECK_FALSE((*source)->own_pace());
  const auto seen = rig.watch(**source, 60);
  REQUIRE(seen.size() == 60);
  std::vector<double> before;
  for (const auto& info : seen) {
    const MediaTime tick = grid->after(grid->at_or_before(info.captured));
    before.push_back((tick - info.captured).to_milliseconds());
  }
  std::sort(before.begin(), before.end());
  CHECK(before[30] > 1.0);
  CHECK(before[55] < 14.1);
}

TEST_CASE("a region of the screen, and regions that are not there") {
  auto x = Xvfb::start(640, 480);
  REQUIRE(x);
  SourceRig rig;
  {
    auto source = rig.open("screen", {{"display", x->display()},
                                      {"x", std::int64_t{100}},
                                      {"y", std::int64_t{50}},
                                      {"width", std::int64_t{320}},
                                      {"height", std::int64_t{180}}});
    REQUIRE(source.ok());
    const auto seen = rig.watch(**source, 5);
    REQUIRE(seen.size() == 5);
    CHECK(seen[0].width == 320);
    CHECK(seen[0].height == 180);
  }
  auto outside = rig.open("screen", {{"display", x->display()}, {"width", std::int64_t{700}}});
  REQUIRE_FALSE(outside.ok());
  CHECK(outside.error().kind == ErrorKind::FixInput);
  CHECK(outside.error().message.find("640x480") != std::string::npos);
}

TEST_CASE("a screen that goes away ends neither the process nor the show") {
  auto x = Xvfb::start(640, 480);
  REQUIRE(x);
  SourceRig rig;
  auto source = rig.open("screen", {{"display", x->display()}});
  REQUIRE(source.ok());
  REQUIRE(rig.watch(**source, 5).size() == 5);
  x->process().signal(SIGKILL);
  CHECK(wait_until([&] { return !(*source)->poll().ok(); }));
  CHECK((*source)->poll().error().message.find(x->display()) != std::string::npos);
  source = Error{};  // closing a dead display must not hang or crash either
}

TEST_CASE("one window is captured while another covers it, and its closing is told") {
  auto x = Xvfb::start(640, 480);
  REQUIRE(x);
  const auto show = [&](const char* title, const char* colour, const char* place) {
    return Process::start({"xlogo", "-display", x->display(), "-title", title, "-bg", colour, "-fg",
                           colour, "-geometry", place});
  };
  SourceRig rig;
  const Settings wanted{{"display", x->display()}, {"window", "slides"}, {"show_pointer", false}};
  auto nobody = rig.open("screen", wanted);
  REQUIRE_FALSE(nobody.ok());
  CHECK(nobody.error().kind == ErrorKind::NotFound);
  CHECK(nobody.error().message.find("no window is called \"slides\"") != std::string::npos);

  auto slides = show("my slides 1", "#ff0000", "301x201+50+40");
  REQUIRE(slides);
  std::unique_ptr<Source> source;
  REQUIRE(wait_until([&] {
    auto opened = rig.open("screen", wanted);
    if (opened.ok()) source = std::move(opened).value();
    return source != nullptr;
  }));
  auto cover = show("other", "#00ff00", "500x400+0+0");
  REQUIRE(cover);
  const auto seen = rig.watch(*source, 30);
  REQUIRE(seen.size() == 30);
  CHECK(seen[0].width == 300);  // pairs of pixels
  CHECK(seen[0].height == 200);
  const FramePtr frame = rig.video.newest(rig.clock.now());
  REQUIRE(frame);
  const std::uint8_t* p = frame->plane(0).data + 100 * frame->plane(0).stride + 150 * 4;
  CHECK(static_cast<int>(p[2]) > 200);  // red: B G R x
  CHECK(static_cast<int>(p[1]) < 50);
  slides->signal(SIGTERM);
  CHECK(wait_until([&] { return !source->poll().ok(); }));
  CHECK(source->poll().error().message.find("closed") != std::string::npos);
}

TEST_CASE("a display that comes and goes is seen by the watch, and the list says so once") {
  std::atomic<int> calls{0};
  DeviceWatch watch([&] { ++calls; });
  REQUIRE(wait_until([&] { return watch.generation() > 0; }));
  const auto has = [&](const std::string& display) {
    const auto all = watch.devices();
    return std::any_of(all.begin(), all.end(), [&](const Device& d) { return d.id == display; });
  };
  std::string display;
  {
    auto x = Xvfb::start(640, 480);
    REQUIRE(x);
    display = x->display();
    CHECK(wait_until([&] { return has(display); }));
    const auto all = watch.devices();
    const auto it =
        std::find_if(all.begin(), all.end(), [&](const Device& d) { return d.id == display; });
    REQUIRE(it != all.end());
    CHECK(it->kind == "screen");
    CHECK(it->formats == std::vector<std::string>{"640x480"});
  }
  CHECK(wait_until([&] { return !has(display); }));
  CHECK(watch.generation() >= 2);
  // The callback follows the number, each time.
  CHECK(wait_until([&] { return calls.load() == static_cast<int>(watch.generation()); }));
}
