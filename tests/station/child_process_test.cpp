// SPDX-License-Identifier: GPL-3.0-or-later
// The child is kept running, goes when told, and never stays behind.
#include "station/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>

#include <doctest/doctest.h>

#include "tests/support/forked_process.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace std::chrono_literals;
using kakehashi::testing::ForkedProcess;
using kakehashi::testing::wait_until;

namespace {

constexpr Duration kShort = Duration::milliseconds(20);

struct Folder {
  Folder() {
    char name[] = "/tmp/kakehashi-child-XXXXXX";
    REQUIRE(::mkdtemp(name) != nullptr);
    path = name;
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string path;
};

ChildSpec shell(const std::string& script) {
  ChildSpec spec;
  spec.name = "test";
  spec.argv = {"sh", "-c", script};
  return spec;
}

std::unique_ptr<ChildProcess> start(ChildSpec spec) {
  auto child = ChildProcess::start(std::move(spec));
  REQUIRE(child.ok());
  return std::move(*child);
}

// Reaped: not even a zombie is left under this number.
bool gone(int pid) { return ::kill(pid, 0) == -1 && errno == ESRCH; }

// How the one run of `script` ended.
std::string end_of(const std::string& script) {
  auto child = start(shell(script));
  CHECK(wait_until([&] { return !child->status().last_end.empty(); }));
  return child->status().last_end;
}

}  // namespace

TEST_CASE("a child that is killed is started again, each time with another number") {
  auto spec = shell("exec sleep 1000");
  spec.back_off = {kShort};
  auto child = start(spec);
  int before = 0;
  for (std::uint64_t n = 0; n < 4; ++n) {
    REQUIRE(wait_until([&] { return child->status().running && child->status().pid != before; }));
    const auto now = child->status();
    CHECK(now.restarts == n);
    before = now.pid;
    REQUIRE(::kill(before, SIGKILL) == 0);
    REQUIRE(wait_until([&] { return gone(before); }));
    CHECK(child->status().last_end == "killed by signal 9");
  }
}

TEST_CASE("the waits grow, and the last one repeats") {
  auto spec = shell("exit 0");
  spec.back_off = {Duration::milliseconds(50), Duration::milliseconds(150),
                   Duration::milliseconds(300)};
  const auto begun = std::chrono::steady_clock::now();
  auto child = start(spec);
  std::chrono::milliseconds least{0};
  std::uint64_t n = 0;
  for (const auto wait : {50ms, 150ms, 300ms, 300ms}) {
    least += wait;
    ++n;
    // A busy machine only makes it later.
    REQUIRE(wait_until([&] { return child->status().restarts >= n; }));
    CHECK(std::chrono::steady_clock::now() - begun >= least);
  }
}

TEST_CASE("the house's waits are 0.5, 1, 2 and 5 seconds") {
  CHECK(ChildSpec().back_off == std::vector<Duration>{Duration::milliseconds(500),
                                                      Duration::seconds(1), Duration::seconds(2),
                                                      Duration::seconds(5)});
}

TEST_CASE("after a long enough life the first wait counts again") {
  auto spec = shell("exit 7");
  spec.back_off = {kShort, Duration::seconds(1000)};
  spec.settled = Duration::nanoseconds(0);
  auto child = start(spec);
  CHECK(wait_until([&] { return child->status().restarts >= 3; }));
  CHECK(child->status().last_end == "ended with status 7");
}

TEST_CASE("a child that obeys ends with SIGTERM, at once, and is reaped") {
  auto spec = shell("exec sleep 1000");
  spec.grace = Duration::seconds(100);
  auto child = start(spec);
  REQUIRE(wait_until([&] { return child->status().running; }));
  const int pid = child->status().pid;
  const auto begun = std::chrono::steady_clock::now();
  child.reset();
  CHECK(std::chrono::steady_clock::now() - begun < 10s);
  CHECK(gone(pid));
}

TEST_CASE("a child that refuses SIGTERM is killed after its grace") {
  Folder folder;
  const std::string ready = folder.path + "/ready";
  auto child = start(shell("trap '' TERM; : > " + ready + "; while :; do sleep 0.02; done"));
  REQUIRE(wait_until([&] { return std::filesystem::exists(ready) && child->status().running; }));
  const int pid = child->status().pid;
  const auto begun = std::chrono::steady_clock::now();
  child.reset();
  const auto took = std::chrono::steady_clock::now() - begun;
  CHECK(took >= 1s);
  CHECK(took < 10s);
  CHECK(gone(pid));
}

TEST_CASE("stopping while it waits to restart does not wait") {
  auto spec = shell("exit 1");
  spec.back_off = {Duration::seconds(1000)};
  auto child = start(spec);
  REQUIRE(wait_until([&] { return !child->status().last_end.empty(); }));
  const auto begun = std::chrono::steady_clock::now();
  child.reset();
  CHECK(std::chrono::steady_clock::now() - begun < 10s);
}

TEST_CASE("a program that is not there is named, and tried again") {
  ChildSpec spec;
  spec.name = "screen";
  spec.argv = {"/nowhere/kakehashi-screen"};
  spec.back_off = {kShort};
  auto child = start(spec);
  CHECK(wait_until([&] { return child->status().restarts >= 2; }));
  CHECK(child->status().last_end.starts_with(
      "cannot be started: /nowhere/kakehashi-screen: No such file"));
  CHECK_FALSE(child->status().running);
  child.reset();
  CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);  // no child of any kind is left
  CHECK(errno == ECHILD);

  CHECK_FALSE(ChildProcess::start({}).ok());
}

TEST_CASE("the child gets clean signals, no input and none of the station's files") {
  sigset_t some, before;
  ::sigemptyset(&some);
  ::sigaddset(&some, SIGTERM);
  ::sigaddset(&some, SIGINT);
  ::pthread_sigmask(SIG_BLOCK, &some, &before);
  const auto pipe_before = ::signal(SIGPIPE, SIG_IGN);
  const int careless = ::open("/dev/zero", O_RDONLY);  // without O_CLOEXEC, as libraries do
  REQUIRE(careless > 2);
  CHECK(end_of("grep -q '^SigBlk:.0*$' /proc/self/status") == "ended with status 0");
  CHECK(end_of("grep -q '^SigIgn:.0*$' /proc/self/status") == "ended with status 0");
  CHECK(end_of("kill -TERM $$; sleep 5") == "killed by signal 15");
  CHECK(end_of("test ! -e /proc/self/fd/" + std::to_string(careless)) == "ended with status 0");
  CHECK(end_of("test -e /proc/self/fd/2 && ! read line") == "ended with status 0");
  CHECK(end_of("test $(cut -d' ' -f5 /proc/$$/stat) = $$") == "ended with status 0");  // own group
  ::close(careless);
  ::signal(SIGPIPE, pipe_before);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

TEST_CASE("a child that runs once tells what it has to tell, ends, and is not started again") {
  auto spec = shell(
      "i=0; while [ $i -lt 3000 ]; do echo line $i of what it has to tell; "
      "i=$((i+1)); done; exit 3");
  std::mutex mutex;
  std::string told;
  spec.once = true;
  spec.back_off = {kShort};
  spec.output = [&](std::string_view piece) {
    const std::lock_guard lock(mutex);
    told += piece;
  };
  auto child = start(spec);
  REQUIRE(wait_until([&] { return child->status().ended; }));
  CHECK(child->status().last_end == "ended with status 3");
  CHECK(child->status().restarts == 0);
  CHECK_FALSE(child->status().running);
  const std::lock_guard lock(mutex);
  CHECK(told.starts_with("line 0 of"));
  CHECK(told.ends_with("line 2999 of what it has to tell\n"));  // more than a pipe holds
}

TEST_CASE("what a child that runs once has started goes with it") {
  Folder folder;
  const std::string number = folder.path + "/pid";
  auto spec = shell("trap '' TERM; sleep 1000 & echo $! > " + number + ".new; mv " + number +
                    ".new " + number + "; while :; do sleep 0.02; done");
  spec.once = true;
  spec.grace = Duration::milliseconds(50);
  spec.output = [](std::string_view) {};
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // the orphan comes to this test, which can wait for it
  auto child = start(spec);
  REQUIRE(wait_until([&] { return std::filesystem::exists(number); }));
  int orphan = 0;
  std::ifstream(number) >> orphan;
  REQUIRE(orphan > 0);
  child->stop();
  CHECK(wait_until([&] { return child->status().ended; }));
  CHECK(child->status().last_end == "killed by signal 9");
  CHECK(wait_until([&] {
    ::waitpid(orphan, nullptr, WNOHANG);  // its parent may have done so with its last breath
    return gone(orphan);
  }));
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

TEST_CASE("when the station is killed the child goes with it") {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // orphans come to this test, which can wait for them
  int told[2];
  REQUIRE(::pipe2(told, O_CLOEXEC) == 0);
  ForkedProcess station([&] {
    auto child = ChildProcess::start(shell("exec sleep 1000"));
    if (!child) return 1;
    int pid = 0;
    while (pid == 0) {
      pid = (*child)->status().pid;
      ::usleep(1000);
    }
    if (::write(told[1], &pid, sizeof pid) != sizeof pid) return 1;
    ::pause();
    return 0;
  });
  int pid = 0;
  REQUIRE(::read(told[0], &pid, sizeof pid) == sizeof pid);
  REQUIRE(::kill(pid, 0) == 0);
  station.kill_hard();
  int status = 0;
  CHECK(wait_until([&] { return ::waitpid(pid, &status, WNOHANG) == pid; }));
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGTERM);
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
  ::close(told[0]);
  ::close(told[1]);
}
