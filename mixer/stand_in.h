// SPDX-License-Identifier: GPL-3.0-or-later
// What is shown in the place of an input whose picture does not come: its own last picture
// (FrameSync keeps it for 2 s), then its backup's, then the card with its name. Pure; allocates
// nothing.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "core/show.h"
#include "core/video_frame.h"

namespace kakehashi {

// A backup shows only while its pictures come: with an older one it is about to be lost as well
// (two cameras on one hub), and its picture would flash up before the card.
inline constexpr Duration kBackupFresh = Duration::seconds(1);

// Which input's picture stands where `input` (an index in show.inputs) belongs: itself, its backup,
// or nothing: the card. One step only. frames[i] belongs to show.inputs[i]; `time` is the tick.
std::optional<std::size_t> shown_input(const Show& show, std::span<const FramePtr> frames,
                                       std::size_t input, MediaTime time);

// Index of an input; nothing when the show has none of that name.
std::optional<std::size_t> input_index(const Show& show, std::string_view id);

}  // namespace kakehashi
