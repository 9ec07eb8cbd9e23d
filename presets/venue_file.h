// SPDX-License-Identifier: GPL-3.0-or-later
// Which device plays which role in this hall, and the secrets file. Neither travels with an event.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/secret.h"
#include "core/sound_output.h"
#include "presets/event_file.h"

namespace kakehashi {

struct Venue {
  std::string name;
  std::map<std::string, SourceSpec> bindings;  // role -> source
  std::map<std::string, Duration>
      delays;  // role -> lip-sync delay measured here; overrides the input's
  std::map<std::string, StripSettings> sounds;  // role -> what was chosen here for its sound
  SoundOutputBindings sound_outputs;            // bus -> loudspeakers, headphones, return line
  std::string test_server;  // rtmp address that takes uploads for measuring the line; empty: none
  std::vector<UnknownKey> unknown;
  friend bool operator==(const Venue&, const Venue&) = default;
};

struct VenueReading {
  Venue venue;
  std::vector<Fault> faults;
  std::vector<Fault> notices;
  bool ok() const { return faults.empty(); }
};

VenueReading parse_venue(std::string_view json, const KindTable& sources);
VenueReading load_venue(const std::string& path, const KindTable& sources);

// The same venue gives the same text; unknown keys are written back where they were.
std::string write_venue(const Venue& venue);

// Changes what one role is bound to (nothing: unbound) and leaves everything else in the file as it
// says, also what this version does not understand. The old file or the new one is on the disk,
// never a half; a file that is not there yet is begun. Any thread; waits for the disk. FixSetup: no
// path, or not writable; FixInput: the file is no venue, the role no identifier, or the settings
// hold a password.
Status set_binding(const std::string& path, const std::string& role,
                   const std::optional<SourceSpec>& source);
// The same for the lip-sync delay measured here, 0 to 10 s.
Status set_delay(const std::string& path, const std::string& role, std::optional<Duration> delay);
// The same for the sound of roles, all in one write (nothing: as the event says). FixInput also for
// settings that could not be read again.
using RoleSounds = std::map<std::string, std::optional<StripSettings>>;
Status set_sounds(const std::string& path, const RoleSounds& sounds);
// The same for what plays a bus (nothing: silent).
Status set_sound_output(const std::string& path, const std::string& bus,
                        const std::optional<SoundOutputBinding>& output);

// Stream keys by name, from a JSON object of strings. Refused when others than the owner may read
// the file. A missing file is an empty set.
Result<std::map<std::string, Secret>> load_secrets(const std::string& path);
// $KAKEHASHI_SECRETS, else $XDG_CONFIG_HOME/kakehashi/secrets.json, else
// ~/.config/kakehashi/secrets.json.
std::string default_secrets_path();

// Inputs with the venue's bindings, delays and sounds applied (venue over the event's own).
// Rights are the stricter ones of both: no hall may loosen what the event's maker knows.
std::vector<Input> bound_inputs(const Show& show, const Venue& venue);

// What of a strip's settings goes into the venue file; nothing: they are the event's own. The
// event's rights are never copied there, only stricter ones: else its maker could not lift them.
std::optional<StripSettings> sound_for_venue(const Input& input, const StripSettings& live);

}  // namespace kakehashi
