// SPDX-License-Identifier: GPL-3.0-or-later
// Where a text may be broken into lines, and how bad each place is. Pure; no fonts.
// Japanese line breaking (禁則) in the strict form of JIS X 4051 §4.3 / JLREQ §3.1, with what
// titles need beyond it: names, dates, numbers with their units and addresses stay whole, and a
// break falls between phrases where there is a choice.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kakehashi {

struct BreakChance {
  std::size_t end = 0;   // bytes: the line ends before this; spaces at the break belong to no line
  std::size_t next = 0;  // bytes: the next line begins here
  int cost = 0;          // 0 between sentences, 100 inside a word
  bool forced = false;   // a newline in the text
};

struct BreakWishes {
  // Lines hold fewer than 8 characters: small kana and ー may begin one, at a cost of 70.
  bool narrow = false;
  std::vector<std::string> keep;  // never broken inside: people's names
};

// In order; never at the very beginning or end. `text` is valid UTF-8. A place that is not listed
// must not be broken at. Of "\r\n" the whole is one forced break.
std::vector<BreakChance> break_chances(std::string_view text, const BreakWishes& wishes = {});

// The code points of valid UTF-8, each with its byte offset. What is not valid becomes U+FFFD.
struct CodePoint {
  char32_t value = 0;
  std::size_t at = 0, size = 0;  // bytes
};
std::vector<CodePoint> code_points(std::string_view utf8);

// What readers see as one letter: a code point with its variation selectors and combining marks.
// Byte offsets of the beginnings, and text.size() at the end.
std::vector<std::size_t> letter_starts(std::string_view utf8);

bool is_variation_selector(char32_t c);
bool is_combining(char32_t c);  // joins the letter before it (variation selectors too)

}  // namespace kakehashi
