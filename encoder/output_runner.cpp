// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <chrono>
#include <mutex>
#include <thread>

#include "core/log.h"
#include "core/thread.h"
#include "encoder/output_impl.h"
#include "encoder/trouble.h"

namespace kakehashi {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr std::array kWaits = {1, 2, 4, 8, 10};   // seconds between attempts; the last one repeats
constexpr auto kLookEvery = milliseconds(1000);   // at a closed port
constexpr auto kCalm = std::chrono::seconds(10);  // live this long: the next wait is short again
constexpr auto kWatchEvery = milliseconds(500);
constexpr int kMostBehind = 3;
// stop(): until kDrain the queue may be written out, then writes are broken off, and at kReturn
// control goes back in any case.
constexpr auto kDrain = milliseconds(600);
constexpr auto kReturn = milliseconds(950);

}  // namespace

void OutputRunner::Impl::note(OutputState next, const Error* error) {
  const std::lock_guard lock(mutex);
  if (next == OutputState::Live) {
    if (state != OutputState::Live) log_info(who, "connected");
    connected = clock.now();
    meter.clear();
    reason = {};
    last_message.clear();
  }
  state = next;
  if (!error) return;
  reason = explain(*error);
  reason = {redacted(reason.ja), redacted(reason.en)};
  if (error->message == last_message) return;  // one line per trouble, not one per attempt
  last_message = error->message;
  log_warning(who, error->message);
}

// Until the attempt has ended or is given up. A connection may be slow in nothing but its patience:
// what is stuck is told to stop, and a second later left behind. A file is never left: a slow disk
// is better than none.
Status OutputRunner::Impl::watch(OutputAttempt& a) {
  std::unique_lock lock(mutex);
  auto moved = SteadyClock::now(), told = SteadyClock::time_point::max();
  std::uint64_t confirmed = 0;
  const auto look = std::min({kWatchEvery, config.call_limit / 4, config.deaf_limit / 4});
  for (;;) {
    changed.wait_for(lock, look, [&] { return a.done; });
    if (a.done) return a.stuck ? trouble(Trouble::Stuck, "nothing moved") : std::move(a.ended);
    if (!is_live()) continue;
    const auto now = SteadyClock::now();
    const WireFigures wire = a.wire.load();
    if (wire.unacked == 0 || wire.handed - wire.unacked != confirmed) moved = now;
    confirmed = wire.handed - wire.unacked;
    const bool wedged =
        a.busy_since != SteadyClock::time_point::max() && now - a.busy_since > a.patience;
    const bool deaf = now - moved > config.deaf_limit;
    if ((wedged || deaf || giving_up) && told == SteadyClock::time_point::max()) {
      told = now;
      a.stuck = !giving_up;
      a.abort = true;
    }
    if (told != SteadyClock::time_point::max() && now - told > kWatchEvery * 2) {
      a.left = true;
      ++behind;
      log_warning(who, "an attempt that hangs is left behind");
      return trouble(Trouble::Stuck, "an attempt hung");
    }
  }
}

// Up to 10 s; shorter when a port that was closed, now or in the attempt before, answers again. At
// least 1 s, whatever a port says that comes and goes.
void OutputRunner::Impl::wait_before_retry(std::size_t attempt, bool reached,
                                           OutputAttempt& asking) {
  const auto deadline =
      SteadyClock::now() + std::chrono::seconds(kWaits[std::min(attempt, kWaits.size() - 1)]);
  bool closed_seen = !reached;
  for (bool look = reached; SteadyClock::now() < deadline; look = true) {
    if (look && kind->answers) {
      const bool answers = kind->answers(opening(asking));
      if (answers && closed_seen) return;
      closed_seen = closed_seen || !answers;
    }
    const auto next = std::min(deadline, SteadyClock::now() + kLookEvery);
    std::unique_lock lock(mutex);
    if (changed.wait_until(lock, next, [this] { return ending; })) return;
  }
}

void OutputRunner::Impl::run() {
  std::size_t tries = 0;
  for (bool first = true;; first = false) {
    const auto a = std::make_shared<OutputAttempt>();
    {
      std::unique_lock lock(mutex);
      changed.wait(lock, [this] { return ending || behind < kMostBehind; });
      // A recording that is stopped before its thread ran still becomes a file.
      if (ending && (is_live() || !first)) break;
      a->abort = giving_up;
      current = a;
    }
    const auto since = SteadyClock::now();
    std::thread thread([self = shared_from_this(), a] {
      begin_thread(self->who, self->is_live() ? Urgency::Encode : Urgency::Ordinary);
      self->attempt(*a);
      const std::lock_guard lock(self->mutex);
      a->done = true;
      if (a->left) --self->behind;
      self->changed.notify_all();
    });
    const Status ended = watch(*a);
    bool left, served;
    {
      const std::lock_guard lock(mutex);
      left = a->left;
      served = state == OutputState::Live;
    }
    if (left)
      thread.detach();
    else
      thread.join();
    if (is_live()) queue.accept(false);
    if (served && SteadyClock::now() - since >= kCalm) tries = 0;
    if (ended || ends()) break;
    const bool hopeless =
        ended.error().kind == ErrorKind::FixInput || ended.error().kind == ErrorKind::Unsupported;
    note(hopeless ? OutputState::Failed : OutputState::Reconnecting, &ended.error());
    if (hopeless) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [this] { return ending; });
      break;
    }
    const auto asking = std::make_shared<OutputAttempt>();
    {
      const std::lock_guard lock(mutex);
      asking->abort = giving_up || (ending && is_live());
      current = asking;
    }
    wait_before_retry(tries++, !not_reached(ended.error()), *asking);
  }
  const std::lock_guard lock(mutex);
  if (state != OutputState::Failed) {
    state = OutputState::Standby;
    reason = {};
  }
  done = true;
  changed.notify_all();
}

OutputRunner::OutputRunner(OutputConfig config) : impl_(std::make_shared<Impl>(std::move(config))) {
  thread_ = std::thread([impl = impl_] {
    begin_thread("keep." + impl->config.destination.id, Urgency::Ordinary);
    impl->run();
  });
}

OutputRunner::~OutputRunner() {
  stop();
  bool done;
  {
    const std::lock_guard lock(impl_->mutex);
    done = impl_->done;
  }
  if (done) {
    thread_.join();
  } else {
    log_warning(impl_->who, "did not end in time; left to end by itself");
    thread_.detach();
  }
}

void OutputRunner::push(PacketPtr packet) { impl_->queue.push(std::move(packet)); }

void OutputRunner::stop() {
  Impl& i = *impl_;
  const auto begin = SteadyClock::now();
  i.queue.close();
  std::unique_lock lock(i.mutex);
  i.ending = true;
  // Nothing to bring to an end where nothing is connected; a file still being opened may be.
  if (i.state != OutputState::Live && i.is_live()) i.current->abort = true;
  i.changed.notify_all();
  i.changed.wait_until(lock, begin + kDrain, [&] { return i.done; });
  i.giving_up = true;
  i.current->abort = true;
  i.changed.wait_until(lock, begin + kReturn, [&] { return i.done; });
}

OutputStatus OutputRunner::status(MediaTime now) const {
  Impl& i = *impl_;
  OutputStatus s;
  s.id = i.config.destination.id;
  s.name = i.config.destination.name;
  s.kind = i.config.destination.kind;
  s.scope = i.config.destination.scope;
  s.enabled = i.config.destination.enabled;
  s.queue_ms = i.queue.held().to_milliseconds();
  s.video_packets = i.video.get();
  s.audio_packets = i.audio.get();
  s.dropped = i.queue.dropped();
  s.reconnects = i.reconnects.get();
  s.send_p95_ms = i.send.quantile(0.95).to_milliseconds();
  const std::lock_guard lock(i.mutex);
  s.state = i.state;
  s.reason = i.reason;
  if (i.state == OutputState::Live) {
    s.connected_seconds = (now - i.connected).to_seconds();
    s.kbps = i.meter.kbps(now);
    const WireFigures wire = i.current->wire.load();
    s.rtt_ms = wire.rtt_ms;
    s.retransmits = wire.retransmits;
    if (!i.is_live() && s.dropped > 0) s.reason = explain(trouble(Trouble::DiskSlow, ""));
  }
  return s;
}

LineSample OutputRunner::line(MediaTime now) const {
  Impl& i = *impl_;
  LineSample sample;
  sample.at = now;
  sample.queued = i.queue.bytes();
  sample.dropped = i.queue.dropped();
  const std::lock_guard lock(i.mutex);
  if (i.state != OutputState::Live || !i.is_live()) return sample;
  sample.connection = i.connections;
  sample.wire = i.current->wire.load();
  return sample;
}

std::string OutputRunner::location() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->location;
}
std::uint64_t OutputRunner::bytes() const { return impl_->bytes.load(std::memory_order_relaxed); }
const LatencyHistogram& OutputRunner::glass_to_socket() const { return impl_->glass; }
std::vector<StageTime> OutputRunner::stages() const { return impl_->stages.stages(); }

}  // namespace kakehashi
