// SPDX-License-Identifier: GPL-3.0-or-later
// Recording: the program's file, the clean one and those of single inputs (IsoDesk), their markers,
// and what they report. Starting and stopping return at once; runners that are ending are waited
// for by tidy(), on the supervisor.
//
// A thread of its own ("record") does all that touches the disk: room, proof that what was written
// decodes, sidecars. A disk that hangs holds up that thread alone; the lamp then says so.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/command.h"
#include "core/snapshot.h"
#include "station/encode_roads.h"
#include "station/finaliser.h"
#include "station/iso_desk.h"
#include "station/record_take.h"

namespace kakehashi {

class RecordDesk {
 public:
  struct Config {
    std::string folder;  // empty: Show's, then the user's video folder
    DiskCalls disk = usual_disk_calls();
    MediaTime epoch;  // the session's zero: what packets' and pictures' times count from
    Duration iso_rest = IsoDesk::kRest;  // the first
  };
  RecordDesk(Clock& clock, Config config);
  ~RecordDesk();  // ends the files cleanly, each within a second

  // The roads packets come from; kept until the next set_roads or the desk's end.
  void set_roads(EncodeRoads* roads);
  // Looks for recordings that a crash left unfinished, in the folders of this event.
  void recover(const Show& show);

  // By the encode the show names, else the main one. Also the clean recording, when the show wants
  // one: its own encode of the Clean bus (as much CPU as the program's) with the sound of its own
  // bus. If that fails the program is recorded all the same, and the report says so.
  Status start(const Show& show);
  void stop();
  bool recording() const;
  // Before the mixer gets this stage: single inputs that are recorded are taken from its feeds.
  void follow(const Stage& stage) { iso_.follow(stage, clock_.now()); }
  // The programme was late or left something out: single inputs are given up first.
  void spare_programme() { iso_.spare_programme(clock_.now()); }
  Status mark(const Mark& wish);  // refused while nothing is recorded
  // Where pictures of the Clean bus go while it is recorded; else none.
  std::shared_ptr<BoundedQueue<ProgramPicture>> clean_pictures() const;
  std::shared_ptr<BoundedQueue<AudioBlock>> clean_sound() const;  // and its sound

  // Ends runners that were stopped; on return none of them uses a road any more. May take a
  // second. Any thread: the supervisor, and whoever is about to replace the roads.
  void tidy();

  // Fills the part of a snapshot that belongs to recording.
  void report(const Show& show, MediaTime now, Snapshot& snapshot) const;
  std::string last_recording() const;

 private:
  struct File {
    std::shared_ptr<EncodeRoad> road;
    std::shared_ptr<OutputKind> row;  // outlives its runner
    std::shared_ptr<RecordingWatch> watch;
    std::shared_ptr<OutputRunner> runner;
  };
  // What the "record" thread found out.
  struct Facts {
    std::string folder;        // that free_bytes is of
    double free_bytes = -1;    // -1: not known
    MediaTime checked, grown;  // when last
    std::uint64_t written = 0;
    std::string proven_path;
    Duration proven_end;  // of that file's time
    bool decodes = false;
  };
  std::string folder_of(const Show& show) const;
  File open_file(const Show& show, std::shared_ptr<EncodeRoad> road, bool clean);
  Result<std::shared_ptr<EncodeRoad>> open_clean(const Show& show) const;
  void start_iso_locked(const Show& show);
  void retire_locked(std::vector<File>& files, std::string& last);
  void note_markers_locked();

  void run();
  void measure_space();
  void prove();
  void write_sidecars();
  void hand_over_ended();

  Clock& clock_;
  const Config config_;
  EncodeRoads* roads_ = nullptr;
  std::mutex tidying_;  // taken before mutex_
  mutable std::mutex mutex_;
  std::vector<File> program_, clean_;  // one or none each
  Text clean_trouble_, encode_trouble_;
  std::vector<File> retired_;
  std::shared_ptr<RecordTake> take_;                    // while recording
  std::vector<std::shared_ptr<RecordTake>> iso_takes_;  // likewise, one for each single input
  std::vector<std::shared_ptr<RecordTake>> old_;        // whose files are not all closed and noted
  bool off_record_ = false;                             // the last recording ended within a span
  std::string last_program_, last_clean_;
  mutable std::string wanted_folder_;  // whose room the report wants to know
  Facts facts_;
  std::map<std::string, std::string> sidecars_;  // as written, by path; the thread's own

  IsoDesk iso_;
  Finaliser finaliser_;
  std::condition_variable wake_;
  bool ending_ = false;
  std::thread thread_;
};

// The show's folder if it names one, else $XDG_VIDEOS_DIR/kakehashi, else ~/Videos/kakehashi.
std::string default_record_folder(const Show& show);

}  // namespace kakehashi
