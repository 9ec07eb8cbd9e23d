// SPDX-License-Identifier: GPL-3.0-or-later
// A microphone's role, set up by talking: tap it to find its device, speak to find its channel, say
// what kind of sound it is, and hear in a word whether it is good. Four steps, top to bottom.
#include <algorithm>
#include <cmath>

#include "gui/prepare_parts.h"
#include "gui/sound_panels.h"

namespace kakehashi {
namespace {

constexpr double kHeardDb = -40, kClearDb = 6;  // "this one": heard, and clearly more than others

// The device whose sound the role hears, also where it has only some of its channels.
const DeviceStatus* sound_device_of(const Snapshot& s, const std::string& role) {
  if (const DeviceStatus* whole = device_of(s, role)) return whole;
  for (const DeviceStatus& device : s.devices)
    for (const DeviceChannel& channel : device.channels)
      if (channel.role == role) return &device;
  return nullptr;
}

void draw_device_row(DeskPage& d, const DeviceStatus& device, const Box& cell,
                     const InputStatus& role, bool mine, bool tapped) {
  Frame& f = d.frame;
  const Snapshot& s = d.snapshot;
  const bool can = !mine && !s.live;
  const Touch t = f.touch("device." + device.id, cell, can);
  f.fill(cell, t.down ? theme::kOutline : t.hovered && can ? theme::kHover : theme::kPanelRow, 6);
  if (mine || tapped) f.edge(cell, theme::kText, 3, 6);
  f.focus_ring(t, cell);
  f.icon(mine                           ? Icon::Check
         : device.kind == "application" ? Icon::Screen
                                        : Icon::Microphone,
         cell.x + f.px(22), cell.middle(), 22, theme::kText);
  const float meter_w = f.px(180), chip_w = f.px(110);
  const Box names{cell.x + f.px(44), cell.y, cell.w - meter_w - chip_w - f.px(72), cell.h};
  const NameParts name = sound_parts_of(f, device);
  const Ink bold{Face::Bold, 18, theme::kText}, plain{Face::Regular, 16, theme::kText2};
  const InputStatus* player = find_by_id(s.inputs, device.role);
  for (const DeviceChannel& channel : device.channels)
    if (!player) player = find_by_id(s.inputs, channel.role);
  const std::string who = player ? f.say(player->name) : std::string(f.say(Word::DeviceFree));
  f.label({names.x, names.y + f.px(2), names.w, names.h / 2}, bold, name.model);
  f.label({names.x, names.middle(), names.w, names.h / 2 - f.px(3)}, plain,
          name.place.empty() ? who : std::string(name.place) + "　" + who);
  f.whole_name(t, cell, bold, name.model, names.w);
  const double level = level_of(s, device);
  draw_meter(f, {names.right() + f.px(8), cell.middle() - f.px(13), meter_w, f.px(22)}, level,
             level, theme::kMute, false);
  if (tapped)
    f.chip(cell.right() - chip_w - f.px(2), cell.middle() - f.px(13), Icon::Check,
           f.say(Word::Loudest), theme::kText, theme::kBlack);
  if (t.clicked) d.out.emplace_back(BindRole{role.id, device.id});
}

// The one that moves while somebody speaks; 0: none stands out.
int moving_channel(const DeviceStatus& device) {
  double first = -120, second = -120;
  int which = 0;
  for (std::size_t i = 0; i < device.channels.size(); ++i) {
    const double peak = device.channels[i].peak_db;
    if (peak > first) {
      second = first;
      first = peak;
      which = static_cast<int>(i) + 1;
    } else {
      second = std::max(second, peak);
    }
  }
  return first > kHeardDb && first > second + kClearDb ? which : 0;
}

void draw_channel(DeskPage& d, const DeviceStatus& device, const InputStatus& role, int first,
                  int count, const Box& cell) {
  Frame& f = d.frame;
  const auto has = [&](const auto& test) {
    for (int c = first; c < first + count; ++c)
      if (test(device.channels[static_cast<std::size_t>(c - 1)])) return true;
    return false;
  };
  const bool mine = has([&](const DeviceChannel& c) { return c.role == role.id; });
  const int moving = moving_channel(device);
  const bool moves = moving >= first && moving < first + count;
  const Touch t = f.touch("channel." + std::to_string(first), cell, !d.snapshot.live);
  f.fill(cell, t.down ? theme::kOutline : t.hovered ? theme::kHover : theme::kPanelRow, 6);
  if (mine || moves) f.edge(cell, mine ? theme::kText : theme::kAccent, 3, 6);
  f.focus_ring(t, cell);
  const std::string number =
      count == 1 ? std::to_string(first) : std::to_string(first) + "・" + std::to_string(first + 1);
  const Ink ink{mine || moves ? Face::Bold : Face::Regular, 18, theme::kText};
  float x = cell.x + f.px(10);
  if (mine) {
    f.icon(Icon::Check, x + f.px(8), cell.y + f.px(16), 16, theme::kText);
    x += f.px(22);
  }
  x += f.label({x, cell.y + f.px(3), cell.right() - x, f.px(26)}, ink, number) + f.px(8);
  const float room = cell.right() - f.px(8) - x;
  std::string who;
  if (moves) {
    who = f.say(Word::ThisInput);
  } else if (!mine) {
    for (int c = first; c < first + count && who.empty(); ++c)
      if (const InputStatus* other =
              find_by_id(d.snapshot.inputs, device.channels[static_cast<std::size_t>(c - 1)].role))
        who = f.say(other->name);
  }
  f.label({x, cell.y + f.px(3), room, f.px(26)},
          {moves ? Face::Bold : Face::Regular, 16, moves ? theme::kAccent : theme::kText2}, who,
          Align::Right);
  f.whole_name(t, cell, {Face::Regular, 16, 0}, who, room);
  double peak = -120;
  for (int c = first; c < first + count; ++c)
    peak = std::max(peak, device.channels[static_cast<std::size_t>(c - 1)].peak_db);
  draw_meter(f, {cell.x + f.px(8), cell.bottom() - f.px(25), cell.w - f.px(16), f.px(19)}, peak,
             peak, theme::kMute, false);
  if (t.clicked) d.out.emplace_back(BindRole{role.id, device.id, first, count});
}

void draw_channels(DeskPage& d, const DeviceStatus& device, const InputStatus& role,
                   const Box& room) {
  Frame& f = d.frame;
  const int count = f.ui.channel_pairs ? 2 : 1;
  const int cells = static_cast<int>(device.channels.size()) / count;
  const float gap = f.px(6), h = f.px(58);
  const float least = f.px(count == 2 ? 150 : 96);
  int columns = std::clamp(static_cast<int>((room.w + gap) / (least + gap)), 1, std::max(cells, 1));
  columns = std::min(columns, 8);
  const float w = std::min(
      (room.w - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns), f.px(260));
  const float shift = f.begin_scroll("channels", room);
  for (int i = 0; i < cells; ++i)
    draw_channel(d, device, role, i * count + 1, count,
                 {room.x + static_cast<float>(i % columns) * (w + gap),
                  room.y + shift + static_cast<float>(i / columns) * (h + gap), w, h});
  f.end_scroll("channels", room,
               static_cast<float>((cells + columns - 1) / columns) * (h + gap) - gap);
}

void draw_kinds(DeskPage& d, const StripStatus& strip, const Box& room, bool notes) {
  Frame& f = d.frame;
  const float gap = f.px(8);
  const float w = (room.w - 2 * gap) / 3, h = (room.h - gap) / 2;
  for (std::size_t i = 0; i < kProcessingSets; ++i) {
    const auto set = static_cast<ProcessingSet>(i);
    const bool chosen = strip.sound.set == set;
    const Box b{room.x + static_cast<float>(i % 3) * (w + gap),
                room.y + static_cast<float>(i / 3) * (h + gap), w, h};
    const Touch t = f.touch("set." + std::string(kProcessingSetNames[i]), b);
    f.fill(b, t.down ? theme::kOutline : chosen || t.hovered ? theme::kHover : theme::kRaise, 6);
    if (chosen) f.edge(b, theme::kText, 2, 6);
    f.focus_ring(t, b);
    if (notes) {
      draw_choice_word(f, t, {b.x, b.y + f.px(3), b.w, b.h / 2}, f.say(set_word(set)), chosen);
      f.label({b.x + f.px(8), b.middle(), b.w - f.px(16), b.h / 2 - f.px(4)},
              {Face::Regular, 16, theme::kText2}, f.say(set_note(set)), Align::Centre);
    } else {
      draw_choice_word(f, t, b, f.say(set_word(set)), chosen);
      f.whole_name(t, b, {Face::Regular, 18, 0}, f.say(set_note(set)), 0);
    }
    if (t.clicked && !chosen) d.out.emplace_back(SetStrip{strip.id, with_set(strip.sound, set)});
  }
}

Word voice_word(const InputStatus& role, LevelWord level) {
  if (role.signal == SignalState::Unbound) return Word::VoiceNoDevice;
  switch (level) {
    case LevelWord::Quiet:
      return Word::VoiceNone;
    case LevelWord::Low:
      return Word::VoiceLow;
    case LevelWord::Good:
      return Word::VoiceGood;
    case LevelWord::Loud:
    case LevelWord::Clipping:
      break;
  }
  return Word::VoiceLoud;
}

void draw_voice(DeskPage& d, const InputStatus& role, const StripStatus* strip, const Box& line) {
  Frame& f = d.frame;
  f.fill(line, theme::kPanelRow, 6);
  const float meter_w = std::min(f.px(280), line.w * 0.3F);
  const Box meter{line.x + f.px(12), line.middle() - f.px(13), meter_w, f.px(24)};
  const StripView& view = f.ui.strips[role.id];
  const LevelWord level = strip ? view.judge.word() : LevelWord::Quiet;
  draw_meter(f, meter, strip ? view.bar.level(f.now) : -120, strip ? view.bar.peak(f.now) : -120,
             meter_color(level), false);
  const Word said = voice_word(role, level);
  float x = meter.right() + f.px(16);
  const bool alarm = said == Word::VoiceLoud;
  f.icon(said == Word::VoiceGood  ? Icon::Pass
         : said == Word::VoiceLow ? Icon::Low
         : alarm                  ? Icon::Caution
                                  : Icon::Wait,
         x + f.px(10), line.middle(), 20, alarm ? theme::kCaution : theme::kText);
  x += f.px(30);
  const Box words{x, line.y, line.right() - f.px(10) - x, line.h};
  const Ink ink{said == Word::VoiceGood ? Face::Bold : Face::Regular, 18, theme::kText};
  if (f.width(ink, f.say(said)) <= words.w)
    f.label(words, ink, f.say(said));
  else
    f.paragraph({words.x, words.y + f.px(2), words.w, words.h - f.px(4)},
                {Face::Regular, 16, theme::kText}, f.say(said));
}

}  // namespace

void draw_prepare_sound(DeskPage& d, const Box& b, const InputStatus& role) {
  Frame& f = d.frame;
  const Snapshot& s = d.snapshot;
  f.panel(b, Icon::Microphone, word(Word::RoleOf, f.language, {f.say(role.name)}),
          s.live ? f.say(Word::DevicesLive) : std::string_view());
  const Box room{b.x + f.px(14), b.y + f.px(42), b.w - f.px(28), b.h - f.px(52)};
  const float foot = f.px(52), gap = f.px(8), head_h = f.px(28);
  const StripStatus* strip = find_by_id(s.strips, role.id);
  const DeviceStatus* device = sound_device_of(s, role.id);
  const bool channels = device && !device->channels.empty();
  const bool low = room.h < f.px(600);
  const float kinds_h = low ? f.px(94) : f.px(132), voice_h = f.px(52);
  const bool one_line = low || device == nullptr || device->channels.size() <= 8;
  const float channels_h = !channels ? 0 : one_line ? f.px(58) : f.px(122);
  const Ink head{Face::Bold, 18, theme::kText};

  // From the bottom, so that the steps below stand still while devices come and go.
  float bottom = room.bottom() - foot - gap;
  const Box voice{room.x, bottom - voice_h, room.w, voice_h};
  f.label({room.x, voice.y - head_h, room.w, head_h}, head, f.say(Word::SoundStep4));
  bottom = voice.y - head_h - gap;
  const Box kinds{room.x, bottom - kinds_h, room.w, kinds_h};
  f.label({room.x, kinds.y - head_h, room.w, head_h}, head, f.say(Word::SoundStep3));
  bottom = kinds.y - head_h - gap;
  const Box inputs{room.x, bottom - channels_h, room.w, channels_h};
  const Box inputs_head{room.x, inputs.y - head_h - f.px(2), room.w, head_h};
  f.label(inputs_head, channels ? head : Ink{Face::Regular, 18, theme::kText2},
          f.say(channels ? Word::SoundStep2
                : device ? Word::SoundStep2One
                         : Word::SoundStep2None));
  bottom = inputs_head.y - gap;
  f.label({room.x, room.y, room.w, head_h}, head, f.say(Word::SoundStep1));

  std::vector<const DeviceStatus*> shown;
  for (const DeviceStatus& one : s.devices)
    if (fits(role, one)) shown.push_back(&one);
  const Box list{room.x, room.y + head_h, room.w, bottom - room.y - head_h};
  if (shown.empty()) {
    f.label(list, {Face::Bold, 20, theme::kText2}, f.say(Word::DevicesNone), Align::Centre);
  } else {
    const std::string tapped = loudest(s);
    const float row = f.px(56);
    const float shift = f.begin_scroll("devices", list);
    float y = list.y + shift;
    for (const DeviceStatus* one : shown) {
      draw_device_row(d, *one, {list.x, y, list.w, row - f.px(6)}, role, one == device,
                      one->id == tapped);
      y += row;
    }
    f.end_scroll("devices", list, row * static_cast<float>(shown.size()));
  }
  if (channels) {
    const float w = f.px(150), wide = f.px(172);
    const Box two{inputs_head.right() - wide, inputs_head.y - f.px(4), wide, f.px(30)};
    const Box one{two.x - w, two.y, w, two.h};
    const auto half = [&](const char* id, const Box& box, Word text, bool pairs) {
      const Touch t = f.touch(id, box);
      const bool chosen = f.ui.channel_pairs == pairs;
      f.fill(box, chosen || t.hovered ? theme::kHover : theme::kPanelRow, 6);
      if (chosen) f.edge(box, theme::kText, 2, 6);
      f.focus_ring(t, box);
      f.label(box, {chosen ? Face::Bold : Face::Regular, 16, theme::kText}, f.say(text),
              Align::Centre);
      if (t.clicked) f.ui.channel_pairs = pairs;
    };
    half("channels.one", one, Word::ChannelsOne, false);
    half("channels.two", two, Word::ChannelsTwo, true);
    draw_channels(d, *device, role, inputs);
  }
  if (strip) draw_kinds(d, *strip, kinds, !low);
  draw_voice(d, role, strip, voice);
  draw_actions(d, {room.x, room.bottom() - foot, room.w, foot}, &role);
}

}  // namespace kakehashi
