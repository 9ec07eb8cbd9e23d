// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/kept_attempt.h"

#include <utility>

#include "capture/signal_words.h"
#include "capture/stall_watch.h"
#include "core/log.h"

namespace kakehashi {

KeptState::KeptState(FeedConfig c, const SourceKind* k)
    : config(std::move(c)),
      kind(k),
      clock(config.clock),
      others(config.others),
      advice(config.canvas.rate) {
  current = add_roads().get();
}

const std::shared_ptr<KeptRoads>& KeptState::add_roads() {
  roads.push_back(std::make_shared<KeptRoads>(config.epoch, config.input.delay,
                                              sort_of(config.input, kind), tap, current));
  return roads.back();
}

void KeptState::goes_dark(Text why) {
  open = delivered = resting = false;
  failed = true;
  fps = 0;
  advice.forget();
  pages.reset();
  lost_before += std::exchange(lost_now, 0);
  reason = std::move(why);
}

namespace {

using Phase = Attempt::Phase;
using Steady = Attempt::Steady;

Result<std::unique_ptr<Source>> open_source(KeptState& s, Attempt& a) {
  SourceContext c;
  c.input = s.config.input.id;
  c.canvas = s.config.canvas;
  c.epoch = s.config.epoch;
  c.grid = s.config.grid;
  c.media_folder = s.config.media_folder;
  c.video = s.wants_picture() ? &a.roads->video : nullptr;
  c.audio = s.wants_sound() ? &a.roads->audio : nullptr;
  c.clock = &s.clock;
  c.trouble = &a.trouble;
  c.secret = s.config.secret;
  c.kept = &a.kept;
  c.given_up = [&s, &a] {
    const std::lock_guard lock(s.mutex);
    return s.stop || a.left;
  };
  {
    const std::lock_guard lock(s.mutex);
    c.others = s.others;
    c.page = s.page;
    a.kept = s.kept;
  }
  auto source = s.kind->open(s.config.spec->settings, c);
  const std::lock_guard lock(s.mutex);
  if (!a.left) s.kept = a.kept;
  return source;
}

void fail(KeptState& s, Attempt& a, const Error& error) {
  log_warning(s.place(), error.message);
  const std::lock_guard lock(s.mutex);
  if (a.left) return;
  s.goes_dark(error.words.ja.empty() ? no_signal_words(*s.kind, error.kind, a.trouble)
                                     : error.words);
}

// Until the source fails, falls silent, or nobody wants it any more (then without error).
Status watch(KeptState& s, Attempt& a, Source& source) {
  const FrameSync& video = a.roads->video;
  MediaTime counted = s.clock.now();
  StallWatch stall(counted, s.config.times.first_picture);
  std::uint64_t pictures = video.captured(), at_count = pictures;
  while (true) {
    {
      std::unique_lock lock(s.mutex);
      a.phase = Phase::Waiting;
      if (s.changed.wait_for(lock, s.config.times.poll, [&] { return s.stop || a.left; }))
        return {};
      a.phase = Phase::Answering;
      a.since = Steady::now();
    }
    if (Status answer = source.poll(); !answer.ok()) return answer;
    const MediaTime now = s.clock.now();
    const std::uint64_t captured = video.captured();
    // Pictures with times of nonsense count as none: nobody sees them.
    const bool progress = s.wants_picture() ? captured != pictures && video.newest(now)
                                            : a.roads->audio.status(now).flowing;
    pictures = captured;
    const bool resting_now = source.may_rest();
    const CadenceLine line = source.own_pace() ? video.cadence() : CadenceLine();
    const Duration period{line.settled ? static_cast<std::int64_t>(line.period_ns) : 0};
    if (stall.stalled(now, progress, resting_now, source.patience(), period)) {
      return Error{ErrorKind::TryLater, s.wants_picture() ? "no picture any more; opening it again"
                                                          : "no sound any more; opening it again"};
    }
    a.roads->detectors.poll(video.newest(now).get(), now);
    const std::string format_now = source.format(), device_now = source.device();
    const std::uint64_t lost = source.lost();
    const std::lock_guard lock(s.mutex);
    if (a.left) return {};
    a.began = stall.began();
    s.format = format_now;
    s.device = device_now;
    s.lost_now = lost;
    s.resting = resting_now;
    if (progress) s.delivered = true, s.failed = false, s.reason = {};
    // Only a camera has a rate that somebody could set: a clip is as it is, a screen goes by ours.
    if (source.own_pace()) s.advice.look(line.per_second(), now);
    if (now - counted >= Duration::seconds(1)) {
      s.fps = static_cast<double>(captured - at_count) / (now - counted).to_seconds();
      counted = now;
      at_count = captured;
    }
  }
}

}  // namespace

void run_attempt(const std::shared_ptr<KeptState>& state, const std::shared_ptr<Attempt>& attempt) {
  KeptState& s = *state;
  Attempt& a = *attempt;
  // What a source starts from here on (PortAudio's thread, decoders) inherits it.
  begin_thread(s.place(), s.config.urgency);
  auto source = open_source(s, a);
  if (!source.ok()) {
    fail(s, a, source.error());
  } else {
    {
      const std::lock_guard lock(s.mutex);
      if (!a.left) {
        s.open = true;
        s.pages = (*source)->pages();
        if (s.openings++ > 0) ++s.restarts;
      }
    }
    a.roads->video.follow_pace((*source)->own_pace());
    const Status end = watch(s, a, **source);
    if (!end.ok()) fail(s, a, end.error());
    {
      const std::lock_guard lock(s.mutex);
      a.phase = Phase::Closing;
      a.since = Steady::now();
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

}  // namespace kakehashi
