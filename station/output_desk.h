// SPDX-License-Identifier: GPL-3.0-or-later
// On air and recording: which outputs are wanted, their runners, and what they report. Starting and
// stopping return at once; runners that are ending are waited for by tidy(), on the supervisor.
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
        url_overrides;          // destination id -> url, from the command line
    std::string record_folder;  // empty: Show's, then the user's video folder
  };
  OutputDesk(Clock& clock, Config config);
  ~OutputDesk();  // ends all outputs cleanly, each within a second

  // The road packets come from; kept until the next set_road or the desk's end.
  void set_road(EncodeRoad* road);

  Status go_live(const Show& show);
  void stop_live();
  // Also the clean recording, when the show wants one: its own encode of the Clean bus (as much
  // CPU as the program's) with the sound of its own bus. If that fails the program is recorded all
  // the same, and the report says so.
  Status start_record(const Show& show);
  void stop_record();
  bool live() const;
  bool recording() const;
  // Where pictures of the Clean bus go while it is recorded; else none.
  std::shared_ptr<BoundedQueue<ProgramPicture>> clean_pictures() const;
  std::shared_ptr<BoundedQueue<AudioBlock>> clean_sound() const;  // and its sound

  // Ends runners that were stopped; on return none of them uses the road any more. May take a
  // second. Any thread: the supervisor, and whoever is about to replace the road.
  void tidy();

  // Fills the parts of a snapshot that belong to outputs and recording.
  void report(const Show& show, MediaTime now, Snapshot& snapshot) const;
  // Picture captured -> handed to the socket, of the first live output; null when none.
  std::shared_ptr<const OutputRunner> first_live() const;
  std::string last_recording() const;

 private:
  struct Running {
    Destination destination;
    std::shared_ptr<OutputRunner> runner;
  };
  Result<std::shared_ptr<OutputRunner>> start(const Destination& destination,
                                              const std::shared_ptr<EncodeRoad>& clean = {});
  Status start_clean_locked(const Show& show, const Destination& program_file);
  void retire_locked(std::vector<Running>& running);

  Clock& clock_;
  const Config config_;
  EncodeRoad* road_ = nullptr;
  std::mutex tidying_;  // taken before mutex_
  mutable std::mutex mutex_;
  std::vector<Running> live_;
  std::vector<Running> record_, clean_;     // one or none each
  std::shared_ptr<EncodeRoad> clean_road_;  // while clean_ runs; its runner keeps it to its end
  Text clean_trouble_;
  std::vector<std::shared_ptr<OutputRunner>> retired_;
  MediaTime live_since_, record_since_;
  std::string last_recording_, last_clean_;
};

// The show's folder if it names one, else $XDG_VIDEOS_DIR/kakehashi, else ~/Videos/kakehashi.
std::string default_record_folder(const Show& show);

}  // namespace kakehashi
