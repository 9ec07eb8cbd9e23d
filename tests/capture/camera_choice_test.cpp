// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/camera_choice.h"

#include "tests/capture/rig.h"

using namespace kakehashi;

namespace {

std::vector<CameraMode> modes(const char* text) {
  REQUIRE(init_capture().ok());
  GstCaps* caps = gst_caps_from_string(text);
  REQUIRE(caps);
  auto m = camera_modes(caps);
  gst_caps_unref(caps);
  return m;
}

// A webcam: raw is fast enough only when small.
constexpr const char* kWebcam =
    "video/x-raw,format=YUY2,width=1920,height=1080,framerate=5/1;"
    "video/x-raw,format=YUY2,width=1280,height=720,framerate=(fraction){10/1,5/1};"
    "video/x-raw,format=YUY2,width=640,height=480,framerate=(fraction){30/1,15/1};"
    "image/jpeg,width=1920,height=1080,framerate=30/1;"
    "image/jpeg,width=1280,height=720,framerate=(fraction){60/1,30/1};"
    "video/x-h264,width=1920,height=1080,framerate=30/1";
// An HDMI stick on USB 3.
constexpr const char* kStick =
    "video/x-raw,format=(string){NV12,YUY2},width=1920,height=1080,"
    "framerate=(fraction){60/1,60000/1001,30/1,30000/1001};"
    "image/jpeg,width=1920,height=1080,framerate=60/1";

}  // namespace

TEST_CASE("a webcam gives full HD by JPEG, because raw is too slow") {
  const auto all = modes(kWebcam);
  CHECK(all.size() == 8);
  const CameraMode* m = choose_mode(all, 1920, 1080, {30, 1}, "auto");
  REQUIRE(m);
  CHECK(m->format == "MJPG");
  CHECK(m->width == 1920);
  m = choose_mode(all, 640, 480, {30, 1}, "auto");
  REQUIRE(m);
  CHECK(m->format == "YUY2");
  CHECK(m->width == 640);
  m = choose_mode(all, 1280, 720, {30, 1}, "auto");
  REQUIRE(m);
  CHECK(m->format == "MJPG");
  CHECK(m->rate == Rate{30, 1});
  m = choose_mode(all, 1920, 1080, {30, 1}, "raw");
  REQUIRE(m);
  CHECK(m->format == "YUY2");
  CHECK(m->rate == Rate{30, 1});  // smooth before large
}

TEST_CASE("an HDMI stick gives raw pictures of the program's rate") {
  const auto all = modes(kStick);
  const CameraMode* m = choose_mode(all, 1920, 1080, {30, 1}, "auto");
  REQUIRE(m);
  CHECK(m->media == "video/x-raw");
  CHECK(m->rate == Rate{30, 1});
  m = choose_mode(all, 1920, 1080, {60000, 1001}, "auto");
  REQUIRE(m);
  CHECK(m->rate == Rate{60000, 1001});
  CHECK(choose_mode({}, 1920, 1080, {30, 1}, "auto") == nullptr);
}
