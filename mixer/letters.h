// SPDX-License-Identifier: GPL-3.0-or-later
// The fonts of everything the audience reads, and which letters they have. BIZ UDPGothic (drawn for
// people with low vision; all of JIS X 0208 and CP932), then Noto Sans CJK JP for the rarer kanji
// of names, then whatever the machine has, never a mincho if anything else has the letter. Prep
// thread (each thread has fonts of its own: Pango keeps them so).
#pragma once

#include <pango/pangocairo.h>

#include <memory>
#include <string>
#include <vector>

#include "core/result.h"

namespace kakehashi {

// The machine has at least one font.
Status fonts_available();

enum class Face : std::uint8_t {
  Lines,     // proportional, for words beside each other
  Columns,   // every kana as wide as a kanji, for words below each other
  Addresses  // descenders long enough to tell q from a: what people copy letter by letter
};

// Of this thread; lives as long as it. No hinting, no rounding: the same letters at every size.
PangoContext* letter_context();

struct FreePango {
  void operator()(PangoLayout* l) const { g_object_unref(l); }
};
using PangoLayoutPtr = std::unique_ptr<PangoLayout, FreePango>;
// Empty; of letter_context(). Size in pixels.
PangoLayoutPtr new_layout(Face face, double size, bool bold);
void set_size(PangoLayout* layout, Face face, double size, bool bold);

// Sets the words (valid UTF-8) with `spacing` pixels between letters. A letter whose variant only
// the second font has is taken from there.
void set_words(PangoLayout* layout, const std::string& words, double spacing = 0);

// How far from the beginning each byte of `words` (valid UTF-8, in one line) stands at
// 100 px with 3 px between letters; at the end the whole width. Scales with the size. From a memory
// of this thread after the first time, valid until the next call.
inline constexpr double kLetterSpacing = 0.03;  // of the size
const std::vector<double>& letter_positions(const std::string& words, Face face, bool bold);

// Any bytes as valid UTF-8, wrong ones as U+FFFD (Pango would refuse all of it).
std::string valid_utf8(const std::string& text);

// A letter that the audience would see as a box, or as another variant than the one written.
struct MissingLetter {
  std::string letter;    // UTF-8, with its selector
  char32_t code = 0;     // U+20BB7
  char32_t variant = 0;  // the variation selector no font knows here; 0: the letter itself
  friend bool operator==(const MissingLetter&, const MissingLetter&) = default;
};
// Each once, in order. Answers come from a memory of this thread after the first time.
std::vector<MissingLetter> missing_letters(const std::string& words);

// "U+8FBB U+E0102"
std::string code_name(const MissingLetter& letter);

}  // namespace kakehashi
