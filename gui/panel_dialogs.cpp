// SPDX-License-Identifier: GPL-3.0-or-later
// Two sentences that cover the desk: "not connected", and "close this window?". Neither touches
// what is on air.
#include "gui/panels.h"

namespace kakehashi {
namespace {

Box middle_box(DeskPage& d, float w, float h) {
  Frame& f = d.frame;
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  f.fill({0, 0, size.x, size.y}, theme::rgb(0x000000, 0xB0));
  const Box b{std::round((size.x - f.px(w)) / 2), std::round((size.y - f.px(h)) / 2), f.px(w),
              f.px(h)};
  f.fill(b, theme::kPanel, 8);
  f.edge(b, theme::kAccent, 3, 8);
  return b;
}

void draw_link(DeskPage& d) {
  Frame& f = d.frame;
  const bool starting = f.ui.link == Link::Starting;
  const Box b = middle_box(d, 720, starting ? 150 : 206);
  const Box in = b.inset(f.px(28));
  f.icon(starting ? Icon::Wait : Icon::Cross, in.x + f.px(14), in.y + f.px(16), 26, theme::kText);
  f.label({in.x + f.px(44), in.y, in.w - f.px(44), f.px(34)}, {Face::Bold, 24, theme::kText},
          f.say(starting ? Word::Starting : Word::LostHead));
  const float used =
      f.paragraph({in.x, in.y + f.px(50), in.w, f.px(56)}, {Face::Regular, 18, theme::kText2},
                  f.say(starting ? Word::StartingBody : Word::LostBody));
  if (!starting)
    f.label({in.x, in.y + f.px(58) + used, in.w, f.px(28)}, {Face::Regular, 18, theme::kText3},
            word(Word::LostSince, f.language, {clock_text(f.now - f.ui.link_since, false)}));
}

void draw_close(DeskPage& d) {
  Frame& f = d.frame;
  const Box b = middle_box(d, 720, 248);
  const Box in = b.inset(f.px(28));
  f.label({in.x, in.y, in.w, f.px(34)}, {Face::Bold, 24, theme::kText}, f.say(Word::CloseHead));
  f.paragraph({in.x, in.y + f.px(48), in.w, f.px(80)}, {Face::Regular, 18, theme::kText2},
              f.say(Word::CloseBody));
  f.label({in.x, in.y + f.px(106), in.w, f.px(24)}, {Face::Regular, 16, theme::kText3},
          f.say(Word::CloseEsc));
  const float w = f.px(260), h = f.px(52);
  f.in_dialog = true;
  if (f.button("close.no", {in.x, in.bottom() - h, w, h}, Icon::None, f.say(Word::CloseNo)))
    f.ui.dialog = Dialog::None;
  if (f.button("close.yes", {in.right() - w, in.bottom() - h, w, h}, Icon::None,
               f.say(Word::CloseYes)))
    f.ui.leave = true;
  f.in_dialog = false;
}

}  // namespace

void draw_dialogs(DeskPage& d) {
  if (d.frame.ui.dialog == Dialog::Close)
    draw_close(d);
  else if (d.frame.ui.link != Link::Connected)
    draw_link(d);
}

}  // namespace kakehashi
