// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/rate_advice.h"

#include <doctest/doctest.h>

#include <random>

#include "capture/cadence.h"
#include "tests/support/pretend_camera.h"

using namespace kakehashi;
using kakehashi::testing::PretendCamera;

namespace {

// Looks every 100 ms while pictures come; how many looks found it speaking.
struct Looks {
  explicit Looks(Rate program) : advice(program) {}
  int at(MediaTime until) {
    int spoken = 0;
    for (; next <= until; next = next + Duration::milliseconds(100)) {
      advice.look(cadence.per_second(), next);
      spoken += advice.wrong() ? 1 : 0;
    }
    return spoken;
  }
  int camera(double fps, double seconds, double sigma_ms = 0.7) {
    PretendCamera c;
    c.per_second = fps;
    c.sigma_ms = sigma_ms;
    c.phase = next - c.captured(0);
    int spoken = 0;
    for (std::int64_t k = 0; k < static_cast<std::int64_t>(seconds * fps); ++k) {
      const MediaTime t = c.arrived(k);
      spoken += at(t);
      cadence.add(t);
    }
    return spoken;
  }
  RateAdvice advice;
  Cadence cadence;
  MediaTime next{1'000'000'000};
};

}  // namespace

TEST_CASE("25 and 50 in 30 and 60 are told, and the other way round") {
  for (const auto& both :
       {std::pair{25.0, Rate{30, 1}}, std::pair{50.0, Rate{60, 1}}, std::pair{25.0, Rate{60, 1}},
        std::pair{50.0, Rate{30000, 1001}}, std::pair{30000 / 1001.0, Rate{25, 1}},
        std::pair{60.0, Rate{50, 1}}, std::pair{60000 / 1001.0, Rate{25, 1}}}) {
    const double camera = both.first;
    const Rate program = both.second;
    CAPTURE(camera);
    Looks looks(program);
    CHECK(looks.camera(camera, 5) == 0);  // not before it is sure
    CHECK(looks.camera(camera, 15) > 80);
    CHECK(looks.advice.wrong());
    CHECK_FALSE(looks.advice.words().ja.empty());
  }
}

TEST_CASE("the sentence names both rates and one action") {
  Looks looks({30000, 1001});
  looks.camera(25, 20);
  const Text words = looks.advice.words();
  CHECK(words.en.find("25 pictures") != std::string::npos);
  CHECK(words.en.find("29.97") != std::string::npos);
  CHECK(what_to_do(words).en == "Set the camera to 29.97 (NTSC, 60 Hz)");
  CHECK(what_to_do(words).ja == "カメラの設定を29.97枚（NTSC・60Hz）に変更");
}

TEST_CASE("what belongs together is not complained of") {
  for (const auto& both :
       {std::pair{30.0, Rate{30, 1}}, std::pair{30000 / 1001.0, Rate{30, 1}},
        std::pair{59.94, Rate{30, 1}}, std::pair{30.0, Rate{60, 1}}, std::pair{15.0, Rate{30, 1}},
        std::pair{24.0, Rate{30, 1}}, std::pair{20.0, Rate{30, 1}}, std::pair{25.0, Rate{25, 1}},
        std::pair{50.0, Rate{25, 1}}}) {
    const double camera = both.first;
    const Rate program = both.second;
    CAPTURE(camera);
    Looks looks(program);
    CHECK(looks.camera(camera, 30) == 0);
  }
}

TEST_CASE("start-up, a source that changes now and then, and noise around 25 are silent") {
  std::mt19937 random(3);
  Looks looks({30, 1});
  CHECK(looks.at(looks.next + Duration::seconds(20)) == 0);  // nothing yet
  MediaTime t = looks.next;
  for (int i = 0; i < 400; ++i) {
    t = t + Duration::milliseconds(std::uniform_int_distribution<>(33, 2000)(random));
    CHECK(looks.at(t) == 0);
    looks.cadence.add(t);
  }
  for (int i = 0; i < 4000; ++i) {  // 25 a second on average, without any rhythm
    t = t + Duration::milliseconds(std::uniform_int_distribution<>(10, 70)(random));
    CHECK(looks.at(t) == 0);
    looks.cadence.add(t);
  }
}

TEST_CASE("it does not blink, and stops when the camera was set right") {
  Looks looks({30, 1});
  looks.camera(25, 20);
  REQUIRE(looks.advice.wrong());
  CHECK(looks.camera(30, 3) > 25);  // still spoken
  CHECK(looks.camera(25, 3) > 25);
  looks.camera(30, 12);
  CHECK_FALSE(looks.advice.wrong());
  CHECK(looks.advice.words().ja.empty());
  CHECK(looks.camera(25, 3) == 0);
}

TEST_CASE("another device is a new beginning") {
  Looks looks({30, 1});
  looks.camera(25, 20);
  looks.advice.forget();
  CHECK_FALSE(looks.advice.wrong());
}
