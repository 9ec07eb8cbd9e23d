// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/flash_edge.h"

#include <algorithm>
#include <cmath>

namespace kakehashi {
namespace {

constexpr double kLeastContrast = 12;  // levels of luma
constexpr double kOutlier = 0.080;     // seconds off the period's grid
constexpr double kBefore = 0.25;       // how far back the dark level is looked for
constexpr double kWorstMisfit = 0.3;   // of the flash's height; a point counts no more than that
constexpr double kLeastDoubt = 0.0005;
constexpr double kCoarse = 0.001, kFine = 0.00025;  // steps of the search, seconds

template <class T>
T quantile(std::vector<T> values, double fraction) {
  const auto at = static_cast<std::ptrdiff_t>(fraction * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

struct Cell {
  int row = 0;
  std::size_t index = 0;
};

// The parts of the picture in which the page is seen.
std::vector<Cell> flashing_cells(const std::vector<LitPicture>& pictures) {
  std::array<float, LitPicture::kAcross * LitPicture::kDown> contrast{};
  float most = kLeastContrast;
  for (std::size_t cell = 0; cell < contrast.size(); ++cell) {
    std::vector<float> values;
    values.reserve(pictures.size());
    for (const LitPicture& p : pictures) values.push_back(p.cells[cell]);
    contrast[cell] = quantile(values, 0.95) - quantile(values, 0.5);
    most = std::max(most, contrast[cell]);
  }
  std::vector<Cell> cells;
  for (std::size_t cell = 0; cell < contrast.size(); ++cell)
    if (contrast[cell] > 0.6F * most)
      cells.push_back({static_cast<int>(cell) / LitPicture::kAcross, cell});
  return cells;
}

std::vector<double> brightness(const std::vector<LitPicture>& pictures,
                               const std::vector<Cell>& cells, int row) {
  std::vector<double> light;
  for (const LitPicture& p : pictures) {
    double sum = 0;
    int count = 0;
    for (const Cell& c : cells)
      if (row < 0 || c.row == row) sum += static_cast<double>(p.cells[c.index]), ++count;
    light.push_back(sum / std::max(1, count));
  }
  return light;
}

// Moments at which the light passed its middle, between two pictures.
std::vector<double> crossings(const std::vector<double>& at, const std::vector<double>& light) {
  const double dark = quantile(light, 0.5), bright = quantile(light, 0.95);
  std::vector<double> found;
  if (bright - dark < kLeastContrast) return found;
  const double middle = (dark + bright) / 2;
  for (std::size_t i = 1; i < at.size(); ++i)
    if (light[i] >= middle && light[i - 1] < middle) found.push_back((at[i - 1] + at[i]) / 2);
  return found;
}

// A picture near an edge: when, on the grid of flash 0, and how much of a whole flash it shows.
struct Point {
  double x, lit;
  int flash;
};

// Each flash by its own dark and bright, since a camera's gain follows the light.
std::vector<Point> points_near(const std::vector<double>& at, const std::vector<double>& light,
                               const std::vector<int>& slots, double phase, double period,
                               double frame) {
  std::vector<Point> points;
  for (std::size_t n = 0; n < slots.size(); ++n) {
    const double edge = phase + slots[n] * period;
    std::vector<double> before;
    double bright = -1, brightest_at = 0;
    for (std::size_t i = 0; i < at.size(); ++i) {
      const double x = at[i] - edge;
      if (x > -kBefore && x < -2.2 * frame) before.push_back(light[i]);
      if (x > -frame && x < 0.1 + frame && light[i] > bright) bright = light[i], brightest_at = x;
    }
    if (before.empty() || bright < 0) continue;
    const double dark = quantile(before, 0.5);
    if (bright - dark < kLeastContrast / 2) continue;
    for (std::size_t i = 0; i < at.size(); ++i) {
      const double x = at[i] - edge;
      if (x < -3.5 * frame || x > 3.5 * frame) continue;
      // After its brightest picture a gain may sink again: the light is on all the same.
      const double lit = x >= brightest_at ? 1 : (light[i] - dark) / (bright - dark);
      points.push_back({x, lit, static_cast<int>(n)});
    }
  }
  return points;
}

struct Ramp {
  double middle = 0, width = 0.002, plateau = 0, misfit = 1e9;
};

double misfit(const std::vector<Point>& points, double middle, double width, int without) {
  double sum = 0;
  for (const Point& p : points) {
    if (p.flash == without) continue;
    const double off = p.lit - std::clamp((p.x - middle) / width + 0.5, 0.0, 1.0);
    sum += std::min(off * off, kWorstMisfit * kWorstMisfit);
  }
  return sum;
}

// The middle of all that fit equally well: hard edges leave room between two pictures.
void place(const std::vector<Point>& points, Ramp& ramp, double from, double to, double step,
           int without) {
  double least = 1e9, first = 0, last = 0;
  for (double at = from; at <= to; at += step) {
    const double m = misfit(points, at, ramp.width, without);
    if (m < least - 1e-6) {
      least = m;
      first = last = at;
    } else if (m <= least + 1e-6) {
      last = at;
    }
  }
  ramp.middle = (first + last) / 2;
  ramp.plateau = (last - first) / 2;
  ramp.misfit = least;
}

Ramp fit(const std::vector<Point>& points, double frame) {
  Ramp best;
  for (double width = 0.002; width < 2.1 * frame; width += frame / 8) {
    Ramp r;
    r.width = width;
    place(points, r, -2 * frame, 2 * frame, kCoarse, -1);
    if (r.misfit < best.misfit) best = r;
  }
  place(points, best, best.middle - 3 * kCoarse - best.plateau,
        best.middle + 3 * kCoarse + best.plateau, kFine, -1);
  return best;
}

// How much the answer hangs on any one of the flashes (jackknife).
double doubt(const std::vector<Point>& points, const Ramp& ramp, int flashes) {
  std::vector<double> middles;
  const double reach = std::max(0.006, 2 * ramp.plateau);
  for (int left_out = 0; left_out < flashes; ++left_out) {
    Ramp r = ramp;
    place(points, r, ramp.middle - reach, ramp.middle + reach, kFine, left_out);
    middles.push_back(r.middle);
  }
  double mean = 0, sum = 0;
  const auto n = static_cast<double>(middles.size());
  for (const double m : middles) mean += m / n;
  for (const double m : middles) sum += (m - mean) * (m - mean);
  return 2 * std::sqrt((n - 1) / n * sum);
}

// A rolling shutter reads line after line: what the middle line of the picture says. Nothing where
// the page fills too few lines to tell.
std::optional<double> at_middle_line(const std::vector<LitPicture>& pictures,
                                     const std::vector<double>& at, const std::vector<Cell>& cells,
                                     const std::vector<int>& slots, double phase, double period,
                                     double frame) {
  std::vector<std::pair<double, double>> rows;  // from the middle, seconds
  for (int row = 0; row < LitPicture::kDown; ++row) {
    if (std::none_of(cells.begin(), cells.end(), [&](const Cell& c) { return c.row == row; }))
      continue;
    const auto points =
        points_near(at, brightness(pictures, cells, row), slots, phase, period, frame);
    if (points.size() < slots.size()) continue;
    rows.emplace_back(row - (LitPicture::kDown - 1) / 2.0, fit(points, frame).middle);
  }
  if (rows.size() < 4) return {};
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (const auto& [x, y] : rows) n += 1, sx += x, sy += y, sxx += x * x, sxy += x * y;
  const double most = frame / LitPicture::kDown;  // a picture is read within its own time
  const double slope = std::clamp((n * sxy - sx * sy) / (n * sxx - sx * sx), -most, most);
  return (sy - slope * sx) / n;
}

}  // namespace

double common_phase(const std::vector<double>& times, double period, double near) {
  double best = 0;
  std::size_t most = 0;
  for (const double candidate : times) {
    std::size_t count = 0;
    double sum = 0;
    for (const double t : times)
      if (const double off = std::remainder(t - candidate, period); std::abs(off) < near)
        ++count, sum += off;
    if (count > most) {
      most = count;
      best = candidate + sum / static_cast<double>(count);
    }
  }
  return best;
}

std::optional<FlashEdge> find_flash_edge(const std::vector<LitPicture>& pictures, MediaTime zero,
                                         double period, std::size_t least) {
  if (pictures.size() < 10) return {};
  const std::vector<Cell> cells = flashing_cells(pictures);
  if (cells.empty()) return {};
  std::vector<double> at, steps;
  for (const LitPicture& p : pictures) at.push_back((p.captured - zero).to_seconds());
  for (std::size_t i = 1; i < at.size(); ++i) steps.push_back(at[i] - at[i - 1]);
  const double frame = quantile(steps, 0.5);
  if (!(frame > 0.001 && frame < 0.15)) return {};

  const std::vector<double> light = brightness(pictures, cells, -1);
  const std::vector<double> edges = crossings(at, light);
  if (edges.size() < least) return {};
  FlashEdge found;
  found.phase = common_phase(edges, period, kOutlier);
  for (const double t : edges) {
    const double slot = std::round((t - found.phase) / period);
    if (std::abs(t - found.phase - slot * period) < std::max(kOutlier, 1.2 * frame) &&
        (found.slots.empty() || found.slots.back() != static_cast<int>(slot)))
      found.slots.push_back(static_cast<int>(slot));
  }
  if (found.slots.size() < least) return {};
  const auto points = points_near(at, light, found.slots, found.phase, period, frame);
  if (points.size() < found.slots.size()) return {};
  const Ramp ramp = fit(points, frame);
  found.spread =
      kLeastDoubt + ramp.plateau + doubt(points, ramp, static_cast<int>(found.slots.size()));
  const auto middle = at_middle_line(pictures, at, cells, found.slots, found.phase, period, frame);
  found.phase += middle.value_or(ramp.middle);
  return found;
}

}  // namespace kakehashi
