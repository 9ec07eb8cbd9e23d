// SPDX-License-Identifier: GPL-3.0-or-later
// The words for time. One session clock, CLOCK_MONOTONIC, in nanoseconds; picture times come from
// an exact rational Rate, sound times from sample counts, so neither ever drifts by rounding.
#pragma once

#include <compare>
#include <cstdint>

namespace kakehashi {

// A length of time. Unit: nanoseconds, signed.
struct Duration {
  std::int64_t ns = 0;

  static constexpr Duration nanoseconds(std::int64_t v) { return {v}; }
  static constexpr Duration microseconds(std::int64_t v) { return {v * 1'000}; }
  static constexpr Duration milliseconds(std::int64_t v) { return {v * 1'000'000}; }
  static constexpr Duration seconds(std::int64_t v) { return {v * 1'000'000'000}; }
  static constexpr Duration from_seconds(double v) { return {static_cast<std::int64_t>(v * 1e9)}; }

  constexpr double to_seconds() const { return static_cast<double>(ns) * 1e-9; }
  constexpr double to_milliseconds() const { return static_cast<double>(ns) * 1e-6; }

  friend constexpr auto operator<=>(Duration, Duration) = default;
  friend constexpr Duration operator+(Duration a, Duration b) { return {a.ns + b.ns}; }
  friend constexpr Duration operator-(Duration a, Duration b) { return {a.ns - b.ns}; }
  friend constexpr Duration operator*(Duration a, std::int64_t k) { return {a.ns * k}; }
  friend constexpr Duration operator/(Duration a, std::int64_t k) { return {a.ns / k}; }
  constexpr Duration operator-() const { return {-ns}; }
};

// A moment on CLOCK_MONOTONIC. Unit: nanoseconds since that clock's own zero.
struct MediaTime {
  std::int64_t ns = 0;

  friend constexpr auto operator<=>(MediaTime, MediaTime) = default;
  friend constexpr MediaTime operator+(MediaTime t, Duration d) { return {t.ns + d.ns}; }
  friend constexpr MediaTime operator-(MediaTime t, Duration d) { return {t.ns - d.ns}; }
  friend constexpr Duration operator-(MediaTime a, MediaTime b) { return {a.ns - b.ns}; }
};

// Pictures per second as an exact fraction: 30000/1001 stays 30000/1001.
// Picture n starts at n * denominator / numerator seconds, rounded down to a nanosecond; because
// each time is computed from n and never added up, the error never grows.
struct Rate {
  std::int32_t numerator = 30;
  std::int32_t denominator = 1;

  constexpr bool valid() const { return numerator > 0 && denominator > 0; }
  constexpr double per_second() const { return static_cast<double>(numerator) / denominator; }

  // When picture n starts, counted from picture 0. Any n, also negative.
  constexpr Duration time_of(std::int64_t n) const {
    const __int128 scaled = static_cast<__int128>(n) * denominator * 1'000'000'000;
    __int128 q = scaled / numerator;
    if (scaled % numerator < 0) --q;  // floor, so that time_of is monotonic through zero
    return {static_cast<std::int64_t>(q)};
  }

  // The picture on show at `since_zero`: the largest n with time_of(n) <= since_zero.
  constexpr std::int64_t index_at(Duration since_zero) const {
    const __int128 scaled = static_cast<__int128>(since_zero.ns) * numerator;
    const __int128 unit = static_cast<__int128>(denominator) * 1'000'000'000;
    __int128 q = scaled / unit;
    if (scaled % unit < 0) --q;
    auto n = static_cast<std::int64_t>(q);
    if (time_of(n + 1) <= since_zero) ++n;  // time_of rounds down, so its own grid wins
    return n;
  }

  constexpr Duration period() const { return time_of(1); }

  friend constexpr bool operator==(Rate a, Rate b) {
    return static_cast<std::int64_t>(a.numerator) * b.denominator ==
           static_cast<std::int64_t>(b.numerator) * a.denominator;
  }
};

// The program's sound: 48 kHz, stereo, in blocks of 10 ms.
inline constexpr int kSampleRate = 48'000;
inline constexpr int kBlockSamples = 480;
inline constexpr int kProgramChannels = 2;

// Sample position <-> time since the session's zero. Exact for whole blocks.
constexpr Duration time_of_sample(std::int64_t position) {
  return {static_cast<std::int64_t>(static_cast<__int128>(position) * 1'000'000'000 / kSampleRate)};
}
constexpr std::int64_t sample_at(Duration since_zero) {
  return static_cast<std::int64_t>(static_cast<__int128>(since_zero.ns) * kSampleRate /
                                   1'000'000'000);
}

}  // namespace kakehashi
