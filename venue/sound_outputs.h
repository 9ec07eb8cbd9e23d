// SPDX-License-Identifier: GPL-3.0-or-later
// The sound outputs that are plugged in now, asked from ALSA (PortAudio's own list is frozen while
// a stream of it runs). Nothing is opened for streaming.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"

namespace kakehashi {

struct SoundOutput {
  std::string pcm;   // what ALSA opens: "hw:1,0" (good until the next plugging), "pulse", "default"
  std::string name;  // for people: "USB Audio: USB Audio"
};

// Cards, then the sound servers of ALSA's configuration.
std::vector<SoundOutput> list_sound_outputs();

// By ALSA's word, else by a part of a name that only one has. NotFound names what is there.
Result<SoundOutput> choose_sound_output(const std::string& word,
                                        const std::vector<SoundOutput>& present);

// The output that belongs to a sound input: the same server, the same plug of the same card, else
// the card's first one. NotFound: that card only listens.
Result<SoundOutput> output_beside(const std::string& input_pcm,
                                  const std::vector<SoundOutput>& present);

struct OutputAbility {
  int channels = 2;       // to be opened: what is needed, or the least it takes
  int channels_most = 2;  // sound servers take any number
  int rate = 48000;       // the possible one nearest to the wish
};
// Opens and sets it up for a moment: a driver that hangs in it hangs here, where nobody else waits.
// FixSetup: in use or not permitted; NotFound: it is gone.
Result<OutputAbility> ask_sound_output(const std::string& pcm, int wanted_rate, int channels = 2);

}  // namespace kakehashi
