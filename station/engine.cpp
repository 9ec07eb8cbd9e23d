// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/engine.h"

#include <ctime>

#include <algorithm>
#include <chrono>

#include "capture/devices.h"
#include "core/layout_table.h"
#include "core/log.h"
#include "core/thread.h"
#include "mixer/switcher.h"
#include "station/carry_over.h"
#include "station/device_roles.h"
#include "station/snapshot_maker.h"
#include "station/timer_pages.h"

namespace kakehashi {
namespace {

using namespace std::chrono_literals;

std::string socket_path(const EngineOptions& options) {
  return options.socket_path.empty() ? default_socket_path() : options.socket_path;
}

// What the other roles mean: a device that is exactly theirs never plays this one.
std::vector<DeviceIdentity> others_of(const std::vector<Input>& inputs, const std::string& role) {
  std::vector<DeviceIdentity> others;
  for (const auto& input : inputs)
    if (input.id != role && input.source)
      if (auto identity = identity_of(*input.source); !identity.empty())
        others.push_back(std::move(identity));
  return others;
}

std::function<std::optional<Secret>(const std::string&)> password_finder(
    const std::map<std::string, Secret>& secrets) {
  return [secrets](const std::string& name) -> std::optional<Secret> {
    const auto it = secrets.find(name);
    return it == secrets.end() ? std::nullopt : std::optional(it->second);
  };
}

}  // namespace

Engine::Engine(EngineOptions options, Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      epoch_(clock.now()),
      machine_wall_(clock),
      ears_(moment_, epoch_, options_.duck_howls),
      practice_(clock, options_.practice_program, options_.outputs.url_overrides),
      captions_(clock, options_.media_folder),
      screens_(std::make_unique<ScreenDesk>(options_.screen_program, socket_path(options_))) {}

Result<std::unique_ptr<Engine>> Engine::open(const Show& show, EngineOptions options,
                                             Clock& clock) {
  std::unique_ptr<Engine> engine(new Engine(std::move(options), clock));
  if (auto started = engine->start(arranged(show)); !started) return std::move(started.error());
  return engine;
}

Status Engine::start(const Show& show) {
  event_path_ = options_.event_path;
  open_devices();
  open_sound_outputs();
  outputs_ = std::make_unique<OutputDesk>(clock_, options_.outputs);
  RecordDesk::Config record = options_.record;
  record.epoch = epoch_;
  record_ = std::make_unique<RecordDesk>(clock_, std::move(record));
  auto stage = build_stage(show, nullptr, patch(Show{}, show), {});
  if (!stage) return std::move(stage.error());
  captions_.set_show((*stage)->show);
  publish(*stage, initial_state(show));
  auto roads = EncodeRoads::open(show, clock_);
  if (!roads) return std::move(roads.error());
  open_letter_desk();
  start_loops(show.canvas, std::move(*roads));
  auto pictures =
      PictureDesk::open(clock_, **stage,
                        {moment_, to_venue_, watched_, desks_look_, &devices_->pictures(),
                         [this](const TickPictures& p) { outputs_->show_pictures(p.frame); }});
  if (!pictures) return std::move(pictures.error());
  pictures_ = std::move(*pictures);
  cpu_measured_ = clock_.now();
  cpu_used_ = cpu_time();
  record_->recover(show);
  refresh_snapshot();
  if (options_.open_door)
    if (auto ok = open_door(); !ok) return ok;
  supervisor_ = std::thread([this] { run_supervisor(); });
  return {};
}

Engine::~Engine() {
  {
    const std::lock_guard lock(supervisor_mutex_);
    supervisor_stop_ = true;
  }
  supervisor_wake_.notify_all();
  if (supervisor_.joinable()) supervisor_.join();
  equipment_->leave();  // tells the door
  door_.reset();        // its thread has ended before the object goes
  if (loading_.joinable()) loading_.join();
  sound_keeper_.reset();
  screens_.reset();
  pictures_.reset();
  outputs_.reset();  // says goodbye to every server while pictures still come
  record_.reset();   // and closes every file
  devices_.reset();
  video_.reset();
  audio_.reset();
  sound_desk_.reset();
  roads_.reset();
  letter_desk_.reset();
}

void Engine::start_loops(const Canvas& canvas, std::unique_ptr<EncodeRoads> roads) {
  outputs_->set_roads(roads.get());
  record_->set_roads(roads.get());
  roads_ = std::move(roads);
  video_ =
      std::make_unique<VideoLoop>(clock_, epoch_, canvas,
                                  VideoLoop::Roads{moment_, roads_->main().pictures(), to_venue_,
                                                   watched_, &letters_, &roads_->further()});
  audio_ =
      std::make_unique<AudioLoop>(clock_, epoch_,
                                  AudioLoop::Roads{moment_,
                                                   roads_->main().sound(),
                                                   {[this](const MixedBlock& mixed) {
                                                     sound_desk_->take(mixed.order, mixed.buses);
                                                     ears_.hear(mixed);
                                                   }},
                                                   &roads_->further()});
}

Result<std::shared_ptr<const Stage>> Engine::build_stage(const Show& show, const Stage* before,
                                                         const Patch& change,
                                                         std::vector<std::string> closed) {
  const auto holds = [](const auto& list, const std::string& id) {
    return std::find(list.begin(), list.end(), id) != list.end();
  };
  auto stage = std::make_shared<Stage>();
  stage->closed = std::move(closed);
  stage->show = std::make_shared<const Show>(show);
  stage->sound = std::make_shared<SoundStock>(show, before ? before->show.get() : nullptr);
  if (before && !change.repaint) {
    stage->painted = before->painted;
  } else {
    auto painted = paint_show(show, options_.language, options_.media_folder);
    if (!painted) return std::move(painted.error()).context("paint the event's letters");
    stage->painted = std::move(*painted);
  }
  stage->grid = before && before->show->canvas.rate == show.canvas.rate
                    ? before->grid
                    : std::make_shared<TickGrid>(epoch_, show.canvas.rate);
  for (const auto& input : show.inputs) {
    const bool away = holds(stage->closed, input.id);
    std::shared_ptr<Feed> feed;
    if (before && holds(change.keep, input.id) && holds(before->closed, input.id) == away)
      for (std::size_t i = 0; i < before->feeds.size(); ++i)
        if (before->show->inputs[i].id == input.id) feed = before->feeds[i];
    if (!feed)
      feed = std::make_shared<KeptFeed>(
          FeedConfig{input, away ? std::nullopt : input.source, show.canvas, epoch_, stage->grid,
                     options_.media_folder, &clock_, others_of(show.inputs, input.id),
                     password_finder(options_.outputs.secrets)},
          away ? nullptr : kind_of(input.source));
    if (input.audio) stage->strip_feeds.push_back(stage->feeds.size());
    stage->feeds.push_back(std::move(feed));
  }
  return std::shared_ptr<const Stage>(std::move(stage));
}

const SourceKind* Engine::kind_of(const std::optional<SourceSpec>& source) const {
  if (!source) return nullptr;
  return options_.find_kind ? options_.find_kind(source->kind) : find_source_kind(source->kind);
}

void Engine::open_letter_desk() {
  const auto context = [this](const Show& show, const std::string& words) {
    return PaintContext{options_.language, options_.media_folder,
                        show.title.pick(options_.language), words, nullptr};
  };
  TimerPainters painters{
      [context](const Overlay& overlay, const Show& show, const std::string& words) {
        return paint_overlay(overlay, show.canvas, context(show, words));
      },
      [context](const HoldingCard& card, const Show& show, const std::string& words) {
        return paint_moving_card(card, show.canvas, context(show, words));
      }};
  std::vector<std::unique_ptr<PageSource>> sources;
  sources.push_back(captions_.pages(painters.overlay));
  sources.push_back(std::make_unique<TimerPages>(std::move(painters), options_.language));
  letter_desk_ =
      std::make_unique<LetterDesk>(clock_, options_.wall ? *options_.wall : machine_wall_,
                                   LetterDesk::Roads{moment_, letters_}, std::move(sources));
}

void Engine::publish(std::shared_ptr<const Stage> stage, LiveState live) {
  note_card_microphones(*stage->show, live);
  auto next = std::make_shared<const Moment>(
      Moment{std::move(stage), std::move(live), record_->clean_pictures(), record_->clean_sound()});
  if (const auto before = moment_.load(); !before || before->stage != next->stage) {
    sound_desk_->set_show(next->stage->show);
    outputs_->set_show(*next->stage->show);
    look_at_buses();
  }
  record_->follow(*next->stage);
  display_.change(next, clock_.now());
  moment_.store(std::move(next));
}

// Drawn for whoever looks at them: windows, desks, virtual cameras.
void Engine::look_at_buses() {
  const std::lock_guard lock(looks_mutex_);
  watched_ = static_cast<BusSet>(looked_at_ | outputs_->wanted_buses());
}

Status Engine::open_door() {
  DoorHandlers handlers;
  handlers.command = [this](const Command& c) { return command(c); };
  handlers.snapshot = [this] { return snapshot_.load(); };
  handlers.boards = [this] {
    auto boards = devices_->boards();
    const auto tested = equipment_pictures_.boards();
    boards.insert(boards.end(), tested.begin(), tested.end());
    const std::lock_guard lock(pictures_mutex_);
    auto shows = pictures_->boards();
    shows.insert(shows.end(), boards.begin(), boards.end());
    return shows;
  };
  handlers.desks_changed = [this](int n) { desks_ = n; };
  handlers.looks_changed = [this](bool desks, BusSet buses) {
    desks_look_ = desks;
    looked_at_ = buses;
    look_at_buses();
  };
  auto door = DoorServer::open(socket_path(options_), std::move(handlers));
  if (!door) return std::move(door.error()).context("open the door");
  door_ = std::move(*door);
  door_open_ = door_.get();
  return {};
}

Status Engine::load(const Show& wish) {
  // Painting, opening and closing take seconds; wishes (Esc above all) are carried out meanwhile.
  const std::lock_guard one_load(load_mutex_);
  return go_to(wish);
}

Status Engine::go_to(const Show& wish, std::vector<std::string> closed, const MayGo& may) {
  const Show show = arranged(wish);
  if (devices_away_)
    for (const Input& input : show.inputs)
      if (const SourceKind* kind = kind_of(input.source);
          kind && kind->nature == SourceNature::Device)
        closed.push_back(input.id);
  std::shared_ptr<const Stage> before = moment_.load()->stage;  // only go_to() changes it
  const Patch change = patch(*before->show, show);
  if (auto ok = may_change(change); !ok) return ok;
  auto stage = build_stage(show, before.get(), change, std::move(closed));
  if (!stage) return std::move(stage.error());
  if (auto ok = go_over(*before, *stage, change, may); !ok) return ok;
  captions_.set_show((*stage)->show);
  for (std::size_t i = 0; i < show.inputs.size(); ++i)
    (*stage)->feeds[i]->set_others(others_of(show.inputs, show.inputs[i].id));
  Status shown = show_pictures(**stage, before->show->id == show.id);
  devices_->look_again();
  // Whoever lets go of the old stage last closes its devices, which may take seconds: that is this
  // thread, never a mix loop in the middle of a tick.
  while (before.use_count() > 1) std::this_thread::sleep_for(1ms);
  before.reset();
  return shown;
}

Status Engine::show_pictures(const Stage& stage, bool same_event) {
  if (same_event && pictures_->fits(*stage.show)) return {};  // the same boards go on
  auto pictures =
      PictureDesk::open(clock_, stage,
                        {moment_, to_venue_, watched_, desks_look_, &devices_->pictures(),
                         [this](const TickPictures& p) { outputs_->show_pictures(p.frame); }});
  if (!pictures) return std::move(pictures.error());
  {
    const std::lock_guard lock(pictures_mutex_);
    pictures_.swap(*pictures);
  }
  ++boards_;
  return {};
}

Status Engine::may_change(const Patch& change) const {
  const bool in_use = change.encodes && roads_ && roads_->further_in_use();
  if (in_use || (change.reencode && (outputs_->live() || record_->recording())))
    return Error{
        ErrorKind::FixInput,
        "load: canvas or encode differ from what is on air; stop first",
        {"配信・録画中は、大きさや画質のちがう行事に替えられません。→ 止めてから開いてください。",
         "On air, an event of another size or quality cannot be opened. -> Stop first."}};
  return {};
}

Status Engine::go_over(const Stage& before, const std::shared_ptr<const Stage>& stage,
                       const Patch& change, const MayGo& may) {
  const Show& show = *stage->show;
  std::unique_ptr<EncodeRoads> roads;
  if (change.reencode) {  // before anything is torn down: a refusal leaves all as it was
    auto opened = EncodeRoads::open(show, clock_);
    if (!opened) return std::move(opened.error());
    roads = std::move(*opened);
  }
  const std::lock_guard lock(control_mutex_);
  if (auto ok = may_change(change); !ok) return ok;  // somebody may have gone live meanwhile
  const LiveState now = moment_.load()->live;
  if (may)
    if (auto ok = may(now); !ok) return ok;
  const bool goes_on = before.show->id == show.id || outputs_->live();
  LiveState next = goes_on ? carry_over(show, *before.show, now) : initial_state(show);
  if (!goes_on) display_.restart();
  if (!change.reencode) {
    roads_->set_show(show);
    publish(stage, std::move(next));
    return {};
  }
  outputs_->tidy();  // what was stopped still asks the old road for keyframes until it has ended
  record_->tidy();
  const std::lock_guard quiet(snapshot_mutex_);
  video_.reset();
  audio_.reset();
  publish(stage, std::move(next));
  start_loops(show.canvas, std::move(roads));
  return {};
}

}  // namespace kakehashi
