// SPDX-License-Identifier: GPL-3.0-or-later
// Waiting for a condition with a limit: the only kind of waiting a test does on real time. The
// limit ends what will never come; it is no promise of ours and costs nothing where the condition
// comes.
#pragma once

#include <chrono>
#include <thread>

namespace kakehashi::testing {

template <class Condition>
bool wait_until(Condition condition, std::chrono::milliseconds limit = std::chrono::seconds(30)) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline) return condition();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace kakehashi::testing
