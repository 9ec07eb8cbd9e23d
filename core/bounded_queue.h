// SPDX-License-Identifier: GPL-3.0-or-later
// A road with a capacity, a policy when full and counters. The sender never waits, and neither side
// allocates: the room for all items is there from the start.
#pragma once

#include <cassert>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace kakehashi {

enum class WhenFull : std::uint8_t {
  DropOldest,  // freshness matters: pictures on the way to a screen
  Refuse,      // order matters: the sender is told and counts a skip
};

struct QueueCounters {
  std::uint64_t pushed = 0;
  std::uint64_t dropped = 0;  // oldest thrown away, or newest refused
  std::size_t most = 0;       // deepest it ever was
};

template <class T>
class BoundedQueue {
 public:
  BoundedQueue(std::size_t capacity, WhenFull policy) : policy_(policy), slots_(capacity) {
    assert(capacity > 0 && "a road needs room for one");
  }

  // False when the item was refused or the queue is closed.
  bool push(T item) {
    std::optional<T> dropped;  // destroyed after the lock is gone
    {
      const std::lock_guard lock(mutex_);
      if (closed_) return false;
      if (count_ == slots_.size()) {
        ++counters_.dropped;
        if (policy_ == WhenFull::Refuse) return false;
        dropped = pop_locked();
      }
      slots_[(first_ + count_) % slots_.size()] = std::move(item);
      ++count_;
      ++counters_.pushed;
      if (count_ > counters_.most) counters_.most = count_;
    }
    arrived_.notify_one();
    return true;
  }

  std::optional<T> try_pop() {
    const std::lock_guard lock(mutex_);
    return pop_locked();
  }

  // Waits up to `limit`; nothing when the limit passed, or when closed and drained.
  std::optional<T> wait_pop(std::chrono::nanoseconds limit) {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, limit, [this] { return count_ > 0 || closed_; });
    return pop_locked();
  }

  // No more pushes; what is inside can still be popped.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    arrived_.notify_all();
  }
  void clear() {
    while (try_pop()) {
    }
  }

  bool closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
  }
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return count_;
  }
  std::size_t capacity() const { return slots_.size(); }
  QueueCounters counters() const {
    const std::lock_guard lock(mutex_);
    return counters_;
  }

 private:
  std::optional<T> pop_locked() {
    if (count_ == 0) return std::nullopt;
    std::optional<T> item = std::exchange(slots_[first_], std::nullopt);
    first_ = (first_ + 1) % slots_.size();
    --count_;
    return item;
  }

  const WhenFull policy_;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<std::optional<T>> slots_;  // a ring: `count_` items from `first_` on
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  bool closed_ = false;
  QueueCounters counters_;
};

}  // namespace kakehashi
