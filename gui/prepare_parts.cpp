// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/prepare_parts.h"
#include "core/sound_kind.h"

#include <algorithm>

namespace kakehashi {

bool played_by_device(const InputStatus& i) {
  return i.signal == SignalState::Unbound || i.nature == SourceNature::Device;
}

bool fits(const InputStatus& role, const DeviceStatus& device) {
  return is_sound_kind(device.kind) ? role.audio : role.video;
}

const DeviceStatus* device_of(const Snapshot& s, const std::string& role) {
  const auto it = std::find_if(s.devices.begin(), s.devices.end(),
                               [&](const DeviceStatus& one) { return one.role == role; });
  return it == s.devices.end() ? nullptr : &*it;
}

double level_of(const Snapshot& s, const DeviceStatus& device) {
  if (const StripStatus* strip = find_by_id(s.strips, device.role)) return strip->level_db;
  return device.peak_db;
}

std::string loudest(const Snapshot& s) {
  double first = -120, second = -120;
  std::string id;
  for (const DeviceStatus& device : s.devices) {
    if (!is_sound_kind(device.kind)) continue;
    const double level = level_of(s, device);
    if (level > first) {
      second = first;
      first = level;
      id = device.id;
    } else {
      second = std::max(second, level);
    }
  }
  return first > -40 && first > second + 6 ? id : std::string();
}

NameParts parts_of(std::string_view name) {
  for (const std::string_view open : {" (", "（"})
    if (const std::size_t at = name.rfind(open); at != std::string_view::npos && at > 0)
      return {name.substr(0, at), name.substr(at + (open == " (" ? 1 : 0))};
  return {name, {}};
}

NameParts sound_parts_of(const Frame& f, const DeviceStatus& device) {
  const std::string& model = device.identity.model;
  if (device.kind == "application") return {device.name, f.say(Word::ApplicationSound)};
  if (model == "pc-sound") return {f.say(Word::PcSound), {}};
  if (model == "default") return {f.say(Word::MicStandard), {}};
  if (model == "pulse") return {f.say(Word::MicStandard), "PulseAudio"};
  if (model == "pipewire") return {f.say(Word::MicStandard), "PipeWire"};
  return parts_of(device.name);
}

void draw_actions(DeskPage& d, const Box& line, const InputStatus* role) {
  Frame& f = d.frame;
  const Snapshot& s = d.snapshot;
  const float gap = f.px(12), remove = f.px(220);
  const float back = std::min(f.px(420), line.w - remove - gap);
  // The wrong one was pressed: one press takes it back, whichever role it was.
  const InputStatus* undo = find_by_id(s.inputs, s.undo_role);
  const std::string device =
      s.undo_device.ja.empty() ? std::string(f.say(Word::RoleNone)) : f.say(s.undo_device);
  const std::string what = undo ? word(Word::DeviceBackTo, f.language, {f.say(undo->name), device})
                                : std::string(f.say(Word::DeviceBackNone));
  const Box b{line.right() - remove - gap - back, line.y, back, line.h};
  const bool can = undo && !s.live;
  const Touch t = f.touch("role.back", b, can);
  const ImU32 ink = f.button_ground(t, b, can);
  f.icon(Icon::Return, b.x + f.px(24), b.middle(), 22, ink);
  const Box words{b.x + f.px(46), b.y + f.px(3), b.w - f.px(54), b.h / 2 - f.px(3)};
  f.label(words, {Face::Bold, 18, ink}, f.say(Word::DeviceBack));
  f.label({words.x, b.middle(), words.w, words.h},
          {Face::Regular, 16, can && !t.down ? theme::kText2 : ink}, what);
  f.whole_name(t, b, {Face::Regular, 16, 0}, what, words.w);
  if (t.clicked) d.out.emplace_back(UndoBinding{});

  const bool bound = role && role->signal != SignalState::Unbound && played_by_device(*role);
  if (f.button("role.remove", {line.right() - remove, line.y, remove, line.h}, Icon::Cross,
               f.say(Word::RoleRemove), bound && !s.live))
    d.out.emplace_back(BindRole{role->id, ""});
}

}  // namespace kakehashi
