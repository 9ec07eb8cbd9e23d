// SPDX-License-Identifier: GPL-3.0-or-later
// Private to panel_prepare*.cpp: what the parts of the prepare page share.
#pragma once

#include <string>
#include <string_view>

#include "gui/panels.h"

namespace kakehashi {

bool played_by_device(const InputStatus& role);
bool fits(const InputStatus& role, const DeviceStatus& device);
const DeviceStatus* device_of(const Snapshot& snapshot, const std::string& role);
double level_of(const Snapshot& snapshot, const DeviceStatus& device);
// The microphone that is being tapped: clearly louder than every other one. Empty: none.
std::string loudest(const Snapshot& snapshot);

// A device's name in two parts: what it calls itself, and what tells two of them apart.
struct NameParts {
  std::string_view model, place;
};
NameParts parts_of(std::string_view name);
// The same of a sound device: sound servers are called what they are to people, and an application
// is told from a device. Good as long as `device`.
NameParts sound_parts_of(const Frame& frame, const DeviceStatus& device);

// Take back the last choice, take the role's device off.
void draw_actions(DeskPage& desk, const Box& line, const InputStatus* role);

// panel_prepare_sound.cpp: a microphone's role: device, channel, kind of sound, and a voice to try
// it with.
void draw_prepare_sound(DeskPage& desk, const Box& box, const InputStatus& role);
// panel_prepare_outlets.cpp: a bus that people hear: which device plays it. Chosen in the list of
// roles as kOutletRole + its id.
inline constexpr std::string_view kOutletRole = "outlet:";
const SoundBusStatus* outlet_of(const Snapshot& snapshot, const std::string& role);
void draw_prepare_outlet(DeskPage& desk, const Box& box, const SoundBusStatus& bus);
// Its row in the list of roles.
void draw_outlet_row(DeskPage& desk, const SoundBusStatus& bus, const Box& cell);

}  // namespace kakehashi
