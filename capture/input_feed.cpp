// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/input_feed.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <thread>

#include "capture/rate_advice.h"
#include "capture/signal_words.h"
#include "core/log.h"
#include "core/thread.h"

namespace kakehashi {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPoll{100};
constexpr milliseconds kCloseLimit{2000};
constexpr Duration kSilence = Duration::seconds(3);
constexpr Duration kLate = Duration::milliseconds(300);  // ten pictures late is not jitter
// Never long: a device that is back must be on air within 3 s, opening it included.
constexpr std::array kBackOff{milliseconds{500}, milliseconds{1000}, milliseconds{1500}};

// Shared with the thread: when a driver hangs while closing, the thread is left to end by itself
// and everything its source may still touch stays alive with it.
struct Shared {
  explicit Shared(FeedConfig c)
      : config(std::move(c)),
        kind(config.spec ? find_source_kind(config.spec->kind) : nullptr),
        video(config.input.delay),
        audio(config.epoch, config.input.delay),
        advice(config.canvas.rate) {}

  const FeedConfig config;
  const SourceKind* const kind;
  FrameSync video;
  AudioSync audio;

  std::mutex mutex;
  std::condition_variable changed;
  bool stop = false, ended = false;
  bool open = false, delivered = false, resting = false, failed = false;
  Text reason;
  std::string format;
  double fps = 0;
  RateAdvice advice;
  std::uint64_t restarts = 0;
  std::shared_ptr<PageTurner> pages;  // while open, slides only
  int page = 0;                       // the last one asked for or shown, for when it opens again

  bool wants_picture() const { return config.input.video && kind->description.has_video; }
  bool wants_sound() const { return config.input.audio && kind->description.has_audio; }

  bool stop_now() {
    const std::lock_guard lock(mutex);
    return stop;
  }
  // False: it is time to end.
  bool wait(milliseconds limit) {
    std::unique_lock lock(mutex);
    return !changed.wait_for(lock, limit, [this] { return stop; });
  }

  void fail(const Error& error) {
    log_warning("src." + config.input.id, error.message);
    const std::lock_guard lock(mutex);
    open = delivered = resting = false;
    failed = true;
    fps = 0;
    advice.forget();
    reason = no_signal_words(config.spec->kind, error.kind);
  }

  Result<std::unique_ptr<Source>> open_source() {
    SourceContext c;
    c.input = config.input.id;
    c.canvas = config.canvas;
    c.epoch = config.epoch;
    c.grid = config.grid;
    c.media_folder = config.media_folder;
    c.others = config.others;
    c.video = wants_picture() ? &video : nullptr;
    c.audio = wants_sound() ? &audio : nullptr;
    c.clock = config.clock;
    {
      const std::lock_guard lock(mutex);
      c.page = page;
    }
    return kind->open(config.spec->settings, c);
  }

  Status watch(Source& source);
  void run();
};

// Until the source fails, falls silent, or the feed ends (then without error).
Status Shared::watch(Source& source) {
  MediaTime alive = config.clock->now(), counted = alive;
  std::uint64_t pictures = video.captured(), at_count = pictures;
  while (wait(kPoll)) {
    if (Status s = source.poll(); !s.ok()) return s;
    const MediaTime now = config.clock->now();
    const std::uint64_t captured = video.captured();
    const bool progress = wants_picture() ? captured != pictures : audio.status(now).flowing;
    pictures = captured;
    if (progress) alive = now;
    const bool resting_now = source.may_rest();
    if (!resting_now && now - alive > kSilence)
      return Error{ErrorKind::TryLater, wants_picture()
                                            ? "no picture for 3 seconds; opening it again"
                                            : "no sound for 3 seconds; opening it again"};
    const std::string format_now = source.format();
    const CadenceLine line = source.own_pace() ? video.cadence() : CadenceLine();
    const std::lock_guard lock(mutex);
    format = format_now;
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
  return {};
}

void Shared::run() {
  std::size_t failures = 0;
  bool first = true;
  while (!stop_now()) {
    auto source = open_source();
    if (!source.ok()) {
      fail(source.error());
    } else {
      {
        const std::lock_guard lock(mutex);
        open = true;
        pages = (*source)->pages();
        if (!first) ++restarts;
        first = false;
      }
      video.follow_pace((*source)->own_pace());
      const Status end = watch(**source);
      bool was_well = false;
      {
        const std::lock_guard lock(mutex);
        was_well = delivered;
      }
      if (was_well) failures = 0;
      if (!end.ok()) fail(end.error());
      {
        const std::lock_guard lock(mutex);
        pages.reset();
      }
      std::move(source).value().reset();  // may hang in a driver: only this feed waits
      audio.discontinuity();
    }
    const milliseconds pause = kBackOff[std::min(failures++, kBackOff.size() - 1)];
    if (!wait(pause)) break;
  }
  video.clear();
  const std::lock_guard lock(mutex);
  ended = true;
  changed.notify_all();
}

}  // namespace

struct InputFeed::Impl {
  std::shared_ptr<Shared> shared;
  std::thread thread;
};

InputFeed::InputFeed(FeedConfig config) : impl_(std::make_unique<Impl>()) {
  impl_->shared = std::make_shared<Shared>(std::move(config));
  if (!impl_->shared->kind) return;  // unbound, or bound to what this version does not know
  impl_->thread = std::thread([shared = impl_->shared] {
    // What a source starts from here on (PortAudio's thread, decoders) inherits it: sound that is
    // fetched too late is lost, not late.
    begin_thread("src." + shared->config.input.id, Urgency::Encode);
    shared->run();
  });
}

InputFeed::~InputFeed() {
  if (!impl_->thread.joinable()) return;
  Shared& s = *impl_->shared;
  bool ended = false;
  {
    std::unique_lock lock(s.mutex);
    s.stop = true;
    s.changed.notify_all();
    ended = s.changed.wait_for(lock, kCloseLimit, [&] { return s.ended; });
  }
  if (ended) {
    impl_->thread.join();
    return;
  }
  log_warning("src." + s.config.input.id, "its driver does not close; it is left behind");
  impl_->thread.detach();
}

FrameSync& InputFeed::video() { return impl_->shared->video; }
AudioSync& InputFeed::audio() { return impl_->shared->audio; }

void InputFeed::show_page(int page) {
  std::shared_ptr<PageTurner> pages;
  {
    const std::lock_guard lock(impl_->shared->mutex);
    impl_->shared->page = std::max(1, page);
    pages = impl_->shared->pages;
  }
  if (pages) pages->show_page(page);
}

FramePtr InputFeed::page_strip() {
  std::shared_ptr<PageTurner> pages;
  {
    const std::lock_guard lock(impl_->shared->mutex);
    pages = impl_->shared->pages;
  }
  return pages ? pages->page_strip() : FramePtr();
}

InputStatus InputFeed::status(MediaTime now) const {
  Shared& s = *impl_->shared;
  const Input& input = s.config.input;
  InputStatus r;
  r.id = input.id;
  r.name = input.name;
  r.kind = s.config.spec ? s.config.spec->kind : "";
  r.video = input.video;
  r.audio = input.audio;
  r.microphone = input.microphone;
  r.captured = s.video.captured();
  r.dropped = s.video.dropped();
  r.repeated = s.video.repeated();
  const FrameFigures figures = s.video.figures(now);
  r.age_ms = figures.age_p50.to_milliseconds();
  r.age_p95_ms = figures.age_p95.to_milliseconds();
  r.jitter_ms = figures.jitter_p95.to_milliseconds();
  const AudioSyncStatus sound = s.audio.status(now);
  r.drift_ppm = sound.drift_ppm;
  r.buffer_ms = sound.buffer_ms;
  if (!s.kind) {
    r.signal = s.config.spec ? SignalState::Lost : SignalState::Unbound;
    r.reason = s.config.spec ? unknown_kind_words(s.config.spec->kind) : unbound_words();
    return r;
  }
  const FramePtr picture = s.wants_picture() ? s.video.newest(now) : FramePtr();
  const std::lock_guard lock(s.mutex);
  r.format = s.format;
  r.fps = figures.fps > 0 ? figures.fps : s.fps;
  r.restarts = s.restarts;
  r.reason = s.reason;
  r.advice = s.advice.words();
  if (s.pages) {
    const PageStatus at = s.pages->page_status();
    r.page = at.page;
    r.pages = at.pages;
    r.advice = at.advice;
  }
  const bool there = s.wants_picture() ? static_cast<bool>(picture) : sound.flowing;
  if (s.open && s.delivered && (there || s.resting)) {
    const bool late = picture && !s.resting && now - picture->info().captured > kLate + input.delay;
    r.signal = late ? SignalState::Holding : SignalState::Live;
  } else if (s.failed || s.delivered) {
    r.signal = SignalState::Lost;
    if (r.reason.ja.empty()) r.reason = no_signal_words(r.kind, ErrorKind::TryLater);
  } else {
    r.signal = SignalState::Opening;
  }
  return r;
}

}  // namespace kakehashi
