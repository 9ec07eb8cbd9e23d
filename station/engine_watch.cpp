// SPDX-License-Identifier: GPL-3.0-or-later
// What the supervisor does on its rounds: ends what was stopped, makes the next snapshot.
#include <ctime>

#include <algorithm>
#include <chrono>

#include "core/log.h"
#include "core/thread.h"
#include "station/engine.h"
#include "station/snapshot_maker.h"

namespace kakehashi {
namespace {

using namespace std::chrono_literals;

}  // namespace

Duration Engine::cpu_time() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return {static_cast<std::int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec};
}

Snapshot Engine::snapshot() {
  refresh_snapshot();
  return *snapshot_.load();
}

void Engine::refresh_snapshot() {
  const std::lock_guard lock(snapshot_mutex_);
  const auto moment = moment_.load();
  const MediaTime now = clock_.now();
  auto s = std::make_shared<Snapshot>(
      describe_moment(*moment, audio_ ? audio_->take_meters() : AudioMeters{}, now, epoch_));
  s->sequence = ++sequence_;
  s->desks = desks_;
  s->captions = captions_.status(moment->live.program, now);
  s->boards = boards_;
  if (roads_) s->encodes = roads_->status();  // whose rates the outputs report
  outputs_->report(now, *s);
  record_->report(*moment->stage->show, now, *s);
  s->screen_running = screens_->running(Bus::Venue);
  s->screens = screens_->running();
  const std::vector<Duration> shown = display_.shown(now);
  for (std::size_t i = 0; i < shown.size() && i < s->overlays.size(); ++i)
    s->overlays[i].shown_seconds = shown[i].to_seconds();
  if (now - cpu_measured_ >= Duration::seconds(2)) {
    const Duration used = cpu_time();
    cpu_cores_ = (used - cpu_used_).to_seconds() / (now - cpu_measured_).to_seconds();
    cpu_used_ = used;
    cpu_measured_ = now;
  }
  Health& h = s->health;
  h.cpu_cores = cpu_cores_;
  h.unheard_blocks = ears_.left_out();
  if (video_ && audio_ && roads_) {
    for (const Destination& d : moment->stage->show->destinations)
      if (const auto road = roads_->road(d.encode)) road->set_practice_code(s->live && s->practice);
    EncodeRoad& main = roads_->main();
    roads_->show_captions(captions_for_viewers(*s));
    s->genlock = video_->genlock().status(*moment);
    h.ticks = video_->ticks();
    h.late_ticks = video_->late_ticks();
    h.skipped_pictures = main.pictures().counters().dropped;
    h.blocks = audio_->blocks();
    h.late_blocks = audio_->late_blocks();
    h.refused_blocks = main.sound().counters().dropped;
    h.mix_p95_ms = video_->mix_time().quantile(0.95).to_milliseconds();
    h.encode_p50_ms = main.encode_time().quantile(0.5).to_milliseconds();
    h.encode_p95_ms = main.encode_time().quantile(0.95).to_milliseconds();
    h.encoder_held_frames = main.held_frames();
    h.encoder = main.encoder_name();
  }
  spare_programme(h, !s->screens.empty());
  if (const auto output = outputs_->first_live()) {
    h.glass_p50_ms = output->glass_to_socket().quantile(0.5).to_milliseconds();
    h.glass_p95_ms = output->glass_to_socket().quantile(0.95).to_milliseconds();
    h.stages = output->stages();
  }
  ears_.report(*s);
  s->loop_back = practice_.status();
  s->messages = messages_for(*s, moment->stage->painted->faults);
  report_sound_outputs(*s);
  report_devices(*moment->stage, *s);
  snapshot_.store(std::move(s));
}

void Engine::run_supervisor() {
  begin_thread("supervisor", Urgency::Ordinary);
  std::unique_lock lock(supervisor_mutex_);
  while (!supervisor_stop_) {
    supervisor_wake_.wait_for(lock, desks_ > 0 ? 50ms : 500ms, [this] { return supervisor_stop_; });
    if (supervisor_stop_) break;
    lock.unlock();
    outputs_->tidy();
    record_->tidy();
    practice_.follow(*moment_.load()->stage->show, outputs_->live());
    refresh_snapshot();
    if (DoorServer* door = door_open_) door->snapshot_changed();
    lock.lock();
  }
}

}  // namespace kakehashi
