// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/output_desk.h"

#include <algorithm>

#include "core/log.h"

namespace kakehashi {
namespace {

// The widest audience first: this is what the state bar warns with.
int width_of(AudienceScope s) { return 3 - static_cast<int>(s); }

}  // namespace

OutputDesk::OutputDesk(Clock& clock, Config config) : clock_(clock), config_(std::move(config)) {
  for (const auto& [name, secret] : config_.secrets) redact_in_logs(secret);
}

OutputDesk::~OutputDesk() {
  stop_live();
  tidy();
}

void OutputDesk::set_road(EncodeRoad* road) {
  const std::lock_guard lock(mutex_);
  road_ = road;
}

Result<std::shared_ptr<OutputRunner>> OutputDesk::start(const Destination& destination) {
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
  EncodeRoad* road = road_;
  config.stream = road->stream();
  config.clock = &clock_;
  config.want_keyframe = [road] { road->want_keyframe(); };
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

void OutputDesk::retire_locked(std::vector<Running>& running) {
  for (auto& r : running) {
    road_->detach(r.runner.get());
    retired_.push_back(std::move(r.runner));
  }
  running.clear();
}

void OutputDesk::stop_live() {
  const std::lock_guard lock(mutex_);
  retire_locked(live_);
}

bool OutputDesk::live() const {
  const std::lock_guard lock(mutex_);
  return !live_.empty();
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
}

}  // namespace kakehashi
