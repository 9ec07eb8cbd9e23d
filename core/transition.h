// SPDX-License-Identifier: GPL-3.0-or-later
// The table of ways from one scene to the next. No row flashes: a fade has at least 0.7 s, a mix
// 0.3 s (ITU-R BT.1702: not more than three flashes a second; a run of quickest takes stays below).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/text.h"
#include "core/time.h"

namespace kakehashi {

enum class TransitionKind : std::uint8_t {
  Cut,
  Mix,
  Dip,        // to Show::dip_colour and out of it
  FadeBlack,  // to black and out of it
  WipeLeft,   // the edge moves to the left; the new scene comes from the right. Soft edge.
  WipeRight,
  WipeUp,
  WipeDown,
  PushLeft,  // the new scene pushes the old one out to the left
  PushRight,
  PushUp,
  PushDown,
  SlideLeft,  // the new scene slides over the old one
  SlideRight,
  SlideUp,
  SlideDown,
};
inline constexpr std::size_t kTransitionKinds = 16;

struct TransitionRow {
  TransitionKind kind;
  std::string_view name;    // in files and commands: "wipe_left"
  std::string_view ja, en;  // on the desk
  Duration least;           // shorter wishes become this; zero for the cut
};

inline constexpr std::array<TransitionRow, kTransitionKinds> kTransitions{{
    {TransitionKind::Cut, "cut", "カット", "Cut", Duration{}},
    {TransitionKind::Mix, "mix", "なめらか", "Mix", Duration::milliseconds(300)},
    {TransitionKind::Dip, "dip", "色をはさむ", "Via colour", Duration::milliseconds(700)},
    {TransitionKind::FadeBlack, "ftb", "黒をはさむ", "Via black", Duration::milliseconds(700)},
    {TransitionKind::WipeLeft, "wipe_left", "ワイプ ←", "Wipe left", Duration::milliseconds(300)},
    {TransitionKind::WipeRight, "wipe_right", "ワイプ →", "Wipe right",
     Duration::milliseconds(300)},
    {TransitionKind::WipeUp, "wipe_up", "ワイプ ↑", "Wipe up", Duration::milliseconds(300)},
    {TransitionKind::WipeDown, "wipe_down", "ワイプ ↓", "Wipe down", Duration::milliseconds(300)},
    {TransitionKind::PushLeft, "push_left", "押し出し ←", "Push left", Duration::milliseconds(300)},
    {TransitionKind::PushRight, "push_right", "押し出し →", "Push right",
     Duration::milliseconds(300)},
    {TransitionKind::PushUp, "push_up", "押し出し ↑", "Push up", Duration::milliseconds(300)},
    {TransitionKind::PushDown, "push_down", "押し出し ↓", "Push down", Duration::milliseconds(300)},
    {TransitionKind::SlideLeft, "slide_left", "すべり込み ←", "Slide left",
     Duration::milliseconds(300)},
    {TransitionKind::SlideRight, "slide_right", "すべり込み →", "Slide right",
     Duration::milliseconds(300)},
    {TransitionKind::SlideUp, "slide_up", "すべり込み ↑", "Slide up", Duration::milliseconds(300)},
    {TransitionKind::SlideDown, "slide_down", "すべり込み ↓", "Slide down",
     Duration::milliseconds(300)},
}};

constexpr const TransitionRow& transition_row(TransitionKind kind) {
  return kTransitions[static_cast<std::size_t>(kind)];
}

}  // namespace kakehashi
