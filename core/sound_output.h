// SPDX-License-Identifier: GPL-3.0-or-later
// Which loudspeakers, headphones or return line play a bus in this hall (venue file:
// "sound_outputs").
#pragma once

#include <map>
#include <string>

#include "core/device.h"

namespace kakehashi {

struct SoundOutputBinding {
  DeviceIdentity device;
  int first_channel = 1;  // of the pair, counted from 1
  friend bool operator==(const SoundOutputBinding&, const SoundOutputBinding&) = default;
};

// By SoundBus::id. Buses of partners that the event does not have stay silent and are kept.
using SoundOutputBindings = std::map<std::string, SoundOutputBinding>;

}  // namespace kakehashi
