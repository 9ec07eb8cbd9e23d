// SPDX-License-Identifier: GPL-3.0-or-later
#include "venue/picture_board.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <new>
#include <system_error>

#include "core/log.h"
#include "core/shared_picture.h"

namespace kakehashi {
namespace {

constexpr int kMostPixels = 8192;  // one side

// Returns the place behind the plane.
std::uint8_t* copy_plane(std::uint8_t* to, PlaneView from, int width, int height) {
  const auto line = static_cast<std::size_t>(width);
  if (from.stride == width) {
    std::memcpy(to, from.data, line * static_cast<std::size_t>(height));
    return to + line * static_cast<std::size_t>(height);
  }
  for (int y = 0; y < height; ++y, to += line)
    std::memcpy(to, from.data + static_cast<std::ptrdiff_t>(y) * from.stride, line);
  return to;
}

}  // namespace

struct PictureBoard::Impl {
  Impl() = default;
  Impl(const Impl&) = delete;
  ~Impl() {
    if (memory) ::munmap(memory, size);
    if (fd >= 0) ::close(fd);
  }

  int fd = -1;
  std::uint8_t* memory = nullptr;
  std::size_t size = 0;
  SharedPictureHeader* header = nullptr;
};

PictureBoard::~PictureBoard() = default;
int PictureBoard::fd() const { return impl_->fd; }
int PictureBoard::width() const { return static_cast<int>(impl_->header->width); }
int PictureBoard::height() const { return static_cast<int>(impl_->header->height); }

Result<std::unique_ptr<PictureBoard>> PictureBoard::create(const std::string& name, int width,
                                                           int height) {
  if (width <= 0 || height <= 0 || width > kMostPixels || height > kMostPixels || width % 2 != 0 ||
      height % 2 != 0)
    return Error{ErrorKind::FixInput, "picture board \"" + name + "\": " + std::to_string(width) +
                                          "x" + std::to_string(height) +
                                          ", expected even numbers from 2 to 8192"};
  const auto failed = [&](const char* what) {
    return Error{ErrorKind::FixSetup, "picture board \"" + name + "\": " + what + ": " +
                                          std::system_category().message(errno)};
  };
  const auto w = static_cast<std::uint32_t>(width), h = static_cast<std::uint32_t>(height);

  auto impl = std::make_unique<Impl>();
  // The name is only seen in /proc; the kernel takes up to 249 bytes of it.
  impl->fd =
      ::memfd_create(("kakehashi." + name.substr(0, 200)).c_str(), MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (impl->fd < 0) return failed("no shared memory");
  impl->size = shared_picture_total(w, h);
  if (::ftruncate(impl->fd, static_cast<off_t>(impl->size)) != 0) return failed("too big");
  void* memory = ::mmap(nullptr, impl->size, PROT_READ | PROT_WRITE, MAP_SHARED, impl->fd, 0);
  if (memory == MAP_FAILED) return failed("cannot be mapped");
  impl->memory = static_cast<std::uint8_t*>(memory);
  impl->header = new (memory) SharedPictureHeader{};
  impl->header->magic = kSharedPictureMagic;
  impl->header->slots = kSharedPictureSlots;
  impl->header->width = w;
  impl->header->height = h;

  // Our mapping stays writable; from now on nobody makes another one, and nobody's view can be
  // pulled away under it (memfd_create(2); F_SEAL_FUTURE_WRITE since Linux 5.1).
  const int size_seals = F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
  if (::fcntl(impl->fd, F_ADD_SEALS, size_seals | F_SEAL_FUTURE_WRITE) != 0) {
    log_warning("venue", "old kernel: a desk could write into its pictures");
    if (::fcntl(impl->fd, F_ADD_SEALS, size_seals) != 0) return failed("cannot be sealed");
  }
  auto board = std::unique_ptr<PictureBoard>(new PictureBoard());
  board->impl_ = std::move(impl);
  return board;
}

bool PictureBoard::show(const VideoFrame& frame, std::uint64_t number, MediaTime tick) {
  auto& head = *impl_->header;
  const auto& info = frame.info();
  const int w = width(), h = height();
  if (info.format != PixelFormat::I420 || info.width != w || info.height != h) return false;

  const std::uint64_t count = head.newest.load(std::memory_order_relaxed);
  const auto index = static_cast<int>(count % kSharedPictureSlots);
  auto& slot = head.slot[index];
  const std::uint32_t lock = slot.lock.load(std::memory_order_relaxed);
  slot.lock.store(lock + 1, std::memory_order_relaxed);
  // Keeps the picture's bytes behind the odd lock (Boehm 2012, section 4).
  std::atomic_thread_fence(std::memory_order_release);
  slot.time_ns.store(tick.ns, std::memory_order_relaxed);
  slot.number.store(number, std::memory_order_relaxed);
  auto* to = impl_->memory + shared_picture_slot_offset(head.width, head.height, index);
  to = copy_plane(to, frame.plane(0), w, h);
  to = copy_plane(to, frame.plane(1), w / 2, h / 2);
  copy_plane(to, frame.plane(2), w / 2, h / 2);
  slot.lock.store(lock + 2, std::memory_order_release);
  head.newest.store(count + 1, std::memory_order_release);
  return true;
}

}  // namespace kakehashi
