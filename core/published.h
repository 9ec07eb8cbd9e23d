// SPDX-License-Identifier: GPL-3.0-or-later
// One writer's latest immutable value, read by many. Readers get a shared pointer and keep it as
// long as they like; a new value never disturbs them. A mutex held for a pointer copy, not
// std::atomic<shared_ptr>: libstdc++ 12's is a spin lock inside and ThreadSanitizer cannot follow
// it.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace kakehashi {

template <class T>
class Published {
 public:
  Published() = default;
  explicit Published(std::shared_ptr<const T> first) : value_(std::move(first)) {}

  std::shared_ptr<const T> load() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }
  void store(std::shared_ptr<const T> next) {
    const std::lock_guard lock(mutex_);
    value_.swap(next);  // the old value dies with the parameter, after the lock
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
};

}  // namespace kakehashi
