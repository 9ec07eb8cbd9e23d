// SPDX-License-Identifier: GPL-3.0-or-later
// Several destinations at once: each its own encode, state and switch; a wedged one beside them.
#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "core/frame_pool.h"
#include "station/output_desk.h"
#include "tests/support/process.h"
#include "tests/support/tcp_server.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

Show show_with(std::vector<Destination> destinations) {
  Show show;
  show.id = "kouza";
  show.canvas = {320, 180, Rate{30, 1}};
  show.encode.video_kbps = 500;
  show.encode.keyframe_seconds = 1;
  show.encodes = {{"light", {"軽い画質", "Light"}, show.encode}};
  show.destinations = std::move(destinations);
  return show;
}

Destination destination(const std::string& id, const std::string& kind, const std::string& name,
                        const std::string& value) {
  Destination d;
  d.id = id;
  d.name = {id, id};
  d.kind = kind;
  d.settings[name] = value;
  if (kind == "hls") d.settings["segment_seconds"] = 1.0;
  return d;
}

// Program at its own speed into the roads, as the mix loops would hand it over.
class Programme {
 public:
  Programme(const Show& show, EncodeRoads& roads)
      : thread_([this, canvas = show.canvas, &roads] {
          FramePool pool(PixelFormat::I420, canvas.width, canvas.height, 40);
          MonotonicClock clock;
          const MediaTime zero = clock.now();
          std::int64_t blocks = 0;
          for (std::int64_t n = 0; !stop_; ++n) {
            const MediaTime tick = zero + canvas.rate.time_of(n);
            clock.sleep_until(tick);
            if (auto builder = pool.acquire()) {
              const ProgramPicture picture{std::move(*builder).publish(), n, tick, tick - zero};
              roads.main().pictures().push(picture);
              for (const auto now = roads.further().load(); const auto& further : now->pictures)
                further->push(picture);
            }
            for (; time_of_sample(blocks * kBlockSamples) < canvas.rate.time_of(n); ++blocks) {
              AudioBlock block;
              block.position = blocks * kBlockSamples;
              roads.main().sound().push(block);
              for (const auto now = roads.further().load(); const auto& further : now->sound)
                further->push(block);
            }
          }
        }) {}
  ~Programme() {
    stop_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

struct Desk {
  explicit Desk(const Show& show, OutputDesk::Config config = {})
      : roads(EncodeRoads::open(show, clock).value()), desk(clock, std::move(config)) {
    desk.set_roads(roads.get());
    desk.set_show(show);
  }
  Snapshot report() const {
    Snapshot s;
    desk.report(clock.now(), s);
    return s;
  }
  OutputStatus of(const std::string& id) const {
    const Snapshot s = report();
    for (const auto& o : s.outputs)
      if (o.id == id) return o;
    FAIL("no output is called " << id);
    return {};
  }
  bool comes(const std::string& id, OutputState state) {
    return wait_until([&] { return of(id).state == state; });
  }

  mutable MonotonicClock clock;
  std::unique_ptr<EncodeRoads> roads;
  OutputDesk desk;
};

}  // namespace

TEST_CASE("three destinations, one wedged: the others lose nothing, and each tells its own state") {
  TempDir folder;
  // Takes the connection and never says a word.
  TcpServer silent([](TcpServer& server, int fd) { server.stay_silent(fd); });
  auto light = destination("light_room", "hls", "folder", folder / "light");
  light.encode = "light";
  light.scope = AudienceScope::Internal;
  const Show show =
      show_with({destination("room", "hls", "folder", folder / "main"), light,
                 destination("dead", "rtmp", "url",
                             "rtmp://127.0.0.1:" + std::to_string(silent.port()) + "/live")});
  Desk d(show);
  Programme programme(show, *d.roads);
  CHECK(d.of("room").state == OutputState::Standby);
  REQUIRE(d.desk.go_live());
  CHECK(d.desk.live());
  for (const char* id : {"room", "light_room"}) CHECK(d.comes(id, OutputState::Live));
  REQUIRE(wait_until([&] { return d.of("room").video_packets > 60; }));
  REQUIRE(wait_until([&] { return d.of("light_room").video_packets > 60; }));
  CHECK(d.of("dead").state != OutputState::Live);
  const OutputStatus room = d.of("room"), other = d.of("light_room");
  CHECK(room.dropped == 0);
  CHECK(other.dropped == 0);
  CHECK(room.encode == "main");
  CHECK(other.encode == "light");
  CHECK(d.report().scope == AudienceScope::Internal);
  CHECK(!d.report().practice);
  CHECK(d.roads->further_in_use());
  const auto begin = std::chrono::steady_clock::now();
  d.desk.stop_live();
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(500));
  CHECK(!d.desk.live());
  d.desk.tidy();
  CHECK(wait_until([&] { return !d.roads->further_in_use(); }));  // the last one let it go
  CHECK(std::filesystem::exists(folder / "light/live.m3u8"));
}

TEST_CASE("a destination is switched while on air, and the last one is not") {
  TempDir folder;
  auto spare = destination("b", "hls", "folder", folder / "b");
  spare.enabled = false;
  const Show show = show_with({destination("a", "hls", "folder", folder / "a"), spare});
  Desk d(show);
  Programme programme(show, *d.roads);
  REQUIRE(d.desk.go_live());
  CHECK(!d.of("b").enabled);
  REQUIRE(d.desk.switch_destination("b", true));
  CHECK(d.comes("b", OutputState::Live));
  CHECK(d.of("b").enabled);
  REQUIRE(d.desk.switch_destination("a", false));
  CHECK(d.of("a").state == OutputState::Standby);
  CHECK(!d.of("a").enabled);
  const Status last = d.desk.switch_destination("b", false);
  REQUIRE(!last);
  CHECK(!last.error().words.ja.empty());
  CHECK(d.of("b").state == OutputState::Live);
  CHECK(!d.desk.switch_destination("nobody", true));
  // What was switched by hand is what the next go_live means, until another event comes.
  d.desk.stop_live();
  REQUIRE(d.desk.go_live());
  CHECK(d.comes("b", OutputState::Live));
  CHECK(d.of("a").state == OutputState::Standby);
  d.desk.stop_live();
  Show next = show;
  next.id = "shikiten";
  d.desk.set_show(next);
  CHECK(d.of("a").enabled);
  CHECK(!d.of("b").enabled);
}

TEST_CASE("one without its key keeps no other from starting; where none can start it is refused") {
  TempDir folder;
  auto main = destination("main", "rtmp", "url", "rtmp://127.0.0.1:1/live");
  main.key_name = "missing";
  auto spare = destination("spare", "rtmp", "url", "rtmp://127.0.0.1:1/backup");
  spare.backup_of = "main";
  const Show all_bad = show_with({main, spare});
  {
    Desk d(all_bad);
    const Status refused = d.desk.go_live();
    REQUIRE(!refused);
    CHECK(refused.error().words.ja.find("配信キー") != std::string::npos);
    CHECK(!d.desk.live());
  }
  const Show show = show_with({main, spare, destination("room", "hls", "folder", folder.path())});
  Desk d(show);
  Programme programme(show, *d.roads);
  REQUIRE(d.desk.go_live());
  CHECK(d.comes("room", OutputState::Live));
  for (const char* id : {"main", "spare"}) {  // a spare line has its main line's key
    CHECK(d.of(id).state == OutputState::Failed);
    CHECK(d.of(id).reason.ja.find("配信キー") != std::string::npos);
  }
  CHECK(d.desk.first_live());
}

TEST_CASE("another event opened on air: what it does not name still runs and is still told") {
  TempDir folder;
  const Show show = show_with({destination("a", "hls", "folder", folder / "a")});
  Desk d(show);
  Programme programme(show, *d.roads);
  REQUIRE(d.desk.go_live());
  REQUIRE(d.comes("a", OutputState::Live));
  Show next = show_with({destination("b", "hls", "folder", folder / "b")});
  next.id = "shikiten";
  d.desk.set_show(next);
  CHECK(d.of("a").state == OutputState::Live);
  CHECK(d.of("a").enabled);
  CHECK(d.of("b").state == OutputState::Standby);
}

TEST_CASE("a virtual camera is wanted while it is switched on, on air or not") {
  TempDir folder;
  auto meeting = destination("meeting", "virtual_camera", "device", "a camera nobody has");
  meeting.scope = AudienceScope::Public;
  Destination on_program = meeting;
  on_program.id = "second";
  on_program.settings["bus"] = std::string("program");
  on_program.enabled = false;
  const Show show = show_with({meeting, on_program});
  Desk d(show);
  CHECK(d.desk.wanted_buses() == bus_bit(Bus::Aux));
  CHECK(d.of("meeting").always);
  CHECK(d.comes("meeting", OutputState::Reconnecting));
  CHECK(d.of("meeting").reason.ja.find("仮想カメラ") != std::string::npos);
  CHECK(!d.desk.go_live());  // it is no stream
  REQUIRE(d.desk.switch_destination("second", true));
  CHECK(d.desk.wanted_buses() == (bus_bit(Bus::Aux) | bus_bit(Bus::Program)));
  REQUIRE(d.desk.switch_destination("meeting", false));
  CHECK(d.desk.wanted_buses() == bus_bit(Bus::Program));
  CHECK(d.of("meeting").state == OutputState::Standby);
  d.desk.tidy();
}

TEST_CASE("an encode follows the line that says so, else the first that is no spare") {
  auto a = destination("a", "rtmp", "url", "x"), b = a, c = a, camera = a;
  a.backup_of = "b";
  b.id = "b";
  c.id = "c";
  c.encode = "main";
  camera.id = "camera";
  camera.kind = "virtual_camera";
  CHECK(leading_line({camera, a, b, c}, "main") == "b");
  CHECK(leading_line({a}, "") == "a");
  c.lead = true;
  CHECK(leading_line({a, b, c}, "") == "c");
  CHECK(leading_line({a, b, c}, "light").empty());
}
