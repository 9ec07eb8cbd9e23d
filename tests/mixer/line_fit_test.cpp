// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/line_fit.h"

#include <doctest/doctest.h>

#include <chrono>

namespace kakehashi {
namespace {

// A font whose letters are all as wide as high.
LineFit fitted(const std::string& text, LineWish wish) {
  return fit_lines(text, break_chances(text), wish, [&](std::size_t from, std::size_t to) {
    return wish.size * static_cast<double>(letter_starts(text.substr(from, to - from)).size() - 1);
  });
}
std::string joined(const std::string& text, const LineFit& fit) {
  std::string out;
  for (const Line& l : fit.lines)
    out += (out.empty() ? "" : "|") + text.substr(l.from, l.to - l.from);
  return out;
}
LineWish box(double width, double height, bool wrap = true) {
  return {40, 20, width, height, 1.25, 1.0, wrap, 4};
}

TEST_CASE("what fits stays as it was written") {
  const LineFit f = fitted("危機管理課", box(200, 40));
  CHECK(f.fit == Fit::Whole);
  CHECK(f.size == 40);
  CHECK(f.lines.size() == 1);
  CHECK(fitted("", box(10, 40)).fit == Fit::Whole);
  CHECK(fitted("", box(10, 40)).lines.size() == 1);
  CHECK(fitted("一\n二", box(100, 100)).fit == Fit::Whole);
  CHECK(fitted("一\n二", box(100, 100)).lines.size() == 2);
}

TEST_CASE("a little too long becomes smaller, much too long becomes two lines") {
  const LineFit shrunk = fitted("危機管理課", box(180, 100));
  CHECK(shrunk.fit == Fit::Shrunk);
  CHECK(shrunk.size <= 36);
  CHECK(shrunk.size > 34.5);
  const std::string text = "区民講座「家庭でできる地震の備え」";
  const LineFit broken = fitted(text, box(520, 100));
  CHECK(broken.fit == Fit::Broken);
  CHECK(broken.size == 40);
  CHECK(broken.worst_break == 6);
  CHECK(joined(text, broken) == "区民講座|「家庭でできる地震の備え」");
}

TEST_CASE("two lines are alike where the places are as good") {
  const std::string text = "防災、福祉、教育、交通、環境、文化";
  CHECK(joined(text, fitted(text, box(400, 100))) == "防災、福祉、教育、|交通、環境、文化");
}

TEST_CASE("a line that may not break is made smaller down to its floor, then it overflows") {
  CHECK(fitted("危機管理課地域防災", box(180, 40, false)).fit == Fit::Shrunk);
  CHECK(fitted("危機管理課地域防災", box(180, 40, false)).size == doctest::Approx(20));
  const LineFit f = fitted("危機管理課地域防災係", box(180, 40, false));
  CHECK(f.fit == Fit::Overflow);
  CHECK(f.size <= 18);  // below the floor, to be seen
  CHECK(f.size > 17);
  CHECK(fitted("危機管理課地域防災係主任", box(100, 40, false)).size == doctest::Approx(12));
  CHECK(f.lines.size() == 1);
}

TEST_CASE("a word too long for any line is broken to be seen, and that is an overflow") {
  const std::string text = "https://www.city.example.jp";  // 27 letters, at the floor 540 wide
  const LineFit f = fitted(text, box(300, 100));
  CHECK(f.fit == Fit::Overflow);
  CHECK(f.lines.size() >= 2);
  for (const Line& l : f.lines) CHECK(static_cast<double>(l.to - l.from) * f.size <= 300.1);
  CHECK(f.lines.front().from == 0);
  CHECK(f.lines.back().to == text.size());
}

TEST_CASE("too high is too large") {
  const LineFit f = fitted("一\n二", box(400, 60));
  CHECK(f.fit == Fit::Shrunk);
  CHECK(f.size * 2.25 <= 60.1);
  CHECK(fitted("一\n二\n三\n四\n五", box(400, 60)).fit == Fit::Overflow);
  CHECK(fitted("一\n二\n三\n四\n五", box(400, 60)).lines.size() == 5);
}

TEST_CASE("no letter is lost and none is in two lines") {
  const std::string text = "みどり区 危機管理室\n危機管理課、地域防災係。主任主事 100 名";
  for (double width = 40; width < 900; width += 37) {
    const LineFit f = fitted(text, box(width, 120));
    CAPTURE(width);
    std::size_t at = 0;
    for (const Line& l : f.lines) {
      REQUIRE(l.from <= l.to);
      for (; at < l.from; ++at) REQUIRE((text[at] == ' ' || text[at] == '\n'));
      at = l.to;
    }
    CHECK(at == text.size());
  }
}

}  // namespace
}  // namespace kakehashi
