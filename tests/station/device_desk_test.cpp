// SPDX-License-Identifier: GPL-3.0-or-later
// Devices are held in the hand here: plugged in and pulled out by the test, opened as hand feeds.
#include "station/device_desk.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <set>

#include "tests/station/hand_devices.h"
#include "tests/station/hand_feed.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using kakehashi::testing::HandFeed;
using kakehashi::testing::HandList;
using kakehashi::testing::Plugs;
using kakehashi::testing::wait_until;

namespace {

Device device(const std::string& id, const std::string& kind = "camera") {
  Device d;
  d.id = d.name = d.identity.serial = id;
  d.kind = kind;
  if (kind == "screen") d.nature = SourceNature::Screen;
  d.spec = {kind, binding_settings(d.identity)};
  return d;
}

struct Rig {
  Rig() {
    DeviceDesk::Roads roads;
    roads.list = [this](std::function<void()> changed) {
      return std::make_unique<HandList>(plugs, std::move(changed));
    };
    roads.inputs = [this] {
      const std::lock_guard lock(mutex);
      return inputs;
    };
    roads.open = [this](const Device& d, const std::string& name) -> std::shared_ptr<Feed> {
      CHECK(name == "device." + d.id);
      const std::lock_guard lock(mutex);
      auto feed = std::shared_ptr<HandFeed>(new HandFeed(epoch), [this, id = d.id](HandFeed* f) {
        const std::lock_guard closing(mutex);
        open.erase(id);
        delete f;
      });
      open.insert(d.id);
      ever.insert(d.id);
      feeds[d.id] = feed;
      return feed;
    };
    roads.changed = [this](bool boards) {
      ++changes;
      if (boards) ++board_changes;
    };
    desk = std::make_unique<DeviceDesk>(clock, epoch, std::move(roads));
  }
  std::set<std::string> opened() {
    const std::lock_guard lock(mutex);
    return open;
  }
  bool opens(const std::set<std::string>& ids) {
    return wait_until([&] { return opened() == ids; });
  }
  Snapshot told() {
    Snapshot s;
    std::vector<Input> now;
    {
      const std::lock_guard lock(mutex);
      now = inputs;
    }
    desk->report(now, s);
    return s;
  }
  void bind(const std::string& role, const Device& to) {
    const std::lock_guard lock(mutex);
    Input input;
    input.id = role;
    input.source = to.spec;
    inputs.push_back(input);
  }

  MonotonicClock clock;
  MediaTime epoch = clock.now();
  Plugs plugs;
  std::mutex mutex;
  std::vector<Input> inputs;
  std::set<std::string> open, ever;
  std::map<std::string, std::weak_ptr<HandFeed>> feeds;
  std::atomic<int> changes{0}, board_changes{0};
  std::unique_ptr<DeviceDesk> desk;  // last: its thread uses what is above
};

}  // namespace

TEST_CASE("the list follows plugging, with roles, and nothing is opened for it") {
  Rig rig;
  CHECK(rig.told().devices.empty());
  rig.bind("main", device("a"));
  rig.plugs.set({device("a"), device("b"), device("mic", "microphone")});
  CHECK(wait_until([&] { return rig.changes == 1; }));
  const Snapshot s = rig.told();
  REQUIRE(s.devices.size() == 3);
  CHECK(s.devices[0].role == "main");
  CHECK(s.devices[1].role.empty());
  CHECK_FALSE(s.watching_devices);
  rig.plugs.set({device("b")});
  CHECK(wait_until([&] { return rig.changes == 2; }));
  CHECK(rig.told().devices.size() == 1);
  CHECK(rig.ever.empty());
}

TEST_CASE("watching opens what plays no role, follows plugging, and ends") {
  Rig rig;
  rig.bind("main", device("a"));
  rig.plugs.set({device("a"), device("b"), device("mic", "microphone"), device(":0", "screen")});
  rig.desk->watch(true);
  REQUIRE(rig.opens({"b", "mic"}));
  CHECK(rig.told().watching_devices);
  REQUIRE(wait_until([&] { return rig.desk->boards().size() == 1; }));  // a microphone has none
  CHECK(rig.desk->boards()[0].name == "device.b");
  CHECK(rig.desk->boards()[0].fd >= 0);
  CHECK(wait_until([&] { return rig.board_changes >= 1; }));

  rig.plugs.set({device("a"), device("b"), device("c"), device("mic", "microphone")});
  REQUIRE(rig.opens({"b", "c", "mic"}));
  rig.plugs.set({device("a"), device("c")});
  REQUIRE(rig.opens({"c"}));
  rig.desk->watch(false);
  REQUIRE(rig.opens({}));
  CHECK(wait_until([&] { return rig.desk->boards().empty(); }));
  CHECK_FALSE(rig.told().watching_devices);
  CHECK(rig.ever == std::set<std::string>{"b", "c", "mic"});
}

TEST_CASE("a device that gets a role is closed for it, and only it") {
  Rig rig;
  rig.plugs.set({device("a"), device("b")});
  rig.desk->watch(true);
  REQUIRE(rig.opens({"a", "b"}));
  rig.desk->take("a");
  CHECK(rig.opened() == std::set<std::string>{"b"});  // closed when take() returns
  rig.bind("main", device("a"));
  rig.desk->give_back("a");
  rig.desk->take("b");
  CHECK(rig.opened().empty());
  rig.desk->give_back("b");
  REQUIRE(rig.opens({"b"}));
  rig.desk->close_all();
  CHECK(rig.opened().empty());
  CHECK_FALSE(rig.desk->watching());
}

TEST_CASE("who still looks at a picture is waited for") {
  Rig rig;
  rig.plugs.set({device("a")});
  rig.desk->watch(true);
  REQUIRE(wait_until([&] { return rig.desk->pictures().load()->size() == 1; }));
  auto looking = rig.desk->pictures().load();
  const auto board = rig.desk->boards();  // a desk has asked for it
  std::atomic<bool> taken{false};
  std::thread taker([&] {
    rig.desk->take("a");
    taken = true;
  });
  REQUIRE(wait_until([&] { return rig.desk->pictures().load()->empty(); }));
  CHECK_FALSE(taken);
  CHECK(rig.opened().size() == 1);
  looking.reset();
  taker.join();
  CHECK(rig.opened().empty());
}

TEST_CASE("more cameras than a controller carries: eight are opened, and it is said") {
  Rig rig;
  std::vector<Device> many;
  std::set<std::string> first;
  for (int i = 0; i < 10; ++i) {
    many.push_back(device("cam" + std::to_string(i)));
    if (i < DeviceDesk::kMostCameras) first.insert(many.back().id);
  }
  many.push_back(device("mic", "microphone"));
  first.insert("mic");
  rig.plugs.set(many);
  rig.desk->watch(true);
  REQUIRE(rig.opens(first));
  Snapshot s = rig.told();
  REQUIRE(s.messages.size() == 1);
  CHECK(s.messages[0].id == "devices.limit");
  CHECK(s.messages[0].what.ja.find("2台") != std::string::npos);
  CHECK(s.devices.size() == 11);
  many.erase(many.begin());  // a place is free
  rig.plugs.set(many);
  first.erase("cam0");
  first.insert("cam8");
  CHECK(rig.opens(first));
  rig.desk->watch(false);
  CHECK(rig.opens({}));
  CHECK(rig.told().messages.empty());
}

TEST_CASE("tapping a microphone shows which one it is, and the level falls again") {
  Rig rig;
  rig.plugs.set({device("quiet", "microphone"), device("tapped", "microphone")});
  rig.desk->watch(true);
  REQUIRE(rig.opens({"quiet", "tapped"}));
  const auto level = [&](std::size_t i) { return rig.told().devices.at(i).peak_db; };
  double loudest = -120;
  MediaTime next = rig.clock.now();
  std::vector<float> tap(480, 0.0F);
  const bool seen = wait_until([&] {
    for (; next < rig.clock.now(); next = next + Duration::milliseconds(10)) {
      for (std::size_t i = 0; i < tap.size(); ++i)
        tap[i] = 0.5F * std::sin(static_cast<float>(i) * 0.1F);
      if (const auto feed = rig.feeds["tapped"].lock()) feed->audio().push(tap, 1, 48000, next);
    }
    loudest = std::max(loudest, level(1));
    return loudest > -8;
  });
  CHECK(seen);
  CHECK(loudest < 0);
  CHECK(level(0) == -120);
  CHECK(wait_until([&] { return level(1) < -20; }));  // silence again
}

TEST_CASE("a station without a list, and one that leaves while it watches") {
  MonotonicClock clock;
  {
    DeviceDesk::Roads roads;
    roads.inputs = [] { return std::vector<Input>(); };
    roads.changed = [](bool) {};
    DeviceDesk none(clock, clock.now(), std::move(roads));
    none.watch(true);
    none.close_all();
    CHECK(none.devices().empty());
    CHECK(none.boards().empty());
  }
  Rig rig;
  rig.plugs.set({device("a")});
  rig.desk->watch(true);
  REQUIRE(rig.opens({"a"}));
  rig.desk.reset();
  CHECK(rig.opened().empty());
}
