// SPDX-License-Identifier: GPL-3.0-or-later
// One sound input opened for a test by the same road as on air, heard as the device gives it: its
// clock is measured and, where wanted, every sample is kept.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "capture/audio_sync.h"
#include "capture/source_kind.h"
#include "capture/watcher.h"
#include "core/clock.h"
#include "station/equip/probe.h"
#include "station/equip/stream_line.h"

namespace kakehashi {

// What arrived, two sides (of one channel: both the same).
struct EarRecording {
  int channels = 0, rate = 0;
  std::vector<float> side[2];
  double began_s = 0;      // session time of the first sample, by the device's line
  double drift_ppm = 0;    // + = the device is fast
  double seconds = 0;      // over which the drift was measured
  std::uint64_t lost = 0;  // places where the device lost something, since keep()
};

class TestEar final : private SoundWatcher {
 public:
  // Opens it; may block. The clock outlives this.
  TestEar(const Input& input, const ProbeTask& task, Clock& clock, MediaTime epoch);
  ~TestEar() override;

  bool opened() const { return opened_; }
  bool broke() const { return broke_; }
  ErrorKind why() const { return why_; }  // not opened or broke
  std::string device() const;
  int channels() const;  // 0: not known
  int rate() const;
  AudioSync& sync() { return sync_; }
  const AudioSync& sync() const { return sync_; }

  // Every 100 ms: whether it still runs.
  void poll();
  // What came until now does not count; `samples`: from now on they are kept.
  void count_from_here(bool samples);
  EarRecording recording() const;

 private:
  void sound(std::span<const float> interleaved, int channels, int rate,
             MediaTime captured) override;

  AudioSync sync_;  // outlives the source that writes into it
  bool opened_ = false, broke_ = false;
  ErrorKind why_{};
  mutable std::mutex mutex_;  // the source's thread and ours
  bool keep_ = false;
  int channels_ = 0, rate_ = 0;
  std::vector<float> side_[2];
  std::optional<StreamLine> line_;
  std::uint64_t lost_ = 0, lost_before_ = 0;
  std::unique_ptr<Source> source_;  // first to go
};

}  // namespace kakehashi
