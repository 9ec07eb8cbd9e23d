// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/camera_trial.h"

#include "capture/detect_words.h"
#include "capture/devices.h"

namespace kakehashi {
namespace {

constexpr Duration kPoll = Duration::milliseconds(100);  // as a feed does

}  // namespace

CameraTrial::CameraTrial(const Input& input, const ProbeTask& task, Clock& clock)
    : clock_(clock),
      sync_(Duration{}),
      sort_(sort_of(input, input.source ? find_source_kind(input.source->kind) : nullptr)),
      detector_(sort_),
      load_(clock.now()) {
  const SourceKind* kind = input.source ? find_source_kind(input.source->kind) : nullptr;
  if (!kind) {
    trouble_ = {ErrorKind::FixInput, "no source"};
    return;
  }
  SourceContext context;
  context.input = input.id;
  context.canvas = task.show.canvas;
  context.epoch = clock.now();
  context.media_folder = task.media_folder;
  for (const Input& other : task.show.inputs)
    if (other.id != input.id && other.source) {
      const DeviceIdentity theirs = identity_of(*other.source);
      if (!theirs.empty()) context.others.push_back(theirs);
    }
  context.trouble = &why_;
  context.video = &sync_;
  context.clock = &clock;
  auto opened = kind->open(input.source->settings, context);
  if (!opened) {
    trouble_ = std::move(opened).error();
    return;
  }
  source_ = std::move(opened).value();
  sync_.follow_pace(source_->own_pace());
  polled_ = clock.now();
}

CameraTrial::~CameraTrial() { newest_ = {}; }

void CameraTrial::look(Duration late) {
  load_.woke(late);
  if (!source_ || broke_) return;
  const MediaTime now = clock_.now();
  FramePtr frame = sync_.newest(now);
  if (frame && !(frame == newest_)) {
    watch_.picture(frame->info().captured, now, frame->info().sequence);
    detector_.see(*frame, now);
    newest_ = std::move(frame);
  }
  if (now - polled_ < kPoll) return;
  polled_ = now;
  if (Status ok = source_->poll(); !ok) {
    trouble_ = std::move(ok).error();
    broke_ = true;
  }
}

void CameraTrial::restart() {
  watch_.restart();
  load_ = PcLoadWatch(clock_.now());
  if (!source_) return;
  lost_before_ = source_->lost();
  late_before_ = source_->fetched_late();
}

std::vector<InputFinding> CameraTrial::findings() const {
  std::vector<InputFinding> list;
  for (std::size_t i = 0; i < kFindings; ++i) {
    const auto f = static_cast<Finding>(i);
    if (is_picture(f) && detector_.found(f)) list.push_back(finding_words(f, sort_));
  }
  return list;
}

CameraFigures CameraTrial::figures() const {
  CameraFigures f;
  f.opened = source_ != nullptr;
  f.broke = broke_;
  f.why = trouble_.kind;
  f.reason = why_;
  f.trouble = trouble_.message;
  f.words = trouble_.words;
  f.pc = load_.tell(clock_.now());
  if (!source_) return f;
  f.device = source_->device();
  f.format = source_->format();
  f.wanted_fps = rate_in(f.format);
  f.fetched_late = source_->fetched_late() - late_before_;
  f.lost_device = source_->lost() - lost_before_ - f.fetched_late;
  f.jitter_ms = sync_.figures(clock_.now()).jitter_p95.to_milliseconds();
  if (newest_) {
    f.width = newest_->width();
    f.height = newest_->height();
  }
  watch_.tell(f);
  return f;
}

}  // namespace kakehashi
