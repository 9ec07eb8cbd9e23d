// SPDX-License-Identifier: GPL-3.0-or-later
// A receiver of our own for a practice: when the show is live to a practice destination on this
// machine and nobody listens there, the station starts its practice receiver as a child and tells
// what it found.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.h"
#include "core/snapshot.h"
#include "station/child_process.h"

namespace kakehashi {

// Where a receiver of ours would listen for this show: the first enabled practice destination that
// is rtmp:// to this machine by name or address; without its key. Empty: there is none.
// `urls`: by destination, instead of the show's.
std::string practice_address(const Show& show, const std::map<std::string, std::string>& urls);

class PracticeDesk {
 public:
  // `program`: this station's; empty: it has no receiver.
  PracticeDesk(Clock& clock, std::string program, std::map<std::string, std::string> urls);
  ~PracticeDesk();

  // Any thread. Before going live: a fresh receiver; gives it half a second to listen.
  void begin(const Show& show);
  // Twice a second or more: ends it some seconds after the show (that may take a second), begins
  // anew for another address.
  void follow(const Show& show, bool live);
  // Of the practice that runs, else of the last one (not running). Any thread.
  LoopBackStatus status() const;

 private:
  void start(const std::string& address);  // with following_ held
  void hear(std::string_view piece);       // child's thread

  Clock& clock_;
  const std::string program_;
  const std::map<std::string, std::string> urls_;
  std::mutex following_;  // taken before mutex_
  MediaTime last_live_;
  std::string address_;  // the one `child_` listens on, or that was found in use
  mutable std::mutex mutex_;
  std::condition_variable heard_first_;
  std::string line_;  // not whole yet
  bool listens_ = false;
  LoopBackStatus heard_;
  MediaTime heard_at_;
  std::unique_ptr<ChildProcess> child_;  // last: its thread calls hear()
};

}  // namespace kakehashi
