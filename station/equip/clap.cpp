// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/clap.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "station/equip/luma_grid.h"

namespace kakehashi {
namespace {

constexpr int kPieceSamples = 48;     // 1 ms
constexpr float kLeastClap = 0.004F;  // amplitude
constexpr float kOverRoom = 8, kOverBefore = 6;
constexpr std::size_t kBefore = 12, kGuard = 3;     // ms looked at before a clap begins
constexpr std::size_t kRise = 6;                    // ms in which it must be loud
constexpr std::size_t kOver = 180, kOverFor = 120;  // by then, for so long, it must be quiet again
constexpr std::size_t kRefractory = 250;            // ms: its echo

constexpr std::size_t kLeast = 4;          // claps
constexpr double kReach = 0.4;             // seconds the picture may be off
constexpr double kBack = 0.2, kOn = 0.15;  // seconds of movement looked at around a clap
constexpr double kAround = 0.35, kFastest = 0.85;
constexpr double kCoarse = 0.008, kFine = 0.001;
constexpr std::size_t kPartsTried = 3;
constexpr double kLeastMoved = 60;  // levels, summed over the cells
constexpr double kGrain = 4;        // levels of luma that are no movement
constexpr double kLeastFit = 0.6;   // of the movement's ups and downs must be explained
constexpr double kNear = 0.08, kNearCounts = 3;
constexpr double kRival = 0.09;        // seconds off
constexpr double kClearlyWorse = 1.8;  // times what stays unexplained

template <class T>
T quantile(std::vector<T> values, double fraction) {
  const auto at = static_cast<std::ptrdiff_t>(fraction * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return values[static_cast<std::size_t>(at)];
}

// How much moved between two pictures, in one part of them.
struct Moved {
  double from, to;  // seconds
  double amount;
};

struct Part {
  int x0, y0, x1, y1;
};

// The whole first. A part only where others move beside the one who claps: a small part may see no
// more of a hand than that it passes.
std::vector<std::vector<Part>> parts() {
  std::vector<std::vector<Part>> sizes{{{0, 0, HandPicture::kAcross, HandPicture::kDown}}};
  for (const auto& [w, h] : {std::pair{40, 28}, std::pair{28, 20}, std::pair{20, 16}}) {
    std::vector<Part> same;
    for (int y = 0; y + h <= HandPicture::kDown; y += 4)
      for (int x = 0; x + w <= HandPicture::kAcross; x += 6) same.push_back({x, y, x + w, y + h});
    sizes.push_back(std::move(same));
  }
  return sizes;
}

std::vector<Moved> movement(const std::vector<HandPicture>& pictures, MediaTime zero,
                            const Part& part) {
  std::vector<Moved> list;
  for (std::size_t i = 1; i < pictures.size(); ++i) {
    const HandPicture &a = pictures[i - 1], &b = pictures[i];
    double sum = 0;
    for (int y = part.y0; y < part.y1; ++y)
      for (int x = part.x0; x < part.x1; ++x) {
        const auto at = static_cast<std::size_t>(y * HandPicture::kAcross + x);
        sum += std::max(0.0, std::abs(double(a.luma[at]) - double(b.luma[at])) - kGrain);
      }
    list.push_back({(a.captured - zero).to_seconds(), (b.captured - zero).to_seconds(), sum});
  }
  return list;
}

// How hands come together and part: fast at the moment they meet. `back`: how fast they part
// against how they met; 0: they rest together.
struct Swing {
  double together, apart;  // seconds it takes
  double back;
};
constexpr double kTogether[] = {0.08, 0.13, 0.22, 0.5}, kApartTimes[] = {1, 2.5},
                 kBacks[] = {0, 0.25, 0.5, 0.75, 1};
constexpr Swing kUsual{0.13, 0.26, 0.5};

std::vector<Swing> swings() {
  std::vector<Swing> list;
  for (const double together : kTogether)
    for (const double times : kApartTimes)
      for (const double back : kBacks)
        if (back > 0 || times == kApartTimes[0]) list.push_back({together, together * times, back});
  return list;
}

// The gap between hands `since` they met, negative: before.
double gap(const Swing& s, double since) {
  const double length = since < 0 ? s.together : s.apart;
  const double part = std::min(1.0, std::abs(since) / length);
  return (since < 0 ? 1 : s.back) * length * std::sin(part * std::numbers::pi / 2);
}

// How well the swing explains the movement around the claps, when the picture is late by so much:
// 1 wholly, 0 not at all. Each clap counts the same, however wide.
double explained(const std::vector<Moved>& moved, std::span<const double> claps, const Swing& swing,
                 double late) {
  double left = 0, all = 0;
  for (const double clap : claps) {
    const double meet = clap + late;
    double squares = 0, sum = 0, count = 0, shapes = 0, products = 0;
    auto m = std::lower_bound(moved.begin(), moved.end(), meet - kBack,
                              [](const Moved& at, double t) { return at.from < t; });
    for (; m != moved.end() && m->to < meet + kOn; ++m) {
      const double shape = std::abs(gap(swing, m->to - meet) - gap(swing, m->from - meet));
      // That they stand still is what tells a meeting: pictures near it count more.
      const double away = std::abs((m->from + m->to) / 2 - meet);
      const double weight = 1 + kNearCounts * std::max(0.0, 1 - away / kNear);
      squares += weight * m->amount * m->amount;
      sum += weight * m->amount;
      count += weight;
      shapes += weight * shape * shape;
      products += weight * shape * m->amount;
    }
    if (count < 4 || squares <= 0) continue;
    left += (squares - (shapes > 0 ? products * products / shapes : 0)) / squares;
    all += (squares - sum * sum / count) / squares;
  }
  return all > 0 ? 1 - left / all : -1;
}

struct Fit {
  Swing swing = kUsual;
  double late = 0, explained = -1;
};

struct Seen {
  Fit fit;
  double rival = -1;  // the best explanation somewhere else
  std::vector<double> each;
};

void try_at(const std::vector<Moved>& moved, std::span<const double> claps, const Swing& swing,
            double late, Fit& best) {
  if (const double e = explained(moved, claps, swing, late); e > best.explained)
    best = {swing, late, e};
}

// Hands are fastest shortly before they meet: neither when they begin to nor when they have parted.
bool fastest_before(const std::vector<Moved>& moved, std::span<const double> claps, double late,
                    double frame) {
  double there = 0, anywhere = 0;
  for (const double clap : claps) {
    double near = 0, most = 0;
    for (const Moved& m : moved) {
      const double since = (m.from + m.to) / 2 - clap - late;
      if (std::abs(since) > kAround) continue;
      most = std::max(most, m.amount);
      if (since > -kBack && since < frame) near = std::max(near, m.amount);
    }
    if (most <= 0) continue;
    there += near / most;
    anywhere += 1;
  }
  return there > kFastest * anywhere;
}

// Over all movements, so that none is taken for the meeting that is only the end of the swing.
Seen look(const std::vector<Moved>& moved, const std::vector<double>& claps, double frame) {
  Seen seen;
  std::vector<Fit> curve;
  for (double late = -kReach; late <= kReach; late += kCoarse) {
    if (!fastest_before(moved, claps, late, frame)) continue;
    Fit here;
    for (const Swing& swing : swings()) try_at(moved, claps, swing, late, here);
    curve.push_back(here);
    if (here.explained > seen.fit.explained) seen.fit = here;
  }
  for (const Fit& other : curve)
    if (std::abs(other.late - seen.fit.late) > kRival)
      seen.rival = std::max(seen.rival, other.explained);
  if (seen.fit.explained < kLeastFit) return seen;
  const Fit rough = seen.fit;
  for (double late = rough.late - 2 * kCoarse; late <= rough.late + 2 * kCoarse; late += kFine)
    for (const Swing& swing : swings()) try_at(moved, claps, swing, late, seen.fit);
  for (const double clap : claps) {
    Fit own;
    const double reach = 1.5 * frame + 0.01;
    for (double late = -reach; late <= reach; late += kFine)
      try_at(moved, {&clap, 1}, seen.fit.swing, seen.fit.late + late, own);
    if (own.explained > kLeastFit) seen.each.push_back(own.late);
  }
  return seen;
}

// What the claps have in common, if they have it.
std::optional<AvOffset> agreed(const Seen& seen, std::size_t claps, double frame) {
  if (1 - seen.rival < kClearlyWorse * (1 - seen.fit.explained)) return {};
  if (seen.each.size() < kLeast || seen.each.size() * 3 < claps * 2) return {};
  const double middle = quantile(seen.each, 0.5);
  std::vector<double> away;
  for (const double t : seen.each) away.push_back(std::abs(t - middle));
  const double sigma = 1.48 * quantile(away, 0.5);
  if (sigma > frame) return {};
  const auto n = static_cast<double>(seen.each.size());
  AvOffset result;
  result.offset = Duration::from_seconds(seen.fit.late);
  // Nobody's hands move quite as the swing does: a sixth of a frame stays, however many claps.
  result.spread = Duration::from_seconds(2 * std::max(sigma, frame / 6) / std::sqrt(n) + frame / 6);
  result.flashes = result.beeps = static_cast<int>(seen.each.size());
  return result;
}

}  // namespace

HandPicture look_for_hands(const VideoFrame& frame) {
  HandPicture p;
  p.captured = frame.info().captured;
  std::array<float, HandPicture::kAcross * HandPicture::kDown> cells;
  luma_grid(frame, HandPicture::kAcross, HandPicture::kDown, cells);
  for (std::size_t i = 0; i < cells.size(); ++i)
    p.luma[i] = static_cast<std::uint8_t>(std::lround(std::clamp(cells[i], 0.0F, 255.0F)));
  return p;
}

void ClapListener::hear(std::span<const float> samples, MediaTime first) {
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (count_ == 0) at_ = first + time_of_sample(static_cast<std::int64_t>(i));
    const double high = static_cast<double>(samples[i] - last_);  // hum and rumble fall out
    last_ = samples[i];
    sum_ += high * high;
    if (++count_ < kPieceSamples) continue;
    pieces_.push_back({at_, static_cast<float>(std::sqrt(sum_ / kPieceSamples))});
    sum_ = 0;
    count_ = 0;
  }
}

BeepListener::Heard ClapListener::claps() const {
  BeepListener::Heard heard;
  if (pieces_.size() < 1000) return heard;
  std::vector<float> levels;
  for (const Piece& p : pieces_) levels.push_back(p.level);
  const float room = quantile(levels, 0.5);
  struct Found {
    std::size_t at;
    float peak;
  };
  std::vector<Found> found;
  const auto peak_in = [&](std::size_t from, std::size_t to) {
    return *std::max_element(levels.begin() + static_cast<std::ptrdiff_t>(from),
                             levels.begin() + static_cast<std::ptrdiff_t>(to));
  };
  const auto mean_of = [&](std::size_t from, std::size_t to) {
    float sum = 0;
    for (std::size_t i = from; i < to; ++i) sum += levels[i];
    return sum / static_cast<float>(to - from);
  };
  for (std::size_t t = kBefore + kGuard; t + kOver + kOverFor < levels.size(); ++t) {
    const float peak = peak_in(t, t + kRise);
    if (peak < kLeastClap || peak < kOverRoom * room) continue;
    if (levels[t] < peak / 4 || levels[t - 1] >= peak / 4) continue;  // here it begins
    if (peak < kOverBefore * mean_of(t - kBefore - kGuard, t - kGuard)) continue;
    if (mean_of(t + kOver, t + kOver + kOverFor) > peak / 5) continue;  // a voice goes on
    found.push_back({t, peak});
    t += kRefractory;
  }
  if (found.empty()) return heard;
  std::vector<float> peaks;
  peaks.reserve(found.size());
  for (const Found& f : found) peaks.push_back(f.peak);
  heard.level = quantile(peaks, 0.75);
  for (const Found& f : found)  // a chair, a cup are softer
    if (f.peak > heard.level / 4)
      heard.onsets.push_back(pieces_[f.at].at + Duration::microseconds(300));
  return heard;
}

OffsetReading estimate_from_claps(const std::vector<HandPicture>& pictures,
                                  const std::vector<MediaTime>& claps) {
  if (claps.size() < kLeast) return {{}, OffsetTrouble::NoSound};
  if (pictures.size() < 30) return {{}, OffsetTrouble::NoPicture};
  const MediaTime zero = claps.front();
  std::vector<double> heard, steps;
  heard.reserve(claps.size());
  for (const MediaTime t : claps) heard.push_back((t - zero).to_seconds());
  for (std::size_t i = 1; i < pictures.size(); ++i)
    steps.push_back((pictures[i].captured - pictures[i - 1].captured).to_seconds());
  const double frame = quantile(steps, 0.5);
  OffsetReading answer{{}, OffsetTrouble::NoPicture};
  for (const std::vector<Part>& same : parts()) {
    // Where in the picture it looks most like a usual clap; there all swings are tried.
    std::vector<std::pair<double, std::vector<Moved>>> places;
    for (const Part& part : same) {
      std::vector<Moved> moved = movement(pictures, zero, part);
      std::vector<double> amounts;
      for (const Moved& m : moved) amounts.push_back(m.amount);
      if (quantile(amounts, 0.9) < kLeastMoved) continue;
      Fit usual;
      for (double late = -kReach; late <= kReach; late += 2 * kCoarse)
        try_at(moved, heard, kUsual, late, usual);
      places.emplace_back(usual.explained, std::move(moved));
    }
    std::sort(places.begin(), places.end(),
              [](const auto& a, const auto& b) { return a.first > b.first; });
    if (places.size() > kPartsTried) places.resize(kPartsTried);
    Seen best;
    for (const auto& [usual, moved] : places)
      if (Seen seen = look(moved, heard, frame); seen.fit.explained > best.fit.explained)
        best = std::move(seen);
    if (best.fit.explained < kLeastFit) continue;
    answer.trouble = OffsetTrouble::Unsteady;
    answer.offset = agreed(best, heard.size(), frame);
    if (answer.offset) return {answer.offset, OffsetTrouble::None};
  }
  return answer;
}

}  // namespace kakehashi
