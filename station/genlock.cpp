// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/genlock.h"

#include <algorithm>

namespace kakehashi {
namespace {

// Longer without a picture, and another camera of the scene takes over.
constexpr Duration kGone = Duration::milliseconds(500);

std::int64_t area_on(const Canvas& canvas, const Rect& r) {
  const int left = std::max(r.x, 0), right = std::min(r.x + r.w, canvas.width);
  const int top = std::max(r.y, 0), bottom = std::min(r.y + r.h, canvas.height);
  if (right <= left || bottom <= top) return 0;
  return static_cast<std::int64_t>(right - left) * (bottom - top);
}

}  // namespace

std::optional<std::size_t> genlock_input(const Show& show, const LiveState& live,
                                         std::span<const std::uint8_t> moves) {
  if (live.emergency) return std::nullopt;
  const Scene* scene = find_by_id(show.scenes, live.program);
  if (!scene || !scene->card.empty()) return std::nullopt;
  std::optional<std::size_t> best;
  std::int64_t largest = 0;
  for (const Layer& layer : scene->layers) {
    if (layer.opacity <= 0) continue;
    for (std::size_t i = 0; i < show.inputs.size() && i < moves.size(); ++i) {
      if (moves[i] == 0 || show.inputs[i].id != layer.input) continue;
      const std::int64_t area = area_on(show.canvas, layer.rect);
      if (area > largest) {
        largest = area;
        best = i;
      }
    }
  }
  return best;
}

void Genlock::advance(TickClock& ticks, const Moment& moment, std::span<const FramePtr> frames) {
  const Stage& stage = *moment.stage;
  TickClock::Wish wish;
  wish.follow = moment.live.genlock;
  int input = -1;
  if (wish.follow) {
    moves_.clear();
    for (const auto& feed : stage.feeds) {
      const FrameSync& video = feed->video();
      bool moves = video.own_pace();
      if (moves) {
        const CadenceLine line = video.cadence();
        moves = line.settled && ticks.time() - line.last < kGone;
      }
      moves_.push_back(moves ? 1 : 0);
    }
    if (const auto chosen = genlock_input(*stage.show, moment.live, moves_)) {
      input = static_cast<int>(*chosen);
      wish.line = stage.feeds[*chosen]->video().cadence();
      if (*chosen < frames.size() && frames[*chosen])
        phase_ms_ = (ticks.time() - frames[*chosen]->info().captured).to_milliseconds();
    }
  }
  ticks.advance(wish);
  if (stage.grid) {
    if (ticks.nominal())
      stage.grid->nominal();
    else
      stage.grid->move(ticks.time(), ticks.period());
  }
  input_ = ticks.following() ? input : -1;
  locked_ = ticks.locked();
  ppm_ = ticks.ppm();
}

GenlockStatus Genlock::status(const Moment& moment) const {
  GenlockStatus s;
  s.wanted = moment.live.genlock;
  const int input = input_;
  if (!s.wanted || input < 0 || input >= static_cast<int>(moment.stage->show->inputs.size()))
    return s;
  s.locked = locked_;
  s.input = moment.stage->show->inputs[static_cast<std::size_t>(input)].id;
  s.phase_ms = phase_ms_;
  s.ppm = ppm_;
  return s;
}

}  // namespace kakehashi
