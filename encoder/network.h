// SPDX-License-Identifier: GPL-3.0-or-later
// Before connecting: check the address, look the name up without being stuck in it, and see cheaply
// whether a port answers. For encoder/ and the equipment test.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "rtmp/wire_socket.h"

namespace kakehashi {

struct RtmpAddress {
  bool tls = false;
  std::string host;  // an IPv6 address without its brackets
  int port = 1935;   // rtmps: 443
  std::string app;   // what follows the host, with its query: "live2?backup=1"
};
// "rtmp://host[:port]/app" or "rtmps://...". No user and password: a key has its own place.
Result<RtmpAddress> parse_rtmp_address(const std::string& url);

using Endpoint = rtmp::Endpoint;
// getaddrinfo cannot be interrupted, so it runs in a thread of its own that is left behind when
// `stop` turns true or `limit` passes; it touches nothing of ours then. A name that was found once
// in this run is still known when nobody can be asked any more (the line that led to the name
// server is dead, the second one is not): after 1 s at most. Errors: NameUnknown, TimedOut
// (trouble.h).
Result<std::vector<Endpoint>> look_up(const std::string& host, int port,
                                      const std::atomic<bool>& stop, Duration limit);

// True when one of the endpoints completes a TCP handshake within `limit`, asked through
// `interface` (empty: as the machine routes). Sends no data.
bool port_answers(const std::vector<Endpoint>& endpoints, const std::string& interface,
                  const std::atomic<bool>& stop, Duration limit);

}  // namespace kakehashi
