// SPDX-License-Identifier: GPL-3.0-or-later
// The delays that bring all cameras and microphones together. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/show.h"
#include "core/time.h"

namespace kakehashi {

// One camera against one microphone, as it is with the inputs' delays of now.
struct OffsetPair {
  std::string camera, microphone;  // roles
  Duration offset;                 // + = the picture is late
  float level = 0;  // how loud the microphone heard it: of one device's the loudest was nearest
};

// Channels of one interface: all but the channels is the same.
bool same_sound_device(const Input& a, const Input& b);

// Everything waits for the slowest of what was measured. Role -> delay, whole milliseconds; without
// the roles that were not measured. Channels of one sound device share a delay. Pairs that are not
// connected by a common camera or microphone are brought together each for itself.
std::map<std::string, Duration> lip_sync_delays(const std::vector<Input>& inputs,
                                                const std::vector<OffsetPair>& pairs);

}  // namespace kakehashi
