// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/painter_qr.h"

#include <qrencode.h>

#include <algorithm>
#include <cmath>

#include "mixer/painter_table.h"

namespace kakehashi {
namespace {

constexpr Colour kInk{0, 0, 0, 1};

// `lines` lines as alike as the places for a break allow.
std::string broken_address(const std::string& address, std::size_t lines) {
  std::string out, rest = address;
  for (; lines > 1 && !rest.empty(); --lines) {
    const std::size_t ideal = (rest.size() + lines - 1) / lines;
    std::size_t cut = ideal;
    for (std::size_t off = 0; off <= ideal / 3; ++off) {
      const auto is_break = [&](std::size_t at) {
        return at > 0 && at < rest.size() && std::string("/.-?&=_").find(rest[at - 1]) < 7;
      };
      if (is_break(ideal + off)) {
        cut = ideal + off;
        break;
      }
      if (is_break(ideal - off)) {
        cut = ideal - off;
        break;
      }
    }
    while (cut < rest.size() && (rest[cut] & 0xC0) == 0x80) ++cut;  // not inside a letter
    out += rest.substr(0, cut) + "\n";
    rest.erase(0, cut);
  }
  return out + rest;
}

// Heading, code and address, one below the other or side by side, on one white plate.
struct QrPlan {
  Rect rect;
  double unit;
  bool beside = false;  // the words stand beside the code
  int module = 0;
  double words_width = 0, words_height = 0;  // room for heading and address

  // Whole modules, the code at least 360 px where the place has them; what is left is for words.
  QrPlan(const QrCode& code, const Rect& place, const Canvas& canvas)
      : rect(place), unit(canvas.height / 1080.0) {
    const int across = code.across();
    beside = rect.w >= rect.h * 3 / 2;
    const int most = std::min(rect.w, rect.h) / across;
    const int wanted =
        std::max(least_module(canvas), static_cast<int>(std::ceil(360 * unit / across)));
    module = beside ? most : std::min(most, wanted);
    const double margin = 16 * unit;
    words_width = beside ? rect.w - module * across - 2 * margin : rect.w - 2 * margin;
    words_height = beside ? rect.h - 2 * margin : rect.h - module * across;
  }
};

void tell(const PaintContext& context, const Overlay& overlay, Text what, Text action) {
  (void)refused(context, overlay, std::move(what), std::move(action));
}

}  // namespace

Result<QrCode> make_qr(const std::string& url) {
  struct Free {
    void operator()(QRcode* c) const { QRcode_free(c); }
  };
  const std::unique_ptr<QRcode, Free> made(
      QRcode_encodeString(url.c_str(), 0, QR_ECLEVEL_M, QR_MODE_8, 1));
  if (!made)
    return Error{ErrorKind::FixInput,
                 "an address of " + std::to_string(url.size()) + " bytes fits into no QR code"};
  QrCode code;
  code.size = made->width;
  const auto count = static_cast<std::size_t>(made->width) * static_cast<std::size_t>(made->width);
  code.dark.reserve(count);
  for (std::size_t i = 0; i < count; ++i) code.dark.push_back((made->data[i] & 1) != 0);
  return code;
}

int least_module(const Canvas& canvas) { return std::max(2, 8 * canvas.height / 1080); }

void draw_qr(const PaintCanvas& paint, const QrCode& code, int x, int y, int module) {
  const int side = code.across() * module;
  paint.box(x, y, side, side, kWhite);
  paint.set(kInk);
  const int left = x + QrCode::kQuiet * module, top = y + QrCode::kQuiet * module;
  for (int row = 0; row < code.size; ++row)
    for (int column = 0; column < code.size; ++column)
      if (code.dark[static_cast<std::size_t>(row * code.size + column)])
        cairo_rectangle(paint.cairo(), left + column * module, top + row * module, module, module);
  cairo_fill(paint.cairo());
}

std::string address_as_read(const std::string& url) {
  std::string out = url;
  for (const char* scheme : {"https://", "http://"})
    if (out.rfind(scheme, 0) == 0) out.erase(0, std::string(scheme).size());
  if (!out.empty() && out.back() == '/') out.pop_back();
  return out;
}

FittedText address_text(const PaintCanvas& paint, const std::string& address,
                        FittedText::Wish wish) {
  wish.face = Face::Addresses;
  wish.wrap = false;
  std::string best = address;
  double best_size = 0;
  for (std::size_t lines = 1; lines <= 4 && lines * 4 <= address.size() + 4; ++lines) {
    const std::string broken = broken_address(address, lines);
    const FittedText text(paint, broken, wish);
    const double size = text.size() * (text.whole() ? 1.0 : 0.5);
    if (size > best_size * 1.1) {  // another line must be worth it
      best = broken;
      best_size = size;
    }
  }
  return {paint, best, wish};
}

Result<std::shared_ptr<const OverlayImage>> paint_qr(const Overlay& overlay, const Rect& rect,
                                                     const Canvas& canvas,
                                                     const PaintContext& context) {
  const std::string url = text_setting(overlay, "url");
  if (url.empty())
    return refused(context, overlay,
                   {"QRコードのアドレスが空です", "has no address for its QR code"},
                   {"アドレス（https://…）を入れてください。", "Enter the address (https://...)."});
  const auto code = make_qr(url);
  const int across = code ? code->across() : 0, least = least_module(canvas);
  if (!code || std::min(rect.w, rect.h) / across < least) {
    const std::string side = std::to_string(across * least);
    return refused(
        context, overlay,
        {"アドレスが長く、QRコードが細かすぎて読めません",
         "has an address too long for a QR code that can be read in its place"},
        code ? Text{"短いアドレスにするか、場所を" + side + "×" + side + "以上にしてください。",
                    "Use a shorter address, or give it " + side + " x " + side + " pixels or more."}
             : Text{"短いアドレスにしてください。", "Use a shorter address."});
  }
  QrPlan plan(*code, rect, canvas);
  const double unit = plan.unit;
  const PaintCanvas paint(rect.w, rect.h);
  const auto plate = [&](double width) {
    paint.rounded_box(0, 0, width, rect.h, 6 * unit, kWhite);
  };

  std::string heading = text_setting(overlay, "text");
  std::string shown = text_setting(overlay, "shown_url");
  if (shown.empty()) shown = address_as_read(url);
  if (!heading.empty() && !plan.beside && plan.words_height < 90 * unit) {
    // The code and its address come first; the title check reports what was left out.
    if (PaintNotes* notes = PaintNotes::taken())
      notes->add({PaintNote::Kind::LeftOut, {}, {}, heading, Fit::Overflow, 0, 36 * unit, {}});
    heading.clear();
  }
  const double share = heading.empty() ? 1.0 : 0.5;
  const double room = std::max(2.0, plan.words_width);
  const FittedText head(paint, heading,
                        {64 * unit, 36 * unit, room, std::max(2.0, plan.words_height * (1 - share)),
                         true, plan.beside, !plan.beside});
  const FittedText address =
      address_text(paint, shown,
                   {60 * unit, 20 * unit, room, std::max(2.0, plan.words_height * share / 1.15),
                    true, false, !plan.beside});
  if (address.size() < 24 * unit || !address.whole())
    tell(context, overlay,
         {"QRコードのアドレスの文字が小さく、携帯では読めません",
          "shows its address too small to be read on a telephone"},
         {"「表示するアドレス」を短くするか、場所を大きくしてください。",
          "Shorten the address as written, or give it a larger place."});

  const double head_height = heading.empty() ? 0 : head.height() + 0.2 * head.size();
  Rect where = rect;
  if (plan.beside) {
    const int side = across * plan.module, top = (rect.h - side) / 2;
    const double x = top + side, gap = heading.empty() ? 0 : 16 * unit;
    const double y = (rect.h - head_height - gap - address.height()) / 2;
    const double words = std::max(address.width(), heading.empty() ? 0.0 : head.width());
    where.w = std::min(rect.w, static_cast<int>(x + words + 28 * unit) & ~1);
    plate(where.w);
    draw_qr(paint, *code, top, top, plan.module);
    if (!heading.empty()) head.draw(x, y, kInk);
    address.draw(x, y + head_height + gap, kInk);
  } else {
    plate(rect.w);
    const double below = 0.15 * address.size();
    const int left_over = static_cast<int>(rect.h - head_height - address.height() - below);
    plan.module = std::max(plan.module, std::min(rect.w, left_over) / across);
    const int side = across * plan.module;
    const int top = static_cast<int>(head_height) + std::max(0, (left_over - side) / 2);
    if (!heading.empty()) head.draw(16 * unit, 0.2 * head.size(), kInk);
    draw_qr(paint, *code, (rect.w - side) / 2, top, plan.module);
    address.draw(16 * unit, rect.h - address.height() - below, kInk);
  }
  return paint.to_overlay(where);
}

}  // namespace kakehashi
