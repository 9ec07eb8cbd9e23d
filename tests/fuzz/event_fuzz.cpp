// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes: parse_event answers without a crash, and what it accepts survives a round trip.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "presets/event_file.h"
#include "presets/venue_file.h"
#include "tests/presets/kinds.h"

using namespace kakehashi;

namespace {

void demand(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const KindTable sources = testing::source_kinds();
  static const KindTable outputs = testing::output_kinds();
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  if (const VenueReading venue = parse_venue(text, sources); venue.ok()) {
    const VenueReading again = parse_venue(write_venue(venue.venue), sources);
    demand(again.ok(), "a venue that is written can be read");
    demand(again.venue == venue.venue, "a round trip of a venue changes nothing");
  }
  const EventReading first = parse_event(text, sources, outputs);
  for (const auto& f : first.faults)
    demand(!f.message.empty() && !f.ja.empty(), "a fault speaks both languages");
  if (!first.ok()) return 0;
  const EventReading second = parse_event(write_event(first.show), sources, outputs);
  demand(second.ok(), "what is written can be read");
  demand(second.show == first.show, "a round trip changes nothing");
  return 0;
}
