// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/encode_road.h"

#include <algorithm>
#include <chrono>
#include <future>

#include "core/log.h"
#include "core/thread.h"

namespace kakehashi {
namespace {

// The encoder knows nothing of ticks; its packet is nobody else's yet.
PacketPtr stamped(const PacketPtr& packet, const ProgramPicture& picture, MediaTime taken) {
  if (!packet || packet->pts != picture.pts) return packet;  // it holds pictures back
  auto with_stamps = std::make_shared<EncodedPacket>(*packet);
  with_stamps->due = picture.tick;
  with_stamps->mixed = picture.mixed;
  with_stamps->taken = taken;
  return with_stamps;
}

}  // namespace

using namespace std::chrono_literals;

EncodeRoad::EncodeRoad(const EncodeSettings& settings, const Canvas& canvas, Clock& clock)
    : settings_(settings), canvas_(canvas), clock_(clock) {}

Result<std::unique_ptr<EncodeRoad>> EncodeRoad::open(const EncodeSettings& settings,
                                                     const Canvas& canvas, Clock& clock) {
  std::unique_ptr<EncodeRoad> road(new EncodeRoad(settings, canvas, clock));
  // x264 starts its slice threads when it is opened, and they inherit the opener's urgency.
  std::promise<Status> opened;
  road->video_thread_ = std::thread([r = road.get(), &opened] {
    begin_thread("enc.video", Urgency::Encode);
    Status ok = r->open_codecs();
    const bool run = ok.ok();
    opened.set_value(std::move(ok));
    if (run) r->run_video();
  });
  if (Status ok = opened.get_future().get(); !ok) return std::move(ok.error());
  road->audio_thread_ = std::thread([r = road.get()] { r->run_audio(); });
  return road;
}

Status EncodeRoad::open_codecs() {
  auto video = open_video_encoder(settings_, canvas_);
  if (!video) return std::move(video.error()).context("open the picture encoder");
  video_ = std::move(*video);
  auto audio = open_audio_encoder(settings_.audio_kbps);
  if (!audio) return std::move(audio.error()).context("open the sound encoder");
  audio_ = std::move(*audio);
  name_ = video_->name();
  held_ = video_->held_frames();
  stream_ = {canvas_.width,        canvas_.height,      canvas_.rate,       settings_.video_kbps,
             settings_.audio_kbps, video_->extradata(), audio_->extradata()};
  return {};
}

EncodeRoad::~EncodeRoad() {
  pictures_->close();
  sound_->close();
  if (video_thread_.joinable()) video_thread_.join();
  if (audio_thread_.joinable()) audio_thread_.join();
}

void EncodeRoad::attach(std::shared_ptr<OutputRunner> output) {
  {
    const std::lock_guard lock(outputs_mutex_);
    outputs_.push_back(std::move(output));
    takers_ = static_cast<int>(outputs_.size());
  }
  want_keyframe();
}

void EncodeRoad::detach(const OutputRunner* output) {
  const std::lock_guard lock(outputs_mutex_);
  std::erase_if(outputs_, [&](const auto& o) { return o.get() == output; });
  takers_ = static_cast<int>(outputs_.size());
}

void EncodeRoad::hand_out(const PacketPtr& packet) {
  const std::lock_guard lock(outputs_mutex_);
  for (const auto& output : outputs_) output->push(packet);
}

EncodeStatus EncodeRoad::status() const {
  EncodeStatus s;
  s.encoder = name_;
  s.width = stream_.width;
  s.height = stream_.height;
  s.target_kbps = s.most_kbps = settings_.video_kbps;
  s.encode_p50_ms = encode_time_.quantile(0.5).to_milliseconds();
  s.encode_p95_ms = encode_time_.quantile(0.95).to_milliseconds();
  s.held_frames = held_;
  s.skipped_pictures = pictures_->counters().dropped;
  return s;
}

void EncodeRoad::run_video() {
  while (true) {
    auto picture = pictures_->wait_pop(500ms);
    if (picture && anybody()) encode(*picture);
    if (!picture && pictures_->closed()) return;
  }
}

void EncodeRoad::encode(const ProgramPicture& picture) {
  if (half_rate_.load(std::memory_order_relaxed) && picture.number % 2 != 0) return;
  const MediaTime begin = clock_.now();
  if (const int kbps = kbps_wanted_.load(std::memory_order_relaxed); kbps > 0 && kbps != kbps_) {
    video_->set_bitrate(kbps);
    kbps_ = kbps;
  }
  const bool keyframe = keyframe_wanted_.exchange(false);
  auto packet = video_->encode(picture.frame, picture.number, picture.pts, keyframe);
  if (packet) {
    encode_time_.add(clock_.now() - begin);
    hand_out(
        code_.mark(stamped(*packet, picture, begin), *picture.frame, picture.number, picture.tick));
    return;
  }
  // The audience is not left without pictures because a codec stumbled: a fresh one takes over.
  errors_.add();
  log_error("enc.video", packet.error().message);
  keyframe_wanted_ = true;
  kbps_ = 0;  // the fresh one begins with the settings' bitrate
  if (auto fresh = open_video_encoder(settings_, canvas_)) video_ = std::move(*fresh);
}

void EncodeRoad::run_audio() {
  begin_thread("enc.audio",
               Urgency::Mix);  // half a millisecond of work a block, and sound goes first
  std::vector<PacketPtr> ready;
  while (true) {
    auto block = sound_->wait_pop(500ms);
    if (!block && sound_->closed()) return;
    if (!block) continue;
    code_.hear(*block);
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
