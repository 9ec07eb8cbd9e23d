// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/sound_plays.h"

#include <algorithm>

#include "core/log.h"
#include "core/thread.h"
#include "station/sound_loop.h"

namespace kakehashi {
namespace {

using Phase = SoundPlay::Phase;
using Steady = SoundPlay::Steady;
using namespace std::chrono_literals;

constexpr auto kPoll = 100ms;

Text trouble_words(const Error& error) {
  if (!error.words.ja.empty()) return error.words;
  switch (error.kind) {
    case ErrorKind::FixSetup:
      return {"ほかのアプリが使っているか、使う許可がありません。→ ほかのアプリを閉じてください",
              "Another program uses it, or it is not permitted. -> Close other programs"};
    case ErrorKind::FixInput:
      return {"この機材にそのチャンネルはありません。→ チャンネルを選び直してください",
              "The device has no such channels. -> Choose other ones"};
    default:
      return {"開けませんでした。→ ケーブルを確かめてください",
              "It could not be opened. -> Check its cable"};
  }
}

Text hanging_words() {
  return {"機材が応答しません。→ 抜いて、つなぎ直してください",
          "The device does not answer. -> Unplug it and plug it in again"};
}

Text stopped_words() {
  return {"機材が止まりました。自動で開き直します。→ ケーブルを確かめてください",
          "The device stopped; it is being opened again. -> Check its cable"};
}

}  // namespace

SoundDesk::State::~State() = default;

void SoundDesk::State::renew_plan() {
  auto next = std::make_unique<Plan>();
  for (const auto& play : plays)
    if (play->phase == Phase::Playing && !play->left && !play->stop)
      for (std::size_t i = 0; i < play->buses.size(); ++i)
        next->push_back({play->buses[i], &play->output->road(), i});
  plan.store(next.get(), std::memory_order_seq_cst);
  // take() steps to odd before it reads the plan: whoever is even now reads the new one.
  const std::uint64_t inside = takes.load(std::memory_order_seq_cst);
  while (inside % 2 == 1 && takes.load(std::memory_order_seq_cst) == inside)
    std::this_thread::sleep_for(50us);
  plan_held = std::move(next);
}

int SoundDesk::State::find(const SoundOutputBinding& binding) const {
  std::vector<DeviceIdentity> there;
  there.reserve(present.size());
  for (const auto& one : present) there.push_back(one.identity);
  std::vector<DeviceIdentity> others;
  for (const auto& [bus, other] : bindings)
    if (other.device != binding.device) others.push_back(other.device);
  const DeviceChoice choice = find_device(binding.device, there, others);
  return choice.match == DeviceMatch::Found ? static_cast<int>(choice.index) : -1;
}

std::vector<std::shared_ptr<SoundPlay>> SoundDesk::State::wanted() const {
  std::vector<std::shared_ptr<SoundPlay>> plays_wanted;
  if (stop || away || !show) return plays_wanted;
  for (const SoundBus& bus : buses) {
    const auto bound = bindings.find(bus.id);
    if (bound == bindings.end()) continue;
    const int at = find(bound->second);
    if (at < 0) continue;
    const PresentOutput& device = present[static_cast<std::size_t>(at)];
    if (loop_through(device.identity, device.pcm, show->inputs)) continue;
    auto same = std::find_if(plays_wanted.begin(), plays_wanted.end(),
                             [&](const auto& p) { return p->device.id == device.id; });
    if (same == plays_wanted.end()) {
      plays_wanted.push_back(std::make_shared<SoundPlay>());
      same = plays_wanted.end() - 1;
      (*same)->device = device;
    }
    (*same)->buses.push_back(bus.id);
    (*same)->first_channels.push_back(std::max(0, bound->second.first_channel - 1));
  }
  return plays_wanted;
}

void SoundDesk::State::note_end(SoundPlay& play, Text trouble) {
  OutputRecord& record = records[play.device.id];
  const auto now = Steady::now();
  if (!trouble.ja.empty()) record.again = now + times.again;
  if (play.output) {
    const SoundRoadStatus last = play.output->road().status();
    record.underruns_before += last.underruns + last.device_underflows;
  }
  if (record.since == Steady::time_point{}) record.since = now;
  if (!trouble.ja.empty()) record.trouble = std::move(trouble);
  news = true;
}

void SoundDesk::State::tend(const std::shared_ptr<State>& self) {
  const auto now = Steady::now();
  auto next = wanted();
  bool drop = false;
  for (const auto& play : plays) {
    const bool wished =
        std::any_of(next.begin(), next.end(), [&](const auto& w) { return w->same(*play); });
    if (!wished && !play->stop) {
      play->stop = true;
      drop = true;
    }
    const bool opens_too_long = play->phase == Phase::Opening && now - play->since > times.opening;
    const bool closes_too_long = play->phase == Phase::Closing && now - play->since > times.closing;
    if ((opens_too_long || closes_too_long) && !play->left) {
      log_warning("sound desk", "the driver of \"" + play->device.name + "\" does not come back");
      play->left = true;
      ++stuck;
      play->thread.detach();  // it holds the state and itself
      note_end(*play, hanging_words());
      drop = true;
    }
  }
  for (const auto& play : plays)
    if (play->phase == Phase::Ended && !play->left)
      play->thread.join();  // it has nothing left to do
  std::erase_if(plays, [](const auto& p) { return p->left || p->phase == Phase::Ended; });
  if (drop) {
    renew_plan();
    changed.notify_all();
  }
  for (auto& play : next) {
    const bool busy = std::any_of(plays.begin(), plays.end(), [&](const auto& p) {
      return p->device.id == play->device.id || p->device.pcm == play->device.pcm;
    });
    if (busy || stuck >= kMostStuck || now < records[play->device.id].again) continue;
    plays.push_back(play);
    play->since = now;
    play->thread = std::thread([self, play] { run_play(self, play); });
  }
}

void run_play(const std::shared_ptr<SoundDesk::State>& state,
              const std::shared_ptr<SoundPlay>& play) {
  SoundDesk::State& s = *state;
  SoundPlay& p = *play;
  // PortAudio's thread is started from here and inherits it.
  begin_thread("play." + p.device.id, Urgency::Encode);
  auto opened = s.roads.open(p.device, p.first_channels);
  Text trouble;
  {
    std::unique_lock lock(s.mutex);
    if (!opened.ok()) {
      log_warning("play." + p.device.id, opened.error().message);
      trouble = trouble_words(opened.error());
    } else if (!p.left) {
      p.output = opened->get();
      p.phase = SoundPlay::Phase::Playing;
      OutputRecord& record = s.records[p.device.id];
      record.channels_most = p.output->channels_most();
      record.since = {};
      record.trouble = {};
      ++record.openings;
      s.news = true;
      s.renew_plan();
      s.changed.notify_all();
      while (!p.stop) {
        s.changed.wait_for(lock, kPoll, [&] { return p.stop; });
        if (!p.stop && !p.output->running()) {
          trouble = stopped_words();
          break;
        }
      }
    }
    if (!p.left) {
      s.note_end(p, std::move(trouble));
      p.output = nullptr;
      p.phase = SoundPlay::Phase::Closing;
      p.since = Steady::now();
      s.renew_plan();  // nobody hands it anything any more
    }
  }
  if (opened.ok()) std::move(opened).value().reset();  // may hang: only this thread waits
  const std::lock_guard lock(s.mutex);
  if (p.left) --s.stuck;
  p.phase = SoundPlay::Phase::Ended;
  s.changed.notify_all();
}

}  // namespace kakehashi
