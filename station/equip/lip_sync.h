// SPDX-License-Identifier: GPL-3.0-or-later
// The delays that bring all cameras and microphones together. Pure.
#pragma once

#include <map>
#include <set>
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

// Everything waits for the slowest. Role -> delay, whole milliseconds: of what was measured, and of
// the `known` roles, whose delays were measured another time: they stay together with it, so that
// cameras which cannot see one page can be measured one after the other. Channels of one sound
// device share a delay. Pairs that are not connected by a common camera or microphone are brought
// together each for itself.
std::map<std::string, Duration> lip_sync_delays(const std::vector<Input>& inputs,
                                                const std::vector<OffsetPair>& pairs,
                                                const std::set<std::string>& known = {});

}  // namespace kakehashi
