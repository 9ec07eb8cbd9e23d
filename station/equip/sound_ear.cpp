// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/sound_ear.h"

#include <cstdlib>

#include "station/equip/probe_rows.h"

namespace kakehashi {

TestEar::TestEar(const Input& input, const ProbeTask& task, Clock& clock, MediaTime epoch)
    : sync_(epoch, Duration{}) {
  sync_.set_watcher(this);
  const SourceKind* kind = input.source ? find_source_kind(input.source->kind) : nullptr;
  if (!kind) {
    why_ = ErrorKind::FixInput;
    return;
  }
  SourceContext context;
  context.input = input.id;
  context.canvas = task.show.canvas;
  context.epoch = epoch;
  context.media_folder = task.media_folder;
  context.audio = &sync_;
  context.clock = &clock;
  context.others = others_of(task, input);
  auto opened = kind->open(input.source->settings, context);
  if (!opened) {
    why_ = opened.error().kind;
    return;
  }
  source_ = std::move(opened).value();
  opened_ = true;
}

TestEar::~TestEar() = default;

std::string TestEar::device() const { return source_ ? source_->device() : std::string(); }

int TestEar::channels() const {
  const std::lock_guard lock(mutex_);
  return channels_;
}

int TestEar::rate() const {
  const std::lock_guard lock(mutex_);
  return rate_;
}

void TestEar::poll() {
  if (!source_ || broke_) return;
  if (Status ok = source_->poll(); !ok) {
    broke_ = true;
    why_ = ok.error().kind;
  }
  const std::uint64_t lost = source_->lost();
  const std::lock_guard lock(mutex_);
  if (lost != lost_ && line_) line_->broken();
  lost_ = lost;
}

void TestEar::count_from_here(bool samples) {
  const std::lock_guard lock(mutex_);
  keep_ = samples;
  for (auto& side : side_) side.clear();
  line_.reset();
  lost_before_ = lost_;
}

void TestEar::sound(std::span<const float> interleaved, int channels, int rate,
                    MediaTime captured) {
  if (channels < 1 || rate < 1) return;
  const std::size_t frames = interleaved.size() / static_cast<std::size_t>(channels);
  const std::lock_guard lock(mutex_);
  if (channels != channels_ || rate != rate_) {
    line_.reset();
    for (auto& side : side_) side.clear();
    channels_ = channels;
    rate_ = rate;
  }
  if (!line_) line_.emplace(rate);
  line_->add(static_cast<std::int64_t>(frames),
             captured + Duration::from_seconds(static_cast<double>(frames) / rate));
  if (!keep_) return;
  for (std::size_t i = 0; i < frames; ++i)
    for (std::size_t s = 0; s < 2; ++s)
      side_[s].push_back(
          interleaved[i * static_cast<std::size_t>(channels) + (channels > 1 ? s : 0)]);
}

EarRecording TestEar::recording() const {
  const std::lock_guard lock(mutex_);
  EarRecording r;
  r.channels = channels_;
  r.rate = rate_;
  for (std::size_t s = 0; s < 2; ++s) r.side[s] = side_[s];
  if (line_) {
    r.began_s = line_->time_of(0);
    r.drift_ppm = line_->ppm();
    r.seconds = line_->seconds();
  }
  r.lost = lost_ - lost_before_;
  return r;
}

}  // namespace kakehashi
