// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/rate_desk.h"

#include <chrono>
#include <cmath>

#include "core/log.h"
#include "core/thread.h"
#include "encoder/output.h"
#include "station/encode_road.h"

namespace kakehashi {
namespace {

constexpr Duration kDroppedLately = Duration::seconds(5);

Text words_for(LineWord word, bool leads) {
  if (word == LineWord::Short)
    return {
        "回線が足りず、映像を間引いて送っています（音は届いています）。→ "
        "この回線のほかの通信を止めてください。",
        "The line is too thin: pictures are left out, sound gets through. -> Stop other traffic "
        "on this line."};
  if (word != LineWord::Tight) return {};
  if (leads)
    return {
        "回線が細いため、画質を下げて送っています（遅れと音は守っています）。→ "
        "この回線のほかの通信を止めてください。",
        "The line is thin: the picture's quality is lowered, so that nothing comes late. -> Stop "
        "other traffic on this line."};
  return {"回線に余裕がなく、少し遅れています。→ この回線のほかの通信を止めてください。",
          "The line has no room left and runs a little late. -> Stop other traffic on this line."};
}

const char* name_of(LineWord word) {
  switch (word) {
    case LineWord::None:
      return "not measured";
    case LineWord::Ample:
      return "ample";
    case LineWord::Tight:
      return "tight";
    case LineWord::Short:
      return "short";
  }
  return "";
}

}  // namespace

RateLine rate_line(const Destination& destination, std::shared_ptr<EncodeRoad> road,
                   std::shared_ptr<const OutputRunner> runner) {
  RateLine line;
  line.id = destination.id;
  line.encode = destination.encode;
  line.leads = destination.lead;
  line.spare = !destination.backup_of.empty();
  const StreamDescription& stream = road->stream();
  line.limits = {stream.video_kbps, floor_kbps(stream.width, stream.height), stream.audio_kbps};
  line.look = [runner](MediaTime now) { return runner->line(now); };
  line.apply = [road](const RateDecision& d) {
    road->set_bitrate(d.video_kbps);
    road->set_half_rate(d.half_rate);
  };
  return line;
}

RateDesk::RateDesk(Clock& clock, std::function<std::vector<RateLine>()> lines)
    : clock_(clock), lines_of_(std::move(lines)) {}

RateDesk::~RateDesk() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void RateDesk::start() {
  thread_ = std::thread([this] { run(); });
}

void RateDesk::run() {
  begin_thread("rate", Urgency::Ordinary);
  constexpr std::chrono::nanoseconds every(LineWatch::kEvery.ns);
  auto next = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  while (!stop_) {
    lock.unlock();
    step(clock_.now());
    lock.lock();
    // A late look is not made up for: two at once would see the same figures.
    next = std::max(next + every, std::chrono::steady_clock::now());
    wake_.wait_until(lock, next, [this] { return stop_; });
  }
}

void RateDesk::look_at(const RateLine& line, MediaTime now) {
  Line& l = lines_[line.id];
  const LineSample sample = line.look(now);
  l.watch.look(sample);
  l.encode = encode_id(line.encode);
  if (sample.dropped > l.dropped) l.dropped_at = now;
  l.dropped = sample.dropped;
  l.seen = true;

  auto [it, fresh] = encodes_.try_emplace(l.encode, line.limits);
  Encode& e = it->second;
  if (e.limits != line.limits) e = Encode(line.limits);
  e.apply = line.apply;
  if (!e.seen) e.leader.clear();
  e.seen = true;
}

void RateDesk::judge(const std::string& id, Line& line, MediaTime now) {
  LineWord word = LineWord::None;
  if (const auto e = encodes_.find(line.encode); line.watch.known() && e != encodes_.end()) {
    const bool leads = e->second.leader == id;
    const RateControl& control = e->second.control;
    const bool waits = line.watch.standing(Duration::milliseconds(500)) > line.watch.unremarkable();
    if ((line.dropped_at.ns != 0 && now - line.dropped_at < kDroppedLately) ||
        (leads && control.decision().half_rate))
      word = LineWord::Short;
    else if ((leads && control.held_down()) || waits)
      word = LineWord::Tight;
    else
      word = LineWord::Ample;
  }
  if (word != line.word && word != LineWord::None)
    log_info("rate",
             "the line of " + id + " is " + name_of(word) + ", it takes " +
                 std::to_string(std::lround(line.watch.delivered_kbps(Duration::seconds(1)))) +
                 " kbit/s");
  line.word = word;
}

void RateDesk::step(MediaTime now) {
  const std::vector<RateLine> lines = lines_of_();
  std::vector<std::function<void()>> told;  // outside the lock
  {
    const std::lock_guard lock(mutex_);
    for (auto& [id, line] : lines_) line.seen = false;
    for (auto& [id, encode] : encodes_) encode.seen = false;
    for (const RateLine& line : lines) look_at(line, now);
    std::erase_if(lines_, [](const auto& l) { return !l.second.seen; });

    for (auto& [id, encode] : encodes_) {
      int best = 0;
      for (const RateLine& line : lines) {
        if (encode_id(line.encode) != id || !lines_[line.id].watch.known()) continue;
        const int rank = line.leads ? 3 : line.spare ? 1 : 2;
        if (rank <= best) continue;
        best = rank;
        encode.leader = line.id;
      }
      if (!encode.seen)
        told.emplace_back([apply = encode.apply, most = encode.limits.most_kbps] {
          apply({most, false});
        });
      else if (best > 0)
        told.emplace_back(
            [apply = encode.apply, d = encode.control.step(lines_[encode.leader].watch, now)] {
              apply(d);
            });
      else
        told.emplace_back([apply = encode.apply, d = encode.control.step({}, now)] { apply(d); });
    }
    std::erase_if(encodes_, [](const auto& e) { return !e.second.seen; });
    for (auto& [id, line] : lines_) judge(id, line, now);
  }
  for (const auto& tell : told) tell();
}

void RateDesk::report(Snapshot& s) const {
  const std::lock_guard lock(mutex_);
  for (OutputStatus& output : s.outputs) {
    const auto line = lines_.find(output.id);
    if (line == lines_.end()) continue;
    const auto encode = encodes_.find(line->second.encode);
    if (encode != encodes_.end() && !encode->second.leader.empty())
      output.lead = encode->second.leader == output.id;
    output.line = line->second.word;
    output.delivered_kbps = line->second.watch.delivered_kbps(Duration::seconds(1));
    if (output.state == OutputState::Live && output.reason == Text{})
      output.reason = words_for(output.line, output.lead);
  }
  for (EncodeStatus& status : s.encodes)
    if (const auto encode = encodes_.find(status.id); encode != encodes_.end()) {
      status.target_kbps = encode->second.control.decision().video_kbps;
      status.half_rate = encode->second.control.decision().half_rate;
    }
}

}  // namespace kakehashi
