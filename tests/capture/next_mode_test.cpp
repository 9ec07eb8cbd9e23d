// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/next_mode.h"

#include <doctest/doctest.h>

using namespace kakehashi;

namespace {

CameraMode mode(const char* media, const char* format, int w, int h) {
  return {media, format, w, h, {30, 1}};
}

std::string after(const std::vector<CameraMode>& modes, int refused, const char* format = "auto") {
  CameraWish wish{1280, 720, {30, 1}};
  wish.format = format;
  const auto m = mode_after_refusals(modes, wish, refused);
  return m ? words_of(*m) : "none";
}

}  // namespace

TEST_CASE("after a refusal: another pixel format, then JPEG instead of raw, then smaller") {
  const std::vector<CameraMode> modes{
      mode("video/x-raw", "YUY2", 1280, 720), mode("video/x-raw", "NV12", 1280, 720),
      mode("video/x-raw", "YUY2", 640, 480), mode("image/jpeg", "MJPG", 1280, 720)};
  const std::string best = after(modes, 0), second = after(modes, 1);
  CHECK(best != second);
  CHECK(best.find("1280x720") == 0);
  CHECK(second.find("1280x720") == 0);
  CHECK(second.find("MJPG") == std::string::npos);
  CHECK(after(modes, 2).find("MJPG") != std::string::npos);
  CHECK(after(modes, 3).find("640x480") == 0);
  CHECK(after(modes, 4) == best);
}

TEST_CASE("a camera of one mode is asked for it again; a wanted format is not left") {
  const std::vector<CameraMode> one{mode("image/jpeg", "MJPG", 1280, 720)};
  for (int refused = 0; refused < 5; ++refused) CHECK(after(one, refused) == after(one, 0));
  CHECK(after(one, 1, "raw") == "none");
  const std::vector<CameraMode> two{mode("image/jpeg", "MJPG", 1280, 720),
                                    mode("video/x-raw", "YUY2", 1280, 720)};
  for (int refused = 0; refused < 5; ++refused)
    CHECK(after(two, refused, "mjpg").find("MJPG") != std::string::npos);
}
