// SPDX-License-Identifier: GPL-3.0-or-later
// The engine's wishes about devices: roles bound, devices watched, the equipment test. What takes
// its time runs on the prep thread or on the desks' own.
#include <algorithm>

#include "capture/kept_feed.h"
#include "capture/source_kind.h"
#include "core/log.h"
#include "station/device_roles.h"
#include "station/engine.h"
#include "station/lip_alarm.h"

namespace kakehashi {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& id) {
  return std::find(list.begin(), list.end(), id) != list.end();
}

// Small and slow, so that several fit on one USB controller.
Canvas small_canvas() { return {DeviceDesk::kWidth, DeviceDesk::kHeight, Rate{10, 1}}; }

// Ids of the devices that the bound roles will open.
std::vector<std::string> devices_of(const std::vector<Input>& inputs,
                                    const std::vector<Binding>& bindings,
                                    const std::vector<Device>& devices) {
  std::vector<std::string> ids;
  const auto roles = role_devices(inputs, devices);
  for (std::size_t i = 0; i < inputs.size(); ++i)
    for (const Binding& one : bindings)
      if (one.role == inputs[i].id && roles[i].asked && roles[i].match == DeviceMatch::Found)
        ids.push_back(devices[roles[i].index].id);
  return ids;
}

Error testing() {
  return {ErrorKind::FixInput,
          "an equipment test is running; end it first",
          {"機材テスト中です。→ 終わるまで待つか、「点検」で中止してください。",
           "An equipment test is running. -> Wait for its end, or cancel it at Check."}};
}

// A device for people, plugged in or not.
Text device_words(const SourceSpec& source, const std::vector<DeviceStatus>& present) {
  const DeviceIdentity identity = identity_of(source);
  for (const DeviceStatus& one : present)
    if (one.kind == source.kind && !identity.port.empty() && one.identity.port == identity.port &&
        one.identity.model == identity.model)
      return {one.name, one.name};
  if (!identity.model.empty()) return {identity.model, identity.model};
  const KindDescription* kind = find_kind(source_kind_table(), source.kind);
  return kind ? kind->label : Text{source.kind, source.kind};
}

Text testing_words() {
  return {"機材テスト中です。→ 終わると元に戻ります",
          "An equipment test has the device. -> It comes back when the test ends"};
}

}  // namespace

void Engine::open_devices() {
  DeviceDesk::Roads roads;
  roads.list = options_.device_list;
  roads.inputs = [this] {
    const auto moment = moment_.load();
    return moment ? moment->stage->show->inputs : std::vector<Input>();
  };
  roads.channel_peaks = [this](const std::string& role) -> std::vector<double> {
    const auto moment = moment_.load();
    if (!moment) return {};
    const auto& inputs = moment->stage->show->inputs;
    for (std::size_t i = 0; i < inputs.size(); ++i)
      if (inputs[i].id == role) return moment->stage->feeds[i]->channel_peaks();
    return {};
  };
  roads.open = [this](const Device& device, const std::string& name) -> std::shared_ptr<Feed> {
    Input input;
    input.id = name;
    input.name = {device.name, device.name};
    const SourceKind* kind = kind_of(device.spec);
    input.video = kind && kind->description.has_video;
    input.audio = !input.video;
    FeedConfig config;
    config.input = input;
    config.spec = device.spec;
    config.canvas = small_canvas();
    config.epoch = epoch_;
    config.clock = &clock_;
    config.urgency = Urgency::Looking;
    return std::make_shared<KeptFeed>(std::move(config), kind);
  };
  roads.changed = [this](bool boards) {
    if (boards) ++boards_;
    // What waits for its device need not wait on when one has come.
    if (const auto moment = moment_.load())
      for (const auto& feed : moment->stage->feeds) feed->wake();
  };
  devices_ = std::make_unique<DeviceDesk>(clock_, epoch_, std::move(roads));

  EquipmentDesk::Roads test;
  test.program = [this] {
    return options_.equipment_test ? options_.equipment_test(event_path())
                                   : std::vector<std::string>();
  };
  test.release = [this] {
    devices_->close_all();
    return let_go_of_devices(true);
  };
  test.reopen = [this] { return let_go_of_devices(false); };
  test.changed = [this] {
    if (equipment_pictures_.follow(equipment_->progress().result)) ++boards_;
    refresh_snapshot();
    if (DoorServer* door = door_open_) door->snapshot_changed();
  };
  equipment_ = std::make_unique<EquipmentDesk>(std::move(test));
}

std::string Engine::event_path() {
  const std::lock_guard lock(notes_mutex_);
  return event_path_;
}

Status Engine::let_go_of_devices(bool away) {
  const std::lock_guard one_load(load_mutex_);
  devices_away_ = away;
  sound_desk_->let_go(away);
  Show show = *moment_.load()->stage->show;  // a copy: the old stage has to go
  // The test may have measured how picture and sound go together, and kept it with the venue.
  if (!away && options_.read_show && !event_path().empty())
    if (const auto fresh = options_.read_show(event_path()))
      for (Input& input : show.inputs)
        if (const Input* now = find_by_id(fresh->inputs, input.id)) input.delay = now->delay;
  return go_to(show);
}

Status Engine::watch_devices(const WatchDevices& wish) {
  if (wish.on && outputs_->live())
    return Error{ErrorKind::FixInput,
                 "devices: on air; the devices are the show's",
                 {"配信中は、空いている機材の映像を出せません。→ 配信を止めてから開いてください。",
                  "Free devices cannot be shown while on air. -> Stop the stream first."}};
  if (wish.on && equipment_->running()) return testing().context("devices");
  devices_->watch(wish.on);
  return {};
}

Status Engine::test_equipment(const TestEquipment& wish) {
  if (!wish.on) {
    equipment_->cancel(EquipmentDesk::End::Wished);
    return {};
  }
  if (outputs_->live())
    return Error{ErrorKind::FixInput,
                 "equipment: on air; stop the stream first (stop_live)",
                 {"配信中は、機材テストができません。→ 配信を止めてから始めてください。",
                  "No equipment test while on air. -> Stop the stream first."}};
  if (record_->recording())
    return Error{ErrorKind::FixInput,
                 "equipment: recording; stop it first (stop_record)",
                 {"録画中は、機材テストができません。→ 録画を止めてから始めてください。",
                  "No equipment test while recording. -> Stop the recording first."}};
  return equipment_->begin(wish);
}

// Pictures for whoever binds roles must never cost the audience one.
void Engine::spare_programme(const Health& health, bool seen_in_hall) {
  const bool strained = strain_.look(health);
  if (strained) record_->spare_programme();
  if (strained && (seen_in_hall || record_->recording() || outputs_->live())) devices_->give_way();
}

void Engine::audience_first() {
  devices_->watch(false);
  equipment_->cancel(EquipmentDesk::End::OnAir);
}

std::optional<SourceSpec> Engine::own_source(const std::string& role) {
  return options_.own_source ? options_.own_source(event_path(), role)
                             : std::optional<SourceSpec>();
}

Result<BindingPlan> Engine::plan_now(const BindRole& wish) {
  return plan_binding(*moment_.load()->stage->show, devices_->devices(), source_kind_table(), wish,
                      [this](const std::string& role) { return own_source(role); });
}

Result<BindingPlan> Engine::plan_back() {
  BindingHistory history;
  {
    const std::lock_guard lock(notes_mutex_);
    history = history_;
  }
  auto plan = history.back(*moment_.load()->stage->show,
                           [this](const std::string& role) { return own_source(role); });
  if (!plan)
    return Error{ErrorKind::FixInput,
                 "bind_back: nothing was bound since this event was opened",
                 {"元に戻せる割り当てがありません。→ 役割を選び、機材を割り当ててください。",
                  "There is no binding to take back. -> Choose a role and give it a device."}};
  return std::move(*plan);
}

Status Engine::may_bind_now(const std::vector<Binding>& roles, const LiveState& live) const {
  const Audience audience{outputs_->live() || record_->recording(), screens_->running(Bus::Venue),
                          screens_->running(Bus::Aux)};
  return may_bind(*moment_.load()->stage->show, live, snapshot_.load()->inputs, roles, audience,
                  clock_.now());
}

// What can be refused is refused at once; the rest takes its time.
Status Engine::bind_role(const BindRole& wish) {
  if (equipment_->running()) return testing().context("bind");
  auto plan = plan_now(wish);
  if (!plan) return std::move(plan.error());
  if (auto ok = may_bind_now(plan->bindings, moment_.load()->live); !ok) return ok;
  rebind_later(
      wish.input, [this, wish] { return plan_now(wish); }, false, wish.device);
  return {};
}

Status Engine::undo_binding() {
  if (equipment_->running()) return testing().context("bind_back");
  auto plan = plan_back();
  if (!plan) return std::move(plan.error());
  if (auto ok = may_bind_now(plan->bindings, moment_.load()->live); !ok) return ok;
  rebind_later(
      plan->bindings.front().role, [this] { return plan_back(); }, true);
  return {};
}

void Engine::rebind_later(const std::string& trouble_of, MakePlan make, bool back,
                          const std::string& device) {
  later([this, role = trouble_of, make = std::move(make), back, device] {
    auto done = rebind(make, back, device);
    if (!done)
      note(role, {"device." + role + ".refused",
                  Severity::Caution,
                  {"割り当てを変えられませんでした。", "The device could not be assigned."},
                  {"放送に出ていない場面を選んでから、もう一度割り当ててください。",
                   "Take a scene without it, then assign it again."}});
    return done;
  });
}

Status Engine::rebind(const MakePlan& make, bool back, const std::string& device) {
  const std::lock_guard one_load(load_mutex_);
  auto plan = make();  // the show may be another one by now
  if (!plan) return std::move(plan.error());
  const MayGo may = [this, &plan](const LiveState& live) {
    return may_bind_now(plan->bindings, live);
  };
  const Show now = *moment_.load()->stage->show;
  if (plan->changes) {
    // A device can be open once: who has it lets go of it first.
    const auto all = devices_->devices();
    std::vector<std::string> taking, closing;
    if (!device.empty()) taking.push_back(device);
    for (const std::string& id : devices_of(plan->show.inputs, plan->bindings, all))
      if (!contains(taking, id)) taking.push_back(id);
    for (const std::string& id : taking) devices_->take(id);
    for (const DeviceStatus& one : describe_devices(now.inputs, all))
      if (contains(taking, one.id) && !one.role.empty())
        for (const Binding& binding : plan->bindings) closing.push_back(binding.role);
    Status done;
    if (!closing.empty()) done = go_to(now, closing, may);
    if (done) done = go_to(plan->show, {}, may);
    if (!done && !closing.empty()) (void)go_to(now);
    for (const std::string& id : taking) devices_->give_back(id);
    if (!done) return done;
  }
  {
    const std::lock_guard lock(notes_mutex_);
    if (back)
      history_.drop();
    else if (plan->changes)
      history_.keep(now, *plan);
  }
  std::vector<std::string> unsaved;
  if (options_.keep_binding) {
    const std::string event = event_path();
    for (const Binding& one : plan->bindings)
      if (const auto kept = options_.keep_binding(event, one); !kept) {
        log_error("prep", kept.error().message);
        unsaved.push_back(one.role);
      }
  }
  note_bound(*plan, unsaved, back);
  return {};
}

void Engine::note_bound(const BindingPlan& plan, const std::vector<std::string>& unsaved,
                        bool back) {
  const auto name = [&](const std::string& role) {
    const Input* input = find_by_id(plan.show.inputs, role);
    return input ? input->name : Text{role, role};
  };
  const Text to = name(plan.bindings.front().role);
  {
    const std::lock_guard lock(notes_mutex_);
    for (const Binding& one : plan.bindings)
      std::erase_if(notes_, [&](const auto& old) { return old.first == one.role; });
  }
  for (std::size_t i = 1; !back && i < plan.bindings.size(); ++i) {
    const Text from = name(plan.bindings[i].role);
    note(plan.bindings[i].role,
         {"device." + plan.bindings[i].role + ".moved",
          Severity::Notice,
          {"「" + from.ja + "」の機材を「" + to.ja + "」に移しました。",
           "The device of \"" + from.pick(Language::English) + "\" went to \"" +
               to.pick(Language::English) + "\"."},
          {"「" + from.ja + "」に別の機材を割り当ててください。",
           "Assign another device to \"" + from.pick(Language::English) + "\"."}});
  }
  for (const std::string& role : unsaved)
    note(role, {"device." + role + ".unsaved",
                Severity::Caution,
                {"「" + name(role).ja + "」の割り当てを会場ファイルに保存できませんでした。",
                 "The device of \"" + name(role).pick(Language::English) +
                     "\" could not be kept in the venue file."},
                {"会場ファイルの場所に書き込めるか確かめ、もう一度割り当ててください。",
                 "Check that the venue file can be written, then assign it again."}});
}

void Engine::note(const std::string& role, Message message) {
  const std::lock_guard lock(notes_mutex_);
  std::erase_if(notes_, [&](const auto& old) { return old.second.id == message.id; });
  notes_.emplace_back(role, std::move(message));
}

void Engine::report_devices(const Stage& stage, Snapshot& s) const {
  const bool testing_now = equipment_->running();
  if (testing_now) {
    for (InputStatus& input : s.inputs)
      if (contains(stage.closed, input.id)) {
        input.reason = testing_words();
        std::erase_if(s.messages,
                      [&](const Message& m) { return m.id == "input." + input.id + ".lost"; });
      }
    s.messages.push_back({"equipment.running",
                          Severity::Notice,
                          {"機材テスト中です。カメラとマイクは映像と音を出しません。",
                           "An equipment test is running. Cameras and microphones are away."},
                          {"終わるまでお待ちください。配信を始めると中止されます。",
                           "Wait for its end. Going live ends it."}});
  }
  s.equipment = equipment_->progress();
  devices_->report(stage.show->inputs, s);
  add_lip_alarms(s);
  {
    const std::lock_guard lock(notes_mutex_);
    for (const auto& [role, message] : notes_)
      if (find_by_id(stage.show->inputs, role)) s.messages.push_back(message);
    const auto step = history_.newest();
    if (step && find_by_id(stage.show->inputs, step->role)) {
      s.undo_role = step->role;
      if (step->device) s.undo_device = device_words(*step->device, s.devices);
    }
  }
  std::stable_sort(s.messages.begin(), s.messages.end(),
                   [](const Message& a, const Message& b) { return a.severity > b.severity; });
}

}  // namespace kakehashi
