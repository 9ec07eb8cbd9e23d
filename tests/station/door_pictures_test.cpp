// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures through the door: boards handed over as descriptors, read in another mapping or another
// process, never torn.
#include <sched.h>

#include <algorithm>
#include <thread>

#include <doctest/doctest.h>

#include "core/frame_pool.h"
#include "tests/station/door_fixture.h"
#include "tests/support/forked_process.h"
#include "tests/support/wait.h"
#include "venue/picture_board.h"

using namespace kakehashi;
using namespace std::chrono_literals;
using kakehashi::testing::ForkedProcess;
using kakehashi::testing::open_descriptors;
using kakehashi::testing::Station;
using kakehashi::testing::TemporaryFolder;
using kakehashi::testing::wait_until;

namespace {

FramePtr plain_picture(FramePool& pool, int width, int height, int value) {
  auto builder = pool.acquire();
  REQUIRE(builder);
  for (int p = 0; p < 3; ++p)
    for (int y = 0; y < (p ? height / 2 : height); ++y)
      std::memset(builder->plane(p) + y * builder->stride(p), value,
                  static_cast<std::size_t>(p ? width / 2 : width));
  return std::move(*builder).publish();
}

// Writer and reader on one processor: each is interrupted in the middle of its copies, a thousand
// times more often than on two.
void share_processor(int cpu) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  ::sched_setaffinity(0, sizeof one, &one);  // of the calling thread
}

bool uniform(const std::vector<std::uint8_t>& bytes) {
  return std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0;
}

}  // namespace

TEST_CASE("boards arrive in order, more than one chunk of them, each with its own picture") {
  TemporaryFolder folder;
  Station station(folder / "station.sock");
  FramePool pool(PixelFormat::I420, 64, 36, 4);
  std::vector<std::unique_ptr<PictureBoard>> boards;
  for (int i = 0; i < 150; ++i) {
    auto board = PictureBoard::create("input." + std::to_string(i), 64, 36);
    REQUIRE(board.ok());
    REQUIRE((*board)->show(*plain_picture(pool, 64, 36, i), 1, {1000 + i}));
    station.boards.push_back({"input." + std::to_string(i), (*board)->fd(), 64, 36});
    boards.push_back(std::move(*board));
  }
  auto desk = station.desk();
  REQUIRE(desk->subscribe(60).ok());
  const int before = open_descriptors();
  for (int round = 0; round < 3; ++round) {
    station.tick();  // lines of other kinds in between
    REQUIRE(desk->post(Take{}).ok());
    auto views = desk->pictures();
    REQUIRE_MESSAGE(views.ok(), views.error().message);
    REQUIRE(views->size() == 150);
    for (int i = 0; i < 150; ++i) {
      const auto& view = *(*views)[static_cast<std::size_t>(i)];
      std::vector<std::uint8_t> picture;
      std::uint64_t seen = 0;
      CHECK(view.name() == "input." + std::to_string(i));
      CHECK(view.newest_time() == MediaTime{1000 + i});
      REQUIRE(view.read(picture, seen));
      CHECK(seen == 1);
      CHECK(picture.size() == 64 * 36 * 3 / 2);
      CHECK((picture[0] == i && uniform(picture)));
      CHECK_FALSE(view.read(picture, seen));  // nothing newer
    }
  }
  CHECK(wait_until([&] { return open_descriptors() == before; }));  // mapped, then closed
}

TEST_CASE("a view outlives the board and the station") {
  TemporaryFolder folder;
  FramePool pool(PixelFormat::I420, 32, 18, 2);
  std::vector<std::unique_ptr<PictureView>> views;
  {
    Station station(folder / "station.sock");
    auto board = PictureBoard::create("program", 32, 18);
    REQUIRE(board.ok());
    REQUIRE((*board)->show(*plain_picture(pool, 32, 18, 77), 5, {1}));
    station.boards = {{"program", (*board)->fd(), 32, 18}};
    auto got = station.desk()->pictures();
    REQUIRE(got.ok());
    views = std::move(*got);
  }
  std::vector<std::uint8_t> picture;
  std::uint64_t seen = 0;
  REQUIRE(views.at(0)->read(picture, seen));
  CHECK(picture[0] == 77);
}

TEST_CASE("memory that is no picture board is refused, not mapped blindly") {
  TemporaryFolder folder;
  Station station(folder / "station.sock");
  auto board = PictureBoard::create("small", 32, 18);
  REQUIRE(board.ok());
  const int file = ::open((folder / "file").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  REQUIRE(::ftruncate(file, 1'000'000) == 0);
  auto desk = station.desk();
  const auto refusal = [&](BoardHandle handle) {
    station.boards = {std::move(handle)};
    auto views = desk->pictures();
    REQUIRE_FALSE(views.ok());
    return views.error().message;
  };
  CHECK(refusal({"a", (*board)->fd(), 1920, 1080}).find("smaller") != std::string::npos);
  CHECK(refusal({"b", (*board)->fd(), 18, 32}).find("another layout") != std::string::npos);
  CHECK(refusal({"c", (*board)->fd(), -2, 32}).find("impossible") != std::string::npos);
  CHECK(refusal({"d", file, 32, 18}).find("not sealed") != std::string::npos);
  ::close(file);
  station.boards = {{"small", (*board)->fd(), 32, 18}};
  CHECK(desk->pictures().ok());
}

TEST_CASE("another process sees whole pictures only, however fast the writer is") {
  constexpr int kWidth = 320, kHeight = 180;
  TemporaryFolder folder;
  const std::string path = folder / "station.sock";
  enum Outcome { Whole = 0, NoStation = 1, NoBoard = 2, Torn = 3, TooFew = 4, WentBack = 5 };
  const int cpu = ::sched_getcpu();
  ForkedProcess reader([&]() -> int {
    share_processor(cpu);
    std::unique_ptr<DoorClient> desk;
    for (int i = 0; i < 2000 && !desk; ++i) {
      if (auto c = DoorClient::connect(path)) desk = std::move(*c);
      ::usleep(2000);
    }
    if (!desk) return NoStation;
    auto views = desk->pictures();
    if (!views || views->size() != 1) return NoBoard;
    std::vector<std::uint8_t> picture;
    std::uint64_t newest = 0;
    int whole = 0;
    const auto end = std::chrono::steady_clock::now() + 8s;
    while (whole < 20'000 && std::chrono::steady_clock::now() < end) {
      std::uint64_t seen = 0;  // copies without end, also the same picture again
      if (!(*views)[0]->read(picture, seen)) continue;
      if (!uniform(picture)) return Torn;
      if (seen < newest) return WentBack;
      newest = seen;
      ++whole;
    }
    return whole >= 100 ? Whole : TooFew;
  });
  auto board = PictureBoard::create("program", kWidth, kHeight);
  REQUIRE(board.ok());
  FramePool pool(PixelFormat::I420, kWidth, kHeight, 16);
  std::vector<FramePtr> pictures;
  for (int i = 0; i < 16; ++i) pictures.push_back(plain_picture(pool, kWidth, kHeight, i * 15));
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    share_processor(cpu);
    for (std::uint64_t n = 0; !stop; ++n)
      (void)(*board)->show(*pictures[n % pictures.size()], n, {static_cast<std::int64_t>(n)});
  });
  Station station(path, {{"program", (*board)->fd(), kWidth, kHeight}});
  const int outcome = reader.wait();
  stop = true;
  writer.join();
  CHECK(outcome == Whole);
}
