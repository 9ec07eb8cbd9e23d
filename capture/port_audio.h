// SPDX-License-Identifier: GPL-3.0-or-later
// PortAudio, started with its first user and ended with the last. Its own list of devices is frozen
// meanwhile and is not used: capture/sound_list.h finds devices, and streams are opened by ALSA's
// word for them (PaAlsaStreamInfo), so that a microphone plugged in while others run can be opened.
// Private to capture/.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "core/result.h"

namespace kakehashi {

std::mutex& port_audio_mutex();

// While one of these lives, PortAudio runs. Any thread; starting takes up to a second.
class PortAudioUse {
 public:
  static Result<PortAudioUse> begin();
  PortAudioUse(PortAudioUse&& o) noexcept;
  PortAudioUse& operator=(PortAudioUse&&) = delete;
  ~PortAudioUse();

 private:
  PortAudioUse() = default;
  bool held_ = true;
};

// PortAudio's list of open streams has no lock of its own: opening and closing happen inside this.
template <class Action>
auto with_port_audio(Action action) {
  const std::lock_guard lock(port_audio_mutex());
  return action();
}

// PortAudio and ALSA ask every card of ALSA's configuration and a JACK server that is not there;
// their complaints would fill the log at each look.
void silence_sound_libraries();

}  // namespace kakehashi
