// SPDX-License-Identifier: GPL-3.0-or-later
// All inputs at once, with tally.
#include "gui/panels.h"

namespace kakehashi {
namespace {

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
  draw_tally(f, b, tally_of_input(d.snapshot, input.id));
  f.items.push_back({"input." + input.id, b, false, false});
}

}  // namespace

void draw_multiview(DeskPage& d) {
  Frame& f = d.frame;
  const Box& b = d.layout.multiview;
  f.panel(b, Icon::Screen, f.say(Word::Multiview), f.say(Word::MultiviewHint));
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
