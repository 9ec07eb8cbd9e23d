// SPDX-License-Identifier: GPL-3.0-or-later
// One file's own thread ("disk.<name>"): takes bytes, writes them at once, syncs every 2 s. Whoever
// makes the bytes never waits for the disk while there is room. Private to encoder/.
//
// What write(2) has taken outlives the process; what was synced outlives a power cut.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

namespace kakehashi {

struct DiskCalls {  // of the file's thread; a slow or hanging disk is put in their place by tests
  std::function<ssize_t(int fd, const void* bytes, std::size_t size, off_t at)> write;
  std::function<int(int fd)> sync;
};
DiskCalls usual_disk_calls();  // pwrite, fdatasync

class DiskWriter {
 public:
  using Wait = std::chrono::milliseconds;
  static constexpr std::size_t kRoom = 16 << 20;  // bytes: 20 s at 6 Mb/s
  static constexpr auto kSyncEvery = Wait(2000);
  static constexpr auto kHangs = Wait(5000);  // one call that takes this long

  DiskWriter(int fd, const std::string& name, std::size_t room = kRoom,
             DiskCalls calls = usual_disk_calls());  // the file is closed by its thread
  ~DiskWriter();  // never waits: what is still inside is written by the thread, left by itself

  // 0: taken. EAGAIN: no room, or the disk hangs, within `patience`. Else the errno of the first
  // write or sync that failed; nothing is taken after it.
  int put(std::uint64_t at, std::span<const std::uint8_t> bytes, Wait patience);
  // Waits until all is written and synced: 0, EAGAIN or the errno.
  int drain(Wait patience);

  std::uint64_t written() const;  // the end of what the disk has taken
  std::size_t behind() const;     // bytes taken in and not yet written

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace kakehashi
