// SPDX-License-Identifier: GPL-3.0-or-later
// The desk's colours and sizes (dark theme). Sizes are px at 100 %; Frame::px multiplies them by
// the scale. A state is never colour alone: each has its shape (icons.h), its word (words.h) and
// its place (layout.h).
#pragma once

#include <imgui.h>

#include <cstdint>

namespace kakehashi::theme {

constexpr ImU32 rgb(std::uint32_t v, std::uint32_t alpha = 0xFF) {
  return (alpha << IM_COL32_A_SHIFT) | (((v >> 16) & 0xFF) << IM_COL32_R_SHIFT) |
         (((v >> 8) & 0xFF) << IM_COL32_G_SHIFT) | ((v & 0xFF) << IM_COL32_B_SHIFT);
}

inline constexpr ImU32 kWin = rgb(0x111111);       // window, gaps between panels
inline constexpr ImU32 kPanel = rgb(0x1E1E1E);     // the ground all contrasts are measured on
inline constexpr ImU32 kPanelRow = rgb(0x262626);  // row inside a panel
inline constexpr ImU32 kRaise = rgb(0x2E2E2E);     // button at rest
inline constexpr ImU32 kHover = rgb(0x3C3C3C);     // under the pointer, selected half of a switch
inline constexpr ImU32 kWell = rgb(0x080808);      // meters, fields
inline constexpr ImU32 kLine = rgb(0x3A3A3A);      // decoration only
inline constexpr ImU32 kOutline = rgb(0x8C8C8C);   // edges that must be seen
inline constexpr ImU32 kDisabled = rgb(0x7A7A7A);  // dashed edge of a disabled control
inline constexpr ImU32 kText = rgb(0xF4F4F4);
inline constexpr ImU32 kText2 = rgb(0xD0D0D0);   // supporting text
inline constexpr ImU32 kText3 = rgb(0xABABAB);   // heads and hints; only on panel or win
inline constexpr ImU32 kAccent = rgb(0xC9ACE6);  // the desk speaking; never a show state
inline constexpr ImU32 kBlack = rgb(0x000000);   // words on a state colour

inline constexpr ImU32 kProgram = rgb(0xFF4B00);  // ■ 本, ● 配信中, out; also the edge of a fault
inline constexpr ImU32 kPreview = rgb(0x03AF7A);  // ▲ 次
inline constexpr ImU32 kRecord = rgb(0x4DC4FF);   // ◎ 録画中
inline constexpr ImU32 kCaution = rgb(0xFFF100);  // △! 注意
inline constexpr ImU32 kMute = rgb(0xFFFFFF);     // loudspeaker with bar

inline constexpr int kSmallest = 16;  // no text is smaller than this, times the scale

}  // namespace kakehashi::theme
