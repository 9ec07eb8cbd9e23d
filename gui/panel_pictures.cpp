// SPDX-License-Identifier: GPL-3.0-or-later
// Preview left and dashed, Program right, larger and solid; take under Preview. Reading
// order is the flow: next -> take -> program.
#include <algorithm>

#include "gui/keys.h"
#include "gui/sound_panels.h"

namespace kakehashi {
namespace {

void head(Frame& f, const Box& line, bool program, std::string_view what, std::string_view name,
          float taken_right) {
  const Ink mark{Face::Bold, 20, program ? theme::kBlack : theme::kText};
  const std::string_view text = f.say(program ? Word::ProgramChip : Word::PreviewChip);
  const Box chip{line.x, line.y, f.width(mark, text) + f.px(44), line.h - f.px(2)};
  f.fill(chip, program ? theme::kProgram : theme::kBlack, 4);
  if (!program) f.edge(chip, theme::kPreview, 2, 4);
  f.icon(program ? Icon::Program : Icon::Next, chip.x + f.px(18), chip.middle(), 17, mark.color);
  f.label({chip.x + f.px(34), chip.y, chip.w, chip.h}, mark, text);
  float x = chip.right() + f.px(8);
  x += f.label({x, line.y, line.right() - x, line.h}, {Face::Bold, 20, theme::kText}, what) +
       f.px(10);
  f.label({x, line.y, line.right() - taken_right - x, line.h}, {Face::Regular, 20, theme::kText2},
          name);
}

void board(Frame& f, const Box& b, std::string_view name) {
  f.fill(b, theme::kWell);
  const auto found = f.pictures ? f.pictures(name) : std::nullopt;
  if (found)
    f.picture(b, *found);
  else
    f.label(b, {Face::Regular, 18, theme::kText3}, f.say(Word::NoPicture), Align::Centre);
}

float program_sound_chip(DeskPage& d, const Box& line) {
  Frame& f = d.frame;
  const ProgramSound& sound = d.snapshot.sound;
  // Under the card the last 400 ms count: three seconds of memory would tell of sound long gone.
  const bool silent =
      sound.word == LoudnessWord::Silent || (d.snapshot.emergency && sound.momentary_lufs < -70);
  const bool alarm = !silent && sound.word == LoudnessWord::Loud;
  const Ink ink{Face::Bold, 16, alarm ? theme::kBlack : theme::kText};
  const std::string_view said = f.say(loudness_look(sound.word));
  const bool narrow = line.w < f.px(560);  // the picture's name needs the room
  std::string text;
  if (silent)
    text = f.say(Word::NoSound);
  else if (narrow)
    text = said;
  else
    text = std::string(f.say(Word::ProgramSound)) +
           (f.language == Language::English ? ": " : "：") + std::string(said);
  if (f.ui.figures && !silent && !narrow) text += " " + figure(sound.short_term_lufs, 1) + " LUFS";
  const float w = f.width(ink, text) + f.px(38);
  const Box b{line.right() - w, line.y + f.px(1), w, line.h - f.px(4)};
  f.fill(b, alarm ? theme::kCaution : theme::kPanel, 4);
  if (!alarm) f.edge(b, theme::kLine, 1.5F, 4);
  f.icon(silent                              ? Icon::Muted
         : alarm                             ? Icon::Caution
         : narrow                            ? Icon::Speaker
         : sound.word == LoudnessWord::Quiet ? Icon::Low
                                             : Icon::Check,
         b.x + f.px(17), b.middle(), 16, ink.color);
  f.label({b.x + f.px(30), b.y, b.w, b.h}, ink, text);
  return w + f.px(10);
}

// Where the scene in Preview has a layout, another can be chosen. Returns the width used.
float layout_button(DeskPage& d, const Box& line) {
  Frame& f = d.frame;
  const SceneStatus* scene = find_by_id(d.snapshot.scenes, d.snapshot.preview);
  if (!scene || scene->layout.empty()) return 0;
  const Ink ink{Face::Regular, 16, theme::kText};
  const float w = f.width(ink, f.say(Word::ChooseLayout)) + f.px(20);
  const Box b{line.right() - w, line.y + f.px(1), w, line.h - f.px(4)};
  const Touch t = f.touch("layouts.open", b);
  f.label(b, {Face::Regular, 16, f.button_ground(t, b, true, 4)}, f.say(Word::ChooseLayout),
          Align::Centre);
  if (t.clicked) f.ui.drawer = f.ui.drawer == Drawer::Layouts ? Drawer::None : Drawer::Layouts;
  return w + f.px(10);
}

void program_meter(DeskPage& d) {
  Frame& f = d.frame;
  const Box& room = d.layout.program_meter;
  const float w = f.px(9);
  const bool loud = d.snapshot.sound.word == LoudnessWord::Loud;
  for (int c = 0; c < 2; ++c) {
    const Box bar{room.x + static_cast<float>(c) * (w + f.px(5)), room.y, w, room.h};
    f.fill(bar, theme::kWell);
    const auto y_of = [&](double db) {
      return bar.bottom() - bar.h * static_cast<float>(meter_position(db));
    };
    f.fill({bar.x, y_of(-12), bar.w, y_of(-30) - y_of(-12)}, theme::kRaise);
    const double level = f.ui.program_bar[c].level(f.now), peak = f.ui.program_bar[c].peak(f.now);
    const ImU32 color = loud || peak >= -1 ? theme::kCaution
                        : level > -45      ? theme::kMute
                                           : theme::kOutline;
    f.fill({bar.x, y_of(level), bar.w, bar.bottom() - y_of(level)}, color);
    for (const double tick : {-40.0, -30.0, -20.0, -12.0, -6.0})
      f.fill({bar.x, y_of(tick) - f.px(1), bar.w, f.px(2)}, theme::kWin);
    if (peak > -59) f.fill({bar.x, y_of(peak) - f.px(1), bar.w, f.px(3)}, theme::kText);
  }
}

void draw_take(DeskPage& d) {
  Frame& f = d.frame;
  const Snapshot& s = d.snapshot;
  const Box& b = d.layout.take;
  const bool can = !s.emergency && !s.preview.empty();
  const Touch t = f.touch("take", b, can);
  if (t.clicked) request_take(f.now, s, f.ui, d.out);
  const bool pressed = t.down || f.now - f.ui.last_take < 0.08;
  ImU32 ink = theme::kBlack;
  if (!can)
    ink = f.button_ground(t, b, false, 8);
  else {
    f.fill(b, pressed ? theme::kText : theme::kPreview, 8);
    if (t.hovered) f.edge(b, theme::kText, 2, 8);
    f.focus_ring(t, b, 8);
  }
  const Box top{b.x + f.px(18), b.y + f.px(8), b.w - f.px(36), b.h * 0.5F};
  const float used = f.label(top, {Face::Bold, b.w < f.px(230) ? 28 : 36, ink}, f.say(Word::Take));
  f.key_cap(top.x + used + f.px(12) + f.key_cap_width("Space"), top.middle(), "Space", ink);
  if (can && b.w >= f.px(240)) f.icon(Icon::Arrow, b.right() - f.px(32), top.middle(), 30, ink);
  const std::string next =
      can           ? word(Word::TakeTo, f.language, {scene_name(s, s.preview, f.language)})
      : s.emergency ? std::string(f.say(Word::TakeWaits))
                    : std::string(f.say(Word::ScenesHint));
  f.label({top.x, b.y + b.h * 0.6F, top.w, b.h * 0.34F},
          {can ? Face::Bold : Face::Regular, can ? 18 : 16, can ? theme::kBlack : theme::kText2},
          next);
}

void draw_note(DeskPage& d) {
  Frame& f = d.frame;
  const Snapshot& s = d.snapshot;
  const Box& line = d.layout.program_note;
  const Ink ink{Face::Regular, 16, theme::kText2};
  if (s.emergency) {
    f.label(line, {Face::Bold, 16, theme::kText}, f.say(Word::AudienceSeesCard));
    const Word w = s.live && s.record.recording ? Word::KeepsRunning
                   : s.live                     ? Word::KeepsStreaming
                                                : Word::KeepsRecording;
    if (s.live || s.record.recording) {
      const float left = f.width({Face::Bold, 16, 0}, f.say(Word::AudienceSeesCard)) + f.px(16);
      f.aside({line.x + left, line.y, line.w - left, line.h}, ink, f.say(w));
    }
    return;
  }
  const SceneStatus* scene = find_by_id(s.scenes, s.program);
  if (!scene) return;
  std::string text;
  for (const std::string& id : scene->inputs)
    if (const InputStatus* input = find_by_id(s.inputs, id))
      text += (text.empty()                      ? ""
               : f.language == Language::English ? ", "
                                                 : "・") +
              f.say(input->name);
  f.label(line, ink, text);
}

}  // namespace

void draw_pictures(DeskPage& d) {
  Frame& f = d.frame;
  const DeskLayout& l = d.layout;
  const Snapshot& s = d.snapshot;
  head(f, l.preview_head, false, f.say(Word::Preview), scene_name(s, s.preview, f.language),
       layout_button(d, l.preview_head));
  board(f, l.preview_picture(), "preview");
  f.dashed(l.preview, theme::kPreview, 6, 16, 9);

  const float chip = program_sound_chip(d, l.program_head);
  head(f, l.program_head, true, f.say(Word::Program),
       s.emergency ? std::string(f.say(Word::EmergencyCardName))
                   : scene_name(s, s.program, f.language),
       chip);
  board(f, l.program_picture(), "program");
  f.edge(l.program, theme::kProgram, 6, 2);
  program_meter(d);
  draw_note(d);
  draw_take(d);
  draw_transition(d);
}

}  // namespace kakehashi
