// SPDX-License-Identifier: GPL-3.0-or-later
// Program -> packets -> every output. Two threads, enc.video and enc.audio, own the codecs; one
// encode is shared by all outputs. While nobody takes packets, pictures are let go of unencoded.
//
// Sound and picture leave in the order they are ready; neither waits for the other. An encoder that
// turns out too slow is replaced on air by one with the next faster preset, made beside it and
// taking over with an IDR: no picture is missing. A GPU that fails is replaced by the processor.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/bounded_queue.h"
#include "core/clock.h"
#include "core/published.h"
#include "core/result.h"
#include "core/snapshot.h"
#include "core/stats.h"
#include "encoder/audio_encoder.h"
#include "encoder/caption_sei.h"
#include "encoder/encoder_choice.h"
#include "encoder/output.h"
#include "encoder/preset_ladder.h"
#include "encoder/video_encoder.h"
#include "station/picture_scaler.h"
#include "station/practice_code.h"
#include "station/stage.h"

namespace kakehashi {

// The caption lines on program, for encodes that carry them as CEA-608/708.
using CaptionTrack = Published<std::vector<std::string>>;

struct EncodeRoadOptions {
  std::shared_ptr<const CaptionTrack> captions = {};  // none: no captions
  Duration busy = {};  // p95 of the encodes that already run on the processor
  // For tests; none: encoder_choice.h and video_encoder.h.
  std::function<EncoderChoice(const EncodeSettings&, const Canvas&, Duration busy)> choose = {};
  std::function<Result<std::unique_ptr<VideoEncoder>>(const EncodeSettings&, const Canvas&)>
      open_video = {};
};

class EncodeRoad {
 public:
  static Result<std::unique_ptr<EncodeRoad>> open(const EncodeSettings& settings,
                                                  const Canvas& canvas, Clock& clock,
                                                  EncodeRoadOptions options = {});
  ~EncodeRoad();

  // 4, then the newest is skipped and counted. May outlive the road: nobody takes from it then.
  const std::shared_ptr<BoundedQueue<ProgramPicture>>& picture_queue() const { return pictures_; }
  BoundedQueue<ProgramPicture>& pictures() { return *pictures_; }
  // 1 s, then the newest is refused and counted. May outlive the road likewise.
  const std::shared_ptr<BoundedQueue<AudioBlock>>& sound_queue() const { return sound_; }
  BoundedQueue<AudioBlock>& sound() { return *sound_; }

  // As it began; keyframes carry newer headers (EncodedPacket::headers).
  const StreamDescription& stream() const { return stream_; }
  // `practice`: may be given the practice note; an audience or a file never gets it, whatever is
  // switched when.
  void attach(std::shared_ptr<OutputRunner> output, bool practice = false);
  void detach(const OutputRunner* output);
  // Any thread, from the next picture on:
  void want_keyframe() { keyframe_wanted_ = true; }  // it becomes an IDR
  // On the wire, also at half rate. Without effect with constant quality.
  void set_bitrate(int kbps) { kbps_wanted_.store(kbps, std::memory_order_relaxed); }
  // Only every second picture is encoded: for a line below its floor.
  void set_half_rate(bool on) { half_rate_.store(on, std::memory_order_relaxed); }
  // H.264 pictures carry the practice note (station/practice_code.h).
  void set_practice_code(bool on) { code_.set(on && settings_.codec == VideoCodec::H264); }

  EncodeStatus status() const;  // without id and name. Any thread
  // p95 of its pictures while it encodes on the processor, else zero. Any thread.
  Duration load() const;
  int held_frames() const { return held_; }
  std::string encoder_name() const;
  const LatencyHistogram& encode_time() const { return encode_time_; }
  std::uint64_t encode_errors() const { return errors_.get(); }

 private:
  EncodeRoad(const EncodeSettings& settings, const Canvas& canvas, Clock& clock,
             EncodeRoadOptions options);
  Status open_codecs();
  void run_video();
  void run_audio();
  void encode(const ProgramPicture& picture);
  void prepare(const ProgramPicture& picture);
  void follow_bitrate();
  void begin_step();
  void take_over(std::unique_ptr<VideoEncoder> fresh, EncodeSettings settings, Text why);
  void replace_failed();
  void hand_out(const PacketPtr& packet, const PacketPtr& noted);  // `noted`: for practices
  bool anybody() const { return takers_.load(std::memory_order_relaxed) > 0; }

  const EncodeSettings settings_;  // as wished
  const Canvas canvas_;            // of the encode: its own size
  Clock& clock_;
  const EncodeRoadOptions options_;
  const std::shared_ptr<BoundedQueue<ProgramPicture>> pictures_ =
      std::make_shared<BoundedQueue<ProgramPicture>>(4, WhenFull::Refuse);
  const std::shared_ptr<BoundedQueue<AudioBlock>> sound_ =
      std::make_shared<BoundedQueue<AudioBlock>>(100, WhenFull::Refuse);

  // enc.video's
  std::unique_ptr<VideoEncoder> video_;
  EncodeSettings now_;  // of video_
  std::optional<PictureScaler> scaler_;
  std::optional<CaptionWriter> caption_writer_;
  OverloadWatch overload_;
  int kbps_ = 0;  // what video_ was told
  bool half_ = false;
  std::uint64_t cuts_ = 0;
  std::thread stepping_;  // opens a faster encoder

  std::unique_ptr<AudioEncoder> audio_;  // enc.audio's
  StreamDescription stream_;
  int held_ = -1;

  struct Fresh {
    std::unique_ptr<VideoEncoder> encoder;
    EncodeSettings settings;
  };
  std::mutex fresh_mutex_;
  std::optional<Fresh> fresh_;  // ready to take over
  std::atomic<bool> stepping_now_{false};

  mutable std::mutex status_mutex_;
  std::string name_;
  Text why_;
  bool carries_captions_ = false, on_processor_ = true;
  Duration measured_;  // by the choice, until there are pictures of its own

  std::mutex outputs_mutex_;  // held while packets are pushed; a push never waits
  struct Taker {
    std::shared_ptr<OutputRunner> output;
    bool practice = false;
  };
  std::vector<Taker> outputs_;
  std::atomic<int> takers_{0};  // of pictures
  std::atomic<bool> keyframe_wanted_{true};
  PracticeCode code_;
  std::atomic<int> kbps_wanted_{0};  // 0: as in the settings
  std::atomic<bool> half_rate_{false};
  LatencyHistogram encode_time_;
  Counter errors_, steps_down_;
  std::thread video_thread_, audio_thread_;
};

// The size of an encode of this canvas: even, the canvas's own shape where one side is left open.
Canvas encode_canvas(const EncodeSettings& settings, const Canvas& canvas);

}  // namespace kakehashi
