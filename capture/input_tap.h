// SPDX-License-Identifier: GPL-3.0-or-later
// Who takes everything an input brings, as it came, beside the mixer: its own recording. Called on
// the source's thread: a reference or a few kilobytes kept, no waiting, no allocation.
#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <utility>

#include "core/published.h"
#include "core/time.h"
#include "core/video_frame.h"

namespace kakehashi {

class InputTap {
 public:
  virtual ~InputTap() = default;
  // The picture may lie in memory that a device lends: it wants it back soon.
  virtual void picture(const FramePtr& frame) = 0;
  virtual void sound(std::span<const float> interleaved, int channels, int rate,
                     MediaTime captured) = 0;
  virtual void sound_broken() = 0;  // what follows does not join on
};

// Where a tap comes and goes while its input runs.
class TapPlace {
 public:
  // Any thread. Null: nobody takes any more.
  void set(std::shared_ptr<InputTap> tap) {
    const bool used = tap != nullptr;
    tap_.store(std::make_shared<const std::shared_ptr<InputTap>>(std::move(tap)));
    used_.store(used, std::memory_order_release);
  }
  // Source threads; null while nobody takes. The lock inside meets nobody but set().
  std::shared_ptr<InputTap> get() const {
    if (!used_.load(std::memory_order_acquire)) return nullptr;
    const auto tap = tap_.load();
    return tap ? *tap : nullptr;
  }

 private:
  std::atomic<bool> used_{false};
  Published<std::shared_ptr<InputTap>> tap_;
};

}  // namespace kakehashi
