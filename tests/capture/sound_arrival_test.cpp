// SPDX-License-Identifier: GPL-3.0-or-later
// The road out of a sound device's callback, and the levels of its channels.
#include "capture/sound_arrival.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "capture/channel_peaks.h"

using namespace kakehashi;

namespace {

// Frame n of channel c.
float sample(std::uint64_t n, int c) {
  return static_cast<float>(n % 100'000) + 0.01F * static_cast<float>(c);
}

std::vector<float> frames(std::uint64_t from, int count, int channels) {
  std::vector<float> s;
  for (int i = 0; i < count; ++i)
    for (int c = 0; c < channels; ++c) s.push_back(sample(from + static_cast<std::uint64_t>(i), c));
  return s;
}

}  // namespace

TEST_CASE("every frame arrives once, in order, with the moment it was captured") {
  for (const int channels : {1, 2, 18, 64})
    for (const int count : {24, 120, 480, 1023}) {
      CAPTURE(channels);
      CAPTURE(count);
      SoundArrival road(channels, 48000);
      std::uint64_t written = 0, read = 0, wrong = 0;
      SoundArrival::Piece piece;
      for (int call = 0; call < 200; ++call) {
        const auto s = frames(written, count, channels);
        written += static_cast<std::uint64_t>(count);
        road.arrive(s.data(), count, false,
                    MediaTime{} + time_of_sample(static_cast<std::int64_t>(written)));
        while (road.take(piece)) {
          REQUIRE_FALSE(piece.broken);
          const std::size_t n = piece.samples.size() / static_cast<std::size_t>(channels);
          REQUIRE(n <= SoundArrival::kPiece);
          const Duration off =
              piece.captured - (MediaTime{} + time_of_sample(static_cast<std::int64_t>(read)));
          if (std::abs(off.ns) >= 2000) ++wrong;
          for (std::size_t i = 0; i < n; ++i, ++read)
            for (int c = 0; c < channels; ++c)
              if (piece.samples[i * static_cast<std::size_t>(channels) +
                                static_cast<std::size_t>(c)] != sample(read, c))
                ++wrong;
        }
      }
      CHECK(read == written);
      CHECK(wrong == 0);
    }
}

TEST_CASE("a reader that sleeps loses the newest, and what follows says so") {
  SoundArrival road(2, 48000);
  std::uint64_t at = 0;
  const auto call = [&] {
    const auto s = frames(at, 480, 2);
    at += 480;
    road.arrive(s.data(), 480, false, MediaTime{} + time_of_sample(static_cast<std::int64_t>(at)));
  };
  for (int i = 0; i < 100; ++i) call();  // a second: more than there is room for
  SoundArrival::Piece piece;
  std::uint64_t read = 0;
  while (road.take(piece)) {
    CHECK_FALSE(piece.broken);
    CHECK(piece.samples[0] == sample(read, 0));
    read += piece.samples.size() / 2;
  }
  CHECK(read > 30'000);
  CHECK(read < at);
  call();
  REQUIRE(road.take(piece));
  CHECK(piece.broken);
  CHECK(piece.samples[0] == sample(at - 480, 0));
  REQUIRE(road.take(piece));
  CHECK_FALSE(piece.broken);
}

TEST_CASE("what the device lost is told with the first frames after it, once") {
  SoundArrival road(2, 48000);
  const auto s = frames(0, 480, 2);
  road.arrive(s.data(), 480, true, MediaTime{1'000'000'000});
  SoundArrival::Piece piece;
  REQUIRE(road.take(piece));
  CHECK(piece.broken);
  while (road.take(piece)) CHECK_FALSE(piece.broken);
}

TEST_CASE("callback and carrier on two threads") {
  SoundArrival road(8, 48000);
  std::atomic<bool> done{false};
  std::thread callback([&] {
    for (std::uint64_t at = 0; at < 480'000; at += 480) {
      const auto s = frames(at, 480, 8);
      road.arrive(s.data(), 480, false, MediaTime{});
    }
    done = true;
  });
  SoundArrival::Piece piece;
  std::uint64_t read = 0, torn = 0;
  for (bool last = false; !last;) {
    last = done;
    while (road.take(piece)) {
      // What was lost is a hole between pieces, never inside one.
      const float first = piece.samples[0];
      for (std::size_t i = 0; i < piece.samples.size() / 8; ++i, ++read)
        if (piece.samples[8 * i] != first + static_cast<float>(i) &&
            piece.samples[8 * i] + 100'000 != first + static_cast<float>(i))
          ++torn;
    }
  }
  callback.join();
  CHECK(torn == 0);
  CHECK(read > 30'000);
}

TEST_CASE("each channel shows its own level, which falls by 20 dB a second") {
  ChannelPeaks peaks;
  CHECK(peaks.levels().empty());
  std::vector<float> s(480 * 3);
  for (std::size_t i = 0; i < 480; ++i) s[3 * i + 1] = i == 100 ? -0.5F : 0.0F;
  peaks.measure(s, 3, 48000);
  auto levels = peaks.levels();
  REQUIRE(levels.size() == 3);
  CHECK(levels[0] == -120);
  CHECK(levels[1] == doctest::Approx(-6.02).epsilon(0.01));
  CHECK(levels[2] == -120);
  const std::vector<float> silence(480 * 3);
  for (int i = 0; i < 50; ++i) peaks.measure(silence, 3, 48000);
  CHECK(peaks.levels()[1] == doctest::Approx(-16.02).epsilon(0.01));
  ChannelPeaks role;
  role.show(peaks);
  CHECK(role.levels() == peaks.levels());
  role.clear();
  CHECK(role.levels().empty());
}
