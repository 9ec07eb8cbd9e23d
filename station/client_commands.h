// SPDX-License-Identifier: GPL-3.0-or-later
// The subcommands that look at things: validate, send, snapshot. Each returns an exit
// code.
#pragma once

#include <string>

#include "core/text.h"

namespace kakehashi {

int validate_event(const std::string& event, const std::string& venue, Language language);
// One line through the door of a running station; prints its answer. kExitOk only if the answer
// says ok.
int send_line(const std::string& socket, const std::string& line);
int print_snapshot(const std::string& socket, bool json);

}  // namespace kakehashi
