// SPDX-License-Identifier: GPL-3.0-or-later
// Where sound comes out: the hall's speakers, the operator's headphones, each partner's return.
// A bus is chosen among the roles, then the outputs that play it.
#include <algorithm>

#include "gui/prepare_parts.h"
#include "gui/sound_panels.h"

namespace kakehashi {
namespace {

Icon icon_of(const SoundBusStatus& bus) {
  return bus.kind == SoundBusKind::Monitor    ? Icon::Headphones
         : bus.kind == SoundBusKind::MixMinus ? Icon::Return
                                              : Icon::Speaker;
}

Word note_of(const SoundBusStatus& bus) {
  return bus.kind == SoundBusKind::Monitor    ? Word::OutletMonitorNote
         : bus.kind == SoundBusKind::MixMinus ? Word::OutletReturnNote
                                              : Word::OutletVenueNote;
}

void draw_output(DeskPage& d, const SoundBusStatus& bus, const SoundOutputStatus& output,
                 const Box& cell, int columns, float pair_h) {
  Frame& f = d.frame;
  f.fill(cell, theme::kPanelRow, 6);
  const bool plays = bus.device == output.name;
  f.icon(plays ? Icon::Check : Icon::Speaker, cell.x + f.px(22), cell.y + f.px(22), 20,
         theme::kText);
  f.label({cell.x + f.px(44), cell.y + f.px(6), cell.w - f.px(56), f.px(32)},
          {Face::Bold, 18, theme::kText}, output_name(f, output.name));
  const float gap = f.px(6), x = cell.x + f.px(12), room = cell.w - f.px(24);
  const float w = std::min(
      (room - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns), f.px(220));
  const int pairs = std::max(1, output.channels / 2);
  for (int i = 0; i < pairs; ++i) {
    const int first = 2 * i + 1;
    const Box b{x + static_cast<float>(i % columns) * (w + gap),
                cell.y + f.px(42) + static_cast<float>(i / columns) * (pair_h + gap), w, pair_h};
    const bool chosen = plays && bus.first_channel == first;
    const Touch t = f.touch("output." + output.id + "." + std::to_string(first), b);
    f.fill(b, t.down ? theme::kOutline : chosen || t.hovered ? theme::kHover : theme::kRaise, 6);
    if (chosen) f.edge(b, theme::kText, 2, 6);
    f.focus_ring(t, b);
    draw_choice_word(
        f, t, b,
        word(Word::OutletPair, f.language, {std::to_string(first), std::to_string(first + 1)}),
        chosen);
    if (t.clicked && !chosen) d.out.emplace_back(BindSoundOutput{bus.id, output.id, first});
  }
}

// What became of it: whether it plays, at which level, and the trouble in words.
void draw_result(DeskPage& d, const SoundBusStatus& bus, const Box& line) {
  Frame& f = d.frame;
  const BusLook look = look_of(bus);
  const StripLook word{look.word, look.icon, look.ground, false};
  f.fill(line, theme::kPanelRow, 6);
  const float meter_w = std::min(f.px(260), line.w * 0.3F);
  const double peak = std::max(bus.peak_db[0], bus.peak_db[1]);
  const Box meter{line.x + f.px(12), line.middle() - f.px(13), meter_w, f.px(24)};
  draw_meter(f, meter, peak, peak, theme::kMute, bus.muted);
  const float x = meter.right() + f.px(16), w = look_width(f, word);
  draw_look(f, word, {x, line.y, w, line.h}, Align::Left);
  if (!f.say(bus.reason).empty())
    f.paragraph(
        {x + w + f.px(16), line.y + f.px(3), line.right() - x - w - f.px(26), line.h - f.px(6)},
        {Face::Regular, 16, theme::kText}, f.say(bus.reason));
}

}  // namespace

const SoundBusStatus* outlet_of(const Snapshot& s, const std::string& role) {
  return role.starts_with(kOutletRole) ? find_by_id(s.sound_buses, role.substr(kOutletRole.size()))
                                       : nullptr;
}

void draw_outlet_row(DeskPage& d, const SoundBusStatus& bus, const Box& cell) {
  Frame& f = d.frame;
  const std::string role = std::string(kOutletRole) + bus.id;
  const Touch t = f.touch("role." + role, cell);
  const bool chosen = f.ui.role == role;
  f.fill(cell, t.hovered || chosen ? theme::kHover : theme::kPanelRow, 6);
  if (chosen) f.edge(cell, theme::kText, 3, 6);
  f.focus_ring(t, cell);
  const float h = cell.h - f.px(8), w = h * 16 / 9;
  const Box sign{cell.x + f.px(4), cell.y + f.px(4), w, h};
  f.icon(icon_of(bus), sign.x + w / 2, cell.middle(), 26, theme::kText2);
  const float x = sign.right() + f.px(12), room = cell.right() - x - f.px(12);
  const Ink bold{Face::Bold, 18, theme::kText}, plain{Face::Regular, 16, theme::kText2};
  f.label({x, cell.y + f.px(6), room, cell.h / 2 - f.px(6)}, bold, f.say(bus.name));
  f.whole_name(t, cell, bold, f.say(bus.name), room);
  const bool trouble = !bus.device.empty() && !bus.playing;
  float note = x;
  if (trouble) {
    f.icon(Icon::Caution, x + f.px(9), cell.y + cell.h * 0.72F, 18, theme::kCaution);
    note += f.px(24);
  }
  const std::string says =
      bus.device.empty() ? std::string(f.say(Word::BusNoDevice))
                         : word(Word::OutletIs, f.language,
                                {output_name(f, bus.device), std::to_string(bus.first_channel),
                                 std::to_string(bus.first_channel + 1)});
  f.label({note, cell.middle(), cell.right() - note - f.px(12), cell.h / 2 - f.px(4)}, plain, says);
  if (t.clicked) f.ui.role = role;
}

void draw_prepare_outlet(DeskPage& d, const Box& b, const SoundBusStatus& bus) {
  Frame& f = d.frame;
  const Snapshot& s = d.snapshot;
  f.panel(b, icon_of(bus), word(Word::OutletOf, f.language, {f.say(bus.name)}),
          f.say(Word::OutletHint));
  const Box room{b.x + f.px(14), b.y + f.px(46), b.w - f.px(28), b.h - f.px(56)};
  const float foot = f.px(52), gap = f.px(10), result_h = f.px(56);
  const float note_h = f.paragraph({room.x, room.y, room.w, f.px(46)},
                                   {Face::Regular, 16, theme::kText2}, f.say(note_of(bus)));
  const float top = room.y + note_h + gap;
  const Box result{room.x, room.bottom() - foot - gap - result_h, room.w, result_h};
  const Box list{room.x, top, room.w, result.y - gap - top};
  if (s.sound_outputs.empty()) {
    f.paragraph({list.x, list.y + f.px(20), list.w, list.h}, {Face::Bold, 20, theme::kText2},
                f.say(Word::OutletNone));
  } else {
    const int columns = std::max(2, static_cast<int>(list.w / f.px(180)));
    const float pair_h = f.px(44), line_gap = f.px(6);
    const float shift = f.begin_scroll("outputs", list);
    float y = list.y + shift;
    for (const SoundOutputStatus& output : s.sound_outputs) {
      const int lines = (std::max(1, output.channels / 2) + columns - 1) / columns;
      const float h = f.px(54) + static_cast<float>(lines) * (pair_h + line_gap) - line_gap;
      draw_output(d, bus, output, {list.x, y, list.w, h}, columns, pair_h);
      y += h + gap;
    }
    f.end_scroll("outputs", list, y - shift - list.y - gap);
  }
  draw_result(d, bus, result);
  const float off = std::min(f.px(300), room.w);
  if (f.button("output.none", {room.right() - off, room.bottom() - foot, off, foot}, Icon::Cross,
               f.say(Word::OutletOff), !bus.device.empty()))
    d.out.emplace_back(BindSoundOutput{bus.id, "", 1});
}

}  // namespace kakehashi
