// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/driver_turn.h"

#include <filesystem>
#include <fstream>

namespace kakehashi {
namespace {

constexpr std::chrono::milliseconds kLook{50};

std::string this_thread() {
  std::error_code none;
  const auto path = std::filesystem::read_symlink("/proc/thread-self", none);  // "12/task/13"
  return none ? std::string() : "/proc/" + path.string() + "/stat";
}

// proc(5): the state follows the name in brackets; S and D sleep in the kernel.
bool asleep(const std::string& thread) {
  std::ifstream file(thread);
  std::string line;
  if (thread.empty() || !std::getline(file, line)) return false;
  const auto name_ends = line.rfind(')');
  if (name_ends == std::string::npos || name_ends + 2 >= line.size()) return false;
  const char state = line[name_ends + 2];
  return state == 'S' || state == 'D';
}

Error hanging(const std::string& who) {
  Error e{ErrorKind::TryLater, "the driver of \"" + who +
                                   "\" does not come back and keeps other sound devices from being "
                                   "opened; unplug it"};
  e.words = {"ほかの音声機器「" + who + "」が応答しないため、開けません。→ その機器を抜く",
             "Another sound device, \"" + who +
                 "\", does not answer, so this one cannot be opened. -> Unplug that one"};
  return e;
}

}  // namespace

bool DriverTurn::lets_in(Steady::time_point now) {
  if (!taken_) return true;
  if (holder_.needs != Needs::Beginning) return false;
  if (!asleep(holder_.thread)) holder_.awake = now;
  return now - holder_.awake >= kAsleep;
}

Status DriverTurn::take(const std::string& who, Needs needs, std::chrono::milliseconds patience,
                        const std::function<void()>& action) {
  std::uint64_t mine = 0;
  {
    std::unique_lock lock(mutex_);
    const auto until = Steady::now() + patience;
    while (!lets_in(Steady::now())) {
      if (Steady::now() >= until) return hanging(holder_.who);
      left_.wait_for(lock, kLook);
    }
    taken_ = true;
    mine = ++tickets_;
    const auto now = Steady::now();
    holder_ = {mine, who, this_thread(), needs, now, now};
  }
  action();
  const std::lock_guard lock(mutex_);
  if (holder_.ticket == mine) {  // else somebody went in meanwhile: the turn is his
    taken_ = false;
    left_.notify_all();
  }
  return {};
}

std::string DriverTurn::hangs(std::chrono::milliseconds limit) const {
  const std::lock_guard lock(mutex_);
  return taken_ && Steady::now() - holder_.since > limit ? holder_.who : std::string();
}

DriverTurn& port_audio_turn() {
  static DriverTurn turn;
  return turn;
}

}  // namespace kakehashi
