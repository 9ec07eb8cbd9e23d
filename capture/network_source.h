// SPDX-License-Identifier: GPL-3.0-or-later
// What all network kinds share once their address is open: streams appear one by one, each gets its
// chain, and picture and sound are held together by one StreamClock. Private to capture/.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "capture/deinterlace.h"
#include "capture/gst_pipeline.h"
#include "capture/gst_taps.h"
#include "capture/network_chains.h"
#include "capture/network_words.h"
#include "capture/source_kind.h"
#include "capture/stream_clock.h"

namespace kakehashi {

struct NetworkPlan {
  std::string name;      // for sentences: `network camera "rtsp://..."`
  std::string protocol;  // for people: "RTSP"
  StreamClock::Policy policy = StreamClock::Policy::CatchUp;
  Duration spare;                                  // StreamClock's
  int open_ms = 6000;                              // how long the first stream may take
  NetworkTrouble silent = NetworkTrouble::Silent;  // when it takes longer
  std::string silent_detail;
};

class NetworkSource : public Source {
 public:
  NetworkSource(std::unique_ptr<GstGraph> graph, const SourceContext& context, NetworkPlan plan,
                Deinterlacing interlaced);
  ~NetworkSource() override;

  // Before start(): streams come from this element (rtspsrc, a demuxer), or from whatever demuxer
  // fits what this typefind sees.
  void streams_from(GstElement* element);
  void streams_behind(GstElement* typefind);
  // A listening srtsrc: once somebody has called, their first picture may take the usual time.
  void callers_of(GstElement* srtsrc);

  // Blocks until the first stream that is wanted has come.
  Status start();
  Status poll() override;
  std::string format() const override;
  bool own_pace() const override { return true; }

 private:
  static gboolean select_stream(GstElement*, guint, GstCaps* caps, gpointer self);
  static void pad_added(GstElement*, GstPad* pad, gpointer self);
  static void type_found(GstElement* typefind, guint, GstCaps* caps, gpointer self);
  static void all_pads_came(GstElement*, gpointer self);
  static void caller_came(GstElement*, gint, GObject*, gpointer self);
  static GstPadProbeReturn caps_came(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn data_came(GstPad* pad, GstPadProbeInfo* info, gpointer self);
  static GstPadProbeReturn data_ready(GstPad* pad, GstPadProbeInfo* info, gpointer self);

  bool wanted(const Chain& chain) const;
  void offer(GstPad* pad, const GstCaps* caps);
  void attach(GstPad* pad, const Chain& chain);
  void bound_lateness();
  void demux(GstElement* typefind, const GstCaps* caps);
  void observe(GstPad* pad, GstPadProbeInfo* info, bool (StreamClock::*as)(Duration, Duration));
  void fail(Error error);
  Error told(Error error) const;

  const SourceContext context_;
  const NetworkPlan plan_;
  const Deinterlacing interlaced_;
  const bool timed_;
  std::unique_ptr<GstGraph> graph_;
  StreamClock times_;
  MediaTime base_;
  mutable std::mutex mutex_;  // taps are made on GStreamer's thread, closed on the source's
  bool closing_ = false;
  std::unique_ptr<VideoTap> video_;
  std::unique_ptr<AudioTap> audio_;
  GstElement *video_end_ = nullptr, *audio_end_ = nullptr;  // the graph's
  Status failed_;                                           // found out on GStreamer's threads
  std::atomic<bool> linked_{false}, unusable_{false}, called_{false}, list_{false};
  std::atomic<bool> all_came_{false};  // streams; a later one would be a surprise
};

}  // namespace kakehashi
