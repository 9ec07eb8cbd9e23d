// SPDX-License-Identifier: GPL-3.0-or-later
// One after the other through a library that is not safe for several threads, although a driver
// under it may hang for ever: nobody waits longer than he wants to, and is told who hangs. The
// driver of one device must not keep the others from being opened again.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>

#include "core/result.h"

namespace kakehashi {

class DriverTurn {
 public:
  enum class Needs {
    Whole,  // alone until it returns
    // Alone for what it does before it first sleeps in the kernel: what the library shares is
    // changed without any system call, the rest is the driver's. Once its thread has been seen
    // asleep for kAsleep, the next one goes in.
    Beginning,
  };
  static constexpr std::chrono::milliseconds kAsleep{300};

  // Calls `action` on this thread. TryLater: somebody did not come back within `patience`; names
  // him, in words for people too (nothing has been called then). `who`: the device, for people.
  Status take(const std::string& who, Needs needs, std::chrono::milliseconds patience,
              const std::function<void()>& action);

  // The one who has been in for more than `limit`; empty: none.
  std::string hangs(std::chrono::milliseconds limit) const;

 private:
  using Steady = std::chrono::steady_clock;
  struct Holder {
    std::uint64_t ticket = 0;
    std::string who, thread;  // its state is asked from /proc
    Needs needs = Needs::Whole;
    Steady::time_point since{};
    Steady::time_point awake{};  // seen last; asleep since then
  };
  bool lets_in(Steady::time_point now);  // under the lock

  mutable std::mutex mutex_;
  std::condition_variable left_;
  bool taken_ = false;
  std::uint64_t tickets_ = 0;
  Holder holder_;
};

// PortAudio's: its list of open streams has no lock of its own (pa_front.c: Pa_OpenStream adds to
// it at its end, Pa_CloseStream removes first and calls the driver afterwards). Inputs (capture)
// and outputs (venue) of this process share it.
DriverTurn& port_audio_turn();

}  // namespace kakehashi
