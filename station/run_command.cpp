// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/run_command.h"

#include <chrono>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "capture/device_watch.h"
#include "capture/source_kind.h"
#include "core/clock.h"
#include "encoder/output.h"
#include "presets/venue_file.h"
#include "station/card_log.h"
#include "station/door/codec.h"
#include "station/engine.h"
#include "station/machine_outputs.h"
#include "station/open_event.h"
#include "station/stage_table.h"
#include "station/write_file.h"

namespace kakehashi {
namespace {

using namespace std::chrono_literals;

// Plays the event's own takes at their times. One caller, called often.
class ScriptPlayer {
 public:
  ScriptPlayer(const Show& show, Engine& engine, MediaTime start)
      : show_(show), engine_(engine), start_(start) {}

  void run_until(MediaTime now) {
    for (; next_ < show_.script.size() && start_ + show_.script[next_].at <= now; ++next_)
      perform(show_.script[next_]);
  }
  int takes_wanted() const {
    int n = 0;
    for (std::size_t i = 0; i < next_; ++i) n += show_.script[i].scene.empty() ? 0 : 1;
    return n;
  }

 private:
  void perform(const ScriptedTake& take) {
    if (!take.scene.empty()) {
      wish(SelectPreview{take.scene});
      wish(SetTransition{take.transition});
      wish(Take{});
    }
    if (!take.sound.empty()) wish(RecallSound{take.sound});  // after the scene's own: a cue wins
    if (!take.overlay.empty()) wish(SetOverlay{take.overlay, take.overlay_on});
  }
  void wish(const Command& command) {
    if (const auto ok = engine_.command(command); !ok)
      std::cerr << "script: " << ok.error().message << '\n';
  }

  const Show& show_;
  Engine& engine_;
  const MediaTime start_;
  std::size_t next_ = 0;
};

// For the report of a rehearsal.
nlohmann::json json_of(const CardLog& log) {
  nlohmann::json j{{"count", log.cards()}, {"seconds", log.seconds()}};
  j["microphones"] = nlohmann::json::array();
  for (const CardMicrophone& m : log.microphones())
    j["microphones"].push_back(
        {{"id", m.id}, {"name", m.name.ja}, {"seconds", m.seconds}, {"loudest_db", m.loudest_db}});
  return j;
}

std::string stats_json(const Snapshot& s, const std::string& recording, int takes_wanted,
                       const CardLog& cards) {
  nlohmann::json j;
  j["snapshot"] = nlohmann::json::parse(write_snapshot(s));
  j["recording"] = recording;
  j["script_takes"] = takes_wanted;
  j["cards"] = json_of(cards);
  return j.dump(2) + "\n";
}

// The list of this machine.
class MachineDevices final : public DeviceList {
 public:
  explicit MachineDevices(std::function<void()> changed) : watch_(std::move(changed)) {}
  std::vector<Device> devices() const override { return watch_.devices(); }
  std::uint64_t generation() const override { return watch_.generation(); }

 private:
  DeviceWatch watch_;
};

// A live output got through, or nobody asked for one.
bool reached_everybody(const Snapshot& s) {
  for (const auto& o : s.outputs)
    if (o.enabled && o.video_packets == 0) return false;
  return true;
}

EngineOptions engine_options(const RunOptions& options, OpenedEvent& event) {
  EngineOptions e;
  e.socket_path = options.socket;
  e.media_folder = event.media_folder;
  e.language = options.language;
  e.duck_howls = options.duck_howls;
  e.outputs.secrets = std::move(event.secrets);
  e.outputs.url_overrides = options.urls;
  e.record.folder = options.record_folder;
  e.screen_program = options.screen_program;
  if (options.practice_receiver) e.practice_program = options.station_program;
  e.read_show = [venue = options.venue,
                 secrets = options.secrets](const std::string& path) -> Result<Show> {
    OpenedEvent next = open_event(path, venue, secrets);
    if (next.faults.empty()) return std::move(next.show);
    std::string sentence = path;
    for (const auto& f : next.faults) sentence += "; " + f.path + ": " + f.message;
    return Error{ErrorKind::FixInput, std::move(sentence)};
  };
  e.event_path = options.event;
  // Asked when somebody binds: the files may be others than at the start.
  const auto opened = [venue = options.venue, secrets = options.secrets](const std::string& path) {
    return open_event(path, venue, secrets);
  };
  e.own_source = [](const std::string& path, const std::string& role) -> std::optional<SourceSpec> {
    const EventReading read = load_event(path, source_kind_table(), output_kind_table());
    const Input* input = find_by_id(read.show.inputs, role);
    return input ? input->source : std::nullopt;
  };
  e.keep_binding = [opened](const std::string& path, const Binding& binding) {
    return keep_binding(opened(path).venue, binding.role, binding.device);
  };
  e.sound_devices = [](MediaTime epoch) { return machine_outputs(epoch, AudioLoop::kLag); };
  e.sound_outputs = [opened](const std::string& path) -> SoundOutputBindings {
    const VenuePlace place = opened(path).venue;
    if (place.read.empty()) return {};
    return load_venue(place.read, source_kind_table()).venue.sound_outputs;
  };
  e.keep_sound_output = [opened](const std::string& path, const std::string& bus,
                                 const std::optional<SoundOutputBinding>& output) {
    return keep_sound_output(opened(path).venue, bus, output);
  };
  e.keep_sounds = [opened](const std::string& path, const SoundKeeper::Sounds& sounds) {
    return keep_sounds(opened(path).venue, sounds);
  };
  e.device_list = [](std::function<void()> changed) {
    return std::make_unique<MachineDevices>(std::move(changed));
  };
  e.equipment_test = [opened, options](const std::string& path) {
    std::vector<std::string> words{options.station_program, "equip-test", "--write-delays",
                                   "--event", path};
    if (const std::string venue = opened(path).venue.read; !venue.empty())
      words.insert(words.end(), {"--venue", venue});
    if (!options.secrets.empty()) words.insert(words.end(), {"--secrets", options.secrets});
    return options.station_program.empty() ? std::vector<std::string>() : words;
  };
  return e;
}

}  // namespace

int run_event(const RunOptions& options, const std::atomic<bool>& stop) {
  OpenedEvent event = open_event(options.event, options.venue, options.secrets);
  print_faults(std::cerr, options.event, event.notices, options.language);
  if (!event.faults.empty()) {
    print_faults(std::cerr, options.event, event.faults, options.language);
    return kExitBadEvent;
  }
  MonotonicClock clock;
  auto opened = Engine::open(event.show, engine_options(options, event), clock);
  if (!opened) {
    std::cerr << opened.error().message << '\n';
    return kExitDevice;
  }
  Engine& engine = **opened;
  std::cout << event.show.title.pick(options.language) << ": running" << std::endl;
  const Health ready = engine.snapshot().health;
  std::cout << "encoder: " << ready.encoder << ", holds " << ready.encoder_held_frames
            << " pictures" << std::endl;
  if (options.screen) (void)engine.command(ShowScreen{});
  if (options.go_live) {
    if (const auto ok = engine.command(GoLive{}); !ok) {
      std::cerr << ok.error().message << '\n';
      return kExitDevice;
    }
    std::cout << "live" << std::endl;
  }

  const MediaTime start = clock.now();
  ScriptPlayer script(event.show, engine, start);
  CardLog cards;
  MediaTime cards_seen{};
  while (!stop && !engine.quit_requested()) {
    const MediaTime now = clock.now();
    if (options.seconds > 0 && now - start >= Duration::from_seconds(options.seconds)) break;
    if (options.script) script.run_until(now);
    if (!options.stats.empty() && now - cards_seen >= Duration::milliseconds(100)) {
      cards.see(engine.snapshot(), now);
      cards_seen = now;
    }
    std::this_thread::sleep_for(10ms);
  }

  const Snapshot last = engine.snapshot();
  (void)engine.command(StopLive{});
  (void)engine.command(StopRecord{});
  const std::string recording = engine.last_recording();
  opened->reset();  // files are closed now
  if (!options.stats.empty())
    if (const auto ok =
            write_file(options.stats, stats_json(last, recording, script.takes_wanted(), cards));
        !ok) {
      std::cerr << ok.error().message << '\n';
      return kExitDevice;
    }
  if (!options.stats.empty()) std::cout << stage_table(last.health.stages);
  std::cout << "ended: " << last.health.ticks << " pictures, " << last.health.late_ticks
            << " late, " << last.takes << " takes"
            << (recording.empty() ? "" : ", recording " + recording) << std::endl;
  if (options.go_live && !reached_everybody(last)) {
    for (const auto& o : last.outputs)
      if (o.enabled && o.video_packets == 0)
        std::cerr << o.id << ": " << o.reason.pick(options.language) << '\n';
    return kExitDevice;
  }
  return kExitOk;
}

}  // namespace kakehashi
