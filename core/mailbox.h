// SPDX-License-Identifier: GPL-3.0-or-later
// A road with room for one: the newest value wins, an unread older one is thrown away and counted.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>

namespace kakehashi {

template <class T>
class Mailbox {
 public:
  // Any thread. Never waits for the reader.
  void put(T value) {
    std::optional<T>
        old;  // destroyed after the lock is gone: freeing a frame may take another lock
    {
      const std::lock_guard lock(mutex_);
      if (value_) ++replaced_;
      old = std::exchange(value_, std::optional<T>(std::move(value)));
      ++put_;
    }
    arrived_.notify_one();
  }

  std::optional<T> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(value_, std::nullopt);
  }

  // Waits until something is there, the limit has passed, or close() was called.
  std::optional<T> wait(std::chrono::nanoseconds limit) {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, limit, [this] { return value_.has_value() || closed_; });
    return std::exchange(value_, std::nullopt);
  }

  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    arrived_.notify_all();
  }
  bool closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
  }

  std::uint64_t put_count() const {
    const std::lock_guard lock(mutex_);
    return put_;
  }
  std::uint64_t replaced_count() const {
    const std::lock_guard lock(mutex_);
    return replaced_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::optional<T> value_;
  bool closed_ = false;
  std::uint64_t put_ = 0;
  std::uint64_t replaced_ = 0;
};

}  // namespace kakehashi
