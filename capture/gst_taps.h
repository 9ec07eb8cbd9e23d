// SPDX-License-Identifier: GPL-3.0-or-later
// Where a pipeline ends: an appsink whose streaming thread stamps, wraps and hands over to
// FrameSync or AudioSync. Private to capture/.
#pragma once

#include <gst/gst.h>

#include <memory>
#include <string>

#include "capture/source_kind.h"

namespace kakehashi {

class VideoTap {
 public:
  struct Config {
    FrameSync* to = nullptr;
    Clock* clock = nullptr;
    bool paced = false;      // wait for each picture's time (files); live sources never wait
    bool keep_last = false;  // remember the last picture for repeat_last()
    // Both fields of an interlaced frame come together: the second is shown half a frame later.
    bool fields = false;
    // Live, but each picture waits for the time its sink's "ts-offset" gives it, to stay with the
    // sound.
    bool timed = false;
  };
  // Takes over `appsink` (a GstAppSink in a graph that is not yet playing).
  VideoTap(GstElement* appsink, const Config& config);
  ~VideoTap();  // close()

  // From now on nothing is handed over any more. FrameSync lets go of all its pictures; the one on
  // air stays on air as a copy, until something newer comes or it is too old. Then waits up to a
  // second for those that somebody still holds: a driver closes better without loans.
  void close();
  std::string format() const;  // "1920x1080 30/1 BGRx"; empty before the first picture
  std::string colour()
      const;           // "709 limited", as the mixer takes it; empty before the first picture
  void repeat_last();  // hands the last picture over again, stamped now
  std::uint64_t pictures() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

class AudioTap {
 public:
  AudioTap(GstElement* appsink, AudioSync* to, Clock* clock, bool paced, bool timed = false);
  ~AudioTap();  // close()
  void close();
  std::uint64_t chunks() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace kakehashi
