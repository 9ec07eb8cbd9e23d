// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/audio_loop.h"

#include <algorithm>

#include "core/thread.h"

namespace kakehashi {

AudioLoop::AudioLoop(Clock& clock, MediaTime epoch, const Published<Moment>& moment,
                     BoundedQueue<AudioBlock>& to_encoder)
    : clock_(clock), epoch_(epoch), moment_(moment), to_encoder_(to_encoder) {
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
  const auto due = [&](std::int64_t n) { return epoch_ + Duration{n * kPeriod} + kLag; };
  std::int64_t next = (clock_.now() - epoch_ - kLag).ns / kPeriod + 1;
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

void AudioLoop::block(std::int64_t number) {
  const auto moment = moment_.load();
  if (moment->stage != stage_) {  // another event was loaded: rare, may allocate
    const std::size_t strips = moment->live.strips.size();
    if (!mixer_ || inputs_.size() != strips) {
      mixer_ = std::make_unique<AudioMixer>(strips);
      inputs_.resize(strips);
    }
    stage_ = moment->stage;
  }
  const MediaTime now = epoch_ + Duration{number * 10'000'000} + kLag;
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    inputs_[i].position = number * kBlockSamples;
    stage_->feeds[stage_->strip_feeds[i]]->audio().read(inputs_[i], now);
  }
  AudioBlock out;
  out.position = number * kBlockSamples;
  mixer_->mix(*stage_->show, moment->live, inputs_, out);
  publish_meters(mixer_->meters());
  blocks_.add();
  to_encoder_.push(out);
}

void AudioLoop::publish_meters(const AudioMeters& now) {
  const std::lock_guard lock(meters_mutex_);
  if (meters_taken_ || meters_.strips.size() != now.strips.size()) {
    meters_ = now;  // same size after the first time: no allocation
    meters_taken_ = false;
    return;
  }
  for (std::size_t i = 0; i < now.strips.size(); ++i) {
    for (int c = 0; c < 2; ++c)
      meters_.strips[i].peak_db[c] =
          std::max(meters_.strips[i].peak_db[c], now.strips[i].peak_db[c]);
    meters_.strips[i].level_db = std::max(meters_.strips[i].level_db, now.strips[i].level_db);
  }
  for (int c = 0; c < 2; ++c)
    meters_.program.peak_db[c] = std::max(meters_.program.peak_db[c], now.program.peak_db[c]);
  meters_.program.momentary_lufs = now.program.momentary_lufs;
  meters_.program.short_term_lufs = now.program.short_term_lufs;
}

AudioMeters AudioLoop::take_meters() {
  const std::lock_guard lock(meters_mutex_);
  meters_taken_ = true;
  return meters_;
}

}  // namespace kakehashi
