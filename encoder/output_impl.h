// SPDX-License-Identifier: GPL-3.0-or-later
// An OutputRunner's inside. Private to encoder/: output_runner.cpp is its keeper and its face,
// output_attempt.cpp one attempt.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

#include "encoder/kbps_meter.h"
#include "encoder/output.h"
#include "encoder/packet_queue.h"
#include "encoder/stage_meter.h"

namespace kakehashi {

// One connection or file from its opening to its end, on a thread of its own ("out.<id>"): what it
// calls may hang for ever, and is then left behind with it. Fields without a word: Impl::mutex.
struct OutputAttempt {
  WireMeter wire;
  std::atomic<bool> abort{false};  // OutputOpen::stop
  bool left = false;               // the keeper has given up on it: it touches nothing any more
  bool done = false, stuck = false;
  std::chrono::steady_clock::time_point busy_since =
      std::chrono::steady_clock::time_point::max();  // in a call of the output's
  std::chrono::milliseconds patience{0};
  Status ended;  // when done
};

// Shared by the keeper, its attempts and the object, because a thread may outlive the object when
// it hangs in a name look-up or on a dead disk.
struct OutputRunner::Impl : std::enable_shared_from_this<Impl> {
  explicit Impl(OutputConfig c)
      : config(std::move(c)),
        clock(config.clock ? *config.clock : ordinary_clock()),
        kind(kind_of(config.destination, config.row)),
        who("out." + config.destination.id),
        queue(kind && !kind->live ? PacketQueue::Policy::File : PacketQueue::Policy::Live,
              Duration::seconds(kind && !kind->live ? 10 : 1)) {
    queue.accept(!is_live());  // a file keeps what comes before it is open
  }

  static Clock& ordinary_clock() {
    static MonotonicClock clock;
    return clock;
  }
  // Of those who wait in open() until somebody calls; empty for all others.
  Text waiting() const {
    return kind && kind->waiting ? kind->waiting(config.destination.settings) : Text{};
  }
  bool is_live() const { return !kind || kind->live; }
  OutputOpen opening(OutputAttempt& a) {
    return {config.destination.id,
            config.destination.settings,
            config.key,
            config.stream,
            a.abort,
            &a.wire};
  }
  bool ends() {
    const std::lock_guard lock(mutex);
    return ending;
  }
  // Around each call of the output's that may hang. False: left behind meanwhile.
  void enter(OutputAttempt& a, std::chrono::milliseconds patience) {
    const std::lock_guard lock(mutex);
    a.busy_since = std::chrono::steady_clock::now();
    a.patience = patience;
  }
  bool leave(OutputAttempt& a) {
    const std::lock_guard lock(mutex);
    a.busy_since = std::chrono::steady_clock::time_point::max();
    return !a.left;
  }

  void run();
  void attempt(OutputAttempt& a);
  Status serve(OutputAttempt& a, Output& output);
  Status watch(OutputAttempt& a);
  void wait_before_retry(std::size_t attempt, bool reached, OutputAttempt& asking);
  void note(OutputState next, const Error* error);
  void sent(const EncodedPacket& packet, MediaTime before, const Output& output);
  void ask_for_keyframe(std::chrono::steady_clock::time_point& asked);

  const OutputConfig config;
  Clock& clock;
  const std::optional<OutputKind> kind;  // its own: the given row may be gone before a thread is
  const std::string who;
  PacketQueue queue;
  LatencyHistogram glass, send;
  StageMeter stages;
  Counter video, audio, reconnects;
  std::atomic<std::uint64_t> bytes{0};

  std::mutex mutex;  // all below
  std::condition_variable changed;
  std::shared_ptr<OutputAttempt> current = std::make_shared<OutputAttempt>();
  bool ending = false, giving_up = false, done = false, was_live = false;
  int behind = 0;                 // attempts left behind that have not ended
  std::uint64_t connections = 0;  // made so far
  OutputState state = OutputState::Connecting;
  Text reason;
  std::string last_message, location;
  MediaTime connected;
  KbpsMeter meter;
};

}  // namespace kakehashi
