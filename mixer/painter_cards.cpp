// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/painter_cards.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <optional>

#include "core/layout_table.h"
#include "mixer/contrast.h"
#include "mixer/moving_letters.h"
#include "mixer/painter_logo.h"
#include "mixer/painter_qr.h"
#include "mixer/painter_timers.h"

namespace kakehashi {
namespace {

// Between 7 : 1 for white and 7 : 1 for near-black lie the middle colours: they are darkened.
struct CardColours {
  static constexpr double kContrast = 8.5;  // leaves 7 : 1 to the quieter words
  std::uint32_t background;
  Colour text, quiet;

  explicit CardColours(std::uint32_t wanted) : background(wanted) {
    const Colour dark = Colour::rgb(0x101418);
    const Colour ground = Colour::rgb(wanted);
    // Not above it: a dark ground with still darker letters is no contrast to read by.
    const bool light = luminance(ground) > luminance(dark) && contrast(ground, dark) >= kContrast;
    while (!light && contrast(kWhite, Colour::rgb(background)) < kContrast)
      background = darker(background);
    text = light ? dark : kWhite;
    quiet = text;
    quiet.a = 0.88;
  }
  static std::uint32_t darker(std::uint32_t rgb) {
    std::uint32_t out = 0;
    for (const int shift : {16, 8, 0}) out |= ((rgb >> shift & 0xFF) * 15 / 16) << shift;
    return out;
  }
};

Rect layout_box(const std::string& layout, const std::string& name, const Rect& otherwise) {
  if (const LayoutRow* row = find_layout(layout))
    for (const auto* boxes : {&row->slots, &row->text, &row->overlays})
      if (const NamedBox* box = find_box(*boxes, name)) return box->rect;
  return otherwise;
}

// A loudspeaker with a stroke through it, in a square of `size`.
void draw_silence(const PaintCanvas& paint, double x, double y, double size, Colour colour) {
  cairo_t* cr = paint.cairo();
  paint.set(colour);
  cairo_save(cr);
  cairo_translate(cr, x, y);
  cairo_scale(cr, size / 48, size / 48);
  cairo_move_to(cr, 4, 17);
  for (const auto [px, py] :
       {std::array{13.0, 17.0}, {26.0, 6.0}, {26.0, 42.0}, {13.0, 31.0}, {4.0, 31.0}})
    cairo_line_to(cr, px, py);
  cairo_close_path(cr);
  cairo_fill(cr);
  cairo_set_line_width(cr, 4.5);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  for (const double side : {-1.0, 1.0}) {
    cairo_move_to(cr, 38 - 7 * side, 17);
    cairo_line_to(cr, 38 + 7 * side, 31);
  }
  cairo_stroke(cr);
  cairo_restore(cr);
}

// One below the other, made smaller together until they fit. Sizes are those of a 1080 line canvas.
class CardPlan {
 public:
  CardPlan(const PaintCanvas& paint, const HoldingCard& card, const Canvas& canvas,
           const PaintContext& context)
      : paint_(paint),
        card_(card),
        words_(card_words(card, context.language)),
        language_(context.language),
        width_(canvas.width),
        height_(canvas.height),
        unit_(canvas.height / 1080.0),
        colours_(card.background) {
    open_code(canvas, context);
    open_logo(context);
    const double column_top = place_head(context.event_title);
    const double column_bottom = place_foot();
    place_column(column_top, column_bottom);
  }

  void draw() const {
    paint_.box(0, 0, width_, height_, Colour::rgb(colours_.background));
    paint_.box(0, 0, width_, 20 * unit_, Colour::rgb(0xD5DADF));
    if (logo_)
      logo_->draw(paint_, left(), kTop * unit_, kLogoWidth * unit_, kLogoHeight * unit_,
                  Side::Left);
    if (code_) {
      const int side = code_->across() * module_;
      const Rect box = code_box();
      draw_qr(paint_, *code_, box.x + (box.w - side) / 2, box.y + (box.h - side) / 2, module_);
    }
    for (const Line& line : lines_) {
      if (line.icon > 0)
        draw_silence(paint_, line.x, line.y + (line.text.height() - line.icon) / 2, line.icon,
                     line.colour);
      line.text.draw(line.x + (line.icon > 0 ? line.icon * 1.35 : 0), line.y, line.colour);
    }
  }

  // Where the countdown runs: even, inside the canvas. Empty without one.
  std::optional<Rect> moving_place() const { return moving_; }

  // `words` as they stand in the moving place; its top left is (0, 0).
  void draw_moving(const PaintCanvas& at, const std::string& words) const {
    const double size = moving_size_;
    const bool counts = words.find_first_not_of("0123456789:") == std::string::npos;
    if (!counts) {
      const FittedText text(
          at, words, {size, size / 2, moving_->w * 1.0, moving_->h * 1.0, true, false, false});
      text.draw(0, (moving_->h - text.height()) / 2, colours_.text);
      return;
    }
    const FittedText before(
        at, language_ == Language::Japanese ? "あと" : "in",
        {size * 0.7, size * 0.4, moving_->w * 0.3, moving_->h * 1.0, false, false, false});
    const double gap = size * 0.25;
    double digits = size;
    while (digits > size / 2 &&
           DigitRow(at, words, digits).width() > moving_->w - before.width() - gap)
      digits -= 2 * unit_;
    const DigitRow row(at, words, digits);
    before.draw(0, (moving_->h - before.height()) / 2 + size * 0.06, colours_.text);
    row.draw(before.width() + gap, (moving_->h - row.height()) / 2, colours_.text);
  }

 private:
  static constexpr double kTop = 48, kBottom = 896;  // 83 % of 1080
  static constexpr double kLeading = 0.2;            // of a letter, under each block
  static constexpr double kLogoWidth = 360, kLogoHeight = 104;
  struct Line {
    FittedText text;
    double x, y;
    Colour colour;
    double icon = 0;
    double height() const { return text.height() + kLeading * text.size(); }
  };

  double left() const { return width_ * 0.05; }
  double room() const { return width_ * 0.9; }
  bool centred() const { return !code_; }
  Rect code_box() const {
    const Rect r = layout_box("card_qr", "qr", {1284, 216, 540, 540});
    const double x = width_ / 1920;
    return {static_cast<int>(r.x * x), static_cast<int>(r.y * unit_), static_cast<int>(r.w * x),
            static_cast<int>(r.h * unit_)};
  }

  void tell(const PaintContext& context, Text what, Text action) const {
    const std::string name = words_.title;
    what.ja = "ふた画面「" + name + "」" + what.ja;
    what.en = "Card \"" + name + "\" " + what.en;
    (void)refused(context, "card." + card_.id, std::move(what), std::move(action));
  }

  void open_code(const Canvas& canvas, const PaintContext& context) {
    if (!card_.countdown_to.empty() && words_.when.empty())
      tell(context,
           {"の時刻「" + card_.countdown_to + "」が読めません", "has a time that cannot be read"},
           {"時刻を 14:00 の形で入れてください。", "Enter the time as 14:00."});
    if (!card_.qr) return;
    if (card_.url.empty()) {
      tell(context, {"にQRコードのアドレスがありません", "has no address for its QR code"},
           {"アドレス（https://…）を入れてください。", "Enter the address (https://...)."});
      return;
    }
    auto code = make_qr(card_.url);
    const Rect box = code_box();
    if (code) module_ = std::min(box.w, box.h) / code->across();
    if (code && module_ >= least_module(canvas))
      code_ = std::move(*code);
    else
      tell(context,
           {"のアドレスが長く、QRコードを出せません", "has an address too long for its QR code"},
           {"短いアドレスにしてください。", "Use a shorter address."});
  }

  void open_logo(const PaintContext& context) {
    if (card_.logo.empty()) return;
    auto logo = Logo::open(card_.logo, context.media_folder);
    if (logo)
      logo_.emplace(std::move(*logo));
    else
      tell(context, logo_trouble(card_.logo, logo.error()), logo_remedy());
  }

  // The event's title, beside the logo when there is one. Returns where the column may begin.
  double place_head(const std::string& event_title) {
    double x = left(), w = room(), h = 0;
    if (logo_) {
      h = kLogoHeight * unit_;
      const double taken = logo_->fitted(0, 0, kLogoWidth * unit_, h, Side::Left).w + 36 * unit_;
      x += taken;
      w -= taken;
    }
    if (!event_title.empty()) {
      const FittedText::Wish wish{60 * unit_, 44 * unit_,         w, 150 * unit_, false,
                                  true,       !logo_ && centred()};
      const FittedText text(paint_, event_title, wish);
      h = std::max(h, text.height());
      lines_.push_back({FittedText(paint_, event_title, wish), x,
                        kTop * unit_ + (h - text.height()) / 2, colours_.quiet});
    }
    return kTop * unit_ + h;
  }

  // Under the code, over the whole width: the address in letters, for who watches on a telephone.
  double place_foot() {
    if (!code_) return kBottom * unit_;
    double bottom = kBottom * unit_;
    const double top = code_box().y + code_box().h + 8 * unit_;
    const double share = card_.contact.empty() ? 1.0 : 0.46;
    const auto place = [&](FittedText text) {
      bottom -= text.height() + kLeading * text.size();
      const double x = left();
      lines_.push_back({std::move(text), x, bottom, colours_.text});
    };
    const double height = (kBottom * unit_ - top) / (1 + kLeading);
    if (!card_.contact.empty())
      place(FittedText(paint_, card_.contact,
                       {52 * unit_, 40 * unit_, room(), height * share, false, false, false}));
    place(address_text(paint_, address_as_read(card_.url),
                       {72 * unit_, 44 * unit_, room(),
                        height * (card_.contact.empty() ? 1 : 1 - share), true, false, false}));
    return std::min(bottom - 8 * unit_, top);
  }

  struct Wanted {
    std::string words;
    double size, floor, lines;
    bool bold, quiet, sound = false, when = false, address = false;
  };

  std::vector<Wanted> column() const {
    std::vector<Wanted> all;
    const auto add = [&](Wanted w) {
      if (!w.words.empty()) all.push_back(std::move(w));
    };
    add({words_.title, 136, 72, 2, true, false});
    add({words_.body, 68, 48, 4, false, false});
    add({words_.when, 92, 60, 1, true, false, false, true});
    add({words_.sound, 52, 40, 2, false, true, true});
    if (!card_.phone.empty())
      add({(language_ == Language::Japanese ? "電話 " : "Tel. ") + card_.phone, 76, 60, 1, true,
           false});
    if (!code_) {
      if (!card_.url.empty())
        add({address_as_read(card_.url), 68, 48, 2, true, false, false, false, true});
      add({card_.contact, 60, 44, 2, false, true});
    }
    return all;
  }

  void place_column(double top, double bottom) {
    const auto wanted = column();
    if (wanted.empty()) return;
    const Rect title = layout_box("card_qr", "title", {96, 120, 1128, 220});
    const double x = left();
    const double w = code_ ? (title.x + title.w) * width_ / 1920 - x : room();
    std::deque<Line> placed;
    double used = 0;
    const double least_gap = 14 * unit_;
    const double free = bottom - top - least_gap * static_cast<double>(wanted.size() + 1);
    for (double scale = 1.0; scale >= 0.35; scale -= 0.05) {
      placed.clear();
      used = 0;
      for (const Wanted& want : wanted) {
        placed.push_back(line_of(want, x, w, scale));
        used += placed.back().height();
      }
      if (used <= free) break;
    }
    // What is left over stands between them: evenly, but never more than a line.
    const double gap =
        std::min(56 * unit_, (bottom - top - used) / static_cast<double>(wanted.size() + 1));
    double y = (top + bottom - used - gap * static_cast<double>(wanted.size() - 1)) / 2;
    for (std::size_t i = 0; i < placed.size(); ++i) {
      Line& line = placed[i];
      line.y = y;
      if (wanted[i].when) place_moving(line, x, w);
      y += line.height() + gap;
      lines_.push_back(std::move(line));
    }
  }

  Line line_of(const Wanted& want, double x, double w, double scale) const {
    const double size = want.size * scale * unit_;
    FittedText::Wish wish{size,
                          std::min(size, want.floor * std::min(1.0, scale * 1.2) * unit_),
                          w,
                          want.lines * size * 1.35,
                          want.bold,
                          want.lines > 1,
                          centred() && !want.when && !want.sound};
    double icon = 0;
    if (want.sound) {
      icon = size;
      wish.width -= icon * 1.35;
    }
    if (want.when) wish.width = centred() ? w / 2 - 28 * unit_ : w * 0.56;
    Line line{want.address ? address_text(paint_, want.words, wish)
                           : FittedText(paint_, want.words, wish),
              x, 0, want.quiet ? colours_.quiet : colours_.text, icon};
    if (want.sound && centred()) line.x = x + (w - line.text.width() - icon * 1.35) / 2;
    return line;
  }

  // Beside the time: both sides of the middle on a centred card, after it on the others.
  void place_moving(Line& when, double x, double w) {
    const double gap = 28 * unit_;
    double begin = x + when.text.width() + 2 * gap;
    if (centred()) {
      when.x = x + w / 2 - gap - when.text.width();
      begin = x + w / 2 + gap;
    }
    moving_size_ = when.text.size();
    const double height = when.text.height() + 16 * unit_;
    const int px = static_cast<int>(begin) & ~1;
    const int py = static_cast<int>(when.y + when.text.height() / 2 - height / 2) & ~1;
    moving_ = Rect{px, py, std::max(2, static_cast<int>(x + w - px) & ~1),
                   std::max(2, static_cast<int>(height) & ~1)};
  }

  const PaintCanvas& paint_;
  const HoldingCard& card_;
  const CardWords words_;
  const Language language_;
  const double width_, height_, unit_;
  const CardColours colours_;
  std::optional<QrCode> code_;
  int module_ = 0;
  std::optional<Logo> logo_;
  std::deque<Line> lines_;
  std::optional<Rect> moving_;
  double moving_size_ = 0;
};

}  // namespace

FramePtr paint_card(const HoldingCard& card, const Canvas& canvas, const PaintContext& context) {
  const PaintCanvas paint(canvas.width, canvas.height);
  CardPlan(paint, card, canvas, context).draw();
  return paint.to_frame();
}

Result<std::shared_ptr<const OverlayImage>> paint_moving_card(const HoldingCard& card,
                                                              const Canvas& canvas,
                                                              const PaintContext& context) {
  const PaintCanvas scratch(16, 16);  // only to measure on
  PaintContext quiet = context;
  quiet.faults = nullptr;
  const CardPlan plan(scratch, card, canvas, quiet);
  const auto place = plan.moving_place();
  if (!place || context.moving_text.empty())
    return Error{ErrorKind::NotFound, "card \"" + card.id + "\" has nothing that moves"};
  const PaintCanvas paint(place->w, place->h);
  plan.draw_moving(paint, context.moving_text);
  return paint.to_overlay(*place);
}

}  // namespace kakehashi
