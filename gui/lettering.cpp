// SPDX-License-Identifier: GPL-3.0-or-later
// Frame's lines of text: fitting, wrapping with the Japanese rules for line starts.
#include <algorithm>
#include <cmath>

#include "gui/frame.h"

namespace kakehashi {
namespace {

// Length in bytes of the character at the front.
std::size_t character(std::string_view s) {
  const auto c = static_cast<unsigned char>(s.front());
  const std::size_t n = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
  return std::min(n, s.size());
}

// Characters that may not start a line (JIS X 4051, the common ones).
bool stays_with_previous(std::string_view c) {
  static constexpr std::string_view kNoStart =
      "、。，．・：；？！ー）］｝」』】〕〉》〜ぁぃぅぇぉっゃゅょァィゥェォッャュョ…々";
  return c.size() > 1 ? kNoStart.find(c) != std::string_view::npos
                      : std::string_view(",.)]}:;?!%").find(c) != std::string_view::npos;
}
bool stays_with_next(std::string_view c) {
  static constexpr std::string_view kNoEnd = "（［｛「『【〔〈《";
  return c.size() > 1 && kNoEnd.find(c) != std::string_view::npos;
}

}  // namespace

float Frame::width(const Ink& ink, std::string_view text) {
  if (text.empty()) return 0;
  fonts.need(text);
  const Fonts::Baked f = fonts.get(ink.face, ink.px);
  return f.font->CalcTextSizeA(f.size, 1e9F, 0, text.data(), text.data() + text.size()).x;
}

std::string Frame::fitted(const Ink& ink, std::string_view text, float room) {
  if (width(ink, text) <= room) return std::string(text);
  const float dots = width(ink, "…");
  std::size_t end = 0;
  while (end < text.size()) {
    const std::size_t next = end + character(text.substr(end));
    if (width(ink, text.substr(0, next)) + dots > room) break;
    end = next;
  }
  return std::string(text.substr(0, end)) + "…";
}

float Frame::label(const Box& box, const Ink& ink, std::string_view text, Align align) {
  if (text.empty() || box.w <= 0) return 0;
  const std::string shown = fitted(ink, text, box.w);
  const Fonts::Baked f = fonts.get(ink.face, ink.px);
  const float w = width(ink, shown);
  float x = box.x;
  if (align == Align::Centre) x += (box.w - w) / 2;
  if (align == Align::Right) x += box.w - w;
  draw->AddText(f.font, f.size, {std::round(x), std::round(box.middle() - f.size / 2)}, ink.color,
                shown.data(), shown.data() + shown.size());
  return w;
}

void Frame::aside(const Box& box, const Ink& ink, std::string_view text) {
  if (width(ink, text) <= box.w) label(box, ink, text, Align::Right);
}

float Frame::paragraph(const Box& box, const Ink& ink, std::string_view text) {
  const Fonts::Baked f = fonts.get(ink.face, ink.px);
  const float leading = std::round(f.size * 1.4F);
  const int most = std::max(1, static_cast<int>((box.h + leading - f.size) / leading));
  int line = 0;
  while (!text.empty() && line < most) {
    std::size_t end = 0, good = 0;  // good: the last place a line may break
    bool fits_all = true;
    while (end < text.size()) {
      const std::size_t n = character(text.substr(end));
      const std::string_view c = text.substr(end, n);
      if (width(ink, text.substr(0, end + n)) > box.w) {
        fits_all = false;
        break;
      }
      end += n;
      const std::string_view after = text.substr(end);
      const bool wide = n > 1 || c == " ";
      const bool next_wide = !after.empty() && (character(after) > 1 || after.front() == ' ');
      if ((wide || next_wide) && !stays_with_next(c) &&
          (after.empty() || !stays_with_previous(after.substr(0, character(after)))))
        good = end;
    }
    const bool last = line + 1 == most;
    if (fits_all || last)
      end = text.size();
    else if (good > 0)
      end = good;
    else if (end == 0)
      end = character(text);
    label({box.x, box.y + static_cast<float>(line) * leading, box.w, leading}, ink,
          text.substr(0, end));
    text.remove_prefix(end);
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    ++line;
  }
  return static_cast<float>(line) * leading;
}

}  // namespace kakehashi
