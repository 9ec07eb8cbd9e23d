// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/stock.h"

#include "core/sound_bus.h"

namespace kakehashi {
namespace {

template <class Part>
std::unique_ptr<Part> take(std::vector<std::unique_ptr<Part>>& from) {
  if (from.empty()) return std::make_unique<Part>();
  std::unique_ptr<Part> part = std::move(from.back());
  from.pop_back();
  return part;
}

}  // namespace

SoundStock::SoundStock(const Show& show, const Show* before) {
  for (const Input& input : show.inputs) {
    const Input* was = before ? find_by_id(before->inputs, input.id) : nullptr;
    if (input.audio && !(was && was->audio)) strips.push_back(std::make_unique<SoundStrip>());
  }
  const std::vector<SoundBus> buses = before ? sound_buses(*before) : std::vector<SoundBus>{};
  for (const SoundBus& bus : sound_buses(show))
    if (!find_by_id(buses, bus.id)) limiters.push_back(std::make_unique<TruePeakLimiter>());
}

std::unique_ptr<SoundStrip> SoundStock::strip() { return take(strips); }
std::unique_ptr<TruePeakLimiter> SoundStock::limiter() { return take(limiters); }

}  // namespace kakehashi
