// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/iso_desk.h"

#include <algorithm>

#include "core/log.h"

namespace kakehashi {
namespace {

constexpr Duration kCalm = Duration::seconds(300);  // then the next rest is short again

}  // namespace

std::vector<IsoDesk::Part> IsoDesk::start(const Show& show, const IsoLane::Config& lane,
                                          Duration first_rest) {
  const std::lock_guard lock(mutex_);
  std::vector<Part> parts;
  rest_ = first_rest_ = first_rest;
  for (const std::string& id : show.record.iso) {
    const Input* input = find_by_id(show.inputs, id);
    if (!input || (!input->video && !input->audio)) continue;
    lanes_.push_back(std::make_unique<IsoLane>(lane, *input));
    parts.push_back({id, lanes_.back()->watch(), lanes_.back()->ended_flag()});
  }
  return parts;
}

void IsoDesk::stop() {
  const std::lock_guard lock(mutex_);
  for (auto& lane : lanes_) {
    lane->stop();
    ending_.push_back(std::move(lane));
  }
  lanes_.clear();
}

void IsoDesk::tidy(bool all) {
  std::vector<std::unique_ptr<IsoLane>> ended;
  {
    const std::lock_guard lock(mutex_);
    const auto first = std::partition(ending_.begin(), ending_.end(),
                                      [all](const auto& l) { return !all && !l->ended(); });
    std::move(first, ending_.end(), std::back_inserter(ended));
    ending_.erase(first, ending_.end());
  }
}

void IsoDesk::follow(const Stage& stage, MediaTime now) {
  const std::lock_guard lock(mutex_);
  const auto& inputs = stage.show->inputs;
  for (std::size_t i = 0; i < stage.feeds.size(); ++i) {
    const auto lane = std::find_if(lanes_.begin(), lanes_.end(),
                                   [&](const auto& l) { return l->input() == inputs[i].id; });
    Feed& feed = *stage.feeds[i];
    if (lane != lanes_.end()) {
      (*lane)->follow(inputs[i], feed.video().figures(now).fps);
      feed.set_tap((*lane)->tap());
    } else {
      feed.set_tap(nullptr);
    }
  }
  const auto gone = std::stable_partition(lanes_.begin(), lanes_.end(), [&](const auto& l) {
    return find_by_id(inputs, l->input()) != nullptr;
  });
  for (auto lane = gone; lane != lanes_.end(); ++lane) {
    (*lane)->stop();
    ending_.push_back(std::move(*lane));
  }
  lanes_.erase(gone, lanes_.end());
}

void IsoDesk::spare_programme(MediaTime now) {
  const std::lock_guard lock(mutex_);
  const bool at_work = std::any_of(lanes_.begin(), lanes_.end(), [now](const auto& l) {
    return l->has_pictures() && !l->rests(now);
  });
  if (!at_work) return;
  if (now - suffered_ > kCalm) rest_ = first_rest_;
  suffered_ = now;
  log_warning("iso", "the programme was late: pictures of single inputs rest");
  Duration rest = rest_;
  for (auto& lane : lanes_) {
    if (!lane->has_pictures()) continue;
    lane->rest_until(now + rest);
    rest = rest + rest_;
  }
  rest_ = std::min(rest_ * 2, kLongestRest);
}

std::vector<IsoStatus> IsoDesk::status(MediaTime now) const {
  const std::lock_guard lock(mutex_);
  std::vector<IsoStatus> all;
  for (const auto& lane : lanes_) all.push_back(lane->status(now));
  return all;
}

}  // namespace kakehashi
