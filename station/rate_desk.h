// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps every encode within what its line carries, and says so. Each encode follows one line, the
// one that leads: the destination marked so while it is connected, else the first connected one,
// spare lines last. The other lines of that encode only leave pictures out when they are too thin.
//
// A thread of its own ("rate") looks every 100 ms; without start() a test steps it by hand.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/clock.h"
#include "core/show.h"
#include "core/snapshot.h"
#include "encoder/rate_control.h"

namespace kakehashi {

class EncodeRoad;
class OutputRunner;

// One live destination on air.
struct RateLine {
  std::string id;      // of the destination
  std::string encode;  // whose packets it sends; empty: the main one
  bool leads = false;  // Destination::lead
  bool spare = false;  // Destination::backup_of says so
  RateLimits limits;   // of its encode
  std::function<LineSample(MediaTime)> look;
  std::function<void(const RateDecision&)> apply;  // to its encode
};
// Holds runner and road as long as it lives.
RateLine rate_line(const Destination& destination, std::shared_ptr<EncodeRoad> road,
                   std::shared_ptr<const OutputRunner> runner);

class RateDesk {
 public:
  // `lines`: what is on air now; asked at every look, on the desk's thread. An encode whose last
  // line goes gets its whole bitrate back.
  RateDesk(Clock& clock, std::function<std::vector<RateLine>()> lines);
  ~RateDesk();
  void start();
  void step(MediaTime now);

  // Fills lead, line, delivered_kbps and (where there is none) the reason of the snapshot's
  // outputs, target_kbps and half_rate of its encodes. Any thread.
  void report(Snapshot& snapshot) const;

 private:
  struct Line {
    LineWatch watch;
    std::string encode;
    std::uint64_t dropped = 0;
    MediaTime dropped_at;
    LineWord word = LineWord::None;
    bool seen = false;
  };
  struct Encode {
    explicit Encode(const RateLimits& l) : limits(l), control(l) {}
    RateLimits limits;
    RateControl control;
    std::string leader;
    std::function<void(const RateDecision&)> apply;
    bool seen = false;
  };
  void look_at(const RateLine& line, MediaTime now);
  void judge(const std::string& id, Line& line, MediaTime now);
  void run();

  Clock& clock_;
  const std::function<std::vector<RateLine>()> lines_of_;
  mutable std::mutex mutex_;  // of all below
  std::condition_variable wake_;
  std::map<std::string, Line> lines_;
  std::map<std::string, Encode> encodes_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace kakehashi
