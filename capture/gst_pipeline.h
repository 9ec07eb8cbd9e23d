// SPDX-License-Identifier: GPL-3.0-or-later
// One GStreamer pipeline per source, on CLOCK_MONOTONIC with a base time of ours: a live buffer's
// base time + running time is a MediaTime. Private to capture/; all calls on the source's own
// thread.
#pragma once

#include <gst/gst.h>

#include <memory>
#include <string>
#include <utility>

#include "capture/trouble.h"
#include "core/result.h"
#include "core/time.h"

namespace kakehashi {

class GstGraph {
 public:
  // `description` as for gst-launch; names, never values from settings, are written in it.
  static Result<std::unique_ptr<GstGraph>> parse(const std::string& description);
  ~GstGraph();  // stop()
  GstGraph(const GstGraph&) = delete;
  GstGraph& operator=(const GstGraph&) = delete;

  // The element called `name` in the description. Lives as long as the graph.
  GstElement* operator[](const char* name) const;
  GstElement* pipeline() const { return pipeline_; }

  // PLAYING with running time 0 at `base` (CLOCK_MONOTONIC).
  Status play(MediaTime base);
  // PAUSED, waiting up to `seconds` until every sink has its first picture or sound.
  Status preroll(int seconds);
  void stop();  // NULL; may take as long as the driver likes

  // Reads the messages; the first error stays.
  Status poll();
  // Waits for an error, or until `done` says so; a timeout is no error.
  template <class Done>
  Status wait(int milliseconds, Done done) {
    for (int waited = 0; waited < milliseconds; waited += 20) {
      if (Status s = poll(); !s.ok()) return s;
      if (done()) break;
      g_usleep(20'000);
    }
    return poll();
  }
  bool ended() const { return ended_; }
  // Why the first error came, as far as it tells.
  Trouble trouble() const { return trouble_; }
  // True once per finished segment (a clip that loops).
  bool take_segment_done() { return std::exchange(segment_done_, false); }

 private:
  explicit GstGraph(GstElement* pipeline);
  void read(GstMessage* message);

  GstElement* pipeline_;
  GstBus* bus_;
  Status failed_;
  Trouble trouble_ = Trouble::Unknown;
  bool ended_ = false, segment_done_ = false;
};

// The moment a buffer's PTS stands for; `fallback` when it has none.
MediaTime time_of_buffer(GstElement* element, const GstSegment* segment, GstBuffer* buffer,
                         MediaTime fallback);

}  // namespace kakehashi
