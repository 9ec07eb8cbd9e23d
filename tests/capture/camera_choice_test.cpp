// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/camera_choice.h"

#include <doctest/doctest.h>

using namespace kakehashi;

namespace {

constexpr const char *kRaw = "video/x-raw", *kJpeg = "image/jpeg", *kH264 = "video/x-h264";

void add(std::vector<CameraMode>& to, const char* media, const char* format, int w, int h,
         std::initializer_list<Rate> rates) {
  for (const Rate r : rates) to.push_back({media, format, w, h, r, Scan::Progressive});
}

// An office webcam on USB 2, as most are: raw is fast enough only when small.
std::vector<CameraMode> webcam() {
  std::vector<CameraMode> m;
  add(m, kRaw, "YUY2", 1920, 1080, {{5, 1}});
  add(m, kRaw, "YUY2", 1280, 720, {{10, 1}, {5, 1}});
  add(m, kRaw, "YUY2", 640, 480, {{30, 1}, {15, 1}});
  add(m, kJpeg, "MJPG", 1920, 1080, {{30, 1}});
  add(m, kJpeg, "MJPG", 1280, 720, {{60, 1}, {30, 1}});
  add(m, kH264, "H264", 1920, 1080, {{30, 1}});
  add(m, kRaw, "GRAY8", 1920, 1080, {{30, 1}});  // its infrared eye
  return m;
}

// An HDMI stick on USB 3.
std::vector<CameraMode> stick() {
  std::vector<CameraMode> m;
  const std::initializer_list<Rate> rates{{60, 1}, {60000, 1001}, {30, 1}, {30000, 1001}};
  add(m, kRaw, "NV12", 1920, 1080, rates);
  add(m, kRaw, "YUY2", 1920, 1080, rates);
  add(m, kRaw, "RGB", 1920, 1080, rates);
  add(m, kJpeg, "MJPG", 1920, 1080, {{60, 1}});
  return m;
}

// A cheap stick that says it sends 1080p60 raw through a USB 2 cable.
std::vector<CameraMode> cheap_stick() {
  std::vector<CameraMode> m;
  add(m, kRaw, "YUY2", 1920, 1080, {{60, 1}, {30, 1}});
  add(m, kRaw, "YUY2", 1280, 720, {{30, 1}, {10, 1}});
  add(m, kJpeg, "MJPG", 1920, 1080, {{60, 1}, {30, 1}});
  add(m, kJpeg, "MJPG", 1280, 720, {{30, 1}});
  return m;
}

std::string chosen(const std::vector<CameraMode>& modes, const CameraWish& wish) {
  const CameraMode* m = choose_mode(modes, wish);
  return m ? words_of(*m) : "none";
}

}  // namespace

TEST_CASE("a webcam on USB 2 gives full HD by JPEG, because raw is too slow") {
  const auto all = webcam();
  const Rate r{30, 1};
  CHECK(chosen(all, {1920, 1080, r, "auto", 480}) == "1920x1080 30/1 MJPG");
  CHECK(chosen(all, {1280, 720, r, "auto", 480}) == "1280x720 30/1 MJPG");
  CHECK(chosen(all, {640, 480, r, "auto", 480}) == "640x480 30/1 YUY2");
  // Nothing of 960x540: larger, not smaller.
  CHECK(chosen(all, {960, 540, r, "auto", 480}) == "1280x720 30/1 MJPG");
  CHECK(chosen(all, {1920, 1080, r, "h264", 480}) == "1920x1080 30/1 H264");
  CHECK(chosen(all, {1280, 720, {60, 1}, "auto", 480}) == "1280x720 60/1 MJPG");
  CHECK(chosen(all, {1920, 1080, {30000, 1001}, "auto", 480}) == "1920x1080 30/1 MJPG");
}

TEST_CASE("raw only: smooth before large, and colours before grey") {
  CHECK(chosen(webcam(), {1280, 720, {30, 1}, "raw", 480}) == "640x480 30/1 YUY2");
  CHECK(chosen(webcam(), {1920, 1080, {30, 1}, "raw", 0}) == "640x480 30/1 YUY2");
}

TEST_CASE("an HDMI stick on USB 3 gives raw pictures of the program's rate, the lightest first") {
  const auto all = stick();
  CHECK(chosen(all, {1920, 1080, {30, 1}, "auto", 5000}) == "1920x1080 30/1 NV12");
  CHECK(chosen(all, {1920, 1080, {60000, 1001}, "auto", 5000}) == "1920x1080 60000/1001 NV12");
  CHECK(chosen(all, {1920, 1080, {60, 1}, "mjpg", 5000}) == "1920x1080 60/1 MJPG");
  CHECK(chosen(all, {1920, 1080, {30, 1}, "auto", 0}) == "1920x1080 30/1 NV12");
  CHECK(chosen({}, {}) == "none");
  CHECK(chosen(all, {1920, 1080, {30, 1}, "h264", 0}) == "none");
}

TEST_CASE("a mode that the cable cannot carry is not believed, one that fills it gives way") {
  const auto all = cheap_stick();
  CHECK(chosen(all, {1920, 1080, {30, 1}, "auto", 480}) == "1920x1080 30/1 MJPG");
  CHECK(chosen(all, {1280, 720, {30, 1}, "auto", 480}) == "1280x720 30/1 MJPG");
  CHECK(chosen(all, {1280, 720, {30, 1}, "auto", 5000}) == "1280x720 30/1 YUY2");
  // Where raw was asked for, the one that goes through.
  CHECK(chosen(all, {1280, 720, {30, 1}, "raw", 480}) == "1280x720 10/1 YUY2");
}

TEST_CASE("H.264 comes last, but before a picture that is too small or too slow") {
  std::vector<CameraMode> m;
  add(m, kH264, "H264", 1920, 1080, {{30, 1}});
  add(m, kRaw, "YUY2", 640, 360, {{30, 1}});
  CHECK(chosen(m, {1920, 1080, {30, 1}, "auto", 480}) == "1920x1080 30/1 H264");
  CHECK(chosen(m, {640, 360, {30, 1}, "auto", 480}) == "640x360 30/1 YUY2");
  add(m, kJpeg, "MJPG", 1920, 1080, {{30, 1}});
  CHECK(chosen(m, {1920, 1080, {30, 1}, "auto", 480}) == "1920x1080 30/1 MJPG");
}

TEST_CASE("a capture card follows its signal: one size, no rate, fields where they come") {
  std::vector<CameraMode> card{{kRaw, "RGB", 1920, 1080, {0, 1}, Scan::Interlaced},
                               {kRaw, "UYVY", 1920, 1080, {0, 1}, Scan::Interlaced}};
  CHECK(chosen(card, {1920, 1080, {30, 1}, "auto", 0}) == "1920x1080i UYVY");
  card.push_back({kRaw, "UYVY", 1920, 1080, {0, 1}, Scan::Progressive});
  CHECK(chosen(card, {1920, 1080, {60, 1}, "auto", 0}) == "1920x1080 UYVY");
  CHECK(chosen({{kRaw, "I420", 0, 0, {30, 1}, Scan::Progressive}}, {}) == "none");
}

TEST_CASE("what a camera offers: each size of each format once, rates from the highest") {
  const auto mode = [](const char* media, const char* format, int w, int h, Rate rate,
                       Scan scan = Scan::Progressive) {
    return CameraMode{media, format, w, h, rate, scan};
  };
  const auto all = offers_of({mode("image/jpeg", "MJPG", 1920, 1080, {15, 1}),
                              mode("image/jpeg", "MJPG", 1920, 1080, {30, 1}),
                              mode("image/jpeg", "MJPG", 1920, 1080, {30, 1}),
                              mode("video/x-raw", "YUY2", 640, 480, {30, 1}),
                              mode("video/x-h264", "H264", 1920, 1080, {30, 1}),
                              mode("video/x-raw", "UYVY", 1920, 1080, {0, 1}, Scan::Interlaced)});
  REQUIRE(all.size() == 4);
  CHECK(all[0] == CameraOffer{"MJPEG", "mjpg", 1920, 1080, false, {30, 15}});
  CHECK(all[1] == CameraOffer{"YUY2", "raw", 640, 480, false, {30}});
  CHECK(all[2] == CameraOffer{"H.264", "h264", 1920, 1080, false, {30}});
  CHECK(all[3] == CameraOffer{"UYVY", "raw", 1920, 1080, true, {}});
}
