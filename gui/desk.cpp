// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "gui/keys.h"
#include "gui/panels.h"

namespace kakehashi {

bool has_signal(const InputStatus& input) {
  return input.signal == SignalState::Live || input.signal == SignalState::Holding;
}

Tally tally_of_scene(const Snapshot& s, const std::string& scene) {
  // Under the emergency card no scene is on air.
  return {!s.emergency && s.program == scene, s.preview == scene};
}

Tally tally_of_input(const Snapshot& s, const std::string& input) {
  Tally t;
  for (const SceneStatus& scene : s.scenes) {
    const Tally of = tally_of_scene(s, scene.id);
    if (!of.program && !of.preview) continue;
    if (std::find(scene.inputs.begin(), scene.inputs.end(), input) == scene.inputs.end()) continue;
    t.program |= of.program;
    t.preview |= of.preview;
  }
  return t;
}

std::string scene_name(const Snapshot& s, const std::string& scene, Language language) {
  const SceneStatus* found = find_by_id(s.scenes, scene);
  return found ? found->name.pick(language) : std::string();
}

void draw_tally(Frame& f, const Box& b, Tally t) {
  if (t.program)
    f.edge(b, theme::kProgram, 4, 2);
  else if (t.preview)
    f.dashed(b, theme::kPreview, 4, 11, 6);
  float x = b.x + f.px(7);
  const float y = b.y + f.px(7);
  if (t.program)
    x += f.chip(x, y, Icon::Program, f.say(Word::ProgramChip), theme::kProgram, theme::kBlack) +
         f.px(5);
  if (t.preview)
    f.chip(x, y, Icon::Next, f.say(Word::PreviewChip), theme::kBlack, theme::kText,
           theme::kPreview);
}

ImU32 meter_color(LevelWord word) {
  switch (word) {
    case LevelWord::Quiet:
    case LevelWord::Low:
      return theme::kOutline;
    case LevelWord::Good:
      return theme::kMute;
    case LevelWord::Loud:
    case LevelWord::Clipping:
      break;
  }
  return theme::kCaution;
}

Word level_word(LevelWord word) {
  switch (word) {
    case LevelWord::Quiet:
      return Word::Quiet;
    case LevelWord::Low:
      return Word::Low;
    case LevelWord::Good:
      return Word::Good;
    case LevelWord::Loud:
      return Word::Loud;
    case LevelWord::Clipping:
      break;
  }
  return Word::Clipping;
}

Icon level_icon(LevelWord word) {
  if (word == LevelWord::Low) return Icon::Low;
  return word == LevelWord::Loud || word == LevelWord::Clipping ? Icon::Caution : Icon::Check;
}

void draw_choice_word(Frame& f, const Touch& t, const Box& b, std::string_view text, bool chosen) {
  Ink ink{chosen ? Face::Bold : Face::Regular, 18, chosen ? theme::kText : theme::kText2};
  const float sign = chosen ? f.px(22) : 0;
  const float room = b.w - f.px(12) - sign;
  if (f.width(ink, text) > room) ink.px = 16;  // smaller before it is cut
  const float w = std::min(f.width(ink, text), room);
  const float x = b.x + (b.w - w - sign) / 2;
  if (chosen) f.icon(Icon::Check, x + f.px(8), b.middle(), 16, ink.color);
  f.label({x + sign, b.y, room, b.h}, ink, text);
  f.whole_name(t, b, ink, text, room);
}

void draw_meter(Frame& f, const Box& b, double level_db, double peak_db, ImU32 color, bool muted) {
  const auto at = [&](double db) { return b.x + b.w * static_cast<float>(meter_position(db)); };
  const float top = b.y + f.px(5);  // room for the bracket
  const Box bar{b.x, top, b.w, b.bottom() - top};
  f.fill(bar, theme::kWell);
  f.fill({at(-30), bar.y, at(-12) - at(-30), bar.h}, theme::kRaise);
  const float end = at(level_db);
  if (muted)
    f.fill({bar.x, bar.middle() - f.px(2), end - bar.x, f.px(5)}, theme::kDisabled);
  else
    f.fill({bar.x, bar.y, end - bar.x, bar.h}, color);
  for (const double tick : {-40.0, -30.0, -20.0, -12.0, -6.0})
    f.fill({at(tick) - f.px(1), bar.y, f.px(2), bar.h}, theme::kPanel);
  if (peak_db > -59)
    f.fill({at(peak_db) - f.px(2), bar.y, f.px(3), bar.h}, muted ? theme::kOutline : theme::kText);
  const float line = std::max(1.0F, f.px(1.5F));
  f.fill({at(-30), b.y, at(-12) - at(-30), line}, theme::kOutline);
  f.fill({at(-30), b.y, line, f.px(5)}, theme::kOutline);
  f.fill({at(-12) - line, b.y, line, f.px(5)}, theme::kOutline);
}

Box stage_room(const DeskPage& d) {
  const float m = d.frame.px(12);
  const float top = d.layout.stage.bottom() + d.frame.px(6);
  return {m, top, d.layout.stage.w - 2 * m, d.layout.health.y - d.frame.px(6) - top};
}

bool next_stage(Frame& f, const std::string& id, const Box& b, Word head, Word note) {
  const Touch t = f.touch(id, b);
  f.fill(b, t.down ? theme::kText : theme::kAccent, 6);
  f.focus_ring(t, b);
  const float room = b.w - f.px(72);
  f.label({b.x + f.px(18), b.y + f.px(6), room, b.h * 0.5F}, {Face::Bold, 22, theme::kBlack},
          f.say(head));
  f.label({b.x + f.px(18), b.y + b.h * 0.5F, room, b.h * 0.4F}, {Face::Regular, 16, theme::kBlack},
          f.say(note));
  f.icon(Icon::Arrow, b.right() - f.px(36), b.middle(), 30, theme::kBlack);
  return t.clicked;
}

namespace {

void draw_show(DeskPage& desk) {
  Frame& frame = desk.frame;
  const Snapshot& snapshot = desk.snapshot;
  const DeskLayout& layout = desk.layout;
  draw_state(desk);
  draw_pictures(desk);
  draw_scenes(desk);
  if (snapshot.emergency) {
    draw_rescue(desk);
    if (!layout.compact) {
      draw_multiview(desk);
      draw_outputs(desk);
    }
  } else if (layout.compact) {
    draw_tabs(desk);
    if (frame.ui.drawer != Drawer::None)
      draw_drawer(desk);
    else
      switch (frame.ui.tab) {
        case Tab::Audio:
          draw_audio(desk);
          break;
        case Tab::Multiview:
          draw_multiview(desk);
          break;
        case Tab::Overlays:
          draw_overlays(desk);
          break;
        case Tab::Outputs:
          draw_outputs(desk);
          break;
      }
  } else {
    draw_audio(desk);
    draw_overlays(desk);
    if (frame.ui.drawer != Drawer::None)
      draw_drawer(desk);
    else
      draw_multiview(desk);
    draw_outputs(desk);
  }
  draw_run_buttons(desk);
}

}  // namespace

void draw_desk(Frame& frame, const DeskLayout& layout, const Snapshot& snapshot, Commands& out) {
  DeskPage desk{frame, layout, snapshot, out};
  frame.modal = frame.ui.dialog != Dialog::None || frame.ui.link != Link::Connected;
  draw_stage(desk);
  if (snapshot.sequence > 0) {
    switch (frame.ui.page) {
      case Page::Show:
        draw_show(desk);
        break;
      case Page::Prepare:
        draw_prepare(desk);
        break;
      case Page::Check:
        draw_check(desk);
        break;
    }
    watch_devices(desk);
    draw_health(desk);
  }
  draw_dialogs(desk);
  return_held(frame.return_held, frame.now, snapshot, frame.ui);
  keys_tick(frame.now, snapshot, frame.ui, out);
  frame.finish();
}

}  // namespace kakehashi
