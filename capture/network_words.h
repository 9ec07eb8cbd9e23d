// SPDX-License-Identifier: GPL-3.0-or-later
// What may be wrong with a network source, as the operator reads it: the cause and one thing to do.
// Private to capture/.
#pragma once

#include <cstdint>
#include <string>

#include "core/result.h"

namespace kakehashi {

enum class NetworkTrouble : std::uint8_t {
  Address,      // no address, or a scheme we do not know
  Name,         // the host's name is not known (DNS)
  Refused,      // nobody listens on that port
  Silent,       // no answer, or nothing after an answer
  Password,     // 401, 403, SRT's passphrase
  NoPassword,   // the secrets file has no entry of this name
  Path,         // 404: no such stream there
  Tls,          // certificate, clock, versions
  Certificate,  // the file the settings name holds none
  Codec,        // what arrives cannot be decoded, or is larger than we take
  NoPicture,    // sound comes, but no picture
  Ended,        // the sender said goodbye
  Waiting,      // we listen, nobody came yet
  Port          // somebody else listens where we should
};
inline constexpr int kNetworkTroubles = 14;

// `detail`: Waiting: the address to type in at the sender; Port: its number; NoPassword: the name;
// Certificate: the file.
Text network_words(NetworkTrouble trouble, const std::string& detail = {});
// The same as an error of the fitting kind; `sentence` is for the log.
Error network_error(NetworkTrouble trouble, std::string sentence, const std::string& detail = {});
// A piece of GStreamer is not installed.
Error missing_element_error(const std::string& element);

}  // namespace kakehashi
