// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/encode_road.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "core/log.h"
#include "station/thread.h"

namespace kakehashi {

using namespace std::chrono_literals;

EncodeRoad::EncodeRoad(const EncodeSettings& settings, const Canvas& canvas, Clock& clock)
    : settings_(settings), canvas_(canvas), clock_(clock) {}

Result<std::unique_ptr<EncodeRoad>> EncodeRoad::open(const EncodeSettings& settings,
                                                     const Canvas& canvas, Clock& clock) {
  // x264 starts its own threads while it is opened, and they keep the urgency of the one that does.
  std::optional<Result<std::unique_ptr<VideoEncoder>>> opened;
  std::thread([&] {
    begin_thread("enc.video", Urgency::Encode);
    opened = open_video_encoder(settings, canvas);
  }).join();
  auto& video = *opened;
  if (!video) return std::move(video.error()).context("open the picture encoder");
  auto audio = open_audio_encoder(settings.audio_kbps);
  if (!audio) return std::move(audio.error()).context("open the sound encoder");
  std::unique_ptr<EncodeRoad> road(new EncodeRoad(settings, canvas, clock));
  road->video_ = std::move(*video);
  road->audio_ = std::move(*audio);
  road->name_ = road->video_->name();
  road->held_ = road->video_->held_frames();
  road->stream_ = {canvas.width,
                   canvas.height,
                   canvas.rate,
                   settings.video_kbps,
                   settings.audio_kbps,
                   road->video_->extradata(),
                   road->audio_->extradata()};
  road->video_thread_ = std::thread([r = road.get()] { r->run_video(); });
  road->audio_thread_ = std::thread([r = road.get()] { r->run_audio(); });
  return road;
}

EncodeRoad::~EncodeRoad() {
  pictures_.close();
  sound_.close();
  if (video_thread_.joinable()) video_thread_.join();
  if (audio_thread_.joinable()) audio_thread_.join();
}

void EncodeRoad::attach(std::shared_ptr<OutputRunner> output) {
  {
    const std::lock_guard lock(outputs_mutex_);
    outputs_.push_back(std::move(output));
    outputs_count_ = static_cast<int>(outputs_.size());
  }
  want_keyframe();
}

void EncodeRoad::detach(const OutputRunner* output) {
  const std::lock_guard lock(outputs_mutex_);
  std::erase_if(outputs_, [&](const auto& o) { return o.get() == output; });
  outputs_count_ = static_cast<int>(outputs_.size());
}

void EncodeRoad::hand_out(const PacketPtr& packet) {
  const std::lock_guard lock(outputs_mutex_);
  for (const auto& output : outputs_) output->push(packet);
}

void EncodeRoad::run_video() {
  begin_thread("enc.video", Urgency::Encode);
  while (true) {
    auto picture = pictures_.wait_pop(500ms);
    if (picture && anybody()) encode(*picture);
    if (!picture && pictures_.closed()) return;
  }
}

void EncodeRoad::encode(const ProgramPicture& picture) {
  const MediaTime begin = clock_.now();
  const bool keyframe = keyframe_wanted_.exchange(false);
  auto packet = video_->encode(picture.frame, picture.number, keyframe);
  if (packet) {
    encode_time_.add(clock_.now() - begin);
    hand_out(*packet);
    return;
  }
  // The audience is not left without pictures because a codec stumbled: a fresh one takes over.
  errors_.add();
  log_error("enc.video", packet.error().message);
  keyframe_wanted_ = true;
  if (auto fresh = open_video_encoder(settings_, canvas_)) video_ = std::move(*fresh);
}

void EncodeRoad::run_audio() {
  begin_thread("enc.audio", Urgency::Encode);
  std::vector<PacketPtr> ready;
  while (true) {
    auto block = sound_.wait_pop(500ms);
    if (!block && sound_.closed()) return;
    if (!block) continue;
    // Encoded also when nobody listens: it costs half a percent of a core, and the stream's sound
    // then starts at once and without the codec's attack.
    ready.clear();
    if (const auto ok = audio_->encode(*block, ready); !ok) {
      errors_.add();
      log_error("enc.audio", ok.error().message);
      if (auto fresh = open_audio_encoder(settings_.audio_kbps)) audio_ = std::move(*fresh);
      continue;
    }
    for (const auto& packet : ready) hand_out(packet);
  }
}

}  // namespace kakehashi
