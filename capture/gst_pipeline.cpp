// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/gst_pipeline.h"

#include <gst/base/gstbasesink.h>

#include <cassert>
#include <string_view>
#include <utility>

#include "core/log.h"

namespace kakehashi {
namespace {

ErrorKind kind_of(const GError* e, const std::string& debug) {
  // SRT has no code of its own for a wrong passphrase.
  if (debug.find("Failed to authenticate") != std::string::npos) return ErrorKind::FixSetup;
  if (e->domain == GST_RESOURCE_ERROR) {
    switch (e->code) {
      case GST_RESOURCE_ERROR_NOT_FOUND:
        return ErrorKind::NotFound;
      case GST_RESOURCE_ERROR_BUSY:
      case GST_RESOURCE_ERROR_NOT_AUTHORIZED:
        return ErrorKind::FixSetup;
      default:
        return ErrorKind::TryLater;
    }
  }
  if (e->domain == GST_CORE_ERROR && e->code == GST_CORE_ERROR_MISSING_PLUGIN)
    return ErrorKind::FixSetup;
  // "Internal data stream error": whatever made the data stop, not the format of itself.
  if (e->domain == GST_STREAM_ERROR && e->code != GST_STREAM_ERROR_FAILED)
    return ErrorKind::Unsupported;
  return ErrorKind::TryLater;
}

// A real CLOCK_MONOTONIC: the process-wide default clock could have been replaced.
GstClock* monotonic_clock() {
  static GstClock* clock = GST_CLOCK(g_object_new(GST_TYPE_SYSTEM_CLOCK, "name", "kakehashi-clock",
                                                  "clock-type", GST_CLOCK_TYPE_MONOTONIC, nullptr));
  return clock;
}

// v4l2src's "Signal lost" (gstv4l2src.c, gst_v4l2src_query_preferred_size).
bool tells_no_signal(GstMessage* message) {
  GstElementFactory* factory = GST_IS_ELEMENT(GST_MESSAGE_SRC(message))
                                   ? gst_element_get_factory(GST_ELEMENT(GST_MESSAGE_SRC(message)))
                                   : nullptr;
  if (!factory || std::string_view(GST_OBJECT_NAME(factory)) != "v4l2src") return false;
  GError* warning = nullptr;
  gst_message_parse_warning(message, &warning, nullptr);
  const bool lost = g_error_matches(warning, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ);
  g_error_free(warning);
  return lost;
}

}  // namespace

Result<std::unique_ptr<GstGraph>> GstGraph::parse(const std::string& description) {
  GError* error = nullptr;
  GstElement* parsed =
      gst_parse_launch_full(description.c_str(), nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &error);
  if (!parsed) {
    Error e{ErrorKind::FixSetup, error ? error->message : "GStreamer cannot build a pipeline"};
    if (error) g_error_free(error);
    return e;
  }
  if (GST_IS_PIPELINE(parsed)) return std::unique_ptr<GstGraph>(new GstGraph(parsed));
  GstElement* pipeline = gst_pipeline_new(nullptr);  // one element alone comes without one
  gst_bin_add(GST_BIN(pipeline), parsed);
  return std::unique_ptr<GstGraph>(new GstGraph(pipeline));
}

GstGraph::GstGraph(GstElement* pipeline)
    : pipeline_(GST_ELEMENT(gst_object_ref_sink(pipeline))), bus_(gst_element_get_bus(pipeline)) {
  gst_pipeline_use_clock(GST_PIPELINE(pipeline_), monotonic_clock());
  gst_element_set_start_time(pipeline_, GST_CLOCK_TIME_NONE);
}

GstGraph::~GstGraph() {
  stop();
  gst_object_unref(bus_);
  gst_object_unref(pipeline_);
}

GstElement* GstGraph::operator[](const char* name) const {
  GstElement* e = gst_bin_get_by_name(GST_BIN(pipeline_), name);
  assert(e && "the description names this element");
  gst_object_unref(e);  // the pipeline keeps it
  return e;
}

Status GstGraph::play(MediaTime base) {
  gst_element_set_base_time(pipeline_, static_cast<GstClockTime>(base.ns));
  if (gst_element_set_state(pipeline_, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
    if (Status s = poll(); !s.ok()) return s;
    return Error{ErrorKind::TryLater, "GStreamer could not start"};
  }
  return poll();
}

Status GstGraph::preroll(int seconds) {
  if (gst_element_set_state(pipeline_, GST_STATE_PAUSED) == GST_STATE_CHANGE_FAILURE) {
    if (Status s = poll(); !s.ok()) return s;
    return Error{ErrorKind::TryLater, "GStreamer could not start"};
  }
  bool ready = false;
  Status s = wait(seconds * 1000, [&] {
    GstState now = GST_STATE_NULL;
    ready = gst_element_get_state(pipeline_, &now, nullptr, 0) != GST_STATE_CHANGE_ASYNC &&
            now == GST_STATE_PAUSED;
    return ready;
  });
  if (!s.ok()) return s;
  if (!ready) return Error{ErrorKind::TryLater, "nothing could be read from it in time"};
  return {};
}

void GstGraph::stop() { gst_element_set_state(pipeline_, GST_STATE_NULL); }

void GstGraph::read(GstMessage* message) {
  switch (GST_MESSAGE_TYPE(message)) {
    case GST_MESSAGE_ERROR: {
      GError* error = nullptr;
      gchar* debug = nullptr;
      gst_message_parse_error(message, &error, &debug);
      if (failed_.ok()) {
        failed_ = Error{kind_of(error, debug ? debug : ""), error->message};
        trouble_ = trouble_of_gstreamer(g_quark_to_string(error->domain), error->code, debug);
      }
      // `debug` may hold an address with a password: it stays out of the log.
      g_error_free(error);
      g_free(debug);
      break;
    }
    case GST_MESSAGE_WARNING:
      // A capture card whose plug has no signal goes on delivering noise or a card of its own.
      if (failed_.ok() && tells_no_signal(message)) {
        failed_ = Error{ErrorKind::TryLater, "nothing comes in at its plug"};
        trouble_ = Trouble::NoSignal;
      }
      break;
    case GST_MESSAGE_EOS:
      ended_ = true;
      break;
    case GST_MESSAGE_SEGMENT_DONE:
      segment_done_ = true;
      break;
    default:
      break;
  }
}

Status GstGraph::poll() {
  while (GstMessage* message = gst_bus_pop(bus_)) {
    read(message);
    gst_message_unref(message);
  }
  return failed_;
}

MediaTime time_of_buffer(GstElement* element, const GstSegment* segment, GstBuffer* buffer,
                         MediaTime fallback) {
  const GstClockTime pts = GST_BUFFER_PTS(buffer);
  if (!GST_CLOCK_TIME_IS_VALID(pts) || segment->format != GST_FORMAT_TIME) return fallback;
  const guint64 running = gst_segment_to_running_time(segment, GST_FORMAT_TIME, pts);
  if (!GST_CLOCK_TIME_IS_VALID(running)) return fallback;
  const std::int64_t moved =
      GST_IS_BASE_SINK(element) ? gst_base_sink_get_ts_offset(GST_BASE_SINK(element)) : 0;
  return {static_cast<std::int64_t>(gst_element_get_base_time(element) + running) + moved};
}

}  // namespace kakehashi
