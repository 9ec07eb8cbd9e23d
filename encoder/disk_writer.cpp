// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/disk_writer.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "core/thread.h"

namespace kakehashi {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr std::size_t kPiece = 1 << 20;  // bytes that lie side by side are written together

}  // namespace

DiskCalls usual_disk_calls() {
  return {[](int fd, const void* bytes, std::size_t size, off_t at) {
            return ::pwrite(fd, bytes, size, at);
          },
          // A file system that cannot sync (EINVAL) is no reason to stop recording on it.
          [](int fd) { return ::fdatasync(fd) == 0 || errno == EINVAL ? 0 : -1; }};
}

// Shared with the thread, which outlives the object where a disk hangs.
struct DiskWriter::State {
  struct Piece {
    std::uint64_t at = 0;
    std::vector<std::uint8_t> bytes;
  };
  void run();
  bool write(const Piece& piece);
  bool sync();
  int call(const std::function<ssize_t()>& what, ssize_t& result);
  bool hangs() const { return calling && SteadyClock::now() - call_began > kHangs; }

  int fd = -1;
  std::string name;
  std::size_t room = 0;
  DiskCalls calls;

  mutable std::mutex mutex;  // all below
  std::condition_variable changed;
  std::deque<Piece> pieces;
  std::size_t inside = 0;
  std::uint64_t written = 0;
  int failed = 0;
  bool closed = false, unsynced = false, calling = false;
  SteadyClock::time_point call_began;
};

int DiskWriter::State::call(const std::function<ssize_t()>& what, ssize_t& result) {
  {
    const std::lock_guard lock(mutex);
    calling = true;
    call_began = SteadyClock::now();
  }
  result = what();
  const int fault = result < 0 ? errno : 0;
  const std::lock_guard lock(mutex);
  calling = false;
  return fault;
}

bool DiskWriter::State::write(const Piece& piece) {
  std::size_t done = 0;
  int fault = 0;
  while (done < piece.bytes.size() && fault == 0) {
    ssize_t n = 0;
    fault = call(
        [&] {
          return calls.write(fd, piece.bytes.data() + done, piece.bytes.size() - done,
                             static_cast<off_t>(piece.at + done));
        },
        n);
    if (fault == EINTR) fault = 0;
    if (n == 0) fault = EIO;
    if (n > 0) done += static_cast<std::size_t>(n);
  }
  const std::lock_guard lock(mutex);
  written = std::max(written, piece.at + done);
  inside -= piece.bytes.size();
  unsynced = true;
  if (fault != 0) failed = fault;
  changed.notify_all();
  return fault == 0;
}

bool DiskWriter::State::sync() {
  ssize_t result = 0;
  const int fault = call([&] { return static_cast<ssize_t>(calls.sync(fd)); }, result);
  const std::lock_guard lock(mutex);
  unsynced = false;
  if (fault != 0) failed = fault;
  changed.notify_all();
  return fault == 0;
}

void DiskWriter::State::run() {
  auto synced = SteadyClock::now();
  for (bool well = true; well;) {
    Piece piece;
    bool last = false;
    {
      std::unique_lock lock(mutex);
      changed.wait_until(lock, synced + kSyncEvery, [this] { return closed || !pieces.empty(); });
      if (!pieces.empty()) {
        piece = std::move(pieces.front());
        pieces.pop_front();
      } else {
        last = closed;
        if (last && !unsynced) break;
      }
    }
    if (!piece.bytes.empty()) well = write(piece);
    if (well && (last || SteadyClock::now() - synced >= kSyncEvery)) {
      bool needed = false;
      {
        const std::lock_guard lock(mutex);
        needed = unsynced;
      }
      if (needed) well = sync();
      synced = SteadyClock::now();
    }
    if (last) break;
  }
  ::close(fd);
}

DiskWriter::DiskWriter(int fd, const std::string& name, std::size_t room, DiskCalls calls)
    : state_(std::make_shared<State>()) {
  state_->fd = fd;
  state_->name = name;
  state_->room = room;
  state_->calls = std::move(calls);
  std::thread([state = state_] {
    begin_thread("disk." + state->name, Urgency::Ordinary);
    state->run();
  }).detach();
}

DiskWriter::~DiskWriter() {
  const std::lock_guard lock(state_->mutex);
  state_->closed = true;
  state_->changed.notify_all();
}

int DiskWriter::put(std::uint64_t at, std::span<const std::uint8_t> bytes, Wait patience) {
  State& s = *state_;
  std::unique_lock lock(s.mutex);
  const auto until = SteadyClock::now() + patience;
  const auto fits = [&] {
    return s.failed != 0 || (!s.hangs() && (s.inside == 0 || s.inside + bytes.size() <= s.room));
  };
  if (!s.changed.wait_until(lock, until, fits)) return EAGAIN;
  if (s.failed != 0) return s.failed;
  s.inside += bytes.size();
  auto* last = s.pieces.empty() ? nullptr : &s.pieces.back();
  if (last && last->at + last->bytes.size() == at && last->bytes.size() + bytes.size() <= kPiece)
    last->bytes.insert(last->bytes.end(), bytes.begin(), bytes.end());
  else
    s.pieces.push_back({at, {bytes.begin(), bytes.end()}});
  s.changed.notify_all();
  return 0;
}

int DiskWriter::drain(Wait patience) {
  State& s = *state_;
  std::unique_lock lock(s.mutex);
  s.closed = true;
  s.changed.notify_all();
  const auto empty = [&] { return s.failed != 0 || (s.inside == 0 && !s.unsynced); };
  return s.changed.wait_for(lock, patience, empty) ? s.failed : EAGAIN;
}

std::uint64_t DiskWriter::written() const {
  const std::lock_guard lock(state_->mutex);
  return state_->written;
}

std::size_t DiskWriter::behind() const {
  const std::lock_guard lock(state_->mutex);
  return state_->inside;
}

}  // namespace kakehashi
