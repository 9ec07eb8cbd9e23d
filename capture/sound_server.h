// SPDX-License-Identifier: GPL-3.0-or-later
// What applications play, asked from the computer's sound server: PulseAudio, or PipeWire, whose
// pipewire-pulse speaks the same protocol (both are in Debian 12, and the second is what a new
// desktop runs). A recording stream on the sound of one of them (pa_stream_set_monitor_stream)
// changes nothing for those who sit before the computer: they hear it as before.
// One thread per object; never inside a lock. Private to capture/.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "capture/application_mix.h"
#include "core/result.h"

namespace kakehashi {

struct Playing {
  std::uint32_t stream = 0;  // the server's number; never given twice while it runs
  std::string application;   // "Firefox", for people and for finding it again
  std::string program;       // "firefox"; may be empty
};

class SoundServer {
 public:
  // Starts no server. NotFound: there is none; TryLater: it does not answer in time.
  static Result<std::unique_ptr<SoundServer>> connect(std::chrono::milliseconds patience);
  ~SoundServer();
  SoundServer(const SoundServer&) = delete;
  SoundServer& operator=(const SoundServer&) = delete;

  // All but what this station plays itself. TryLater: no answer in time, or the server is gone.
  Result<std::vector<Playing>> playing(std::chrono::milliseconds patience);

  // Called in turn() when an application begins or ends to play.
  void when_changed(std::function<void()> changed);
  // From now on turn() hands over what this stream plays, stereo at 48 kHz in pieces of about 10
  // ms.
  using Heard = std::function<void(std::span<const float> stereo)>;
  Status listen(std::uint32_t stream, Heard heard);
  void stop_listening(std::uint32_t stream);
  // Waits at most so long for something to happen, and does it. False: the server is gone.
  bool turn(std::chrono::milliseconds longest);

 private:
  SoundServer();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi
