// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/record_desk.h"

#include <sys/statvfs.h>

#include <cstdlib>
#include <filesystem>

#include "core/log.h"

namespace kakehashi {
namespace {

double hours_left(const std::string& folder, const Show& show) {
  struct statvfs disk {};
  if (statvfs(folder.c_str(), &disk) != 0) return 0;
  const double files = show.record.clean ? 2 : 1;
  const double bytes_per_hour =
      files * (show.encode.video_kbps + show.encode.audio_kbps) * 1000.0 / 8 * 3600;
  return static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize) / bytes_per_hour;
}

}  // namespace

std::string default_record_folder(const Show& show) {
  if (!show.record.folder.empty()) return show.record.folder;
  if (const char* videos = std::getenv("XDG_VIDEOS_DIR"); videos && *videos)
    return std::string(videos) + "/kakehashi";
  const char* home = std::getenv("HOME");
  return std::string(home && *home ? home : "/tmp") + "/Videos/kakehashi";
}

RecordDesk::RecordDesk(Clock& clock, Config config) : clock_(clock), config_(std::move(config)) {}

RecordDesk::~RecordDesk() {
  stop();
  tidy();
}

void RecordDesk::set_road(EncodeRoad* road) {
  const std::lock_guard lock(mutex_);
  road_ = road;
}

std::string RecordDesk::folder_of(const Show& show) const {
  return config_.folder.empty() ? default_record_folder(show) : config_.folder;
}

RecordDesk::File RecordDesk::open_file(Destination destination, EncodeRoad& road,
                                       const std::shared_ptr<EncodeRoad>& keeps) {
  OutputConfig config;
  config.destination = destination;
  config.stream = road.stream();
  config.clock = &clock_;
  config.want_keyframe = [&road, keeps] { road.want_keyframe(); };
  auto runner = std::make_shared<OutputRunner>(std::move(config));
  road.attach(runner);
  return {std::move(destination), std::move(runner)};
}

Status RecordDesk::start(const Show& show) {
  const std::lock_guard lock(mutex_);
  if (!program_.empty()) return {};
  const std::string folder = folder_of(show);
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed)
    return Error{ErrorKind::FixSetup,
                 "record: cannot make the folder " + folder + ": " + failed.message(),
                 {"録画の置き場所を作れません。→ ディスクがつながっているか確かめてください。",
                  "The folder for recordings cannot be made. -> Check that its disk is there."}};
  Destination file;
  file.id = "record";
  file.name = {"本線録画", "Program recording"};
  file.kind = "mkv";
  file.settings["folder"] = folder;
  file.settings["event"] = show.id;
  program_.push_back(open_file(file, *road_));
  since_ = clock_.now();
  clean_trouble_ = {};
  if (!show.record.clean) return {};
  if (const auto ok = start_clean_locked(show, file); !ok) {  // never at the program's cost
    log_error("record", ok.error().message);
    clean_trouble_ = {"クリーン録画を始められませんでした。録画を止めて、もう一度始めてください。",
                      "The clean recording could not start. Stop recording and start it again."};
  }
  return {};
}

Status RecordDesk::start_clean_locked(const Show& show, const Destination& program_file) {
  auto road = EncodeRoad::open(show.encode, show.canvas, clock_);
  if (!road) return std::move(road.error()).context("record the clean bus");
  Destination file = program_file;
  file.id = "record.clean";
  file.name = {"クリーン録画", "Clean recording"};
  file.settings["name"] = std::string("{event}-{date}-{time}-clean");
  std::shared_ptr<EncodeRoad> shared = std::move(*road);
  clean_.push_back(open_file(std::move(file), *shared, shared));
  clean_road_ = std::move(shared);
  return {};
}

std::shared_ptr<BoundedQueue<ProgramPicture>> RecordDesk::clean_pictures() const {
  const std::lock_guard lock(mutex_);
  return clean_road_ ? clean_road_->picture_queue() : nullptr;
}

std::shared_ptr<BoundedQueue<AudioBlock>> RecordDesk::clean_sound() const {
  const std::lock_guard lock(mutex_);
  return clean_road_ ? clean_road_->sound_queue() : nullptr;
}

void RecordDesk::retire_locked(std::vector<File>& files, std::string& last) {
  for (auto& file : files) {
    if (auto path = file.runner->location(); !path.empty()) last = path;
    road_->detach(file.runner.get());
    if (clean_road_) clean_road_->detach(file.runner.get());
    retired_.push_back(std::move(file.runner));
  }
  files.clear();
}

void RecordDesk::stop() {
  const std::lock_guard lock(mutex_);
  retire_locked(program_, last_program_);
  retire_locked(clean_, last_clean_);
  clean_road_.reset();
}

bool RecordDesk::recording() const {
  const std::lock_guard lock(mutex_);
  return !program_.empty();
}

void RecordDesk::tidy() {
  const std::lock_guard one(tidying_);
  std::vector<std::shared_ptr<OutputRunner>> ending;
  {
    const std::lock_guard lock(mutex_);
    ending.swap(retired_);
  }
  for (auto& runner : ending) runner->stop();
}

std::string RecordDesk::last_recording() const {
  const std::lock_guard lock(mutex_);
  return program_.empty() ? last_program_ : program_.front().runner->location();
}

void RecordDesk::report(const Show& show, MediaTime now, Snapshot& s) const {
  const std::lock_guard lock(mutex_);
  s.record.path = last_program_;
  s.record.clean_path = last_clean_;
  s.record.hours_left = hours_left(folder_of(show), show);
  if (program_.empty()) return;
  const auto& runner = program_.front().runner;
  const OutputStatus status = runner->status(now);
  s.record.recording = true;
  s.record.seconds = (now - since_).to_seconds();
  s.record.path = runner->location();
  s.record.bytes = runner->bytes();
  if (status.state != OutputState::Live) s.record.reason = status.reason;
  s.record.clean_path.clear();
  s.record.clean_reason = clean_trouble_;
  if (clean_.empty()) return;
  const OutputStatus clean = clean_.front().runner->status(now);
  s.record.clean_path = clean_.front().runner->location();
  if (clean.state != OutputState::Live) s.record.clean_reason = clean.reason;
}

}  // namespace kakehashi
