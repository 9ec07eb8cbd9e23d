// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/clip_player.h"

#include <filesystem>

#include "capture/deinterlace.h"
#include "core/log.h"

namespace kakehashi {

Result<std::unique_ptr<ClipPlayer>> ClipPlayer::open(const ClipCue& cue,
                                                     const SourceContext& context, bool loop) {
  std::error_code ec;
  if (!std::filesystem::is_regular_file(cue.file, ec))
    return Error{ErrorKind::NotFound,
                 "clip \"" + cue.file + "\" does not exist; put it there or correct \"file\""};
  auto graph = GstGraph::parse("filesrc name=src ! decodebin name=dec");
  if (!graph.ok()) return std::move(graph).error();
  g_object_set((**graph)["src"], "location", cue.file.c_str(), nullptr);
  auto player =
      std::unique_ptr<ClipPlayer>(new ClipPlayer(std::move(graph).value(), cue, context, loop));
  if (Status ready = player->preroll(); !ready.ok())
    return std::move(ready.error()).context("clip \"" + cue.file + "\"");
  return player;
}

ClipPlayer::ClipPlayer(std::unique_ptr<GstGraph> graph, ClipCue cue, const SourceContext& context,
                       bool loop)
    : context_(context), cue_(std::move(cue)), loop_(loop), graph_(std::move(graph)) {
  g_signal_connect((*graph_)["dec"], "pad-added", G_CALLBACK(pad_added), this);
}

ClipPlayer::~ClipPlayer() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
    if (video_) video_->close();
    if (audio_) audio_->close();
  }
  graph_->stop();
}

Status ClipPlayer::preroll() {
  if (Status s = graph_->preroll(10); !s.ok()) return s;
  {
    const std::lock_guard lock(mutex_);
    if (!video_ && !audio_)
      return Error{ErrorKind::Unsupported, context_.video
                                               ? "it holds no picture that can be decoded"
                                               : "it holds no sound that can be decoded"};
  }
  if (!loop_ && cue_.whole()) return {};
  if (!seek_to_start(GST_SEEK_FLAG_FLUSH)) {
    if (!cue_.whole())
      return Error{ErrorKind::Unsupported,
                   "its cue-in and cue-out cannot be found; convert it to MP4"};
    log_warning("capture", "clip \"" + cue_.file + "\" cannot be repeated; it plays once");
    loop_ = false;
  }
  return graph_->preroll(10);
}

Status ClipPlayer::play() { return graph_->play(next_start()); }

Status ClipPlayer::poll() {
  Status s = graph_->poll();
  if (!s.ok()) return std::move(s.error()).context("clip \"" + cue_.file + "\"");
  if (loop_ && graph_->take_segment_done() && !seek_to_start(GST_SEEK_FLAG_NONE))
    return Error{ErrorKind::TryLater, "clip \"" + cue_.file + "\": cannot go back to its start"};
  if (!graph_->ended()) return {};
  // A container that answers a segment seek with an end: open it again, a short hold in between.
  if (loop_) return Error{ErrorKind::TryLater, "clip \"" + cue_.file + "\": starts over"};
  const std::lock_guard lock(mutex_);
  if (video_ && context_.clock->now() - repeated_ > Duration::milliseconds(500)) {
    repeated_ = context_.clock->now();
    video_->repeat_last();  // the end of a clip stands still, it does not go dark
  }
  return {};
}

std::string ClipPlayer::format() const {
  const std::lock_guard lock(mutex_);
  return video_ ? video_->format() : std::string("sound");
}

bool ClipPlayer::seek_to_start(GstSeekFlags flush) {
  // Cues are meant to the picture; a whole file needs no search for it.
  int flags = flush | (loop_ ? GST_SEEK_FLAG_SEGMENT : GST_SEEK_FLAG_NONE);
  if (!cue_.whole()) flags |= GST_SEEK_FLAG_ACCURATE;
  return gst_element_seek(graph_->pipeline(), 1.0, GST_FORMAT_TIME,
                          static_cast<GstSeekFlags>(flags), GST_SEEK_TYPE_SET, cue_.in.ns,
                          cue_.out.ns > 0 ? GST_SEEK_TYPE_SET : GST_SEEK_TYPE_NONE,
                          cue_.out.ns > 0 ? cue_.out.ns : -1) != FALSE;
}

// Running time 0 falls phase_lead before a tick, so that a clip of the program's rate arrives
// just in time for each; 60 ms from now, to have it decoded by then.
MediaTime ClipPlayer::next_start() const {
  const Rate rate = context_.canvas.rate;
  const Duration from = context_.clock->now() - context_.epoch + Duration::milliseconds(60);
  return context_.epoch + rate.time_of(rate.index_at(from + context_.phase_lead) + 1) -
         context_.phase_lead;
}

// GStreamer's thread, while prerolling.
void ClipPlayer::pad_added(GstElement*, GstPad* pad, gpointer self) {
  GstCaps* caps = gst_pad_get_current_caps(pad);
  if (!caps) caps = gst_pad_query_caps(pad, nullptr);
  const bool known = gst_caps_get_size(caps) > 0;
  const std::string type = known ? gst_structure_get_name(gst_caps_get_structure(caps, 0)) : "";
  gst_caps_unref(caps);
  auto& me = *static_cast<ClipPlayer*>(self);
  if (type == "video/x-raw" && me.context_.video) me.attach(pad, true);
  if (type == "audio/x-raw" && me.context_.audio) me.attach(pad, false);
}

void ClipPlayer::attach(GstPad* pad, bool picture) {
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

}  // namespace kakehashi
