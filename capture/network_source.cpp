// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/network_source.h"

#include <gst/base/gstbasesink.h>

#include <string_view>

#include "core/log.h"

namespace kakehashi {
namespace {

// Room for what came too early, still compressed; when it is full the sender has to wait.
constexpr const char* kWaitingRoom =
    "queue max-size-buffers=0 max-size-bytes=8388608 max-size-time=12000000000 ! ";

constexpr int kAfterCall = 6000;  // ms

}  // namespace

NetworkSource::NetworkSource(std::unique_ptr<GstGraph> graph, const SourceContext& context,
                             NetworkPlan plan, Deinterlacing interlaced)
    : context_(context),
      plan_(std::move(plan)),
      interlaced_(std::move(interlaced)),
      // Pictures alone are shown as they come; only what has to meet something waits.
      timed_(context.audio != nullptr || plan_.policy == StreamClock::Policy::Wait),
      graph_(std::move(graph)),
      times_(plan_.policy, plan_.spare) {
  // We say how long to wait, not what the elements' properties add up to; and hlsdemux2 wants to
  // know that somebody chooses among its streams.
  gst_pipeline_set_latency(GST_PIPELINE(graph_->pipeline()), 0);
  GST_OBJECT_FLAG_SET(graph_->pipeline(), GST_BIN_FLAG_STREAMS_AWARE);
}

NetworkSource::~NetworkSource() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    if (video_) video_->close();
    if (audio_) audio_->close();
  }
  graph_->stop();
}

void NetworkSource::streams_from(GstElement* element) {
  if (g_signal_lookup("select-stream", G_OBJECT_TYPE(element)) != 0)
    g_signal_connect(element, "select-stream", G_CALLBACK(select_stream), this);
  g_signal_connect(element, "no-more-pads", G_CALLBACK(all_pads_came), this);
  g_signal_connect(element, "pad-added", G_CALLBACK(pad_added), this);
}

void NetworkSource::streams_behind(GstElement* typefind) {
  g_signal_connect(typefind, "have-type", G_CALLBACK(type_found), this);
}

void NetworkSource::callers_of(GstElement* srtsrc) {
  g_signal_connect(srtsrc, "caller-added", G_CALLBACK(caller_came), this);
}

void NetworkSource::caller_came(GstElement*, gint, GObject*, gpointer self) {
  static_cast<NetworkSource*>(self)->called_ = true;
}

void NetworkSource::all_pads_came(GstElement*, gpointer self) {
  static_cast<NetworkSource*>(self)->all_came_ = true;
}

Status NetworkSource::start() {
  base_ = context_.clock->now();
  Status s = graph_->play(base_);
  int unusable_looks = 0;  // 20 ms each: what can be used may still come after what cannot
  const auto settled = [&] {
    if (context_.given_up && context_.given_up()) return true;
    const std::lock_guard lock(mutex_);
    const bool of_no_use = unusable_ || (all_came_ && audio_ && !linked_);
    return linked_.load() || !failed_.ok() || (of_no_use && ++unusable_looks > 50);
  };
  if (s.ok()) s = graph_->wait(plan_.open_ms, settled);
  if (s.ok() && called_ && !settled()) s = graph_->wait(kAfterCall, settled);
  if (linked_ && s.ok()) {
    if (plan_.policy == StreamClock::Policy::Wait) bound_lateness();
    return {};
  }
  const std::lock_guard lock(mutex_);
  if (!failed_.ok()) return Error(failed_.error()).context(plan_.name);
  if (!s.ok()) return told(std::move(s.error()));
  if (unusable_)
    return network_error(NetworkTrouble::Codec,
                         plan_.name + ": it sends nothing that can be decoded; set it to H.264");
  if (audio_) return network_error(NetworkTrouble::NoPicture, plan_.name + ": it sends sound only");
  return network_error(plan_.silent,
                       plan_.name + ": nothing came within " +
                           std::to_string(plan_.open_ms / 1000) +
                           " s; check that it is on and sending, its cable and the address",
                       plan_.silent_detail);
}

// Only what has an end is a film: a live list of HLS tells no duration, a live stream over HTTP no
// size.
void NetworkSource::bound_lateness() {
  gint64 size = 0;
  if (list_) {
    if (!gst_element_query_duration(graph_->pipeline(), GST_FORMAT_TIME, &size) || size <= 0)
      times_.live(StreamClock::Live::Edge);
  } else if (GstElement* src = (*graph_)["src"];
             !gst_element_query_duration(src, GST_FORMAT_BYTES, &size) || size <= 0) {
    times_.live(StreamClock::Live::Newest);
  }
}

Status NetworkSource::poll() {
  Status s = graph_->poll();
  {
    const std::lock_guard lock(mutex_);
    if (!failed_.ok()) return Error(failed_.error()).context(plan_.name);
  }
  if (!s.ok()) return told(std::move(s.error()));
  if (graph_->ended())
    return network_error(NetworkTrouble::Ended, plan_.name + ": the sender ended the stream");
  return {};
}

std::string NetworkSource::format() const {
  const std::lock_guard lock(mutex_);
  const std::string picture = video_ ? video_->format() : std::string();
  const auto behind = times_.behind().ns / 1'000'000'000;
  const std::string late = behind > 0 ? " +" + std::to_string(behind) + " s" : std::string();
  return (picture.empty() ? plan_.protocol : picture + " " + plan_.protocol) + late;
}

// GStreamer's sentence, with the operator's words where its kind says enough.
Error NetworkSource::told(Error error) const {
  const std::string said = redacted(error.message);
  const std::string sentence = plan_.name + ": " + said;
  if (!error.words.ja.empty()) return {error.kind, sentence, error.words};
  const auto has = [&](const char* word) { return said.find(word) != std::string::npos; };
  if (has("TLS") || has("certificate")) return network_error(NetworkTrouble::Tls, sentence);
  switch (error.kind) {
    case ErrorKind::FixSetup:
      return network_error(NetworkTrouble::Password, sentence);
    case ErrorKind::NotFound:
      return network_error(NetworkTrouble::Path, sentence);
    case ErrorKind::Unsupported:
      return network_error(NetworkTrouble::Codec, sentence);
    default:
      // A stream that came and broke before its first picture was refused by its chain.
      if (unusable_ || (linked_ && video_ && video_->pictures() == 0))
        return network_error(NetworkTrouble::Codec, sentence);
      break;
  }
  return network_error(plan_.silent, sentence, plan_.silent_detail);
}

void NetworkSource::fail(Error error) {
  const std::lock_guard lock(mutex_);
  if (failed_.ok()) failed_ = std::move(error);
}

bool NetworkSource::wanted(const Chain& chain) const {
  return chain.picture ? context_.video != nullptr : context_.audio != nullptr;
}

// GStreamer's thread, before PLAY: streams nobody wants are not even asked for.
gboolean NetworkSource::select_stream(GstElement*, guint, GstCaps* caps, gpointer self) {
  auto& me = *static_cast<NetworkSource*>(self);
  if (const Chain* chain = chain_for(caps)) return me.wanted(*chain);
  me.unusable_ = true;
  return FALSE;
}

// GStreamer's thread, once per stream, before data flows.
void NetworkSource::pad_added(GstElement*, GstPad* pad, gpointer self) {
  if (GST_PAD_DIRECTION(pad) != GST_PAD_SRC) return;
  GstCaps* caps = gst_pad_get_current_caps(pad);
  if (!caps) caps = gst_pad_query_caps(pad, nullptr);
  if (gst_caps_is_any(caps) || gst_caps_is_empty(caps))  // hlsdemux2 tells later
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, caps_came, self, nullptr);
  else
    static_cast<NetworkSource*>(self)->offer(pad, caps);
  gst_caps_unref(caps);
}

GstPadProbeReturn NetworkSource::caps_came(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
  GstEvent* event = GST_PAD_PROBE_INFO_EVENT(info);
  if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return GST_PAD_PROBE_OK;
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event, &caps);
  static_cast<NetworkSource*>(self)->offer(pad, caps);
  return GST_PAD_PROBE_REMOVE;
}

void NetworkSource::offer(GstPad* pad, const GstCaps* caps) {
  const Chain* chain = chain_for(caps);
  if (!chain && (context_.video ? is_picture(caps) : !is_picture(caps))) unusable_ = true;
  if (chain && wanted(*chain)) attach(pad, *chain);
}

void NetworkSource::attach(GstPad* pad, const Chain& chain) {
  const std::lock_guard lock(mutex_);
  if (closing_) return;
  if (chain.picture ? video_ != nullptr : audio_ != nullptr) return;  // the first one of a sort
  const std::string text = (timed_ ? kWaitingRoom : std::string()) + chain.elements + " ! " +
                           (chain.picture ? interlaced_.elements : "") + "appsink name=end";
  const std::string missing = missing_element(text);
  GstElement* bin =
      missing.empty() ? gst_parse_bin_from_description(text.c_str(), TRUE, nullptr) : nullptr;
  if (!bin) {
    if (failed_.ok())
      failed_ = missing.empty() ? Error{ErrorKind::Bug, "GStreamer cannot build: " + text}
                                : missing_element_error(missing);
    return;
  }
  learn_field_order(bin);
  GstElement* end = gst_bin_get_by_name(GST_BIN(bin), "end");
  if (chain.picture) {
    VideoTap::Config to{context_.video, context_.clock};
    to.timed = timed_;
    to.fields = interlaced_.fields;
    video_ = std::make_unique<VideoTap>(end, to);
    video_end_ = end;
  } else {
    audio_ = std::make_unique<AudioTap>(end, context_.audio, context_.clock, false, timed_);
    audio_end_ = end;
  }
  GstPad* sink = gst_element_get_static_pad(bin, "sink");
  if (timed_) {
    // Where it came off the network, and where it is ready to be shown.
    const auto kinds =
        static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST);
    gst_pad_add_probe(sink, kinds, data_came, this, nullptr);
    GstPad* ready = gst_element_get_static_pad(end, "sink");
    gst_pad_add_probe(ready, kinds, data_ready, this, nullptr);
    gst_object_unref(ready);
    gst_base_sink_set_ts_offset(GST_BASE_SINK(end), times_.offset().ns);
  }
  gst_object_unref(end);
  gst_bin_add(GST_BIN(graph_->pipeline()), bin);
  gst_element_sync_state_with_parent(bin);
  const bool ok = gst_pad_link(pad, sink) == GST_PAD_LINK_OK;
  gst_object_unref(sink);
  if (!ok)
    unusable_ = true;
  else if (chain.picture || !context_.video)
    linked_ = true;
}

// GStreamer's thread, once.
void NetworkSource::type_found(GstElement* typefind, guint, GstCaps* caps, gpointer self) {
  static_cast<NetworkSource*>(self)->demux(typefind, caps);
}

void NetworkSource::demux(GstElement* typefind, const GstCaps* caps) {
  const char* wanted_demuxer = demuxer_for(caps);
  GstPad* src = gst_element_get_static_pad(typefind, "src");
  if (!wanted_demuxer) {
    if (chain_for(caps))
      offer(src, caps);  // sound without a container
    else
      fail(network_error(NetworkTrouble::Codec, "what it sends is no film and no sound"));
  } else if (GstElement* demuxer = gst_element_factory_make(wanted_demuxer, nullptr)) {
    list_ = std::string_view(wanted_demuxer) == "hlsdemux2";
    streams_from(demuxer);
    gst_bin_add(GST_BIN(graph_->pipeline()), demuxer);
    GstPad* sink = gst_element_get_static_pad(demuxer, "sink");
    gst_pad_link(src, sink);
    gst_object_unref(sink);
    gst_element_sync_state_with_parent(demuxer);
  } else {
    fail(missing_element_error(wanted_demuxer));
  }
  gst_object_unref(src);
}

GstPadProbeReturn NetworkSource::data_came(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
  static_cast<NetworkSource*>(self)->observe(pad, info, &StreamClock::arrived);
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn NetworkSource::data_ready(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
  static_cast<NetworkSource*>(self)->observe(pad, info, &StreamClock::ready);
  return GST_PAD_PROBE_OK;
}

void NetworkSource::observe(GstPad* pad, GstPadProbeInfo* info,
                            bool (StreamClock::*as)(Duration, Duration)) {
  GstBuffer* buffer = nullptr;
  if (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER)
    buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  else if (GstBufferList* list = GST_PAD_PROBE_INFO_BUFFER_LIST(info);
           list && gst_buffer_list_length(list) > 0)
    buffer = gst_buffer_list_get(list, 0);
  if (!buffer) return;
  const GstClockTime pts = GST_BUFFER_PTS(buffer);
  GstEvent* event = gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0);
  if (!event) return;
  const GstSegment* segment = nullptr;
  gst_event_parse_segment(event, &segment);
  const GstClockTime running = segment->format == GST_FORMAT_TIME && GST_CLOCK_TIME_IS_VALID(pts)
                                   ? gst_segment_to_running_time(segment, GST_FORMAT_TIME, pts)
                                   : GST_CLOCK_TIME_NONE;
  gst_event_unref(event);
  if (!GST_CLOCK_TIME_IS_VALID(running)) return;
  const Duration now = context_.clock->now() - base_;
  if (!(times_.*as)({static_cast<std::int64_t>(running)}, now)) return;
  const std::lock_guard lock(mutex_);
  for (GstElement* end : {video_end_, audio_end_})
    if (end) gst_base_sink_set_ts_offset(GST_BASE_SINK(end), times_.offset().ns);
}

}  // namespace kakehashi
