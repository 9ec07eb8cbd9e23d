// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/record_desk.h"

#include <cstdlib>
#include <filesystem>

#include "core/log.h"
#include "core/thread.h"

namespace kakehashi {

std::string default_record_folder(const Show& show) {
  if (!show.record.folder.empty()) return show.record.folder;
  if (const char* videos = std::getenv("XDG_VIDEOS_DIR"); videos && *videos)
    return std::string(videos) + "/kakehashi";
  const char* home = std::getenv("HOME");
  return std::string(home && *home ? home : "/tmp") + "/Videos/kakehashi";
}

RecordDesk::RecordDesk(Clock& clock, Config config) : clock_(clock), config_(std::move(config)) {
  thread_ = std::thread([this] {
    begin_thread("record", Urgency::Looking);
    run();
  });
}

RecordDesk::~RecordDesk() {
  stop();
  tidy();
  iso_.tidy(true);
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  thread_.join();  // writes the last sidecars
}

void RecordDesk::set_roads(EncodeRoads* roads) {
  const std::lock_guard lock(mutex_);
  roads_ = roads;
}

std::string RecordDesk::folder_of(const Show& show) const {
  return config_.folder.empty() ? default_record_folder(show) : config_.folder;
}

void RecordDesk::recover(const Show& show) {
  std::vector<std::string> folders{folder_of(show)};
  if (!show.record.second_folder.empty()) folders.push_back(show.record.second_folder);
  finaliser_.look_in(std::move(folders));
}

RecordDesk::File RecordDesk::open_file(const Show& show, std::shared_ptr<EncodeRoad> road,
                                       bool clean) {
  File file;
  file.road = std::move(road);
  file.watch = std::make_shared<RecordingWatch>();
  file.watch->disk = config_.disk;
  file.watch->epoch = config_.epoch;
  file.row = std::make_shared<OutputKind>(recording_kind(show.record.format, file.watch));
  OutputConfig config;
  Destination& d = config.destination;
  d.id = clean ? "record.clean" : "record";
  d.name = clean ? Text{"クリーン録画", "Clean recording"} : Text{"本線録画", "Program recording"};
  d.kind = file.row->description.name;
  d.settings["folder"] = folder_of(show);
  d.settings["second_folder"] = show.record.second_folder;
  d.settings["event"] = show.id;
  if (clean) d.settings["name"] = std::string("{event}-{date}-{time}-clean");
  config.stream = file.road->stream();
  config.clock = &clock_;
  config.row = file.row.get();
  // The runner's thread may outlive us where a disk hangs: it keeps what it uses.
  config.want_keyframe = [road = file.road, row = file.row] { road->want_keyframe(); };
  file.runner = std::make_shared<OutputRunner>(std::move(config));
  file.road->attach(file.runner);
  return file;
}

Status RecordDesk::start(const Show& show) {
  if (recording()) return {};
  // Before the lock: a codec takes its time to open, and who looks at us must not wait for it. The
  // folder is made by the file's own thread, because a dead disk may never answer.
  Text encode_trouble, clean_trouble;
  auto road = roads_->use(show.record.encode);
  if (!road) {  // the wrong quality is better than nothing
    log_error("record", road.error().message);
    encode_trouble = {
        "録画用の画質を使えませんでした。→ 終わったら、録画の画質の設定を直してください。",
        "Its own quality does not work. -> Correct that setting afterwards."};
    road = roads_->use(std::string(kMainEncode));
    if (!road) return std::move(road.error()).context("record");
  }
  std::shared_ptr<EncodeRoad> clean;
  if (show.record.clean) {
    if (auto opened = open_clean(show)) {
      clean = std::move(*opened);
    } else {  // never at the program's cost
      log_error("record", opened.error().message);
      clean_trouble = {"クリーン録画を始められませんでした。録画を止めて、もう一度始めてください。",
                       "The clean recording could not start. Stop recording and start it again."};
    }
  }
  const std::lock_guard lock(mutex_);
  if (!program_.empty()) return {};
  encode_trouble_ = std::move(encode_trouble);
  clean_trouble_ = std::move(clean_trouble);
  finaliser_.pause(true);
  take_ = std::make_shared<RecordTake>();
  take_->event = show.id;
  take_->finalise = show.record.finalise;
  take_->since = clock_.now();
  take_->began = local_time_now();
  program_.push_back(open_file(show, std::move(*road), false));
  take_->watches.push_back(program_.back().watch);
  facts_.decodes = false;
  facts_.written = 0;
  // What was off the record stays so until somebody says otherwise.
  if (off_record_) (void)take_->mark(MarkerKind::OffRecord, true, {}, take_->since);
  if (clean) {
    clean_.push_back(open_file(show, std::move(clean), true));
    take_->watches.push_back(clean_.back().watch);
  }
  start_iso_locked(show);
  note_markers_locked();
  wake_.notify_all();
  return {};
}

// A disk that fails one of them keeps none of the others from being noted: a take each.
void RecordDesk::start_iso_locked(const Show& show) {
  IsoLane::Config lane;
  lane.clock = &clock_;
  lane.epoch = config_.epoch;
  lane.nominal = show.canvas.rate;
  lane.format = show.record.format;
  lane.folder = folder_of(show);
  lane.second_folder = show.record.second_folder;
  lane.event = show.id;
  lane.disk = config_.disk;
  for (IsoDesk::Part& part : iso_.start(show, lane, config_.iso_rest)) {
    auto take = std::make_shared<RecordTake>(*take_);
    take->finalise = false;
    take->input = std::move(part.input);
    take->watches = {std::move(part.watch)};
    take->program = take_->watches.front();
    take->no_more = std::move(part.ended);
    iso_takes_.push_back(std::move(take));
  }
}

Result<std::shared_ptr<EncodeRoad>> RecordDesk::open_clean(const Show& show) const {
  const auto settings = roads_->settings(show.record.encode);
  auto road =
      EncodeRoad::open(settings.value_or(show.encode), show.canvas, clock_, roads_->beside());
  if (!road) return std::move(road.error()).context("record the clean bus");
  return std::shared_ptr<EncodeRoad>(std::move(*road));
}

Status RecordDesk::mark(const Mark& wish) {
  const std::lock_guard lock(mutex_);
  if (!take_)
    return Error{ErrorKind::FixInput,
                 "mark: nothing is recorded",
                 {"録画していないので、印をつけられません。→「録画を開始」を押してください。",
                  "Nothing is recorded, so nothing can be marked. -> Press \"Record\"."}};
  if (auto ok = take_->mark(wish.kind, wish.on, wish.note, clock_.now()); !ok) return ok;
  off_record_ = take_->off_record();
  note_markers_locked();
  wake_.notify_all();
  return {};
}

void RecordDesk::note_markers_locked() {
  for (const auto& watch : take_->watches) watch->set_markers(take_->markers);
  for (const auto& take : iso_takes_) {
    take->markers = take_->markers;
    take->watches.front()->set_markers(take_->markers);
  }
}

std::shared_ptr<BoundedQueue<ProgramPicture>> RecordDesk::clean_pictures() const {
  const std::lock_guard lock(mutex_);
  return clean_.empty() ? nullptr : clean_.front().road->picture_queue();
}

std::shared_ptr<BoundedQueue<AudioBlock>> RecordDesk::clean_sound() const {
  const std::lock_guard lock(mutex_);
  return clean_.empty() ? nullptr : clean_.front().road->sound_queue();
}

void RecordDesk::retire_locked(std::vector<File>& files, std::string& last) {
  for (auto& file : files) {
    if (auto path = file.runner->location(); !path.empty()) last = path;
    file.road->detach(file.runner.get());
    retired_.push_back(std::move(file));
  }
  files.clear();
}

void RecordDesk::stop() {
  const std::lock_guard lock(mutex_);
  retire_locked(program_, last_program_);
  retire_locked(clean_, last_clean_);
  iso_.stop();
  if (take_) old_.push_back(std::move(take_));
  take_.reset();
  for (auto& take : iso_takes_) old_.push_back(std::move(take));
  iso_takes_.clear();
  wake_.notify_all();
}

bool RecordDesk::recording() const {
  const std::lock_guard lock(mutex_);
  return !program_.empty();
}

void RecordDesk::tidy() {
  const std::lock_guard one(tidying_);
  std::vector<File> ending;
  {
    const std::lock_guard lock(mutex_);
    ending.swap(retired_);
  }
  iso_.tidy(false);
  for (auto& file : ending) file.runner->stop();
  if (ending.empty()) return;
  ending.clear();
  wake_.notify_all();
}

std::string RecordDesk::last_recording() const {
  const std::lock_guard lock(mutex_);
  return program_.empty() ? last_program_ : program_.front().runner->location();
}

}  // namespace kakehashi
