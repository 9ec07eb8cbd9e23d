// SPDX-License-Identifier: GPL-3.0-or-later
// Reads all letters of an event before the audience does: nothing is painted, only laid out, in
// every place where the layouts of the event (with and without 手話) put it. One thread; a few
// hundred microseconds per title and place.
#pragma once

#include <string>
#include <vector>

#include "core/show.h"
#include "core/video_frame.h"

namespace kakehashi {

struct TitleFault {
  enum class Kind : std::uint8_t {
    NotPainted,     // a setting is wrong; its overlay will not be shown
    MissingLetter,  // no font has this letter or this variant of it
    Overflow,       // too long to be read: smaller than its floor, broken inside a word, squeezed
    LowContrast,    // below 4.5 : 1 (JIS X 8341-3:2016 1.4.3, WCAG 2.1) in the worst case
    OutsideSafe,    // not inside the inner 90 % of the picture
    LeftOut,        // a reading, a heading: no room for it here; worth knowing, not a fault
  } kind = Kind::NotPainted;
  std::string id;                    // of the overlay or card
  bool card = false;                 // `id` is a card's
  std::vector<std::string> layouts;  // ids, where it is so; empty: everywhere
  std::string words;                 // the text it is about
  std::string code;                  // MissingLetter: "U+20BB7"; "U+8FBB U+E0102"
  double figure = 0;                 // LowContrast: ratio; Overflow: letters' size in pixels
  Text text;                         // for the operator: which title, what is wrong, one action

  bool notice() const { return kind == Kind::LeftOut; }
};

struct TitleCheck {
  std::vector<TitleFault> faults;  // with notices
  int titles = 0;                  // overlays and cards looked at
  int layouts = 0;                 // times one was laid out

  bool good() const;  // notices do not count
  std::vector<TitleFault> of(const std::string& overlay_or_card) const;
};

struct TitleCheckWish {
  Language language = Language::Japanese;  // of the words on the picture
  std::string media_folder;
  // Pictures of the event, canvas size, I420: letters are also held against what is really behind
  // them. Black and white are always tried.
  std::vector<FramePtr> backgrounds;
};

TitleCheck check_titles(const Show& show, const TitleCheckWish& wish = {});

// One overlay of the show as it would be (the desk asks while it is being edited).
TitleCheck check_title(const Overlay& overlay, const Show& show, const TitleCheckWish& wish = {});

}  // namespace kakehashi
