// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/devices.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "capture/camera_list.h"
#include "capture/port_audio.h"
#include "capture/screen_grabber.h"
#include "capture/source_kind.h"

namespace kakehashi {
namespace {

std::string words(const CameraMode& m) {
  return std::to_string(m.width) + "x" + std::to_string(m.height) + " " +
         std::to_string(m.rate.numerator) + "/" + std::to_string(m.rate.denominator) + " " +
         m.format;
}

void add_cameras(std::vector<Device>& all) {
  for (const auto& c : list_cameras()) {
    Device d{c.id, c.name, {}, "camera", {}, {"camera", {{"device", c.id}}}};
    for (const auto& m : c.modes) d.formats.push_back(words(m));
    all.push_back(std::move(d));
  }
}

void add_microphones(std::vector<Device>& all) {
  auto use = PortAudioUse::begin();
  if (!use.ok()) return;  // no sound system: the list is just shorter
  for (const auto& m : sound_inputs())
    all.push_back(
        {m.name,
         m.name,
         {},
         "microphone",
         {std::to_string(m.channels) + " channels " + std::to_string(std::lround(m.rate)) + " Hz"},
         {"microphone", {{"device", m.name}}}});
}

// $DISPLAY and every local server's socket.
void add_screens(std::vector<Device>& all) {
  std::set<std::string> names;
  if (const char* display = std::getenv("DISPLAY"); display && *display) names.insert(display);
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator("/tmp/.X11-unix", ec)) {
    const std::string file = entry.path().filename();
    if (file.size() > 1 && file[0] == 'X') names.insert(":" + file.substr(1));
  }
  for (const std::string& name : names) {
    const auto screen = screen_size(name);
    if (!screen.ok()) continue;
    all.push_back({name,
                   "X " + name,
                   {},
                   "screen",
                   {std::to_string(screen->width) + "x" + std::to_string(screen->height)},
                   {"screen", {{"display", name}}}});
  }
}

}  // namespace

Result<std::vector<Device>> list_devices() {
  if (Status s = init_capture(); !s.ok()) return s.error();
  std::vector<Device> all;
  add_cameras(all);
  add_microphones(all);
  add_screens(all);
  return all;
}

}  // namespace kakehashi
