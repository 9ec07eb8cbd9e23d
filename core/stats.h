// SPDX-License-Identifier: GPL-3.0-or-later
// Figures for health and reports: counters that any thread may bump, and a latency histogram of
// fixed size, so that measuring allocates nothing.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "core/time.h"

namespace kakehashi {

// Bumped by one thread, read by any. Relaxed: it is a figure, not a signal.
class Counter {
 public:
  void add(std::uint64_t n = 1) { value_.fetch_add(n, std::memory_order_relaxed); }
  std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// Durations from 0 to 3.2 s in steps of 0.1 ms up to 100 ms, then 10 ms; longer ones count in the
// last step. Written by one thread, read by any (a reader may miss the newest sample, never tear
// one).
class LatencyHistogram {
 public:
  void add(Duration d) {
    buckets_[index_of(d)].fetch_add(1, std::memory_order_relaxed);
    count_.fetch_add(1, std::memory_order_relaxed);
    std::int64_t seen = max_.load(std::memory_order_relaxed);
    while (d.ns > seen && !max_.compare_exchange_weak(seen, d.ns, std::memory_order_relaxed)) {
    }
  }
  std::uint64_t count() const { return count_.load(std::memory_order_relaxed); }
  Duration max() const { return {max_.load(std::memory_order_relaxed)}; }
  // The value below which `fraction` (0..1) of the samples lie; zero without samples.
  Duration quantile(double fraction) const {
    const std::uint64_t n = count();
    if (n == 0) return {};
    const auto rank = static_cast<std::uint64_t>(fraction * static_cast<double>(n - 1));
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < kBuckets; ++i) {
      below += buckets_[i].load(std::memory_order_relaxed);
      if (below > rank) return middle_of(i);
    }
    return max();
  }

 private:
  static constexpr std::size_t kFine = 1000;   // 0.1 ms each
  static constexpr std::size_t kCoarse = 310;  // 10 ms each
  static constexpr std::size_t kBuckets = kFine + kCoarse;

  static std::size_t index_of(Duration d) {
    if (d.ns < 0) return 0;
    const auto tenths = static_cast<std::uint64_t>(d.ns / 100'000);
    if (tenths < kFine) return static_cast<std::size_t>(tenths);
    const std::size_t i = kFine + static_cast<std::size_t>((tenths - kFine) / 100);
    return i < kBuckets ? i : kBuckets - 1;
  }
  static Duration middle_of(std::size_t i) {
    if (i < kFine) return Duration::microseconds(static_cast<std::int64_t>(i) * 100 + 50);
    return Duration::milliseconds(100 + static_cast<std::int64_t>(i - kFine) * 10 + 5);
  }

  std::array<std::atomic<std::uint32_t>, kBuckets> buckets_{};
  std::atomic<std::uint64_t> count_{0};
  std::atomic<std::int64_t> max_{0};
};

}  // namespace kakehashi
