// SPDX-License-Identifier: GPL-3.0-or-later
// The sound outputs of this machine, for the sound desk: found by ALSA, meant by what the hardware
// is and where it is plugged in, opened by PortAudio.
#pragma once

#include "station/sound_desk.h"

namespace kakehashi {

// `epoch`: the session's zero; `lag`: AudioLoop::kLag. After init_capture().
SoundDesk::Roads machine_outputs(MediaTime epoch, Duration lag);

}  // namespace kakehashi
