// SPDX-License-Identifier: GPL-3.0-or-later
// Who plays what, what a binding does to a show, and when it may.
#include "station/device_roles.h"

#include <doctest/doctest.h>

#include "mixer/switcher.h"
#include "station/bind_role.h"

using namespace kakehashi;

namespace {

Device camera(const char* serial, const char* port, const char* model = "HD Pro Webcam C920") {
  Device d;
  d.id = *serial ? serial : port;
  d.name = model;
  d.identity = {serial, port, model};
  d.kind = "camera";
  d.spec = {"camera", binding_settings(d.identity)};
  return d;
}

Device mixer_desk() {
  Device d;
  d.id = d.name = d.identity.model = "AG03";
  d.kind = "microphone";
  d.formats = {"4 channels 48000 Hz"};
  d.spec = {"microphone", binding_settings(d.identity)};
  return d;
}

Input role(const char* id, std::optional<SourceSpec> source = {}) {
  Input input;
  input.id = id;
  input.name = {std::string(id) + "の名", id};
  input.source = std::move(source);
  return input;
}

Input voice(const char* id, std::int64_t first, std::int64_t channels) {
  SourceSpec spec = mixer_desk().spec;
  spec.settings["first_channel"] = first;
  spec.settings["channels"] = channels;
  Input input = role(id, spec);
  input.video = false;
  input.audio = input.microphone = true;
  return input;
}

const KindTable& kinds() {
  static const KindTable table{{"camera", {}, {}, true, false},
                               {"microphone", {}, {}, false, true}};
  return table;
}

std::string fault(const Result<BindingPlan>& plan, ErrorKind kind) {
  REQUIRE_FALSE(plan.ok());
  CHECK(plan.error().kind == kind);
  return plan.error().message;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("roles find their devices whatever the order of plugging") {
  const Device a = camera("s:a", "usb-1"), b = camera("s:b", "usb-2");
  const std::vector<Input> inputs{
      role("main", a.spec), role("wide", b.spec), role("guest"),
      role("old", SourceSpec{"camera", {{"device", std::string("gone")}}})};
  for (const auto& devices : {std::vector{a, b}, std::vector{b, a}}) {
    const auto roles = role_devices(inputs, devices);
    for (const std::size_t i : {0U, 1U}) {
      REQUIRE(roles[i].match == DeviceMatch::Found);
      CHECK(devices[roles[i].index].spec == *inputs[i].source);
    }
    CHECK_FALSE(roles[2].asked);
    CHECK(roles[3].asked);
    CHECK(roles[3].match == DeviceMatch::Missing);
    const auto described = describe_devices(inputs, devices);
    for (const auto& d : described) CHECK(d.role == (d.id == "s:a" ? "main" : "wide"));
  }
  // One of two that are alike is gone: the other does not take its part.
  const auto alone = role_devices(inputs, {b});
  CHECK(alone[0].match != DeviceMatch::Found);
  CHECK(alone[1].match == DeviceMatch::Found);
}

TEST_CASE("a device is found by its own kind only; a display by its name") {
  Device screen;
  screen.id = ":5";
  screen.kind = "screen";
  screen.spec = {"screen", {{"display", std::string(":5")}}};
  Device ear = mixer_desk();
  ear.identity = camera("s:a", "usb-1").identity;  // camera and microphone in one housing
  const std::vector<Input> inputs{
      role("cam", camera("s:a", "usb-1").spec),
      role("pc", SourceSpec{"screen", {{"display", std::string(":5")}, {"x", std::int64_t{5}}}})};
  const auto roles = role_devices(inputs, {ear, screen});
  CHECK(roles[0].match == DeviceMatch::Missing);
  CHECK(roles[1].match == DeviceMatch::Found);
  CHECK(roles[1].index == 1);
}

TEST_CASE("two of the same name read differently; formats are short") {
  auto described = describe_devices({}, {camera("", "usb-1"), camera("", "usb-2"), mixer_desk()});
  CHECK(described[0].name != described[1].name);
  CHECK(described[2].formats == "4 channels 48000 Hz");
  CHECK(short_formats({}).empty());
  CHECK(short_formats({"1280x720 60/1 YUY2", "1920x1080 5/1 YUY2", "1920x1080 60000/1001 MJPG",
                       "640x480 30/1 YUY2", "320x240 30/1 YUY2"}) ==
        "1920x1080 59.94 MJPG, 1280x720 60 YUY2, 640x480 30 YUY2");
  CHECK(short_formats({"1920x1080i 30000/1001 UYVY"}) == "1920x1080i 29.97 UYVY");
}

TEST_CASE("a new device of the same kind keeps how the role is used") {
  SourceSpec before = camera("s:a", "usb-1").spec;
  before.settings["width"] = std::int64_t{1280};
  before.settings["deinterlace"] = std::string("bob");
  SourceSpec named = before;
  named.settings["device"] = std::string("C920");
  const Device other = camera("", "usb-2");
  for (const auto& old : {before, named}) {
    const SourceSpec after = binding_of(other, old);
    CHECK(after.settings.at("port") == SettingValue(std::string("usb-2")));
    CHECK(after.settings.at("width") == SettingValue(std::int64_t{1280}));
    CHECK(after.settings.at("deinterlace") == SettingValue(std::string("bob")));
    CHECK_FALSE(after.settings.contains("serial"));  // of the one before
    CHECK_FALSE(after.settings.contains("device"));
  }
  CHECK(binding_of(mixer_desk(), before) == mixer_desk().spec);
  CHECK(binding_of(other, {}) == other.spec);
}

TEST_CASE("a binding moves a device; the role that had it falls back to the event's own") {
  Show show;
  const Device a = camera("s:a", "usb-1"), b = camera("s:b", "usb-2");
  show.inputs = {role("main", a.spec), role("wide", b.spec), role("guest")};
  const std::vector<Device> devices{a, b};
  const SourceSpec own{"test", {}};
  const auto has = [&](const std::string& id) {
    return id == "wide" ? std::optional(own) : std::nullopt;
  };
  auto plan = plan_binding(show, devices, kinds(), {"guest", "s:b"}, has);
  REQUIRE(plan.ok());
  CHECK(plan->changes);
  CHECK(plan->show.inputs[0] == show.inputs[0]);
  CHECK(plan->show.inputs[1].source == own);
  CHECK(plan->show.inputs[2].source == b.spec);
  REQUIRE(plan->bindings.size() == 2);
  CHECK(plan->bindings[0].role == "guest");
  CHECK(plan->bindings[0].device == b.spec);
  CHECK(plan->bindings[1].role == "wide");
  CHECK_FALSE(plan->bindings[1].device);

  plan = plan_binding(show, devices, kinds(), {"main", ""}, has);
  REQUIRE(plan.ok());
  CHECK_FALSE(plan->show.inputs[0].source);
  CHECK(plan->bindings.size() == 1);
  CHECK_FALSE(plan_binding(show, devices, kinds(), {"main", "s:a"}, has)->changes);

  fault(plan_binding(show, devices, kinds(), {"nobody", "s:a"}, has), ErrorKind::NotFound);
  fault(plan_binding(show, {a}, kinds(), {"main", "s:b"}, has), ErrorKind::NotFound);
  fault(plan_binding(show, {a, mixer_desk()}, kinds(), {"main", "AG03"}, has), ErrorKind::FixInput);
}

TEST_CASE("a binding is taken back, also for the role that lost its device by it") {
  Show show;
  const Device a = camera("s:a", "usb-1"), b = camera("s:b", "usb-2");
  const SourceSpec own{"test", {}};
  show.inputs = {role("main", a.spec), role("wide", b.spec), role("guest")};
  const std::vector<Device> devices{a, b};
  const auto has = [&](const std::string& id) {
    return id == "guest" ? std::optional(own) : std::nullopt;
  };
  BindingHistory history;
  CHECK_FALSE(history.newest());
  CHECK_FALSE(history.back(show, has));
  show.inputs[2].source = own;  // as the event has it
  const Show before = show;
  const auto plan = plan_binding(show, devices, kinds(), {"main", "s:b"}, has);
  REQUIRE(plan.ok());
  history.keep(show, *plan);
  show = plan->show;
  CHECK(history.newest()->role == "main");
  CHECK(history.newest()->device == a.spec);

  const auto more = plan_binding(show, devices, kinds(), {"guest", "s:a"}, has);
  REQUIRE(more.ok());
  history.keep(show, *more);
  auto back = history.back(more->show, has);
  REQUIRE(back);
  CHECK(back->show.inputs == show.inputs);
  REQUIRE(back->bindings.size() == 1);
  CHECK_FALSE(back->bindings[0].device);  // the venue file says nothing of it again
  history.drop();

  back = history.back(show, has);
  REQUIRE(back);
  CHECK(back->changes);
  CHECK(back->show.inputs == before.inputs);
  REQUIRE(back->bindings.size() == 2);
  CHECK(back->bindings[0].device == a.spec);
  CHECK(back->bindings[1].role == "wide");
  CHECK(back->bindings[1].device == b.spec);

  show.inputs.erase(show.inputs.begin());  // another event without the role
  CHECK_FALSE(history.back(show, has));
  history.forget();
  CHECK_FALSE(history.newest());
  for (std::size_t i = 0; i < 2 * BindingHistory::kMost; ++i) history.keep(before, *plan);
  for (std::size_t i = 0; i < BindingHistory::kMost; ++i) {
    CHECK(history.newest());
    history.drop();
  }
  CHECK_FALSE(history.newest());
}

TEST_CASE("channels of one sound device are shared by roles, the same channel is not") {
  Show show;
  show.inputs = {voice("mc", 1, 1), voice("guest", 2, 1), voice("hall", 3, 2)};
  const std::vector<Device> devices{mixer_desk()};
  for (const auto& input : show.inputs) {
    const auto plan = plan_binding(show, devices, kinds(), {input.id, "AG03"}, {});
    REQUIRE(plan.ok());
    CHECK(plan->bindings.size() == 1);
  }
  show.inputs[2].source->settings["first_channel"] = std::int64_t{2};
  const auto plan = plan_binding(show, devices, kinds(), {"hall", "AG03"}, {});
  REQUIRE(plan.ok());
  REQUIRE(plan->bindings.size() == 2);
  CHECK(plan->bindings[1].role == "guest");
  CHECK(describe_devices(show.inputs, devices)[0].role == "mc");
}

TEST_CASE("what an audience sees or hears is not bound anew; what it misses is") {
  Show show;
  show.inputs = {role("main"), role("wide"), voice("mc", 1, 1)};
  for (const char* id : {"main", "wide"}) {
    Scene scene;
    scene.id = id;
    Layer layer;
    layer.input = id;
    scene.layers.push_back(layer);
    show.scenes.push_back(scene);
  }
  LiveState live = initial_state(show);
  const MediaTime now{1};
  std::vector<InputStatus> inputs(3);
  for (std::size_t i = 0; i < 3; ++i) {
    inputs[i].id = show.inputs[i].id;
    inputs[i].signal = SignalState::Live;
  }
  const auto may = [&](const char* id, Audience audience) {
    return may_bind(show, live, inputs, {{"x", {}}, {id, {}}}, audience, now);
  };
  const Audience stream{true, false, false}, hall{false, true, false}, nobody;
  CHECK(may("main", nobody).ok());
  CHECK(may("mc", nobody).ok());
  CHECK(may("wide", stream).ok());
  const auto refused = may("main", stream);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message.find("\"main\" is on air") != std::string::npos);
  CHECK_FALSE(may("main", hall).ok());
  live.emergency = true;  // it comes back with one key
  CHECK_FALSE(may("main", stream).ok());
  CHECK(may("mc", stream).ok());
  live.emergency = false;
  CHECK_FALSE(may("mc", stream).ok());
  CHECK(may("mc", hall).ok());  // no sound goes there
  live.strips[0].muted = true;
  CHECK(may("mc", stream).ok());
  live.venue_scene = "wide";
  CHECK_FALSE(may("wide", hall).ok());
  CHECK(may("wide", stream).ok());
  inputs[0].signal = SignalState::Lost;
  CHECK(may("main", stream).ok());
  inputs[0].stand_in = "wide";
  CHECK_FALSE(may("wide", stream).ok());
}

TEST_CASE("a device that is not there is named with its role, in place of the plainer words") {
  const Device a = camera("s:a", "usb-1");
  std::vector<Input> inputs{role("main", a.spec), role("wide", camera("s:b", "usb-2").spec),
                            role("clip", SourceSpec{"clip", {}})};
  Snapshot s;
  for (const auto& input : inputs) {
    InputStatus status;
    status.id = input.id;
    status.signal = SignalState::Lost;
    s.inputs.push_back(status);
    Message m;
    m.id = "input." + input.id + ".lost";
    m.severity = Severity::Caution;
    s.messages.push_back(m);
  }
  Snapshot plain = s;
  add_missing_devices(inputs, {a, camera("s:b", "usb-2")}, plain);
  CHECK(plain.messages.size() == 3);

  add_missing_devices(inputs, {camera("s:a", "usb-1", "HD Pro Webcam C920")}, s);
  REQUIRE(s.messages.size() == 3);
  const Message& m = s.messages.back();
  CHECK(m.id == "device.wide.missing");
  CHECK(m.severity == Severity::Caution);
  CHECK(m.what.ja == "「wideの名」の機材（HD Pro Webcam C920）がつながっていません。");
  CHECK(m.what.en == "The device of \"wide\" (HD Pro Webcam C920) is not connected.");
  CHECK_FALSE(m.action.ja.empty());

  // Another one of the same model: said so, and what viewers see stays in front.
  s.messages[0].severity = Severity::Fault;
  s.messages[0].id = "input.main.lost";
  s.inputs[1].signal = SignalState::Live;  // a picture comes all the same
  add_missing_devices(inputs, {camera("s:c", "usb-9")}, s);
  CHECK(s.messages[0].id == "input.main.lost");
  const auto told = std::find_if(s.messages.begin(), s.messages.end(), [](const Message& one) {
    return one.id == "device.main.missing";
  });
  REQUIRE(told != s.messages.end());
  CHECK(told->what.ja.find("別の差し込み口") != std::string::npos);
  CHECK(std::count_if(s.messages.begin(), s.messages.end(),
                      [](const Message& one) { return one.id == "device.wide.missing"; }) == 1);
}

TEST_CASE("an interface's channels show who hears them, and a binding picks some of them") {
  const std::vector<Device> devices{mixer_desk()};
  Show show;
  show.inputs = {voice("mc", 1, 1), voice("band", 3, 2), role("guest")};
  show.inputs[2].video = false;
  show.inputs[2].audio = true;
  const auto channels = describe_channels(show.inputs, devices, 0, {-20, -30, -40, -50});
  REQUIRE(channels.size() == 4);
  CHECK(channels[0].role == "mc");
  CHECK(channels[1].role.empty());
  CHECK(channels[2].role == "band");
  CHECK(channels[3].role == "band");
  CHECK(channels[2].peak_db == -40);
  CHECK(describe_channels(show.inputs, devices, 0, {-20}).empty());

  auto plan = plan_binding(show, devices, kinds(), BindRole{"guest", "AG03", 2, 1}, {});
  REQUIRE(plan.ok());
  CHECK(plan->bindings.size() == 1);  // nobody else hears channel 2
  CHECK(plan->show.inputs[2].source->settings.at("first_channel") == SettingValue(std::int64_t{2}));
  CHECK(plan->show.inputs[2].source->settings.at("channels") == SettingValue(std::int64_t{1}));
  plan = plan_binding(show, devices, kinds(), BindRole{"guest", "AG03", 4, 1}, {});
  REQUIRE(plan.ok());
  REQUIRE(plan->bindings.size() == 2);  // the pair that channel 4 belongs to goes
  CHECK(plan->bindings[1].role == "band");
  // Chosen again without a pick: as it was.
  plan = plan_binding(plan->show, devices, kinds(), BindRole{"guest", "AG03"}, {});
  REQUIRE(plan.ok());
  CHECK(plan->show.inputs[2].source->settings.at("first_channel") == SettingValue(std::int64_t{4}));
}
