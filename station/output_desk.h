// SPDX-License-Identifier: GPL-3.0-or-later
// Where the program goes: which destinations are wanted, their runners, and what they report. Each
// names its encode; those of one encode get the same packets. Beside them the kinds that take bare
// pictures (a virtual camera): they run while the event is open and they are switched on, on air or
// not, because a web meeting looks for its camera before the event begins.
//
// Starting and stopping return at once (a further encode's opening excepted); runners that are
// ending are waited for by tidy(), on the supervisor.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/secret.h"
#include "core/snapshot.h"
#include "encoder/raw_output.h"
#include "station/encode_roads.h"

namespace kakehashi {

// A destination on air. `road` is held as long as the runner is attached to it; null where the
// destination could not be started: `trouble` says why.
struct LiveLine {
  Destination destination;
  std::shared_ptr<EncodeRoad> road;
  std::shared_ptr<OutputRunner> runner;
  Text trouble;
};

class OutputDesk {
 public:
  struct Config {
    std::map<std::string, Secret> secrets;  // by key_name
    std::map<std::string, std::string>
        url_overrides;  // destination id -> url, from the command line
  };
  OutputDesk(Clock& clock, Config config);
  ~OutputDesk();  // ends all outputs cleanly, each within a second

  // The roads packets come from; kept until the next set_roads or the desk's end.
  void set_roads(EncodeRoads* roads);
  // The show whose destinations these are now. Another event forgets what was switched by hand;
  // what is on air stays on air.
  void set_show(const Show& show);

  // Every destination switched on. One that cannot start (no key) is shown as failed and keeps no
  // other from starting; refused only when none can.
  Status go_live();
  void stop_live();
  bool live() const;
  // Live: connects or ends it now; else go_live() means it, or not. The last one on air is not
  // switched off: that is stop_live().
  Status switch_destination(const std::string& id, bool on);

  // Buses that raw kinds want drawn, and their pictures (thread "venue"; waits for nobody).
  BusSet wanted_buses() const;
  void show_pictures(const std::array<FramePtr, kBuses>& pictures);

  // Ends runners that were stopped; on return none of them uses the roads any more. May take a
  // second. Any thread: the supervisor, and whoever is about to replace the roads.
  void tidy();

  // Fills the parts of a snapshot that belong to outputs.
  void report(MediaTime now, Snapshot& snapshot) const;
  // Picture captured -> handed to the socket, of the first live output; null when none.
  std::shared_ptr<const OutputRunner> first_live() const;
  // What runs, in the show's order; for the rate desk.
  std::vector<LiveLine> lines() const;

 private:
  struct Camera {
    Destination destination;
    std::shared_ptr<RawRunner> runner;
  };
  bool wanted(const Destination& destination) const;
  Result<OutputConfig> configure(const Destination& destination) const;
  LiveLine start(const Destination& destination);
  void retire_locked(LiveLine& line);
  void arrange_cameras_locked();

  Clock& clock_;
  const Config config_;
  EncodeRoads* roads_ = nullptr;
  std::mutex tidying_;  // taken before mutex_
  mutable std::mutex mutex_;
  std::string event_;
  Canvas canvas_;
  std::vector<Destination> destinations_;
  std::map<std::string, bool> switched_;  // by hand
  bool on_air_ = false;
  std::vector<LiveLine> live_;
  std::vector<LiveLine> retired_;
  MediaTime live_since_;

  mutable std::mutex cameras_mutex_;  // taken after mutex_; held for moments only
  std::vector<Camera> cameras_;
  std::vector<std::shared_ptr<RawRunner>> retired_cameras_;
};

// The destination an encode's bitrate follows: the one that says so, else the first that is wanted
// and no spare line. Empty: none.
std::string leading_line(const std::vector<Destination>& wanted, const std::string& encode);

}  // namespace kakehashi
