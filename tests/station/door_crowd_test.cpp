// SPDX-License-Identifier: GPL-3.0-or-later
// Many desks, and bad ones: killed, deaf, flooding, foreign, too many. The others must not notice.
#include <sys/stat.h>

#include <thread>

#include <doctest/doctest.h>

#include "station/door/codec_wire.h"
#include "tests/station/door_fixture.h"
#include "tests/support/forked_process.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace std::chrono_literals;
using kakehashi::testing::BareDesk;
using kakehashi::testing::ForkedProcess;
using kakehashi::testing::open_descriptors;
using kakehashi::testing::Station;
using kakehashi::testing::TemporaryFolder;
using kakehashi::testing::wait_until;

namespace {

const std::string kSubscribe = door::write_subscribe(60) + "\n";

// Keeps a station talking from a thread of its own, as the control thread does.
class Ticking {
 public:
  explicit Ticking(Station& station)
      : thread_([this, &station] {
          while (!stop_) {
            station.tick();
            std::this_thread::sleep_for(5ms);
          }
        }) {}
  ~Ticking() {
    stop_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

// Polls a desk; knows how many snapshots came and the longest wait between two.
struct Watcher {
  explicit Watcher(DoorClient& c) : client(c) {}
  void look() {
    auto got = client.poll();
    REQUIRE_MESSAGE(got.ok(), got.error().message);
    if (!*got) return;
    const auto now = std::chrono::steady_clock::now();
    if (count > 0) longest = std::max(longest, now - last);
    last = now;
    ++count;
    ordered = ordered && (**got).sequence > sequence;
    sequence = (**got).sequence;
  }
  DoorClient& client;
  int count = 0;
  bool ordered = true;
  std::uint64_t sequence = 0;
  std::chrono::steady_clock::time_point last;
  std::chrono::steady_clock::duration longest{};
};

}  // namespace

TEST_CASE("several desks at once command and see the same show") {
  TemporaryFolder folder;
  Station station(folder / "station.sock");
  auto numbered = testing::full_snapshot();
  numbered.sequence = 1;
  station.say(numbered);
  const Ticking ticking(station);
  std::vector<std::thread> seats;
  std::atomic<int> content{0};
  for (int seat = 0; seat < 8; ++seat)
    seats.emplace_back([&] {
      auto desk = DoorClient::connect(station.path());
      if (!desk || !(*desk)->subscribe(30)) return;
      std::uint64_t last = 0;
      for (int i = 0; i < 50; ++i) {
        if (!(*desk)->send(SetMute{"mic", i % 2 == 0})) return;
        auto got = (*desk)->poll();
        if (!got) return;
        if (*got) {
          if ((**got).sequence <= last) return;
          last = (**got).sequence;
        }
      }
      if (last > 0) ++content;
    });
  for (auto& seat : seats) seat.join();
  CHECK(content == 8);
  CHECK(station.commands().size() == 8 * 50);
  CHECK(wait_until([&] { return station.desks == 0; }));
}

TEST_CASE("kill -9 of a desk in mid-stream disturbs nobody") {
  TemporaryFolder folder;
  const std::string path = folder / "station.sock";
  std::vector<std::unique_ptr<ForkedProcess>> victims;
  for (int i = 0; i < 3; ++i)
    victims.push_back(std::make_unique<ForkedProcess>([&] {
      while (true) {  // until the station is there
        BareDesk desk(path);
        if (!desk.connected() || !desk.say(kSubscribe)) {
          ::usleep(2000);
          continue;
        }
        while (desk.say("{\"command\":\"take\"}\n") && desk.line()) {
        }
        return 1;
      }
    }));
  Station station(path);
  auto numbered = testing::full_snapshot();
  numbered.sequence = 1;
  station.say(numbered);
  auto desk = station.desk();
  REQUIRE(desk->subscribe(50).ok());
  const Ticking ticking(station);
  Watcher watcher(*desk);
  REQUIRE(wait_until([&] {
    watcher.look();
    return station.desks == 4 && watcher.count > 5 && station.commands().size() > 20;
  }));
  for (auto& victim : victims) victim->kill_hard();
  const int at_kill = watcher.count;
  CHECK(wait_until([&] {
    watcher.look();
    return station.desks == 1 && watcher.count > at_kill + 20;
  }));
  CHECK(watcher.ordered);
  CHECK(watcher.longest < 10s);
  CHECK(desk->send(Take{}).ok());
}

TEST_CASE("a desk that never reads is dropped, the others keep their rate") {
  TemporaryFolder folder;
  Station station(folder / "station.sock");
  auto big = testing::full_snapshot(400);  // so that 4 MiB fill up within a test's patience
  big.sequence = 1;
  station.say(big);
  auto desk = station.desk();
  // Far from the deaf one's rate: under a sanitizer, on a busy machine, this desk needs half a
  // second for such a page, and would else be dropped itself.
  REQUIRE(desk->subscribe(2).ok());
  BareDesk deaf(station.path());
  REQUIRE(deaf.say(kSubscribe));
  REQUIRE(wait_until([&] { return station.desks == 2; }));
  const Ticking ticking(station);
  Watcher watcher(*desk);
  CHECK(wait_until([&] {
    watcher.look();
    return station.desks == 1;
  }));
  const int at_drop = watcher.count;
  CHECK(at_drop >= 1);
  CHECK(wait_until([&] {
    watcher.look();
    return watcher.count >= at_drop + 5;
  }));
  CHECK(watcher.ordered);
  CHECK(watcher.longest < 10s);
  while (deaf.line()) {
  }
  CHECK(deaf.ended());
}

TEST_CASE("a desk that asks without end and never reads is dropped too") {
  TemporaryFolder folder;
  Station station(folder / "station.sock");
  BareDesk greedy(station.path());
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "{\"request\":\"snapshot\"}\n";
  bool dropped = false;
  for (int i = 0; i < 1000 && !dropped; ++i) dropped = !greedy.say(many);
  CHECK(dropped);
  CHECK(station.desk()->send(Take{}).ok());
}

TEST_CASE("coming and going 50 times leaves no descriptor behind") {
  TemporaryFolder folder;
  Station station(folder / "station.sock");
  const int before = open_descriptors();
  for (int i = 0; i < 50; ++i) {
    auto desk = station.desk();
    REQUIRE(desk->subscribe(30).ok());
    REQUIRE(desk->snapshot().ok());
    if (i % 3 == 0) REQUIRE(desk->post(Take{}).ok());  // some leave without their answer
  }
  CHECK(wait_until([&] { return station.desks == 0; }));
  CHECK(wait_until([&] { return open_descriptors() == before; }));
}

TEST_CASE("one desk too many is told so; when another leaves there is room") {
  TemporaryFolder folder;
  Station station(folder / "station.sock");
  std::vector<std::unique_ptr<DoorClient>> seats;
  for (int i = 0; i < 64; ++i) {
    seats.push_back(station.desk());
    REQUIRE(seats.back()->send(Take{}).ok());
  }
  BareDesk standing(station.path());
  const auto told = standing.line();
  REQUIRE(told);
  CHECK(told->find("too many desks") != std::string::npos);
  CHECK_FALSE(standing.line());
  CHECK(standing.ended());
  seats.pop_back();
  CHECK(wait_until([&] {
    auto desk = DoorClient::connect(station.path());
    return desk.ok() && (*desk)->send(Take{}).ok();
  }));
}

TEST_CASE("another user is turned away even where the file modes would let him in") {
  if (::geteuid() != 0) return;  // only root can become another user
  TemporaryFolder folder;
  const std::string path = folder / "station.sock";
  int go[2];
  REQUIRE(::pipe(go) == 0);
  ForkedProcess stranger([&] {
    char c = 0;
    if (::read(go[0], &c, 1) != 1 || ::setgid(65534) != 0 || ::setuid(65534) != 0) return 2;
    BareDesk desk(path);
    if (!desk.connected()) return 3;
    (void)desk.say("{\"command\":\"take\"}\n");
    return desk.line() || !desk.ended() ? 4 : 0;
  });
  Station station(path);
  REQUIRE(::chmod((folder / ".").c_str(), 0755) == 0);
  REQUIRE(::chmod(path.c_str(), 0666) == 0);
  REQUIRE(::write(go[1], "x", 1) == 1);
  CHECK(stranger.wait() == 0);
  CHECK(station.commands().empty());
  ::close(go[0]);
  ::close(go[1]);
}
