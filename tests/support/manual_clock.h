// SPDX-License-Identifier: GPL-3.0-or-later
// A clock held in the hand: time moves only when a test says so.
#pragma once

#include <condition_variable>
#include <mutex>

#include "core/clock.h"

namespace kakehashi::testing {

class ManualClock final : public Clock {
 public:
  explicit ManualClock(MediaTime start = {1'000'000'000}) : now_(start) {}

  MediaTime now() const override {
    const std::lock_guard lock(mutex_);
    return now_;
  }
  void sleep_until(MediaTime deadline) override {
    std::unique_lock lock(mutex_);
    ++sleepers_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return now_ >= deadline; });
    --sleepers_;
  }

  void advance(Duration d) {
    {
      const std::lock_guard lock(mutex_);
      now_ = now_ + d;
    }
    changed_.notify_all();
  }
  // Until `n` threads sleep on this clock, so that a test advances it at a known state.
  void wait_for_sleepers(int n) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return sleepers_ >= n; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  MediaTime now_;
  int sleepers_ = 0;
};

}  // namespace kakehashi::testing
