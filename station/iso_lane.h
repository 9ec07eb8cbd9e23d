// SPDX-License-Identifier: GPL-3.0-or-later
// One input's own recording, as it came: pictures at their own size and pace (H.264, constant
// quality), sound before its strip (FLAC), both on the session's clock, with the input's privacy
// masks and its lip-sync delay. In the time of the program: what was captured at the same moment
// stands at the same time in both files.
//
// A thread of its own ("iso.<input>"), of lowest urgency, takes from the tap, encodes and hands on
// to the file's threads. Nobody waits for it: what it is too slow for is left out and counted.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "capture/audio_sync.h"
#include "core/clock.h"
#include "core/published.h"
#include "core/show.h"
#include "core/snapshot.h"
#include "encoder/audio_encoder.h"
#include "encoder/output.h"
#include "encoder/recording.h"
#include "encoder/video_encoder.h"
#include "station/iso_picture.h"
#include "station/iso_tap.h"

namespace kakehashi {

class IsoLane {
 public:
  struct Config {
    Clock* clock = nullptr;
    MediaTime epoch;  // the session's zero
    Rate nominal;     // of a source whose pace is not known yet
    RecordFormat format = RecordFormat::Mkv;
    std::string folder, second_folder, event;
    DiskCalls disk = usual_disk_calls();
  };
  IsoLane(Config config, const Input& input);
  ~IsoLane();  // stop(), then waits until it has ended: about a second

  const std::shared_ptr<IsoTap>& tap() const { return tap_; }
  const std::shared_ptr<RecordingWatch>& watch() const { return watch_; }
  const std::string& input() const { return id_; }
  bool has_pictures() const { return pictures_; }

  // Any thread. The input as the event has it from now on (masks, delay), and its pace: 0 while it
  // is not known.
  void follow(const Input& input, double fps);
  // Until then no pictures are encoded; sound goes on.
  void rest_until(MediaTime when) { rest_until_ = when.ns; }
  bool rests(MediaTime now) const { return now.ns < rest_until_.load(); }
  void stop();  // returns at once
  bool ended() const { return *ended_; }
  // Outlives the lane; turns true once it opens no further file.
  std::shared_ptr<const std::atomic<bool>> ended_flag() const { return ended_; }
  IsoStatus status(MediaTime now) const;

 private:
  struct Now {
    Input input;
    double fps = 0;
  };
  void run();
  void take_all(MediaTime now);
  void take_sound(Duration until);
  void write_sound(Duration until);
  void take_picture(FramePtr frame, MediaTime now);
  void repeat_picture(Duration here);
  void write_picture(const FramePtr& picture, Duration pts);
  bool open_pictures(const FramePtr& picture);
  void open_file(const StreamDescription& stream);
  void close_file();
  void judge_pace(MediaTime now);
  void say(Text trouble);

  const Config config_;
  const std::string id_;
  const Text name_;
  const bool pictures_, sound_;
  const std::shared_ptr<IsoTap> tap_ = std::make_shared<IsoTap>();
  const std::shared_ptr<RecordingWatch> watch_ = std::make_shared<RecordingWatch>();
  const MediaTime since_;

  Published<Now> now_;
  std::atomic<std::int64_t> rest_until_{0}, stop_at_{0};
  const std::shared_ptr<std::atomic<bool>> ended_ = std::make_shared<std::atomic<bool>>(false);
  // The runner's threads may outlive us where a disk hangs.
  const std::shared_ptr<std::atomic<bool>> keyframe_wanted_ =
      std::make_shared<std::atomic<bool>>(true);
  Counter lost_;  // pictures that came and are in no file, but for the tap's

  // The lane's own.
  std::shared_ptr<const Now> using_;
  IsoPicture maker_;
  std::unique_ptr<VideoEncoder> video_;
  MediaTime again_;  // no encoder is opened before
  FrameInfo shape_;  // of the open file
  FramePtr last_;
  Duration last_pts_;
  std::int64_t last_number_ = -1;
  std::optional<AudioSync> sync_;
  Duration delay_;
  std::unique_ptr<AudioEncoder> audio_;
  std::int64_t position_ = 0;  // of the next block
  std::vector<PacketPtr> ready_;
  MediaTime judged_;
  std::uint64_t came_ = 0, missed_ = 0, written_ = 0;  // when last judged

  mutable std::mutex mutex_;
  std::shared_ptr<OutputRunner> runner_;
  std::uint64_t dropped_before_ = 0;  // by files that are closed
  std::string path_;
  Text trouble_, pace_;

  std::thread thread_;
};

// The usual rate nearest to a measured one; `nominal` where nothing was measured.
Rate usual_rate(double fps, Rate nominal);

}  // namespace kakehashi
