// SPDX-License-Identifier: GPL-3.0-or-later
// All cameras and the first microphone, in front of the flash page, at the same time.
#include <map>

#include "capture/source_kind.h"
#include "core/clock.h"
#include "core/log.h"
#include "presets/venue_file.h"
#include "station/equip/av_offset.h"
#include "station/equip/probe_rows.h"

namespace kakehashi {
namespace {

constexpr Duration kLag = Duration::milliseconds(40);  // as the mixer hears it
constexpr double kSeconds = 16;  // fourteen flashes: their phase has walked through a frame

bool is_live(const Input& input, bool picture) {
  if (!input.source || !(picture ? input.video : input.audio)) return false;
  const SourceKind* kind = find_source_kind(input.source->kind);
  if (!kind || is_media(kind->nature) || kind->nature == SourceNature::Test) return false;
  return picture ? kind->description.has_video : kind->description.has_audio;
}

const Input* first_microphone(const std::vector<Input>& inputs) {
  for (const Input& input : inputs)
    if (is_live(input, false) && (input.microphone || input.source->kind == "microphone"))
      return &input;
  return nullptr;
}

double seconds(const ProbeTask& task) {
  if (task.quick || !first_microphone(task.show.inputs)) return 0;
  for (const Input& input : task.show.inputs)
    if (is_live(input, true)) return kSeconds + 4;
  return 0;
}

struct Watched {
  Input input;
  std::unique_ptr<FrameSync> sync = std::make_unique<FrameSync>(Duration{});
  std::unique_ptr<Source> source;  // writes into `sync`
  std::vector<LitPicture> pictures;
  std::uint64_t last = ~std::uint64_t{0};
};

std::unique_ptr<Source> open(const Input& input, const ProbeTask& task, MonotonicClock& clock,
                             MediaTime epoch, FrameSync* video, AudioSync* audio) {
  const SourceKind* kind = find_source_kind(input.source->kind);
  SourceContext context;
  context.input = input.id;
  context.canvas = task.show.canvas;
  context.epoch = epoch;
  context.media_folder = task.media_folder;
  context.video = video;
  context.audio = audio;
  context.clock = &clock;
  context.others = others_of(task, input);
  auto opened = kind->open(input.source->settings, context);
  return opened ? std::move(opened).value() : nullptr;
}

bool keep_delays(const ProbeTask& task, const Input& microphone,
                 const std::map<std::string, Duration>& late) {
  if (task.delays.empty() || late.empty()) return false;
  bool kept = true;
  for (const auto& [role, delay] : lip_sync_delays(task.show.inputs, microphone, late)) {
    const Status s = set_delay(task.delays, role, delay);
    if (!s.ok()) log_warning("equip", s.error().message);
    kept &= s.ok();
  }
  return kept;
}

void run(const ProbeTask& task, const ProbeReport& report) {
  const Input* microphone = first_microphone(task.inputs);
  if (!microphone) return;
  const Text now{"点滅ページをカメラに映し、マイクに近づけてください",
                 "Show the flash page to the cameras, near the microphone"};
  report.progress(0, now);
  MonotonicClock clock;
  const MediaTime epoch = clock.now();
  AudioSync sound(epoch, Duration{});
  const auto mouth = open(*microphone, task, clock, epoch, nullptr, &sound);
  std::vector<Watched> cameras;
  for (const Input& input : task.inputs) {
    if (!is_live(input, true) || input.id == microphone->id) continue;
    Watched w;
    w.input = input;
    w.source = open(input, task, clock, epoch, w.sync.get(), nullptr);
    cameras.push_back(std::move(w));
  }
  BeepListener listener;
  const MediaTime began = clock.now();
  auto block_number = (began - epoch - kLag).ns / 10'000'000 + 1;
  const auto stopped = [&] { return task.stop && *task.stop; };
  double told = 0;
  while (!stopped() && (clock.now() - began).to_seconds() < kSeconds) {
    for (MediaTime due = epoch + time_of_sample(block_number * kBlockSamples) + kLag;
         due <= clock.now(); due = epoch + time_of_sample(++block_number * kBlockSamples) + kLag) {
      AudioBlock block;
      block.position = block_number * kBlockSamples;
      sound.read(block, due);
      std::array<float, kBlockSamples> one;
      for (std::size_t i = 0; i < one.size(); ++i)
        one[i] = block.samples[2 * i] + block.samples[2 * i + 1];
      listener.hear(one, epoch + time_of_sample(block.position));
    }
    for (Watched& w : cameras) {
      const FramePtr frame = w.sync->newest(clock.now());
      if (!frame || frame->info().sequence == w.last) continue;
      w.last = frame->info().sequence;
      w.pictures.push_back(look_at(*frame));
    }
    const double part = (clock.now() - began).to_seconds() / kSeconds;
    if (part - told > 0.02) report.progress(told = part, now);
    clock.sleep_until(clock.now() + Duration::milliseconds(2));
  }
  if (stopped()) return;
  const std::vector<MediaTime> beeps = listener.onsets();
  std::map<std::string, Duration> late;
  std::vector<EquipmentItem> items;
  for (const Watched& w : cameras) {
    const auto offset = estimate_offset(w.pictures, beeps);
    items.push_back(judge_offset(w.input, *microphone,
                                 {offset, w.source && !w.pictures.empty(), mouth != nullptr}));
    if (offset && items.back().verdict != Verdict::Skipped) late[w.input.id] = offset->offset;
  }
  const bool kept = keep_delays(task, *microphone, late);
  for (EquipmentItem& item : items) {
    if (kept && item.verdict == Verdict::Caution) {
      item.verdict = Verdict::Pass;
      item.cause = item.action = {};
      item.found.ja += "。会場設定に書いて、そろえました";
      item.found.en += "; kept in the venue's settings, they go together now";
    }
    report.item(item);
  }
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
