// SPDX-License-Identifier: GPL-3.0-or-later
// Captions: white on one black plate behind all lines, the newest line lowest. Every line begins at
// the same place: readers' eyes learn where.
#include <algorithm>
#include <cmath>

#include "mixer/caption_place.h"
#include "mixer/painter_parts.h"
#include "mixer/painter_table.h"

namespace kakehashi {
namespace {

// White on it over pure white: 14.6 : 1.
const Colour kBand{0, 0, 0, 0.85};

std::vector<std::string> split(const std::string& words) {
  std::vector<std::string> lines;
  for (std::size_t from = 0; from <= words.size();) {
    const std::size_t end = std::min(words.find('\n', from), words.size());
    lines.push_back(words.substr(from, end - from));
    from = end + 1;
  }
  return lines;
}

std::vector<std::string> lines_for(const Overlay& overlay, const CaptionFormat& format,
                                   const PaintContext& context) {
  if (!context.moving_text.empty()) return split(context.moving_text);
  std::string sample = text_setting(overlay, "prepared");
  sample.resize(std::min(sample.find('\n'), sample.size()));
  if (sample.empty())
    sample = context.language == Language::Japanese
                 ? "字幕はここに出ます。話した内容を短い行で読めます。"
                 : "Captions stand here, in short lines that can be read.";
  return caption_lines(sample, format.cells);
}

}  // namespace

Result<std::shared_ptr<const OverlayImage>> paint_caption(const Overlay& overlay, const Rect& rect,
                                                          const Canvas& canvas,
                                                          const PaintContext& context) {
  const CaptionPlace place = caption_place(overlay, rect, canvas);
  std::vector<std::string> lines = lines_for(overlay, place.format, context);
  // More than there is room for are somebody else's mistake; the newest are seen.
  if (static_cast<int>(lines.size()) > place.format.rows)
    lines.erase(lines.begin(), lines.end() - place.format.rows);
  std::vector<FittedText> texts;
  double width = 0;
  for (const std::string& line : lines) {
    texts.emplace_back(
        line, FittedText::Wish{place.letter, place.letter * 0.9,
                               std::max(2.0, rect.w - 2 * place.padding), place.pitch, true});
    width = std::max(width, texts.back().width());
  }
  const double used = place.pitch * static_cast<double>(texts.size());
  const double height = std::min<double>(rect.h, used + place.pitch * 0.08);
  const auto even = [](double v) { return (static_cast<int>(std::ceil(v)) + 1) & ~1; };
  Rect where = rect;  // the plate alone, at the bottom of the band
  where.w = std::clamp(even(width + 2 * place.padding), 2, rect.w);
  where.h = std::clamp(even(height), 2, rect.h);
  where.y = rect.y + rect.h - where.h;
  const PaintCanvas paint(where.w, where.h);
  paint.rounded_box(0, 0, where.w, where.h, 0.08 * place.letter, kBand);
  double y = (where.h - used) / 2;
  for (const FittedText& text : texts) {
    text.draw(paint, place.padding, y + (place.pitch - text.height()) / 2, kWhite);
    y += place.pitch;
  }
  return paint.to_overlay(where);
}

}  // namespace kakehashi
