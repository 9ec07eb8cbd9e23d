// SPDX-License-Identifier: GPL-3.0-or-later
// 音声: the frame around the parts of the sound desk, and which of them stands in it.
#include <algorithm>

#include "gui/sound_panels.h"

namespace kakehashi {
namespace {

bool head_button(Frame& f, const std::string& id, const Box& b, std::string_view text, bool on) {
  const Touch t = f.touch(id, b);
  f.fill(b, t.hovered || on ? theme::kHover : theme::kRaise, 4);
  if (on) f.edge(b, theme::kText, 2, 4);
  f.focus_ring(t, b);
  f.label(b, {on ? Face::Bold : Face::Regular, 16, theme::kText}, text, Align::Centre);
  return t.clicked;
}

// Loudness in figures, for those who want them.
void draw_program_figures(DeskPage& d, const Box& line) {
  const ProgramSound& s = d.snapshot.sound;
  d.frame.label(line, {Face::Regular, 16, theme::kText2},
                word(Word::FiguresProgram, d.frame.language,
                     {figure(s.momentary_lufs, 1), figure(s.short_term_lufs, 1),
                      figure(s.integrated_lufs, 1), figure(s.true_peak_dbtp, 1)}));
}

}  // namespace

void draw_audio(DeskPage& d) {
  Frame& f = d.frame;
  UiState& ui = f.ui;
  const Snapshot& s = d.snapshot;
  const Box& b = d.layout.audio;
  const SoundSnapshotStatus* now = find_by_id(s.sound_snapshots, s.sound_snapshot);
  f.panel(b, Icon::Speaker, f.say(Word::Audio));
  const float gap = f.px(8), h = f.px(30);
  const auto fit = [&](Word w) { return f.width({Face::Bold, 16, 0}, f.say(w)) + f.px(24); };
  const float figures_w = fit(Word::Figures), places_w = fit(Word::SoundPlaces);
  const Box figures{b.right() - f.px(10) - figures_w, b.y + f.px(5), figures_w, h};
  const Box places{figures.x - gap - places_w, figures.y, places_w, h};
  if (head_button(f, "sound.places", places, f.say(Word::SoundPlaces), ui.sound_places)) {
    ui.sound_places = !ui.sound_places;
    ui.strip.clear();
  }
  if (head_button(f, "sound.figures", figures, f.say(Word::Figures), ui.figures))
    ui.figures = !ui.figures;
  const float left = b.x + f.px(56) + f.width({Face::Bold, 18, 0}, f.say(Word::Audio));
  if (now)
    f.aside({left, b.y + f.px(4), places.x - gap - left, f.px(32)},
            {Face::Regular, 16, theme::kText2},
            word(Word::SoundSetNow, f.language, {f.say(now->name)}));

  Box room{b.x + f.px(14), b.y + f.px(42), b.w - f.px(28), b.h - f.px(50)};
  if (s.strips.empty()) {
    f.label(room, {Face::Regular, 18, theme::kText3}, f.say(Word::NoStrips), Align::Centre);
    return;
  }
  const auto take = [&](float height) {
    const Box line{room.x, room.y, room.w, height};
    room.y += height + f.px(6);
    room.h -= height + f.px(6);
    return line;
  };
  if (ui.sound_places) {
    draw_sound_places(d, room);
    return;
  }
  if (const StripStatus* strip = find_by_id(s.strips, ui.strip)) {
    draw_sound_strip(d, room, *strip);
    return;
  }
  ui.strip.clear();
  if (!s.sound_snapshots.empty()) draw_sound_sets(d, take(f.px(44)));
  if (ui.figures) draw_program_figures(d, take(f.px(22)));
  draw_sound_rows(d, room);
}

}  // namespace kakehashi
