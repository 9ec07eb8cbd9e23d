// SPDX-License-Identifier: GPL-3.0-or-later
// One film file from its cue-in to its cue-out, with its sound, paced to the session clock. A loop
// is made of segment seeks: running time goes on over the seam, so pictures and sound keep their
// rhythm (GStreamer design document "Segments", "Seeking"). Private to capture/; calls on the
// source's own thread.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "capture/clip_list.h"
#include "capture/gst_pipeline.h"
#include "capture/gst_taps.h"

namespace kakehashi {

class ClipPlayer {
 public:
  // Reads the file up to its first picture and sound; blocks for up to 10 s. Nothing is shown yet.
  // The error names the file and the fix.
  static Result<std::unique_ptr<ClipPlayer>> open(const ClipCue& cue, const SourceContext& context,
                                                  bool loop);
  ~ClipPlayer();  // its picture on air stays until the next player's first

  Status play();
  Status poll();
  std::string format() const;
  bool ended() const { return graph_->ended(); }

 private:
  ClipPlayer(std::unique_ptr<GstGraph> graph, ClipCue cue, const SourceContext& context, bool loop);
  Status preroll();
  bool seek_to_start(GstSeekFlags flush);
  MediaTime next_start() const;
  static void pad_added(GstElement*, GstPad* pad, gpointer self);
  void attach(GstPad* pad, bool picture);

  const SourceContext context_;
  const ClipCue cue_;
  bool loop_;
  std::unique_ptr<GstGraph> graph_;
  mutable std::mutex mutex_;  // taps are made on GStreamer's thread, closed on the source's
  bool closing_ = false;
  std::unique_ptr<VideoTap> video_;
  std::unique_ptr<AudioTap> audio_;
  MediaTime repeated_{};
};

}  // namespace kakehashi
