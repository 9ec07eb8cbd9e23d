// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/stand_in.h"

namespace kakehashi {

std::optional<std::size_t> input_index(const Show& show, std::string_view id) {
  for (std::size_t i = 0; i < show.inputs.size(); ++i)
    if (show.inputs[i].id == id) return i;
  return std::nullopt;
}

std::optional<std::size_t> shown_input(const Show& show, std::span<const FramePtr> frames,
                                       std::size_t input, MediaTime time) {
  if (input >= show.inputs.size()) return std::nullopt;
  if (input < frames.size() && frames[input]) return input;
  if (show.inputs[input].backup.empty()) return std::nullopt;
  const auto backup = input_index(show, show.inputs[input].backup);
  if (!backup || *backup == input || *backup >= frames.size() || !frames[*backup])
    return std::nullopt;
  const FrameInfo& info = frames[*backup]->info();
  if (!info.still && time - info.captured > kBackupFresh + show.inputs[*backup].delay)
    return std::nullopt;
  return backup;
}

}  // namespace kakehashi
