// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/sound_keeper.h"

#include <doctest/doctest.h>

#include <vector>

#include "tests/support/wait.h"

using namespace kakehashi;
using namespace std::chrono_literals;

namespace {

struct Disk {
  struct Written {
    std::string event;
    SoundKeeper::Sounds sounds;
  };
  SoundKeeper::Write writer() {
    return [this](const std::string& event, const SoundKeeper::Sounds& sounds) {
      const std::lock_guard lock(mutex);
      writes.push_back({event, sounds});
    };
  }
  std::vector<Written> so_far() {
    const std::lock_guard lock(mutex);
    return writes;
  }
  std::mutex mutex;
  std::vector<Written> writes;
};

StripSettings trimmed(double db) {
  StripSettings sound = settings_of(ProcessingSet::Music);
  sound.trim_db = db;
  return sound;
}

}  // namespace

TEST_CASE("a stream of wishes is written at its begin and at its end, the newest of each role") {
  Disk disk;
  {
    SoundKeeper keeper(disk.writer(), 1h);
    keeper.keep("a.json", "mic", trimmed(0));
    REQUIRE(testing::wait_until([&] { return disk.so_far().size() == 1; }));
    for (int i = 1; i <= 100; ++i) keeper.keep("a.json", "mic", trimmed(i / 10.0));
    keeper.keep("a.json", "pc", std::nullopt);
    keeper.keep("b.json", "mic", trimmed(3));
    CHECK(disk.so_far().size() == 1);  // an hour has not gone by
  }
  const auto writes = disk.so_far();
  REQUIRE(writes.size() == 3);
  CHECK(writes[0].sounds == SoundKeeper::Sounds{{"mic", trimmed(0)}});
  CHECK(writes[1].event == "a.json");
  CHECK(writes[1].sounds == SoundKeeper::Sounds{{"mic", trimmed(10)}, {"pc", std::nullopt}});
  CHECK(writes[2].event == "b.json");
  CHECK(writes[2].sounds == SoundKeeper::Sounds{{"mic", trimmed(3)}});
}

TEST_CASE("what came during the pause is written after it, without another wish") {
  Disk disk;
  SoundKeeper keeper(disk.writer(), 20ms);
  keeper.keep("a.json", "mic", trimmed(0));
  REQUIRE(testing::wait_until([&] { return disk.so_far().size() == 1; }));
  keeper.keep("a.json", "mic", trimmed(1));
  CHECK(testing::wait_until([&] { return disk.so_far().size() == 2; }));
}

TEST_CASE("nothing to keep is no write") {
  Disk disk;
  { SoundKeeper keeper(disk.writer()); }
  CHECK(disk.so_far().empty());
}
