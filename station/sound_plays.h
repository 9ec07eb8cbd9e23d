// SPDX-License-Identifier: GPL-3.0-or-later
// What the threads of a SoundDesk share, and one device's life from opening to closing on a thread
// of its own. Private to station/sound_desk.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "station/sound_desk.h"

namespace kakehashi {

struct SoundPlay {
  using Steady = std::chrono::steady_clock;
  enum class Phase : std::uint8_t { Opening, Playing, Closing, Ended };

  PresentOutput device;
  std::vector<std::string> buses;  // one lane each
  std::vector<int> first_channels;
  std::thread thread;
  // Under SoundDesk::State::mutex.
  Phase phase = Phase::Opening;
  Steady::time_point since = Steady::now();  // of the phase
  bool stop = false;
  bool left = false;             // given up: nobody listens to it any more
  OpenOutput* output = nullptr;  // while Playing
  Text trouble;                  // why it ended

  bool same(const SoundPlay& other) const {
    return device.id == other.device.id && device.pcm == other.device.pcm && buses == other.buses &&
           first_channels == other.first_channels;
  }
};

// How a bus's output did over all its openings.
struct OutputRecord {
  Text trouble;
  SoundPlay::Steady::time_point since{};  // of the silence; zero: it plays
  SoundPlay::Steady::time_point again{};  // not opened before
  int openings = 0, channels_most = 0;
  std::uint64_t underruns_before = 0;
};

// Lives as long as the desk and every thread that was left behind.
struct SoundDesk::State {
  State(Roads r, Times t) : roads(std::move(r)), times(t) {}
  ~State();

  struct Lane {
    std::string bus;
    SoundRoad* road = nullptr;
    std::size_t lane = 0;
  };
  using Plan = std::vector<Lane>;

  const Roads roads;
  const Times times;

  // mix.audio reads the plan between two steps of `takes`; odd: it is inside.
  std::atomic<const Plan*> plan{nullptr};
  std::atomic<std::uint64_t> takes{0};

  mutable std::mutex mutex;  // for all that follows
  std::condition_variable changed;
  std::shared_ptr<const Show> show;
  std::vector<SoundBus> buses;
  SoundOutputBindings bindings;
  std::vector<PresentOutput> present;
  bool looked = false;  // `present` is known
  std::vector<std::shared_ptr<SoundPlay>> plays;
  std::map<std::string, OutputRecord> records;  // by device id
  std::size_t stuck = 0;
  bool stop = false, away = false, news = false, looker_ended = false;
  std::unique_ptr<const Plan> plan_held;

  // With the lock held. Returns when mix.audio uses no older plan any more: some microseconds.
  void renew_plan();
  // Plays that the bindings ask for and nothing forbids; not started.
  std::vector<std::shared_ptr<SoundPlay>> wanted() const;
  // Where a binding's device is in `present`; -1: nowhere.
  int find(const SoundOutputBinding& binding) const;
  // Stops what is not wanted, gives up what hangs, starts what can be.
  void tend(const std::shared_ptr<State>& self);
  void note_end(SoundPlay& play, Text trouble);
};

// The whole of it, on the device's own thread.
void run_play(const std::shared_ptr<SoundDesk::State>& state,
              const std::shared_ptr<SoundPlay>& play);

}  // namespace kakehashi
