// SPDX-License-Identifier: GPL-3.0-or-later
// Audio strips: a word first, the bar second; the fader under its meter; mute at the right.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "gui/panels.h"

namespace kakehashi {
namespace {

std::string decibels(double db) {
  if (db <= -60) return "−∞ dB";
  char buffer[24];
  std::snprintf(buffer, sizeof buffer, "%s%.1f dB",
                db > 0.05    ? "+"
                : db < -0.05 ? "−"
                             : "",
                std::abs(db));
  return buffer;
}

// Sends at most 25 wishes a second while dragging, and always the last one.
void draw_fader(DeskPage& d, const StripStatus& s, const Box& b) {
  Frame& f = d.frame;
  UiState& ui = f.ui;
  const std::string id = "fader." + s.id;
  const Touch t = f.touch(id, b);
  const bool mine = ui.fader == s.id;
  const auto send = [&](double db) {
    d.out.emplace_back(SetGain{s.id, Decibel{db}});
    ui.fader_sent_db = db;
    ui.fader_sent_at = f.now;
  };
  const float grip = f.px(16);
  if (t.focused && (ui.move == Move::Left || ui.move == Move::Right)) {
    send(std::clamp(s.gain_db + (ui.move == Move::Right ? 1.0 : -1.0), -60.0, 12.0));
    ui.move = Move::None;
  }
  const bool dragging = ui.pressed == id && ImGui::GetIO().MouseDown[0];
  if (dragging) {
    const float part = (ImGui::GetIO().MousePos.x - b.x - grip / 2) / (b.w - grip);
    double db = fader_level(std::clamp(part, 0.0F, 1.0F));
    if (std::abs(db) < 0.8) db = 0;  // 0 dB catches the grip
    db = std::round(db * 2) / 2;
    if (ImGui::IsMouseDoubleClicked(0)) db = 0;
    if (!mine) ui.fader_sent_db = s.gain_db;
    ui.fader = s.id;
    ui.fader_db = db;
    if (db != ui.fader_sent_db && f.now - ui.fader_sent_at >= 0.04) send(db);
  } else if (mine) {
    if (ui.fader_db != ui.fader_sent_db) send(ui.fader_db);
    ui.fader.clear();
  }
  const double shown = dragging ? ui.fader_db : s.gain_db;
  const float y = b.middle();
  f.fill({b.x, y - f.px(2), b.w, f.px(4)}, theme::kHover, 2);
  const auto x_of = [&](double db) {
    return b.x + grip / 2 + (b.w - grip) * static_cast<float>(fader_position(db));
  };
  f.fill({x_of(0) - f.px(1), y - f.px(9), f.px(2), f.px(18)}, theme::kOutline);
  const Box handle{x_of(shown) - grip / 2, y - f.px(11), grip, f.px(22)};
  f.fill(handle, dragging || t.hovered ? theme::kMute : theme::kText2, 3);
  f.fill({handle.x + grip / 2 - f.px(1), handle.y + f.px(4), f.px(2), handle.h - f.px(8)},
         theme::kWin);
  f.focus_ring(t, b, 4);
}

void draw_word(DeskPage& d, const StripStatus& s, const StripView& view, const Box& b,
               Align align) {
  Frame& f = d.frame;
  const bool dragging = f.ui.fader == s.id;
  const LevelWord level = view.judge.word();
  if (dragging) {
    f.label(b, {Face::Bold, 16, theme::kText}, decibels(f.ui.fader_db), align);
    return;
  }
  const bool down = !s.muted && s.gain_db <= -60;
  const Word what = s.muted ? Word::Muted : down ? Word::FaderDown : level_word(level);
  const Icon sign = s.muted || down ? Icon::Muted : level_icon(level);
  const std::string_view text = f.say(what);
  const bool plate = s.muted || down || level == LevelWord::Loud || level == LevelWord::Clipping;
  const float chip_w = plate ? f.px(36) + f.width({Face::Bold, 16, 0}, text)
                             : f.px(24) + f.width({Face::Regular, 18, 0}, text);
  const float x = align == Align::Right ? b.right() - chip_w : b.x;
  if (s.muted) {
    f.chip(x, b.middle() - f.px(13), sign, text, theme::kMute, theme::kBlack);
  } else if (down || level == LevelWord::Loud || level == LevelWord::Clipping) {
    f.chip(x, b.middle() - f.px(13), sign, text, theme::kCaution, theme::kBlack);
  } else {
    f.icon(sign, x + f.px(9), b.middle(), 16, theme::kText);
    f.label({x + f.px(24), b.y, chip_w, b.h}, {Face::Regular, 18, theme::kText}, text);
  }
}

void draw_strip(DeskPage& d, const StripStatus& s, const Box& b, bool narrow) {
  Frame& f = d.frame;
  const StripView& view = f.ui.strips[s.id];
  const float mute_w = narrow ? f.px(76) : f.px(88);
  const Box mute{b.right() - mute_w, b.middle() - f.px(22), mute_w, f.px(44)};
  const Ink name{s.muted ? Face::Regular : Face::Bold, 18, s.muted ? theme::kText2 : theme::kText};
  Box meter, fader;
  if (narrow) {
    const float room = b.w - mute_w - f.px(12);
    const float word_w = f.px(146);
    f.label({b.x, b.y, room - word_w, f.px(28)}, name, f.say(s.name));
    draw_word(d, s, view, {b.x + room - word_w, b.y, word_w, f.px(28)}, Align::Right);
    meter = {b.x, b.y + f.px(28), room, f.px(14)};
    fader = {b.x, b.y + f.px(42), room, f.px(24)};
  } else {
    const float name_w = f.px(150), word_w = f.px(136);
    f.label({b.x, b.y, name_w - f.px(8), b.h}, name, f.say(s.name));
    const float w = b.w - name_w - word_w - mute_w - f.px(20);
    meter = {b.x + name_w, b.middle() - f.px(23), w, f.px(20)};
    fader = {b.x + name_w, b.middle(), w, f.px(26)};
    draw_word(d, s, view, {meter.right() + f.px(14), b.y, word_w - f.px(4), b.h}, Align::Left);
  }
  draw_meter(f, meter, view.bar.level(f.now), view.bar.peak(f.now), meter_color(view.judge.word()),
             s.muted || s.gain_db <= -60);
  draw_fader(d, s, fader);
  if (f.button("mute." + s.id, mute, Icon::None, f.say(s.muted ? Word::OpenIt : Word::MuteIt)))
    d.out.emplace_back(SetMute{s.id, !s.muted});
}

}  // namespace

void draw_audio(DeskPage& d) {
  Frame& f = d.frame;
  const Box& b = d.layout.audio;
  const bool narrow = b.w < f.px(560);
  f.panel(b, Icon::Speaker, f.say(Word::Audio),
          narrow ? std::string_view() : f.say(Word::AudioHint));
  const Box room{b.x + f.px(14), b.y + f.px(42), b.w - f.px(28), b.h - f.px(50)};
  const auto& strips = d.snapshot.strips;
  if (strips.empty()) {
    f.label(room, {Face::Regular, 18, theme::kText3}, f.say(Word::NoStrips), Align::Centre);
    return;
  }
  // Few strips get more air, many scroll.
  const float least = narrow ? f.px(74) : f.px(60);
  const float row = std::clamp(std::floor(room.h / static_cast<float>(strips.size())), least,
                               narrow ? f.px(84) : f.px(76));
  const float shift = f.begin_scroll("audio", room);
  float y = room.y + shift;
  for (const StripStatus& s : strips) {
    draw_strip(d, s, {room.x, y, room.w, row - f.px(4)}, narrow);
    y += row;
  }
  f.end_scroll("audio", room, row * static_cast<float>(strips.size()));
}

}  // namespace kakehashi
