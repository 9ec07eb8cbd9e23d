// SPDX-License-Identifier: GPL-3.0-or-later
// Names and urgency of our threads (ARCHITECTURE.md, table of threads).
#pragma once

#include <cstdint>
#include <string>

namespace kakehashi {

enum class Urgency : std::uint8_t {
  Mix,     // short work on a deadline: first in line where the system allows it
  Encode,  // before everything that only looks
  Ordinary,
  Looking,  // previews, thumbnails: gives way to all others
};

// Called first by the thread itself, before it starts threads of its own: they inherit its niceness
// (sched(7)). Urgency is asked for, not relied on: without the right to it the thread runs like any
// other.
void begin_thread(const std::string& name, Urgency urgency);

}  // namespace kakehashi
