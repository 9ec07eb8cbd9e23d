// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/output_desk.h"

#include <sys/statvfs.h>

#include <algorithm>
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

// The widest audience first: this is what the state bar warns with.
int width_of(AudienceScope s) { return 3 - static_cast<int>(s); }

}  // namespace

std::string default_record_folder(const Show& show) {
  if (!show.record.folder.empty()) return show.record.folder;
  if (const char* videos = std::getenv("XDG_VIDEOS_DIR"); videos && *videos)
    return std::string(videos) + "/kakehashi";
  const char* home = std::getenv("HOME");
  return std::string(home && *home ? home : "/tmp") + "/Videos/kakehashi";
}

OutputDesk::OutputDesk(Clock& clock, Config config) : clock_(clock), config_(std::move(config)) {
  for (const auto& [name, secret] : config_.secrets) redact_in_logs(secret);
}

OutputDesk::~OutputDesk() {
  stop_live();
  stop_record();
  tidy();
}

void OutputDesk::set_road(EncodeRoad* road) {
  const std::lock_guard lock(mutex_);
  road_ = road;
}

Result<std::shared_ptr<OutputRunner>> OutputDesk::start(const Destination& destination,
                                                        const std::shared_ptr<EncodeRoad>& clean) {
  OutputConfig config;
  config.destination = destination;
  if (const auto over = config_.url_overrides.find(destination.id);
      over != config_.url_overrides.end())
    config.destination.settings["url"] = over->second;
  if (!destination.key_name.empty()) {
    const auto key = config_.secrets.find(destination.key_name);
    if (key == config_.secrets.end())
      return Error{ErrorKind::FixSetup,
                   "destination \"" + destination.id + "\": the secrets file has no key named \"" +
                       destination.key_name + "\"",
                   {"「" + destination.name.ja +
                        "」の配信キーが登録されていません。→ 機材担当に登録を頼んでください。",
                    "There is no stream key for \"" + destination.name.pick(Language::English) +
                        "\". -> Have the technician register it."}};
    config.key = key->second;
  }
  EncodeRoad* road = clean ? clean.get() : road_;
  config.stream = road->stream();
  config.clock = &clock_;
  config.want_keyframe = [road, clean] { road->want_keyframe(); };  // `clean` keeps its road alive
  auto runner = std::make_shared<OutputRunner>(std::move(config));
  road->attach(runner);
  return runner;
}

Status OutputDesk::go_live(const Show& show) {
  const std::lock_guard lock(mutex_);
  if (!live_.empty()) return {};
  std::vector<Running> started;
  for (const auto& destination : show.destinations) {
    if (!destination.enabled) continue;
    auto runner = start(destination);
    if (!runner) {
      retire_locked(started);
      return std::move(runner.error()).context("go live");
    }
    started.push_back({destination, std::move(*runner)});
  }
  if (started.empty())
    return Error{
        ErrorKind::FixInput,
        "go live: the event has no enabled destination",
        {"配信先が1つも選ばれていません。→ 行事のファイルで配信先を使うようにしてください。",
         "No destination is switched on. -> Enable one in the event's file."}};
  live_ = std::move(started);
  live_since_ = clock_.now();
  return {};
}

Status OutputDesk::start_record(const Show& show) {
  const std::lock_guard lock(mutex_);
  if (!record_.empty()) return {};
  const std::string folder =
      config_.record_folder.empty() ? default_record_folder(show) : config_.record_folder;
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
  auto runner = start(file);
  if (!runner) return std::move(runner.error()).context("record");
  record_.push_back({file, std::move(*runner)});
  record_since_ = clock_.now();
  clean_trouble_ = {};
  if (!show.record.clean) return {};
  if (const auto ok = start_clean_locked(show, file); !ok) {  // never at the program's cost
    log_error("record", ok.error().message);
    clean_trouble_ = {"クリーン録画を始められませんでした。録画を止めて、もう一度始めてください。",
                      "The clean recording could not start. Stop recording and start it again."};
  }
  return {};
}

Status OutputDesk::start_clean_locked(const Show& show, const Destination& program_file) {
  auto road = EncodeRoad::open(show.encode, show.canvas, clock_);
  if (!road) return std::move(road.error()).context("record the clean bus");
  Destination file = program_file;
  file.id = "record.clean";
  file.name = {"クリーン録画", "Clean recording"};
  file.settings["name"] = std::string("{event}-{date}-{time}-clean");
  std::shared_ptr<EncodeRoad> shared = std::move(*road);
  auto runner = start(file, shared);
  if (!runner) return std::move(runner.error()).context("record the clean bus");
  clean_.push_back({std::move(file), std::move(*runner)});
  clean_road_ = std::move(shared);
  return {};
}

std::shared_ptr<BoundedQueue<ProgramPicture>> OutputDesk::clean_pictures() const {
  const std::lock_guard lock(mutex_);
  return clean_road_ ? clean_road_->picture_queue() : nullptr;
}

std::shared_ptr<BoundedQueue<AudioBlock>> OutputDesk::clean_sound() const {
  const std::lock_guard lock(mutex_);
  return clean_road_ ? clean_road_->sound_queue() : nullptr;
}

void OutputDesk::retire_locked(std::vector<Running>& running) {
  for (auto& r : running) {
    road_->detach(r.runner.get());
    if (clean_road_) clean_road_->detach(r.runner.get());
    retired_.push_back(std::move(r.runner));
  }
  running.clear();
}

void OutputDesk::stop_live() {
  const std::lock_guard lock(mutex_);
  retire_locked(live_);
}

void OutputDesk::stop_record() {
  const std::lock_guard lock(mutex_);
  for (const auto& r : record_)
    if (auto path = r.runner->location(); !path.empty()) last_recording_ = path;
  for (const auto& r : clean_)
    if (auto path = r.runner->location(); !path.empty()) last_clean_ = path;
  retire_locked(record_);
  retire_locked(clean_);
  clean_road_.reset();
}

bool OutputDesk::live() const {
  const std::lock_guard lock(mutex_);
  return !live_.empty();
}
bool OutputDesk::recording() const {
  const std::lock_guard lock(mutex_);
  return !record_.empty();
}

void OutputDesk::tidy() {
  const std::lock_guard one(tidying_);
  std::vector<std::shared_ptr<OutputRunner>> ending;
  {
    const std::lock_guard lock(mutex_);
    ending.swap(retired_);
  }
  for (auto& runner : ending) runner->stop();
}

std::shared_ptr<const OutputRunner> OutputDesk::first_live() const {
  const std::lock_guard lock(mutex_);
  return live_.empty() ? nullptr : live_.front().runner;
}

std::string OutputDesk::last_recording() const {
  const std::lock_guard lock(mutex_);
  return record_.empty() ? last_recording_ : record_.front().runner->location();
}

void OutputDesk::report(const Show& show, MediaTime now, Snapshot& s) const {
  const std::lock_guard lock(mutex_);
  s.live = !live_.empty();
  s.live_seconds = s.live ? (now - live_since_).to_seconds() : 0;
  s.practice = true;
  bool any = false;
  for (const auto& d : show.destinations) {
    if (d.enabled) {
      if (!any || width_of(d.scope) > width_of(s.scope)) s.scope = d.scope;
      any = true;
      s.practice = s.practice && d.scope == AudienceScope::Practice;
    }
    const auto it = std::find_if(live_.begin(), live_.end(),
                                 [&](const Running& r) { return r.destination.id == d.id; });
    OutputStatus status;
    if (it != live_.end()) status = it->runner->status(now);
    status.id = d.id;
    status.name = d.name;
    status.kind = d.kind;
    status.scope = d.scope;
    status.enabled = d.enabled;
    s.outputs.push_back(std::move(status));
  }
  s.practice = s.practice && any;
  const std::string folder =
      config_.record_folder.empty() ? default_record_folder(show) : config_.record_folder;
  s.record.path = last_recording_;
  s.record.clean_path = last_clean_;
  s.record.hours_left = hours_left(folder, show);
  if (record_.empty()) return;
  const auto& runner = record_.front().runner;
  const OutputStatus status = runner->status(now);
  s.record.recording = true;
  s.record.seconds = (now - record_since_).to_seconds();
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
