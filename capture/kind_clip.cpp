// SPDX-License-Identifier: GPL-3.0-or-later
// A film file with its sound, paced to the session clock. A loop is made of segment seeks: running
// time goes on over the seam, so pictures and sound keep their rhythm (GStreamer design document
// "Segments", "Seeking").
#include <atomic>
#include <filesystem>
#include <mutex>

#include "capture/deinterlace.h"
#include "capture/gst_pipeline.h"
#include "capture/gst_taps.h"
#include "capture/kinds.h"
#include "core/log.h"

namespace kakehashi {
namespace {

const KindDescription& description() {
  static const KindDescription d{
      "clip",
      {"動画ファイル", "Film clip"},
      {
          {"file", {"ファイル", "File"}, std::string(), true, -1e18, 1e18, {}},
          {"loop", {"繰り返す", "Repeat"}, true, false, -1e18, 1e18, {}},
      },
      true,
      true};
  return d;
}

class ClipSource final : public Source {
 public:
  ClipSource(std::unique_ptr<GstGraph> graph, const SourceContext& c, std::string name, bool loop)
      : context_(c), name_(std::move(name)), loop_(loop), graph_(std::move(graph)) {
    g_signal_connect((*graph_)["dec"], "pad-added", G_CALLBACK(pad_added), this);
  }
  ~ClipSource() override {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
      if (video_) video_->close();
      if (audio_) audio_->close();
    }
    graph_->stop();
  }

  Status start() {
    if (Status s = graph_->preroll(10); !s.ok()) return s;
    {
      const std::lock_guard lock(mutex_);
      if (!video_ && !audio_)
        return Error{ErrorKind::Unsupported, context_.video
                                                 ? "it holds no picture that can be decoded"
                                                 : "it holds no sound that can be decoded"};
    }
    if (loop_ && !seek_to_start(GST_SEEK_FLAG_FLUSH)) {
      log_warning("capture", name_ + " cannot be repeated; it plays once");
      loop_ = false;
    }
    if (Status s = graph_->preroll(10); !s.ok()) return s;
    return graph_->play(next_start());
  }

  Status poll() override {
    Status s = graph_->poll();
    if (!s.ok()) return std::move(s.error()).context(name_);
    if (loop_ && graph_->take_segment_done() && !seek_to_start(GST_SEEK_FLAG_NONE))
      return Error{ErrorKind::TryLater, name_ + ": cannot go back to its start"};
    if (!graph_->ended()) return {};
    // A container that answers a segment seek with an end: open it again, a short hold in between.
    if (loop_) return Error{ErrorKind::TryLater, name_ + ": starts over"};
    const std::lock_guard lock(mutex_);
    if (video_ && context_.clock->now() - repeated_ > Duration::milliseconds(500)) {
      repeated_ = context_.clock->now();
      video_->repeat_last();  // the end of a clip stands still, it does not go dark
    }
    return {};
  }
  std::string format() const override {
    const std::lock_guard lock(mutex_);
    return video_ ? video_->format() : std::string("sound");
  }
  bool may_rest() const override { return graph_->ended(); }

 private:
  bool seek_to_start(GstSeekFlags flush) {
    return gst_element_seek(graph_->pipeline(), 1.0, GST_FORMAT_TIME,
                            static_cast<GstSeekFlags>(flush | GST_SEEK_FLAG_SEGMENT),
                            GST_SEEK_TYPE_SET, 0, GST_SEEK_TYPE_NONE, -1) != FALSE;
  }
  // Running time 0 falls phase_lead before a tick, so that a clip of the program's rate arrives
  // just in time for each; 60 ms from now, to have it decoded by then.
  MediaTime next_start() const {
    const Rate rate = context_.canvas.rate;
    const Duration from = context_.clock->now() - context_.epoch + Duration::milliseconds(60);
    return context_.epoch + rate.time_of(rate.index_at(from + context_.phase_lead) + 1) -
           context_.phase_lead;
  }

  // GStreamer's thread, while prerolling.
  static void pad_added(GstElement*, GstPad* pad, gpointer self) {
    GstCaps* caps = gst_pad_get_current_caps(pad);
    if (!caps) caps = gst_pad_query_caps(pad, nullptr);
    const bool known = gst_caps_get_size(caps) > 0;
    const std::string type = known ? gst_structure_get_name(gst_caps_get_structure(caps, 0)) : "";
    gst_caps_unref(caps);
    auto& me = *static_cast<ClipSource*>(self);
    if (type == "video/x-raw" && me.context_.video) me.attach(pad, true);
    if (type == "audio/x-raw" && me.context_.audio) me.attach(pad, false);
  }
  void attach(GstPad* pad, bool picture) {
    const std::lock_guard lock(mutex_);
    if (closing_ || (picture ? video_ != nullptr : audio_ != nullptr)) return;
    const std::string text = picture ? "videoconvert ! " +
                                           deinterlacing("auto", context_.canvas.rate).elements +
                                           "appsink name=end"
                                     : std::string("audioconvert ! appsink name=end");
    GstElement* bin = gst_parse_bin_from_description(text.c_str(), TRUE, nullptr);
    if (!bin) return;
    learn_field_order(bin);
    GstElement* end = gst_bin_get_by_name(GST_BIN(bin), "end");
    if (picture)
      video_ = std::make_unique<VideoTap>(
          end, VideoTap::Config{context_.video, context_.clock, true, !loop_});
    else
      audio_ = std::make_unique<AudioTap>(end, context_.audio, context_.clock, true);
    gst_object_unref(end);
    gst_bin_add(GST_BIN(graph_->pipeline()), bin);
    GstPad* sink = gst_element_get_static_pad(bin, "sink");
    gst_pad_link(pad, sink);
    gst_object_unref(sink);
    gst_element_sync_state_with_parent(bin);
  }

  const SourceContext context_;
  const std::string name_;
  bool loop_;
  std::unique_ptr<GstGraph> graph_;
  mutable std::mutex mutex_;  // taps are made on GStreamer's thread, closed on the source's
  bool closing_ = false;
  std::unique_ptr<VideoTap> video_;
  std::unique_ptr<AudioTap> audio_;
  MediaTime repeated_{};
};

Result<std::unique_ptr<Source>> open(const Settings& s, const SourceContext& c) {
  const std::string path =
      media_path(c.media_folder, setting<std::string>(description(), s, "file"));
  const std::string name = "clip \"" + path + "\"";
  std::error_code ec;
  if (!std::filesystem::is_regular_file(path, ec))
    return Error{ErrorKind::NotFound, name + " does not exist; put it there or correct \"file\""};
  auto graph = GstGraph::parse("filesrc name=src ! decodebin name=dec");
  if (!graph.ok()) return std::move(graph).error();
  g_object_set((**graph)["src"], "location", path.c_str(), nullptr);
  auto source = std::make_unique<ClipSource>(std::move(graph).value(), c, name,
                                             setting<bool>(description(), s, "loop"));
  if (Status started = source->start(); !started.ok())
    return std::move(started.error()).context(name);
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace

SourceKind clip_kind() { return {description(), open}; }

}  // namespace kakehashi
