// SPDX-License-Identifier: GPL-3.0-or-later
// 準備: which device plays which role. First a role, then its device: by its live picture, or for a
// microphone by tapping it.
#include <algorithm>

#include "gui/panels.h"

namespace kakehashi {
namespace {

constexpr double kWatchAgain = 2.0;  // s between two wishes: a refused one is not hammered

bool played_by_device(const InputStatus& i) {
  return i.signal == SignalState::Unbound || i.nature == SourceNature::Device;
}

bool fits(const InputStatus& role, const DeviceStatus& device) {
  return device.kind == "microphone" ? role.audio : role.video;
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

// The microphone that is being tapped: clearly louder than every other one.
std::string loudest(const Snapshot& s) {
  double first = -120, second = -120;
  std::string id;
  for (const DeviceStatus& device : s.devices) {
    if (device.kind != "microphone") continue;
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

void draw_picture_of(Frame& f, const Box& b, const std::string& board) {
  f.fill(b, theme::kWell, 2);
  if (const auto ref = f.pictures ? f.pictures(board) : std::nullopt) f.picture(b, *ref);
}

std::string state_of(Frame& f, const InputStatus& role, const DeviceStatus* device) {
  if (device) return device->name;
  if (role.signal == SignalState::Unbound) return std::string(f.say(Word::RoleNone));
  if (!role.device.empty()) return role.device;
  return std::string(f.say(has_signal(role) ? Word::RoleMedia : Word::RoleMissing));
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
    f.label({x, cell.y + f.px(6), room_w, cell.h / 2 - f.px(6)}, {Face::Bold, 18, theme::kText},
            f.say(role.name));
    const DeviceStatus* device = device_of(s, role.id);
    const bool missing = can && !has_signal(role);
    float note_x = x;
    if (missing) {
      f.icon(Icon::Caution, x + f.px(9), cell.y + cell.h * 0.72F, 18, theme::kCaution);
      note_x += f.px(24);
    }
    f.label({note_x, cell.middle(), cell.right() - note_x - f.px(12), cell.h / 2 - f.px(4)},
            {Face::Regular, 16, can ? theme::kText2 : theme::kText3},
            can ? state_of(f, role, device) : std::string(f.say(Word::RoleMedia)));
    if (t.clicked) f.ui.role = role.id;
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
  if (device.kind == "microphone") {
    f.icon(Icon::Microphone, picture.x + picture.w / 2, picture.y + picture.h * 0.4F, 40,
           tapped ? theme::kText : theme::kText2);
    const double level = level_of(d.snapshot, device);
    draw_meter(f, {picture.x, picture.bottom() - f.px(26), picture.w, f.px(20)}, level, level,
               theme::kMute, false);
    if (tapped)
      f.chip(picture.x, picture.y, Icon::Check, f.say(Word::Loudest), theme::kText, theme::kBlack);
  } else {
    draw_picture_of(f, picture,
                    device.role.empty() ? "device." + device.id : "input." + device.role);
  }
  // Two lines: what tells two of the same model apart stands at the end of the name.
  const Box words{cell.x + f.px(10), cell.bottom() - foot, cell.w - f.px(20), f.px(52)};
  f.paragraph(words, {Face::Bold, 18, theme::kText}, device.name);
  const InputStatus* player = find_by_id(d.snapshot.inputs, device.role);
  f.label({words.x, words.bottom(), words.w, f.px(28)}, {Face::Regular, 16, theme::kText2},
          player ? f.say(player->name) : std::string(f.say(Word::DeviceFree)));
  if (t.clicked) d.out.emplace_back(BindRole{role->id, device.id});
}

void draw_devices(DeskPage& d, const Box& b) {
  Frame& f = d.frame;
  const Snapshot& s = d.snapshot;
  const InputStatus* role = find_by_id(s.inputs, f.ui.role);
  f.panel(b, Icon::Microphone,
          role ? word(Word::RoleOf, f.language, {f.say(role->name)})
               : std::string(f.say(Word::DevicesHead)),
          f.say(s.live ? Word::DevicesLive : Word::DevicesHint));
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
  const Box line{room.x, room.bottom() - foot, room.w, foot};
  const float button = f.px(260);
  f.label({line.x, line.y, line.w - button - f.px(16), line.h}, {Face::Regular, 18, theme::kText2},
          f.say(Word::TapHint));
  const bool bound = role && device_of(s, role->id) && !s.live;
  if (f.button("role.remove", {line.right() - button, line.y, button, line.h}, Icon::Cross,
               f.say(Word::RoleRemove), bound))
    d.out.emplace_back(BindRole{role->id, ""});
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
  draw_devices(d, {x, room.y, w, room.h - button - gap});
  const float next = std::min(w, f.px(640));
  if (next_stage(f, "next.check", {room.right() - next, room.bottom() - button, next, button},
                 Word::ToCheck, Word::ToCheckNote))
    f.ui.page = Page::Check;
}

}  // namespace kakehashi
