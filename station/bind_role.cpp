// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/bind_role.h"

#include <algorithm>

#include "mixer/switcher.h"
#include "station/device_roles.h"

namespace kakehashi {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& id) {
  return std::find(list.begin(), list.end(), id) != list.end();
}

bool arrives(const std::vector<InputStatus>& inputs, const std::string& id) {
  const InputStatus* status = find_by_id(inputs, id);
  return status && (status->signal == SignalState::Live || status->signal == SignalState::Holding);
}

// Also what the emergency card covers: one key and it is on air again.
std::vector<std::string> inputs_seen(const Show& show, LiveState live, const Audience& audience,
                                     MediaTime now) {
  live.emergency = false;
  std::vector<std::string> seen = inputs_on_program(show, live, now);
  const auto add = [&](Bus bus) {
    if (const Scene* scene = scene_on_bus(show, live, bus, live.program))
      for (auto& id : inputs_of_scene(show, scene->id)) seen.push_back(std::move(id));
  };
  if (audience.hall) add(Bus::Venue);
  if (audience.meeting) add(Bus::Aux);
  return seen;
}

}  // namespace

Result<BindingPlan> plan_binding(
    const Show& show, const std::vector<Device>& devices, const KindTable& kinds,
    const BindRole& wish,
    const std::function<std::optional<SourceSpec>(const std::string&)>& own_source) {
  BindingPlan plan{show, {}, false};
  Input* input = find_by_id(plan.show.inputs, wish.input);
  if (!input)
    return Error{ErrorKind::NotFound,
                 "bind: no input is called \"" + wish.input + "\"",
                 {"その役割は、今の行事にありません。→ 左の一覧から選び直してください。",
                  "The event has no such role now. -> Choose again from the list of roles."}};
  const auto own = [&](const std::string& role) {
    return own_source ? own_source(role) : std::optional<SourceSpec>();
  };
  if (wish.device.empty()) {
    input->source = own(wish.input);
    plan.bindings = {{wish.input, {}}};
  } else {
    const auto device = std::find_if(devices.begin(), devices.end(),
                                     [&](const Device& d) { return d.id == wish.device; });
    if (device == devices.end())
      return Error{
          ErrorKind::NotFound,
          "bind: device \"" + wish.device +
              "\" is not plugged in; choose one of the list of "
              "devices",
          {"その機材は、もう抜けています。→ ケーブルを差し、一覧に出てから選んでください。",
           "That device has been unplugged. -> Plug it in and choose it when it shows."}};
    const KindDescription* kind = find_kind(kinds, device->spec.kind);
    if (!kind || !((input->video && kind->has_video) || (input->audio && kind->has_audio)))
      return Error{
          ErrorKind::FixInput,
          "bind: \"" + device->name + "\" gives no " + (input->video ? "picture" : "sound") +
              " for \"" + wish.input + "\"; choose another device",
          input->video ? Text{"その機材から映像は来ません。→ カメラか画面を選んでください。",
                              "That device gives no picture. -> Choose a camera or a screen."}
                       : Text{"その機材から音は来ません。→ マイクを選んでください。",
                              "That device gives no sound. -> Choose a microphone."}};
    SourceSpec spec = binding_of(*device, input->source);
    if (spec.kind == "microphone") {
      if (wish.first_channel > 0) spec.settings["first_channel"] = std::int64_t{wish.first_channel};
      if (wish.channels > 0) spec.settings["channels"] = std::int64_t{std::min(wish.channels, 2)};
    }
    const auto displaced = displaced_roles(
        show.inputs, devices, static_cast<std::size_t>(device - devices.begin()), wish.input, spec);
    input->source = spec;
    plan.bindings = {{wish.input, std::move(spec)}};
    for (const std::string& role : displaced) {
      find_by_id(plan.show.inputs, role)->source = own(role);
      plan.bindings.push_back({role, {}});
    }
  }
  plan.changes = plan.show.inputs != show.inputs;
  return plan;
}

void BindingHistory::keep(const Show& show, const BindingPlan& plan) {
  std::vector<Binding> step;
  for (const Binding& one : plan.bindings)
    if (const Input* input = find_by_id(show.inputs, one.role))
      step.push_back({one.role, input->source});
  if (step.empty()) return;
  if (steps_.size() == kMost) steps_.erase(steps_.begin());
  steps_.push_back(std::move(step));
}

void BindingHistory::drop() {
  if (!steps_.empty()) steps_.pop_back();
}

std::optional<Binding> BindingHistory::newest() const {
  if (steps_.empty()) return {};
  return steps_.back().front();
}

std::optional<BindingPlan> BindingHistory::back(
    const Show& show,
    const std::function<std::optional<SourceSpec>(const std::string&)>& own_source) const {
  if (steps_.empty() || !find_by_id(show.inputs, steps_.back().front().role)) return {};
  BindingPlan plan{show, {}, false};
  for (const Binding& one : steps_.back()) {
    Input* input = find_by_id(plan.show.inputs, one.role);
    if (!input) continue;
    input->source = one.device;
    const bool own = own_source && one.device == own_source(one.role);
    plan.bindings.push_back({one.role, own ? std::nullopt : one.device});
  }
  plan.changes = plan.show.inputs != show.inputs;
  return plan;
}

Status may_bind(const Show& show, const LiveState& live, const std::vector<InputStatus>& inputs,
                const std::vector<Binding>& roles, const Audience& audience, MediaTime now) {
  if (!audience.any()) return {};
  const auto seen = inputs_seen(show, live, audience, now);
  for (const Binding& one : roles) {
    const Input* input = find_by_id(show.inputs, one.role);
    if (!input) continue;
    const auto stands_in = [&](const InputStatus& lost) {
      return lost.stand_in == one.role && contains(seen, lost.id);
    };
    const bool picture = input->video && ((contains(seen, one.role) && arrives(inputs, one.role)) ||
                                          std::any_of(inputs.begin(), inputs.end(), stands_in));
    if (picture)
      return Error{ErrorKind::FixInput,
                   "bind: the picture of \"" + one.role + "\" is on air; take another scene first",
                   {"「" + input->name.ja +
                        "」の映像が出ています。→ 別の場面に切り替えてから割り当ててください。",
                    "The picture of \"" + input->name.pick(Language::English) +
                        "\" is on air. -> Take another scene first."}};
    const StripState* strip = find_by_id(live.strips, one.role);
    if (audience.stream && strip && !strip->muted && !live.emergency && arrives(inputs, one.role))
      return Error{ErrorKind::FixInput,
                   "bind: the sound of \"" + one.role + "\" is on air; mute it first",
                   {"「" + input->name.ja +
                        "」の音が出ています。→ 音声の「消す」を押してから割り当ててください。",
                    "The sound of \"" + input->name.pick(Language::English) +
                        "\" is on air. -> Mute it first."}};
  }
  return {};
}

}  // namespace kakehashi
