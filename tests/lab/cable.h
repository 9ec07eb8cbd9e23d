// SPDX-License-Identifier: GPL-3.0-or-later
// A town behind network cables that can be pulled: a second network namespace in this process and
// veth pairs that lead there. Needs the right to make them (root, or unshare -r) and iproute2.
#pragma once

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <string>
#include <thread>

#include <doctest/doctest.h>

#include "tests/support/process.h"

namespace kakehashi::testing {

inline bool shell(const std::string& line) { return run({"sh", "-c", line}) == 0; }

class Town {
 public:
  Town() {
    std::thread([this] {
      if (::unshare(CLONE_NEWNET) == 0)
        there_ = ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    }).join();
    made_ = there_ >= 0 && command("ip link set lo up");
  }
  ~Town() {
    if (there_ >= 0) ::close(there_);
  }
  Town(const Town&) = delete;
  Town& operator=(const Town&) = delete;

  bool made() const { return made_; }
  // As a name for ip(8), while this lives.
  std::string name() const {
    return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(there_);
  }
  // On a thread that is there; sockets made in it and programs started stay there.
  template <class Action>
  void inside(Action action) const {
    std::thread([&] {
      if (::setns(there_, CLONE_NEWNET) == 0) action();
    }).join();
  }
  bool command(const std::string& line) const {
    bool done = false;
    inside([&] { done = shell(line); });
    return done;
  }

 private:
  int there_ = -1;
  bool made_ = false;
};

// "street0" here is 10.77.0.1, its other end "house0" in the town 10.77.0.2; of number 1
// 10.77.1.1 and 10.77.1.2.
class Cable {
 public:
  Cable(const Town& town, int number) : town_(town), number_(std::to_string(number)) { lay(); }
  ~Cable() { take_away(); }
  Cable(const Cable&) = delete;
  Cable& operator=(const Cable&) = delete;

  std::string here() const { return "street" + number_; }
  std::string there() const { return "house" + number_; }
  std::string address() const { return "10.77." + number_ + ".2"; }  // of the other end
  bool pull() const { return town_.command("ip link set " + there() + " down"); }
  bool plug() const { return town_.command("ip link set " + there() + " up"); }
  // The whole interface, as a USB device that is unplugged.
  void take_away() const { (void)shell("ip link del " + here() + " 2>/dev/null"); }
  void lay() const {
    REQUIRE(shell("ip link add " + here() + " type veth peer name " + there() + " netns " +
                  town_.name() + " && ip addr add 10.77." + number_ + ".1/24 dev " + here() +
                  " && ip link set " + here() + " up"));
    REQUIRE(town_.command("ip addr add " + address() + "/24 dev " + there()));
    REQUIRE(plug());
  }

 private:
  const Town& town_;
  const std::string number_;
};

}  // namespace kakehashi::testing
