// SPDX-License-Identifier: GPL-3.0-or-later
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

#include "core/log.h"
#include "core/stats.h"
#include "core/thread.h"
#include "encoder/output.h"
#include "encoder/raw_output.h"
#include "encoder/trouble.h"

namespace kakehashi {
namespace {

using namespace std::chrono_literals;
constexpr auto kTryEvery = 2s;
constexpr auto kReturn = 950ms;

Clock& monotonic() {
  static MonotonicClock clock;
  return clock;
}

}  // namespace

Bus raw_bus(const Destination& destination) {
  const auto it = destination.settings.find("bus");
  const std::string* word =
      it == destination.settings.end() ? nullptr : std::get_if<std::string>(&it->second);
  for (std::size_t i = 0; word && i < kBuses; ++i)
    if (kBusNames[i] == *word) return static_cast<Bus>(i);
  return Bus::Aux;
}

// Shared with the thread, which may outlive the runner when a driver hangs.
struct RawRunner::Impl {
  explicit Impl(RawConfig c)
      : config(std::move(c)),
        clock(config.clock ? *config.clock : monotonic()),
        kind(kind_of(config.destination, config.row)),
        who("out." + config.destination.id) {}

  void run() {
    while (!ends()) {
      auto output = kind && kind->open_raw
                        ? kind->open_raw({config.destination.settings, config.canvas})
                        : Result<std::unique_ptr<RawOutput>>(
                              trouble(Trouble::UnknownKind, config.destination.kind));
      Status ended = output ? serve(**output) : Status(output.error());
      if (ended) break;
      note(OutputState::Reconnecting, &ended.error());
      output = trouble(Trouble::Lost, "");  // closes what broke before waiting
      std::unique_lock lock(mutex);
      if (changed.wait_for(lock, kTryEvery, [this] { return ending; })) break;
    }
    const std::lock_guard lock(mutex);
    state = OutputState::Standby;
    reason = {};
    waiting = {};
    done = true;
    changed.notify_all();
  }

  Status serve(RawOutput& output) {
    note(OutputState::Live, nullptr);
    log_info(who, "shows pictures at " + output.location());
    while (true) {
      FramePtr picture;
      {
        std::unique_lock lock(mutex);
        changed.wait(lock, [this] { return ending || waiting; });
        if (ending) return {};
        picture = std::exchange(waiting, FramePtr());
      }
      if (auto s = output.write(*picture); !s) return s;
      pictures.add();
    }
  }

  bool ends() {
    const std::lock_guard lock(mutex);
    return ending;
  }

  void note(OutputState next, const Error* error) {
    const std::lock_guard lock(mutex);
    if (ending) return;
    state = next;
    reason = error ? explain(*error) : Text{};
    if (next == OutputState::Live) {
      since = clock.now();
      if (was_live) reconnects.add();
      was_live = true;
      last_message.clear();
    }
    if (!error || error->message == last_message) return;
    last_message = error->message;
    log_warning(who, error->message);
  }

  const RawConfig config;
  Clock& clock;
  const std::optional<OutputKind> kind;
  const std::string who;
  Counter pictures, replaced, reconnects;

  std::mutex mutex;  // all below
  std::condition_variable changed;
  FramePtr waiting;
  bool ending = false, done = false, was_live = false;
  OutputState state = OutputState::Connecting;
  Text reason;
  std::string last_message;
  MediaTime since;
};

RawRunner::RawRunner(RawConfig config) : impl_(std::make_shared<Impl>(std::move(config))) {
  thread_ = std::thread([impl = impl_] {
    begin_thread(impl->who, Urgency::Ordinary);
    impl->run();
  });
}

RawRunner::~RawRunner() {
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

void RawRunner::push(FramePtr picture) {
  {
    const std::lock_guard lock(impl_->mutex);
    // Nobody takes it while nothing is open: the pool's pictures are few.
    if (impl_->ending || impl_->state != OutputState::Live) return;
    if (impl_->waiting) impl_->replaced.add();
    std::swap(impl_->waiting, picture);  // the old one goes back to its pool after the lock
  }
  impl_->changed.notify_one();
}

void RawRunner::stop() {
  std::unique_lock lock(impl_->mutex);
  impl_->ending = true;
  impl_->changed.notify_all();
  impl_->changed.wait_for(lock, kReturn, [this] { return impl_->done; });
}

const Canvas& RawRunner::canvas() const { return impl_->config.canvas; }

OutputStatus RawRunner::status(MediaTime now) const {
  const Impl& i = *impl_;
  OutputStatus s;
  s.id = i.config.destination.id;
  s.name = i.config.destination.name;
  s.kind = i.config.destination.kind;
  s.scope = i.config.destination.scope;
  s.enabled = i.config.destination.enabled;
  s.video_packets = i.pictures.get();
  s.dropped = i.replaced.get();
  s.reconnects = i.reconnects.get();
  const std::lock_guard lock(impl_->mutex);
  s.state = i.state;
  s.reason = i.reason;
  if (i.state == OutputState::Live) s.connected_seconds = (now - i.since).to_seconds();
  return s;
}

}  // namespace kakehashi
