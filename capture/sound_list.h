// SPDX-License-Identifier: GPL-3.0-or-later
// The sound inputs that are plugged in now, asked from ALSA and not from PortAudio, whose list is
// frozen while a stream of it runs. Nothing is opened for streaming. Private to capture/.
#pragma once

#include <string>
#include <vector>

#include "core/device.h"
#include "core/result.h"

namespace kakehashi {

struct SoundInput {
  std::string pcm;   // what ALSA opens: "hw:1,0" (good until the next plugging), "pulse", "default"
                     // and, for what other applications play, the server's monitor
  std::string name;  // for people: "USB Audio: USB Audio"; PortAudio's, without the brackets
  std::string card;  // ALSA's short word: "LabA"; empty for sound servers
  DeviceIdentity identity;  // of a sound server: its name as the model
  std::string format;       // "2 channels 48000 Hz" where the kernel tells it; may be empty
};

// Cards in order of their places, then the sound servers of ALSA's configuration.
std::vector<SoundInput> list_sound_inputs();

// Of one stream that nobody else has open.
struct SoundAbility {
  int channels_least = 1, channels_most = 2;
  int rate = 48000;       // the possible one nearest to the wish
  bool loopback = false;  // the kernel's own: who opens one side decides for the other
};
// Opens and sets it up for a moment, so that a driver that hangs in it hangs here, where nobody
// else waits, and not inside PortAudio. FixSetup: in use or not permitted; NotFound: it is gone.
Result<SoundAbility> ask_sound_input(const std::string& pcm, int wanted_rate);

}  // namespace kakehashi
