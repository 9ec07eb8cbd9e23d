// SPDX-License-Identifier: GPL-3.0-or-later
// One attempt at a device, from the call into its driver until it is closed, and what the threads
// of a KeptFeed share. Only the attempt's own thread calls into the driver; whatever hangs there
// keeps nobody else. Private to capture/.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "capture/kept_feed.h"
#include "capture/kept_roads.h"
#include "capture/rate_advice.h"

namespace kakehashi {

// Lives as long as the feed and every thread that was left behind.
struct KeptState {
  KeptState(FeedConfig c, const SourceKind* k);

  const FeedConfig config;
  const SourceKind* const kind;
  LentClock clock;
  TapPlace tap;
  std::atomic<KeptRoads*> current;  // what the mix loops read; never freed before the feed

  mutable std::mutex mutex;  // for all that follows
  std::condition_variable changed;
  std::vector<std::shared_ptr<KeptRoads>> roads;  // at most kMostStuck + 1
  std::size_t stuck = 0;
  bool stop = false, woken = false;
  std::vector<DeviceIdentity> others;  // for the next opening
  bool open = false, delivered = false, resting = false, failed = false;
  Text reason;
  std::string format, device;
  double fps = 0;
  RateAdvice advice;
  std::uint64_t restarts = 0, lost_before = 0, lost_now = 0;
  int openings = 0;
  std::shared_ptr<void> kept;         // what the last attempt that was not left behind kept
  std::shared_ptr<PageTurner> pages;  // while open, slides only
  int page = 0;                       // the last one asked for or shown, for when it opens again

  bool wants_picture() const { return config.input.video && kind->description.has_video; }
  bool wants_sound() const { return config.input.audio && kind->description.has_audio; }
  std::string place() const { return "src." + config.input.id; }
  const std::shared_ptr<KeptRoads>& add_roads();
  void goes_dark(Text why);  // nothing comes any more
};

struct Attempt {
  using Steady = std::chrono::steady_clock;
  enum class Phase : std::uint8_t { Opening, Answering, Waiting, Closing, Ended };

  std::shared_ptr<KeptRoads> roads;
  std::atomic<Trouble> trouble{Trouble::Unknown};
  std::thread thread;
  // Under KeptState::mutex.
  Phase phase = Phase::Opening;
  Steady::time_point since = Steady::now();  // of the phase
  bool began = false;                        // pictures or sound came for a while
  bool left = false;                         // given up: nobody listens to it any more
  std::shared_ptr<void> kept;                // the source's own, between two openings
};

// The whole of it, on the attempt's own thread: opens, watches, closes, notes in `state` how it is.
// Returns when it failed, fell silent, was left behind, or the feed stops.
void run_attempt(const std::shared_ptr<KeptState>& state, const std::shared_ptr<Attempt>& attempt);

}  // namespace kakehashi
