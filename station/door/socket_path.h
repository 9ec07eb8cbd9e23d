// SPDX-License-Identifier: GPL-3.0-or-later
// Private to the door: the socket as a file. Who may stand there, who may connect.
#pragma once

#include <string>

#include "core/result.h"
#include "station/door/descriptor.h"

namespace kakehashi::door {

struct Listener {
  Descriptor socket;  // listening, non-blocking
  Descriptor lock;    // held as long as the station lives: two starting at once cannot both win
};

// Makes the folder (0700) and the socket (0600). FixInput when a station answers on `path`.
Result<Listener> listen_at(const std::string& path);

// Connected, non-blocking. NotFound when no station answers.
Result<Descriptor> connect_to(const std::string& path);

// The other end runs as this user or as root (SO_PEERCRED, unix(7)).
bool peer_is_trusted(int socket);

}  // namespace kakehashi::door
