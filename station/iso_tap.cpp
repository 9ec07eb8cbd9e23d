// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/iso_tap.h"

#include <algorithm>
#include <ctime>
#include <utility>

namespace kakehashi {
namespace {

// Held by the one writer there is; whoever meets it held leaves.
class Turn {
 public:
  explicit Turn(std::atomic_flag& flag)
      : flag_(flag), mine_(!flag.test_and_set(std::memory_order_acquire)) {}
  ~Turn() {
    if (mine_) flag_.clear(std::memory_order_release);
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  bool mine() const { return mine_; }

 private:
  std::atomic_flag& flag_;
  const bool mine_;
};

}  // namespace

IsoTap::IsoTap() : sounds_(kSounds) { sem_init(&arrived_, 0, 0); }
IsoTap::~IsoTap() { sem_destroy(&arrived_); }

void IsoTap::picture(const FramePtr& frame) {
  if (closed_) return;
  pictures_.add();
  const Turn turn(picture_writer_);
  const std::uint64_t put = put_.load(std::memory_order_relaxed);
  if (!turn.mine() || put - taken_.load(std::memory_order_acquire) == kPictures) {
    left_out_.add();
    return;
  }
  slots_[put % kPictures] = frame;
  put_.store(put + 1, std::memory_order_release);
  sem_post(&arrived_);
}

FramePtr IsoTap::take_picture() {
  const std::uint64_t taken = taken_.load(std::memory_order_relaxed);
  if (taken == put_.load(std::memory_order_acquire)) return {};
  FramePtr frame = std::exchange(slots_[taken % kPictures], FramePtr());
  taken_.store(taken + 1, std::memory_order_release);
  return frame;
}

void IsoTap::sound(std::span<const float> interleaved, int channels, int rate, MediaTime captured) {
  if (closed_ || channels < 1 || rate < 1) return;
  const Turn turn(sound_writer_);
  if (!turn.mine()) {
    sounds_left_out_.add();
    return;
  }
  const auto width = static_cast<std::size_t>(channels);
  const std::size_t frames = interleaved.size() / width;
  const std::size_t kept = std::min<std::size_t>(width, 2);
  for (std::size_t done = 0; done < frames;) {
    TappedSound piece;
    const std::size_t n = std::min<std::size_t>(frames - done, TappedSound::kMost);
    piece.captured_ns = captured.ns + static_cast<std::int64_t>(done) * 1'000'000'000 / rate;
    piece.rate = rate;
    piece.frames = static_cast<std::int16_t>(n);
    piece.channels = static_cast<std::int16_t>(kept);
    piece.broken = broken_.exchange(false);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t c = 0; c < kept; ++c)
        piece.samples[i * kept + c] = interleaved[(done + i) * width + c];
    if (!sounds_.push(piece)) {
      broken_ = true;
      sounds_left_out_.add();
    }
    done += n;
  }
  sem_post(&arrived_);
}

void IsoTap::wait(std::chrono::milliseconds limit) {
  timespec until{};
  clock_gettime(CLOCK_MONOTONIC, &until);
  const std::int64_t ns = until.tv_nsec + std::chrono::nanoseconds(limit).count();
  until.tv_sec += static_cast<std::time_t>(ns / 1'000'000'000);
  until.tv_nsec = static_cast<long>(ns % 1'000'000'000);
  if (sem_clockwait(&arrived_, CLOCK_MONOTONIC, &until) != 0) return;
  while (sem_trywait(&arrived_) == 0) {  // whoever wakes takes all there is
  }
}

void IsoTap::close() {
  closed_ = true;
  sem_post(&arrived_);
}

}  // namespace kakehashi
