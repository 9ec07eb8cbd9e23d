// SPDX-License-Identifier: GPL-3.0-or-later
// The roads between threads: what happens when full, when empty, when closed.
#include <atomic>
#include <thread>

#include <doctest/doctest.h>

#include "core/bounded_queue.h"
#include "core/mailbox.h"
#include "core/published.h"
#include "core/spsc_ring.h"

using namespace kakehashi;
using namespace std::chrono_literals;

TEST_CASE("a mailbox keeps the newest and counts what was never read") {
  Mailbox<int> box;
  CHECK_FALSE(box.take());
  box.put(1);
  box.put(2);
  CHECK(box.take() == 2);
  CHECK_FALSE(box.take());
  CHECK(box.put_count() == 2);
  CHECK(box.replaced_count() == 1);
}

TEST_CASE("closing a mailbox wakes who waits") {
  Mailbox<int> box;
  std::thread reader([&] { CHECK_FALSE(box.wait(60s)); });
  box.close();
  reader.join();
}

TEST_CASE("a queue that drops the oldest stays fresh and counts") {
  BoundedQueue<int> q(2, WhenFull::DropOldest);
  for (int i = 0; i < 5; ++i) CHECK(q.push(i));
  CHECK(q.try_pop() == 3);
  CHECK(q.try_pop() == 4);
  CHECK(q.counters().dropped == 3);
  CHECK(q.counters().pushed == 5);
  CHECK(q.counters().most == 2);
}

TEST_CASE("a queue that refuses keeps the order and tells the sender") {
  BoundedQueue<int> q(2, WhenFull::Refuse);
  CHECK(q.push(0));
  CHECK(q.push(1));
  CHECK_FALSE(q.push(2));
  CHECK(q.counters().dropped == 1);
  CHECK(q.try_pop() == 0);
}

TEST_CASE("a closed queue takes nothing more but gives out what it holds") {
  BoundedQueue<int> q(4, WhenFull::Refuse);
  q.push(7);
  q.close();
  CHECK_FALSE(q.push(8));
  CHECK(q.wait_pop(60s) == 7);
  CHECK_FALSE(q.wait_pop(60s));
}

TEST_CASE("a ring hands every item over once, in order, between two threads") {
  SpscRing<int> ring(64);
  constexpr int kItems = 200'000;
  std::thread writer([&] {
    for (int i = 0; i < kItems;)
      if (ring.push(i))
        ++i;
      else
        std::this_thread::yield();
  });
  int expected = 0;
  while (expected < kItems) {
    int got = -1;
    if (!ring.pop(got)) {
      std::this_thread::yield();
      continue;
    }
    REQUIRE(got == expected);
    ++expected;
  }
  writer.join();
  CHECK(ring.size() == 0);
}

TEST_CASE("a full ring refuses and counts") {
  SpscRing<int> ring(4);
  for (int i = 0; i < 4; ++i) CHECK(ring.push(i));
  CHECK_FALSE(ring.push(9));
  CHECK(ring.refused() == 1);
}

TEST_CASE("readers of a published value keep theirs while new ones come") {
  Published<int> p(std::make_shared<const int>(0));
  const auto mine = p.load();
  std::atomic<bool> stop{false};
  std::thread reader([&] {
    int last = 0;
    while (!stop) {
      const int now = *p.load();
      CHECK(now >= last);
      last = now;
    }
  });
  for (int i = 1; i <= 1000; ++i) p.store(std::make_shared<const int>(i));
  stop = true;
  reader.join();
  CHECK(*mine == 0);
  CHECK(*p.load() == 1000);
}
