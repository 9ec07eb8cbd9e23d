// SPDX-License-Identifier: GPL-3.0-or-later
#include <doctest/doctest.h>

#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "station/equip/disk_trial.h"

using namespace kakehashi;
namespace fs = std::filesystem;

namespace {
const std::atomic<bool> kNever{false};
constexpr std::uint64_t kMegabyte = 1024 * 1024;
}  // namespace

TEST_CASE("a disk is written to, measured, and nothing is left on it") {
  const fs::path folder =
      fs::temp_directory_path() / ("kakehashi_disk_" + std::to_string(::getpid()));
  double last = 0;
  const DiskFigures f =
      measure_disk((folder / "new").string(), 8 * kMegabyte, kNever, [&](double p) { last = p; });
  CHECK(f.error == 0);
  CHECK(f.folder_made);
  CHECK(f.written == 8 * kMegabyte);
  CHECK(f.mb_per_s > 0);
  CHECK(last == doctest::Approx(1));
  CHECK(fs::is_empty(folder / "new"));
  const std::atomic<bool> stopped{true};
  CHECK(measure_disk(folder.string(), 8 * kMegabyte, stopped, [](double) {}).written == 0);
  fs::remove_all(folder);
}

TEST_CASE("a folder that cannot be one") {
  const DiskFigures f = measure_disk("/dev/null/recordings", kMegabyte, kNever, [](double) {});
  CHECK(f.error != 0);
  CHECK(judge_disk(Show{}, f).verdict == Verdict::Fail);
}

TEST_CASE("the verdict: hours at the event's rate, speed in times of what is needed") {
  Show show;  // 6160 kbps: 2.77 GB an hour
  DiskFigures f;
  f.written = 256 * kMegabyte;
  f.mb_per_s = 300;
  f.free_bytes = 200e9;
  CHECK(judge_disk(show, f).verdict == Verdict::Pass);
  f.free_bytes = 15e9;  // five hours
  CHECK(judge_disk(show, f).verdict == Verdict::Caution);
  CHECK(judge_disk(show, f).figures[0].value == doctest::Approx(5.05).epsilon(0.01));
  f.free_bytes = 3e9;
  CHECK(judge_disk(show, f).verdict == Verdict::Fail);
  f.free_bytes = 45e9;
  CHECK(judge_disk(show, f).verdict == Verdict::Pass);
  show.record.clean = true;  // two files
  CHECK(judge_disk(show, f).verdict == Verdict::Caution);
  show.record.clean = false;
  f.free_bytes = 200e9;
  f.mb_per_s = 1.5;
  CHECK(judge_disk(show, f).verdict == Verdict::Fail);
  f.mb_per_s = 300;
  f.longest_stall_ms = 3000;
  CHECK(judge_disk(show, f).verdict == Verdict::Caution);
  f.error = ENOSPC;
  CHECK(judge_disk(show, f).cause.ja == "ディスクがいっぱいで書き込めません。");
}
