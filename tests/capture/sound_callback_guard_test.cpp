// SPDX-License-Identifier: GPL-3.0-or-later
// What PortAudio's thread and mix.audio call takes no lock and no memory: both would let a device
// or the programme wait for a thread of no importance.
#include <dlfcn.h>
#include <doctest/doctest.h>
#include <pthread.h>

#include <cstdlib>
#include <mutex>
#include <vector>

#include "capture/audio_sync.h"
#include "capture/sound_arrival.h"

namespace {
thread_local bool guarded = false;
thread_local long allocations = 0, locks = 0;
}  // namespace

extern "C" {
void* __libc_malloc(std::size_t);  // NOLINT(bugprone-reserved-identifier): glibc's real ones
void* __libc_calloc(std::size_t, std::size_t);  // NOLINT(bugprone-reserved-identifier)
void __libc_free(void*);                        // NOLINT(bugprone-reserved-identifier)
void* malloc(std::size_t n) {
  if (guarded) ++allocations;
  return __libc_malloc(n);
}
void* calloc(std::size_t n, std::size_t size) {
  if (guarded) ++allocations;
  return __libc_calloc(n, size);
}
void free(void* p) {
  if (guarded && p) ++allocations;
  __libc_free(p);
}
int pthread_mutex_lock(pthread_mutex_t* mutex) {
  using Lock = int (*)(pthread_mutex_t*);
  static const auto real = reinterpret_cast<Lock>(dlsym(RTLD_NEXT, "pthread_mutex_lock"));
  if (guarded) ++locks;
  return real(mutex);
}
}

using namespace kakehashi;

namespace {

template <class Call>
void guard(const char* what, Call call) {
  allocations = locks = 0;
  guarded = true;
  call();
  guarded = false;
  CAPTURE(what);
  CHECK(allocations == 0);
  CHECK(locks == 0);
}

}  // namespace

TEST_CASE("the callback, the carrier's hand-over and the mixer's reading take no lock, no memory") {
  constexpr int kChannels = 18;
  const std::vector<float> in(480 * kChannels, 0.25F), far(480 * 2, 0.25F);
  SoundArrival road(kChannels, 44100);
  AudioSync sync(MediaTime{}, Duration{});
  ChannelPeaks peaks;
  SoundArrival::Piece piece;
  AudioBlock block;
  std::int64_t frames = 0;
  const auto captured = [&] { return MediaTime{frames * 1'000'000'000 / 44100}; };
  sync.push(far, 2, 44100, captured());  // the first one may
  for (int round = 0; round < 400; ++round) {
    frames += 480;
    const bool broken = round % 50 == 7;
    guard("callback", [&] { road.arrive(in.data(), 480, broken, captured()); });
    if (round % 100 > 80) continue;  // the carrier sleeps, the road fills
    guard("carrier", [&] {
      while (road.take(piece)) {
        peaks.measure(piece.samples, kChannels, 44100);
        if (piece.broken) sync.discontinuity();
        sync.push(piece.samples.subspan(0, piece.samples.size() / 9), 2, 44100, piece.captured);
        sync.channels().show(peaks);
      }
    });
    guard("mixer", [&] { (void)sync.read(block, captured()); });
    block.position += kBlockSamples;
  }
}

TEST_CASE("the guard sees what it guards against") {
  allocations = locks = 0;
  std::mutex mutex;
  guarded = true;
  mutex.lock();
  int* volatile proof = new int(1);  // volatile: or the compiler leaves the pair out
  guarded = false;
  mutex.unlock();
  delete proof;
  CHECK(allocations == 1);
  CHECK(locks == 1);
}
