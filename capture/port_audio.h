// SPDX-License-Identifier: GPL-3.0-or-later
// PortAudio's list of devices is frozen when it starts: so it starts with the first user and ends
// with the last, and a device plugged in meanwhile is seen by the next opening. Private to
// capture/.
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

struct SoundInput {
  int index = -1;  // PortAudio's, valid while it runs
  std::string name;
  int channels = 0;
  double rate = 0;
};
// PortAudio's list of open streams has no lock of its own: opening and closing happen inside this.
template <class Action>
auto with_port_audio(Action action) {
  const std::lock_guard lock(port_audio_mutex());
  return action();
}

// Both need a PortAudioUse.
std::vector<SoundInput> sound_inputs();
// `wanted`: "default", or a part of the name. The error names what exists.
Result<SoundInput> find_sound_input(const std::string& wanted);

}  // namespace kakehashi
