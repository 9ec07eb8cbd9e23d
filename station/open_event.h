// SPDX-License-Identifier: GPL-3.0-or-later
// From file names to a show that can run: event, venue and secrets read, checked and joined.
#pragma once

#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "core/secret.h"
#include "core/show.h"
#include "presets/venue_file.h"
#include "station/venue_place.h"

namespace kakehashi {

struct OpenedEvent {
  Show show;  // bindings applied
  std::map<std::string, Secret> secrets;
  std::string media_folder;   // the event file's folder
  VenuePlace venue;           // where its bindings come from and go to
  std::vector<Fault> faults;  // of event and venue; path starts with the file's name for the venue
  std::vector<Fault> notices;
};

// `venue`: empty takes the event's (station/venue_place.h). `secrets`: empty takes
// default_secrets_path().
OpenedEvent open_event(const std::string& event, const std::string& venue,
                       const std::string& secrets);

// One fault a line: "demo.json: scenes[2].layers[0].input: no input is called ...".
void print_faults(std::ostream& out, const std::string& file, const std::vector<Fault>& faults,
                  Language language);

}  // namespace kakehashi
