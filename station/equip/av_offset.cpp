// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/av_offset.h"

#include <algorithm>
#include <cmath>

namespace kakehashi {
namespace {

constexpr int kLeast = 4;              // flashes or beeps
constexpr double kLeastContrast = 12;  // levels of luma
constexpr double kOutlier = 0.080;     // seconds off the period's grid
constexpr double kStep = 0.00025;      // of the search, seconds
constexpr int kPieceSamples = 48;      // 1 ms
constexpr double kBeepOverNoise = 4;   // amplitude
constexpr float kLeastBeep = 0.002F;

double seconds(MediaTime t, MediaTime zero) { return (t - zero).to_seconds(); }

template <class T>
T quantile(std::vector<T> values, double fraction) {
  const auto at = static_cast<std::ptrdiff_t>(fraction * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

// The part of the picture that flashes most.
std::optional<std::size_t> flashing_cell(const std::vector<LitPicture>& pictures, float& middle) {
  std::optional<std::size_t> best;
  float most = kLeastContrast;
  for (std::size_t cell = 0; cell < pictures.front().cells.size(); ++cell) {
    std::vector<float> values;
    for (const LitPicture& p : pictures) values.push_back(p.cells[cell]);
    const float dark = quantile(values, 0.5), bright = quantile(values, 0.95);
    if (bright - dark <= most) continue;
    most = bright - dark;
    middle = (dark + bright) / 2;
    best = cell;
  }
  return best;
}

// A light went on after `after` and not later than `until`.
struct Flash {
  double after, until;
};

std::vector<Flash> flashes_in(const std::vector<LitPicture>& pictures, MediaTime zero) {
  std::vector<Flash> found;
  if (pictures.size() < 10) return found;
  float middle = 0;
  const auto cell = flashing_cell(pictures, middle);
  if (!cell) return found;
  for (std::size_t i = 1; i < pictures.size(); ++i)
    if (pictures[i].cells[*cell] >= middle && pictures[i - 1].cells[*cell] < middle)
      found.push_back(
          {seconds(pictures[i - 1].captured, zero), seconds(pictures[i].captured, zero)});
  return found;
}

// The phase on the period's grid most of them share; those far from it are thrown out.
double common_phase(const std::vector<double>& times, double period) {
  double best = 0;
  std::size_t most = 0;
  for (const double candidate : times) {
    std::size_t near = 0;
    for (const double t : times) {
      const double off = std::remainder(t - candidate, period);
      near += std::abs(off) < kOutlier ? 1U : 0U;
    }
    if (near > most) {
      most = near;
      best = candidate;
    }
  }
  return best;
}

struct Beeps {
  double phase = 0, period = 0, spread = 0;
  int used = 0;
};

// The page's clock and ours differ a little: the beeps tell its period as we count.
Beeps line_of(const std::vector<double>& times) {
  Beeps b;
  b.period = kFlashPeriod.to_seconds();
  const double anchor = common_phase(times, b.period);
  double n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  std::vector<std::pair<double, double>> points;
  for (const double t : times) {
    const double k = std::round((t - anchor) / b.period), off = t - anchor - k * b.period;
    if (std::abs(off) > kOutlier) continue;
    points.emplace_back(k, off);
    n += 1, sx += k, sy += off, sxx += k * k, sxy += k * off;
  }
  b.used = static_cast<int>(points.size());
  if (b.used < kLeast) return b;
  const double bottom = n * sxx - sx * sx;
  const double slope = bottom > 0 ? (n * sxy - sx * sy) / bottom : 0;
  b.phase = anchor + (sy - slope * sx) / n;
  b.period += slope;
  std::vector<double> errors;
  for (const auto& [k, off] : points)
    errors.push_back(std::abs(off - (sy - slope * sx) / n - slope * k));
  b.spread = quantile(errors, 0.7);
  return b;
}

}  // namespace

LitPicture look_at(const VideoFrame& frame) {
  LitPicture p;
  const FrameInfo& info = frame.info();
  p.captured = info.captured;
  const PlaneView plane = frame.plane(0);
  int bytes = 1, first = 0;  // per pixel, of the luma
  if (info.format == PixelFormat::YUY2 || info.format == PixelFormat::UYVY) bytes = 2;
  if (info.format == PixelFormat::UYVY) first = 1;
  if (info.format == PixelFormat::BGRx) bytes = 4, first = 1;  // green
  for (int row = 0; row < LitPicture::kDown; ++row)
    for (int column = 0; column < LitPicture::kAcross; ++column) {
      const int x0 = info.width * column / LitPicture::kAcross;
      const int x1 = info.width * (column + 1) / LitPicture::kAcross;
      const int y0 = info.height * row / LitPicture::kDown;
      const int y1 = info.height * (row + 1) / LitPicture::kDown;
      double sum = 0;
      int count = 0;
      for (int y = y0; y < y1; y += 8)
        for (int x = x0; x < x1; x += 8, ++count)
          sum += plane.data[static_cast<std::ptrdiff_t>(y) * plane.stride + x * bytes + first];
      if (count > 0)
        p.cells[static_cast<std::size_t>(row * LitPicture::kAcross + column)] =
            static_cast<float>(sum / count);
    }
  return p;
}

void BeepListener::hear(std::span<const float> samples, MediaTime first) {
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (count_ == 0) at_ = first + time_of_sample(static_cast<std::int64_t>(i));
    const double v = samples[i], difference = v - last_;  // less of the room's rumble
    last_ = v;
    square_ += difference * difference;
    if (++count_ < kPieceSamples) continue;
    pieces_.push_back({at_, static_cast<float>(std::sqrt(square_ / kPieceSamples))});
    square_ = 0;
    count_ = 0;
  }
}

std::vector<MediaTime> BeepListener::onsets() const {
  std::vector<MediaTime> found;
  if (pieces_.size() < 100) return found;
  std::vector<float> levels;
  for (const Piece& p : pieces_) levels.push_back(p.level);
  // A beep fills 6 % of the time: these are the quiet and the sounding level.
  const float quiet = quantile(levels, 0.5), beep = quantile(levels, 0.975);
  if (beep < kLeastBeep || beep < kBeepOverNoise * quiet) return found;
  const float middle = (quiet + beep) / 2;
  MediaTime again = pieces_.front().at;
  for (std::size_t i = 1; i < pieces_.size(); ++i) {
    if (pieces_[i].level < middle || pieces_[i - 1].level >= middle) continue;
    if (pieces_[i].at < again) continue;  // its echo
    // Where within the millisecond the tone began: by how much of it sounds.
    const double part = std::min(1.0, static_cast<double>(pieces_[i].level / beep));
    found.push_back(pieces_[i].at + Duration::from_seconds(0.001 * (1 - part * part)));
    again = pieces_[i].at + kFlashPeriod / 2;
  }
  return found;
}

std::optional<AvOffset> estimate_offset(const std::vector<LitPicture>& pictures,
                                        const std::vector<MediaTime>& beeps) {
  if (pictures.empty() || beeps.empty()) return {};
  const MediaTime zero = beeps.front();
  std::vector<double> heard;
  for (const MediaTime t : beeps) heard.push_back(seconds(t, zero));
  const Beeps line = line_of(heard);
  if (line.used < kLeast) return {};

  const std::vector<Flash> flashes = flashes_in(pictures, zero);
  std::vector<double> centres;
  for (const Flash& f : flashes) centres.push_back((f.after + f.until) / 2);
  if (centres.empty()) return {};
  const double phase = common_phase(centres, line.period);
  // Each flash as an interval around the common phase.
  std::vector<Flash> room;
  for (std::size_t i = 0; i < flashes.size(); ++i) {
    const double k = std::round((centres[i] - phase) / line.period);
    const Flash f{flashes[i].after - phase - k * line.period,
                  flashes[i].until - phase - k * line.period};
    if (std::abs((f.after + f.until) / 2) < kOutlier) room.push_back(f);
  }
  if (static_cast<int>(room.size()) < kLeast) return {};
  // The phase that contradicts them least; stamps jitter, so they need not agree wholly.
  const auto contradiction = [&](double at) {
    double sum = 0;
    for (const Flash& f : room) {
      const double off = std::max({0.0, f.after - at, at - f.until});
      sum += off * off;
    }
    return sum;
  };
  double least = 1e9, from = 0, to = 0;
  for (double at = -kOutlier; at <= kOutlier; at += kStep) {
    const double c = contradiction(at);
    if (c < least - 1e-9) {
      least = c;
      from = to = at;
    } else if (c <= least + 1e-9) {
      to = at;
    }
  }
  const double picture = phase + (from + to) / 2;
  AvOffset result;
  result.offset = Duration::from_seconds(std::remainder(picture - line.phase, line.period));
  const double misfit = std::sqrt(least / static_cast<double>(room.size()));
  result.spread = Duration::from_seconds((to - from) / 2 + misfit + line.spread);
  result.flashes = static_cast<int>(room.size());
  result.beeps = line.used;
  return result;
}

}  // namespace kakehashi
