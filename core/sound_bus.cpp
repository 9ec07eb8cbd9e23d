// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sound_bus.h"

#include <algorithm>

#include "core/show.h"

namespace kakehashi {

std::vector<SoundBus> sound_buses(const Show& show) {
  std::vector<SoundBus> buses{
      {"program", SoundBusKind::Program, "", {"本線（配信・録画）", "Program"}},
      {"record_clean", SoundBusKind::RecordClean, "", {"クリーン録画", "Clean rec."}},
      {"venue", SoundBusKind::Venue, "", {"会場へ返す音", "To the hall"}},
      {"monitor", SoundBusKind::Monitor, "", {"確認用ヘッドホン", "Headphones"}}};
  for (const Input& input : show.inputs) {
    if (!input.audio || input.partner.empty()) continue;
    const std::string id = "return." + input.partner;
    if (std::any_of(buses.begin(), buses.end(), [&](const SoundBus& b) { return b.id == id; }))
      continue;
    buses.push_back({id,
                     SoundBusKind::MixMinus,
                     input.partner,
                     {input.name.ja + "への返し", "To " + input.name.en}});
  }
  return buses;
}

}  // namespace kakehashi
