// SPDX-License-Identifier: GPL-3.0-or-later
// The runner against probes that answer, hang, crash and babble: a script plays their part.
#include "station/equip/runner.h"

#include <signal.h>

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "core/show.h"
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
  many.) item many.a pass; item many.b caution ;;
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
  CHECK(exit_code_of(end) == 0);
  CHECK(testing::wait_until([&] { return ::kill(-lab.pid(), 0) != 0; }));
}

TEST_CASE("only what was asked for") {
  Lab lab({"camera.good", "camera.crashes", "many"});
  lab.wish.only = {"camera.good", "many.a"};
  const TestEnd end = lab.run();
  CHECK(end.progress.result.items.size() == 3);
  CHECK(exit_code_of(end) == 0);
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
