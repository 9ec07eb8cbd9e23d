// SPDX-License-Identifier: GPL-3.0-or-later
// 音の出口: the buses, each with what plays it and whether it does. Devices are chosen in Prepare.
#include <algorithm>
#include <cmath>

#include "gui/sound_panels.h"

namespace kakehashi {
namespace {

std::string place_words(Frame& f, const SoundBusStatus& bus) {
  if (!f.say(bus.reason).empty()) return f.say(bus.reason);
  if (bus.kind == SoundBusKind::Program) return std::string(f.say(Word::BusMixed));
  if (bus.kind == SoundBusKind::RecordClean) return std::string(f.say(Word::BusMixedClean));
  if (bus.device.empty()) return std::string(f.say(Word::BusNoDeviceAction));
  if (f.ui.figures)
    return word(Word::FiguresBus, f.language,
                {figure(bus.drift_ppm, 0), figure(bus.buffer_ms, 0), figure(bus.latency_ms, 0),
                 std::to_string(bus.underruns)});
  return word(Word::OutletIs, f.language,
              {output_name(f, bus.device), std::to_string(bus.first_channel),
               std::to_string(bus.first_channel + 1)});
}

// `tight`: the lines move together, so that one bus more is seen.
void draw_bus(DeskPage& d, const SoundBusStatus& bus, const Box& b, bool tight) {
  Frame& f = d.frame;
  const BusLook look = look_of(bus);
  const float mute_w = f.px(76), word_w = f.px(146);
  const float second = f.px(tight ? 22 : 26), third = f.px(tight ? 40 : 47);
  const Box mute{b.right() - mute_w, b.y, mute_w, f.px(44)};
  const float room = b.w - mute_w - f.px(12);
  const std::string fader_id = "bus_fader." + bus.id;
  f.label({b.x, b.y, room - word_w, second}, {Face::Bold, 18, theme::kText}, f.say(bus.name));
  const Box words{b.x + room - word_w, b.y, word_w, second};
  if (dragging(f, fader_id))
    f.label(words, {Face::Bold, 16, theme::kText}, decibels(f.ui.fader_db), Align::Right);
  else
    draw_look(f, {look.word, look.icon, look.ground, bus.device.empty() && needs_device(bus)},
              words, Align::Right);
  const float half = (room - f.px(12)) / 2;
  const double peak = std::max(bus.peak_db[0], bus.peak_db[1]);
  draw_meter(f, {b.x, b.y + second, half, f.px(18)}, peak, peak, theme::kMute,
             bus.muted || bus.gain_db <= -60);
  draw_fader(d, fader_id, bus.gain_db,
             {b.x + half + f.px(12), b.y + second - f.px(2), half, f.px(22)}, [&](Decibel db) {
               return Command{SetSoundBus{bus.id, db, bus.muted}};
             });
  const std::string place = place_words(f, bus);
  const Box line{b.x, b.y + third, b.w, f.px(22)};
  const Ink ink{Face::Regular, 16, theme::kText2};
  f.label(line, ink, place);
  if (f.ui.figures && bus.limiter_db < -0.05)
    f.aside({line.x + f.width(ink, place) + f.px(12), line.y,
             line.w - f.width(ink, place) - f.px(12), line.h},
            ink, word(Word::FiguresLimiter, f.language, {figure(bus.limiter_db, 1)}));
  if (f.button("bus_mute." + bus.id, mute, Icon::None,
               f.say(bus.muted ? Word::OpenIt : Word::MuteIt)))
    d.out.emplace_back(SetSoundBus{bus.id, Decibel{bus.gain_db}, !bus.muted});
}

}  // namespace

void draw_sound_places(DeskPage& d, const Box& room) {
  Frame& f = d.frame;
  const auto& buses = d.snapshot.sound_buses;
  const bool tight = f.px(76) * static_cast<float>(buses.size()) > room.h;
  const float row = f.px(tight ? 62 : 76);
  const float shift = f.begin_scroll("places", room);
  float y = room.y + shift;
  for (const SoundBusStatus& bus : buses) {
    draw_bus(d, bus, {room.x, y, room.w, row}, tight);
    y += row;
  }
  f.end_scroll("places", room, row * static_cast<float>(buses.size()));
}

}  // namespace kakehashi
