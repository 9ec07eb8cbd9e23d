// SPDX-License-Identifier: GPL-3.0-or-later
// rtmp://host[:port][/app[/key]]. Port 1935 unless given. IPv6 hosts in brackets.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"

namespace kakehashi::rtmp {

struct Url {
  bool tls = false;  // rtmps://, port 443 unless given
  std::string host;
  int port = 1935;
  std::string app;  // first part of the path; may be empty
  std::string key;  // the rest of the path, with its query; may be empty. A secret.
};

// The error never repeats the key.
Result<Url> parse_url(std::string_view text);

}  // namespace kakehashi::rtmp
