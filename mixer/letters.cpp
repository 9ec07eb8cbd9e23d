// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/letters.h"

#include <fontconfig/fontconfig.h>
#include <hb.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <unordered_map>

#include "mixer/line_break.h"

namespace kakehashi {
namespace {

constexpr const char* kFamilies[] = {"BIZ UDPGothic, Noto Sans CJK JP, sans-serif",
                                     "BIZ UDGothic, Noto Sans CJK JP, sans-serif",
                                     "Noto Sans CJK JP, BIZ UDPGothic, sans-serif"};
constexpr const char* kFirst = "BIZ UDPGothic";
constexpr const char* kSecond = "Noto Sans CJK JP";

struct FreeObject {
  void operator()(void* o) const { g_object_unref(o); }
};
struct FreeDescription {
  void operator()(PangoFontDescription* d) const { pango_font_description_free(d); }
};
using DescriptionPtr = std::unique_ptr<PangoFontDescription, FreeDescription>;

enum class Has : std::uint8_t { Yes, SecondOnly, No };

// All that is kept between texts: loading fonts takes milliseconds, a text well under one.
class Fonts {
 public:
  static Fonts& of_this_thread() {
    static thread_local Fonts fonts;
    return fonts;
  }

  PangoContext* context() { return context_.get(); }

  PangoFontDescription* description(Face face, bool bold, double size) {
    auto& d = descriptions_[static_cast<std::size_t>(face)][bold ? 1 : 0];
    pango_font_description_set_absolute_size(d.get(), size * PANGO_SCALE);
    return d.get();
  }

  Has has(char32_t code, char32_t variant) {
    const auto key = std::pair{code, variant};
    if (const auto it = known_.find(key); it != known_.end()) return it->second;
    const Has answer = variant != 0   ? look_for_variant(code, variant)
                       : in_any(code) ? Has::Yes
                                      : Has::No;
    known_.emplace(key, answer);
    return answer;
  }

 private:
  Fonts() : map_(pango_cairo_font_map_new()), context_(pango_font_map_create_context(map_.get())) {
    cairo_font_options_t* options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context_.get(), options);
    cairo_font_options_destroy(options);
    pango_context_set_language(context_.get(), pango_language_from_string("ja"));
    pango_context_set_round_glyph_positions(context_.get(), FALSE);
    for (std::size_t face = 0; face < std::size(kFamilies); ++face)
      for (const int bold : {0, 1}) {
        PangoFontDescription* d = pango_font_description_from_string(kFamilies[face]);
        pango_font_description_set_weight(d, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
        descriptions_[face][static_cast<std::size_t>(bold)].reset(d);
      }
    first_ = load(kFirst);
    second_ = load(kSecond);
    PangoFontDescription* d = description(Face::Lines, false, 40);
    all_.reset(pango_font_map_load_fontset(map_.get(), context_.get(), d,
                                           pango_language_from_string("ja")));
  }

  using FontPtr = std::unique_ptr<PangoFont, FreeObject>;
  FontPtr load(const char* family) {
    const DescriptionPtr d(pango_font_description_from_string(family));
    pango_font_description_set_absolute_size(d.get(), 40.0 * PANGO_SCALE);
    return FontPtr(pango_font_map_load_font(map_.get(), context_.get(), d.get()));
  }

  static bool knows(PangoFont* font, char32_t code, char32_t variant) {
    hb_codepoint_t glyph = 0;
    hb_font_t* hb = font ? pango_font_get_hb_font(font) : nullptr;
    if (!hb) return false;
    return variant != 0 ? hb_font_get_variation_glyph(hb, code, variant, &glyph) != 0
                        : hb_font_get_nominal_glyph(hb, code, &glyph) != 0 && glyph != 0;
  }
  bool in_any(char32_t code) const {
    const FontPtr font(pango_fontset_get_font(all_.get(), code));
    return knows(font.get(), code, 0);
  }
  Has look_for_variant(char32_t code, char32_t variant) const {
    if (knows(first_.get(), code, variant)) return Has::Yes;
    return knows(second_.get(), code, variant) ? Has::SecondOnly : Has::No;
  }

  std::unique_ptr<PangoFontMap, FreeObject> map_;
  std::unique_ptr<PangoContext, FreeObject> context_;
  std::array<std::array<DescriptionPtr, 2>, 3> descriptions_;
  FontPtr first_, second_;
  std::unique_ptr<PangoFontset, FreeObject> all_;
  std::map<std::pair<char32_t, char32_t>, Has> known_;
};

bool never_seen(char32_t c) {  // spaces and marks that draw nothing
  return c <= 0x20 || c == 0xA0 || c == 0x3000 || (c >= 0x2000 && c <= 0x200F) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x2060 || c == 0xFEFF;
}

// Calls with each letter's code point, variation selector (0: none) and bytes.
template <class Do>
void for_each_letter(const std::string& words, const Do& then) {
  const auto points = code_points(words);
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (is_variation_selector(points[i].value)) continue;
    const bool varied = i + 1 < points.size() && is_variation_selector(points[i + 1].value);
    const std::size_t end =
        varied ? points[i + 1].at + points[i + 1].size : points[i].at + points[i].size;
    then(points[i].value, varied ? points[i + 1].value : 0, points[i].at, end);
  }
}

}  // namespace

Status fonts_available() {
  const FcFontSet* fonts = FcConfigGetFonts(nullptr, FcSetSystem);
  if (fonts && fonts->nfont > 0) return {};
  return Error{ErrorKind::FixSetup,
               "no font is installed; install fonts-morisawa-bizud-gothic and fonts-noto-cjk"};
}

PangoContext* letter_context() { return Fonts::of_this_thread().context(); }

void set_size(PangoLayout* layout, Face face, double size, bool bold) {
  pango_layout_set_font_description(layout, Fonts::of_this_thread().description(face, bold, size));
}

PangoLayoutPtr new_layout(Face face, double size, bool bold) {
  PangoLayoutPtr layout(pango_layout_new(letter_context()));
  set_size(layout.get(), face, size, bold);
  return layout;
}

void set_words(PangoLayout* layout, const std::string& words, double spacing) {
  pango_layout_set_text(layout, words.c_str(), static_cast<int>(words.size()));
  PangoAttrList* attributes = pango_attr_list_new();
  if (spacing != 0)
    pango_attr_list_insert(attributes,
                           pango_attr_letter_spacing_new(static_cast<int>(spacing * PANGO_SCALE)));
  for_each_letter(words, [&](char32_t code, char32_t variant, std::size_t from, std::size_t to) {
    if (variant == 0 || Fonts::of_this_thread().has(code, variant) != Has::SecondOnly) return;
    PangoAttribute* family = pango_attr_family_new(kSecond);
    family->start_index = static_cast<guint>(from);
    family->end_index = static_cast<guint>(to);
    pango_attr_list_insert(attributes, family);
  });
  pango_layout_set_attributes(layout, attributes);
  pango_attr_list_unref(attributes);
}

const std::vector<double>& letter_positions(const std::string& words, Face face, bool bold) {
  static thread_local std::unordered_map<std::string, std::vector<double>> known;
  if (known.size() > 4000) known.clear();
  std::vector<double>& at =
      known[static_cast<char>('a' + static_cast<int>(face) * 2 + (bold ? 1 : 0)) + words];
  if (!at.empty()) return at;
  const PangoLayoutPtr layout = new_layout(face, 100, bold);
  pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
  set_words(layout.get(), words, 100 * kLetterSpacing);
  PangoLayoutLine* line = pango_layout_get_line_readonly(layout.get(), 0);
  at.resize(words.size() + 1, 0);
  for (const CodePoint& p : code_points(words)) {
    int x = 0;
    pango_layout_line_index_to_x(line, static_cast<int>(p.at), FALSE, &x);
    std::fill_n(at.begin() + static_cast<std::ptrdiff_t>(p.at), p.size,
                static_cast<double>(x) / PANGO_SCALE);
  }
  PangoRectangle logical;
  pango_layout_line_get_extents(line, nullptr, &logical);
  at.back() = static_cast<double>(logical.width) / PANGO_SCALE;
  return at;
}

std::string valid_utf8(const std::string& text) {
  char* valid = g_utf8_make_valid(text.c_str(), static_cast<gssize>(text.size()));
  std::string out = valid;
  g_free(valid);
  return out;
}

std::vector<MissingLetter> missing_letters(const std::string& words) {
  std::vector<MissingLetter> out;
  for_each_letter(words, [&](char32_t code, char32_t variant, std::size_t from, std::size_t to) {
    Fonts& fonts = Fonts::of_this_thread();
    if (never_seen(code)) return;
    MissingLetter letter{words.substr(from, to - from), code, 0};
    if (fonts.has(code, 0) != Has::No) {
      if (variant == 0 || fonts.has(code, variant) != Has::No) return;
      letter.variant = variant;
    }
    if (std::find(out.begin(), out.end(), letter) == out.end()) out.push_back(std::move(letter));
  });
  return out;
}

std::string code_name(const MissingLetter& letter) {
  char name[32];
  std::snprintf(name, sizeof name, letter.variant != 0 ? "U+%04X U+%04X" : "U+%04X",
                static_cast<unsigned>(letter.code), static_cast<unsigned>(letter.variant));
  return name;
}

}  // namespace kakehashi
