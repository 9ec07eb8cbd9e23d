// SPDX-License-Identifier: GPL-3.0-or-later
// A clock held in the hand: time moves only when a test says so.
#pragma once

#include <condition_variable>
#include <iterator>
#include <mutex>
#include <set>

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
    if (over_ || now_ >= deadline) return;
    const auto mine = deadlines_.insert(deadline);
    changed_.notify_all();
    changed_.wait(lock, [&] { return over_ || now_ >= deadline; });
    deadlines_.erase(mine);
  }

  void advance(Duration d) {
    {
      const std::lock_guard lock(mutex_);
      now_ = now_ + d;
    }
    changed_.notify_all();
  }
  // Until `n` threads sleep on this clock towards a moment that has not come, so that a test moves
  // it at a known state: who has been woken no longer counts, also before it runs.
  void wait_for_sleepers(int n) {
    std::unique_lock lock(mutex_);
    changed_.wait(
        lock, [&] { return std::distance(deadlines_.upper_bound(now_), deadlines_.end()) >= n; });
  }
  // The end of a test: nobody sleeps any more, so that threads can be joined.
  void release() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    changed_.notify_all();
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  MediaTime now_;
  std::multiset<MediaTime> deadlines_;
  bool over_ = false;
};

}  // namespace kakehashi::testing
