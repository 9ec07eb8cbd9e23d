// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/kept_feed.h"

#include <algorithm>
#include <mutex>
#include <thread>
#include <utility>

#include "capture/kept_attempt.h"
#include "capture/next_mode.h"
#include "capture/signal_words.h"
#include "core/log.h"

namespace kakehashi {
namespace {

using std::chrono::milliseconds;
using Lock = std::unique_lock<std::mutex>;
using Phase = Attempt::Phase;

// The thread "keep.<input>": when to try again, and what to leave behind. Everything under the
// state's lock, which it holds but while it waits.
class Keeper {
 public:
  explicit Keeper(std::shared_ptr<KeptState> state) : state_(std::move(state)), s_(*state_) {}
  void run();

 private:
  std::shared_ptr<Attempt> begin();
  void wait_for_end(Lock& lock, Attempt& a);
  milliseconds limit_of(Phase phase) const;
  void tell_hanging() {
    s_.goes_dark(no_signal_words(*s_.kind, ErrorKind::TryLater, Trouble::Hanging));
  }

  const std::shared_ptr<KeptState> state_;
  KeptState& s_;
};

std::shared_ptr<Attempt> Keeper::begin() {
  // The same roads as long as nobody holds them: the last picture stands on them.
  auto free = std::find_if(s_.roads.begin(), s_.roads.end(),
                           [&](const auto& r) { return !r->taken && r.get() == s_.current; });
  if (free == s_.roads.end())
    free = std::find_if(s_.roads.begin(), s_.roads.end(), [](const auto& r) { return !r->taken; });
  auto attempt = std::make_shared<Attempt>();
  attempt->roads = free != s_.roads.end() ? *free : s_.add_roads();
  attempt->roads->taken = true;
  s_.current = attempt->roads.get();
  attempt->thread = std::thread([state = state_, attempt] { run_attempt(state, attempt); });
  return attempt;
}

milliseconds Keeper::limit_of(Phase phase) const {
  switch (phase) {
    case Phase::Opening:
      return s_.config.times.opening;
    case Phase::Answering:
      return s_.config.times.answering;
    default:
      return s_.config.times.closing;
  }
}

// Returns when it has ended, or was left behind because the driver does not come back.
void Keeper::wait_for_end(Lock& lock, Attempt& a) {
  std::uint64_t pictures = 0;
  std::optional<Attempt::Steady::time_point> asked;  // to stop
  while (a.phase != Phase::Ended) {
    s_.changed.wait_for(lock, s_.config.times.poll, [&] { return a.phase == Phase::Ended; });
    const auto now = Attempt::Steady::now();
    if (s_.stop && !asked) asked = now;
    // A driver that answers no question but still delivers is left in peace.
    const std::uint64_t captured = a.roads->video.captured();
    if (a.phase == Phase::Answering &&
        (captured != pictures || a.roads->audio.status(s_.clock.now()).flowing))
      a.since = now;
    pictures = captured;
    const bool stuck_now =
        a.phase != Phase::Waiting && a.phase != Phase::Ended && now - a.since > limit_of(a.phase);
    const bool too_slow = asked && now - *asked > s_.config.times.closing;
    if (a.phase == Phase::Ended || !(stuck_now || too_slow)) continue;
    a.left = true;
    ++s_.stuck;
    a.thread.detach();
    log_warning(s_.place(), "its driver does not come back; it is left behind");
    tell_hanging();
    return;
  }
  lock.unlock();
  a.thread.join();
  lock.lock();
}

void Keeper::run() {
  begin_thread("keep." + s_.config.input.id, Urgency::Ordinary);
  std::size_t failures = 0;
  int refused = 0;  // formats in a row, asked for one right after the other
  Lock lock(s_.mutex);
  while (!s_.stop) {
    if (s_.stuck >= KeptFeed::kMostStuck) {
      tell_hanging();
      s_.changed.wait(lock, [this] { return s_.stop || s_.stuck < KeptFeed::kMostStuck; });
      continue;
    }
    s_.woken = false;
    const auto attempt = begin();
    wait_for_end(lock, *attempt);
    if (s_.stop) break;
    const Trouble why = attempt->trouble;
    if (attempt->began) failures = 0;
    // The source remembers what was refused (SourceContext::kept) and asks for the next one; once
    // it went round it is left in peace for a while.
    refused = why == Trouble::Format ? refused + 1 : 0;
    const bool next_format = refused % kChoices != 0;
    const std::size_t step = std::min(failures++, s_.config.times.back_off.size() - 1);
    s_.changed.wait_for(lock,
                        next_format ? s_.config.times.next_format : s_.config.times.back_off[step],
                        [this] { return s_.stop || s_.woken; });
    if (s_.woken) failures = 0;
  }
}

}  // namespace

struct KeptFeed::Impl {
  std::shared_ptr<KeptState> state;
  std::thread keeper;
};

KeptFeed::KeptFeed(FeedConfig config, const SourceKind* kind) : impl_(std::make_unique<Impl>()) {
  impl_->state = std::make_shared<KeptState>(std::move(config), kind);
  if (!kind) return;  // unbound, or bound to what this version does not know
  impl_->keeper = std::thread([state = impl_->state] { Keeper(state).run(); });
}

KeptFeed::~KeptFeed() {
  KeptState& s = *impl_->state;
  {
    const std::lock_guard lock(s.mutex);
    s.stop = true;
    s.changed.notify_all();
  }
  if (impl_->keeper.joinable()) impl_->keeper.join();
  s.clock.take_back();
}

FrameSync& KeptFeed::video() { return impl_->state->current.load()->video; }
AudioSync& KeptFeed::audio() { return impl_->state->current.load()->audio; }

std::vector<double> KeptFeed::channel_peaks() const {
  return impl_->state->current.load()->audio.channels().levels();
}

void KeptFeed::wake() {
  const std::lock_guard lock(impl_->state->mutex);
  impl_->state->woken = true;
  impl_->state->changed.notify_all();
}

void KeptFeed::set_others(std::vector<DeviceIdentity> others) {
  const std::lock_guard lock(impl_->state->mutex);
  impl_->state->others = std::move(others);
}

void KeptFeed::show_page(int page) {
  std::shared_ptr<PageTurner> pages;
  {
    const std::lock_guard lock(impl_->state->mutex);
    impl_->state->page = std::max(1, page);
    pages = impl_->state->pages;
  }
  if (pages) pages->show_page(page);
}

FramePtr KeptFeed::page_strip() {
  std::shared_ptr<PageTurner> pages;
  {
    const std::lock_guard lock(impl_->state->mutex);
    pages = impl_->state->pages;
  }
  return pages ? pages->page_strip() : FramePtr();
}

void KeptFeed::set_tap(std::shared_ptr<InputTap> tap) { impl_->state->tap.set(std::move(tap)); }

InputStatus KeptFeed::status(MediaTime now) const {
  KeptState& s = *impl_->state;
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
  r.room_ms = sound.room_ms;
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
  for (const auto& roads : s.roads) {  // an attempt left behind counts on its own roads
    const AudioSyncStatus one = roads->audio.status(now);
    r.underruns += one.underruns;
    r.overruns += one.overruns;
    r.resyncs += one.resyncs;
  }
  r.lost = s.lost_before + s.lost_now;
  if (!s.wants_picture()) r.overflows = r.lost;
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
