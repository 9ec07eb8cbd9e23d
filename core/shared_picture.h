// SPDX-License-Identifier: GPL-3.0-or-later
// The layout of pictures in shared memory: how the station shows program, preview and inputs to
// desks and to the hall's screen, which are other processes. Plain bytes plus atomics; who maps the
// memory is not said here (venue/ writes, station/door reads).
//
// One block holds `slots` I420 pictures of one size. The writer fills the slot after the newest,
// then publishes its number. A slot carries a sequence lock (odd while being written); a reader
// copies, and takes the copy only if the lock did not move. A dead or slow reader can never hold
// the writer up. H.-J. Boehm, "Can Seqlocks Get Along With Programming Language Memory Models?",
// MSPC 2012.
#pragma once

#include <atomic>
#include <cstdint>

namespace kakehashi {

inline constexpr std::uint32_t kSharedPictureMagic = 0x4B4B5031;  // "KKP1"
inline constexpr int kSharedPictureSlots = 3;

struct SharedPictureSlot {
  std::atomic<std::uint32_t> lock;  // odd: being written
  std::uint32_t reserved;
  std::atomic<std::int64_t> time_ns;  // the tick's MediaTime
  std::atomic<std::uint64_t> number;  // program picture number
};

struct SharedPictureHeader {
  std::uint32_t magic;
  std::uint32_t slots;
  std::uint32_t width, height;  // both even
  std::uint32_t reserved[4];
  std::atomic<std::uint64_t>
      newest;  // count of published pictures; slot = (newest - 1) % slots; 0: none yet
  SharedPictureSlot slot[kSharedPictureSlots];
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free &&
                  std::atomic<std::uint32_t>::is_always_lock_free,
              "atomics shared between processes must not hide a lock");

// Tightly packed I420, BT.709 limited: Y (w*h), U (w/2*h/2), V; slots start on 4096 byte pages.
constexpr std::uint64_t shared_picture_bytes(std::uint32_t w, std::uint32_t h) {
  return static_cast<std::uint64_t>(w) * h * 3 / 2;
}
constexpr std::uint64_t shared_picture_slot_offset(std::uint32_t w, std::uint32_t h, int slot) {
  const std::uint64_t page = 4096;
  const std::uint64_t head = (sizeof(SharedPictureHeader) + page - 1) / page * page;
  const std::uint64_t each = (shared_picture_bytes(w, h) + page - 1) / page * page;
  return head + each * static_cast<std::uint64_t>(slot);
}
constexpr std::uint64_t shared_picture_total(std::uint32_t w, std::uint32_t h) {
  return shared_picture_slot_offset(w, h, kSharedPictureSlots);
}

}  // namespace kakehashi
