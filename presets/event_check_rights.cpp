// SPDX-License-Identifier: GPL-3.0-or-later
// Sound that an event sends where it may never be heard (core/sound_rule.h).
#include "core/sound_rule.h"
#include "presets/event_parts.h"

namespace kakehashi {
namespace {

// A list of input names, each of which is to reach `bus`.
void check_list(const Show& show, const std::string& path, const std::vector<std::string>& ids,
                const SoundBus& bus, Findings& out) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const Input* input = find_by_id(show.inputs, ids[i]);
    if (!input) continue;
    const std::string place = path + "[" + std::to_string(i) + "]";
    switch (never(show, *input, bus)) {
      case SoundBar::HallLoop:
        out.fault(place,
                  "\"" + ids[i] +
                      "\" is a sound of the hall itself and would howl from its loudspeakers: "
                      "take it out of this list",
                  "「" + ids[i] +
                      "」は会場の音なので、会場のスピーカーへ返すとハウリングになります。"
                      "この一覧から外してください。");
        break;
      case SoundBar::VenueOnly:
        out.fault(place,
                  "\"" + ids[i] +
                      "\" has the rights \"venue_only\" and cannot be streamed or recorded: take "
                      "it out of this list, or settle its rights",
                  "「" + ids[i] +
                      "」は会場のみの音で、配信と録画には出せません。"
                      "この一覧から外すか、権利を確かめてください。");
        break;
      case SoundBar::NotAllowed:
        out.notice(place,
                   "\"" + ids[i] + "\" is not in sound.venue and will not be heard in the hall",
                   "「" + ids[i] + "」は sound.venue にないので、会場では鳴りません。");
        break;
      default:
        break;
    }
  }
}

}  // namespace

void check_sound_rights(const Show& show, Findings& out) {
  const std::vector<SoundBus> buses = sound_buses(show);
  check_list(show, "sound.venue", show.sound.venue, buses[kVenueBus], out);
  for (std::size_t s = 0; s < show.sound.snapshots.size(); ++s) {
    const SoundSnapshot& snapshot = show.sound.snapshots[s];
    const std::string path = at("sound.snapshots", s);
    check_list(show, path + ".open", snapshot.open, buses[kProgramBus], out);
    if (snapshot.venue) check_list(show, path + ".venue", *snapshot.venue, buses[kVenueBus], out);
  }
}

}  // namespace kakehashi
