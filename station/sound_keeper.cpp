// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/sound_keeper.h"

#include <utility>

#include "core/thread.h"

namespace kakehashi {

SoundKeeper::SoundKeeper(Write write, std::chrono::milliseconds pause)
    : write_(std::move(write)), pause_(pause), thread_([this] { run(); }) {}

SoundKeeper::~SoundKeeper() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void SoundKeeper::keep(const std::string& event, const std::string& role,
                       std::optional<StripSettings> sound) {
  {
    const std::lock_guard lock(mutex_);
    waiting_[event][role] = std::move(sound);
  }
  wake_.notify_all();
}

void SoundKeeper::run() {
  begin_thread("keeper", Urgency::Looking);
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stop_ || !waiting_.empty(); });
    const auto now = std::exchange(waiting_, {});
    lock.unlock();
    for (const auto& [event, sounds] : now) write_(event, sounds);
    lock.lock();
    wake_.wait_for(lock, pause_, [this] { return stop_; });
    if (stop_ && waiting_.empty()) return;
  }
}

}  // namespace kakehashi
