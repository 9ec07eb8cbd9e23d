// SPDX-License-Identifier: GPL-3.0-or-later
// The developer's log: one line per message on standard error. Not for the mix loops.
// Every line passes a redactor: a registered secret's text is replaced by ***.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/secret.h"

namespace kakehashi {

enum class LogLevel : std::uint8_t { Debug, Info, Warning, Error };

// Any thread. `who` is the part speaking: "capture", "out.main".
void log(LogLevel level, std::string_view who, std::string_view message);
void set_log_level(LogLevel least);

// From now on `secret` (if 4 characters or longer) never appears in a log line. Any thread.
void redact_in_logs(const Secret& secret);
// `text` with every registered secret replaced; for other sinks (error sentences, libav's own log).
std::string redacted(std::string_view text);

inline void log_info(std::string_view who, std::string_view m) { log(LogLevel::Info, who, m); }
inline void log_warning(std::string_view who, std::string_view m) {
  log(LogLevel::Warning, who, m);
}
inline void log_error(std::string_view who, std::string_view m) { log(LogLevel::Error, who, m); }

}  // namespace kakehashi
