// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/log.h"

#include <atomic>
#include <cstdio>
#include <ctime>
#include <mutex>
#include <vector>

namespace kakehashi {
namespace {

std::atomic<LogLevel> least_level{LogLevel::Info};

struct Redactor {
  std::mutex mutex;
  std::vector<Secret> secrets;
};
Redactor& redactor() {
  static Redactor r;
  return r;
}

}  // namespace

void set_log_level(LogLevel least) { least_level = least; }

void redact_in_logs(const Secret& secret) {
  if (secret.reveal().size() < 4) return;  // shorter ones would blank ordinary words
  auto& r = redactor();
  const std::lock_guard lock(r.mutex);
  for (const auto& s : r.secrets)
    if (s.reveal() == secret.reveal()) return;
  r.secrets.push_back(secret);
}

std::string redacted(std::string_view text) {
  std::string out(text);
  auto& r = redactor();
  const std::lock_guard lock(r.mutex);
  for (const auto& s : r.secrets)
    for (std::size_t at = out.find(s.reveal()); at != std::string::npos;
         at = out.find(s.reveal(), at + 3))
      out.replace(at, s.reveal().size(), "***");
  return out;
}

void log(LogLevel level, std::string_view who, std::string_view message) {
  if (level < least_level.load(std::memory_order_relaxed)) return;
  static constexpr const char* kWords[] = {"debug", "info", "warning", "error"};
  timespec t{};
  clock_gettime(CLOCK_REALTIME, &t);
  tm local{};
  localtime_r(&t.tv_sec, &local);
  const std::string line = redacted(message);
  std::fprintf(stderr, "%02d:%02d:%02d.%03ld %s %.*s: %s\n", local.tm_hour, local.tm_min,
               local.tm_sec, t.tv_nsec / 1'000'000, kWords[static_cast<int>(level)],
               static_cast<int>(who.size()), who.data(), line.c_str());
}

}  // namespace kakehashi
