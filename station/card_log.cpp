// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/card_log.h"

#include <algorithm>

namespace kakehashi {

void CardLog::see(const Snapshot& s, MediaTime now) {
  const double passed = card_ ? static_cast<double>((now - last_).ns) / 1e9 : 0;
  seconds_ += passed;
  for (const std::string& id : live_)
    if (auto* microphone = find_by_id(microphones_, id)) microphone->seconds += passed;
  last_ = now;
  const SceneStatus* scene = find_by_id(s.scenes, s.program);
  const bool card = s.emergency || (scene && scene->card);
  if (card && !card_) ++cards_;
  card_ = card;
  live_ = card ? s.microphones_live : std::vector<std::string>();
  for (const std::string& id : live_) {
    const StripStatus* strip = find_by_id(s.strips, id);
    if (!find_by_id(microphones_, id))
      microphones_.push_back({id, strip ? strip->name : Text{id, id}, 0, -120});
    CardMicrophone& microphone = *find_by_id(microphones_, id);
    if (strip)
      microphone.loudest_db =
          std::max({microphone.loudest_db, strip->peak_db[0], strip->peak_db[1]});
  }
}

}  // namespace kakehashi
