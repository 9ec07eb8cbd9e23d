// SPDX-License-Identifier: GPL-3.0-or-later
// Connecting to whichever address of a server answers first ("happy eyeballs", RFC 8305), with the
// options that a live stream's socket wants. Private to rtmp/.
#pragma once

#include <atomic>
#include <chrono>
#include <span>
#include <string>

#include "rtmp/wire_socket.h"

namespace kakehashi::rtmp {

using SteadyClock = std::chrono::steady_clock;
inline SteadyClock::time_point after(Duration limit) {
  return SteadyClock::now() + std::chrono::nanoseconds(limit.ns);
}

// `fd`: the connected, non-blocking socket, the caller's to close. Unchanged on trouble.
LineTrouble race(std::span<const Endpoint> endpoints, const std::string& interface, Duration limit,
                 const std::atomic<bool>& stop, int& fd);

// The order to try them in: as given (getaddrinfo sorts them, RFC 6724), families by turns.
std::vector<const Endpoint*> by_turns(std::span<const Endpoint> endpoints);

}  // namespace kakehashi::rtmp
