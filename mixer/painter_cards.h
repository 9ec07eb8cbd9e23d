// SPDX-License-Identifier: GPL-3.0-or-later
// Holding cards: what stands in place of the programme. Prep thread only.
//
// Nothing important stands in the lowest 17 % (players put their controls there) or outside 90 % of
// the width. Times, telephone and address are 60 px and more at 1080 lines where they fit. Words
// and background differ by 7 : 1 or more, whatever colour was asked for.
#pragma once

#include "mixer/painter.h"

namespace kakehashi {

// The whole card but what moves on it. Always a picture: a logo or a code that cannot be painted is
// left out and told to `context.faults`. `event_title` is the context's.
FramePtr paint_card(const HoldingCard& card, const Canvas& canvas, const PaintContext& context);

// What an event left empty, in ready words for the kind of card.
struct CardWords {
  std::string title, body;
  std::string sound;  // says that silence is not a fault; empty when the card's own words do
  std::string when;   // "14:00 開始予定"; empty without a (readable) countdown_to
};
CardWords card_words(const HoldingCard& card, Language language);

// For events that chose none.
HoldingCard built_in_emergency_card();

}  // namespace kakehashi
