// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/detect_sound.h"

#include <algorithm>
#include <cmath>

#include "core/hearing.h"

namespace kakehashi {
namespace {

constexpr Duration kGone = Duration::seconds(5);
constexpr Duration kGoneSilent = Duration::milliseconds(300);  // a sound is a sound at once
constexpr int kSecond = 100;                                   // pieces
constexpr double kLongestWait = 10;  // inputs that may rest longer than this may never be heard
using namespace hearing;
constexpr int kAloneFor = static_cast<int>(kDeadSeconds * kSecond);

double decibel(double square) { return 10 * std::log10(std::max(square, 1e-12)); }

std::vector<Hold> holds_of(InputSort sort) {
  std::vector<Hold> holds;
  for (std::size_t i = 0; i < kFindings; ++i) {
    const auto f = static_cast<Finding>(i);
    // How long nothing was heard is counted in pieces: a silence is at least that long.
    holds.emplace_back(Duration::from_seconds(f == Finding::Silent ? 0 : patience(sort, f)),
                       f == Finding::Silent ? kGoneSilent : kGone);
  }
  return holds;
}

}  // namespace

SoundDetector::SoundDetector(InputSort sort)
    : sort_(sort), holds_(holds_of(sort)), ring_(kPieces) {}

void SoundDetector::forget() { *this = SoundDetector(sort_); }

void SoundDetector::hear(std::span<const float> interleaved, int channels, int rate,
                         MediaTime captured) {
  cutter_.cut(interleaved, channels, rate, captured, [this](const SoundPiece& p) { add(p); });
}

void SoundDetector::say(Finding f, bool seen, MediaTime now) {
  if (patience(sort_, f) > 0) holds_[static_cast<std::size_t>(f)].look(seen, now);
}

const SoundDetector::Level& SoundDetector::back(int pieces) const {
  return ring_[static_cast<std::size_t>((at_ - 1 - pieces + 2 * kPieces) % kPieces)];
}

// A hole: the sound breaks off within a piece and comes back as it was. A gate or a pause fades
// first, and what a pause leaves is the room, not nothing.
void SoundDetector::watch_holes(double db) {
  if (db < kHoleDb) {
    if (hole_ == 0 && count_ > 3) {
      // The piece before may hold the break itself: the one before that must still sound, and no
      // louder one may have come before it that this is only the end of.
      const auto level = [this](int n) {
        return decibel(std::max(back(n).square[0], back(n).square[1]));
      };
      const double last = std::max(level(1), level(2)), earlier = std::max(level(3), level(4));
      hole_ = last > kAroundHoleDb && last > earlier - 15 ? 1 : -1;
    } else if (hole_ > 0) {
      ++hole_;
    }
    return;
  }
  if (hole_ >= kShortHole && hole_ <= kLongHole && db > kAfterHoleDb) {
    ring_[static_cast<std::size_t>((at_ + kPieces - 1) % kPieces)].hole_ended = true;
    ++holes_now_;
  }
  hole_ = 0;
}

void SoundDetector::add(const SoundPiece& piece) {
  const MediaTime now = piece.end;
  channels_ = piece.channels;
  Level& level = ring_[static_cast<std::size_t>(at_)];
  if (level.hole_ended) --holes_now_;  // ten seconds ago
  level = {piece.square, std::max(piece.peak[0], piece.peak[1]),
           static_cast<std::uint8_t>(std::min(piece.clips, 255)), false};
  at_ = (at_ + 1) % kPieces;
  count_ = std::min(count_ + 1, kPieces);
  const double left = decibel(piece.square[0]), right = decibel(piece.square[1]);
  const double db = std::max(left, right);

  watch_holes(db);
  hum_.add(piece.slow);

  clips_now_ += level.clips;
  if (count_ > kSecond) clips_now_ -= back(kSecond).clips;

  // Silent: nothing at all, or not once a voice.
  heard_ = heard_ || db > kHeardDb;
  silent_ = db < kNothingDb ? silent_ + 1 : 0;
  quiet_ = heard_ ? 0 : db < kQuietDb ? quiet_ + 1 : 0;
  const double wait = patience(sort_, Finding::Silent);
  nothing_ = silent_ >= wait * kSecond;
  const bool never = quiet_ >= kNeverHeardSeconds * kSecond && wait <= kLongestWait;
  say(Finding::Silent, nothing_ || never, now);

  // One side: time in which the other sounded, until the dead one is heard.
  if (piece.channels > 1) {
    for (std::size_t side = 0; side < 2; ++side) {
      const double mine = side == 0 ? left : right, other = side == 0 ? right : left;
      if (other > kDeadDb)
        alone_[side] = 0;
      else if (mine > kSoundingDb && other < mine - kDeadUnderDb)
        ++alone_[side];
    }
  } else {
    alone_ = {};
  }
  dead_ = alone_[0] >= kAloneFor ? 1 : alone_[1] >= kAloneFor ? 0 : -1;

  say(Finding::OneSided, dead_ >= 0, now);
  say(Finding::Clipping, clips_now_ > kClipsPerSecond, now);
  say(Finding::Hum, hum_.present(), now);
  say(Finding::Dropouts, holes_now_ >= kHolesInTen, now);
}

SoundFigures SoundDetector::figures() const {
  SoundFigures f;
  f.channels = channels_;
  const int three = std::min(count_, 3 * kSecond);
  double square[2]{};
  float peak = 0;
  for (int i = 0; i < three; ++i) {
    for (std::size_t c = 0; c < 2; ++c) square[c] += back(i).square[c];
    peak = std::max(peak, back(i).peak);
  }
  for (std::size_t c = 0; c < 2; ++c)
    if (three > 0) f.level_db[c] = decibel(square[c] / three);
  f.peak_db = decibel(static_cast<double>(peak) * peak);
  // Whole 100 ms, so that a single quiet moment between two waves is not the floor.
  double quietest = 1;
  for (int i = 0; i + 10 <= count_; i += 10) {
    double sum = 0;
    for (int k = i; k < i + 10; ++k) sum += std::max(back(k).square[0], back(k).square[1]);
    quietest = std::min(quietest, sum / 10);
  }
  if (count_ >= 10) f.noise_db = decibel(quietest);
  f.clips = clips_now_;
  f.hum_over_db = hum_.windows() > 0 ? hum_.over_db() : 0;
  f.hum_db = hum_.level_db();
  f.hum_mains = hum_.mains();
  f.dropouts = holes_now_;
  f.dead_channel = dead_;
  return f;
}

}  // namespace kakehashi
