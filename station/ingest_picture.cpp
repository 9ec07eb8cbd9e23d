// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/ingest_picture.h"

#include <algorithm>
#include <cstdlib>

namespace kakehashi {
namespace {

constexpr std::size_t kLatencySteps = 100'000;  // of 0.1 ms: up to 10 s
constexpr int kGrid = 16;     // every 16th pixel of every 16th line: 8100 of a 1080p picture
constexpr int kVisible = 16;  // luma steps; re-coding a still picture moves it by less
constexpr int kVisiblePoints = 4;
constexpr std::uint32_t kNumbers = 1U << 20;
// A jump of more pictures than this is a cut to another source, not a loss.
constexpr std::uint32_t kLongestLoss = 300;
constexpr int kLongestUnread = 3;

double quantile_ms(const std::vector<std::uint32_t>& steps, std::uint64_t count, double fraction) {
  const auto rank = static_cast<std::uint64_t>(fraction * static_cast<double>(count - 1));
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    below += steps[i];
    if (below > rank) return (static_cast<double>(i) + 0.5) / 10;
  }
  return static_cast<double>(steps.size()) / 10;
}

}  // namespace

Duration code_age(MediaTime arrived, const FrameCode& code) {
  constexpr std::int64_t kTurn = std::int64_t{1} << 44;
  std::int64_t age = (arrived.ns / 1000 - code.captured_us) % kTurn;
  if (age < -kTurn / 2) age += kTurn;
  if (age >= kTurn / 2) age -= kTurn;
  return Duration::microseconds(age);
}

void PictureMeter::begin_session(int session) {
  session_ = session;
  first_pts_.reset();
  last_key_.reset();
  since_code_ = 0;
  grid_.clear();
}

PictureNote PictureMeter::add(const DecodedPicture& p, MediaTime arrived) {
  if (p.width != width_ || p.height != height_) {
    width_ = p.width;
    height_ = p.height;
    places_ = rects_;
    places_.push_back(frame_code_rect(width_, height_));
    good_ = places_.size() - 1;
    grid_.clear();
  }
  ++pictures_;
  PictureNote note;
  read_code(p, note);
  const bool known = since_code_ > 0;
  const bool moved = note.code && (!known || note.code->number != last_.number ||
                                   note.code->captured_us != last_.captured_us);
  const bool different = looks_different(p);
  if (!first_pts_) {
    first_pts_ = changed_ = p.pts;
    first_arrival_ = arrived;
  } else {
    ++intervals_;
    span_ = span_ + (p.pts - last_pts_);
    wall_span_ = wall_span_ + (arrived - last_arrival_);
    longest_gap_ = std::max(longest_gap_, arrived - last_arrival_);
    longest_freeze_ = std::max(longest_freeze_, p.pts - changed_);
  }
  if (moved || different) changed_ = p.pts;
  last_pts_ = p.pts;
  last_arrival_ = arrived;
  if (p.keyframe) {
    if (last_key_) longest_key_ = std::max(longest_key_, p.pts - *last_key_);
    last_key_ = p.pts;
  }
  if (note.code) {
    note.latency = code_age(arrived, *note.code);
    if (moved) {
      if (latency_.empty()) latency_.resize(kLatencySteps);
      const auto step =
          static_cast<std::size_t>(std::max<std::int64_t>(0, note.latency.ns) / 100'000);
      ++latency_[std::min(step, kLatencySteps - 1)];
      ++latencies_;
      latency_max_ = std::max(latency_max_, note.latency);
    }
  }
  follow_code(p, note);
  return note;
}

void PictureMeter::read_code(const DecodedPicture& p, PictureNote& note) {
  const auto attempt = [&](std::size_t i) {
    note.code = read_frame_code(p.luma, p.stride, p.width, p.height, places_[i]);
    if (!note.code) return false;
    note.rect = static_cast<int>(i);
    good_ = i;
    return true;
  };
  if (attempt(good_)) return;
  for (std::size_t i = 0; i < places_.size(); ++i)
    if (i != good_ && attempt(i)) return;
}

void PictureMeter::follow_code(const DecodedPicture& p, const PictureNote& note) {
  if (!note.code) {
    ++unread_;
    if (since_code_ > 0) ++since_code_;
    return;
  }
  ++read_;
  const FrameCode& code = *note.code;
  const auto place = static_cast<std::size_t>(note.rect);
  if (since_code_ > 0 && since_code_ <= kLongestUnread && place == last_place_) {
    const std::uint32_t step = (code.number - last_.number) & (kNumbers - 1);
    const auto pictures = static_cast<std::uint32_t>(since_code_);
    if (step < pictures)
      repeated_ += pictures - step;
    else if (step <= kLongestLoss)
      missing_ += step - pictures;
    // The flash's true first picture only: its neighbour before must have been seen without it.
    if (code.flash && !last_.flash && since_code_ == 1 && step <= 4)
      flashes_.push_back({session_, p.pts});
  }
  last_ = code;
  last_place_ = place;
  since_code_ = 1;
}

bool PictureMeter::looks_different(const DecodedPicture& p) {
  const std::size_t columns = static_cast<std::size_t>((p.width + kGrid - 1) / kGrid);
  const std::size_t rows = static_cast<std::size_t>((p.height + kGrid - 1) / kGrid);
  const bool fresh = grid_.size() != columns * rows;
  if (fresh) grid_.resize(columns * rows);
  int differing = fresh ? kVisiblePoints : 0;
  for (std::size_t y = 0; !fresh && y < rows && differing < kVisiblePoints; ++y) {
    const std::uint8_t* line = p.luma + static_cast<std::ptrdiff_t>(y) * kGrid * p.stride;
    for (std::size_t x = 0; x < columns; ++x)
      differing += std::abs(line[x * kGrid] - grid_[y * columns + x]) >= kVisible;
  }
  if (differing < kVisiblePoints) return false;
  // Compared with the last picture that differed, so that slow changes add up until they show.
  for (std::size_t y = 0; y < rows; ++y) {
    const std::uint8_t* line = p.luma + static_cast<std::ptrdiff_t>(y) * kGrid * p.stride;
    for (std::size_t x = 0; x < columns; ++x) grid_[y * columns + x] = line[x * kGrid];
  }
  return true;
}

void PictureMeter::fill(IngestReport& r) const {
  r.pictures_decoded = pictures_;
  r.width = width_;
  r.height = height_;
  r.codes_read = read_;
  r.codes_unread = unread_;
  r.repeated = repeated_;
  r.missing = missing_;
  const auto intervals = static_cast<double>(intervals_);
  if (span_.ns > 0) r.fps = intervals / span_.to_seconds();
  if (wall_span_.ns > 0) r.fps_wall = intervals / wall_span_.to_seconds();
  r.keyframe_interval_s = longest_key_.to_seconds();
  r.longest_freeze_s = longest_freeze_.to_seconds();
  r.longest_gap_s = longest_gap_.to_seconds();
  r.latency_ms.count = latencies_;
  if (latencies_ > 0) {
    r.latency_ms.median = quantile_ms(latency_, latencies_, 0.5);
    r.latency_ms.p95 = quantile_ms(latency_, latencies_, 0.95);
    r.latency_ms.p99 = quantile_ms(latency_, latencies_, 0.99);
    r.latency_ms.max = latency_max_.to_milliseconds();
  }
}

}  // namespace kakehashi
