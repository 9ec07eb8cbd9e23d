// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/output_desk.h"

#include <algorithm>

#include "core/log.h"

namespace kakehashi {
namespace {

// The widest audience first: this is what the state bar warns with.
int width_of(AudienceScope s) { return 3 - static_cast<int>(s); }

bool is_raw(const Destination& d) {
  const OutputKind* kind = find_output_kind(d.kind);
  return kind && kind->open_raw;
}

Error nothing_to_send_to() {
  return {ErrorKind::FixInput,
          "go live: no destination is switched on",
          {"配信先が1つも選ばれていません。→ 配信先を「使う」にしてください。",
           "No destination is switched on. -> Switch one on."}};
}

}  // namespace

std::string leading_line(const std::vector<Destination>& wanted, const std::string& encode) {
  const Destination* first = nullptr;
  for (const Destination& d : wanted) {
    if (encode_id(d.encode) != encode_id(encode) || is_raw(d)) continue;
    if (d.lead) return d.id;
    if (!first || (!first->backup_of.empty() && d.backup_of.empty())) first = &d;
  }
  return first ? first->id : std::string();
}

OutputDesk::OutputDesk(Clock& clock, Config config) : clock_(clock), config_(std::move(config)) {
  for (const auto& [name, secret] : config_.secrets) redact_in_logs(secret);
  rates_ = std::make_unique<RateDesk>(clock_, [this] {
    std::vector<RateLine> wires;
    for (LiveLine& line : lines())
      if (line.runner)
        wires.push_back(rate_line(line.destination, std::move(line.road), std::move(line.runner)));
    return wires;
  });
  rates_->start();
}

OutputDesk::~OutputDesk() {
  rates_.reset();
  stop_live();
  {
    const std::lock_guard lock(cameras_mutex_);
    for (Camera& c : cameras_) retired_cameras_.push_back(std::move(c.runner));
    cameras_.clear();
  }
  tidy();
}

void OutputDesk::set_roads(EncodeRoads* roads) {
  const std::lock_guard lock(mutex_);
  roads_ = roads;
}

void OutputDesk::set_show(const Show& show) {
  const std::lock_guard lock(mutex_);
  if (show.id != event_) switched_.clear();
  event_ = show.id;
  canvas_ = show.canvas;
  destinations_ = show.destinations;
  arrange_cameras_locked();
}

bool OutputDesk::wanted(const Destination& d) const {
  const auto by_hand = switched_.find(d.id);
  return by_hand == switched_.end() ? d.enabled : by_hand->second;
}

// What runs becomes what is wanted; one whose settings are the same goes on undisturbed.
void OutputDesk::arrange_cameras_locked() {
  std::vector<Destination> wish;
  for (const Destination& d : destinations_)
    if (is_raw(d) && wanted(d)) wish.push_back(d);
  const std::lock_guard lock(cameras_mutex_);
  std::vector<Camera> next;
  for (const Destination& d : wish) {
    const auto runs = std::find_if(cameras_.begin(), cameras_.end(), [&](const Camera& c) {
      return c.runner && c.destination == d && c.runner->canvas() == canvas_;
    });
    if (runs != cameras_.end())
      next.push_back(std::move(*runs));
    else
      next.push_back({d, std::make_shared<RawRunner>(RawConfig{d, canvas_, &clock_, nullptr})});
  }
  for (Camera& c : cameras_)
    if (c.runner) retired_cameras_.push_back(std::move(c.runner));
  cameras_ = std::move(next);
}

BusSet OutputDesk::wanted_buses() const {
  const std::lock_guard lock(cameras_mutex_);
  BusSet buses = 0;
  for (const Camera& c : cameras_) buses |= bus_bit(raw_bus(c.destination));
  return buses;
}

void OutputDesk::show_pictures(const std::array<FramePtr, kBuses>& pictures) {
  const std::lock_guard lock(cameras_mutex_);
  for (const Camera& c : cameras_)
    if (const FramePtr& picture = pictures[static_cast<std::size_t>(raw_bus(c.destination))])
      c.runner->push(picture);
}

Result<OutputConfig> OutputDesk::configure(const Destination& destination) const {
  OutputConfig config;
  config.destination = destination;
  if (const auto over = config_.url_overrides.find(destination.id);
      over != config_.url_overrides.end())
    config.destination.settings["url"] = over->second;
  // A spare line without a key of its own has its main line's: it is the same stream.
  std::string key_name = destination.key_name;
  if (key_name.empty() && !destination.backup_of.empty())
    if (const Destination* main = find_by_id(destinations_, destination.backup_of))
      key_name = main->key_name;
  if (!key_name.empty()) {
    const auto key = config_.secrets.find(key_name);
    if (key == config_.secrets.end())
      return Error{ErrorKind::FixSetup,
                   "destination \"" + destination.id + "\": the secrets file has no key named \"" +
                       key_name + "\"",
                   {"「" + destination.name.ja +
                        "」の配信キーが登録されていません。→ 機材担当に登録を頼んでください。",
                    "There is no stream key for \"" + destination.name.pick(Language::English) +
                        "\". -> Have the technician register it."}};
    config.key = key->second;
  }
  config.clock = &clock_;
  if (const OutputKind* kind = find_output_kind(destination.kind);
      kind && kind->waiting && !kind->waiting(destination.settings).ja.empty())
    config.open_limit = std::chrono::hours(24);  // waiting for a receiver is no hanging
  return config;
}

LiveLine OutputDesk::start(const Destination& destination) {
  LiveLine line{destination, {}, {}, {}};
  const auto
      failed =
          [&](const Error& error) {
            line.trouble = error.words.ja.empty()
                       ? Text{"この配信先を始められませんでした。→ いったん切り、もう一度入れてください。",
                              "It could not be started. -> Switch it off and on again."}
                       : error.words;
            log_error("out." + destination.id, error.message);
            return line;
          };
  auto config = configure(destination);
  if (!config) return failed(config.error());
  auto road = roads_->use(destination.encode);
  if (!road) return failed(road.error());
  line.road = std::move(*road);
  config->stream = line.road->stream();
  config->want_keyframe = [road = line.road.get()] { road->want_keyframe(); };
  line.runner = std::make_shared<OutputRunner>(std::move(*config));
  line.road->attach(line.runner, destination.scope == AudienceScope::Practice);
  return line;
}

Status OutputDesk::go_live() {
  const std::lock_guard lock(mutex_);
  if (on_air_) return {};
  std::vector<LiveLine> started;
  for (const auto& destination : destinations_)
    if (wanted(destination) && !is_raw(destination)) started.push_back(start(destination));
  if (started.empty()) return nothing_to_send_to();
  if (std::none_of(started.begin(), started.end(), [](const LiveLine& l) { return l.runner; }))
    return Error{ErrorKind::FixSetup, "go live: no destination could be started",
                 started.front().trouble};
  live_ = std::move(started);
  live_since_ = clock_.now();
  on_air_ = true;
  return {};
}

// The road stays with the runner until it has ended: it may still ask for a keyframe.
void OutputDesk::retire_locked(LiveLine& line) {
  if (!line.runner) return;
  line.road->detach(line.runner.get());
  retired_.push_back(std::move(line));
}

void OutputDesk::stop_live() {
  const std::lock_guard lock(mutex_);
  for (auto& line : live_) retire_locked(line);
  live_.clear();
  on_air_ = false;
}

bool OutputDesk::live() const {
  const std::lock_guard lock(mutex_);
  return on_air_;
}

Status OutputDesk::switch_destination(const std::string& id, bool on) {
  const std::lock_guard lock(mutex_);
  const Destination* destination = find_by_id(destinations_, id);
  if (!destination)
    return Error{ErrorKind::FixInput,
                 "destination: none is called \"" + id + "\"",
                 {"この配信先は、この行事にありません。→ 行事のファイルを確かめてください。",
                  "This event has no such destination. -> Check the event's file."}};
  if (is_raw(*destination)) {
    switched_[id] = on;
    arrange_cameras_locked();
    return {};
  }
  const auto line = std::find_if(live_.begin(), live_.end(),
                                 [&](const LiveLine& l) { return l.destination.id == id; });
  if (on_air_ && !on && line != live_.end()) {
    const auto others = std::count_if(live_.begin(), live_.end(), [&](const LiveLine& l) {
      return l.runner && l.destination.id != id;
    });
    if (others == 0)
      return Error{ErrorKind::FixInput,
                   "destination: \"" + id + "\" is the last one on air; stop_live ends the stream",
                   {"配信中の最後の1つは切れません。→ 終えるときは「配信を停止」を押してください。",
                    "It is the last one on air. -> To end, stop the stream."}};
    retire_locked(*line);
    live_.erase(line);
  }
  if (on_air_ && on && (line == live_.end() || !line->runner)) {
    LiveLine begun = start(*destination);
    const Status result =
        begun.runner ? Status()
                     : Status(Error{ErrorKind::FixSetup,
                                    "destination: \"" + id + "\" did not start", begun.trouble});
    if (line != live_.end())
      *line = std::move(begun);
    else
      live_.push_back(std::move(begun));
    switched_[id] = true;
    return result;
  }
  switched_[id] = on;
  return {};
}

void OutputDesk::tidy() {
  const std::lock_guard one(tidying_);
  std::vector<LiveLine> ending;
  std::vector<std::shared_ptr<RawRunner>> cameras;
  {
    const std::lock_guard lock(mutex_);
    ending.swap(retired_);
    const std::lock_guard cameras_lock(cameras_mutex_);
    cameras.swap(retired_cameras_);
  }
  for (auto& line : ending) line.runner->stop();
  for (auto& camera : cameras) camera->stop();
}

std::shared_ptr<const OutputRunner> OutputDesk::first_live() const {
  const std::lock_guard lock(mutex_);
  for (const LiveLine& line : live_)
    if (line.runner) return line.runner;
  return nullptr;
}

std::vector<LiveLine> OutputDesk::lines() const {
  const std::lock_guard lock(mutex_);
  return live_;
}

void OutputDesk::report(MediaTime now, Snapshot& s) const {
  const std::lock_guard lock(mutex_);
  s.live = on_air_;
  s.live_seconds = s.live ? (now - live_since_).to_seconds() : 0;
  std::vector<Destination> shown = destinations_, wish;
  // Another event was opened on air: what it does not name still runs.
  for (const LiveLine& line : live_)
    if (!find_by_id(destinations_, line.destination.id)) shown.push_back(line.destination);
  for (const Destination& d : shown)
    if (wanted(d)) wish.push_back(d);
  const auto running = [&](const std::string& id) {
    const auto it = std::find_if(live_.begin(), live_.end(),
                                 [&](const LiveLine& l) { return l.destination.id == id; });
    return it == live_.end() ? nullptr : &*it;
  };
  bool any = false, practice = true;
  const std::lock_guard cameras_lock(cameras_mutex_);
  for (const Destination& d : shown) {
    OutputStatus status;
    const LiveLine* line = running(d.id);
    if (line && line->runner) {
      status = line->runner->status(now);
      const OutputKind* kind = find_output_kind(d.kind);
      if (status.state == OutputState::Connecting && kind && kind->waiting)
        status.reason = kind->waiting(d.settings);
    } else if (line) {
      status.state = OutputState::Failed;
      status.reason = line->trouble;
    }
    for (const Camera& c : cameras_)
      if (c.destination.id == d.id) status = c.runner->status(now);
    status.id = d.id;
    status.name = d.name;
    status.kind = d.kind;
    status.scope = d.scope;
    status.always = is_raw(d);
    status.enabled = wanted(d) || line;
    if (!status.always) {
      status.encode = encode_id(d.encode);
      status.backup_of = d.backup_of;
      status.lead = leading_line(wish, d.encode) == d.id;
      if (status.enabled) {
        if (!any || width_of(d.scope) > width_of(s.scope)) s.scope = d.scope;
        any = true;
        practice = practice && d.scope == AudienceScope::Practice;
      }
    }
    s.outputs.push_back(std::move(status));
  }
  s.practice = practice && any;
  rates_->report(s);
}

}  // namespace kakehashi
