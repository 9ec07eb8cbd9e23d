// SPDX-License-Identifier: GPL-3.0-or-later
// The runner against probes that answer, hang, crash and babble: a script plays their part.
#include "station/equip/runner.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "core/show.h"
#include "station/equip/retest.h"
#include "station/equip/verdict_words.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

using namespace kakehashi;

namespace {

constexpr const char* kScript = R"(#!/bin/sh
here=$(dirname "$0")
name=$1; role=
while [ $# -gt 0 ]; do [ "$1" = --role ] && role=$2; shift; done
item() { echo "{\"item\":{\"id\":\"$1\",\"verdict\":\"$2\"}}"; }
case $name.$role in
  plan.) cat "$here/plan" ;;
  camera.good) echo '{"progress":0.5,"now":{"ja":"見ています"}}'; item camera.good pass ;;
  camera.hangs) item camera.hangs pass; echo $$ > "$here/pid"; trap '' TERM; sleep 60 & wait; sleep 60 ;;
  camera.crashes) kill -SEGV $$ ;;
  camera.babbles) echo 'not json'; head -c 300000 /dev/zero | tr '\0' x; echo ;;
  camera.refuses) exit 3 ;;
  camera.waits) echo $$ > "$here/pid"; echo '{"progress":0.1}'; sleep 60 ;;
  camera.holds) exec 9>"$here/device"; flock 9; sh -c 'sleep 60' & trap '' TERM
    echo $$ > "$here/pid"; sleep 60 & wait; sleep 60 ;;
  many.) item many.a pass; item many.b caution ;;
  again.) item many.b pass; item many.c pass ;;
  quiet.) ;;
esac
)";

struct Lab {
  testing::TempDir dir;
  std::atomic<bool> stop{false};
  TestWish wish;

  explicit Lab(const std::vector<std::string>& rows) {
    std::ofstream(dir / "probe") << kScript;
    std::filesystem::permissions(dir / "probe", std::filesystem::perms::owner_all);
    std::ofstream plan(dir / "plan");
    plan << "{\"show\":{\"event\":\"講座\",\"venue\":\"会場\",\"venue_id\":\"hall\"}}\n";
    for (const auto& row : rows) {
      const auto dot = row.find('.');
      plan << "{\"row\":{\"probe\":\"" << row.substr(0, dot) << "\",\"role\":\""
           << (dot == std::string::npos ? "" : row.substr(dot + 1))
           << "\",\"title\":{\"ja\":\"試験\"},\"item\":{\"ja\":\"" << row
           << "\"},\"seconds\":0.2}}\n";
    }
    plan.close();
    wish.program = {dir / "probe"};
    wish.folder = dir.path();
    wish.shortest_limit = Duration::milliseconds(1500);
  }
  TestEnd run(const std::function<void(const EquipmentProgress&)>& told =
                  [](const EquipmentProgress&) {}) {
    return run_test(wish, stop, told);
  }
  pid_t pid() const {
    pid_t id = 0;
    std::ifstream(dir / "pid") >> id;
    return id;
  }
};

Verdict verdict(const TestEnd& end, const std::string& id) {
  const auto* item = find_by_id(end.progress.result.items, id);
  REQUIRE(item);
  return item->verdict;
}

}  // namespace

TEST_CASE("good rows pass; placeholders give way to what a row finds") {
  Lab lab({"camera.good", "many", "quiet"});
  double most = 0;
  const TestEnd end = lab.run([&](const EquipmentProgress& p) {
    CHECK(p.running);
    CHECK(p.progress >= most);
    most = p.progress;
  });
  CHECK(end.ran);
  CHECK(end.venue_id == "hall");
  CHECK(end.progress.result.event == "講座");
  REQUIRE(end.progress.result.items.size() == 3);
  CHECK(verdict(end, "camera.good") == Verdict::Pass);
  CHECK(verdict(end, "many.b") == Verdict::Caution);
  CHECK_FALSE(end.progress.running);
  CHECK(end.progress.progress == 1);
  CHECK(exit_code_of(end) == 0);
}

TEST_CASE("a probe that hangs, crashes, babbles or refuses fails alone") {
  Lab lab({"camera.hangs", "camera.crashes", "camera.babbles", "camera.refuses", "camera.good"});
  const TestEnd end = lab.run();
  for (const char* id : {"camera.hangs", "camera.crashes", "camera.babbles", "camera.refuses"}) {
    CAPTURE(id);
    CHECK(verdict(end, id) == Verdict::Fail);
    CHECK(find_by_id(end.progress.result.items, std::string(id))
              ->cause.ja.starts_with("機材が応答しません"));
  }
  CHECK(verdict(end, "camera.good") == Verdict::Pass);
  CHECK(exit_code_of(end) == 1);
  REQUIRE(lab.pid() > 0);
  CHECK(testing::wait_until([&] { return ::kill(-lab.pid(), 0) != 0; }));  // nor its children
}

TEST_CASE("stopping ends the probe at once and keeps what is known") {
  Lab lab({"camera.good", "camera.waits", "camera.crashes"});
  lab.wish.shortest_limit = Duration::seconds(60);
  std::thread stopper([&] {
    CHECK(testing::wait_until([&] { return lab.pid() > 0; }));
    lab.stop = true;
  });
  const auto start = std::chrono::steady_clock::now();
  const TestEnd end = lab.run();
  stopper.join();
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(30));
  CHECK(verdict(end, "camera.good") == Verdict::Pass);
  CHECK(verdict(end, "camera.waits") == Verdict::Skipped);
  CHECK(verdict(end, "camera.crashes") == Verdict::Skipped);
  CHECK_FALSE(end.progress.refusal.ja.empty());
  // Nothing about it looks like a pass.
  CHECK(end.progress.result.stopped);
  CHECK(find_by_id(end.progress.result.items, std::string("camera.waits"))->stopped);
  CHECK_FALSE(find_by_id(end.progress.result.items, std::string("camera.good"))->stopped);
  CHECK(names_of_stopped(end.progress.result).ja == "camera.waits、camera.crashes");
  CHECK(overall(end.progress.result) == Verdict::Skipped);
  CHECK(exit_code_of(end) == 3);
  CHECK(testing::wait_until([&] { return ::kill(-lab.pid(), 0) != 0; }));
}

TEST_CASE("only what was asked for") {
  Lab lab({"camera.good", "camera.crashes", "many"});
  lab.wish.only = {"camera.good", "many.a"};
  const TestEnd end = lab.run();
  CHECK(end.progress.result.items.size() == 3);
  CHECK(exit_code_of(end) == 0);
}

TEST_CASE("a device that a dead or hung probe held is closed before the next one is tested") {
  for (const bool stopped : {false, true}) {
    CAPTURE(stopped);
    Lab lab({"camera.holds", "camera.good"});
    if (stopped) lab.wish.shortest_limit = Duration::seconds(60);
    std::thread stopper([&] {
      if (!stopped) return;
      CHECK(testing::wait_until([&] { return lab.pid() > 0; }));
      lab.stop = true;
    });
    const int device = ::open((lab.dir / "device").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    REQUIRE(device >= 0);
    bool free_for_next = stopped;
    const TestEnd end = lab.run([&](const EquipmentProgress& p) {
      const auto* next = find_by_id(p.result.items, std::string("camera.good"));
      if (next && next->verdict == Verdict::Running && ::flock(device, LOCK_EX | LOCK_NB) == 0)
        free_for_next = true;
    });
    stopper.join();
    CHECK(free_for_next);
    CHECK(::flock(device, LOCK_EX | LOCK_NB) == 0);  // nor does a child of the probe hold it
    ::close(device);
    CHECK(verdict(end, "camera.holds") == (stopped ? Verdict::Skipped : Verdict::Fail));
    CHECK(verdict(end, "camera.good") == (stopped ? Verdict::Skipped : Verdict::Pass));
  }
}

TEST_CASE("one row again: its new outcome takes the old one's place, the rest stays") {
  Lab lab({"camera.good", "camera.crashes", "many", "again"});
  TestEnd whole = lab.run();
  EquipmentResult before = whole.progress.result;
  before.time = "before";
  before.compared_with = "the one before";
  // What the tests of two rows said last time.
  auto* good = find_by_id(before.items, std::string("camera.good"));
  REQUIRE(good);
  good->verdict = Verdict::Fail;
  good->cause = {"抜けています。", "Unplugged."};
  for (auto& item : before.items)
    if (item.id.starts_with("many.")) item.part = "again";
  REQUIRE(find_by_id(before.items, std::string("many.a")));
  lab.wish.part_of = [&](const PlannedShow& show) {
    CHECK(show.venue_id == "hall");
    return before;
  };
  lab.wish.time = "now";

  lab.wish.only = {"camera.good"};
  const TestEnd end = lab.run([&](const EquipmentProgress& p) {
    if (!p.result.items.empty()) CHECK(p.result.items.size() == before.items.size());
  });
  CHECK(end.joined);
  CHECK(end.progress.result.time == "before");
  CHECK(end.progress.result.compared_with == "the one before");
  REQUIRE(end.progress.result.items.size() == before.items.size());
  for (std::size_t i = 0; i < before.items.size(); ++i) {
    const EquipmentItem& now = end.progress.result.items[i];
    CHECK(now.id == before.items[i].id);
    if (now.id != "camera.good") CHECK(now == before.items[i]);
  }
  CHECK(verdict(end, "camera.good") == Verdict::Pass);
  CHECK(find_by_id(end.progress.result.items, std::string("camera.good"))->again == "now");

  // An item's own name finds the row that it came from; what the row no longer has is gone.
  lab.wish.only = {"many.b"};
  const TestEnd other = lab.run();
  CHECK(verdict(other, "many.b") == Verdict::Pass);
  CHECK(verdict(other, "many.c") == Verdict::Pass);
  CHECK_FALSE(find_by_id(other.progress.result.items, std::string("many.a")));

  lab.wish.only = {"camera.unplugged"};
  const TestEnd none = lab.run();
  CHECK_FALSE(none.ran);
  CHECK(none.progress.refusal.ja.find("この項目は") != std::string::npos);
}

TEST_CASE("a row that is tested again and stopped on its way is what it was") {
  Lab lab({"camera.good", "camera.waits", "camera.crashes"});
  lab.wish.shortest_limit = Duration::seconds(60);
  EquipmentResult before;
  for (const char* id : {"camera.good", "camera.waits", "camera.crashes"}) {
    EquipmentItem item;
    item.id = item.part = id;
    item.verdict = Verdict::Caution;
    item.cause = {"暗いです。", "Dark."};
    before.items.push_back(item);
  }
  lab.wish.part_of = [&](const PlannedShow&) { return before; };
  lab.wish.only = {"camera.waits", "camera.crashes"};
  std::thread stopper([&] {
    CHECK(testing::wait_until([&] { return lab.pid() > 0; }));
    lab.stop = true;
  });
  const TestEnd end = lab.run();
  stopper.join();
  CHECK(end.progress.result == before);
  CHECK(end.progress.refusal.ja.find("前の結果のまま") != std::string::npos);
}

TEST_CASE("a camera tested alone leaves open what it does beside the others") {
  std::vector<EquipmentItem> items(3);
  items[0].id = "camera.a";
  items[0].again = "now";
  items[1].id = "cameras_together.a";
  items[1].verdict = Verdict::Fail;
  items[2].id = "cameras_together.b";
  items[2].verdict = Verdict::Caution;
  question_together(items, "now");
  CHECK(items[1].verdict == Verdict::Skipped);
  CHECK_FALSE(items[1].action.ja.empty());
  CHECK(items[2].verdict == Verdict::Caution);
  items[1].verdict = Verdict::Pass;
  question_together(items, "now");
  CHECK(items[1].verdict == Verdict::Pass);
}

TEST_CASE("without a plan nothing runs and the reason is told") {
  Lab none({});
  CHECK(exit_code_of(none.run()) == 2);
  Lab missing({"camera.good"});
  missing.wish.program = {missing.dir / "nothing_here"};
  const TestEnd end = missing.run();
  CHECK(exit_code_of(end) == 2);
  CHECK_FALSE(end.progress.refusal.ja.empty());
}
