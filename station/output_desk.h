// SPDX-License-Identifier: GPL-3.0-or-later
// On air: which destinations are wanted, their runners, and what they report. Starting and stopping
// return at once; runners that are ending are waited for by tidy(), on the supervisor.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/secret.h"
#include "core/snapshot.h"
#include "station/encode_road.h"

namespace kakehashi {

class OutputDesk {
 public:
  struct Config {
    std::map<std::string, Secret> secrets;  // by key_name
    std::map<std::string, std::string>
        url_overrides;  // destination id -> url, from the command line
  };
  OutputDesk(Clock& clock, Config config);
  ~OutputDesk();  // ends all outputs cleanly, each within a second

  // The road packets come from; kept until the next set_road or the desk's end.
  void set_road(EncodeRoad* road);

  Status go_live(const Show& show);
  void stop_live();
  bool live() const;

  // Ends runners that were stopped; on return none of them uses the road any more. May take a
  // second. Any thread: the supervisor, and whoever is about to replace the road.
  void tidy();

  // Fills the parts of a snapshot that belong to outputs.
  void report(const Show& show, MediaTime now, Snapshot& snapshot) const;
  // Picture captured -> handed to the socket, of the first live output; null when none.
  std::shared_ptr<const OutputRunner> first_live() const;

 private:
  struct Running {
    Destination destination;
    std::shared_ptr<OutputRunner> runner;
  };
  Result<std::shared_ptr<OutputRunner>> start(const Destination& destination);
  void retire_locked(std::vector<Running>& running);

  Clock& clock_;
  const Config config_;
  EncodeRoad* road_ = nullptr;
  std::mutex tidying_;  // taken before mutex_
  mutable std::mutex mutex_;
  std::vector<Running> live_;
  std::vector<std::shared_ptr<OutputRunner>> retired_;
  MediaTime live_since_;
};

}  // namespace kakehashi
