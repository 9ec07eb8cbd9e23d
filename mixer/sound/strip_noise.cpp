// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/strip_noise.h"

#include <algorithm>
#include <cmath>

#include "core/time.h"

namespace kakehashi::strip {
namespace {

constexpr double kFull = 32768;

spx_int16_t as_16(double v) {
  return static_cast<spx_int16_t>(std::clamp(std::floor(v * kFull + 0.5), -32768.0, 32767.0));
}

}  // namespace

std::unique_ptr<SpeexPreprocessState, NoiseSuppressor::Free> NoiseSuppressor::make() {
  auto* state = speex_preprocess_state_init(kFrame, kSampleRate);
  int on = 1, off = 0;  // its voice detector and its reverberation part are off by themselves
  speex_preprocess_ctl(state, SPEEX_PREPROCESS_SET_DENOISE, &on);
  speex_preprocess_ctl(state, SPEEX_PREPROCESS_SET_AGC, &off);
  return std::unique_ptr<SpeexPreprocessState, Free>(state);
}

NoiseSuppressor::NoiseSuppressor() {
  middle_.state = make();
  side_.state = make();
}

void NoiseSuppressor::set(double db, bool at_once) {
  if (db > 0 && goal_db_ == 0 && wet_.now() == 0) listened_ = 0;
  if (db > 0) goal_db_ = db;  // while it fades out it keeps its amount
  if (db == 0) {
    goal_db_ = 0;
    wet_.go(0, kGlide);
    if (at_once) wet_.jump(0);
  }
}

// Silence is not handed over: the estimates inside would decay into denormal numbers, with which a
// frame takes four times as long as with sound.
void NoiseSuppressor::filter(Channel& c) {
  const bool silent = std::all_of(c.now.begin(), c.now.end(), [](auto v) { return v == 0; });
  c.quiet = silent ? std::min(c.quiet + 1, 2) : 0;
  if (c.quiet < 2) speex_preprocess_run(c.state.get(), c.now.data());
}

void NoiseSuppressor::run(std::span<Pair, kFrame> samples) {
  const bool off = goal_db_ == 0 && wet_.still() && wet_.now() == 0;
  if (off) {
    std::swap_ranges(samples.begin(), samples.end(), before_.begin());
    return;
  }
  if (goal_db_ > 0) {
    const int goal = static_cast<int>(std::lround(goal_db_));
    for (Channel* c : {&middle_, &side_}) {
      // A quarter of the largest change per frame of 5 ms.
      c->amount += std::clamp(goal - c->amount, -8, 8);
      int suppress = -c->amount;
      speex_preprocess_ctl(c->state.get(), SPEEX_PREPROCESS_SET_NOISE_SUPPRESS, &suppress);
    }
    if (listened_ >= kListen) wet_.go(1, kGlide);
  }
  Samples16 middle, side;  // as they went in
  for (std::size_t i = 0; i < kFrame; ++i) {
    middle[i] = as_16((samples[i][0] + samples[i][1]) / 2);
    side[i] = as_16((samples[i][0] - samples[i][1]) / 2);
  }
  middle_.now = middle;
  side_.now = side;
  filter(middle_);
  filter(side_);
  if (middle_.quiet < 2) listened_ = std::min(listened_ + 1, kListen);
  for (std::size_t i = 0; i < kFrame; ++i) {
    const double m = (middle_.now[i] - middle_.before[i]) / kFull;
    const double s = (side_.now[i] - side_.before[i]) / kFull;
    const Pair in = samples[i];
    samples[i] = before_[i] + pair(wet_.next()) * pair(m + s, m - s);
    before_[i] = in;
  }
  middle_.before = middle;
  side_.before = side;
}

}  // namespace kakehashi::strip
