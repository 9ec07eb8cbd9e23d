// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/sound_desk.h"

#include <doctest/doctest.h>

#include <atomic>
#include <map>
#include <mutex>

#include "station/sound_loop.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace std::chrono_literals;

namespace {

// The devices of a hall, plugged and held up by hand.
struct Hall {
  struct Pretended {
    std::atomic<bool> stopped{false};
    std::vector<int> first_channels;
    SoundRoad* road = nullptr;
  };
  std::mutex mutex;
  std::vector<PresentOutput> present;
  std::map<std::string, int> opened, closed;
  std::map<std::string, std::shared_ptr<Pretended>> open;  // by pcm
  std::atomic<bool> hang_opening{false}, hang_closing{false};
  std::string refused;  // pcm

  void plug(const std::string& id, const std::string& pcm, int channels = 2) {
    const std::lock_guard lock(mutex);
    present.push_back({id, id, pcm, {id, "port-" + id, id}, channels});
  }
  void pull(const std::string& id) {
    const std::lock_guard lock(mutex);
    for (const auto& one : present)
      if (one.id == id && open[one.pcm]) open[one.pcm]->stopped = true;
    std::erase_if(present, [&](const auto& one) { return one.id == id; });
  }
  int times_opened(const std::string& pcm) {
    const std::lock_guard lock(mutex);
    return opened[pcm];
  }
  int times_closed(const std::string& pcm) {
    const std::lock_guard lock(mutex);
    return closed[pcm];
  }
  float loudest(const std::string& pcm, int channels, std::int64_t at_ms) {
    const std::lock_guard lock(mutex);
    if (!open[pcm]) return -1;
    std::vector<float> out(static_cast<std::size_t>(480 * channels));
    open[pcm]->road->fetch({at_ms * 1'000'000}, out.data(), 480, channels, false);
    return *std::max_element(out.begin(), out.end());
  }
};

class PretendedOutput final : public OpenOutput {
 public:
  PretendedOutput(std::shared_ptr<Hall> hall, std::string pcm, const std::vector<int>& first)
      : hall_(std::move(hall)),
        pcm_(std::move(pcm)),
        road_({}, Duration::milliseconds(40), 48000, first),
        held_(std::make_shared<Hall::Pretended>()) {
    held_->first_channels = first;
    held_->road = &road_;
    const std::lock_guard lock(hall_->mutex);
    ++hall_->opened[pcm_];
    hall_->open[pcm_] = held_;
  }
  ~PretendedOutput() override {
    while (hall_->hang_closing) std::this_thread::sleep_for(1ms);
    const std::lock_guard lock(hall_->mutex);
    ++hall_->closed[pcm_];
    if (hall_->open[pcm_] == held_) hall_->open[pcm_] = nullptr;
  }
  SoundRoad& road() override { return road_; }
  bool running() const override { return !held_->stopped; }
  Duration device_latency() const override { return Duration::milliseconds(20); }
  int channels_most() const override { return 8; }

 private:
  std::shared_ptr<Hall> hall_;
  const std::string pcm_;
  SoundRoad road_;
  std::shared_ptr<Hall::Pretended> held_;
};

Show event() {
  Show show;
  show.id = "hall";
  Input guest;
  guest.id = "guest";
  guest.name = {"リモート講師", "Guest"};
  guest.audio = true;
  guest.partner = "guest";
  guest.source = SourceSpec{"microphone", {{"port", std::string("card-Loop-pcm-1")}}};
  show.inputs.push_back(guest);
  return show;
}

struct Rig {
  std::shared_ptr<Hall> hall = std::make_shared<Hall>();
  Show show = event();
  std::vector<SoundBus> order = sound_buses(show);
  std::int64_t number = 0;
  std::atomic<int> news{0};
  SoundDesk desk;

  static SoundDesk::Roads roads(const std::shared_ptr<Hall>& hall, std::atomic<int>& news) {
    return {[hall] {
              const std::lock_guard lock(hall->mutex);
              return hall->present;
            },
            [hall](const PresentOutput& device,
                   const std::vector<int>& first) -> Result<std::unique_ptr<OpenOutput>> {
              while (hall->hang_opening && device.id == "bad") std::this_thread::sleep_for(1ms);
              {
                const std::lock_guard lock(hall->mutex);
                if (hall->refused == device.pcm) return Error{ErrorKind::FixSetup, "in use"};
              }
              return std::unique_ptr<OpenOutput>(
                  std::make_unique<PretendedOutput>(hall, device.pcm, first));
            },
            [&news] { ++news; }};
  }
  Rig() : desk(roads(hall, news), {200ms, 200ms, 10ms, 20ms}) {
    desk.set_show(std::make_shared<const Show>(show));
  }
  ~Rig() { hall->hang_opening = hall->hang_closing = false; }

  Status bind(const std::string& bus, const std::string& device, int channel = 1) {
    auto next = desk.plan(show, {bus, device, channel});
    if (!next) return next.error();
    desk.set_bindings(*next);
    return {};
  }
  Snapshot look() {
    Snapshot s;
    for (const SoundBus& bus : order) s.sound_buses.push_back({bus.id, bus.kind, bus.name});
    desk.report(s);
    return s;
  }
  bool plays(std::size_t bus) {
    return testing::wait_until([&] { return look().sound_buses[bus].playing; });
  }
  bool lists(std::size_t n) {
    return testing::wait_until([&] { return look().sound_outputs.size() == n; });
  }
  // Every bus at the level of its place.
  void mix(int blocks) {
    std::vector<AudioBlock> made(order.size());
    for (int n = 0; n < blocks; ++n, ++number) {
      for (std::size_t i = 0; i < made.size(); ++i) {
        made[i].position = number * kBlockSamples;
        made[i].samples.fill(0.1F * static_cast<float>(i + 1));
      }
      desk.take(order, made);
    }
  }
};

}  // namespace

TEST_CASE("a bus plays on the pair of channels that it is bound to") {
  Rig r;
  r.hall->plug("big", "hw:1,0", 8);
  REQUIRE(r.lists(1));
  REQUIRE(r.bind("venue", "big", 3).ok());
  REQUIRE(r.plays(kVenueBus));
  CHECK_FALSE(r.bind("monitor", "big", 4).ok());  // one channel in common
  REQUIRE(r.bind("return.guest", "big", 5).ok());
  REQUIRE(testing::wait_until([&] { return r.hall->times_opened("hw:1,0") == 2; }));
  REQUIRE(r.plays(4));
  r.mix(8);
  CHECK(r.hall->loudest("hw:1,0", 8, 60) >= 0);
  for (int n = 0; n < 4; ++n) (void)r.hall->loudest("hw:1,0", 8, 70 + 10 * n);
  r.mix(8);
  CHECK(r.hall->loudest("hw:1,0", 8, 110) == doctest::Approx(0.5));
  const Snapshot s = r.look();
  CHECK(s.sound_buses[kVenueBus].first_channel == 3);
  CHECK(s.sound_buses[kVenueBus].device == "big");
  CHECK(s.sound_buses[kVenueBus].latency_ms > 20);
  CHECK(s.sound_buses[kMonitorBus].device.empty());
  CHECK(s.messages.empty());
  CHECK(r.bind("venue", "").ok());
  CHECK(testing::wait_until([&] { return !r.look().sound_buses[kVenueBus].playing; }));
  CHECK(r.plays(4));
}

TEST_CASE("what was refused says why") {
  Rig r;
  r.hall->plug("small", "hw:1,0");
  r.hall->plug("Loopback: Loopback PCM", "hw:2,0");
  {
    const std::lock_guard lock(r.hall->mutex);
    r.hall->present[1].identity = {"", "card-Loop", "Loopback: Loopback PCM"};
  }
  REQUIRE(r.lists(2));
  for (const BindSoundOutput& wish :
       {BindSoundOutput{"nowhere", "small"}, BindSoundOutput{"venue", "gone"},
        BindSoundOutput{"venue", "small", 2}, BindSoundOutput{"venue", "small", 0},
        BindSoundOutput{"return.guest", "Loopback: Loopback PCM"},
        BindSoundOutput{"venue", "Loopback: Loopback PCM"}}) {
    CAPTURE(wish.bus);
    CAPTURE(wish.device);
    const auto plan = r.desk.plan(r.show, wish);
    REQUIRE_FALSE(plan.ok());
    CHECK_FALSE(plan.error().words.ja.empty());
    CHECK(plan.error().words.en.find("->") != std::string::npos);
  }
  CHECK(r.desk.bindings().empty());
}

TEST_CASE("what hears an output") {
  const auto hears = [](const char* key, const std::string& word, const DeviceIdentity& output,
                        const std::string& pcm) {
    Input input;
    input.audio = true;
    input.source = SourceSpec{"microphone", {{key, word}}};
    return plays_into(output, pcm, input);
  };
  const DeviceIdentity pulse{"", "", "pulse"}, usb{"", "usb-3", "USB Audio: USB Audio"};
  const DeviceIdentity loop{"", "platform-snd_aloop.0", "Loopback: Loopback PCM"};
  CHECK(hears("device", "pulse:DEVICE=@DEFAULT_MONITOR@", pulse, "pulse"));
  CHECK_FALSE(hears("device", "pulse:DEVICE=@DEFAULT_MONITOR@", usb, "hw:1,0"));
  CHECK(hears("device", "pulse:DEVICE=hall.monitor", pulse, "pulse"));
  CHECK_FALSE(hears("device", "pulse", pulse, "pulse"));
  CHECK_FALSE(hears("port", "usb-3", usb, "hw:1,0"));  // a meeting's computer on one card
  CHECK(hears("port", "platform-snd_aloop.0-pcm-1", loop, "hw:0,0"));
  CHECK(hears("device", "hw:0,1", loop, "hw:0,0"));
  CHECK_FALSE(hears("port", "platform-snd_aloop.1-pcm-1", loop, "hw:0,0"));
  Input meeting;  // an application's name may read like anything
  meeting.audio = true;
  meeting.source = SourceSpec{"application", {{"device", std::string("Monitor of USB Audio")}}};
  CHECK_FALSE(plays_into(pulse, "pulse", meeting));
}

TEST_CASE("an input that comes to hear an output silences it, and says so") {
  Rig r;
  r.hall->plug("Loopback: Loopback PCM", "hw:2,0");
  {
    const std::lock_guard lock(r.hall->mutex);
    r.hall->present[0].identity = {"", "card-Other", "Loopback: Loopback PCM"};
  }
  REQUIRE(r.lists(1));
  REQUIRE(r.bind("venue", "Loopback: Loopback PCM").ok());
  REQUIRE(r.plays(kVenueBus));
  Show next = r.show;
  next.inputs[0].source = SourceSpec{"microphone", {{"port", std::string("card-Other-pcm-1")}}};
  r.desk.set_show(std::make_shared<const Show>(next));
  CHECK(testing::wait_until([&] { return r.hall->times_closed("hw:2,0") == 1; }));
  const Snapshot s = r.look();
  CHECK(s.sound_buses[kVenueBus].reason.en.find("Guest") != std::string::npos);
  REQUIRE(s.messages.size() == 1);
  CHECK(s.messages[0].severity == Severity::Fault);
  CHECK(s.messages[0].action.en == "Choose another output.");
}

TEST_CASE("a device that is pulled out plays again when it comes back, others never stop") {
  Rig r;
  r.hall->plug("a", "hw:1,0");
  r.hall->plug("b", "hw:2,0");
  REQUIRE(r.lists(2));
  REQUIRE(r.bind("venue", "a").ok());
  REQUIRE(r.bind("monitor", "b").ok());
  REQUIRE(r.plays(kVenueBus));
  REQUIRE(r.plays(kMonitorBus));
  r.hall->pull("a");
  REQUIRE(testing::wait_until([&] {
    const Snapshot s = r.look();
    return !s.sound_buses[kVenueBus].playing && !s.messages.empty();
  }));
  CHECK(r.look().sound_buses[kVenueBus].device == "a");
  CHECK(r.look().messages[0].action.en == "Check its cable and plug it in again");
  r.hall->plug("a", "hw:5,0");  // ALSA gave it another number
  REQUIRE(r.plays(kVenueBus));
  CHECK(r.look().messages.empty());
  CHECK(r.look().sound_buses[kVenueBus].restarts == 1);
  CHECK(r.hall->times_opened("hw:2,0") == 1);
  CHECK(r.hall->times_opened("hw:5,0") == 1);
}

TEST_CASE("a device in use elsewhere is tried again") {
  Rig r;
  r.hall->refused = "hw:1,0";
  r.hall->plug("a", "hw:1,0");
  REQUIRE(r.lists(1));
  REQUIRE(r.bind("venue", "a").ok());
  REQUIRE(testing::wait_until([&] { return !r.look().sound_buses[kVenueBus].reason.ja.empty(); }));
  {
    const std::lock_guard lock(r.hall->mutex);
    r.hall->refused.clear();
  }
  CHECK(r.plays(kVenueBus));
}

TEST_CASE("drivers that hang in opening or closing keep nobody") {
  Rig r;
  r.hall->plug("bad", "hw:1,0");
  r.hall->plug("good", "hw:2,0");
  REQUIRE(r.lists(2));
  r.hall->hang_opening = true;
  REQUIRE(r.bind("venue", "bad").ok());
  REQUIRE(r.bind("monitor", "good").ok());
  REQUIRE(r.plays(kMonitorBus));
  REQUIRE(testing::wait_until([&] {
    return r.look().sound_buses[kVenueBus].reason.en.find("does not answer") != std::string::npos;
  }));
  r.mix(3);
  r.hall->hang_opening = false;
  CHECK(r.plays(kVenueBus));
  r.hall->hang_closing = true;
  REQUIRE(r.bind("venue", "").ok());
  REQUIRE(testing::wait_until([&] { return !r.look().sound_buses[kVenueBus].playing; }));
  r.mix(3);
  CHECK(r.plays(kMonitorBus));
  CHECK(r.hall->times_opened("hw:2,0") == 1);
}

TEST_CASE("lent devices are closed on return and come back") {
  Rig r;
  r.hall->plug("a", "hw:1,0");
  REQUIRE(r.lists(1));
  REQUIRE(r.bind("venue", "a").ok());
  REQUIRE(r.plays(kVenueBus));
  r.desk.let_go(true);
  CHECK(r.hall->times_closed("hw:1,0") == 1);
  CHECK(r.look().messages.empty());
  CHECK_FALSE(r.look().sound_buses[kVenueBus].reason.ja.empty());
  r.desk.let_go(false);
  CHECK(r.plays(kVenueBus));
}

TEST_CASE("blocks are handed over while devices come and go") {
  Rig r;
  r.hall->plug("a", "hw:1,0");
  r.hall->plug("b", "hw:2,0");
  REQUIRE(r.lists(2));
  std::atomic<bool> stop{false};
  std::thread mixer([&] {
    while (!stop) r.mix(1);
  });
  for (int n = 0; n < 20; ++n) {
    const bool first = n % 2 == 0;
    const int before = r.hall->times_opened(first ? "hw:1,0" : "hw:2,0");
    REQUIRE(r.bind("venue", first ? "a" : "b").ok());
    REQUIRE(testing::wait_until(
        [&] { return r.hall->times_opened(first ? "hw:1,0" : "hw:2,0") > before; }));
  }
  stop = true;
  mixer.join();
  CHECK(r.number > 0);
  CHECK(testing::wait_until(
      [&] { return r.hall->times_closed("hw:1,0") + r.hall->times_closed("hw:2,0") == 19; }));
}
