// SPDX-License-Identifier: GPL-3.0-or-later
// All inputs at once, with tally.
#include "gui/panels.h"

namespace kakehashi {
namespace {

// How old its picture is at the tick, how regular it comes, what was repeated and lost.
void draw_figures(Frame& f, const InputStatus& input, const Box& room) {
  const Ink ink{Face::Regular, 16, theme::kText};
  const auto ms = [](double value) { return figure(value, value < 9.95 ? 1 : 0); };
  const std::string lines[] = {
      word(Word::FigureAge, f.language, {ms(input.age_ms), ms(input.age_p95_ms)}),
      word(Word::FigureJitter, f.language, {ms(input.jitter_ms)}),
      word(Word::FigureCounts, f.language,
           {std::to_string(input.repeated), std::to_string(input.dropped)})};
  const float h = f.px(22);
  const Box plate{room.x, room.bottom() - 3 * h - f.px(6), room.w, 3 * h + f.px(6)};
  f.fill(plate, theme::rgb(0x000000, 0xD1));
  for (int i = 0; i < 3; ++i)
    f.label(
        {plate.x + f.px(8), plate.y + f.px(3) + h * static_cast<float>(i), plate.w - f.px(16), h},
        ink, lines[i]);
}

// "12/24" on the name strip: opens the pages.
void draw_pages_button(DeskPage& d, const InputStatus& input, const Box& b) {
  Frame& f = d.frame;
  const std::string text = std::to_string(input.page) + "/" + std::to_string(input.pages) + " " +
                           std::string(f.say(Word::PageTurn));
  const float w = f.width({Face::Bold, 16, 0}, text) + f.px(20);
  const Box button{b.right() - w, b.bottom() - f.px(28), w, f.px(28)};
  const Touch t = f.touch("pages." + input.id, button);
  const ImU32 ink = f.button_ground(t, button, true, 3);
  f.label(button, {Face::Bold, 16, ink}, text, Align::Centre);
  if (!t.clicked) return;
  f.ui.pages_input = input.id;
  f.ui.drawer = Drawer::Pages;
}

void draw_tile(DeskPage& d, const InputStatus& input, const Box& b) {
  Frame& f = d.frame;
  const bool live = has_signal(input);
  f.fill(b, theme::kWell);
  const float strip = f.px(28);
  if (live) {
    const auto ref = f.pictures ? f.pictures("input." + input.id) : std::nullopt;
    if (ref)
      f.picture(b, *ref);
    else
      f.label({b.x, b.y, b.w, b.h - strip}, {Face::Regular, 16, theme::kText3},
              f.say(Word::NoPicture), Align::Centre);
  } else {
    const bool lost = input.signal == SignalState::Lost;
    const bool opening = input.signal == SignalState::Opening;
    const Word what = lost ? Word::NoSignal : opening ? Word::Opening : Word::Unbound;
    const ImU32 color = opening ? theme::kText2 : theme::kCaution;
    const Ink letters{Face::Bold, 18, theme::kText};
    const Box room{b.x + f.px(10), b.y + f.px(34), b.w - f.px(20), b.h - strip - f.px(36)};
    const float w = f.width(letters, f.say(what)) + f.px(26);
    const float x = std::max(room.x, room.x + (room.w - w) / 2);
    f.icon(opening ? Icon::Wait : Icon::Cross, x + f.px(9), room.y + f.px(11), 16, color);
    f.label({x + f.px(26), room.y, room.right() - x - f.px(26), f.px(22)}, letters, f.say(what));
    // The headline above is the cause; the little room is for what to do.
    std::string action = what_to_do(f.say(input.reason));
    if (action.empty() && !opening) action = f.say(Word::CheckCable);
    if (room.h >= f.px(46))
      f.paragraph({room.x, room.y + f.px(26), room.w, room.h - f.px(26)},
                  {Face::Regular, 16, theme::kText2}, action);
  }
  // Name on a dark strip, black at 82 % so that it reads on any picture.
  f.fill({b.x, b.bottom() - strip, b.w, strip}, theme::rgb(0x000000, 0xD1));
  f.label({b.x + f.px(8), b.bottom() - strip, b.w - f.px(16), strip},
          {Face::Bold, 16, theme::kText}, f.say(input.name));
  if (!live && input.signal != SignalState::Opening) f.edge(b, theme::kCaution, 2);
  if (input.signal == SignalState::Holding) {
    const float y = b.bottom() - strip - f.px(30);
    f.chip(b.x + f.px(7), y, Icon::Caution, f.say(Word::Frozen), theme::kCaution, theme::kBlack);
  }
  if (live && f.ui.figures) draw_figures(f, input, {b.x, b.y, b.w, b.h - strip});
  if (input.pages > 0) draw_pages_button(d, input, b);
  draw_tally(f, b, tally_of_input(d.snapshot, input.id));
  f.items.push_back({"input." + input.id, b, false, false});
}

}  // namespace

void draw_multiview(DeskPage& d) {
  Frame& f = d.frame;
  const Box& b = d.layout.multiview;
  f.panel(b, Icon::Screen, f.say(Word::Multiview));
  const float figures_w = f.px(96);
  const Box figures{b.right() - figures_w - f.px(10), b.y + f.px(5), figures_w, f.px(30)};
  const Touch t = f.touch("figures", figures);
  f.fill(figures, t.hovered || f.ui.figures ? theme::kHover : theme::kRaise, 4);
  if (f.ui.figures) f.edge(figures, theme::kText, 2, 4);
  f.focus_ring(t, figures);
  f.label(figures, {f.ui.figures ? Face::Bold : Face::Regular, 16, theme::kText},
          f.say(Word::Figures), Align::Centre);
  if (t.clicked) f.ui.figures = !f.ui.figures;
  const Box room{b.x + f.px(14), b.y + f.px(40), b.w - f.px(28), b.h - f.px(52)};
  std::vector<const InputStatus*> inputs;
  for (const InputStatus& i : d.snapshot.inputs)
    if (i.video) inputs.push_back(&i);
  if (inputs.empty()) {
    f.label(room, {Face::Regular, 18, theme::kText3}, f.say(Word::NoInputs), Align::Centre);
    return;
  }
  const auto cells = picture_grid(room, static_cast<int>(inputs.size()), f.px(10), 0, 8);
  for (std::size_t i = 0; i < inputs.size(); ++i) draw_tile(d, *inputs[i], cells[i]);
}

}  // namespace kakehashi
