// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps what is chosen for a role's sound with the hall, away from whoever wishes: at the first
// change, then what came meanwhile at most once in `pause`, and the rest when it ends. A fader that
// is drawn over a second is two writes, not a hundred.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "core/strip_settings.h"

namespace kakehashi {

class SoundKeeper {
 public:
  // Of one event's roles; nothing: as the event says.
  using Sounds = std::map<std::string, std::optional<StripSettings>>;
  // Called on the keeper's own thread, one call at a time. May wait for the disk.
  using Write = std::function<void(const std::string& event, const Sounds& sounds)>;

  explicit SoundKeeper(Write write,
                       std::chrono::milliseconds pause = std::chrono::milliseconds(1000));
  ~SoundKeeper();  // writes what is left at once
  SoundKeeper(const SoundKeeper&) = delete;
  SoundKeeper& operator=(const SoundKeeper&) = delete;

  // The newest one of a role counts. Any thread; never waits for the disk.
  void keep(const std::string& event, const std::string& role, std::optional<StripSettings> sound);

 private:
  void run();

  const Write write_;
  const std::chrono::milliseconds pause_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::map<std::string, Sounds> waiting_;  // by event
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace kakehashi
