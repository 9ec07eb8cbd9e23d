// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/finaliser.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>

#include "core/log.h"
#include "core/thread.h"
#include "encoder/recording.h"
#include "station/record_sidecar.h"
#include "station/write_file.h"

namespace kakehashi {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::uintmax_t kSpare = 512ULL << 20;  // bytes left free beside the MP4

// Whoever records a file holds a lock on it, also from another process; it goes with the process.
class Lock {
 public:
  explicit Lock(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    held_ = fd_ >= 0 && (::flock(fd_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK);
  }
  ~Lock() {
    if (fd_ >= 0) ::close(fd_);
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  bool exists() const { return fd_ >= 0; }
  bool held() const { return held_; }

 private:
  int fd_;
  bool held_;
};

std::vector<Marker> markers_of(const RecordSidecar& sidecar, MediaTime zero) {
  std::vector<Marker> markers;
  for (const MarkerStatus& m : sidecar.markers)
    markers.push_back(
        {m.kind, zero + Duration::from_seconds(m.at_seconds),
         m.until_seconds < 0 ? MediaTime{} : zero + Duration::from_seconds(m.until_seconds),
         m.note});
  return markers;
}

}  // namespace

Finaliser::Finaliser()
    : thread_([this] {
        begin_thread("finalise", Urgency::Looking);
        run();
      }) {}

Finaliser::~Finaliser() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Finaliser::add(const std::string& sidecar) {
  {
    const std::lock_guard lock(mutex_);
    if (std::find(jobs_.begin(), jobs_.end(), sidecar) == jobs_.end()) jobs_.push_back(sidecar);
  }
  changed_.notify_all();
}

void Finaliser::look_in(std::vector<std::string> folders) {
  {
    const std::lock_guard lock(mutex_);
    folders_ = std::move(folders);
  }
  changed_.notify_all();
}

void Finaliser::pause(bool on) {
  {
    const std::lock_guard lock(mutex_);
    paused_ = on;
    stop_ = on || ending_;
  }
  changed_.notify_all();
}

Text Finaliser::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

void Finaliser::say(Text trouble) {
  const std::lock_guard lock(mutex_);
  trouble_ = std::move(trouble);
}

std::string Finaliser::making_of() const {
  const std::lock_guard lock(mutex_);
  return making_of_;
}

void Finaliser::run() {
  for (std::unique_lock lock(mutex_);;) {
    changed_.wait(
        lock, [this] { return ending_ || (!paused_ && (!jobs_.empty() || !folders_.empty())); });
    if (ending_) return;
    if (!folders_.empty()) {
      const auto folders = std::exchange(folders_, {});
      lock.unlock();  // a folder on a dead disk may take its time
      std::vector<std::string> found;
      for (const std::string& folder : folders)
        for (auto& path : unfinished_sidecars(folder)) found.push_back(std::move(path));
      for (const auto& path : found) add(path);
      lock.lock();
      continue;
    }
    const std::string job = jobs_.front();
    lock.unlock();
    const Done done = finish(job);
    lock.lock();
    making_of_.clear();
    if (done == Done::Again) {
      changed_.wait_for(lock, 200ms, [this] { return ending_; });
      std::rotate(jobs_.begin(), jobs_.begin() + 1, jobs_.end());
    } else {
      std::erase(jobs_, job);
    }
  }
}

Finaliser::Done Finaliser::finish(const std::string& sidecar) {
  auto read = read_sidecar(sidecar);
  if (!read) {
    log_warning("finalise", read.error().message);
    return Done::GiveUp;
  }
  const fs::path folder = fs::path(sidecar).parent_path();
  const std::string from = (folder / read->recording).string();
  const bool ours = read->state == "closed";
  const Lock lock(from);
  if (!lock.exists()) return Done::GiveUp;  // somebody tidied up
  // The file's thread is still closing it; one that somebody else records is left to him.
  if (!lock.held()) return ours ? Done::Again : Done::GiveUp;
  std::error_code code;
  const auto size = fs::file_size(from, code);
  if (const auto disk = fs::space(folder, code); !code && disk.available < size + kSpare) {
    log_warning("finalise", "no room for an MP4 of " + from + "; the recording itself is whole");
    say({"ディスクの空きが足りません。→ 空きを作り、起動し直すと作られます。",
         "The disk has no room. -> Free some space and start again: it is made then."});
    return Done::GiveUp;
  }
  fs::path to = fs::path(from).replace_extension(".mp4");
  if (to == from) to.replace_filename(to.stem().string() + "-finished.mp4");
  {
    const std::lock_guard guard(mutex_);
    if (paused_ || ending_) return Done::Again;
    making_of_ = from;
  }
  const MediaTime zero = MediaTime{} + Duration::seconds(1);  // any: markers count from it
  const auto markers = markers_of(*read, zero);
  const bool there = fs::exists(to);  // made, and then no time to note it
  Result<Finalised> made =
      there ? Result<Finalised>(Finalised{})
            : finalise_recording(
                  from, to.string(),
                  [&](Duration length) { return chapters_of(markers, zero, length); }, stop_);
  if (!made) {
    if (stop_) return Done::Again;
    log_warning("finalise", made.error().message);
    say({"録画の読み書きに失敗しました。→ 起動し直すと、もう一度作ります。",
         "Reading or writing failed. -> Start again: it is tried once more."});
    return Done::GiveUp;
  }
  say({});
  if (!there) read->seconds = made->length.to_seconds();
  read->state = "finalised";
  read->finished = to.filename().string();
  if (const auto ok = write_file(sidecar, to_json(*read)); !ok)
    log_warning("finalise", ok.error().message);
  log_info("finalise", "made " + to.string());
  return Done::Yes;
}

}  // namespace kakehashi
