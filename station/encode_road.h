// SPDX-License-Identifier: GPL-3.0-or-later
// Program -> packets -> every output. Two threads, enc.video and enc.audio, own the codecs; one
// encode is shared by all outputs. While nobody takes packets, pictures are let go of unencoded.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/bounded_queue.h"
#include "core/clock.h"
#include "core/result.h"
#include "core/snapshot.h"
#include "core/stats.h"
#include "encoder/audio_encoder.h"
#include "encoder/output.h"
#include "encoder/video_encoder.h"
#include "station/practice_code.h"
#include "station/stage.h"

namespace kakehashi {

class EncodeRoad {
 public:
  static Result<std::unique_ptr<EncodeRoad>> open(const EncodeSettings& settings,
                                                  const Canvas& canvas, Clock& clock);
  ~EncodeRoad();

  // 4, then the newest is skipped and counted. May outlive the road: nobody takes from it then.
  const std::shared_ptr<BoundedQueue<ProgramPicture>>& picture_queue() const { return pictures_; }
  BoundedQueue<ProgramPicture>& pictures() { return *pictures_; }
  // 1 s, then the newest is refused and counted. May outlive the road likewise.
  const std::shared_ptr<BoundedQueue<AudioBlock>>& sound_queue() const { return sound_; }
  BoundedQueue<AudioBlock>& sound() { return *sound_; }

  const StreamDescription& stream() const { return stream_; }
  void attach(std::shared_ptr<OutputRunner> output);
  void detach(const OutputRunner* output);
  // Any thread, from the next picture on:
  void want_keyframe() { keyframe_wanted_ = true; }  // it becomes an IDR
  void set_bitrate(int kbps) { kbps_wanted_.store(kbps, std::memory_order_relaxed); }
  // Only every second picture is encoded: for a line below its floor.
  void set_half_rate(bool on) { half_rate_.store(on, std::memory_order_relaxed); }
  // H.264 pictures carry the practice note (station/practice_code.h).
  void set_practice_code(bool on) { code_.set(on && settings_.codec == VideoCodec::H264); }

  EncodeStatus status() const;  // without id and name. Any thread
  int held_frames() const { return held_; }
  const std::string& encoder_name() const { return name_; }
  const LatencyHistogram& encode_time() const { return encode_time_; }
  std::uint64_t encode_errors() const { return errors_.get(); }

 private:
  EncodeRoad(const EncodeSettings& settings, const Canvas& canvas, Clock& clock);
  Status open_codecs();
  void run_video();
  void run_audio();
  void encode(const ProgramPicture& picture);
  void hand_out(const PacketPtr& packet);
  bool anybody() const { return takers_.load(std::memory_order_relaxed) > 0; }

  const EncodeSettings settings_;
  const Canvas canvas_;
  Clock& clock_;
  const std::shared_ptr<BoundedQueue<ProgramPicture>> pictures_ =
      std::make_shared<BoundedQueue<ProgramPicture>>(4, WhenFull::Refuse);
  const std::shared_ptr<BoundedQueue<AudioBlock>> sound_ =
      std::make_shared<BoundedQueue<AudioBlock>>(100, WhenFull::Refuse);
  std::unique_ptr<VideoEncoder> video_;
  std::unique_ptr<AudioEncoder> audio_;
  StreamDescription stream_;
  std::string name_;
  int held_ = -1;
  std::mutex outputs_mutex_;  // held while packets are pushed; a push never waits
  std::vector<std::shared_ptr<OutputRunner>> outputs_;
  std::atomic<int> takers_{0};  // of pictures
  std::atomic<bool> keyframe_wanted_{true};
  PracticeCode code_;
  std::atomic<int> kbps_wanted_{0};  // 0: as in the settings
  std::atomic<bool> half_rate_{false};
  int kbps_ = 0;  // enc.video's: what video_ was told
  LatencyHistogram encode_time_;
  Counter errors_;
  std::thread video_thread_, audio_thread_;
};

}  // namespace kakehashi
