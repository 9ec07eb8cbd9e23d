// SPDX-License-Identifier: GPL-3.0-or-later
// A small programme with moving pictures and a tone, encoded: what the mixer would hand on.
#pragma once

#include <atomic>
#include <cmath>
#include <cstring>
#include <numbers>
#include <thread>
#include <vector>

#include "core/clock.h"
#include "core/frame_pool.h"
#include "encoder/audio_encoder.h"
#include "encoder/output.h"
#include "encoder/video_encoder.h"

namespace kakehashi::testing {

// A texture that moves to the left with a bright bar that moves down: every block changes, as under
// a camera that pans.
inline FramePtr moving_picture(FramePool& pool, std::int64_t n, MediaTime captured = {}) {
  auto builder = pool.acquire();
  if (!builder) return {};
  const auto info = builder->info();
  for (int y = 0; y < info.height; ++y) {
    std::uint8_t* line = builder->plane(0) + y * builder->stride(0);
    const bool bar = (y / 8) % 45 == n % 45;
    for (int x = 0; x < info.width; ++x) {
      const auto u = static_cast<unsigned>(x + 3 * n), v = static_cast<unsigned>(y);
      line[x] = static_cast<std::uint8_t>(bar ? 220 : 40 + ((u * u / 64 + v * v / 32) & 127));
    }
  }
  for (int p = 1; p < 3; ++p)
    for (int y = 0; y < info.height / 2; ++y)
      std::memset(builder->plane(p) + y * builder->stride(p), 100 + (y + static_cast<int>(n)) % 56,
                  static_cast<std::size_t>(info.width / 2));
  builder->info().captured = captured;
  return std::move(*builder).publish();
}

inline AudioBlock tone_block(std::int64_t position, double hertz, double amplitude) {
  AudioBlock block;
  block.position = position;
  for (int i = 0; i < kBlockSamples; ++i) {
    const double t = static_cast<double>(position + i) / kSampleRate;
    const auto s = static_cast<float>(amplitude * std::sin(2 * std::numbers::pi * hertz * t));
    block.samples[static_cast<std::size_t>(2 * i)] = s;
    block.samples[static_cast<std::size_t>(2 * i + 1)] = s;
  }
  return block;
}

class Programme {
 public:
  explicit Programme(Canvas canvas, EncodeSettings settings = {})
      : canvas_(canvas),
        pool_(PixelFormat::I420, canvas.width, canvas.height, 4),
        video_(open_video_encoder(settings, canvas).value()),
        audio_(open_audio_encoder(settings.audio_kbps).value()) {
    description_ = {canvas.width,        canvas.height,       canvas.rate,
                    settings.video_kbps, settings.audio_kbps, video_->extradata(),
                    audio_->extradata()};
  }

  const StreamDescription& description() const { return description_; }
  std::int64_t picture() const { return picture_; }

  // The next picture's packet and the packets of the sound up to its end, in arrival order.
  std::vector<PacketPtr> next(MediaTime captured = {}) {
    std::vector<PacketPtr> packets;
    const bool key = want_keyframe.exchange(false);
    packets.push_back(
        video_->encode(moving_picture(pool_, picture_, captured), picture_, key).value());
    ++picture_;
    while (time_of_sample(sample_) < canvas_.rate.time_of(picture_)) {
      (void)audio_->encode(tone_block(sample_, 1000, 0.25), packets);
      sample_ += kBlockSamples;
    }
    return packets;
  }

  std::atomic<bool> want_keyframe{false};

 private:
  const Canvas canvas_;
  FramePool pool_;
  std::unique_ptr<VideoEncoder> video_;
  std::unique_ptr<AudioEncoder> audio_;
  StreamDescription description_;
  std::int64_t picture_ = 0, sample_ = 0;
};

// Plays a programme into outputs at its own speed, from a thread of its own, until destroyed.
class Player {
 public:
  Player(Programme& programme, Rate rate, std::vector<OutputRunner*> outputs)
      : thread_([this, &programme, rate, outputs = std::move(outputs)] {
          MonotonicClock clock;
          const MediaTime zero = clock.now();
          for (std::int64_t n = 0; !stop_; ++n) {
            clock.sleep_until(zero + rate.time_of(n));
            for (const auto& packet : programme.next(clock.now()))
              for (OutputRunner* output : outputs) output->push(packet);
          }
        }) {}
  ~Player() {
    stop_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace kakehashi::testing
