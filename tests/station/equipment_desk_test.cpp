// SPDX-License-Identifier: GPL-3.0-or-later
// A test of the equipment is followed to its end, whatever its process does; the devices always
// come back. Its process is a shell script here.
#include "station/equipment_desk.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cmath>

#include "station/door/codec.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using kakehashi::testing::wait_until;
using namespace std::chrono_literals;

namespace {

// A line as the test's process writes it, quoted for the shell.
std::string line(double progress, bool running, Verdict verdict) {
  EquipmentProgress p;
  p.running = running;
  p.progress = progress;
  p.seconds_left = 7;
  p.now = {"試しています", "Trying"};
  EquipmentItem item;
  item.id = "camera.cam_main";
  item.verdict = verdict;
  p.result.items.push_back(item);
  return "echo '" + write_equipment(p) + "'; ";
}
const std::string kBegin = line(0.25, true, Verdict::Running);
const std::string kEnd = line(1, false, Verdict::Pass);

struct Rig {
  explicit Rig(const std::string& script, Duration silence = Duration::seconds(60),
               Duration grace = Duration::milliseconds(300)) {
    EquipmentDesk::Roads roads;
    roads.program = [script] { return std::vector<std::string>{"sh", "-c", script, "equip-test"}; };
    roads.release = [this]() -> Status {
      ++released;
      if (held) return Error{ErrorKind::TryLater, "held"};
      return {};
    };
    roads.reopen = [this]() -> Status {
      still_running = desk->running();
      ++reopened;
      return {};
    };
    roads.changed = [this] { ++changes; };
    desk = std::make_unique<EquipmentDesk>(std::move(roads), EquipmentDesk::Limits{grace, silence});
  }
  void begin(const TestEquipment& wish = {}) {
    const auto ok = desk->begin(wish);
    REQUIRE_MESSAGE(ok.ok(), (ok.ok() ? "" : ok.error().message));
  }
  bool ends() {
    return wait_until([&] { return !desk->running(); });
  }
  bool tells(double progress) {
    return wait_until([&] { return desk->progress().progress == progress; });
  }

  std::atomic<int> released{0}, reopened{0}, changes{0};
  std::atomic<bool> held{false}, still_running{false};
  std::unique_ptr<EquipmentDesk> desk;  // last: its thread uses what is above
};

bool says(const Text& words, const char* part) {
  INFO(words.ja);
  CHECK_FALSE(words.en.empty());
  return words.ja.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a test runs to its end: its lines are told, the devices are away meanwhile") {
  Rig rig("test $# = 1 && test $1 = --progress && " + kBegin + "read x; sleep 0.1; " + kEnd);
  CHECK_FALSE(rig.desk->progress().running);
  rig.begin();
  CHECK(rig.desk->progress().running);
  CHECK(rig.tells(0.25));
  CHECK(rig.released == 1);
  CHECK(rig.desk->progress().seconds_left == 7);
  REQUIRE(rig.ends());
  CHECK(rig.still_running);  // until the devices are there again
  CHECK(rig.reopened == 1);
  CHECK(rig.changes >= 3);
  const EquipmentProgress end = rig.desk->progress();
  CHECK_FALSE(end.running);
  CHECK(end.progress == 1);
  CHECK(end.seconds_left == -1);
  CHECK(end.refusal.ja.empty());
  REQUIRE(end.result.items.size() == 1);
  CHECK(end.result.items[0].verdict == Verdict::Pass);
}

TEST_CASE("quick, claps and burn-in reach the test; a second test starts clean") {
  Rig rig(R"([ "$*" = "--progress --quick --clap --burn-in 45.5" ] && )" + kEnd);
  rig.begin({true, true, 45.5, {}, true});
  REQUIRE(rig.ends());
  CHECK(rig.desk->progress().refusal.ja.empty());
  rig.begin();  // without the options the script says nothing
  REQUIRE(rig.ends());
  CHECK(says(rig.desk->progress().refusal, "途中で止まりました"));
  CHECK(rig.desk->progress().result.items.empty());
  CHECK(rig.reopened == 2);
}

TEST_CASE("a burn-in has 30 to 120 minutes; parts are names") {
  Rig rig(kEnd);
  for (const double minutes : {0.5, 29.9, 120.1, -30.0, std::nan(""), 1e300}) {
    CAPTURE(minutes);
    const auto no = rig.desk->begin({true, false, minutes});
    REQUIRE_FALSE(no.ok());
    CHECK(no.error().message.find("30 to 120") != std::string::npos);
  }
  for (const auto& part : {std::string(), std::string("--json"), std::string(500, 'x')})
    CHECK_FALSE(rig.desk->begin({true, false, 0, {part}}).ok());
  CHECK_FALSE(rig.desk->begin({true, false, 0, std::vector<std::string>(101, "camera")}).ok());
  CHECK(rig.reopened == 0);
}

namespace {
// Two items as a first test finds them, a retest of one of them, and its empty plan before.
std::string two_items(bool running, Verdict first, Verdict second) {
  EquipmentProgress p;
  p.running = running;
  p.progress = running ? 0.5 : 1;
  p.html = running ? "" : "/tmp/sheet.html";
  EquipmentItem item;
  item.id = item.part = "camera.cam_main";
  item.verdict = first;
  p.result.items.push_back(item);
  item.id = item.part = "sound.mic";
  item.verdict = second;
  p.result.items.push_back(item);
  return "echo '" + write_equipment(p) + "'; ";
}
}  // namespace

TEST_CASE("one item again: the table stays, and is as before when the retest breaks off") {
  EquipmentProgress plan;
  plan.running = true;
  plan.progress = 0.1;
  Rig rig("if [ $# = 1 ]; then " + two_items(false, Verdict::Fail, Verdict::Pass) +
          "exit; fi; [ \"$*\" = \"--progress --only camera.cam_main\" ] || exit 9; echo '" +
          write_equipment(plan) + "'; sleep 0.3; " +
          two_items(true, Verdict::Running, Verdict::Pass) + "kill -SEGV $$");
  rig.begin();
  REQUIRE(rig.ends());
  const EquipmentProgress whole = rig.desk->progress();
  REQUIRE(whole.result.items.size() == 2);
  rig.begin({true, false, 0, {"camera.cam_main"}});
  CHECK(rig.desk->progress().result.items.at(0).verdict == Verdict::Waiting);
  CHECK(rig.desk->progress().result.items.at(1).verdict == Verdict::Pass);
  REQUIRE(rig.tells(0.1));
  CHECK(rig.desk->progress().result.items.size() == 2);
  CHECK(rig.desk->progress().html == whole.html);
  REQUIRE(rig.ends());
  CHECK(rig.desk->progress().result == whole.result);
  CHECK(rig.desk->progress().html == whole.html);
  CHECK(says(rig.desk->progress().refusal, "前の結果のまま"));
}

TEST_CASE("only one test at a time, and none without a program") {
  Rig rig(kBegin + "exec sleep 1000");
  rig.begin();
  REQUIRE(rig.tells(0.25));
  const auto second = rig.desk->begin({});
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().kind == ErrorKind::FixInput);
  rig.desk->cancel(EquipmentDesk::End::Wished);
  CHECK(rig.ends());
  CHECK_FALSE(EquipmentDesk({}).begin({}).ok());
}

TEST_CASE("a cancelled test ends with its grace and keeps what it found") {
  Rig rig("obey() { " + line(0.5, false, Verdict::Pass) + "exit 0; }; trap obey TERM; " + kBegin +
              "while :; do sleep 0.01; done",
          Duration::seconds(60), Duration::seconds(30));  // a busy machine's shell is slow to obey
  rig.begin();
  REQUIRE(rig.tells(0.25));
  rig.desk->cancel(EquipmentDesk::End::Wished);
  REQUIRE(rig.ends());
  const EquipmentProgress end = rig.desk->progress();
  CHECK(says(end.refusal, "中止しました"));
  CHECK(end.progress == 0.5);  // what it tells while it goes is heard
  CHECK(end.result.items.at(0).verdict == Verdict::Pass);
  CHECK(rig.reopened == 1);
  rig.desk->cancel(EquipmentDesk::End::Wished);  // of none that runs: nothing
  CHECK(rig.desk->progress() == end);
}

TEST_CASE("a test that does not listen is killed after its grace; going on air waits for nobody") {
  const std::string deaf = "trap '' TERM; " + kBegin + "while :; do sleep 0.01; done";
  for (const auto why : {EquipmentDesk::End::Wished, EquipmentDesk::End::OnAir}) {
    Rig rig(deaf);
    rig.begin();
    REQUIRE(rig.tells(0.25));
    const auto begun = std::chrono::steady_clock::now();
    rig.desk->cancel(why);
    REQUIRE(rig.ends());
    const auto took = std::chrono::steady_clock::now() - begun;
    CHECK((took >= 300ms) == (why == EquipmentDesk::End::Wished));
    const EquipmentProgress end = rig.desk->progress();
    CHECK(says(end.refusal, why == EquipmentDesk::End::OnAir ? "配信" : "中止しました"));
    REQUIRE(end.result.items.size() == 1);
    CHECK(end.result.items[0].verdict == Verdict::Skipped);  // its turn was not over
    CHECK(end.result.items[0].stopped);
    CHECK(end.result.stopped);
    CHECK(rig.reopened == 1);
  }
}

TEST_CASE("a test that dies, says garbage or cannot be started: told, and the devices come back") {
  struct Case {
    std::string script;
    const char* words;
  };
  const Case cases[] = {
      {kBegin + "kill -SEGV $$", "途中で止まりました"},
      {"exit 1", "途中で止まりました"},
      {"echo Segmentation fault; echo '{\"progress\":\"x\"}'; exit 0", "読めませんでした"},
      {"head -c 3000000 /dev/zero | tr '\\0' x; echo; exit 0", "読めませんでした"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.script);
    Rig rig(c.script);
    rig.begin();
    REQUIRE(rig.ends());
    CHECK(says(rig.desk->progress().refusal, c.words));
    CHECK(rig.reopened == 1);
  }
}

TEST_CASE("garbage between its lines is passed over") {
  Rig rig("echo; echo warning: something; " + kBegin + "printf '\\377\\376\\n{'; echo; " + kEnd);
  rig.begin();
  REQUIRE(rig.ends());
  CHECK(rig.desk->progress().refusal.ja.empty());
  CHECK(rig.desk->progress().progress == 1);
}

TEST_CASE("what a test itself refuses stays as it said it") {
  EquipmentProgress p;
  p.refusal = {"会場ファイルを読めません。", "The venue file cannot be read."};
  Rig rig("echo '" + write_equipment(p) + "'; exit 3");
  rig.begin();
  REQUIRE(rig.ends());
  CHECK(rig.desk->progress().refusal == p.refusal);
}

TEST_CASE("a test that hangs without a word is ended") {
  Rig rig(kBegin + "exec sleep 1000", Duration::milliseconds(200));
  rig.begin();
  REQUIRE(rig.ends());
  CHECK(says(rig.desk->progress().refusal, "応答しなくなった"));
  CHECK(rig.reopened == 1);
}

TEST_CASE("devices that cannot be let go of: no test, and they are opened again") {
  Rig rig("touch /nowhere/must-not-run");
  rig.held = true;
  rig.begin();
  REQUIRE(rig.ends());
  CHECK(says(rig.desk->progress().refusal, "放せず"));
  CHECK(rig.reopened == 1);
}

TEST_CASE("a program that is not there is told") {
  EquipmentDesk::Roads roads;
  roads.program = [] { return std::vector<std::string>{"/nowhere/kakehashi-station"}; };
  roads.release = roads.reopen = []() -> Status { return {}; };
  roads.changed = [] {};
  EquipmentDesk desk(std::move(roads));
  REQUIRE(desk.begin({}).ok());
  REQUIRE(wait_until([&] { return !desk.running(); }));
  CHECK(says(desk.progress().refusal, "始められませんでした"));
}

TEST_CASE("the station may leave in the middle of a test") {
  Rig rig("trap '' TERM; " + kBegin + "while :; do sleep 0.01; done");
  rig.begin();
  REQUIRE(rig.tells(0.25));
  const auto begun = std::chrono::steady_clock::now();
  rig.desk.reset();
  CHECK(std::chrono::steady_clock::now() - begun < 5s);
  CHECK(rig.reopened == 0);
}
