// SPDX-License-Identifier: GPL-3.0-or-later
// Makes MP4s of recordings that are closed, one after another, on a thread of lowest urgency
// ("finalise"): never while something is recorded. What it does not come to is found again at the
// next start, by the sidecars.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/text.h"

namespace kakehashi {

class Finaliser {
 public:
  Finaliser();
  ~Finaliser();  // breaks off what is being made, leaves nothing half

  void add(const std::string& sidecar);
  // Looks for recordings that were left unfinished, by a crash too.
  void look_in(std::vector<std::string> folders);
  // Breaks off and waits; what was broken off is begun anew later.
  void pause(bool on);
  std::string making_of() const;  // the recording; empty: nothing
  Text trouble() const;           // why the latest could not be made; empty when well

 private:
  enum class Done { Yes, Again, GiveUp };
  void run();
  Done finish(const std::string& sidecar);
  void say(Text trouble);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> jobs_;
  std::vector<std::string> folders_;
  std::string making_of_;
  Text trouble_;
  bool paused_ = false, ending_ = false;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace kakehashi
