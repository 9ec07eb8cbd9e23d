// SPDX-License-Identifier: GPL-3.0-or-later
// Which device plays which role in this hall, and the secrets file. Neither travels with an event.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/secret.h"
#include "presets/event_file.h"

namespace kakehashi {

struct Venue {
  std::string name;
  std::map<std::string, SourceSpec> bindings;  // role -> source
  std::map<std::string, Duration>
      delays;  // role -> lip-sync delay measured here; overrides the input's
};

struct VenueReading {
  Venue venue;
  std::vector<Fault> faults;
  std::vector<Fault> notices;
  bool ok() const { return faults.empty(); }
};

VenueReading parse_venue(std::string_view json, const KindTable& sources);
VenueReading load_venue(const std::string& path, const KindTable& sources);

// Stream keys by name, from a JSON object of strings. Refused when others than the owner may read
// the file. A missing file is an empty set.
Result<std::map<std::string, Secret>> load_secrets(const std::string& path);
// $KAKEHASHI_SECRETS, else $XDG_CONFIG_HOME/kakehashi/secrets.json, else
// ~/.config/kakehashi/secrets.json.
std::string default_secrets_path();

// Inputs with the venue's bindings and delays applied (venue over the event's own source).
std::vector<Input> bound_inputs(const Show& show, const Venue& venue);

}  // namespace kakehashi
