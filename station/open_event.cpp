// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/open_event.h"

#include <filesystem>
#include <ostream>

#include "capture/source_kind.h"
#include "encoder/output.h"

namespace kakehashi {

OpenedEvent open_event(const std::string& event, const std::string& venue,
                       const std::string& secrets) {
  OpenedEvent opened;
  EventReading reading = load_event(event, source_kind_table(), output_kind_table());
  opened.faults = std::move(reading.faults);
  opened.notices = std::move(reading.notices);
  if (!opened.faults.empty()) return opened;
  opened.show = std::move(reading.show);
  opened.media_folder = std::filesystem::absolute(event).parent_path().string();

  opened.venue = venue_place(event, opened.show.id, opened.show.venue, venue);
  const std::string& venue_path = opened.venue.read;
  if (!venue_path.empty()) {
    VenueReading place = load_venue(venue_path, source_kind_table());
    for (auto* list : {&place.faults, &place.notices})
      for (auto& fault : *list) fault.path = venue_path + ": " + fault.path;
    opened.faults = std::move(place.faults);
    opened.notices.insert(opened.notices.end(), place.notices.begin(), place.notices.end());
    if (opened.faults.empty()) opened.show.inputs = bound_inputs(opened.show, place.venue);
  }

  const std::string secrets_path = secrets.empty() ? default_secrets_path() : secrets;
  auto keys = load_secrets(secrets_path);
  if (keys)
    opened.secrets = std::move(*keys);
  else
    opened.faults.push_back({secrets_path, keys.error().message, keys.error().message});
  return opened;
}

void print_faults(std::ostream& out, const std::string& file, const std::vector<Fault>& faults,
                  Language language) {
  for (const auto& fault : faults)
    out << file << ": " << fault.path << (fault.path.empty() ? "" : ": ")
        << (language == Language::Japanese && !fault.ja.empty() ? fault.ja : fault.message) << '\n';
}

}  // namespace kakehashi
