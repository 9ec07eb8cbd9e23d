// SPDX-License-Identifier: GPL-3.0-or-later
// A road with a capacity, a policy when full and counters. The sender never waits.
#pragma once

#include <cassert>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

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
  BoundedQueue(std::size_t capacity, WhenFull policy) : capacity_(capacity), policy_(policy) {
    assert(capacity > 0 && "a road needs room for one");
  }

  // False when the item was refused or the queue is closed.
  bool push(T item) {
    std::optional<T> dropped;  // destroyed after the lock is gone
    {
      const std::lock_guard lock(mutex_);
      if (closed_) return false;
      if (items_.size() == capacity_) {
        ++counters_.dropped;
        if (policy_ == WhenFull::Refuse) return false;
        dropped = std::move(items_.front());
        items_.pop_front();
      }
      items_.push_back(std::move(item));
      ++counters_.pushed;
      if (items_.size() > counters_.most) counters_.most = items_.size();
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
    arrived_.wait_for(lock, limit, [this] { return !items_.empty() || closed_; });
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
    std::deque<T> old;  // dies after the lock
    const std::lock_guard lock(mutex_);
    old.swap(items_);
  }

  bool closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
  }
  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return items_.size();
  }
  std::size_t capacity() const { return capacity_; }
  QueueCounters counters() const {
    const std::lock_guard lock(mutex_);
    return counters_;
  }

 private:
  std::optional<T> pop_locked() {
    if (items_.empty()) return std::nullopt;
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    return item;
  }

  const std::size_t capacity_;
  const WhenFull policy_;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<T> items_;
  bool closed_ = false;
  QueueCounters counters_;
};

}  // namespace kakehashi
