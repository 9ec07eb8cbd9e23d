// SPDX-License-Identifier: GPL-3.0-or-later
#include "venue/sound_road.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <limits>

#include "core/delay_loop.h"
#include "core/resampler.h"
#include "core/spsc_ring.h"

namespace kakehashi {
namespace {

constexpr std::size_t kRing = 32;       // blocks: a device that stands still for 0.3 s loses some
constexpr int kFade = 240;              // 5 ms
constexpr double kMargin = 0.005;       // seconds; mix.audio may be that late
constexpr double kResync = 0.040;       // error that following would take too long
constexpr double kResyncAfter = 0.060;  // seconds of such fetches: one late wake-up is no jump
constexpr double kJump = 0.020;         // a wanted place further away than this is jumped to
constexpr double kShortHole = 0.100;    // longer ones are standstills: more room would not help
constexpr double kMostExtra = 0.500;
// Sound that comes, but always too late for its place: as many fetches, and as long a hole.
constexpr int kLateFetches = 8;
constexpr double kLateHole = 0.150;
constexpr double kExtraMargin = 0.002;
constexpr double kCalmBefore = 60;  // seconds without a hole before room is given back
constexpr double kCalmSlack = 0.010, kCalmRest = 0.007, kCalmStep = 0.010;

float rising(int k) { return (static_cast<float>(k) + 0.5F) / kFade; }

// Resampler's rate is the input's towards 48 kHz; here 48 kHz is the input.
int towards(int rate) {
  return static_cast<int>(static_cast<double>(kSampleRate) * kSampleRate / rate + 0.5);
}

// Reader's, but for the ring.
struct Lane {
  Lane(int rate, int channel) : resampler(towards(rate)), first(channel) {}

  SpscRing<AudioBlock> ring{kRing};
  Resampler resampler;
  const int first;
  std::int64_t base = 0, fed = 0;  // program position of the resampler's input 0; its inputs so far
  bool fresh = true;               // nothing was fed yet
  bool ever = false, dry = true;
  double hole = 0;       // seconds without sound, since dry
  bool came = false;     // something was fed in this fetch
  int late_fetches = 0;  // in which something came and was too late
  int rise = kFade, echo_at = kFade;
  std::array<StereoSample, kFade> echo{}, recent{};
  std::size_t last = 0;  // in recent
  AudioBlock block;
  std::array<StereoSample, kBlockSamples> piece{};

  std::int64_t end() const {
    return base + fed + static_cast<std::int64_t>(ring.size()) * kBlockSamples;
  }

  bool feed() {
    if (!ring.pop(block)) return false;
    came = true;
    if (fresh || block.position != base + fed) {
      resampler.restart();
      base = block.position;
      fed = 0;
      fresh = false;
    }
    for (std::size_t i = 0; i < piece.size(); ++i)
      piece[i] = {block.samples[2 * i], block.samples[2 * i + 1]};
    resampler.feed(piece.data(), piece.size());
    fed += kBlockSamples;
    return true;
  }

  bool find(double at, StereoSample& s) {
    while (fresh || !resampler.produce(at - static_cast<double>(base), s))
      if (!feed()) return false;
    return at >= static_cast<double>(base);
  }

  // What sounded last, mirrored and faded, so that a jump is no click.
  void begin_echo() {
    for (std::size_t k = 0; k < kFade; ++k) {
      const StereoSample s = recent[(last + kFade - k) % kFade];
      const float g = 1 - rising(static_cast<int>(k));
      echo[k] = {s.left * g, s.right * g};
    }
    echo_at = 0;
  }
  void cut() {
    if (dry) return;
    begin_echo();
    rise = 0;
  }

  StereoSample play(bool there, StereoSample s) {
    if (there && dry) {
      dry = false;
      ever = true;
      rise = 0;
    } else if (!there && !dry) {
      dry = true;
      hole = 0;
      begin_echo();
    }
    if (dry) s = {};
    if (rise < kFade) {
      const float g = rising(rise++);
      s = {s.left * g, s.right * g};
    }
    if (echo_at < kFade) {
      const StereoSample e = echo[static_cast<std::size_t>(echo_at++)];
      s = {s.left + e.left, s.right + e.right};
    }
    last = (last + 1) % kFade;
    recent[last] = s;
    return s;
  }
};

void add(float* frame, int channels, int first, StereoSample s) {
  if (channels == 1) {
    frame[0] += 0.5F * (s.left + s.right);
    return;
  }
  if (first < channels) frame[first] += s.left;
  if (first + 1 < channels) frame[first + 1] += s.right;
}

}  // namespace

struct SoundRoad::Impl {
  MediaTime epoch;
  double lag = 0;
  int rate = kSampleRate;
  std::vector<std::unique_ptr<Lane>> lanes;

  // Reader.
  DelayLoop loop;
  bool joined = false;
  double off_line = 0;
  double at = 0;          // program position of the next device frame
  double not_before = 0;  // after a step back: what has sounded is not heard twice
  double extra = 0;       // room beyond the margin, seconds
  double calm = 0, least_slack = 0;

  std::atomic<double> drift_ppm{0}, buffer_ms{0}, delay_ms{0};
  std::atomic<std::uint64_t> underruns{0}, device_underflows{0}, resyncs{0};
  std::atomic<std::int64_t> fetched_ns{0};

  double delay() const {
    return lag + kMargin + extra +
           static_cast<double>(lanes.empty() ? 0 : lanes[0]->resampler.lookahead()) / kSampleRate;
  }
  // The program position that belongs to the first of `length` seconds that end at the line's end.
  double wanted(double length) const {
    return (loop.expected() - length * loop.pace() - delay()) * kSampleRate;
  }
  void jump(double to) {
    not_before = std::max(at, not_before);
    at = to;
    for (const auto& lane : lanes) lane->cut();
  }
  void give_room(double hole);
  void catch_up(Lane& lane, double last);
  void look_for_calm(double length);
  void render(float* out, std::size_t frames, int channels, double step);
};

// The mixer was late: later on, everything is fetched that much later.
void SoundRoad::Impl::give_room(double hole) {
  underruns.fetch_add(1, std::memory_order_relaxed);
  calm = 0;
  if (hole > kShortHole || extra >= kMostExtra) return;
  extra = std::min(kMostExtra, extra + hole + kExtraMargin);
}

// The mixer went over to mixing later than room was given for.
void SoundRoad::Impl::catch_up(Lane& lane, double last) {
  if (!lane.dry || !lane.ever) {
    lane.late_fetches = 0;
    return;
  }
  if (!lane.came || ++lane.late_fetches < kLateFetches || lane.hole < kLateHole) return;
  const double late = (last - static_cast<double>(lane.end())) / kSampleRate;
  if (late <= 0) return;
  extra = std::min(kMostExtra, extra + late + 0.010 + kExtraMargin);
  underruns.fetch_add(1, std::memory_order_relaxed);
  lane.late_fetches = 0;
  lane.hole = 0;
  calm = 0;
}

void SoundRoad::Impl::look_for_calm(double length) {
  double slack = std::numeric_limits<double>::max();
  for (const auto& lane : lanes)
    if (!lane->dry) slack = std::min(slack, (static_cast<double>(lane->end()) - at) / kSampleRate);
  if (slack == std::numeric_limits<double>::max()) return;
  buffer_ms.store(slack * 1000, std::memory_order_relaxed);
  least_slack = calm == 0 ? slack : std::min(least_slack, slack);
  calm += length;
  if (calm < kCalmBefore) return;
  calm = 0;
  if (extra > 0 && least_slack > kCalmSlack)  // followed by bending: nobody hears it
    extra = std::max(0.0, extra - std::min(kCalmStep, least_slack - kCalmRest));
}

void SoundRoad::Impl::render(float* out, std::size_t frames, int channels, double step) {
  std::fill(out, out + frames * static_cast<std::size_t>(channels), 0.0F);
  for (const auto& lane : lanes) {
    float* frame = out;
    lane->came = false;
    for (std::size_t i = 0; i < frames; ++i, frame += channels) {
      const double place = at + static_cast<double>(i) * step;
      StereoSample s;
      const bool there = lane->find(place, s) && place >= not_before;
      if (lane->dry && there && lane->hole > 0 && lane->hole < 1) give_room(lane->hole);
      add(frame, channels, lane->first, lane->play(there, s));
      // Waiting for sound that was played already is no hole.
      if (lane->dry && lane->ever && place >= not_before) lane->hole += 1.0 / rate;
    }
    catch_up(*lane, at + static_cast<double>(frames) * step);
  }
  at += static_cast<double>(frames) * step;
}

SoundRoad::SoundRoad(MediaTime epoch, Duration lag, int rate, std::span<const int> first_channels)
    : impl_(std::make_unique<Impl>()) {
  impl_->epoch = epoch;
  impl_->lag = lag.to_seconds();
  impl_->rate = rate;
  for (const int first : first_channels)
    impl_->lanes.push_back(std::make_unique<Lane>(rate, first));
}
SoundRoad::~SoundRoad() = default;

void SoundRoad::push(std::size_t lane, const AudioBlock& block) {
  impl_->lanes[lane]->ring.push(block);
}

void SoundRoad::fetch(MediaTime now, float* out, std::size_t frames, int channels, bool underflow) {
  Impl& m = *impl_;
  if (frames == 0 || channels < 1) return;
  const double length = static_cast<double>(frames) / m.rate;
  // When the first of these places in the device's buffer became free: linear in the device's own
  // time, however late its thread came and however much it then asks for at once.
  const double stamp = (now - m.epoch).to_seconds() - length;
  double error = m.joined ? stamp - m.loop.expected() : 0;
  if (underflow) {
    m.device_underflows.fetch_add(1, std::memory_order_relaxed);
    if (m.loop.age() > 1) m.joined = false;  // it stood still for an unknown time
  }
  if (std::abs(error) > kResync) {
    m.off_line += length;
    if (m.off_line >= kResyncAfter) m.joined = false;
    error = 0;
  } else {
    m.off_line = 0;
  }
  if (!m.joined) {
    if (m.fetched_ns.load(std::memory_order_relaxed) != 0)
      m.resyncs.fetch_add(1, std::memory_order_relaxed);
    m.loop.resume(stamp);
    m.joined = true;
    m.off_line = 0;
    m.jump((stamp - m.delay()) * kSampleRate);
    error = 0;
  }
  m.loop.advance(error, length);
  double away = (m.wanted(length) - m.at) / kSampleRate;
  if (std::abs(away) > kJump) {
    m.jump(m.wanted(length));
    away = 0;
  }
  const double calm = m.loop.age() < 4 ? 1.0 : 5.0;  // seconds over which an error is worked off
  const double bend = std::clamp(away / calm, -DelayLoop::kMostDrift, DelayLoop::kMostDrift);
  const double step = static_cast<double>(kSampleRate) / m.rate * m.loop.pace() * (1 + bend);
  const double extra = m.extra;
  m.render(out, frames, channels, step);
  if (m.extra > extra) m.jump(m.at - (m.extra - extra) * kSampleRate);
  m.look_for_calm(length);
  m.drift_ppm.store((1 / m.loop.pace() - 1) * 1e6, std::memory_order_relaxed);
  m.delay_ms.store(m.delay() * 1000, std::memory_order_relaxed);
  m.fetched_ns.store(now.ns, std::memory_order_relaxed);
}

SoundRoadStatus SoundRoad::status() const {
  const Impl& m = *impl_;
  SoundRoadStatus s;
  s.drift_ppm = m.drift_ppm.load(std::memory_order_relaxed);
  s.buffer_ms = m.buffer_ms.load(std::memory_order_relaxed);
  s.delay_ms = m.delay_ms.load(std::memory_order_relaxed);
  s.room_ms = s.delay_ms > 0 ? s.delay_ms - m.lag * 1000 : 0;
  s.underruns = m.underruns.load(std::memory_order_relaxed);
  s.device_underflows = m.device_underflows.load(std::memory_order_relaxed);
  s.resyncs = m.resyncs.load(std::memory_order_relaxed);
  s.fetched = {m.fetched_ns.load(std::memory_order_relaxed)};
  return s;
}

}  // namespace kakehashi
