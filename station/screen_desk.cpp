// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/screen_desk.h"

#include "core/log.h"

namespace kakehashi {

ScreenDesk::ScreenDesk(std::string program, std::string socket)
    : program_(std::move(program)), socket_(std::move(socket)) {}

void ScreenDesk::show(const ShowScreen& wish) {
  std::unique_ptr<ChildProcess> old;  // ends after the lock is gone: it may take a second
  const std::lock_guard lock(mutex_);
  auto& child = children_[static_cast<std::size_t>(wish.bus)];
  old = std::move(child);
  if (!wish.on || program_.empty()) return;
  const std::string bus(bus_name(wish.bus));
  std::vector<std::string> words{program_, "--socket", socket_, "--bus", bus};
  if (wish.display >= 0) {
    words.emplace_back("--display");
    words.push_back(std::to_string(wish.display));
  }
  auto started = ChildProcess::start({.name = "screen." + bus, .argv = std::move(words)});
  if (started)
    child = std::move(*started);
  else
    log_error("supervisor", started.error().message);
}

bool ScreenDesk::running(Bus bus) const {
  const std::lock_guard lock(mutex_);
  const auto& child = children_[static_cast<std::size_t>(bus)];
  return child && child->status().running;
}

std::vector<std::string> ScreenDesk::running() const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kBuses; ++i)
    if (running(static_cast<Bus>(i))) names.emplace_back(kBusNames[i]);
  return names;
}

}  // namespace kakehashi
