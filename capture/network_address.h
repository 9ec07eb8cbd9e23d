// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses of network sources, and whether anybody answers there. POSIX sockets only. Private to
// capture/.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "core/result.h"
#include "core/time.h"

namespace kakehashi {

struct NetworkAddress {
  std::string scheme;  // lower case: "rtsp"
  std::string host;    // without the brackets of IPv6; empty: any of this machine's (srt://:9000)
  int port = 0;        // the scheme's own one unless given; 0: it has none
  std::string path;    // from the slash on, without the query
  std::map<std::string, std::string> query;
};
// Nothing when it is no address. A user's name and password in it are passed over.
std::optional<NetworkAddress> parse_network_address(const std::string& uri);

// The address without a user, a password or what the query says: for sentences and logs.
std::string shown_address(const std::string& uri);

// Whether this machine knows the host's name. The error's words are the operator's.
Status known(const NetworkAddress& address);

// Whether a TCP connection comes about; closed again at once. The error's words are the
// operator's: the name is unknown, refused, no answer.
Status reach(const NetworkAddress& address, Duration limit);

// The address other devices of this network know this machine by; "127.0.0.1" without a network.
std::string own_address();

}  // namespace kakehashi
