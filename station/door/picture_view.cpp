// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/mman.h>
#include <sys/stat.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>

#include "core/shared_picture.h"
#include "station/door/picture_mapping.h"

namespace kakehashi {

Result<PictureView::Impl> PictureView::Impl::map(int fd, const door::BoardLine& board) {
  const auto refused = [&](const std::string& why) {
    return Error{ErrorKind::Bug, "picture board \"" + board.name + "\": " + why};
  };
  const auto w = static_cast<std::uint32_t>(board.width);
  const auto h = static_cast<std::uint32_t>(board.height);
  constexpr int kMost = 16384;  // keeps the sizes below far from overflow
  if (board.width <= 0 || board.height <= 0 || board.width > kMost || board.height > kMost)
    return refused("impossible size");
  struct stat info {};
  if (::fstat(fd, &info) != 0 ||
      static_cast<std::uint64_t>(info.st_size) < shared_picture_total(w, h))
    return refused("smaller than its pictures");
  // Memory that can shrink would kill the reader with SIGBUS.
  const int seals = ::fcntl(fd, F_GET_SEALS);
  if (seals < 0 || !(seals & F_SEAL_SHRINK)) return refused("its memory is not sealed");

  Impl view;
  view.size = shared_picture_total(w, h);
  void* memory = ::mmap(nullptr, view.size, PROT_READ, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED)
    return Error{ErrorKind::FixSetup, "picture board \"" + board.name + "\" cannot be mapped: " +
                                          std::system_category().message(errno)};
  view.memory = static_cast<const std::uint8_t*>(memory);
  view.name = board.name;
  view.width = board.width;
  view.height = board.height;
  const auto& head = view.header();
  if (head.magic != kSharedPictureMagic || head.slots != kSharedPictureSlots || head.width != w ||
      head.height != h)
    return refused("another layout: station and desk are of different versions");
  return view;
}

PictureView::Impl::Impl(Impl&& o) noexcept
    : name(std::move(o.name)),
      width(o.width),
      height(o.height),
      memory(std::exchange(o.memory, nullptr)),
      size(o.size) {}

PictureView::Impl::~Impl() {
  if (memory) ::munmap(const_cast<std::uint8_t*>(memory), size);
}

PictureView::~PictureView() = default;
const std::string& PictureView::name() const { return impl_->name; }
int PictureView::width() const { return impl_->width; }
int PictureView::height() const { return impl_->height; }

bool PictureView::read(std::vector<std::uint8_t>& out, std::uint64_t& seen) const {
  const auto& head = impl_->header();
  const auto w = head.width, h = head.height;
  for (int attempt = 0; attempt < 2; ++attempt) {
    const std::uint64_t newest = head.newest.load(std::memory_order_acquire);
    if (newest == 0 || newest == seen) return false;
    const auto index = static_cast<int>((newest - 1) % kSharedPictureSlots);
    const auto& slot = head.slot[index];
    const std::uint32_t before = slot.lock.load(std::memory_order_acquire);
    if (before & 1) continue;
    out.resize(shared_picture_bytes(w, h));
    // Races with the writer by design: what was torn is seen by the lock and thrown away. The
    // fence keeps the copy's loads in front of the second look at the lock (Boehm 2012, fig. 6).
    std::memcpy(out.data(), impl_->memory + shared_picture_slot_offset(w, h, index), out.size());
    std::atomic_thread_fence(std::memory_order_acquire);
    if (slot.lock.load(std::memory_order_relaxed) != before) continue;
    seen = newest;
    return true;
  }
  return false;
}

MediaTime PictureView::newest_time() const {
  const auto& head = impl_->header();
  const std::uint64_t newest = head.newest.load(std::memory_order_acquire);
  if (newest == 0) return {};
  const auto& slot = head.slot[(newest - 1) % kSharedPictureSlots];
  return {slot.time_ns.load(std::memory_order_relaxed)};
}

}  // namespace kakehashi
