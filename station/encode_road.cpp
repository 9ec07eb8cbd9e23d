// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/encode_road.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <future>

#include "core/log.h"
#include "core/thread.h"

namespace kakehashi {

using namespace std::chrono_literals;
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

int even(double length) { return std::max(16, static_cast<int>(std::lround(length / 2)) * 2); }

EncodeRoadOptions with_defaults(EncodeRoadOptions options) {
  if (!options.choose) options.choose = choose_encoder;
  if (!options.open_video)
    options.open_video = [](const EncodeSettings& settings, const Canvas& canvas) {
      return open_video_encoder(settings, canvas);
    };
  return options;
}

}  // namespace

Canvas encode_canvas(const EncodeSettings& settings, const Canvas& canvas) {
  Canvas size = canvas;
  if (settings.width <= 0 && settings.height <= 0) return size;
  const double shape = static_cast<double>(canvas.width) / canvas.height;
  size.width = even(settings.width > 0 ? settings.width : settings.height * shape);
  size.height = even(settings.height > 0 ? settings.height : settings.width / shape);
  return size;
}

EncodeRoad::EncodeRoad(const EncodeSettings& settings, const Canvas& canvas, Clock& clock,
                       EncodeRoadOptions options)
    : settings_(settings),
      canvas_(encode_canvas(settings, canvas)),
      clock_(clock),
      options_(with_defaults(std::move(options))),
      overload_(canvas.rate.valid() ? canvas.rate.period() : Duration::milliseconds(33)) {
  if (canvas_.width != canvas.width || canvas_.height != canvas.height) scaler_.emplace(canvas_);
  if (options_.captions && settings.captions && canvas.rate.valid())
    caption_writer_.emplace(canvas.rate);
}

Result<std::unique_ptr<EncodeRoad>> EncodeRoad::open(const EncodeSettings& settings,
                                                     const Canvas& canvas, Clock& clock,
                                                     EncodeRoadOptions options) {
  std::unique_ptr<EncodeRoad> road(new EncodeRoad(settings, canvas, clock, std::move(options)));
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
  EncoderChoice choice = options_.choose(settings_, canvas_, options_.busy);
  auto video = options_.open_video(choice.settings, canvas_);
  if (!video) return std::move(video.error()).context("open the picture encoder");
  auto audio = open_audio_encoder(settings_.audio_kbps);
  if (!audio) return std::move(audio.error()).context("open the sound encoder");
  audio_ = std::move(*audio);
  measured_ = choice.p95;
  held_ = (*video)->held_frames();
  stream_ = {canvas_.width,        canvas_.height,       canvas_.rate,
             settings_.video_kbps, settings_.audio_kbps, (*video)->extradata(),
             audio_->extradata(),  choice.settings.codec};
  take_over(std::move(*video), std::move(choice.settings), std::move(choice.why));
  log_info("encode", encoder_name() + " " + std::to_string(canvas_.width) + "x" +
                         std::to_string(canvas_.height) + ": " + why_.en);
  return {};
}

EncodeRoad::~EncodeRoad() {
  pictures_->close();
  sound_->close();
  if (video_thread_.joinable()) video_thread_.join();
  if (stepping_.joinable()) stepping_.join();
  if (audio_thread_.joinable()) audio_thread_.join();
}

void EncodeRoad::attach(std::shared_ptr<OutputRunner> output, bool practice) {
  {
    const std::lock_guard lock(outputs_mutex_);
    outputs_.push_back({std::move(output), practice});
    takers_ = static_cast<int>(outputs_.size());
  }
  want_keyframe();
}

void EncodeRoad::detach(const OutputRunner* output) {
  const std::lock_guard lock(outputs_mutex_);
  std::erase_if(outputs_, [&](const Taker& t) { return t.output.get() == output; });
  takers_ = static_cast<int>(outputs_.size());
}

void EncodeRoad::hand_out(const PacketPtr& packet, const PacketPtr& noted) {
  const std::lock_guard lock(outputs_mutex_);
  for (const Taker& t : outputs_) t.output->push(t.practice ? noted : packet);
}

std::string EncodeRoad::encoder_name() const {
  const std::lock_guard lock(status_mutex_);
  return name_;
}

Duration EncodeRoad::load() const {
  const std::lock_guard lock(status_mutex_);
  if (!on_processor_) return {};
  return encode_time_.count() > 60 ? encode_time_.quantile(0.95) : measured_;
}

EncodeStatus EncodeRoad::status() const {
  EncodeStatus s;
  s.width = canvas_.width;
  s.height = canvas_.height;
  const int wanted = kbps_wanted_.load(std::memory_order_relaxed);
  if (!settings_.quality) {
    s.most_kbps = settings_.video_kbps;
    s.target_kbps = wanted > 0 ? wanted : settings_.video_kbps;
  }
  s.encode_p50_ms = encode_time_.quantile(0.5).to_milliseconds();
  s.encode_p95_ms = encode_time_.quantile(0.95).to_milliseconds();
  s.held_frames = held_;
  s.half_rate = half_rate_.load(std::memory_order_relaxed);
  s.steps_down = steps_down_.get();
  s.skipped_pictures = pictures_->counters().dropped;
  const std::lock_guard lock(status_mutex_);
  s.encoder = name_;
  s.why = why_;
  s.captions = carries_captions_;
  return s;
}

void EncodeRoad::run_video() {
  while (true) {
    auto picture = pictures_->wait_pop(500ms);
    if (picture && anybody()) encode(*picture);
    if (!picture && pictures_->closed()) return;
  }
}

void EncodeRoad::take_over(std::unique_ptr<VideoEncoder> fresh, EncodeSettings settings, Text why) {
  if (fresh->extradata() != stream_.video_extradata) fresh->repeat_headers();
  video_ = std::move(fresh);
  now_ = std::move(settings);
  kbps_ = 0;
  half_ = false;
  overload_.restart();
  const std::lock_guard lock(status_mutex_);
  name_ = video_->name();
  why_ = std::move(why);
  carries_captions_ = caption_writer_ && video_->carries_captions();
  on_processor_ = now_.maker == EncoderMaker::Auto || now_.maker == EncoderMaker::Software;
}

void EncodeRoad::follow_bitrate() {
  const int wanted = kbps_wanted_.load(std::memory_order_relaxed);
  const bool half = half_rate_.load(std::memory_order_relaxed);
  const int kbps = wanted > 0 ? wanted : settings_.video_kbps;
  if (kbps == kbps_ && half == half_) return;
  const bool begins = kbps_ == 0 && kbps == settings_.video_kbps && !half;
  // On a line that is too thin a large picture is a late one: half the buffer. The codec counts on
  // all pictures: with half of them it may spend twice on each, and the same bytes of buffer are
  // half as long.
  const bool thin = kbps < settings_.video_kbps;
  const int vbv_ms = thin ? std::max(100, settings_.vbv_ms / 2) : settings_.vbv_ms;
  if (!begins) video_->set_bitrate(half ? 2 * kbps : kbps, half ? vbv_ms / 2 : vbv_ms);
  kbps_ = kbps;
  half_ = half;
}

void EncodeRoad::prepare(const ProgramPicture& picture) {
  if (std::unique_lock lock(fresh_mutex_, std::try_to_lock); lock && fresh_) {
    Fresh fresh = *std::exchange(fresh_, std::nullopt);
    lock.unlock();
    const std::string before = video_->name();
    Text why{"CPU が間に合わないため、" + before + " から下げました。",
             "This PC was too slow for " + before + "."};
    take_over(std::move(fresh.encoder), std::move(fresh.settings), std::move(why));
    steps_down_.add();
    stepping_now_ = false;
    log_info("encode", "too slow with " + before + ": " + video_->name() + " from picture " +
                           std::to_string(picture.number));
  }
  follow_bitrate();
  if (settings_.keyframe_on_take && picture.cuts > cuts_) keyframe_wanted_ = true;
  cuts_ = picture.cuts;
  if (caption_writer_ && video_->carries_captions()) {
    if (const auto lines = options_.captions->load()) caption_writer_->show(*lines);
    video_->set_captions(caption_writer_->next());
  }
}

void EncodeRoad::encode(const ProgramPicture& picture) {
  if (half_rate_.load(std::memory_order_relaxed) && picture.number % 2 != 0) return;
  prepare(picture);
  const MediaTime begin = clock_.now();
  const FramePtr frame = scaler_ ? scaler_->scale(picture.frame) : picture.frame;
  const bool keyframe = keyframe_wanted_.exchange(false);
  auto packet = video_->encode(frame, picture.number, picture.pts, keyframe);
  if (!packet) {
    // The audience is not left without pictures because a codec stumbled: a fresh one takes over.
    errors_.add();
    log_error("enc.video", packet.error().message);
    keyframe_wanted_ = true;
    return replace_failed();
  }
  const Duration took = clock_.now() - begin;
  encode_time_.add(took);
  if (*packet) {
    const PacketPtr plain = stamped(*packet, picture, begin);
    hand_out(plain, code_.mark(plain, *frame, picture.number, picture.tick));
  }
  if (overload_.picture(took, pictures_->counters().dropped)) begin_step();
}

// Beside the running one, whose pictures go on meanwhile.
void EncodeRoad::begin_step() {
  if (stepping_now_ ||
      !(now_.maker == EncoderMaker::Auto || now_.maker == EncoderMaker::Software) ||
      now_.codec != VideoCodec::H264)
    return;
  auto preset = next_preset(now_.preset);
  if (!preset) return;
  if (stepping_.joinable()) stepping_.join();  // it has ended: stepping_now_ says so
  stepping_now_ = true;
  EncodeSettings next = now_;
  next.preset = std::move(*preset);
  stepping_ = std::thread([this, next = std::move(next)] {
    begin_thread("enc.video", Urgency::Encode);
    auto fresh = options_.open_video(next, canvas_);
    if (!fresh || (*fresh)->held_frames() > 0) {
      log_error("encode",
                "no faster encoder: " + (fresh ? "it holds pictures back" : fresh.error().message));
      return;  // stepping_now_ stays: it is not tried again
    }
    const std::lock_guard lock(fresh_mutex_);
    fresh_ = Fresh{std::move(*fresh), next};
  });
}

void EncodeRoad::replace_failed() {
  EncodeSettings next = now_;
  Text why;
  {
    const std::lock_guard lock(status_mutex_);
    why = why_;
  }
  if (next.maker != EncoderMaker::Auto && next.maker != EncoderMaker::Software &&
      next.codec == VideoCodec::H264) {
    next.maker = EncoderMaker::Software;
    next.preset = "superfast";
    why = {"GPU の符号化が止まったため、CPU に替わりました。",
           "The GPU's encoder failed: the CPU encodes."};
  }
  auto fresh = options_.open_video(next, canvas_);
  if (fresh) take_over(std::move(*fresh), std::move(next), std::move(why));
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
    for (const auto& packet : ready) hand_out(packet, packet);
  }
}

}  // namespace kakehashi
