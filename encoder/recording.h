// SPDX-License-Identifier: GPL-3.0-or-later
// Recording to files: what the file's thread tells, what it is told, and what is done with a file
// afterwards.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "encoder/chapters.h"
#include "encoder/disk_writer.h"
#include "encoder/output.h"

namespace kakehashi {

// Bytes that decode by themselves: [0, header) and [from, to). They begin with a keyframe.
struct Fragment {
  std::uint64_t header = 0, from = 0, to = 0;
  Duration end;  // of the file's time
};

// One file of a recording. There are several when a disk failed on the way.
struct RecordingFile {
  std::string path;
  bool second = false;  // in the second folder
  // When its time began, on the session's clock (RecordingWatch::epoch); zero: nothing in it yet.
  MediaTime zero;
  Duration length;
  std::uint64_t written = 0;     // the disk has taken
  std::size_t behind = 0;        // bytes that wait for the disk
  std::optional<Fragment> last;  // the newest whole one
  bool ended = false;            // closed, by us or by its disk
  bool whole = false;            // closed with its index
};

// Between the file's thread and its desk. Any thread; nothing here waits for a disk.
class RecordingWatch {
 public:
  void opened(const std::string& path, bool second);
  void change(const std::function<void(RecordingFile&)>& by);  // the newest file
  void drop_file();                                            // nothing came into the newest one
  std::vector<RecordingFile> files() const;

  void set_markers(std::vector<Marker> markers);
  std::vector<Marker> markers() const;

  // 0 first folder, 1 second: where the next file is tried first.
  int folder() const { return folder_.load(); }
  void give_up(int folder) { folder_ = folder == 0 ? 1 : 0; }

  // All set before the first file.
  DiskCalls disk = usual_disk_calls();
  std::size_t room = DiskWriter::kRoom;
  MediaTime epoch;  // of packets' pts; none: a file begins when its first packet was encoded

 private:
  mutable std::mutex mutex_;
  std::vector<RecordingFile> files_;
  std::vector<Marker> markers_;
  std::atomic<int> folder_{0};
};

// The table's row "mkv" or "fmp4", watched. With a second folder a file that fails, or whose disk
// hangs or is too slow, is left where it is and goes on there, from the next keyframe in the queue.
OutputKind recording_kind(RecordFormat format, std::shared_ptr<RecordingWatch> watch);

// Reads the fragment from the disk and decodes it: the pictures in it. An error: it does not
// decode.
Result<int> check_fragment(const std::string& path, const Fragment& fragment);

// A recording as an MP4 that starts at once, with chapters, streams copied as they are. A recording
// that was cut off is taken as far as it goes. Written beside as "<to>.part", synced, renamed;
// never over an existing file. Blocks for as long as copying takes; `stop` ends it and leaves
// nothing.
struct Finalised {
  Duration length;
  std::uint64_t bytes = 0;
};
Result<Finalised> finalise_recording(const std::string& from, const std::string& to,
                                     const std::function<std::vector<Chapter>(Duration)>& chapters,
                                     const std::atomic<bool>& stop);

}  // namespace kakehashi
