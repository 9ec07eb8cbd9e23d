// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/stream_line.h"

#include <algorithm>
#include <cmath>

namespace kakehashi {
namespace {

constexpr double kPiece = 0.1;          // seconds of sound of which the least late counts
constexpr double kAlwaysGood = 0.0001;  // seconds off the line
constexpr int kPasses = 3;

}  // namespace

void StreamLine::add(std::int64_t frames, MediaTime at) {
  if (!any_) first_ = at;
  any_ = true;
  frames_ += frames;
  const double sound = static_cast<double>(frames_) / rate_;
  const Point p{sound, (at - first_).to_seconds() - sound};
  auto& run = runs_.back();
  if (run.empty() || std::floor(run.back().at / kPiece) != std::floor(p.at / kPiece))
    run.push_back(p);
  else if (p.late < run.back().late)
    run.back() = p;
}

void StreamLine::broken() {
  if (!runs_.back().empty()) runs_.emplace_back();
}

StreamLine::Line StreamLine::line_of(const std::vector<Point>& points) {
  Line line;
  if (points.empty()) return line;
  line.seconds = points.back().at - points.front().at;
  // A stall of the whole machine makes some tenths late as a whole: those far off are left out.
  double allowed = 1e9;
  for (int pass = 0; pass < kPasses; ++pass) {
    double n = 0, at = 0, late = 0, square = 0, product = 0;
    const auto off = [&](const Point& p) {
      return std::abs(p.late - line.late - line.slope * (p.at - line.at));
    };
    std::vector<Point> used;
    for (const Point& p : points)
      if (pass == 0 || off(p) <= allowed) used.push_back(p);
    for (const Point& p : used) n += 1, at += p.at, late += p.late;
    at /= n, late /= n;
    for (const Point& p : used)
      square += (p.at - at) * (p.at - at), product += (p.at - at) * (p.late - late);
    line.at = at, line.late = late;
    line.slope = square > 0 ? product / square : 0;
    std::vector<double> offs;
    offs.reserve(used.size());
    for (const Point& p : used) offs.push_back(off(p));
    std::nth_element(offs.begin(), offs.begin() + static_cast<std::ptrdiff_t>(offs.size() / 2),
                     offs.end());
    allowed = std::max(kAlwaysGood, 3 * offs[offs.size() / 2]);
  }
  // No piece is early: the truth lies under the points.
  std::vector<Point> hull;
  const auto turns_left = [](const Point& a, const Point& b, const Point& c) {
    return (b.at - a.at) * (c.late - a.late) - (b.late - a.late) * (c.at - a.at) > 0;
  };
  for (const Point& p : points) {
    if (std::abs(p.late - line.late - line.slope * (p.at - line.at)) > allowed) continue;
    while (hull.size() >= 2 && !turns_left(hull[hull.size() - 2], hull.back(), p)) hull.pop_back();
    hull.push_back(p);
  }
  for (std::size_t i = 1; i < hull.size(); ++i)
    if (hull[i].at >= line.at && hull[i].at > hull[i - 1].at) {
      line.slope = (hull[i].late - hull[i - 1].late) / (hull[i].at - hull[i - 1].at);
      line.at = hull[i].at;
      line.late = hull[i].late;
      break;
    }
  line.ppm = (1 / (1 + line.slope) - 1) * 1e6;
  return line;
}

StreamLine::Line StreamLine::longest() const {
  const auto& run = *std::max_element(
      runs_.begin(), runs_.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
  return line_of(run);
}

double StreamLine::time_of(double frame) const {
  const Line line =
      line_of(runs_.back().empty() && runs_.size() > 1 ? runs_[runs_.size() - 2] : runs_.back());
  const double at = frame / rate_;
  return (first_ - MediaTime{}).to_seconds() + at + line.late + line.slope * (at - line.at);
}

}  // namespace kakehashi
