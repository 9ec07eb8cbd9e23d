// SPDX-License-Identifier: GPL-3.0-or-later
// One strip: what it says now and what to do about it; then what kind of sound it is, who listens,
// and where it goes. Nobody chooses a ratio here.
#include <algorithm>

#include "gui/sound_panels.h"

namespace kakehashi {
namespace {

bool pick(Frame& f, const std::string& id, const Box& b, std::string_view text, bool chosen,
          bool enabled = true) {
  const Touch t = f.touch(id, b, enabled);
  if (enabled) {
    f.fill(b, t.down ? theme::kOutline : chosen || t.hovered ? theme::kHover : theme::kRaise, 6);
    if (chosen) f.edge(b, theme::kText, 2, 6);
    f.focus_ring(t, b);
  } else {
    f.button_ground(t, b, false);
  }
  draw_choice_word(f, t, b, text, chosen);
  return t.clicked;
}

std::string sentence(const Frame& f, const InputFinding& finding) {
  const std::string& action = f.say(finding.action);
  return f.say(finding.what) + (action.empty() ? "" : " → " + action);
}

// What keeps it from being heard or troubles it: one sentence, never more.
std::string what_is_with(const Frame& f, const StripStatus& s) {
  if (const InputFinding* trouble = trouble_of(s)) return sentence(f, *trouble);
  if (s.sound.rights == Rights::VenueOnly) return std::string(f.say(Word::VenueOnlyMeans));
  if (!s.heard && !s.muted) return f.say(s.closed);
  return s.findings.empty() ? std::string() : sentence(f, s.findings.front());
}

// Cells of equal width in lines of `columns`.
struct Grid {
  float x, y, w, h, gap;
  int columns;
  Box at(int i) const {
    const float cell = (w - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
    return {x + static_cast<float>(i % columns) * (cell + gap),
            y + static_cast<float>(i / columns) * (h + gap), cell, h};
  }
  float height(int count) const {
    const int lines = (count + columns - 1) / columns;
    return static_cast<float>(lines) * (h + gap) - gap;
  }
};

// The bus's name is a sentence ("確認用ヘッドホン"): buttons want a word.
std::string short_bus_name(const Frame& f, const SoundBusStatus& bus) {
  switch (bus.kind) {
    case SoundBusKind::Program:
      return std::string(f.say(Word::ToProgram));
    case SoundBusKind::RecordClean:
      return std::string(f.say(Word::ToClean));
    case SoundBusKind::Venue:
      return std::string(f.say(Word::ToVenue));
    case SoundBusKind::Monitor:
      return std::string(f.say(Word::ToMonitor));
    case SoundBusKind::MixMinus:
      break;
  }
  return f.say(bus.name);
}

void draw_head(DeskPage& d, const StripStatus& s, const StripLook& look, const Box& line) {
  Frame& f = d.frame;
  const float back = f.px(104), word_w = look_width(f, look);
  if (f.button("strip.back", {line.x, line.y, back, line.h}, Icon::Return, f.say(Word::StripBack)))
    f.ui.strip.clear();
  const float x = line.x + back + f.px(14);
  f.label({x, line.y, line.right() - word_w - f.px(10) - x, line.h}, {Face::Bold, 20, theme::kText},
          f.say(s.name));
  draw_look(f, look, {line.right() - word_w, line.y, word_w, line.h}, Align::Right);
}

}  // namespace

void draw_sound_strip(DeskPage& d, const Box& room, const StripStatus& s) {
  Frame& f = d.frame;
  const StripView& view = f.ui.strips[s.id];
  const StripLook look = look_of(d.snapshot, s, view.judge.word());
  const bool opens = opens_by_hand(d.snapshot, s);
  const float gap = f.px(6);
  draw_head(d, s, look, {room.x, room.y, room.w, f.px(40)});
  const Box below{room.x, room.y + f.px(44), room.w, room.h - f.px(44)};
  const float shift = f.begin_scroll("strip", below);
  float y = below.y + shift;

  // One line: how loud, its fader, and the two buttons that are pressed in a hurry.
  const bool narrow = below.w < f.px(530);
  const std::string fader_id = "fader." + s.id;
  const float hand = dragging(f, fader_id) || f.ui.figures ? f.px(76) : 0;
  const float mute_w = f.px(76);
  const float listen_w = narrow ? f.px(52)
                                : std::max(f.width({Face::Bold, 18, 0}, f.say(Word::ListenIt)),
                                           f.width({Face::Bold, 18, 0}, f.say(Word::ListenOff))) +
                                      f.px(16);
  const Box mute{below.right() - mute_w, y, mute_w, f.px(44)};
  const Box listen{mute.x - gap - listen_w, y, listen_w, mute.h};
  const Box meter{below.x, y, listen.x - gap * 2 - hand - below.x, f.px(20)};
  draw_meter(f, meter, view.bar.level(f.now), view.bar.peak(f.now), meter_color(view.judge.word()),
             look.quiet);
  draw_fader(d, fader_id, s.gain_db, {below.x, y + f.px(21), meter.w, f.px(23)}, [&](Decibel db) {
    return Command{SetGain{s.id, db}};
  });
  if (hand > 0) {
    const double db = dragging(f, fader_id) ? f.ui.fader_db : s.gain_db;
    f.label({meter.right() + gap, y + f.px(11), hand, f.px(22)}, {Face::Bold, 16, theme::kText},
            decibels(db));
  }
  if (narrow) {
    const Touch t = f.touch("listen." + s.id, listen);
    const ImU32 ink = f.button_ground(t, listen, true);
    if (s.listen) f.edge(listen, theme::kText, 2, 6);
    f.icon(Icon::Headphones, listen.x + listen.w / 2, listen.middle(), 22, ink);
    f.whole_name(t, listen, {Face::Bold, 18, 0}, f.say(s.listen ? Word::ListenOff : Word::ListenIt),
                 0);
    if (t.clicked) d.out.emplace_back(Listen{s.id, !s.listen});
  } else if (pick(f, "listen." + s.id, listen, f.say(s.listen ? Word::ListenOff : Word::ListenIt),
                  s.listen)) {
    d.out.emplace_back(Listen{s.id, !s.listen});
  }
  if (f.button("mute." + s.id, mute, Icon::None, f.say(opens ? Word::OpenIt : Word::MuteIt)))
    d.out.emplace_back(SetMute{s.id, !opens});
  y += f.px(50);

  const std::string why = what_is_with(f, s);
  if (!why.empty()) {
    const bool trouble = trouble_of(s);
    const float sign = trouble ? f.px(26) : 0;
    if (trouble) f.icon(Icon::Caution, below.x + f.px(9), y + f.px(12), 18, theme::kCaution);
    y += f.paragraph({below.x + sign, y, below.w - sign, f.px(44)},
                     {Face::Regular, 16, theme::kText}, why) +
         gap;
  }
  if (s.sound.rights == Rights::Check) {
    const Box line{below.x, y, below.w, f.px(40)};
    const float ok = f.px(136);
    f.label({line.x, line.y, line.w - ok - gap, line.h}, {Face::Regular, 16, theme::kText},
            f.say(Word::RightsCheck));
    if (f.button("strip.rights", {line.right() - ok, line.y, ok, line.h}, Icon::None,
                 f.say(Word::RightsOk))) {
      StripSettings sound = s.sound;
      sound.rights = Rights::Ok;
      d.out.emplace_back(SetStrip{s.id, sound});
    }
    y += line.h + gap;
  }

  // The heads stand beside their buttons, so that all of it is seen at once.
  const Ink head{Face::Bold, 16, theme::kText2};
  const float side = narrow ? 0 : f.px(84), top = narrow ? f.px(24) : 0;
  const auto head_box = [&] {
    return narrow ? Box{below.x, y, below.w, f.px(24)} : Box{below.x, y, side - f.px(6), f.px(38)};
  };
  f.label(head_box(), head, f.say(Word::SoundKind));
  const Grid kinds{below.x + side, y + top, below.w - side, f.px(38), gap, 3};
  for (std::size_t i = 0; i < kProcessingSets; ++i) {
    const auto set = static_cast<ProcessingSet>(i);
    const bool chosen = s.sound.set == set;
    if (pick(f, "set." + std::string(kProcessingSetNames[i]), kinds.at(static_cast<int>(i)),
             f.say(set_word(set)), chosen) &&
        !chosen)
      d.out.emplace_back(SetStrip{s.id, with_set(s.sound, set)});
  }
  y += top + kinds.height(kProcessingSets) + f.px(10);

  // By hand and for good: the station refuses what would come back to where it is from.
  const auto& buses = d.snapshot.sound_buses;
  if (!buses.empty()) {
    const bool can = !s.muted && s.gain_db > -60 && s.open &&
                     !(s.microphone && (card_on_air(d.snapshot) || d.snapshot.emergency));
    const Box line = head_box();
    const float used = f.label(line, head, f.say(Word::GoesTo)) + f.px(14);
    if (!can && narrow)
      f.aside({line.x + used, line.y, line.w - used, line.h}, {Face::Regular, 16, theme::kText3},
              f.say(Word::GoesToWaits));
    if (!can && !narrow)
      f.paragraph({line.x, line.y + f.px(36), line.w, f.px(48)}, {Face::Regular, 16, theme::kText3},
                  f.say(Word::GoesToWaitsShort));
    const Grid cells{below.x + side, y + top, below.w - side, f.px(38), gap, 3};
    int n = 0;
    for (const SoundBusStatus& bus : buses) {
      const bool on = std::find(s.buses.begin(), s.buses.end(), bus.id) != s.buses.end();
      if (pick(f, "send." + bus.id, cells.at(n++), short_bus_name(f, bus), on, can))
        d.out.emplace_back(SetSend{s.id, bus.id, !on});
    }
    y += top + cells.height(n) + gap;
  }
  if (f.ui.figures) {
    f.label({below.x, y, below.w, f.px(24)}, {Face::Regular, 16, theme::kText2},
            word(Word::FiguresStripLong, f.language,
                 {signed_figure(s.automix_db), signed_figure(s.rider_db), signed_figure(s.duck_db),
                  signed_figure(s.compressor_db), signed_figure(s.gate_db)}));
    y += f.px(26);
    y += draw_sound_knobs(d, s, {below.x, y, below.w, 0});
  }
  f.end_scroll("strip", below, y - shift - below.y);
}

}  // namespace kakehashi
