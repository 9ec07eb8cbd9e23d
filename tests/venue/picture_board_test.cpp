// SPDX-License-Identifier: GPL-3.0-or-later
// What a board's memory holds, what it refuses, what it costs.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <vector>

#include <doctest/doctest.h>

#include "core/frame_pool.h"
#include "core/shared_picture.h"
#include "venue/picture_board.h"

using namespace kakehashi;

namespace {

// A reader's read-only mapping.
class Mapping {
 public:
  explicit Mapping(const PictureBoard& board)
      : size_(shared_picture_total(static_cast<std::uint32_t>(board.width()),
                                   static_cast<std::uint32_t>(board.height()))),
        memory_(::mmap(nullptr, size_, PROT_READ, MAP_SHARED, board.fd(), 0)) {
    REQUIRE(memory_ != MAP_FAILED);
  }
  ~Mapping() { ::munmap(memory_, size_); }
  const SharedPictureHeader& header() const {
    return *static_cast<const SharedPictureHeader*>(memory_);
  }
  const std::uint8_t* slot(int i) const {
    return static_cast<const std::uint8_t*>(memory_) +
           shared_picture_slot_offset(header().width, header().height, i);
  }

 private:
  std::size_t size_;
  void* memory_;
};

// Every byte tells its plane and place.
std::uint8_t pattern(int plane, int x, int y) {
  return static_cast<std::uint8_t>(plane * 85 + x * 3 + y * 7);
}
FramePtr patterned(FramePool& pool, int w, int h) {
  auto b = pool.acquire();
  REQUIRE(b);
  for (int p = 0; p < 3; ++p)
    for (int y = 0; y < (p ? h / 2 : h); ++y)
      for (int x = 0; x < (p ? w / 2 : w); ++x)
        b->plane(p)[y * b->stride(p) + x] = pattern(p, x, y);
  return std::move(*b).publish();
}

}  // namespace

TEST_CASE("a picture lies tightly packed in the slot after the newest") {
  // 128: luma rows are as long as the frame's stride, chroma rows are (64); 66: neither.
  for (const int w : {128, 66}) {
    const int h = 10;
    auto board = PictureBoard::create("program", w, h);
    REQUIRE_MESSAGE(board.ok(), board.error().message);
    CHECK((*board)->width() == w);
    CHECK((*board)->height() == h);
    const Mapping seen(**board);
    CHECK(seen.header().magic == kSharedPictureMagic);
    CHECK(seen.header().newest == 0);
    FramePool pool(PixelFormat::I420, w, h, 2);
    const auto frame = patterned(pool, w, h);
    for (std::uint64_t n = 1; n <= 5; ++n) {
      REQUIRE((*board)->show(*frame, 100 + n, {static_cast<std::int64_t>(1000 * n)}));
      const auto& head = seen.header();
      REQUIRE(head.newest == n);
      const int index = static_cast<int>((n - 1) % kSharedPictureSlots);
      CHECK(head.slot[index].number == 100 + n);
      CHECK(head.slot[index].time_ns == static_cast<std::int64_t>(1000 * n));
      CHECK(head.slot[index].lock % 2 == 0);
      const std::uint8_t* at = seen.slot(index);
      bool same = true;
      for (int p = 0; p < 3; ++p)
        for (int y = 0; y < (p ? h / 2 : h); ++y)
          for (int x = 0; x < (p ? w / 2 : w); ++x) same = same && *at++ == pattern(p, x, y);
      CHECK(same);
    }
  }
}

TEST_CASE("a picture of another size or format is refused and changes nothing") {
  auto board = PictureBoard::create("program", 64, 36);
  REQUIRE(board.ok());
  FramePool larger(PixelFormat::I420, 128, 36, 1), other(PixelFormat::NV12, 64, 36, 1);
  CHECK_FALSE((*board)->show(*std::move(*larger.acquire()).publish(), 1, {}));
  CHECK_FALSE((*board)->show(*std::move(*other.acquire()).publish(), 1, {}));
  CHECK(Mapping(**board).header().newest == 0);
}

TEST_CASE("impossible sizes are named") {
  for (const auto& [w, h] : {std::pair{0, 2}, {3, 2}, {2, 3}, {-2, 2}, {2, 100'000}}) {
    auto board = PictureBoard::create("odd", w, h);
    REQUIRE_FALSE(board.ok());
    CHECK(board.error().kind == ErrorKind::FixInput);
    CHECK(board.error().message.find("\"odd\"") != std::string::npos);
  }
  CHECK(PictureBoard::create(std::string(1000, 'n'), 2, 2).ok());
}

TEST_CASE("who holds the descriptor can look, but neither write nor pull the memory away") {
  auto board = PictureBoard::create("program", 64, 36);
  REQUIRE(board.ok());
  const int fd = (*board)->fd();
  CHECK(::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED);
  CHECK(errno == EPERM);
  CHECK(::pwrite(fd, "x", 1, 0) == -1);
  CHECK(errno == EPERM);
  CHECK(::ftruncate(fd, 0) == -1);
  CHECK(errno == EPERM);
  CHECK(::fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE) == -1);  // nor seal the station's hands
  CHECK((::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
  FramePool pool(PixelFormat::I420, 64, 36, 1);
  CHECK((*board)->show(*patterned(pool, 64, 36), 1, {}));
}

TEST_CASE("showing a full HD picture costs a memcpy") {
  const int w = 1920, h = 1080;
  auto board = PictureBoard::create("program", w, h);
  REQUIRE(board.ok());
  FramePool pool(PixelFormat::I420, w, h, 1);
  const auto frame = patterned(pool, w, h);
  std::vector<std::uint8_t> from(shared_picture_bytes(w, h), 1), to(from.size());
  const auto best_of = [](auto work) {
    double best = 1e9;
    for (int i = 0; i < 60; ++i) {
      const auto start = std::chrono::steady_clock::now();
      work();
      const std::chrono::duration<double, std::milli> took =
          std::chrono::steady_clock::now() - start;
      best = std::min(best, took.count());
    }
    return best;
  };
  const double plain = best_of([&] { std::memcpy(to.data(), from.data(), from.size()); });
  const double shown = best_of([&] { (void)(*board)->show(*frame, 1, {}); });
  MESSAGE("show: " << shown << " ms, memcpy of the same bytes: " << plain << " ms, ratio "
                   << shown / plain);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  CHECK(shown < plain * 3);  // one pass over the bytes, whatever else the machine does
#endif
}
