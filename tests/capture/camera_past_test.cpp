// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/camera_past.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <set>
#include <string>

using namespace kakehashi;

namespace {

const std::vector<CameraMode> kModes{{"video/x-raw", "YUY2", 1280, 720, {30, 1}},
                                     {"image/jpeg", "MJPG", 1280, 720, {30, 1}},
                                     {"video/x-raw", "YUY2", 640, 480, {30, 1}}};
const CameraWish kWish{1280, 720, {30, 1}};

// A camera that refuses what is in `refuses`, counting how often it was tried.
struct Device {
  std::set<std::string> refuses;
  int error = EINVAL;
  int tries = 0, once = 0;  // `once`: so many starts are refused whatever they are
  std::string ask(CameraPast& past) {
    const auto c = past.choose(kModes, kWish, [&](const CameraMode& m) {
      ++tries;
      if (once > 0) return --once, error;
      return refuses.contains(m.format + std::to_string(m.width)) ? error : 0;
    });
    refusal = c.refusal;
    chosen = c.mode;
    return c.mode ? c.mode->format + std::to_string(c.mode->width) : "none";
  }
  int refusal = 0;
  std::optional<CameraMode> chosen;
};

}  // namespace

TEST_CASE("a camera that never refused is not tried before it is opened") {
  CameraPast past;
  Device d;
  CHECK(d.ask(past) == "YUY21280");
  past.works();
  CHECK(d.ask(past) == "YUY21280");
  CHECK(d.tries == 0);
}

TEST_CASE("a camera whose stream died is tried before it is opened again") {
  CameraPast past;
  Device d;
  d.ask(past);
  past.works();
  past.died();
  d.refuses = {"YUY21280"};
  CHECK(d.ask(past) == "MJPG1280");
}

TEST_CASE("after a refusal the next format is taken, and the best again once it works") {
  CameraPast past;
  Device d;
  d.refuses = {"YUY21280"};
  past.failed(*(d.ask(past), d.chosen));
  CHECK(d.ask(past) == "MJPG1280");
  CHECK(d.tries > 0);
  past.works();
  CHECK(d.ask(past) == "MJPG1280");
  d.refuses.clear();
  CHECK(d.ask(past) == "YUY21280");
}

TEST_CASE("one refusal by accident does not cost the best format") {
  CameraPast past;
  Device d;
  past.failed(*(d.ask(past), d.chosen));
  d.once = 1;
  CHECK(d.ask(past) == "YUY21280");
}

TEST_CASE("a camera that refuses all is told why, each time with the best first") {
  CameraPast past;
  Device d;
  past.failed(*(d.ask(past), d.chosen));
  d.once = 1000;
  d.error = ENOSPC;
  CHECK(d.ask(past) == "none");
  CHECK(d.refusal == ENOSPC);
  d.once = 0;
  CHECK(d.ask(past) == "YUY21280");
}

TEST_CASE("a busy or vanished camera is not pressed with other formats") {
  for (const int error : {EBUSY, ENODEV, EACCES}) {
    CameraPast past;
    Device d;
    past.failed(*(d.ask(past), d.chosen));
    d.once = 1000;
    d.error = error;
    CHECK(d.ask(past) == "none");
    CHECK(d.refusal == error);
    CHECK(d.tries == 1);
  }
}

TEST_CASE("a format that was tried well and still failed is left out until pictures come") {
  CameraPast past;
  Device d;
  past.failed(*(d.ask(past), d.chosen));
  CHECK(d.ask(past) == "YUY21280");
  past.failed(*d.chosen);
  CHECK(d.ask(past) == "MJPG1280");
  past.works();
  CHECK(d.ask(past) == "YUY21280");
  // All formats in turn, then from the beginning.
  for (int i = 0; i < 3; ++i) past.failed(*(d.ask(past), d.chosen));
  CHECK(d.ask(past) == "YUY21280");
}

TEST_CASE("no mode of the wanted format") {
  CameraPast past;
  CameraWish wish = kWish;
  wish.format = "h264";
  const auto c = past.choose(kModes, wish, [](const CameraMode&) { return 0; });
  CHECK_FALSE(c.mode);
  CHECK(c.refusal == 0);
}
