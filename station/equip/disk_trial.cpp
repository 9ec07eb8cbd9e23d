// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/disk_trial.h"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "station/equip/item_words.h"

namespace kakehashi {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr std::size_t kPiece = 4 * 1024 * 1024;
constexpr std::size_t kAlign = 4096;                // O_DIRECT wants whole blocks
constexpr double kPlannedHours = 4;                 // a long afternoon with its preparations
constexpr double kKeptFree = 1e9;                   // bytes a system needs to live
constexpr double kGoodTimes = 10, kLeastTimes = 3;  // speed, of what a recording needs
constexpr double kLongStallMs = 2000, kFatalStallMs = 8000;  // a file's queue holds 10 s

double seconds_since(SteadyClock::time_point t) {
  return std::chrono::duration<double>(SteadyClock::now() - t).count();
}

// A file without a name where the file system can, else one whose name is taken away at once.
int open_unnamed(const std::string& folder) {
  const int fd = ::open(folder.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
  if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)) return fd;
  std::string name = folder + "/.kakehashi-disk-test-XXXXXX";
  const int named = ::mkostemp(name.data(), O_CLOEXEC);
  if (named >= 0) ::unlink(name.c_str());
  return named;
}

// Writes past the cache where the file system lets us; else the flush after each piece counts.
bool write_piece(int fd, const char* data, bool& direct) {
  std::size_t done = 0;
  while (done < kPiece) {
    const auto n = ::write(fd, data + done, kPiece - done);
    if (n < 0 && errno == EINVAL && direct) {
      ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) & ~O_DIRECT);
      direct = false;
      continue;
    }
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      if (n == 0) errno = ENOSPC;
      return false;
    }
    done += static_cast<std::size_t>(n);
  }
  return direct || ::fdatasync(fd) == 0;
}

}  // namespace

DiskFigures measure_disk(const std::string& folder, std::uint64_t bytes,
                         const std::atomic<bool>& stop, const std::function<void(double)>& tell) {
  DiskFigures f;
  std::error_code failed;
  f.folder_made = std::filesystem::create_directories(folder, failed);
  if (failed) {
    f.error = failed.value();
    return f;
  }
  struct statvfs disk {};
  if (::statvfs(folder.c_str(), &disk) == 0)
    f.free_bytes = static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize);
  if (f.free_bytes < 2 * static_cast<double>(bytes)) return f;  // not a byte more on a full disk
  const int fd = open_unnamed(folder);
  if (fd < 0) {
    f.error = errno;
    return f;
  }
  bool direct = ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_DIRECT) == 0;
  const std::unique_ptr<char, decltype(&std::free)> data(
      static_cast<char*>(std::aligned_alloc(kAlign, kPiece)), &std::free);
  std::uint32_t seed = 1;  // a disk may compress zeros
  for (std::size_t i = 0; i < kPiece; ++i) {
    seed = seed * 1664525U + 1013904223U;
    data.get()[i] = static_cast<char>(seed >> 24);
  }
  const auto began = SteadyClock::now();
  while (f.written < bytes && !stop) {
    const auto piece = SteadyClock::now();
    if (!write_piece(fd, data.get(), direct)) {
      f.error = errno;
      break;
    }
    f.written += kPiece;
    f.longest_stall_ms = std::max(f.longest_stall_ms, seconds_since(piece) * 1000);
    tell(static_cast<double>(f.written) / static_cast<double>(bytes));
  }
  if (f.error == 0 && ::fdatasync(fd) != 0) f.error = errno;
  ::close(fd);
  const double seconds = seconds_since(began);
  if (seconds > 0) f.mb_per_s = static_cast<double>(f.written) / 1e6 / seconds;
  return f;
}

EquipmentItem judge_disk(const Show& show, const DiskFigures& f) {
  EquipmentItem item;
  item.id = "machine.disk";
  item.name = {"録画の保存先", "Recording disk"};
  item.verdict = Verdict::Pass;
  if (f.error == ENOSPC || f.error == EDQUOT) {
    blame(item, Verdict::Fail, {"ディスクがいっぱいで書き込めません。", "The disk is full."},
          {"不要なファイルを削除してください。", "Delete files that are not needed."});
    return item;
  }
  if (f.error != 0) {
    const bool denied = f.error == EACCES || f.error == EPERM || f.error == EROFS;
    blame(item, Verdict::Fail,
          denied ? Text{"録画の保存先に書き込む権限がありません。",
                        "The recording folder cannot be written to."}
                 : Text{"録画の保存先に書き込めません。", "Writing to the recording folder fails."},
          denied ? Text{"別のフォルダーを選んでください。", "Choose another folder."}
                 : Text{"ディスクの接続を確かめてください。", "Check that the disk is connected."});
    return item;
  }
  const double files = show.record.clean ? 2 : 1;
  const double bytes_per_s = files * (show.encode.video_kbps + show.encode.audio_kbps) * 125.0;
  const double hours = std::max(0.0, f.free_bytes - kKeptFree) / bytes_per_s / 3600;
  const double times = f.mb_per_s * 1e6 / bytes_per_s;
  item.figures = {{"hours", hours, "h"},
                  {"write_mb_per_s", f.mb_per_s, "MB/s"},
                  {"times_needed", times, ""},
                  {"longest_stall_ms", f.longest_stall_ms, "ms"}};
  const std::string h = number_text(std::floor(hours * 10) / 10);
  item.found = {"あと約" + h + "時間録画できます", "Room for about " + h + " hours"};
  if (f.written > 0) {                // a full disk's speed is not measured
    const bool plenty = times > 100;  // more digits tell nothing more
    const std::string n = number_text(std::min(times, 100.0), "%.0f");
    item.found.ja += "　速さは必要の" + n + (plenty ? "倍以上" : "倍");
    item.found.en +=
        "; " + std::string(plenty ? "more than " : "") + n + " times as fast as needed";
  }
  const Text full{"録画できる時間が足りません。", "There is too little room for recording."};
  const Text tidy{"不要なファイルを消すか、別のディスクを選んでください。",
                  "Delete files that are not needed, or choose another disk."};
  const Text slow{"ディスクの書き込みが遅く、録画が欠けるおそれがあります。",
                  "The disk is slow: parts of the recording may be missing."};
  const Text other{"PC内蔵のディスクなど、別の保存先を選んでください。",
                   "Choose another place, such as the PC's own disk."};
  if (hours < 1) blame(item, Verdict::Fail, full, tidy);
  if (f.written > 0 && (times < kLeastTimes || f.longest_stall_ms > kFatalStallMs))
    blame(item, Verdict::Fail, slow, other);
  if (hours < 2 * kPlannedHours) blame(item, Verdict::Caution, full, tidy);
  if (f.written > 0 && (times < kGoodTimes || f.longest_stall_ms > kLongStallMs))
    blame(item, Verdict::Caution, slow, other);
  if (f.written == 0 && item.verdict != Verdict::Fail) blame(item, Verdict::Caution, full, tidy);
  return item;
}

}  // namespace kakehashi
