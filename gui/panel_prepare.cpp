// SPDX-License-Identifier: GPL-3.0-or-later
// 準備: which device plays which role. First a role, then its device: by its live picture, or for a
// microphone by tapping it.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/sound_kind.h"
#include "gui/prepare_parts.h"
#include "gui/sound_panels.h"

namespace kakehashi {
namespace {

constexpr double kWatchAgain = 2.0;  // s between two wishes: a refused one is not hammered

void draw_picture_of(Frame& f, const Box& b, const std::string& board) {
  f.fill(b, theme::kWell, 2);
  if (const auto ref = f.pictures ? f.pictures(board) : std::nullopt) f.picture(b, *ref);
}

// "1280x720 30/1 NV12" as people say it; nothing for other words.
std::string format_words(const std::string& format, Language language) {
  int width = 0, height = 0, over = 0, under = 0;
  if (std::sscanf(format.c_str(), "%dx%d%*1[i] %d/%d", &width, &height, &over, &under) < 4 &&
      std::sscanf(format.c_str(), "%dx%d %d/%d", &width, &height, &over, &under) < 4)
    return {};
  if (under <= 0) return {};
  const double rate = static_cast<double>(over) / under;
  return word(Word::FormatFps, language,
              {std::to_string(width), std::to_string(height),
               figure(rate, std::abs(rate - std::round(rate)) < 0.005 ? 0 : 2)});
}

std::string state_of(Frame& f, const InputStatus& role, const DeviceStatus* device) {
  if (role.signal == SignalState::Unbound) return std::string(f.say(Word::RoleNone));
  const std::string& name = device ? device->name : role.device;
  if (has_signal(role)) return name.empty() ? std::string(f.say(Word::RoleMedia)) : name;
  return word(device ? Word::RoleWaits : Word::RoleMissing, f.language, {name});
}

// In one line: what tells two of them apart is never cut off.
std::string short_name(Frame& f, const Ink& ink, std::string_view name, float room) {
  const NameParts parts = parts_of(name);
  const float place = f.width(ink, parts.place);
  if (f.width(ink, name) <= room || parts.place.empty() || place > room * 0.7F)
    return f.fitted(ink, name, room);
  return f.fitted(ink, parts.model, room - place) + std::string(parts.place);
}

// What the operator has to know here: the last refusal, else the trouble of the chosen role, else
// of another one.
struct Notice {
  std::string what, action;
};
Notice notice_of(const Frame& f, const Snapshot& s) {
  if (f.now < f.ui.refusal_until) return {std::string(f.say(Word::Refused)), f.ui.refusal};
  // A role without a device says so in its row, and here is where it gets one.
  const InputStatus* role = find_by_id(s.inputs, f.ui.role);
  const bool bound = role && role->signal != SignalState::Unbound;
  const Message* found = nullptr;
  for (const Message& m : s.messages) {
    const bool of_role = bound && m.id.find("." + f.ui.role + ".") != m.id.npos;
    if (of_role || (!found && m.id.rfind("device.", 0) == 0)) found = &m;
    if (of_role) break;
  }
  return found ? Notice{f.say(found->what), f.say(found->action)} : Notice{};
}

void draw_roles(DeskPage& d, const Box& b) {
  Frame& f = d.frame;
  const Snapshot& s = d.snapshot;
  f.panel(b, Icon::Screen, f.say(Word::RolesHead), f.say(Word::RolesHint));
  const Box room{b.x + f.px(14), b.y + f.px(42), b.w - f.px(28), b.h - f.px(52)};
  const float row = f.px(74);
  const float shift = f.begin_scroll("roles", room);
  float y = room.y + shift;
  for (const InputStatus& role : s.inputs) {
    const Box cell{room.x, y, room.w, row - f.px(6)};
    y += row;
    const bool can = played_by_device(role);
    const Touch t = f.touch("role." + role.id, cell, can);
    const bool chosen = f.ui.role == role.id;
    f.fill(cell, t.hovered || chosen ? theme::kHover : theme::kPanelRow, 6);
    if (chosen) f.edge(cell, theme::kText, 3, 6);
    f.focus_ring(t, cell);
    const float h = cell.h - f.px(8), w = h * 16 / 9;
    const Box picture{cell.x + f.px(4), cell.y + f.px(4), w, h};
    if (role.video) {
      draw_picture_of(f, picture, "input." + role.id);
    } else {
      const StripStatus* strip = find_by_id(s.strips, role.id);
      f.icon(Icon::Microphone, picture.x + w / 2, cell.middle() - f.px(8), 26, theme::kText2);
      if (strip)
        draw_meter(f, {picture.x, picture.bottom() - f.px(16), w, f.px(16)}, strip->level_db,
                   strip->peak_db[0], theme::kOutline, false);
    }
    const float x = picture.right() + f.px(12), room_w = cell.right() - x - f.px(12);
    const Box head{x, cell.y + f.px(6), room_w, cell.h / 2 - f.px(6)};
    const Ink bold{Face::Bold, 18, theme::kText};
    const float used = f.label(head, bold, f.say(role.name));
    if (has_signal(role))
      f.aside({head.x + used + f.px(12), head.y, head.w - used - f.px(12), head.h},
              {Face::Regular, 16, theme::kText2}, format_words(role.format, f.language));
    if (const InputStatus* instead = find_by_id(s.inputs, role.stand_in))
      f.aside({head.x + used + f.px(12), head.y, head.w - used - f.px(12), head.h},
              {Face::Regular, 16, theme::kText2},
              word(Word::RoleStandIn, f.language, {f.say(instead->name)}));
    f.whole_name(t, cell, bold, f.say(role.name), room_w);
    const DeviceStatus* device = device_of(s, role.id);
    const bool missing = can && !has_signal(role);
    float note_x = x;
    if (missing) {
      f.icon(Icon::Caution, x + f.px(9), cell.y + cell.h * 0.72F, 18, theme::kCaution);
      note_x += f.px(24);
    }
    const Box line{note_x, cell.middle(), cell.right() - note_x - f.px(12), cell.h / 2 - f.px(4)};
    const Ink plain{Face::Regular, 16, can ? theme::kText2 : theme::kText3};
    const std::string state = can ? state_of(f, role, device) : std::string(f.say(Word::RoleMedia));
    f.label(line, plain, short_name(f, plain, state, line.w));
    f.whole_name(t, cell, plain, state, line.w);
    if (t.clicked) f.ui.role = role.id;
  }
  bool first = true;
  for (const SoundBusStatus& bus : s.sound_buses) {
    if (!needs_device(bus)) continue;
    if (first)
      f.label({room.x, y, room.w, f.px(34)}, {Face::Bold, 18, theme::kText},
              f.say(Word::OutletsHead));
    y += first ? f.px(36) : 0;
    first = false;
    draw_outlet_row(d, bus, {room.x, y, room.w, row - f.px(6)});
    y += row;
  }
  f.end_scroll("roles", room, y - shift - room.y);
}

void draw_device(DeskPage& d, const DeviceStatus& device, const Box& cell, const InputStatus* role,
                 bool tapped) {
  Frame& f = d.frame;
  const bool mine = role && device.role == role->id;
  const bool can = role && !mine && !d.snapshot.live && fits(*role, device);
  const Touch t = f.touch("device." + device.id, cell, can);
  f.fill(cell, t.down ? theme::kOutline : t.hovered && can ? theme::kHover : theme::kPanelRow, 6);
  if (mine || tapped) f.edge(cell, theme::kText, 3, 6);
  f.focus_ring(t, cell);
  const float foot = f.px(84);
  const Box picture = fit_shape(
      {cell.x + f.px(6), cell.y + f.px(6), cell.w - f.px(12), cell.h - foot - f.px(10)}, 16, 9);
  if (is_sound_kind(device.kind)) {
    f.icon(Icon::Microphone, picture.x + picture.w / 2, picture.y + picture.h * 0.4F, 40,
           tapped ? theme::kText : theme::kText2);
    const double level = level_of(d.snapshot, device);
    draw_meter(f, {picture.x, picture.bottom() - f.px(26), picture.w, f.px(20)}, level, level,
               theme::kMute, false);
    if (tapped)
      f.chip(picture.x, picture.y, Icon::Check, f.say(Word::Loudest), theme::kText, theme::kBlack);
  } else if (device.kind == "screen" && device.role.empty()) {
    f.fill(picture, theme::kWell, 2);
    f.icon(Icon::Screen, picture.x + picture.w / 2, picture.middle(), 40, theme::kText2);
  } else {
    draw_picture_of(f, picture,
                    device.role.empty() ? "device." + device.id : "input." + device.role);
  }
  const bool screen = device.kind == "screen";
  const NameParts name = screen ? NameParts{f.say(Word::ThisScreen), device.name}
                         : is_sound_kind(device.kind) ? sound_parts_of(f, device)
                                                      : parts_of(device.name);
  const Box words{cell.x + f.px(10), cell.bottom() - foot, cell.w - f.px(20), f.px(26)};
  const Ink bold{Face::Bold, 18, theme::kText}, plain{Face::Regular, 16, theme::kText2};
  f.label(words, bold, name.model);
  const Box place{words.x, words.bottom(), words.w, f.px(26)};
  const float used = f.label(place, plain, name.place);
  f.whole_name(t, cell, bold, device.name, words.w);
  const InputStatus* player = find_by_id(d.snapshot.inputs, device.role);
  if (player && has_signal(*player))
    f.aside({place.x + used + f.px(12), place.y, place.w - used - f.px(12), place.h}, plain,
            format_words(player->format, f.language));
  f.label({place.x, place.bottom(), place.w, f.px(28)}, plain,
          player ? f.say(player->name) : std::string(f.say(Word::DeviceFree)));
  if (t.clicked) d.out.emplace_back(BindRole{role->id, device.id});
}

void draw_devices(DeskPage& d, const Box& b) {
  Frame& f = d.frame;
  const Snapshot& s = d.snapshot;
  const InputStatus* role = find_by_id(s.inputs, f.ui.role);
  f.panel(b, role && !role->video ? Icon::Microphone : Icon::Screen,
          role ? word(Word::RoleOf, f.language, {f.say(role->name)})
               : std::string(f.say(Word::DevicesHead)),
          f.say(s.live         ? Word::DevicesLive
                : !role        ? Word::ChooseRoleFirst
                : !role->video ? Word::TapHint
                               : Word::DevicesHint));
  const Box room{b.x + f.px(14), b.y + f.px(42), b.w - f.px(28), b.h - f.px(52)};
  std::vector<const DeviceStatus*> shown;
  for (const DeviceStatus& device : s.devices)
    if (!role || fits(*role, device)) shown.push_back(&device);
  const float foot = f.px(52);
  const Box grid{room.x, room.y, room.w, room.h - foot - f.px(8)};
  if (shown.empty()) {
    f.label(grid, {Face::Bold, 20, theme::kText2}, f.say(Word::DevicesNone), Align::Centre);
  } else {
    const std::string tapped = loudest(s);
    const int columns = std::max(1, static_cast<int>(grid.w / f.px(270)));
    const float gap = f.px(12);
    const float w = (grid.w - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
    const float h = std::round((w - f.px(12)) * 9 / 16) + f.px(100);
    const float shift = f.begin_scroll("devices", grid);
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const auto column = static_cast<float>(static_cast<int>(i) % columns);
      const auto line = static_cast<float>(static_cast<int>(i) / columns);
      draw_device(d, *shown[i],
                  {grid.x + column * (w + gap), grid.y + shift + line * (h + gap), w, h}, role,
                  shown[i]->id == tapped);
    }
    const int rows = (static_cast<int>(shown.size()) + columns - 1) / columns;
    f.end_scroll("devices", grid, static_cast<float>(rows) * (h + gap) - gap);
  }
  draw_actions(d, {room.x, room.bottom() - foot, room.w, foot}, role);
}

// What became of it all, in the words of the worst trouble.
void draw_notice(DeskPage& d, const Box& b) {
  Frame& f = d.frame;
  const Notice notice = notice_of(f, d.snapshot);
  f.fill(b, theme::kPanel, 8);
  const Box words{b.x + f.px(52), b.y + f.px(4), b.w - f.px(64), b.h - f.px(8)};
  if (notice.what.empty()) {
    int roles = 0, there = 0;
    for (const InputStatus& role : d.snapshot.inputs) {
      if (!played_by_device(role)) continue;
      ++roles;
      if (has_signal(role)) ++there;
    }
    f.icon(there == roles ? Icon::Pass : Icon::Wait, b.x + f.px(28), b.middle(), 26, theme::kText2);
    f.label(words, {Face::Bold, 18, theme::kText},
            word(Word::RolesBound, f.language, {std::to_string(roles), std::to_string(there)}));
    return;
  }
  f.edge(b, theme::kCaution, 3, 8);
  f.icon(Icon::Caution, b.x + f.px(28), b.middle(), 26, theme::kCaution);
  const Ink ink{Face::Regular, 16, theme::kText};
  const float line = f.px(22);
  if (f.width(ink, notice.what) <= words.w || words.h < 2.7F * line) {
    f.label({words.x, words.y, words.w, words.h / 2}, {Face::Bold, 16, theme::kText}, notice.what);
    f.label({words.x, words.middle(), words.w, words.h / 2}, ink, "→ " + notice.action);
  } else {
    f.paragraph(words, ink, notice.what + " → " + notice.action);
  }
}

}  // namespace

void watch_devices(DeskPage& d) {
  UiState& ui = d.frame.ui;
  const Snapshot& s = d.snapshot;
  const bool want = ui.page == Page::Prepare && !s.live;
  if (want && !s.watching_devices && d.frame.now - ui.watch_sent_at > kWatchAgain) {
    d.out.emplace_back(WatchDevices{true});
    ui.watching = true;
    ui.watch_sent_at = d.frame.now;
  }
  // Another desk may be at Prepare: what this one did not open it does not close.
  if (!want && ui.watching) {
    if (s.watching_devices) d.out.emplace_back(WatchDevices{false});
    ui.watching = false;
  }
}

void draw_prepare(DeskPage& d) {
  Frame& f = d.frame;
  const Box room = stage_room(d);
  const float gap = f.px(12), button = f.px(72);
  const float side = std::clamp(room.w * 0.34F, f.px(380), f.px(620));
  draw_roles(d, {room.x, room.y, side, room.h});
  const float x = room.x + side + gap, w = room.right() - x;
  const Box place{x, room.y, w, room.h - button - gap};
  const InputStatus* role = find_by_id(d.snapshot.inputs, f.ui.role);
  if (const SoundBusStatus* bus = outlet_of(d.snapshot, f.ui.role))
    draw_prepare_outlet(d, place, *bus);
  else if (role && role->audio && !role->video && played_by_device(*role))
    draw_prepare_sound(d, place, *role);
  else
    draw_devices(d, place);
  const float next = std::min(w * 0.42F, f.px(560));
  draw_notice(d, {x, room.bottom() - button, w - next - gap, button});
  if (next_stage(f, "next.check", {room.right() - next, room.bottom() - button, next, button},
                 Word::ToCheck, Word::ToCheckNote))
    f.ui.page = Page::Check;
}

}  // namespace kakehashi
