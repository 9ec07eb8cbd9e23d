// SPDX-License-Identifier: GPL-3.0-or-later
// Which venue file belongs to an event: where a hall's bindings are read, and where a new one is
// kept so that the next start finds it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/result.h"
#include "core/show.h"
#include "core/sound_output.h"
#include "presets/venue_file.h"

namespace kakehashi {

struct VenuePlace {
  std::string read;   // empty: none yet
  std::string write;  // may not exist yet
};

// May a file of this name be written (again)? The machine's answer: its folder takes a temporary
// file, and the file itself may be changed.
bool can_write_file(const std::string& path);

// `wished`: named on the command line, always that one. Else the one the event names (beside the
// event file), else "<event file's name>.venue.json" beside it; where that cannot be written (a
// shipped event, somebody else's share) this machine's own,
// $XDG_CONFIG_HOME/kakehashi/venues/<event's id>.venue.json, which is then read first.
VenuePlace venue_place(
    const std::string& event, const std::string& event_id, const std::string& named,
    const std::string& wished,
    const std::function<bool(const std::string& path)>& writable = can_write_file);

// Writes or takes out one role's binding. A file that is not there yet is made; this machine's own
// begins as a copy of the one that could not be written. Errors name the file.
Status keep_binding(const VenuePlace& place, const std::string& role,
                    const std::optional<SourceSpec>& device);
// The same for the sound of roles.
Status keep_sounds(const VenuePlace& place, const RoleSounds& sounds);
// The same for what plays a bus.
Status keep_sound_output(const VenuePlace& place, const std::string& bus,
                         const std::optional<SoundOutputBinding>& output);

}  // namespace kakehashi
