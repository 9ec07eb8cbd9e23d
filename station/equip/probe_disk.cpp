// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/disk_trial.h"
#include "station/equip/probe_rows.h"
#include "station/record_desk.h"

namespace kakehashi {
namespace {

constexpr std::uint64_t kMegabyte = 1024 * 1024;

void run(const ProbeTask& task, const ProbeReport& report) {
  static const std::atomic<bool> never{false};
  const Text now{"録画の保存先に書き込んでみています", "Writing to the recording disk"};
  report.progress(0, now);
  const DiskFigures figures =
      measure_disk(default_record_folder(task.show), (task.quick ? 64 : 256) * kMegabyte,
                   task.stop ? *task.stop : never, [&](double p) { report.progress(p, now); });
  report.item(judge_disk(task.show, figures));
}

}  // namespace

Probe disk_probe() {
  return {"disk",
          {"録画の保存先を試しています", "Testing the recording disk"},
          nullptr,
          [](const ProbeTask& t) { return t.quick ? 3.0 : 8.0; },
          run};
}

}  // namespace kakehashi
