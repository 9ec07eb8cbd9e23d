// SPDX-License-Identifier: GPL-3.0-or-later
// A ring between exactly one writer and one reader thread: no locks, no allocation, wait-free on
// both sides. The road out of a sound device's callback. Full: the write is refused and counted.
// After L. Lamport, "Proving the Correctness of Multiprocess Programs" (1977), section "bounded
// buffer".
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

namespace kakehashi {

template <class T>
class SpscRing {
  static_assert(std::is_trivially_copyable_v<T>, "a callback may only copy plain bytes");

 public:
  // Room for at least `capacity` items (rounded up to a power of two).
  explicit SpscRing(std::size_t capacity) : slots_(std::bit_ceil(capacity < 2 ? 2 : capacity)) {}

  std::size_t capacity() const { return slots_.size(); }

  // Writer thread only. False when full: nothing is written.
  bool push(const T& item) {
    const std::size_t head = head_.load(std::memory_order_relaxed);
    if (head - tail_.load(std::memory_order_acquire) == slots_.size()) {
      refused_.fetch_add(1, std::memory_order_relaxed);
      return false;
    }
    slots_[head & (slots_.size() - 1)] = item;
    head_.store(head + 1, std::memory_order_release);
    return true;
  }

  // Reader thread only. False when empty.
  bool pop(T& item) {
    const std::size_t tail = tail_.load(std::memory_order_relaxed);
    if (tail == head_.load(std::memory_order_acquire)) return false;
    item = slots_[tail & (slots_.size() - 1)];
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

  // Any thread; exact only on the two that use the ring.
  std::size_t size() const {
    const std::size_t tail = tail_.load(std::memory_order_acquire);
    return head_.load(std::memory_order_acquire) - tail;
  }
  std::uint64_t refused() const { return refused_.load(std::memory_order_relaxed); }

 private:
  std::vector<T> slots_;
  alignas(64) std::atomic<std::size_t> head_{0};
  alignas(64) std::atomic<std::size_t> tail_{0};
  alignas(64) std::atomic<std::uint64_t> refused_{0};
};

}  // namespace kakehashi
