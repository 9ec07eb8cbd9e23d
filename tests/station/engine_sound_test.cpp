// SPDX-License-Identifier: GPL-3.0-or-later
// Buses on sound outputs in a whole station: a pretended output, and a sound server's over ALSA.
#include <sys/stat.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <numbers>

#include "capture/source_kind.h"
#include "station/machine_outputs.h"
#include "station/open_event.h"
#include "station/venue_place.h"
#include "tests/station/engine_rig.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

Show tone_event() {
  Show show = small_show("tone", {"音", "Tone"});
  Input input = test_input(
      "tone",
      SourceSpec{"test", {{"pattern", std::string("bars")}, {"beep", false}, {"tone_hz", 1000.0}}});
  input.audio = true;
  show.inputs.push_back(input);
  show.scenes.push_back(whole_scene("s", "tone"));
  return show;
}

class PretendedOutput final : public OpenOutput {
 public:
  explicit PretendedOutput(std::unique_ptr<SoundRoad> road) : road_(std::move(road)) {}
  SoundRoad& road() override { return *road_; }
  bool running() const override { return true; }
  Duration device_latency() const override { return Duration::milliseconds(20); }
  int channels_most() const override { return 2; }

 private:
  std::unique_ptr<SoundRoad> road_;
};

const SoundBusStatus& bus(const Snapshot& s, std::size_t place) { return s.sound_buses.at(place); }

struct SoundRig : EngineRig {
  SoundRig() {
    EngineOptions options = without_door();
    options.event_path = "hall.json";
    options.sound_devices = [this](MediaTime epoch) {
      return SoundDesk::Roads{
          [] {
            return std::vector<PresentOutput>{
                {"speakers", "Speakers", "hw:9,0", {"", "p", "m"}, 2}};
          },
          [this, epoch](const PresentOutput&,
                        const std::vector<int>& first) -> Result<std::unique_ptr<OpenOutput>> {
            auto road = std::make_unique<SoundRoad>(epoch, AudioLoop::kLag, 48000, first);
            opened = road.get();
            return std::unique_ptr<OpenOutput>(std::make_unique<PretendedOutput>(std::move(road)));
          },
          {}};
    };
    options.sound_outputs = [](const std::string& event) {
      SoundOutputBindings bound;
      if (event == "hall.json") bound["monitor"] = {{"", "", "m"}, 1};
      return bound;
    };
    options.keep_sound_output = [this](const std::string& event, const std::string& bus_id,
                                       const std::optional<SoundOutputBinding>& output) -> Status {
      const std::lock_guard lock(mutex);
      kept.push_back(event + " " + bus_id + (output ? " " + output->device.port : " free"));
      if (disk_full) return Error{ErrorKind::FixSetup, "disk full"};
      return {};
    };
    open(tone_event(), std::move(options));
  }
  ~SoundRig() { engine.reset(); }
  std::vector<std::string> kept_so_far() {
    const std::lock_guard lock(mutex);
    return kept;
  }

  std::mutex mutex;
  std::vector<std::string> kept;
  std::atomic<bool> disk_full{false};
  std::atomic<SoundRoad*> opened{nullptr};
};

double amplitude(const std::vector<float>& stereo, double hz) {
  double re = 0, im = 0;
  const std::size_t frames = stereo.size() / 2;
  for (std::size_t i = 0; i < frames; ++i) {
    const double w = 2 * std::numbers::pi * hz * static_cast<double>(i) / 48000;
    re += stereo[2 * i] * std::cos(w);
    im += stereo[2 * i] * std::sin(w);
  }
  return 2 * std::hypot(re, im) / static_cast<double>(frames);
}

}  // namespace

TEST_CASE("the hall's outputs are read, changed, kept, and refused with a reason") {
  SoundRig r;
  REQUIRE(r.comes([](const Snapshot& s) { return bus(s, kMonitorBus).playing; }));
  CHECK(bus(r.engine->snapshot(), kMonitorBus).device == "Speakers");
  REQUIRE(r.engine->snapshot().sound_outputs.size() == 1);
  CHECK_FALSE(r.engine->command(BindSoundOutput{"venue", "speakers", 1}).ok());  // monitor's
  r.wish(BindSoundOutput{"monitor", "", 1});
  r.wish(BindSoundOutput{"venue", "speakers", 1});
  REQUIRE(r.comes([](const Snapshot& s) { return bus(s, kVenueBus).playing; }));
  CHECK(bus(r.engine->snapshot(), kMonitorBus).device.empty());
  REQUIRE(wait_until([&] { return r.kept_so_far().size() == 2; }));
  CHECK(r.kept_so_far() == std::vector<std::string>{"hall.json monitor free", "hall.json venue p"});
  r.disk_full = true;
  r.wish(BindSoundOutput{"venue", "", 1});
  CHECK(r.comes([](const Snapshot& s) {
    return std::any_of(s.messages.begin(), s.messages.end(),
                       [](const Message& m) { return m.id == "sound_output.venue.unsaved"; });
  }));
}

TEST_CASE("integrated loudness begins anew when going live, and only then") {
  Show show = tone_event();
  Destination nowhere;
  nowhere.id = "nowhere";
  nowhere.name = {"どこにもない", "Nowhere"};
  nowhere.settings["url"] = "rtmp://127.0.0.1:" + std::to_string(free_port()) + "/live";
  show.destinations.push_back(nowhere);
  EngineRig r;
  r.open(show, r.without_door());
  REQUIRE(r.live("tone"));
  const auto measured = [](const Snapshot& s) { return s.sound.integrated_lufs > -60; };
  const auto silent = [](const Snapshot& s) { return s.sound.momentary_lufs < -100; };
  REQUIRE(r.comes(measured));
  r.wish(SetMute{"tone", true});
  REQUIRE(r.comes(silent));
  CHECK(measured(r.engine->snapshot()));  // of the rehearsal
  r.wish(GoLive{});
  CHECK(r.comes([&](const Snapshot& s) { return s.live && !measured(s); }));
  r.wish(SetMute{"tone", false});
  REQUIRE(r.comes(measured));
  r.wish(SetMute{"tone", true});
  REQUIRE(r.comes(silent));
  r.wish(GoLive{});  // it is live already: one more destination, the same programme
  REQUIRE(r.runs_on(10));
  CHECK(measured(r.engine->snapshot()));
}

TEST_CASE("what is on program is heard on a sound server's output") {
  const auto pulse = Pulse::start();
  REQUIRE(pulse);
  pulse->use_here();
  REQUIRE(init_capture().ok());
  EngineRig r;
  EngineOptions options = r.without_door();
  options.sound_devices = [](MediaTime epoch) { return machine_outputs(epoch, AudioLoop::kLag); };
  r.open(tone_event(), std::move(options));
  REQUIRE(r.live("tone"));
  REQUIRE(r.comes([](const Snapshot& s) {
    return std::any_of(s.sound_outputs.begin(), s.sound_outputs.end(),
                       [](const SoundOutputStatus& o) { return o.id == "pulse"; });
  }));
  r.wish(BindSoundOutput{"program", "pulse", 1});
  REQUIRE(r.comes([](const Snapshot& s) {
    return bus(s, kProgramBus).playing && bus(s, kProgramBus).buffer_ms > 0;
  }));
  const std::string file = r.folder / "heard.raw";
  // The first seconds of a recorder are silence while it connects.
  auto recorder = Process::start({"sh", "-c",
                                  "exec parec --raw --format=float32le --channels=2 --rate=48000 "
                                  "--latency-msec=50 -d hall.monitor > " +
                                      file},
                                 pulse->environment());
  REQUIRE(recorder);
  std::vector<float> last(2 * 48000);
  const auto heard = [&] {
    std::ifstream in(file, std::ios::binary | std::ios::ate);
    const auto size = static_cast<std::size_t>(std::max<std::streamoff>(0, in.tellg()));
    const std::size_t wanted = last.size() * sizeof(float);
    if (size < wanted) return false;
    in.seekg(static_cast<std::streamoff>((size - wanted) / 8 * 8));
    in.read(reinterpret_cast<char*>(last.data()), static_cast<std::streamsize>(wanted));
    return in.good() && amplitude(last, 1000) > 0.02;
  };
  CHECK(wait_until(heard));
  CHECK(amplitude(last, 1000) > 20 * amplitude(last, 1370));
  const SoundBusStatus now = bus(r.engine->snapshot(), kProgramBus);
  MESSAGE("bus to server " << now.latency_ms << " ms, buffer " << now.buffer_ms << " ms, drift "
                           << now.drift_ppm << " ppm, underruns " << now.underruns);
}

namespace {

// As `run` opens it: the event and its venue from the disk, choices kept there.
struct DiskRig : EngineRig {
  DiskRig() : event(folder / "tone.json") {
    std::ofstream(event) << write_event(tone_event());
    std::ofstream(folder / "none.json") << "{}";
    std::filesystem::permissions(folder / "none.json", std::filesystem::perms::owner_read |
                                                           std::filesystem::perms::owner_write);
  }
  ~DiskRig() { engine.reset(); }
  OpenedEvent opened() const { return open_event(event, "", folder / "none.json"); }
  void start() {
    engine.reset();
    const OpenedEvent now = opened();
    REQUIRE_MESSAGE(now.faults.empty(), (now.faults.empty() ? "" : now.faults[0].message));
    EngineOptions options = without_door();
    options.event_path = event;
    options.keep_sounds = [this](const std::string& path, const SoundKeeper::Sounds& sounds) {
      CHECK(path == event);
      ++writes;
      if (disk_full) return Status(Error{ErrorKind::FixSetup, "disk full"});
      return keep_sounds(opened().venue, sounds);
    };
    open(now.show, std::move(options));
  }
  StripSettings sound() { return engine->snapshot().strips.at(0).sound; }

  const std::string event;
  std::atomic<int> writes{0};
  std::atomic<bool> disk_full{false};
};

}  // namespace

TEST_CASE(
    "a kind of sound chosen in Prepare is there again after a restart, until it is the event's") {
  DiskRig r;
  r.start();
  const StripSettings own = r.sound();
  REQUIRE(own.set != ProcessingSet::Music);
  StripSettings music = settings_of(ProcessingSet::Music);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i <= 50; ++i) {  // a fader
    music.trim_db = -i / 10.0;
    r.wish(SetStrip{"tone", music});
  }
  r.engine.reset();
  const auto seconds = (std::chrono::steady_clock::now() - begin) / 1s;
  CHECK(r.writes >= 1);
  CHECK(r.writes <= 2 + seconds);  // at once, once in each second, and at the end
  r.start();
  CHECK(r.sound() == music);
  CHECK(r.opened().show.inputs.at(0).sound == own);
  r.wish(SetStrip{"tone", own});
  r.start();
  CHECK(r.sound() == own);
}

TEST_CASE("a hall's file that takes no sound is told, and the sound stays as chosen") {
  DiskRig r;
  r.start();
  r.disk_full = true;
  r.wish(SetStrip{"tone", settings_of(ProcessingSet::Music)});
  const auto told = [](const Snapshot& s) {
    return std::any_of(s.messages.begin(), s.messages.end(),
                       [](const Message& m) { return m.id == "sound.tone.unsaved"; });
  };
  CHECK(r.comes(told));
  CHECK(r.sound().set == ProcessingSet::Music);
  r.disk_full = false;
  r.wish(SetStrip{"tone", settings_of(ProcessingSet::Speech)});
  CHECK(r.comes([&](const Snapshot& s) { return !told(s); }));
}
