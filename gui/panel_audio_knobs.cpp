// SPDX-License-Identifier: GPL-3.0-or-later
// Sliders: the fader that strips and buses share, and for those who ask for figures what a strip is
// trimmed, placed, delayed and coloured by.
#include <algorithm>
#include <cmath>

#include "gui/sound_panels.h"

namespace kakehashi {
namespace {

// A slider's ends and its way between them.
struct Travel {
  double least, most, rest;       // a double click, and what catches the grip
  double catches;                 // so near to `rest`
  double step;                    // of the arrow keys, and what values are rounded to
  double (*place)(double value);  // 0..1
  double (*value)(double place);
};

void draw_slider(DeskPage& d, const std::string& id, double now, const Travel& way, const Box& b,
                 double key_step, const std::function<Command(double)>& wish) {
  Frame& f = d.frame;
  UiState& ui = f.ui;
  const Touch t = f.touch(id, b);
  const bool mine = ui.fader == id;
  const auto send = [&](double value) {
    d.out.push_back(wish(value));
    ui.fader_sent_db = value;
    ui.fader_sent_at = f.now;
  };
  const float grip = f.px(16);
  if (t.focused && (ui.move == Move::Left || ui.move == Move::Right)) {
    const double to = now + (ui.move == Move::Right ? key_step : -key_step);
    send(std::clamp(to, way.least, way.most));
    ui.move = Move::None;
  }
  const bool in_hand = ui.pressed == id && ImGui::GetIO().MouseDown[0];
  if (in_hand) {
    const float part = (ImGui::GetIO().MousePos.x - b.x - grip / 2) / (b.w - grip);
    double value = way.value(std::clamp(part, 0.0F, 1.0F));
    if (std::abs(value - way.rest) < way.catches) value = way.rest;
    value = std::clamp(std::round(value / way.step) * way.step, way.least, way.most);
    if (ImGui::IsMouseDoubleClicked(0)) value = way.rest;
    if (!mine) ui.fader_sent_db = now;
    ui.fader = id;
    ui.fader_db = value;
    if (value != ui.fader_sent_db && f.now - ui.fader_sent_at >= 0.04) send(value);
  } else if (mine) {
    if (ui.fader_db != ui.fader_sent_db) send(ui.fader_db);
    ui.fader.clear();
  }
  const double shown = in_hand ? ui.fader_db : now;
  const float y = b.middle();
  f.fill({b.x, y - f.px(2), b.w, f.px(4)}, theme::kHover, 2);
  const auto x_of = [&](double value) {
    return b.x + grip / 2 + (b.w - grip) * static_cast<float>(way.place(value));
  };
  f.fill({x_of(way.rest) - f.px(1), y - f.px(9), f.px(2), f.px(18)}, theme::kOutline);
  const Box handle{x_of(shown) - grip / 2, y - f.px(11), grip, f.px(22)};
  f.fill(handle, in_hand || t.hovered ? theme::kMute : theme::kText2, 3);
  f.fill({handle.x + grip / 2 - f.px(1), handle.y + f.px(4), f.px(2), handle.h - f.px(8)},
         theme::kWin);
  f.focus_ring(t, b, 4);
}

constexpr Travel kFader{-60, 12, 0, 0.8, 0.5, fader_position, fader_level};
constexpr Travel kTrim{-30,
                       30,
                       0,
                       1,
                       0.5,
                       [](double v) { return (v + 30) / 60; },
                       [](double p) { return p * 60 - 30; }};
constexpr Travel kPan{
    -1, 1, 0, 0.08, 0.05, [](double v) { return (v + 1) / 2; }, [](double p) { return p * 2 - 1; }};
// Lips are a matter of some ten milliseconds: half of the way is for the first 250.
constexpr Travel kDelay{0,
                        1000,
                        0,
                        1,
                        1,
                        [](double v) { return std::sqrt(v / 1000); },
                        [](double p) { return 1000 * p * p; }};
constexpr Travel kTone{-18,
                       18,
                       0,
                       0.8,
                       0.5,
                       [](double v) { return (v + 18) / 36; },
                       [](double p) { return p * 36 - 18; }};
constexpr Travel kPitch{20,
                        20000,
                        1000,
                        0,
                        1,
                        [](double v) { return std::log10(v / 20) / 3; },
                        [](double p) { return 20 * std::pow(1000.0, p); }};
constexpr Travel kWidth{0.1,
                        10,
                        0.7,
                        0.03,
                        0.05,
                        [](double v) { return std::log10(v / 0.1) / 2; },
                        [](double p) { return 0.1 * std::pow(100.0, p); }};

std::string hertz(double hz) {
  return hz >= 1000 ? figure(hz / 1000, hz < 10000 ? 1 : 0) + " kHz" : figure(hz, 0) + " Hz";
}

constexpr std::array<Word, 4> kBands{Word::ToneLow, Word::ToneLowMid, Word::ToneHighMid,
                                     Word::ToneHigh};

}  // namespace

bool dragging(const Frame& f, const std::string& id) { return f.ui.fader == id; }

void draw_fader(DeskPage& d, const std::string& id, double gain_db, const Box& b,
                const std::function<Command(Decibel)>& wish) {
  draw_slider(d, id, gain_db, kFader, b, 1, [&](double db) { return wish(Decibel{db}); });
}

float draw_sound_knobs(DeskPage& d, const StripStatus& s, const Box& room) {
  Frame& f = d.frame;
  float y = room.y;
  const float line_h = f.px(34);
  const float name_w = std::min(f.px(176), room.w * 0.4F), value_w = f.px(92);
  const Ink plain{Face::Regular, 16, theme::kText}, bold{Face::Bold, 16, theme::kText};
  // `says`: the value in words. `press`: a name that opens more of it.
  const auto knob = [&](const std::string& id, std::string_view name, double now, const Travel& way,
                        double key_step, const auto& says, const auto& set, bool press = false) {
    const std::string item = "knob." + id + "." + s.id;
    bool pressed = false;
    const Box label{room.x, y, name_w - f.px(8), line_h - f.px(2)};
    if (press) {
      const Touch t = f.touch("band." + id, label);
      if (t.hovered || t.down) f.fill(label, theme::kHover, 4);
      f.focus_ring(t, label, 4);
      pressed = t.clicked;
    }
    f.label({label.x + f.px(press ? 6 : 0), label.y, label.w, label.h}, plain, name);
    const Box slider{room.x + name_w, y, room.w - name_w - value_w, line_h - f.px(4)};
    draw_slider(d, item, now, way, slider, key_step, [&](double value) {
      StripSettings sound = s.sound;
      set(sound, value);
      return Command{SetStrip{s.id, sound}};
    });
    f.label({room.right() - value_w, y, value_w, line_h - f.px(2)}, bold,
            says(dragging(f, item) ? f.ui.fader_db : now), Align::Right);
    y += line_h;
    return pressed;
  };
  knob("trim", f.say(Word::KnobTrim), s.sound.trim_db, kTrim, 1, decibels,
       [](StripSettings& to, double v) { to.trim_db = v; });
  knob(
      "pan", f.say(Word::KnobPan), s.sound.pan, kPan, 0.1,
      [&](double v) {
        const std::string part = figure(std::abs(v) * 100, 0);
        return std::abs(v) < 0.01
                   ? std::string(f.say(Word::PanCentre))
                   : word(v < 0 ? Word::PanLeft : Word::PanRight, f.language, {part});
      },
      [](StripSettings& to, double v) { to.pan = v; });
  knob(
      "delay", f.say(Word::KnobDelay), s.sound.delay_ms, kDelay, 5,
      [](double v) { return figure(v, 0) + " ms"; },
      [](StripSettings& to, double v) { to.delay_ms = v; });

  const float flat_w = f.width(bold, f.say(Word::ToneFlat)) + f.px(28);
  f.label({room.x, y, room.w - flat_w, line_h}, {Face::Bold, 16, theme::kText2},
          f.say(Word::ToneHead));
  const bool coloured = std::any_of(s.sound.eq.begin(), s.sound.eq.end(),
                                    [](const EqBand& band) { return band.gain_db != 0; });
  if (f.button("tone.flat", {room.right() - flat_w, y, flat_w, line_h - f.px(2)}, Icon::None,
               f.say(Word::ToneFlat), coloured)) {
    StripSettings sound = s.sound;
    for (EqBand& band : sound.eq) band.gain_db = 0;
    d.out.emplace_back(SetStrip{s.id, sound});
  }
  y += line_h;
  for (std::size_t i = 0; i < kBands.size(); ++i) {
    const EqBand& band = s.sound.eq[i];
    const std::string id = std::to_string(i + 1);
    const int mine = static_cast<int>(i);
    const bool open = f.ui.tone_band == mine;
    if (knob(
            id, std::string(f.say(kBands[i])) + "　" + hertz(band.hz), band.gain_db, kTone, 1,
            decibels, [i](StripSettings& to, double v) { to.eq[i].gain_db = v; }, true))
      f.ui.tone_band = open ? -1 : mine;
    if (!open) continue;
    knob("pitch", f.say(Word::TonePitch), band.hz, kPitch, std::max(1.0, band.hz / 20), hertz,
         [i](StripSettings& to, double v) { to.eq[i].hz = v; });
    if (band.shape == EqShape::Bell)
      knob(
          "width", f.say(Word::ToneWidth), band.q, kWidth, 0.1,
          [](double v) { return "Q " + figure(v, 2); },
          [i](StripSettings& to, double v) { to.eq[i].q = v; });
  }
  return y - room.y;
}

}  // namespace kakehashi
