// SPDX-License-Identifier: GPL-3.0-or-later
// Recording: the program's file and the clean one, and what they report. Starting and stopping
// return at once; runners that are ending are waited for by tidy(), on the supervisor.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/snapshot.h"
#include "station/encode_road.h"

namespace kakehashi {

class RecordDesk {
 public:
  struct Config {
    std::string folder;  // empty: Show's, then the user's video folder
  };
  RecordDesk(Clock& clock, Config config);
  ~RecordDesk();  // ends the files cleanly, each within a second

  // The road packets come from; kept until the next set_road or the desk's end.
  void set_road(EncodeRoad* road);

  // Also the clean recording, when the show wants one: its own encode of the Clean bus (as much
  // CPU as the program's) with the sound of its own bus. If that fails the program is recorded all
  // the same, and the report says so.
  Status start(const Show& show);
  void stop();
  bool recording() const;
  // Where pictures of the Clean bus go while it is recorded; else none.
  std::shared_ptr<BoundedQueue<ProgramPicture>> clean_pictures() const;
  std::shared_ptr<BoundedQueue<AudioBlock>> clean_sound() const;  // and its sound

  // Ends runners that were stopped; on return none of them uses the road any more. May take a
  // second. Any thread: the supervisor, and whoever is about to replace the road.
  void tidy();

  // Fills the part of a snapshot that belongs to recording.
  void report(const Show& show, MediaTime now, Snapshot& snapshot) const;
  std::string last_recording() const;

 private:
  struct File {
    Destination destination;
    std::shared_ptr<OutputRunner> runner;
  };
  std::string folder_of(const Show& show) const;
  File open_file(Destination destination, EncodeRoad& road,
                 const std::shared_ptr<EncodeRoad>& keeps = {});
  Status start_clean_locked(const Show& show, const Destination& program_file);
  void retire_locked(std::vector<File>& files, std::string& last);

  Clock& clock_;
  const Config config_;
  EncodeRoad* road_ = nullptr;
  std::mutex tidying_;  // taken before mutex_
  mutable std::mutex mutex_;
  std::vector<File> program_, clean_;       // one or none each
  std::shared_ptr<EncodeRoad> clean_road_;  // while clean_ runs; its runner keeps it to its end
  Text clean_trouble_;
  std::vector<std::shared_ptr<OutputRunner>> retired_;
  MediaTime since_;
  std::string last_program_, last_clean_;
};

// The show's folder if it names one, else $XDG_VIDEOS_DIR/kakehashi, else ~/Videos/kakehashi.
std::string default_record_folder(const Show& show);

}  // namespace kakehashi
