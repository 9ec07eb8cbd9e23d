// SPDX-License-Identifier: GPL-3.0-or-later
// All cameras and all microphones at the same time, in front of the flash page or of somebody who
// claps. Everything as it is on air, with the delays that are in effect: what is measured after
// they were written is what is left.
#include <algorithm>

#include "capture/devices.h"
#include "capture/source_kind.h"
#include "core/clock.h"
#include "core/log.h"
#include "presets/venue_file.h"
#include "station/equip/av_offset.h"
#include "station/equip/clap.h"
#include "station/equip/lip_sync.h"
#include "station/equip/probe_rows.h"

namespace kakehashi {
namespace {

constexpr Duration kLag = Duration::milliseconds(40);  // as the mixer hears it
constexpr Duration kPoll = Duration::milliseconds(100);
constexpr Duration kLook = Duration::milliseconds(5);  // FrameSync keeps three pictures
constexpr double kFlashSeconds = 18;  // 14 flashes: their phase has walked through a frame
constexpr double kClapSeconds = 20;
constexpr double kOpening = 4;

bool is_live(const Input& input, bool picture) {
  if (!input.source || !(picture ? input.video : input.audio)) return false;
  const SourceKind* kind = find_source_kind(input.source->kind);
  if (!kind || (kind->nature != SourceNature::Device && kind->nature != SourceNature::Network))
    return false;
  return picture ? kind->description.has_video : kind->description.has_audio;
}

// Picture and sound of one input are delayed together: such an input is a camera only.
bool is_microphone(const Input& input) { return is_live(input, false) && !is_live(input, true); }

double seconds(const ProbeTask& task) {
  if (task.quick && !task.clap) return 0;
  bool eye = false, ear = false;
  for (const Input& input : task.show.inputs) {
    eye |= is_live(input, true);
    ear |= is_microphone(input);
  }
  return eye && ear ? (task.clap ? kClapSeconds : kFlashSeconds) + kOpening : 0;
}

std::unique_ptr<Source> open(const Input& input, const ProbeTask& task, MonotonicClock& clock,
                             MediaTime epoch, FrameSync* video, AudioSync* audio) {
  SourceContext context;
  context.input = input.id;
  context.canvas = task.show.canvas;
  context.epoch = epoch;
  context.media_folder = task.media_folder;
  context.video = video;
  context.audio = audio;
  context.clock = &clock;
  context.others = others_of(task, input);
  auto opened = find_source_kind(input.source->kind)->open(input.source->settings, context);
  return opened ? std::move(opened).value() : nullptr;
}

class Eye {
 public:
  Eye(const Input& in, const ProbeTask& task, MonotonicClock& clock, MediaTime epoch)
      : input(in), clap_(task.clap), source_(open(in, task, clock, epoch, sync_.get(), nullptr)) {}
  bool opened() const { return source_ && !(clap_ ? motion.empty() : lit.empty()); }
  void poll() {
    if (source_) (void)source_->poll();
  }
  void look(MediaTime now) {
    const FramePtr frame = sync_->newest(now);
    if (!frame || frame->info().sequence == last_) return;
    last_ = frame->info().sequence;
    if (clap_) {
      motion.push_back(look_for_hands(*frame));
      motion.back().captured = motion.back().captured + input.delay;
    } else {
      lit.push_back(look_at(*frame));
      lit.back().captured = lit.back().captured + input.delay;
    }
  }

  Input input;
  std::vector<LitPicture> lit;
  std::vector<HandPicture> motion;

 private:
  bool clap_;
  std::unique_ptr<FrameSync> sync_ = std::make_unique<FrameSync>(Duration{});
  std::unique_ptr<Source> source_;  // writes into sync_
  std::uint64_t last_ = ~std::uint64_t{0};
};

class Ear {
 public:
  Ear(const Input& in, const ProbeTask& task, MonotonicClock& clock, MediaTime epoch)
      : input(in),
        epoch_(epoch),
        clap_(task.clap),
        sync_(std::make_unique<AudioSync>(epoch, in.delay)),
        source_(open(in, task, clock, epoch, nullptr, sync_.get())) {}
  bool opened() const { return source_ != nullptr; }
  void begin(MediaTime now) { next_ = (now - epoch_ - kLag).ns / 10'000'000 + 1; }
  void poll() {
    if (source_) (void)source_->poll();
  }
  void hear(MediaTime now) {
    const auto due = [&] { return epoch_ + time_of_sample(next_ * kBlockSamples) + kLag; };
    for (; due() <= now; ++next_) {
      AudioBlock block;
      block.position = next_ * kBlockSamples;
      sync_->read(block, due());
      std::array<float, kBlockSamples> one;
      for (std::size_t i = 0; i < one.size(); ++i)
        one[i] = block.samples[2 * i] + block.samples[2 * i + 1];
      const MediaTime first = epoch_ + time_of_sample(block.position);
      if (clap_)
        claps_.hear(one, first);
      else
        beeps_.hear(one, first);
    }
  }
  BeepListener::Heard heard() const { return clap_ ? claps_.claps() : beeps_.beeps(); }

  Input input;

 private:
  MediaTime epoch_;
  bool clap_;
  std::unique_ptr<AudioSync> sync_;
  std::unique_ptr<Source> source_;  // writes into sync_
  std::int64_t next_ = 0;
  BeepListener beeps_;
  ClapListener claps_;
};

bool keep_delays(const ProbeTask& task, const std::vector<OffsetPair>& pairs) {
  if (task.delays.empty() || pairs.empty()) return false;
  std::set<std::string> known;
  for (const auto& [role, delay] : load_venue(task.delays, source_kind_table()).venue.delays)
    known.insert(role);
  bool kept = true;
  for (const auto& [role, delay] : lip_sync_delays(task.show.inputs, pairs, known)) {
    const Status s = set_delay(task.delays, role, delay);
    if (!s.ok()) log_warning("equip", s.error().message);
    kept &= s.ok();
  }
  return kept;
}

void judge(const ProbeTask& task, const ProbeReport& report, const std::vector<Eye>& eyes,
           const std::vector<Ear>& ears) {
  std::vector<OffsetPair> pairs;
  std::vector<EquipmentItem> items;
  for (const Ear& ear : ears) {
    const BeepListener::Heard heard = ear.heard();
    for (const Eye& eye : eyes) {
      const OffsetReading reading = task.clap ? estimate_from_claps(eye.motion, heard.onsets)
                                              : estimate_offset(eye.lit, heard.onsets);
      items.push_back(
          judge_offset(eye.input, ear.input, {reading, eye.opened(), ear.opened(), task.clap}));
      if (items.back().verdict != Verdict::Skipped)
        pairs.push_back({eye.input.id, ear.input.id, reading.offset->offset, heard.level});
    }
  }
  const bool kept = keep_delays(task, pairs);
  for (EquipmentItem& item : items) {
    if (kept && item.verdict == Verdict::Caution) tell_written(item);
    report.item(item);
  }
}

void run(const ProbeTask& task, const ProbeReport& report) {
  const Text now = task.clap ? Text{"カメラの前で、1秒に1回、5回以上手をたたいてください",
                                    "In front of the cameras, clap 5 times or more, once a second"}
                             : Text{"点滅ページをカメラに映し、マイクに近づけてください",
                                    "Show the flash page to the cameras, near the microphone"};
  report.progress(0, now);
  MonotonicClock clock;
  const MediaTime epoch = clock.now();
  std::vector<Eye> eyes;
  std::vector<Ear> ears;
  for (const Input& input : task.inputs) {
    if (is_live(input, true)) eyes.emplace_back(input, task, clock, epoch);
    if (!is_microphone(input)) continue;
    Ear ear(input, task, clock, epoch);
    // A device that gives itself away only once: its first channel speaks for the others.
    const bool known = std::any_of(ears.begin(), ears.end(), [&](const Ear& e) {
      return e.opened() && same_sound_device(e.input, input);
    });
    if (ear.opened() || !known) ears.push_back(std::move(ear));
  }
  const double length = task.clap ? kClapSeconds : kFlashSeconds;
  const MediaTime began = clock.now();
  for (Ear& ear : ears) ear.begin(began);
  MediaTime polled = began;
  double told = 0;
  for (MediaTime at = began; (at - began).to_seconds() < length; at = clock.now()) {
    if (task.stop && *task.stop) return;
    for (Ear& ear : ears) ear.hear(at);
    for (Eye& eye : eyes) eye.look(at);
    if (at - polled > kPoll) {
      polled = at;
      for (Ear& ear : ears) ear.poll();
      for (Eye& eye : eyes) eye.poll();
    }
    const double part = (at - began).to_seconds() / length;
    if (part - told > 0.02) report.progress(told = part, now);
    clock.sleep_until(at + kLook);
  }
  judge(task, report, eyes, ears);
}

}  // namespace

Probe offset_probe() {
  return {"offset",
          {"映像と音のずれを測っています", "Measuring picture against sound"},
          nullptr,
          seconds,
          run};
}

}  // namespace kakehashi
