// SPDX-License-Identifier: GPL-3.0-or-later
// Does what we play on an output come back to us as an input? A sound server's monitor of it, or
// the other end of a loopback card. Whatever bus played there would be mixed into itself. Two
// directions of one ordinary card are no loop: that is how a meeting's computer is connected. Pure.
#pragma once

#include <string>
#include <vector>

#include "core/device.h"
#include "core/result.h"
#include "core/show.h"

namespace kakehashi {

// `pcm`: what ALSA opens it by.
bool plays_into(const DeviceIdentity& output, const std::string& pcm, const Input& input);

// The first input of the show that would hear it; null: none.
const Input* loop_through(const DeviceIdentity& output, const std::string& pcm,
                          const std::vector<Input>& inputs);

// For people: cause and one action.
Error loop_refusal(const Text& bus, const Input& input);

}  // namespace kakehashi
