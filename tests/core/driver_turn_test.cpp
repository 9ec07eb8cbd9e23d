// SPDX-License-Identifier: GPL-3.0-or-later
// Drivers that hang, made of threads that wait.
#include "core/driver_turn.h"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

using namespace kakehashi;
using namespace std::chrono_literals;
using Needs = DriverTurn::Needs;

namespace {

// Somebody who is in and does not come back until told so.
class Stuck {
 public:
  Stuck(DriverTurn& turn, Needs needs, bool spinning = false)
      : thread_([&turn, needs, spinning, this] {
          const Status s = turn.take("USB Audio", needs, 1s, [&] {
            in_.set_value();
            if (spinning)
              while (!go_) {
              }
            else
              back_.get_future().wait();
          });
          well_ = s.ok();
        }) {
    in_.get_future().wait();
  }
  bool comes_back() {
    if (thread_.joinable()) {
      go_ = true;
      back_.set_value();
      thread_.join();
    }
    return well_;
  }
  ~Stuck() { comes_back(); }

 private:
  std::promise<void> in_, back_;
  std::atomic<bool> go_{false}, well_{false};
  std::thread thread_;
};

bool gets_in(DriverTurn& turn, std::chrono::milliseconds patience, Error* refusal = nullptr) {
  bool called = false;
  const Status s = turn.take("second", Needs::Whole, patience, [&] { called = true; });
  CHECK(s.ok() == called);
  if (!s.ok() && refusal) *refusal = s.error();
  return called;
}

}  // namespace

TEST_CASE("one at a time") {
  DriverTurn turn;
  std::atomic<int> inside{0}, most{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 200; ++n)
        CHECK(turn.take("x", n % 2 == 0 ? Needs::Whole : Needs::Beginning, 20s,
                        [&] {
                          const int now = ++inside;
                          if (now > most) most = now;
                          --inside;
                        })
                  .ok());
    });
  for (auto& t : threads) t.join();
  CHECK(most == 1);
  CHECK(turn.hangs(0ms).empty());
}

TEST_CASE("who hangs is named, and it goes on once he comes back") {
  DriverTurn turn;
  Stuck opening(turn, Needs::Whole);
  Error refusal;
  CHECK_FALSE(gets_in(turn, 100ms, &refusal));
  CHECK(refusal.kind == ErrorKind::TryLater);
  CHECK(refusal.words.ja.find("「USB Audio」が応答しない") != std::string::npos);
  CHECK(refusal.words.en.find("USB Audio") != std::string::npos);
  CHECK(turn.hangs(50ms) == "USB Audio");
  CHECK(turn.hangs(1h).empty());
  CHECK(opening.comes_back());
  CHECK(gets_in(turn, 100ms));
  CHECK(turn.hangs(0ms).empty());
}

TEST_CASE("one that only needs its beginning lets others in once it sleeps in the kernel") {
  DriverTurn turn;
  Stuck closing(turn, Needs::Beginning);
  CHECK(gets_in(turn, 10s));
  // It comes back while a third one is in, and does not open the door behind him.
  Stuck third(turn, Needs::Whole);
  CHECK(closing.comes_back());
  CHECK_FALSE(gets_in(turn, 100ms));
  CHECK(third.comes_back());
  CHECK(gets_in(turn, 100ms));
}

TEST_CASE("one that still computes is waited for") {
  DriverTurn turn;
  Stuck busy(turn, Needs::Beginning, true);
  CHECK_FALSE(gets_in(turn, 600ms));
  CHECK(busy.comes_back());
  CHECK(gets_in(turn, 10s));
}
