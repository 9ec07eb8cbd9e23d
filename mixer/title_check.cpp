// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/title_check.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

#include "core/layout_table.h"
#include "mixer/contrast.h"
#include "mixer/moving_letters.h"
#include "mixer/painter_cards.h"
#include "mixer/painter_parts.h"
#include "mixer/picture.h"

namespace kakehashi {
namespace {

constexpr double kSafe = 0.05;   // from each edge
constexpr double kNear = 0.003;  // of the height: no screen cuts so exactly
constexpr double kContrast = 4.5;
constexpr std::size_t kShown = 24;  // letters of a text in a sentence about it

// What may lie behind the title at this place of the canvas.
std::vector<Colour> backgrounds(const std::vector<FramePtr>& frames, const Canvas& canvas,
                                const PlaceD& place) {
  std::vector<Colour> out{{0, 0, 0, 1}, {1, 1, 1, 1}};
  for (const FramePtr& frame : frames) {
    if (!frame || frame->info().format != PixelFormat::I420 || frame->width() != canvas.width ||
        frame->height() != canvas.height)
      continue;
    const PicturePlanes p = view_of(*frame);
    constexpr int kAcross = 24, kDown = 6;
    for (int i = 0; i < kAcross * kDown; ++i) {
      const int column = i % kAcross, line = i / kAcross;
      const int x = static_cast<int>(place.x + place.w * (column + 0.5) / kAcross);
      const int y = static_cast<int>(place.y + place.h * (line + 0.5) / kDown);
      if (x < 0 || y < 0 || x >= p.width || y >= p.height) continue;
      const double l = (p.y[static_cast<std::ptrdiff_t>(y) * p.stride_y + x] - 16) / 219.0;
      const std::ptrdiff_t half_line = y / 2, half_column = x / 2;
      const double cb = (p.u[half_line * p.stride_u + half_column] - 128) / 224.0;
      const double cr = (p.v[half_line * p.stride_v + half_column] - 128) / 224.0;
      const auto code = [](double v) { return std::clamp(v, 0.0, 1.0); };
      const double r = l + 1.5748 * cr, b = l + 1.8556 * cb;
      out.push_back({code(r), code((l - 0.2126 * r - 0.0722 * b) / 0.7152), code(b), 1});
    }
  }
  return out;
}

std::string shortened(const std::string& words) {
  std::string out;
  const auto starts = letter_starts(words);
  for (std::size_t i = 0; i + 1 < starts.size() && i < kShown; ++i) {
    const std::string letter = words.substr(starts[i], starts[i + 1] - starts[i]);
    out += letter == "\n" ? " " : letter;
  }
  return starts.size() - 1 > kShown ? out + "…" : out;
}

std::string one_decimal(double v) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", std::floor(v * 10) / 10);
  return text;
}

class Checker {
 public:
  Checker(const Show& show, const TitleCheckWish& wish) : show_(show), wish_(wish) {
    Show other = show;
    other.sign_language = !show.sign_language;
    for (const Show& way : {arranged(show), arranged(other)})
      for (const Scene& scene : way.scenes)
        if (seen_.insert(scene.layout).second) scenes_.push_back(scene);
    if (scenes_.empty()) scenes_.emplace_back();
  }

  void overlay(const Overlay& overlay) {
    ++out_.titles;
    std::vector<std::pair<std::string, Rect>> places;
    bool own = overlay.rect.w > 0;
    for (const Scene& scene : scenes_)
      if (const auto rect = overlay_place(overlay, scene, show_.canvas)) {
        places.emplace_back(scene.layout, *rect);
        own = own && *rect == overlay.rect;
      }
    if (own) return place(overlay, "", overlay.rect);
    for (const auto& [layout, rect] : places) place(overlay, layout, rect);
  }

  void card(const HoldingCard& card) {
    ++out_.titles;
    ++out_.layouts;
    about_ = {card.id, true, {}, {card.title, card.title}};
    std::vector<PaintFault> faults;
    PaintNotes notes;
    (void)paint_card(card, show_.canvas, context(faults));
    for (const PaintFault& f : faults) refuse(f);
    look(notes.take(), 0, 0);
  }

  TitleCheck take() {
    for (TitleFault& f : out_.faults) say(f);
    return std::move(out_);
  }

 private:
  struct About {
    std::string id;
    bool card = false;
    std::string layout;
    Text name;
  };

  PaintContext context(std::vector<PaintFault>& faults) const {
    return {wish_.language, wish_.media_folder, show_.title.pick(wish_.language), {}, &faults};
  }

  void place(const Overlay& overlay, const std::string& layout, const Rect& rect) {
    about_ = {overlay.id, false, layout, overlay.label};
    Overlay placed = overlay;
    placed.rect = rect;
    for (const std::string& page : pages(overlay)) {
      ++out_.layouts;
      std::vector<PaintFault> faults;
      PaintContext with = context(faults);
      with.moving_text = page;
      PaintNotes notes;
      const auto image = paint_overlay(placed, show_.canvas, with);
      if (!image && faults.empty())
        (void)refused(with, overlay,
                      {"を出せません：" + image.error().message, image.error().message},
                      {"設定を直してください。", "Correct its settings."});
      for (const PaintFault& f : faults) refuse(f);
      look(notes.take(), rect.x & ~1, rect.y & ~1);  // painters place even rectangles
    }
  }

  // What a kind that moves says while it is on; "": what it says of itself.
  std::vector<std::string> pages(const Overlay& overlay) const {
    if (overlay.kind == "countdown") return {"", over_words(overlay, wish_.language)};
    if (overlay.kind != "caption") return {""};
    std::vector<std::string> out;
    std::string prepared = text_setting(overlay, "prepared");
    while (!prepared.empty()) {
      const std::size_t end = std::min(prepared.find('\n'), prepared.size());
      if (end > 0) out.push_back(prepared.substr(0, end));
      prepared.erase(0, end + 1);
    }
    return out;
  }

  void look(const std::vector<PaintNote>& notes, double x, double y) {
    for (std::size_t i = 0; i < notes.size(); ++i) {
      const PaintNote& note = notes[i];
      if (note.kind == PaintNote::Kind::LeftOut) add(TitleFault::Kind::LeftOut, note.words);
      if (note.kind != PaintNote::Kind::Text) continue;
      for (const MissingLetter& letter : note.missing)
        add(TitleFault::Kind::MissingLetter, letter.letter, code_name(letter));
      if (note.fit == Fit::Overflow) add(TitleFault::Kind::Overflow, note.words, {}, note.size);
      const PlaceD on_canvas{note.place.x + x, note.place.y + y, note.place.w, note.place.h};
      if (!safe(on_canvas)) add(TitleFault::Kind::OutsideSafe, note.words);
      const double contrast =
          least_contrast(notes, i, backgrounds(wish_.backgrounds, show_.canvas, on_canvas));
      if (contrast < kContrast) add(TitleFault::Kind::LowContrast, note.words, {}, contrast);
    }
  }

  bool safe(const PlaceD& p) const {
    const double w = show_.canvas.width, h = show_.canvas.height, near = h * kNear;
    return p.x >= w * kSafe - near && p.y >= h * kSafe - near &&
           p.x + p.w <= w * (1 - kSafe) + near && p.y + p.h <= h * (1 - kSafe) + near;
  }

  void add(TitleFault::Kind kind, const std::string& words, const std::string& code = {},
           double figure = 0) {
    for (TitleFault& known : out_.faults)
      if (known.kind == kind && known.id == about_.id && known.card == about_.card &&
          known.words == words && known.code == code) {
        if (std::find(known.layouts.begin(), known.layouts.end(), about_.layout) ==
                known.layouts.end() &&
            !about_.layout.empty())
          known.layouts.push_back(about_.layout);
        known.figure = known.figure > 0 ? std::min(known.figure, figure) : figure;
        return;
      }
    TitleFault fault{kind, about_.id, about_.card, {}, words, code, figure, about_.name};
    if (!about_.layout.empty()) fault.layouts.push_back(about_.layout);
    out_.faults.push_back(std::move(fault));
  }

  void refuse(const PaintFault& f) {
    add(TitleFault::Kind::NotPainted, f.what.en);
    for (TitleFault& known : out_.faults)
      if (known.kind == TitleFault::Kind::NotPainted && known.words == f.what.en)
        known.text = {f.what.ja + "→ " + f.action.ja, f.what.en + " -> " + f.action.en};
  }

  static void say(TitleFault& fault);

  const Show& show_;
  const TitleCheckWish& wish_;
  std::set<std::string> seen_;
  std::vector<Scene> scenes_;  // one for each layout
  About about_;
  TitleCheck out_;
};

// "氏名 nakamura（スライド＋講師）: 「みどり区…」が長すぎて、読める大きさでは入りません。→
// 文を短くしてください。"
void Checker::say(TitleFault& fault) {
  if (fault.kind == TitleFault::Kind::NotPainted) return;  // the painter said it
  Text who = fault.text;
  if (who.ja.empty()) who = {fault.id, fault.id};
  Text where;
  for (const std::string& id : fault.layouts)
    if (const LayoutRow* layout = find_layout(id)) {
      where.ja += (where.ja.empty() ? "" : "、") + layout->name.ja;
      where.en += (where.en.empty() ? "" : ", ") + layout->name.pick(Language::English);
    }
  const std::string words = shortened(fault.words);
  Text said;
  switch (fault.kind) {
    case TitleFault::Kind::NotPainted:
      break;
    case TitleFault::Kind::MissingLetter:
      said = {
          "「" + words + "」（" + fault.code +
              "）の字が書体にありません。→ 本人か所管課に確認し、表示できる字に替えてください。",
          "no font has \"" + words + "\" (" + fault.code +
              "). -> Agree on a letter that can be shown and use that."};
      break;
    case TitleFault::Kind::Overflow:
      said = {"「" + words + "」は長すぎて、読める大きさでは入りません。→ 短くしてください。",
              "\"" + words + "\" is too long to be readable here. -> Make it shorter."};
      break;
    case TitleFault::Kind::LowContrast:
      said = {"「" + words + "」は背景との明るさの差が足りません（" + one_decimal(fault.figure) +
                  "：1、必要なのは4.5：1）。→ 背景の色を替えてください。",
              "\"" + words + "\" is hard to tell from its background (" +
                  one_decimal(fault.figure) +
                  ":1, 4.5:1 is needed). -> Choose another background colour."};
      break;
    case TitleFault::Kind::OutsideSafe:
      said = {"「" + words +
                  "」が画面の端に近すぎ、画面によっては切れます。→ 位置を内側に動かしてください。",
              "\"" + words + "\" is too near the edge; some screens cut it. -> Move it inwards."};
      break;
    case TitleFault::Kind::LeftOut:
      said = {
          "場所が狭いため、「" + words +
              "」は出ません。→ このままでよければ、何もしなくてかまいません。",
          "no room here for \"" + words + "\", it is left out. -> Nothing to do if that is fine."};
      break;
  }
  fault.text.ja = who.ja + (where.ja.empty() ? "" : "（" + where.ja + "）") + "：" + said.ja;
  fault.text.en = who.pick(Language::English) + (where.en.empty() ? "" : " (" + where.en + ")") +
                  ": " + said.en;
}

}  // namespace

bool TitleCheck::good() const {
  return std::all_of(faults.begin(), faults.end(), [](const TitleFault& f) { return f.notice(); });
}

std::vector<TitleFault> TitleCheck::of(const std::string& id) const {
  std::vector<TitleFault> out;
  for (const TitleFault& f : faults)
    if (f.id == id) out.push_back(f);
  return out;
}

TitleCheck check_titles(const Show& show, const TitleCheckWish& wish) {
  Checker checker(show, wish);
  for (const Overlay& overlay : show.overlays) checker.overlay(overlay);
  for (const HoldingCard& card : show.cards) checker.card(card);
  return checker.take();
}

TitleCheck check_title(const Overlay& overlay, const Show& show, const TitleCheckWish& wish) {
  Checker checker(show, wish);
  checker.overlay(overlay);
  return checker.take();
}

}  // namespace kakehashi
