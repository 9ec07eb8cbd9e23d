// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/audio_loop.h"

#include <algorithm>

#include "core/thread.h"

namespace kakehashi {
namespace {

void keep_louder(double (&kept)[2], const double (&now)[2]) {
  for (int c = 0; c < 2; ++c) kept[c] = std::max(kept[c], now[c]);
}

// What is newest, but with the loudest peaks of both.
void gather(AudioMeters& kept, const AudioMeters& now) {
  if (kept.strips.size() != now.strips.size() || kept.buses.size() != now.buses.size()) {
    kept = now;
    return;
  }
  for (std::size_t i = 0; i < now.strips.size(); ++i) {
    const StripMeter before = kept.strips[i];
    kept.strips[i] = now.strips[i];
    keep_louder(kept.strips[i].peak_db, before.peak_db);
    kept.strips[i].level_db = std::max(before.level_db, now.strips[i].level_db);
  }
  for (std::size_t b = 0; b < now.buses.size(); ++b) {
    keep_louder(kept.buses[b].peak_db, now.buses[b].peak_db);
    kept.buses[b].limiter_db = std::min(kept.buses[b].limiter_db, now.buses[b].limiter_db);
  }
  const ProgramSound before = kept.program;
  kept.program = now.program;
  keep_louder(kept.program.peak_db, before.peak_db);
}

}  // namespace

AudioLoop::AudioLoop(Clock& clock, MediaTime epoch, Roads roads)
    : clock_(clock), epoch_(epoch), roads_(std::move(roads)) {
  thread_ = std::thread([this] { run(); });
}

AudioLoop::~AudioLoop() {
  stop_ = true;
  thread_.join();
}

void AudioLoop::run() {
  begin_thread("mix.audio", Urgency::Mix);
  constexpr std::int64_t kPeriod = 10'000'000;  // ns
  constexpr std::int64_t kHopeless = 100;       // blocks behind: a second
  const auto due = [&](std::int64_t n) { return epoch_ + Duration{n * kPeriod} + keeper_.lag(); };
  // The first block whose moment is to come; early in a session that is one before its zero.
  std::int64_t next = (clock_.now() - epoch_ - keeper_.lag()).ns / kPeriod - 9;
  while (due(next) <= clock_.now()) ++next;
  while (!stop_) {
    clock_.sleep_until(due(next));
    if (stop_) break;
    block(next++);
    const std::int64_t behind = (clock_.now() - due(next)).ns / kPeriod;
    if (behind > 0) late_.add();
    // Sound is caught up block by block, nothing left out; only after a second's standstill (a
    // stopped machine) does it jump, and the encoder fills the hole with silence.
    if (behind > kHopeless) next += behind;
  }
}

void AudioLoop::keep_lag(MediaTime now) {
  Duration worst{};
  for (const std::size_t feed : stage_->strip_feeds)
    worst = std::max(worst, stage_->feeds[feed]->audio().take_lateness());
  if (worst == Duration{} || !keeper_.came_late(worst, now)) return;
  lag_ns_.store(keeper_.lag().ns, std::memory_order_relaxed);
}

// Another event, or another device for a role: rare, may allocate.
void AudioLoop::arrange(std::shared_ptr<const Stage> stage) {
  stage_ = std::move(stage);
  if (mixer_)
    mixer_->arrange(*stage_->show, stage_->sound.get());
  else
    mixer_ = std::make_unique<AudioMixer>(*stage_->show);
  inputs_.resize(stage_->strip_feeds.size());
  buses_.resize(mixer_->bus_list().size());
}

void AudioLoop::block(std::int64_t number) {
  const auto moment = roads_.moment.load();
  if (moment->stage != stage_) arrange(moment->stage);
  if (begin_programme_.exchange(false)) mixer_->begin_programme();
  const MediaTime at = epoch_ + Duration{number * 10'000'000};
  const MediaTime now = at + keeper_.lag();
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    inputs_[i].position = number * kBlockSamples + AudioMixer::kLatency;
    stage_->feeds[stage_->strip_feeds[i]]->audio().read(inputs_[i], now);
  }
  keep_lag(now);
  for (AudioBlock& bus : buses_) bus.position = number * kBlockSamples;
  mixer_->mix(*stage_->show, moment->live, at, inputs_, buses_);
  publish_meters(mixer_->meters());
  blocks_.add();
  roads_.to_encoder.push(buses_[kProgramBus]);
  if (roads_.further)
    for (const auto further = roads_.further->load(); const auto& road : further->sound)
      road->push(buses_[kProgramBus]);
  if (moment->clean_sound) moment->clean_sound->push(buses_[kRecordCleanBus]);
  const MixedBlock mixed{*moment, *mixer_, inputs_, mixer_->bus_list(), buses_};
  for (const auto& take : roads_.takers) take(mixed);
}

void AudioLoop::publish_meters(const AudioMeters& now) {
  if (gathering_)
    gather(gathered_, now);
  else
    gathered_ = now;  // same size after the first time: no allocation
  gathering_ = true;
  const std::unique_lock lock(meters_mutex_, std::try_to_lock);
  if (!lock) return;
  if (meters_taken_)
    meters_ = gathered_;
  else
    gather(meters_, gathered_);
  meters_taken_ = false;
  gathering_ = false;
}

AudioMeters AudioLoop::take_meters() {
  const std::lock_guard lock(meters_mutex_);
  meters_taken_ = true;
  return meters_;
}

}  // namespace kakehashi
