// SPDX-License-Identifier: GPL-3.0-or-later
// The road out of a sound device's callback: stamp, copy, return. Between one writer (the callback)
// and one reader; all channels of the device, whoever hears which. Nothing here allocates or locks
// after construction. Full: what is newest goes, and what follows says so.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "core/spsc_ring.h"
#include "core/time.h"

namespace kakehashi {

class SoundArrival {
 public:
  static constexpr int kPiece = 128;     // most frames of one piece
  static constexpr int kRoom = 1 << 15;  // frames: 0.68 s at 48 kHz

  SoundArrival(int channels, int rate)
      : channels_(channels),
        rate_(rate),
        samples_(static_cast<std::size_t>(kRoom) * static_cast<std::size_t>(channels)),
        heads_(4 * kRoom / kPiece) {}

  // The callback. `now`: when it was called, that is when the newest frame had been captured.
  // `broken`: the device lost something before these.
  void arrive(const float* interleaved, int frames, bool broken, MediaTime now) {
    if (!interleaved || frames <= 0) return;
    const std::int64_t first = now.ns - std::int64_t{frames} * 1'000'000'000 / rate_;
    for (int done = 0; done < frames;) {
      const int place = static_cast<int>(written_ % kRoom);
      Head head;
      head.frames = std::min({kPiece, frames - done, kRoom - place});
      head.captured_ns = first + std::int64_t{done} * 1'000'000'000 / rate_;
      head.broken = broken || lost_;
      broken = false;
      const bool room = written_ + static_cast<std::uint64_t>(head.frames) <=
                        taken_.load(std::memory_order_acquire) + kRoom;
      if (room) {
        std::copy_n(interleaved + static_cast<std::ptrdiff_t>(done) * channels_,
                    static_cast<std::ptrdiff_t>(head.frames) * channels_,
                    samples_.begin() + static_cast<std::ptrdiff_t>(place) * channels_);
      }
      lost_ = !room || !heads_.push(head);
      if (!lost_) written_ += static_cast<std::uint64_t>(head.frames);
      done += head.frames;
    }
  }

  struct Piece {
    std::span<const float> samples;  // interleaved; good until the next take()
    MediaTime captured;              // of the first frame
    bool broken = false;             // something was lost before it
  };
  // The reader. False: nothing more for now.
  bool take(Piece& piece) {
    taken_.store(read_, std::memory_order_release);
    Head head;
    if (!heads_.pop(head)) return false;
    const auto place = static_cast<std::size_t>(read_ % kRoom);
    const auto width = static_cast<std::size_t>(channels_);
    piece = {std::span<const float>(samples_).subspan(
                 place * width, static_cast<std::size_t>(head.frames) * width),
             {head.captured_ns},
             head.broken};
    read_ += static_cast<std::uint64_t>(head.frames);
    return true;
  }

  int channels() const { return channels_; }
  int rate() const { return rate_; }

 private:
  struct Head {
    std::int64_t captured_ns = 0;
    std::int32_t frames = 0;
    bool broken = false;
  };

  const int channels_, rate_;
  std::vector<float> samples_;
  SpscRing<Head> heads_;
  std::uint64_t written_ = 0;  // frames; writer
  bool lost_ = false;          // writer
  std::uint64_t read_ = 0;     // frames; reader
  std::atomic<std::uint64_t> taken_{0};
};

}  // namespace kakehashi
