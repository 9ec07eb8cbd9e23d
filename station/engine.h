// SPDX-License-Identifier: GPL-3.0-or-later
// The control room: owns every thread and lifetime of a running show. Opens inputs, runs the two
// mix loops, the encoders and outputs, the door and the hall's screen, and carries out Commands.
//
// Control (command, load, snapshot) may come from any thread and is serialised here; the mix loops
// never wait for it: they read the newest Moment.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "capture/kept_feed.h"
#include "core/command.h"
#include "core/snapshot.h"
#include "station/audio_loop.h"
#include "station/bind_role.h"
#include "station/caption_desk.h"
#include "station/device_desk.h"
#include "station/display_log.h"
#include "station/door/server.h"
#include "station/ears_desk.h"
#include "station/encode_roads.h"
#include "station/equipment_desk.h"
#include "station/equipment_pictures.h"
#include "station/letter_desk.h"
#include "station/output_desk.h"
#include "station/patch.h"
#include "station/picture_desk.h"
#include "station/practice_desk.h"
#include "station/programme_strain.h"
#include "station/record_desk.h"
#include "station/screen_desk.h"
#include "station/sound_desk.h"
#include "station/sound_keeper.h"
#include "station/video_loop.h"

namespace kakehashi {

struct EngineOptions {
  bool open_door = true;
  std::string socket_path;   // empty: default_socket_path()
  std::string media_folder;  // relative media of the event start here
  Language language = Language::Japanese;
  bool duck_howls = false;  // lowers a send that howls by 12 dB
  OutputDesk::Config outputs;
  RecordDesk::Config record;
  std::string screen_program;       // kakehashi-screen
  std::string practice_program;     // kakehashi-station, for PracticeDesk; empty: no receiver
  const WallClock* wall = nullptr;  // none: the machine's
  // Reads an event for Command LoadEvent: bindings applied, faults in the error's sentence.
  std::function<Result<Show>(const std::string& path)> read_show;
  // The source kind of this name. None: capture's own table.
  std::function<const SourceKind*(const std::string& name)> find_kind;

  std::string event_path;  // of the show that is opened; for those below
  // What the event itself has for a role, without the venue.
  std::function<std::optional<SourceSpec>(const std::string& event, const std::string& role)>
      own_source;
  // Writes a role's device into the hall's venue file; nothing: takes it out.
  std::function<Status(const std::string& event, const Binding& binding)> keep_binding;
  // Program and arguments of the equipment test. None: this station has no such test.
  std::function<std::vector<std::string>(const std::string& event)> equipment_test;
  // Of this machine, on the session's clock. None: this station has no sound outputs.
  std::function<SoundDesk::Roads(MediaTime epoch)> sound_devices;
  // What plays which bus in the hall of an event.
  std::function<SoundOutputBindings(const std::string& event)> sound_outputs;
  // Writes one of them into the hall's venue file; nothing: takes it out.
  std::function<Status(const std::string& event, const std::string& bus,
                       const std::optional<SoundOutputBinding>& output)>
      keep_sound_output;
  // Writes what was chosen for the sound of roles into it; nothing: takes it out.
  std::function<Status(const std::string& event, const SoundKeeper::Sounds& sounds)> keep_sounds;
  // The list of devices. None: this station knows no devices.
  std::function<std::unique_ptr<DeviceList>(std::function<void()> changed)> device_list;
};

class Engine {
 public:
  // `show`: bindings applied (presets/venue_file.h). Returns with the mix loops running.
  static Result<std::unique_ptr<Engine>> open(const Show& show, EngineOptions options,
                                              Clock& clock);
  ~Engine();  // ends outputs cleanly, closes inputs; within some seconds

  Status command(const Command& command);
  // Goes over to another event by patch(): what both have keeps running, on air too. Blocks for
  // seconds while letters are painted and devices closed; commands are carried out meanwhile.
  // Refused, with all left as it was, on air when the canvas or the encode would change.
  Status load(const Show& show);
  Snapshot snapshot();
  bool quit_requested() const { return quit_; }
  std::string last_recording() const { return record_->last_recording(); }

 private:
  Engine(EngineOptions options, Clock& clock);
  Status start(const Show& show);
  const SourceKind* kind_of(const std::optional<SourceSpec>& source) const;
  Result<std::shared_ptr<const Stage>> build_stage(const Show& show, const Stage* before,
                                                   const Patch& change,
                                                   std::vector<std::string> closed);
  void start_loops(const Canvas& canvas, std::unique_ptr<EncodeRoads> roads);
  // Asked again when nothing can come between any more.
  using MayGo = std::function<Status(const LiveState& now)>;
  // With load_mutex_ held. `closed`: inputs whose device is let go of.
  Status go_to(const Show& wish, std::vector<std::string> closed = {}, const MayGo& may = {});
  Status may_change(const Patch& change) const;
  Status go_over(const Stage& before, const std::shared_ptr<const Stage>& stage,
                 const Patch& change, const MayGo& may);
  Status show_pictures(const Stage& stage, bool same_event);  // with load_mutex_ held
  Status open_door();
  void look_at_buses();
  void open_letter_desk();
  Status apply_locked(const Command& command);
  Status load_event(const LoadEvent& wish);
  Status set_layout(const SetLayout& wish);
  void load_later(Show show, std::string path = {});
  void later(std::function<Status()> work);  // on the prep thread

  // engine_devices.cpp
  void open_devices();
  std::string event_path();
  Status bind_role(const BindRole& wish);
  Status undo_binding();
  // Carries out what `make` plans when its turn comes. `trouble_of`: the role a failure is told of;
  // `device`: the one that was wished for.
  using MakePlan = std::function<Result<BindingPlan>()>;
  void rebind_later(const std::string& trouble_of, MakePlan make, bool back,
                    const std::string& device = {});
  Status rebind(const MakePlan& make, bool back, const std::string& device);
  Result<BindingPlan> plan_now(const BindRole& wish);
  Result<BindingPlan> plan_back();
  std::optional<SourceSpec> own_source(const std::string& role);
  Status may_bind_now(const std::vector<Binding>& roles, const LiveState& live) const;
  void note_bound(const BindingPlan& plan, const std::vector<std::string>& unsaved, bool back);
  void note(const std::string& role, Message message);
  Status watch_devices(const WatchDevices& wish);
  Status test_equipment(const TestEquipment& wish);
  // The counters of the programme were read; with snapshot_mutex_ held.
  void spare_programme(const Health& health, bool seen_in_hall);
  void audience_first();  // the show begins: the devices are the show's
  Status let_go_of_devices(bool away);
  void report_devices(const Stage& stage, Snapshot& snapshot) const;

  // engine_sound.cpp
  void open_sound_outputs();
  void read_sound_outputs(const std::string& event);
  Status bind_sound_output(const BindSoundOutput& wish);
  void report_sound_outputs(Snapshot& snapshot) const;
  void keep_sound(const Input& input, const StripSettings& sound);
  void write_sounds(const std::string& event, const SoundKeeper::Sounds& sounds);

  Status record(const Moment& moment, bool on);
  Status show_caption(const Moment& moment, const ShowCaption& wish);
  void publish(std::shared_ptr<const Stage> stage, LiveState live);
  // Into the log, when a cue opens one and when it closes: asked about after the event.
  void note_card_microphones(const Show& show, const LiveState& live);
  void refresh_snapshot();
  static Duration cpu_time();  // of this process so far
  void run_supervisor();

  const EngineOptions options_;
  Clock& clock_;
  const MediaTime epoch_;

  std::mutex control_mutex_;                   // one wish at a time
  std::vector<std::string> card_microphones_;  // live under a card when last published
  std::mutex load_mutex_;                      // one load at a time; taken before control_mutex_
  bool devices_away_ = false;                  // with load_mutex_: an equipment test has them
  Published<Moment> moment_;
  DisplayLog display_;
  Mailbox<TickPictures> to_venue_;
  std::atomic<BusSet> watched_{0};       // buses
  std::mutex looks_mutex_;               // of the two above and below together
  std::atomic<BusSet> looked_at_{0};     // by windows and desks
  std::atomic<bool> desks_look_{false};  // at the small pictures
  Published<MovingLetters> letters_;
  const MachineWallClock machine_wall_;
  std::atomic<int> desks_{0};
  std::atomic<std::uint64_t> boards_{1};  // sets of shared pictures so far
  std::atomic<bool> quit_{false};

  mutable std::mutex notes_mutex_;
  std::string event_path_;
  BindingHistory history_;                              // with notes_mutex_
  std::vector<std::pair<std::string, Message>> notes_;  // by role: what a binding led to
  std::vector<Message> sound_notes_;

  std::unique_ptr<SoundKeeper> sound_keeper_;  // none: nothing is kept

  std::unique_ptr<DeviceDesk> devices_;  // before whoever shows its pictures
  EquipmentPictures equipment_pictures_;
  std::unique_ptr<EquipmentDesk> equipment_;  // asks all the others to let go of their devices

  // mix.audio hands them every block.
  std::unique_ptr<SoundDesk> sound_desk_;
  EarsDesk ears_;

  PracticeDesk practice_;  // the supervisor's

  // In the order of the data; torn down from the end of the road to its beginning.
  CaptionDesk captions_;
  std::unique_ptr<LetterDesk> letter_desk_;
  std::unique_ptr<EncodeRoads> roads_;
  std::unique_ptr<OutputDesk> outputs_;
  std::unique_ptr<RecordDesk> record_;
  std::unique_ptr<VideoLoop> video_;
  std::unique_ptr<AudioLoop> audio_;

  mutable std::mutex pictures_mutex_;
  std::unique_ptr<PictureDesk> pictures_;
  std::unique_ptr<ScreenDesk> screens_;
  std::unique_ptr<DoorServer> door_;
  std::atomic<DoorServer*> door_open_{nullptr};  // its thread may bring a wish before door_ is set

  std::mutex snapshot_mutex_;
  Published<Snapshot> snapshot_;
  std::uint64_t sequence_ = 0;
  double cpu_cores_ = 0;
  Duration cpu_used_{};
  ProgrammeStrain strain_;
  MediaTime cpu_measured_;

  std::mutex supervisor_mutex_;
  std::condition_variable supervisor_wake_;
  bool supervisor_stop_ = false;
  std::thread supervisor_;
  std::mutex loading_mutex_;
  std::thread loading_;  // prep: paints and opens for load_event
};

}  // namespace kakehashi
