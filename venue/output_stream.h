// SPDX-License-Identifier: GPL-3.0-or-later
// One running output stream of PortAudio, opened by ALSA's word for the device. Opening and closing
// happen inside port_audio_turn() (core/driver_turn.h); both may hang in a driver: on a thread that
// nobody waits for. Private to venue/.
#pragma once

#include <cstddef>
#include <memory>

#include "core/result.h"
#include "core/time.h"
#include "venue/sound_outputs.h"

namespace kakehashi {

class OutputStream {
 public:
  // One call of the device for `frames` x OutputAbility::channels interleaved.
  struct Fetch {
    float* out = nullptr;
    std::size_t frames = 0;
    MediaTime now;  // CLOCK_MONOTONIC
    bool underflow = false;
    Duration queued;  // of the driver: until the first of these frames is heard; zero: unknown
  };
  // PortAudio's thread: must not allocate, lock, log or block.
  using Fill = void (*)(void* self, const Fetch& fetch);

  // Starts the library; no device is touched.
  static Result<std::unique_ptr<OutputStream>> prepare(const SoundOutput& output);
  ~OutputStream();
  OutputStream(const OutputStream&) = delete;
  OutputStream& operator=(const OutputStream&) = delete;

  // Once. From now on `fill` is called, until the stream is destroyed.
  Status start(const OutputAbility& ability, Duration buffer, Fill fill, void* self);
  // False: it stopped by itself, the device is gone. Any thread.
  bool active() const;

 private:
  OutputStream() = default;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi
