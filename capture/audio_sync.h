// SPDX-License-Identifier: GPL-3.0-or-later
// Sound of one device, brought onto the session clock: its own crystal is measured against
// CLOCK_MONOTONIC and a variable resampler follows it, so a block is always there and lips stay
// matched. Written by one source thread (push), read by mix.audio (read).
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "capture/channel_peaks.h"
#include "capture/input_tap.h"
#include "capture/watcher.h"
#include "core/audio_block.h"
#include "core/time.h"

namespace kakehashi {

struct AudioSyncStatus {
  double drift_ppm = 0;  // device against session, + = device fast
  double buffer_ms = 0;  // sound waiting between device and mixer
  double room_ms = 0;    // how much later than its moment it is played, because it always came late
  std::uint64_t underruns = 0, overruns = 0, resyncs = 0;
  bool flowing = false;  // something arrived within the last 200 ms of session time
};

class AudioSync {
 public:
  // `epoch`: the session's zero (sample position 0). `delay`: lip-sync, added to every stamp.
  AudioSync(MediaTime epoch, Duration delay);
  ~AudioSync();

  // Before the first push: who hears everything as the device gave it, before any fader; outlives
  // the road. Null: nobody.
  void set_watcher(SoundWatcher* watcher);

  // Before the first push: who takes the same, and where it breaks off; outlives the road. Null:
  // nobody.
  void set_tap(InputTap* tap);

  // Source thread. Interleaved float, `channels` 1..8 (mono goes to both sides, above two: first
  // two), any `rate` 8000..192000. `captured` is the first sample's moment. Never blocks, never
  // allocates after the first call with the same rate.
  void push(std::span<const float> interleaved, int channels, int rate, MediaTime captured);
  // Source thread: what follows does not join on (device overflow, reopened).
  void discontinuity();
  // Source thread. A device whose sound is always late is played later. MakeRoom: here, the
  // default. Skip: whoever stamps sees to it, for the picture alike (StreamClock); room given here
  // as well would part sound from picture, so what is late is left out.
  enum class Late { MakeRoom, Skip };
  void when_late(Late late);

  // mix.audio only. Fills block.samples for block.position (a multiple of kBlockSamples); silence
  // where nothing is there. `now` is the tick's time. False: silence because the source is not
  // flowing.
  bool read(AudioBlock& block, MediaTime now);

  // mix.audio only. How late (at most, since the last call) sound came to a place already read, of
  // a source that may be played later; zero: it was in time.
  Duration take_lateness();

  AudioSyncStatus status(MediaTime now) const;  // any thread

  // Levels of all channels of the device, of which push() brings the picked ones. Source thread
  // writes, any reads.
  ChannelPeaks& channels();
  const ChannelPeaks& channels() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi
