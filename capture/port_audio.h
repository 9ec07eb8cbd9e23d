// SPDX-License-Identifier: GPL-3.0-or-later
// PortAudio, started once and kept until the process ends. Its own list of devices is frozen
// and is not used: capture/sound_list.h finds devices, and streams are opened by ALSA's
// word for them (PaAlsaStreamInfo), so that a microphone plugged in while others run can be opened.
// Opening and closing happen inside port_audio_turn() (core/driver_turn.h). Private to capture/.
#pragma once

#include <chrono>
#include <string>

#include "core/driver_turn.h"
#include "core/result.h"

namespace kakehashi {

// How long one waits for another's driver: less than the feed's patience with an opening.
inline constexpr std::chrono::milliseconds kTurnPatience{4000};

// Again and again; opens no device. The first call is init_capture()'s, before any other thread
// looks for sound devices: they are hidden from it for some milliseconds. `who`: who needs it.
Status start_port_audio(const std::string& who);

// PortAudio and ALSA ask every card of ALSA's configuration and a JACK server that is not there;
// their complaints would fill the log at each look.
void silence_sound_libraries();

}  // namespace kakehashi
