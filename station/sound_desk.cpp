// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/sound_desk.h"

#include <algorithm>

#include "core/log.h"
#include "core/thread.h"
#include "station/sound_loop.h"
#include "station/sound_plays.h"

namespace kakehashi {
namespace {

using namespace std::chrono_literals;

void tend_devices(const std::shared_ptr<SoundDesk::State>& state) {
  begin_thread("sound desk", Urgency::Ordinary);
  std::unique_lock lock(state->mutex);
  while (true) {
    state->tend(state);
    if (state->stop && state->plays.empty()) return;
    state->changed.wait_for(lock, 50ms);
    if (!std::exchange(state->news, false) || state->stop || !state->roads.changed) continue;
    lock.unlock();
    state->roads.changed();
    lock.lock();
  }
}

bool same(const std::vector<PresentOutput>& a, const std::vector<PresentOutput>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const PresentOutput& x, const PresentOutput& y) {
                      return x.id == y.id && x.pcm == y.pcm && x.name == y.name &&
                             x.channels == y.channels && x.identity == y.identity;
                    });
}

void look_for_devices(const std::shared_ptr<SoundDesk::State>& state) {
  begin_thread("outputs", Urgency::Looking);
  std::unique_lock lock(state->mutex);
  while (!state->stop) {
    lock.unlock();
    auto found = state->roads.list ? state->roads.list() : std::vector<PresentOutput>();
    lock.lock();
    if (!state->looked || !same(found, state->present)) {
      // What is plugged in again is opened at once, whatever it did before.
      for (const PresentOutput& one : found)
        if (std::none_of(state->present.begin(), state->present.end(),
                         [&](const auto& old) { return old.id == one.id; }))
          if (const auto it = state->records.find(one.id); it != state->records.end())
            it->second.again = {};
      state->present = std::move(found);
      state->looked = state->news = true;
      state->changed.notify_all();
    }
    state->changed.wait_for(lock, state->times.look, [&] { return state->stop; });
  }
  state->looker_ended = true;
  state->changed.notify_all();
}

Text bus_name(const Show& show, const std::string& id) {
  for (const SoundBus& bus : sound_buses(show))
    if (bus.id == id) return bus.name;
  return {id, id};
}

Text missing_words() {
  return {"機材が見つかりません。→ ケーブルを確かめて、つなぎ直してください",
          "The device is not there. -> Check its cable and plug it in again"};
}

Text away_words() {
  return {"機材テスト中です。→ 終わると元に戻ります",
          "An equipment test has the device. -> It comes back when the test ends"};
}

// Without the action at its end.
std::string cause_of(const std::string& reason) {
  const std::string arrow = reason.find("→") != std::string::npos ? "→" : "->";
  std::string cause = reason.substr(0, reason.find(arrow));
  while (cause.ends_with(' ')) cause.pop_back();
  return cause;
}

Error no_bus(const std::string& bus) {
  return {ErrorKind::NotFound,
          "bind_sound: no bus is called \"" + bus + "\"",
          {"その音の行き先は、この行事にありません。→ 一覧から選んでください。",
           "This event has no such bus. -> Choose one of the list."}};
}

Error no_device() {
  return {ErrorKind::NotFound,
          "bind_sound: this output is not plugged in",
          {"その機材は、つながっていません。→ つないでから、もう一度選んでください。",
           "The device is not plugged in. -> Plug it in, then choose it again."}};
}

Error no_channel(int most) {
  const std::string n = std::to_string(most);
  return {ErrorKind::FixInput,
          "bind_sound: the output has " + n + " channels only",
          {"この機材のチャンネルは" + n + "までです。→ 小さい番号を選んでください。",
           "The device has only " + n + " channels. -> Choose a lower one."}};
}

Error taken(const Text& by) {
  return {
      ErrorKind::FixInput,
      "bind_sound: another bus plays on these channels",
      {"このチャンネルは「" + by.ja + "」が使っています。→ 別のチャンネルを選んでください。",
       "\"" + by.pick(Language::English) + "\" plays on these channels. -> Choose other ones."}};
}

}  // namespace

SoundDesk::SoundDesk(Roads roads, Times times)
    : state_(std::make_shared<State>(std::move(roads), times)) {
  {
    const std::lock_guard lock(state_->mutex);
    state_->renew_plan();
  }
  tender_ = std::thread([state = state_] { tend_devices(state); });
  looker_ = std::thread([state = state_] { look_for_devices(state); });
}

SoundDesk::~SoundDesk() {
  std::unique_lock lock(state_->mutex);
  state_->stop = true;
  state_->changed.notify_all();
  const bool ended =
      state_->changed.wait_for(lock, state_->times.closing, [&] { return state_->looker_ended; });
  lock.unlock();
  if (ended)
    looker_.join();
  else
    looker_.detach();  // it holds the state
  tender_.join();      // gives up by itself what hangs
}

void SoundDesk::take(std::span<const SoundBus> order, std::span<const AudioBlock> blocks) {
  State& s = *state_;
  s.takes.fetch_add(1, std::memory_order_seq_cst);
  const State::Plan& plan = *s.plan.load(std::memory_order_seq_cst);
  for (const State::Lane& lane : plan)
    for (std::size_t i = 0; i < order.size() && i < blocks.size(); ++i)
      if (order[i].id == lane.bus) lane.road->push(lane.lane, blocks[i]);
  s.takes.fetch_add(1, std::memory_order_seq_cst);
}

void SoundDesk::set_show(std::shared_ptr<const Show> show) {
  auto buses = sound_buses(*show);
  const std::lock_guard lock(state_->mutex);
  state_->show = std::move(show);
  state_->buses = std::move(buses);
  state_->changed.notify_all();
}

void SoundDesk::set_bindings(SoundOutputBindings bindings) {
  const std::lock_guard lock(state_->mutex);
  state_->bindings = std::move(bindings);
  for (auto& [device, record] : state_->records) record.again = {};
  state_->news = true;
  state_->changed.notify_all();
}

SoundOutputBindings SoundDesk::bindings() const {
  const std::lock_guard lock(state_->mutex);
  return state_->bindings;
}

Result<SoundOutputBindings> SoundDesk::plan(const Show& show, const BindSoundOutput& wish) const {
  const auto buses = sound_buses(show);
  const auto bus = std::find_if(buses.begin(), buses.end(),
                                [&](const SoundBus& one) { return one.id == wish.bus; });
  const std::lock_guard lock(state_->mutex);
  SoundOutputBindings next = state_->bindings;
  if (wish.device.empty() && next.erase(wish.bus) > 0) return next;
  if (bus == buses.end()) return no_bus(wish.bus);
  if (wish.device.empty()) return next;
  const auto device = std::find_if(state_->present.begin(), state_->present.end(),
                                   [&](const PresentOutput& one) { return one.id == wish.device; });
  if (device == state_->present.end()) return no_device();
  int most = device->channels;
  if (const auto it = state_->records.find(device->id); it != state_->records.end())
    most = std::max(most, it->second.channels_most);
  if (wish.first_channel < 1 || (wish.first_channel > 1 && wish.first_channel >= most))
    return no_channel(most);
  for (const auto& [other, binding] : next)
    if (other != wish.bus && state_->find(binding) == device - state_->present.begin() &&
        std::abs(binding.first_channel - wish.first_channel) < 2)
      return taken(bus_name(show, other));
  if (const Input* heard = loop_through(device->identity, device->pcm, show.inputs))
    return loop_refusal(bus->name, *heard);
  next[wish.bus] = {device->identity, wish.first_channel};
  return next;
}

void SoundDesk::let_go(bool away) {
  std::unique_lock lock(state_->mutex);
  state_->away = away;
  state_->changed.notify_all();
  if (away)
    state_->changed.wait_for(lock, state_->times.closing + 1s,
                             [&] { return state_->plays.empty(); });
}

void SoundDesk::report(Snapshot& snapshot) const {
  const State& s = *state_;
  const std::lock_guard lock(s.mutex);
  const auto record_of = [&](const std::string& device) {
    const auto it = s.records.find(device);
    return it == s.records.end() ? OutputRecord() : it->second;
  };
  for (const PresentOutput& one : s.present)
    snapshot.sound_outputs.push_back(
        {one.id, one.name, std::max(one.channels, record_of(one.id).channels_most)});
  for (SoundBusStatus& bus : snapshot.sound_buses) {
    const auto bound = s.bindings.find(bus.id);
    if (bound == s.bindings.end()) continue;
    bus.first_channel = bound->second.first_channel;
    const int at = s.find(bound->second);
    const PresentOutput* device = at < 0 ? nullptr : &s.present[static_cast<std::size_t>(at)];
    bus.device = device ? device->name : bound->second.device.model;
    const OutputRecord record = record_of(device ? device->id : "");
    if (record.openings > 1) bus.restarts = static_cast<std::uint64_t>(record.openings - 1);
    bus.underruns = record.underruns_before;
    for (const auto& play : s.plays) {
      if (!play->output || play->left || play->device.id != (device ? device->id : "")) continue;
      const SoundRoadStatus now = play->output->road().status();
      bus.playing = play->output->running();
      bus.drift_ppm = now.drift_ppm;
      bus.buffer_ms = now.buffer_ms;
      bus.latency_ms = now.room_ms + play->output->device_latency().to_milliseconds();
      bus.underruns += now.underruns + now.device_underflows;
    }
    if (bus.playing) continue;
    const Input* loop =
        device && s.show ? loop_through(device->identity, device->pcm, s.show->inputs) : nullptr;
    if (s.away)
      bus.reason = away_words();
    else if (!device && s.looked)
      bus.reason = missing_words();
    else if (loop)
      bus.reason = loop_refusal(bus.name, *loop).words;
    else
      bus.reason = record.trouble;
    if (s.away || bus.reason.ja.empty()) continue;
    snapshot.messages.push_back(
        {"sound_output." + bus.id,
         bus.kind == SoundBusKind::Monitor ? Severity::Caution : Severity::Fault,
         {"「" + bus.name.ja + "」が鳴っていません。" + cause_of(bus.reason.ja),
          "\"" + bus.name.pick(Language::English) + "\" is not heard. " +
              cause_of(bus.reason.pick(Language::English))},
         {what_to_do(bus.reason.ja), what_to_do(bus.reason.pick(Language::English))}});
  }
}

}  // namespace kakehashi
