// SPDX-License-Identifier: GPL-3.0-or-later
// All strips: a word first, the bar second; the fader under its meter; mute at the right. What is
// heard is bold, what is not steps back and says why beside the pointer.
#include <algorithm>
#include <cmath>

#include "gui/sound_panels.h"

namespace kakehashi {
namespace {

// The name opens the strip's details; `below` is its second line.
void draw_name(DeskPage& d, const StripStatus& s, const StripLook& look, const Box& b, bool two) {
  Frame& f = d.frame;
  const Touch t = f.touch("strip." + s.id, b);
  if (t.hovered || t.down) f.fill({b.x - f.px(6), b.y, b.w + f.px(6), b.h}, theme::kHover, 4);
  f.focus_ring(t, b, 4);
  Ink name{look.quiet ? Face::Regular : Face::Bold, 18, look.quiet ? theme::kText2 : theme::kText};
  const Box line{b.x, b.y, b.w - f.px(two ? 4 : 22), two ? b.h * 0.54F : b.h};
  if (f.width(name, f.say(s.name)) > line.w) name.px = 16;  // smaller before it is cut
  const float used = f.label(line, name, f.say(s.name));
  // There is more behind the name.
  f.icon(Icon::Arrow, two ? b.right() - f.px(12) : b.x + used + f.px(14),
         two ? b.y + b.h * 0.75F : b.middle(), 11, theme::kText3);
  std::string why;
  if (const InputFinding* trouble = trouble_of(s))
    why = f.say(trouble->what) + (f.say(trouble->action).empty() ? "" : " → ") +
          f.say(trouble->action);
  else if (!s.heard && !s.muted)
    why = f.say(s.closed);
  if (!why.empty())
    f.whole_name(t, b, name, why, 0);
  else
    f.whole_name(t, b, name, f.say(s.name), line.w);
  if (two) {
    const std::string below = f.ui.figures
                                  ? word(Word::FiguresStrip, f.language,
                                         {signed_figure(s.automix_db), signed_figure(s.rider_db),
                                          signed_figure(s.compressor_db)})
                                  : std::string(f.say(set_word(s.sound.set)));
    f.label({b.x, b.y + b.h * 0.54F, b.w - f.px(18), b.h * 0.42F},
            {Face::Regular, 16, theme::kText3}, below);
  }
  if (t.clicked) f.ui.strip = s.id;
}

void draw_row(DeskPage& d, const StripStatus& s, const Box& b, bool narrow) {
  Frame& f = d.frame;
  const StripView& view = f.ui.strips[s.id];
  const StripLook look = look_of(d.snapshot, s, view.judge.word());
  const bool opens = opens_by_hand(d.snapshot, s);
  const std::string fader_id = "fader." + s.id;
  const float mute_w = f.px(76);
  const Box mute{b.right() - mute_w, b.middle() - f.px(22), mute_w, f.px(44)};
  // Wide enough for its own button; else listening is in the details.
  const bool listens = b.w >= f.px(720);
  const float listen_w = listens ? f.px(52) : 0;
  Box meter, fader, words;
  if (narrow) {
    const float room = b.w - mute_w - f.px(12);
    const float word_w = f.px(146);
    draw_name(d, s, look, {b.x, b.y, room - word_w, f.px(28)}, false);
    words = {b.x + room - word_w, b.y, word_w, f.px(28)};
    meter = {b.x, b.y + f.px(28), room, f.px(14)};
    fader = {b.x, b.y + f.px(42), room, f.px(24)};
  } else {
    const float name_w = f.px(b.w >= f.px(720) ? 180 : 160), word_w = f.px(138);
    draw_name(d, s, look, {b.x, b.y + f.px(1), name_w - f.px(8), b.h - f.px(2)}, true);
    const float w = b.w - name_w - word_w - mute_w - listen_w - f.px(16);
    meter = {b.x + name_w, b.middle() - f.px(22), w, f.px(20)};
    fader = {b.x + name_w, b.middle() - f.px(1), w, f.px(24)};
    words = {meter.right() + f.px(12), b.y, word_w - f.px(4), b.h};
  }
  if (dragging(f, fader_id))
    f.label(words, {Face::Bold, 16, theme::kText}, decibels(f.ui.fader_db),
            narrow ? Align::Right : Align::Left);
  else
    draw_look(f, look, words, narrow ? Align::Right : Align::Left);
  draw_meter(f, meter, view.bar.level(f.now), view.bar.peak(f.now), meter_color(view.judge.word()),
             look.quiet);
  draw_fader(d, fader_id, s.gain_db, fader, [&](Decibel db) { return Command{SetGain{s.id, db}}; });
  if (listens) {
    const Box ear{mute.x - listen_w, mute.y, f.px(44), mute.h};
    const Touch t = f.touch("listen." + s.id, ear);
    const ImU32 ink = f.button_ground(t, ear, true);
    if (s.listen) f.edge(ear, theme::kText, 2, 6);
    f.icon(Icon::Headphones, ear.x + ear.w / 2, ear.middle(), 22, ink);
    f.whole_name(t, ear, {Face::Bold, 18, 0}, f.say(s.listen ? Word::ListenOff : Word::ListenIt),
                 0);
    if (t.clicked) d.out.emplace_back(Listen{s.id, !s.listen});
  }
  if (f.button("mute." + s.id, mute, Icon::None, f.say(opens ? Word::OpenIt : Word::MuteIt)))
    d.out.emplace_back(SetMute{s.id, !opens});
}

}  // namespace

void draw_sound_rows(DeskPage& d, const Box& room) {
  Frame& f = d.frame;
  const auto& strips = d.snapshot.strips;
  const bool narrow = room.w < f.px(530);
  // Few strips get more air, many scroll.
  const float least = narrow ? f.px(70) : f.px(48);
  const float row = std::clamp(std::floor(room.h / static_cast<float>(strips.size())), least,
                               narrow ? f.px(84) : f.px(72));
  const float shift = f.begin_scroll("audio", room);
  float y = room.y + shift;
  for (const StripStatus& s : strips) {
    draw_row(d, s, {room.x, y, room.w, row - f.px(4)}, narrow);
    y += row;
  }
  f.end_scroll("audio", room, row * static_cast<float>(strips.size()));
}

}  // namespace kakehashi
