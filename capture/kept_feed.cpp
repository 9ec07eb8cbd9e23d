// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/kept_feed.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "capture/kept_roads.h"
#include "capture/rate_advice.h"
#include "capture/signal_words.h"
#include "capture/stall_watch.h"
#include "core/log.h"
#include "core/thread.h"

namespace kakehashi {
namespace {

using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;
using Lock = std::unique_lock<std::mutex>;

enum class Phase : std::uint8_t { Opening, Answering, Waiting, Closing, Ended };

// One opening of the device, from the call to the driver until it is closed.
struct Attempt {
  std::shared_ptr<KeptRoads> roads;
  std::atomic<Trouble> trouble{Trouble::Unknown};
  int refused = 0;
  std::thread thread;
  // Under Shared::mutex.
  Phase phase = Phase::Opening;
  Steady::time_point since = Steady::now();  // of the phase
  bool opened = false, began = false, stalled = false;
  bool left = false;           // given up: nobody listens to it any more
  std::shared_ptr<void> kept;  // the source's own, between two openings
  ErrorKind error = ErrorKind::TryLater;
};

// Lives as long as the feed and every thread that was left behind.
struct Shared {
  Shared(FeedConfig c, const SourceKind* k)
      : config(std::move(c)), kind(k), clock(config.clock), advice(config.canvas.rate) {
    current = add_roads().get();
  }

  const FeedConfig config;
  const SourceKind* const kind;
  LentClock clock;
  std::atomic<KeptRoads*> current;  // what the mix loops read; never freed before the feed

  mutable std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::shared_ptr<KeptRoads>> roads;  // at most kMostStuck + 1
  std::size_t stuck = 0;
  bool stop = false, woken = false;
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

  const std::shared_ptr<KeptRoads>& add_roads() {
    roads.push_back(
        std::make_shared<KeptRoads>(config.epoch, config.input.delay, sort_of(config.input, kind)));
    return roads.back();
  }

  // All of the following on the attempt's own thread.
  static void work(const std::shared_ptr<Shared>& self, const std::shared_ptr<Attempt>& attempt);
  void enter(Attempt& a, Phase phase) {
    const std::lock_guard lock(mutex);
    a.phase = phase;
    a.since = Steady::now();
  }
  Result<std::unique_ptr<Source>> open_source(Attempt& a);
  Status watch(Attempt& a, Source& source);
  void fail(Attempt& a, const Error& error);

  // All of the following on the keeper's thread.
  void keep(const std::shared_ptr<Shared>& self);
  std::shared_ptr<Attempt> begin(const std::shared_ptr<Shared>& self, int refused);
  void wait_for_end(Lock& lock, Attempt& a);
  milliseconds limit_of(Phase phase) const;
  void tell_hanging();
};

Result<std::unique_ptr<Source>> Shared::open_source(Attempt& a) {
  SourceContext c;
  c.input = config.input.id;
  c.canvas = config.canvas;
  c.epoch = config.epoch;
  c.grid = config.grid;
  c.media_folder = config.media_folder;
  c.video = wants_picture() ? &a.roads->video : nullptr;
  c.audio = wants_sound() ? &a.roads->audio : nullptr;
  c.clock = &clock;
  c.others = config.others;
  c.refused = a.refused;
  c.trouble = &a.trouble;
  c.secret = config.secret;
  c.kept = &a.kept;
  c.given_up = [this, &a] {
    const std::lock_guard lock(mutex);
    return stop || a.left;
  };
  {
    const std::lock_guard lock(mutex);
    c.page = page;
    a.kept = kept;
  }
  auto source = kind->open(config.spec->settings, c);
  const std::lock_guard lock(mutex);
  if (!a.left) kept = a.kept;
  return source;
}

void Shared::fail(Attempt& a, const Error& error) {
  log_warning(place(), error.message);
  const std::lock_guard lock(mutex);
  a.error = error.kind;
  if (a.left) return;
  open = delivered = resting = false;
  failed = true;
  fps = 0;
  advice.forget();
  lost_before += std::exchange(lost_now, 0);
  reason = error.words.ja.empty() ? no_signal_words(*kind, error.kind, a.trouble) : error.words;
}

// Until the source fails, falls silent, or nobody wants it any more (then without error).
Status Shared::watch(Attempt& a, Source& source) {
  const FrameSync& video = a.roads->video;
  MediaTime counted = clock.now();
  StallWatch stall(counted, config.times.first_picture);
  std::uint64_t pictures = video.captured(), at_count = pictures;
  while (true) {
    {
      Lock lock(mutex);
      a.phase = Phase::Waiting;
      if (changed.wait_for(lock, config.times.poll, [&] { return stop || a.left; })) return {};
      a.phase = Phase::Answering;
      a.since = Steady::now();
    }
    if (Status s = source.poll(); !s.ok()) return s;
    const MediaTime now = clock.now();
    const std::uint64_t captured = video.captured();
    // Pictures with times of nonsense count as none: nobody sees them.
    const bool progress = wants_picture() ? captured != pictures && video.newest(now)
                                          : a.roads->audio.status(now).flowing;
    pictures = captured;
    const bool resting_now = source.may_rest();
    const CadenceLine line = source.own_pace() ? video.cadence() : CadenceLine();
    const Duration period{line.settled ? static_cast<std::int64_t>(line.period_ns) : 0};
    if (stall.stalled(now, progress, resting_now, source.patience(), period)) {
      const std::lock_guard lock(mutex);
      a.stalled = true;
      return Error{ErrorKind::TryLater, wants_picture() ? "no picture any more; opening it again"
                                                        : "no sound any more; opening it again"};
    }
    a.roads->detectors.poll(video.newest(now).get(), now);
    const std::string format_now = source.format(), device_now = source.device();
    const std::uint64_t lost = source.lost();
    const std::lock_guard lock(mutex);
    if (a.left) return {};
    a.began = stall.began();
    format = format_now;
    device = device_now;
    lost_now = lost;
    resting = resting_now;
    if (progress) delivered = true, failed = false, reason = {};
    // Only a camera has a rate that somebody could set: a clip is as it is, a screen goes by ours.
    if (source.own_pace()) advice.look(line.per_second(), now);
    if (now - counted >= Duration::seconds(1)) {
      fps = static_cast<double>(captured - at_count) / (now - counted).to_seconds();
      counted = now;
      at_count = captured;
    }
  }
}

void Shared::work(const std::shared_ptr<Shared>& self, const std::shared_ptr<Attempt>& attempt) {
  Shared& s = *self;
  Attempt& a = *attempt;
  // What a source starts from here on (PortAudio's thread, decoders) inherits it: sound that is
  // fetched too late is lost, not late.
  begin_thread(s.place(), Urgency::Encode);
  auto source = s.open_source(a);
  if (!source.ok()) {
    s.fail(a, source.error());
  } else {
    {
      const std::lock_guard lock(s.mutex);
      a.opened = true;
      if (!a.left) {
        s.open = true;
        s.pages = (*source)->pages();
        if (s.openings++ > 0) ++s.restarts;
      }
    }
    a.roads->video.follow_pace((*source)->own_pace());
    const Status end = s.watch(a, **source);
    if (!end.ok()) s.fail(a, end.error());
    s.enter(a, Phase::Closing);
    {
      const std::lock_guard lock(s.mutex);
      if (!a.left) s.pages.reset();
    }
    std::move(source).value().reset();  // may hang in the driver: only this thread waits
    a.roads->audio.discontinuity();
    a.roads->detectors.forget();
  }
  const std::lock_guard lock(s.mutex);
  a.phase = Phase::Ended;
  a.roads->taken = false;
  if (a.left) --s.stuck;
  s.changed.notify_all();
}

// Under the lock.
std::shared_ptr<Attempt> Shared::begin(const std::shared_ptr<Shared>& self, int refused) {
  // The same roads as long as nobody holds them: the last picture stands on them.
  auto free = std::find_if(roads.begin(), roads.end(),
                           [&](const auto& r) { return !r->taken && r.get() == current; });
  if (free == roads.end())
    free = std::find_if(roads.begin(), roads.end(), [](const auto& r) { return !r->taken; });
  auto attempt = std::make_shared<Attempt>();
  attempt->roads = free != roads.end() ? *free : add_roads();
  attempt->roads->taken = true;
  attempt->refused = refused;
  current = attempt->roads.get();
  attempt->thread = std::thread([self, attempt] { work(self, attempt); });
  return attempt;
}

milliseconds Shared::limit_of(Phase phase) const {
  switch (phase) {
    case Phase::Opening:
      return config.times.opening;
    case Phase::Answering:
      return config.times.answering;
    default:
      return config.times.closing;
  }
}

// Under the lock.
void Shared::tell_hanging() {
  open = delivered = resting = false;
  failed = true;
  fps = 0;
  pages.reset();
  lost_before += std::exchange(lost_now, 0);
  reason = no_signal_words(*kind, ErrorKind::TryLater, Trouble::Hanging);
}

// Returns when it has ended, or was left behind because the driver does not come back.
void Shared::wait_for_end(Lock& lock, Attempt& a) {
  std::uint64_t pictures = 0;
  std::optional<Steady::time_point> asked;  // to stop
  while (a.phase != Phase::Ended) {
    changed.wait_for(lock, config.times.poll, [&] { return a.phase == Phase::Ended; });
    const auto now = Steady::now();
    if (stop && !asked) asked = now;
    // A driver that answers no question but still delivers is left in peace.
    const std::uint64_t captured = a.roads->video.captured();
    if (a.phase == Phase::Answering &&
        (captured != pictures || a.roads->audio.status(clock.now()).flowing))
      a.since = now;
    pictures = captured;
    const bool stuck_now =
        a.phase != Phase::Waiting && a.phase != Phase::Ended && now - a.since > limit_of(a.phase);
    const bool too_slow = asked && now - *asked > config.times.closing;
    if (a.phase == Phase::Ended || !(stuck_now || too_slow)) continue;
    a.left = true;
    ++stuck;
    a.thread.detach();
    log_warning(place(), "its driver does not come back; it is left behind");
    tell_hanging();
    return;
  }
  lock.unlock();
  a.thread.join();
  lock.lock();
}

void Shared::keep(const std::shared_ptr<Shared>& self) {
  begin_thread("keep." + config.input.id, Urgency::Ordinary);
  std::size_t failures = 0;
  int refused = 0;
  Lock lock(mutex);
  while (!stop) {
    if (stuck >= KeptFeed::kMostStuck) {
      tell_hanging();
      changed.wait(lock, [this] { return stop || stuck < KeptFeed::kMostStuck; });
      continue;
    }
    woken = false;
    const auto attempt = begin(self, refused);
    wait_for_end(lock, *attempt);
    if (stop) break;
    const Trouble why = attempt->trouble;
    bool next_format = false;
    if (attempt->began) {
      failures = 0;
    } else if (why == Trouble::Gone || attempt->error == ErrorKind::NotFound) {
      refused = 0;  // what comes back starts with its best
    } else if (why == Trouble::Format ||
               (attempt->opened && !attempt->stalled && why == Trouble::Unknown)) {
      // It failed before its first picture. One that only stayed dark (no signal yet) is asked for
      // the same again: it shall not come back in a lesser format.
      next_format = why == Trouble::Format && refused % 4 < 3;
      ++refused;
    }
    const std::size_t step = std::min(failures++, config.times.back_off.size() - 1);
    changed.wait_for(lock, next_format ? config.times.next_format : config.times.back_off[step],
                     [this] { return stop || woken; });
    if (woken) failures = 0;
  }
}

}  // namespace

struct KeptFeed::Impl {
  std::shared_ptr<Shared> shared;
  std::thread keeper;
};

KeptFeed::KeptFeed(FeedConfig config, const SourceKind* kind) : impl_(std::make_unique<Impl>()) {
  impl_->shared = std::make_shared<Shared>(std::move(config), kind);
  if (!kind) return;  // unbound, or bound to what this version does not know
  impl_->keeper = std::thread([shared = impl_->shared] { shared->keep(shared); });
}

KeptFeed::~KeptFeed() {
  Shared& s = *impl_->shared;
  {
    const std::lock_guard lock(s.mutex);
    s.stop = true;
    s.changed.notify_all();
  }
  if (impl_->keeper.joinable()) impl_->keeper.join();
  s.clock.take_back();
}

FrameSync& KeptFeed::video() { return impl_->shared->current.load()->video; }
AudioSync& KeptFeed::audio() { return impl_->shared->current.load()->audio; }

void KeptFeed::wake() {
  const std::lock_guard lock(impl_->shared->mutex);
  impl_->shared->woken = true;
  impl_->shared->changed.notify_all();
}

void KeptFeed::show_page(int page) {
  std::shared_ptr<PageTurner> pages;
  {
    const std::lock_guard lock(impl_->shared->mutex);
    impl_->shared->page = std::max(1, page);
    pages = impl_->shared->pages;
  }
  if (pages) pages->show_page(page);
}

FramePtr KeptFeed::page_strip() {
  std::shared_ptr<PageTurner> pages;
  {
    const std::lock_guard lock(impl_->shared->mutex);
    pages = impl_->shared->pages;
  }
  return pages ? pages->page_strip() : FramePtr();
}

InputStatus KeptFeed::status(MediaTime now) const {
  Shared& s = *impl_->shared;
  KeptRoads& at = *s.current.load();
  const Input& input = s.config.input;
  InputStatus r;
  r.id = input.id;
  r.name = input.name;
  r.kind = s.config.spec ? s.config.spec->kind : "";
  if (s.kind) r.nature = s.kind->nature;
  r.video = input.video;
  r.audio = input.audio;
  r.microphone = input.microphone;
  const FrameFigures figures = at.video.figures(now);
  r.age_ms = figures.age_p50.to_milliseconds();
  r.age_p95_ms = figures.age_p95.to_milliseconds();
  r.jitter_ms = figures.jitter_p95.to_milliseconds();
  const AudioSyncStatus sound = at.audio.status(now);
  r.drift_ppm = sound.drift_ppm;
  r.buffer_ms = sound.buffer_ms;
  if (!s.kind) {
    r.signal = s.config.spec ? SignalState::Lost : SignalState::Unbound;
    r.reason = s.config.spec ? unknown_kind_words(s.config.spec->kind) : unbound_words();
    return r;
  }
  const FramePtr picture = s.wants_picture() ? at.video.newest(now) : FramePtr();
  const std::lock_guard lock(s.mutex);
  for (const auto& roads : s.roads) {
    r.captured += roads->video.captured();
    r.dropped += roads->video.dropped();
    r.repeated += roads->video.repeated();
    r.late += roads->video.late();
  }
  r.lost = s.lost_before + s.lost_now;
  r.format = s.format;
  r.device = s.device;
  r.fps = figures.fps > 0 ? figures.fps : s.fps;
  r.restarts = s.restarts;
  r.reason = s.reason;
  r.advice = s.advice.words();
  if (s.pages) {
    const PageStatus pages = s.pages->page_status();
    r.page = pages.page;
    r.pages = pages.pages;
    r.advice = pages.advice;
  }
  const bool there = s.wants_picture() ? static_cast<bool>(picture) : sound.flowing;
  if (s.open && s.delivered && (there || s.resting)) {
    const bool late =
        picture && !s.resting && now - picture->info().captured > FrameSync::kLate + input.delay;
    r.signal = late ? SignalState::Holding : SignalState::Live;
    r.findings = at.detectors.findings();
  } else if (s.failed && picture) {
    r.signal = SignalState::Holding;  // closed, its last picture still stands
  } else if (s.failed || s.delivered) {
    r.signal = SignalState::Lost;
    if (r.reason.ja.empty()) r.reason = no_signal_words(*s.kind, ErrorKind::TryLater);
  } else {
    r.signal = SignalState::Opening;
  }
  return r;
}

}  // namespace kakehashi
