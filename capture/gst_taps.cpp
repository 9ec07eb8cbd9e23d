// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/gst_taps.h"

#include <gst/app/gstappsink.h>
#include <gst/audio/audio.h>

#include <algorithm>
#include <mutex>
#include <optional>

#include "capture/gst_frame.h"
#include "capture/gst_pipeline.h"

namespace kakehashi {
namespace {

// A live stamp may be wrong (a server that sends nonsense): pictures older than this would be held
// back or thrown away by FrameSync although they just arrived.
constexpr Duration kOldestLive = Duration::milliseconds(500);

void set_up(GstElement* appsink, const char* caps_text, bool waits, guint buffers) {
  GstCaps* caps = gst_caps_from_string(caps_text);
  // Newest first and never a queue of its own: with drop the oldest goes.
  g_object_set(appsink, "caps", caps, "max-buffers", buffers, "drop", waits ? FALSE : TRUE, "sync",
               waits ? TRUE : FALSE, "enable-last-sample", FALSE, "qos", FALSE, "emit-signals",
               FALSE, "wait-on-eos", FALSE, nullptr);
  gst_caps_unref(caps);
}

template <class State>
GstFlowReturn new_sample(GstAppSink* sink, gpointer data) {
  GstSample* sample = gst_app_sink_pull_sample(sink);
  if (!sample) return GST_FLOW_OK;  // flushing or at the end
  (*static_cast<std::shared_ptr<State>*>(data))->take(GST_ELEMENT(sink), sample);
  gst_sample_unref(sample);
  return GST_FLOW_OK;
}

// The appsink owns a share of the state, so a pipeline that hangs while closing finds it alive.
template <class State>
void connect(GstElement* appsink, const std::shared_ptr<State>& state) {
  GstAppSinkCallbacks callbacks{};
  callbacks.new_sample = new_sample<State>;
  gst_app_sink_set_callbacks(GST_APP_SINK(appsink), &callbacks, new std::shared_ptr<State>(state),
                             [](gpointer p) { delete static_cast<std::shared_ptr<State>*>(p); });
}

}  // namespace

struct VideoTap::State {
  explicit State(const Config& c) : config(c) {}

  const Config config;
  Outstanding outstanding = std::make_shared<std::atomic<int>>(0);
  mutable std::mutex mutex;  // against close() and format(); one streaming thread otherwise
  bool closed = false;
  GstVideoInfo info{};
  std::optional<FrameInfo> shape;
  GstCaps* caps = nullptr;
  MediaTime last_captured{}, arrived{}, first_field{};
  bool second_field = false;
  std::uint64_t sequence = 0;
  FramePtr last;

  ~State() {
    if (caps) gst_caps_unref(caps);
  }

  void learn(GstCaps* now) {
    if (now == caps) return;
    gst_caps_replace(&caps, now);
    shape = gst_video_info_from_caps(&info, now) ? frame_info_of(info) : std::nullopt;
  }

  MediaTime stamp_of(GstElement* sink, GstSample* sample, GstBuffer* buffer) {
    const MediaTime now = arrived = config.clock->now();
    const MediaTime pts = time_of_buffer(sink, gst_sample_get_segment(sample), buffer, now);
    MediaTime captured = pts;
    if (!config.paced) captured = std::clamp(pts, now - kOldestLive, now);
    if (captured <= last_captured) captured = last_captured + Duration::nanoseconds(1);
    return last_captured = captured;
  }

  // When the picture may be shown: now, but for the second of two that came together.
  MediaTime due_at() {
    if (!config.fields || info.fps_n <= 0) return arrived;
    const Duration field = Rate{info.fps_n, info.fps_d}.period();
    second_field = !second_field && arrived - first_field < field / 2;
    if (second_field) return first_field + field;
    first_field = arrived;
    return arrived;
  }

  void take(GstElement* sink, GstSample* sample) {
    const std::lock_guard lock(mutex);
    GstBuffer* buffer = gst_sample_get_buffer(sample);
    GstCaps* now = gst_sample_get_caps(sample);
    if (closed || !buffer || !now) return;
    learn(now);
    if (!shape) return;
    FrameInfo as = *shape;
    as.captured = stamp_of(sink, sample, buffer);
    as.sequence = sequence++;
    FramePtr frame = wrap_buffer(buffer, info, as, outstanding);
    if (!frame) return;
    if (config.keep_last) last = frame;
    if (config.paced)
      config.to->push(std::move(frame));
    else
      config.to->push(std::move(frame), due_at());
  }
};

VideoTap::VideoTap(GstElement* appsink, const Config& config)
    : state_(std::make_shared<State>(config)) {
  set_up(appsink, kPictureCaps, config.paced || config.timed, 2);
  // It comes into a pipeline that already plays, and must not stop it for a first picture.
  if (config.timed) g_object_set(appsink, "async", FALSE, nullptr);
  connect(appsink, state_);
}

VideoTap::~VideoTap() { close(); }

void VideoTap::close() {
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->closed) return;
    state_->closed = true;
    state_->last = FramePtr();
  }
  state_->config.to->clear();
  for (int i = 0; i < 200 && state_->outstanding->load() > 0; ++i) g_usleep(5'000);
}

std::string VideoTap::format() const {
  const std::lock_guard lock(state_->mutex);
  if (!state_->shape) return {};
  const GstVideoInfo& i = state_->info;
  return std::to_string(i.width) + "x" + std::to_string(i.height) + " " + std::to_string(i.fps_n) +
         "/" + std::to_string(i.fps_d) + " " +
         gst_video_format_to_string(GST_VIDEO_INFO_FORMAT(&i));
}

std::string VideoTap::colour() const {
  const std::lock_guard lock(state_->mutex);
  if (!state_->shape) return {};
  return std::string(state_->shape->matrix == ColorMatrix::Bt601 ? "601" : "709") +
         (state_->shape->range == ColorRange::Full ? " full" : " limited");
}

void VideoTap::repeat_last() {
  const std::lock_guard lock(state_->mutex);
  if (state_->closed || !state_->last) return;
  state_->last_captured = state_->config.clock->now();
  state_->config.to->push(with_time(state_->last, state_->last_captured, state_->sequence++));
}

std::uint64_t VideoTap::pictures() const {
  const std::lock_guard lock(state_->mutex);
  return state_->sequence;
}

struct AudioTap::State {
  State(AudioSync* t, Clock* c, bool p, bool w) : to(t), clock(c), paced(p), timed(w) {}

  AudioSync* const to;
  Clock* const clock;
  const bool paced, timed;
  mutable std::mutex mutex;
  bool closed = false;
  std::uint64_t chunks = 0;
  GstCaps* caps = nullptr;
  GstAudioInfo info{};

  ~State() {
    if (caps) gst_caps_unref(caps);
  }

  void take(GstElement* sink, GstSample* sample) {
    const std::lock_guard lock(mutex);
    GstBuffer* buffer = gst_sample_get_buffer(sample);
    GstCaps* now = gst_sample_get_caps(sample);
    if (closed || !buffer || !now) return;
    if (now != caps) {
      gst_caps_replace(&caps, now);
      gst_audio_info_from_caps(&info, now);
    }
    GstMapInfo map;
    if (info.channels < 1 || !gst_buffer_map(buffer, &map, GST_MAP_READ)) return;
    if (chunks == 0) to->when_late(timed ? AudioSync::Late::Skip : AudioSync::Late::MakeRoom);
    // A clip that starts over joins on by its times; a live stream says when something was lost.
    if (!paced && chunks > 0 && GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DISCONT))
      to->discontinuity();
    const MediaTime captured =
        time_of_buffer(sink, gst_sample_get_segment(sample), buffer, clock->now());
    to->push({reinterpret_cast<const float*>(map.data), map.size / sizeof(float)}, info.channels,
             info.rate, captured);
    ++chunks;
    gst_buffer_unmap(buffer, &map);
  }
};

AudioTap::AudioTap(GstElement* appsink, AudioSync* to, Clock* clock, bool paced, bool timed)
    : state_(std::make_shared<State>(to, clock, paced, timed)) {
  set_up(appsink,
         "audio/x-raw,format=(string)F32LE,layout=(string)interleaved,"
         "channels=(int)[1,8],rate=(int)[8000,192000]",
         paced || timed, 8);
  if (timed) g_object_set(appsink, "async", FALSE, nullptr);
  connect(appsink, state_);
}

AudioTap::~AudioTap() { close(); }

void AudioTap::close() {
  const std::lock_guard lock(state_->mutex);
  state_->closed = true;
}

std::uint64_t AudioTap::chunks() const {
  const std::lock_guard lock(state_->mutex);
  return state_->chunks;
}

}  // namespace kakehashi
