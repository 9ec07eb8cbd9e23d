// SPDX-License-Identifier: GPL-3.0-or-later
// Whether this PC can hold the event's own scenes at its own settings, and if not, which lighter
// ones it can.
#include <algorithm>

#include "station/equip/cpu_trial.h"
#include "station/equip/item_words.h"
#include "station/equip/probe_rows.h"

namespace kakehashi {
namespace {

const Text kName{"PCの処理の余裕", "Processing power"};

double length(const ProbeTask& t) { return t.quick ? 4 : 10; }

void run(const ProbeTask& task, const ProbeReport& report) {
  static const std::atomic<bool> never{false};
  const std::atomic<bool>& stop = task.stop ? *task.stop : never;
  const Text now{"いちばん重い場面を圧縮してみています", "Encoding the heaviest scene"};
  report.progress(0, now);
  if (task.show.scenes.empty()) {
    report.item(skipped_item("machine.cpu", kName,
                             {"催しが決まっていないので、場面がありません。",
                              "Without an event there is no scene to try."},
                             {"催しを選んでから試してください。", "Choose an event first."}));
    return;
  }
  const auto painted = paint_show(task.show, Language::Japanese, task.media_folder);
  const PaintedSet nothing;
  const PaintedSet& letters = painted ? **painted : nothing;
  MonotonicClock clock;
  const CpuWish own{task.show.canvas, task.show.encode, Duration::from_seconds(length(task))};
  const auto figures =
      measure_cpu(task.show, letters, own, clock, stop, [&](double p) { report.progress(p, now); });
  if (!figures) {
    EquipmentItem item = skipped_item("machine.cpu", kName, {});
    item.verdict = Verdict::Pass;
    blame(item, Verdict::Fail,
          {"映像を圧縮する部品が開けません。", "The video encoder cannot be opened."},
          {"インストールをやり直してください。", "Install the program again."});
    report.item(item);
    return;
  }
  report.item(judge_cpu(*figures, {}));
  if (figures->load() <= kCpuGood || stop) return;
  const Text looking{"軽い設定を試しています", "Trying lighter settings"};
  for (const CpuProposal& lighter : lighter_settings(task.show, Duration::seconds(2))) {
    report.progress(1, looking);
    const auto tried = measure_cpu(task.show, letters, lighter.wish, clock, stop, [](double) {});
    if (stop) return;
    if (!tried || tried->load() > kCpuGood) continue;
    report.item(judge_cpu(*figures, lighter));
    return;
  }
}

}  // namespace

Probe cpu_probe() {
  return {"cpu",
          {"PCの処理の余裕を測っています", "Measuring processing power"},
          nullptr,
          [](const ProbeTask& t) { return length(t) + 5; },
          run};
}

}  // namespace kakehashi
