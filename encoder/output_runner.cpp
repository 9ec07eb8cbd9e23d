// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "core/log.h"
#include "core/thread.h"
#include "encoder/output.h"
#include "encoder/packet_queue.h"
#include "encoder/stage_meter.h"
#include "encoder/trouble.h"

namespace kakehashi {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

constexpr std::array kWaits = {1, 2, 4, 8, 10};   // seconds between attempts; the last one repeats
constexpr auto kLookEvery = milliseconds(1000);   // at a closed port
constexpr auto kCalm = std::chrono::seconds(10);  // live this long: the next wait is short again
// stop(): until kDrain the queue may be written out, then writes are broken off, and at kReturn
// control goes back in any case.
constexpr auto kDrain = milliseconds(600);
constexpr auto kReturn = milliseconds(950);

Clock& monotonic() {
  static MonotonicClock clock;
  return clock;
}

// Bits per second over the last whole half seconds, at most 3 s of them.
class RateMeter {
 public:
  void add(MediaTime now, std::size_t bytes) {
    Slot& s = slot(now);
    s.bytes += bytes;
  }
  double kbps(MediaTime now) {
    const std::int64_t current = now.ns / kStep;
    std::int64_t oldest = current;
    std::size_t bytes = 0;
    for (const Slot& s : slots_)
      if (s.number > current - kSlots && s.number < current && s.number >= 0) {
        bytes += s.bytes;
        oldest = std::min(oldest, s.number);
      }
    if (oldest == current) return 0;
    return static_cast<double>(bytes) * 8e-3 /
           (static_cast<double>((current - oldest) * kStep) * 1e-9);
  }
  void clear() { slots_ = {}; }

 private:
  static constexpr std::int64_t kStep = 500'000'000, kSlots = 7;
  struct Slot {
    std::int64_t number = -1;
    std::size_t bytes = 0;
  };
  Slot& slot(MediaTime now) {
    const std::int64_t number = now.ns / kStep;
    Slot& s = slots_[static_cast<std::size_t>(number % kSlots)];
    if (s.number != number) s = {number, 0};
    return s;
  }
  std::array<Slot, kSlots> slots_{};
};

}  // namespace

// Shared by the runner's thread and the object, because the thread may outlive the object when it
// hangs in a name look-up or on a dead disk.
struct OutputRunner::Impl {
  explicit Impl(OutputConfig c)
      : config(std::move(c)),
        clock(config.clock ? *config.clock : monotonic()),
        kind(config.row ? config.row : find_output_kind(config.destination.kind)),
        who("out." + config.destination.id),
        queue(kind && !kind->live ? PacketQueue::Policy::File : PacketQueue::Policy::Live,
              Duration::seconds(kind && !kind->live ? 10 : 3)) {
    queue.accept(!is_live());  // a file keeps what comes before it is open
  }

  bool is_live() const { return !kind || kind->live; }
  OutputOpen opening() {
    return {config.destination.id,
            config.destination.settings,
            config.key,
            config.stream,
            abort,
            &wire};
  }
  bool ends() {
    const std::lock_guard lock(mutex);
    return ending;
  }

  void run();
  Status serve(Output& output);
  void wait_before_retry(std::size_t attempt);
  void note(OutputState next, const Error* error);
  void sent(const EncodedPacket& packet, MediaTime before, const Output& output);

  const OutputConfig config;
  Clock& clock;
  const OutputKind* const kind;
  const std::string who;
  PacketQueue queue;
  std::atomic<bool> abort{false};  // OutputOpen::stop
  WireMeter wire;
  LatencyHistogram glass, send;
  StageMeter stages;
  Counter video, audio, reconnects;
  std::atomic<std::uint64_t> bytes{0};

  std::mutex mutex;  // all below
  std::condition_variable changed;
  bool ending = false, done = false;
  OutputState state = OutputState::Connecting;
  Text reason;
  std::string last_message, location;
  MediaTime connected;
  RateMeter meter;
};

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

void OutputRunner::Impl::sent(const EncodedPacket& packet, MediaTime before, const Output& output) {
  const MediaTime now = clock.now();
  send.add(now - before);
  if (packet.kind == PacketKind::Video) {
    video.add();
    if (packet.captured.ns != 0) glass.add(now - packet.captured);
    stages.add(packet, before, now);
  } else {
    audio.add();
  }
  bytes.store(output.bytes(), std::memory_order_relaxed);
  const std::lock_guard lock(mutex);
  meter.add(now, packet.data.size());
}

Status OutputRunner::Impl::serve(Output& output) {
  {
    const std::lock_guard lock(mutex);
    location = output.location();
  }
  queue.accept(true);
  if (!abort) note(OutputState::Live, nullptr);
  if (config.want_keyframe && !abort) config.want_keyframe();
  bool started = false;
  for (;;) {
    const PacketPtr packet = queue.pop(milliseconds(100));
    if (!packet) {
      if (!ends()) {
        if (auto s = output.idle(); !s) return s;
        continue;
      }
      output.finish();
      bytes.store(output.bytes(), std::memory_order_relaxed);
      return {};
    }
    if (!started && !(packet->kind == PacketKind::Video && packet->keyframe)) continue;
    started = true;
    // Once stop() has given up waiting, the clock may be gone: a connection is broken off, a slow
    // disk still gets the rest, unmeasured.
    if (abort && is_live()) return {};
    const MediaTime before = abort ? MediaTime{} : clock.now();
    if (auto s = output.write(*packet); !s) return s;
    if (abort) continue;
    sent(*packet, before, output);
    if (queue.take_wants_keyframe() && config.want_keyframe) config.want_keyframe();
  }
}

// Up to 10 s; shorter when a closed port answers again.
void OutputRunner::Impl::wait_before_retry(std::size_t attempt) {
  const auto deadline =
      SteadyClock::now() + std::chrono::seconds(kWaits[std::min(attempt, kWaits.size() - 1)]);
  bool closed_seen = false;
  while (SteadyClock::now() < deadline) {
    if (kind->answers) {
      const bool answers = kind->answers(opening());
      if (answers && closed_seen) return;
      closed_seen = closed_seen || !answers;
    }
    const auto next = std::min(deadline, SteadyClock::now() + kLookEvery);
    std::unique_lock lock(mutex);
    if (changed.wait_until(lock, next, [this] { return ending; })) return;
  }
}

void OutputRunner::Impl::run() {
  std::size_t attempt = 0;
  bool was_live = false;
  // A recording that is stopped before its thread ran still becomes a file.
  for (bool first = true; !ends() || (first && !is_live()); first = false) {
    auto output = kind ? kind->open(opening())
                       : Result<std::unique_ptr<Output>>(
                             trouble(Trouble::UnknownKind, config.destination.kind));
    Status ended = output ? Status() : Status(output.error());
    if (abort && is_live()) break;
    if (output) {
      if (was_live) reconnects.add();
      was_live = true;
      const auto since = SteadyClock::now();
      ended = serve(**output);
      if (SteadyClock::now() - since >= kCalm) attempt = 0;
      if (is_live()) queue.accept(false);
    }
    if (ended || ends()) break;
    const bool hopeless =
        ended.error().kind == ErrorKind::FixInput || ended.error().kind == ErrorKind::Unsupported;
    note(hopeless ? OutputState::Failed : OutputState::Reconnecting, &ended.error());
    if (hopeless) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [this] { return ending; });
      break;
    }
    output = trouble(Trouble::Lost, "");  // closes what broke before waiting
    wait_before_retry(attempt++);
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
    begin_thread(impl->who, impl->is_live() ? Urgency::Encode : Urgency::Ordinary);
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
  if (i.state != OutputState::Live && i.is_live()) i.abort = true;
  i.changed.notify_all();
  i.changed.wait_until(lock, begin + kDrain, [&] { return i.done; });
  i.abort = true;
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
    if (!i.is_live() && s.dropped > 0) s.reason = explain(trouble(Trouble::DiskSlow, ""));
  }
  return s;
}

std::string OutputRunner::location() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->location;
}
std::uint64_t OutputRunner::bytes() const { return impl_->bytes.load(std::memory_order_relaxed); }
const LatencyHistogram& OutputRunner::glass_to_socket() const { return impl_->glass; }
std::vector<StageTime> OutputRunner::stages() const { return impl_->stages.stages(); }

}  // namespace kakehashi
