// SPDX-License-Identifier: GPL-3.0-or-later
#include <sstream>

#include <doctest/doctest.h>

#include "core/decibel.h"
#include "core/log.h"
#include "core/result.h"
#include "core/secret.h"
#include "core/settings.h"
#include "core/stats.h"
#include "core/text.h"
#include "tests/support/manual_clock.h"

using namespace kakehashi;

TEST_CASE("decibels and factors") {
  CHECK(Decibel{0}.to_linear() == doctest::Approx(1.0));
  CHECK(Decibel{-6.0206}.to_linear() == doctest::Approx(0.5).epsilon(1e-4));
  CHECK(Decibel::from_linear(0.1).value == doctest::Approx(-20.0));
  CHECK(Decibel::silence().to_linear() == 0.0F);
  CHECK(Decibel::from_linear(0.0) == Decibel::silence());
}

TEST_CASE("an error's sentence grows on the way up") {
  const Result<int> r =
      Error{ErrorKind::FixSetup, "device is busy"}.context("open camera \"cam_main\"");
  REQUIRE_FALSE(r);
  CHECK(r.error().message == "open camera \"cam_main\": device is busy");
  CHECK(Result<int>(3).value() == 3);
}

TEST_CASE("a secret prints as stars and is cut out of sentences") {
  const Secret key("abcd-efgh-1234");
  std::ostringstream out;
  out << key;
  CHECK(out.str() == "***");
  redact_in_logs(key);
  CHECK(redacted("rtmp://host/live/abcd-efgh-1234 refused") == "rtmp://host/live/*** refused");
}

TEST_CASE("a histogram answers median and tail") {
  LatencyHistogram h;
  for (int i = 1; i <= 100; ++i) h.add(Duration::milliseconds(i));
  CHECK(h.quantile(0.5).to_milliseconds() == doctest::Approx(50).epsilon(0.02));
  CHECK(h.quantile(0.95).to_milliseconds() == doctest::Approx(95).epsilon(0.02));
  CHECK(h.max() == Duration::milliseconds(100));
  CHECK(h.count() == 100);
  LatencyHistogram empty;
  CHECK(empty.quantile(0.5) == Duration{});
}

TEST_CASE("a setting falls back to its field's value, and whole numbers serve as fractions") {
  KindDescription kind{
      "k",
      {},
      {{"speed", {}, 1.5, false, 0, 10, {}}, {"url", {}, std::string("x"), false, 0, 0, {}}},
      true,
      false};
  CHECK(setting<double>(kind, {}, "speed") == 1.5);
  CHECK(setting<double>(kind, {{"speed", std::int64_t{3}}}, "speed") == 3.0);
  CHECK(setting<std::string>(kind, {{"url", std::string("y")}}, "url") == "y");
}

TEST_CASE("English falls back to Japanese, never to nothing") {
  CHECK(Text{"本線", "Program"}.pick(Language::English) == "Program");
  CHECK(Text{"中村 さくら", ""}.pick(Language::English) == "中村 さくら");
}

TEST_CASE("a manual clock moves only by hand") {
  testing::ManualClock clock;
  const MediaTime before = clock.now();
  clock.advance(Duration::milliseconds(40));
  CHECK(clock.now() - before == Duration::milliseconds(40));
}

TEST_CASE("of a reason, what to do is its last sentence") {
  const auto of = [](const char* reason) { return what_to_do(std::string(reason)); };
  CHECK(of("届きません。→ 電源を確認") == "電源を確認");
  CHECK(of("切れました。再接続しています。回線を確認してください。") == "回線を確認してください。");
  CHECK(of("No picture from 10.0.0.1. -> Check its power") == "Check its power");
  CHECK(of("No answer. Check port 1935.") == "Check port 1935.");
  CHECK(of("回線を確認してください。") == "回線を確認してください。");
  CHECK(of("").empty());
}
