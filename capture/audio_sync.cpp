// SPDX-License-Identifier: GPL-3.0-or-later
// The source's thread resamples and writes each sample to the place on the session's sample axis
// where it was captured; mix.audio copies out. Between them: a ring addressed by position, the end
// of what was written, and the end of what was read. No lock.
#include "capture/audio_sync.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "core/delay_loop.h"
#include "core/resampler.h"

namespace kakehashi {
namespace {

constexpr std::int64_t kRing = 1 << 16;  // 1.37 s
constexpr std::int64_t kKeepClear = 2 * kBlockSamples;
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min() / 4;
constexpr int kFade = 240;              // 5 ms
constexpr double kResync = 0.040;       // seconds of error that following would take too long
constexpr double kResyncAfter = 0.060;  // seconds of such sound: one late wake-up is no jump
constexpr Duration kFlowing = Duration::milliseconds(200);
// A source that is late all the time gets more room, in steps of what it missed plus a margin.
constexpr double kLatePatience = 0.3;  // seconds of sound that came late
constexpr std::int64_t kLateMargin = 240;
constexpr std::int64_t kMostExtra = kSampleRate / 2;
constexpr double kCalmBefore = 30;  // seconds without need before room is given back
constexpr std::int64_t kCalmSlack = 960, kCalmRest = 720;  // 20 ms seen, 15 ms kept

float rising(int k) { return (static_cast<float>(k) + 0.5F) / kFade; }

}  // namespace

struct AudioSync::Impl {
  Impl(MediaTime e, Duration d) : epoch(e), delay(d), ring(static_cast<std::size_t>(kRing)) {}

  const MediaTime epoch;
  const Duration delay;
  SoundWatcher* watcher = nullptr;
  InputTap* tap = nullptr;
  ChannelPeaks channels;

  // Shared. Writer: positions >= written and < read_to + kRing - kKeepClear. Reader: < written.
  std::vector<StereoSample> ring;
  std::atomic<std::int64_t> written{kNever};
  std::atomic<std::int64_t> read_to{kNever};
  std::atomic<std::int64_t> last_sound_ns{kNever};
  std::atomic<double> drift_ppm{0};
  std::atomic<std::int64_t> room{0};      // `extra`, to be read
  std::atomic<std::int64_t> lateness{0};  // samples, since the mixer asked
  std::atomic<std::uint64_t> underruns{0}, overruns{0}, resyncs{0};

  // Source thread.
  int rate = 0;
  std::optional<Resampler> resampler;
  DelayLoop loop;
  bool joined = false;
  Late late = Late::MakeRoom;
  double off_line = 0;         // seconds in a row whose stamps are far from the line
  long long fed = 0;           // input frames since restart
  std::int64_t next = kNever;  // position of the next sample to write
  double input_at = 0;         // input frame that belongs there
  std::int64_t extra = 0;      // room given to a source that is always late, samples
  double late_seconds = 0, calm_seconds = 0;
  std::int64_t worst_late = 0, least_slack = std::numeric_limits<std::int64_t>::max();
  int fade_in = kFade, tail = kFade;  // progress; kFade = done
  std::int64_t tail_end = 0;
  std::array<StereoSample, Resampler::kPiece> piece{};

  // mix.audio.
  bool dry = true, ever = false;
  int rise = kFade;
  int echo_at = kFade;
  std::array<StereoSample, kFade> echo{};
  std::array<StereoSample, kFade> recent{};

  StereoSample& slot(std::int64_t position) {
    return ring[static_cast<std::size_t>(position & (kRing - 1))];
  }

  // The position where the session wants input frame `index`, by the loop's line.
  double wanted_position(double index) const {
    const double ahead = (static_cast<double>(fed) - index) / rate * loop.pace();
    return (loop.expected() - ahead) * kSampleRate + static_cast<double>(extra);
  }
  double frames_per_sample() const { return static_cast<double>(rate) / kSampleRate / loop.pace(); }

  void emit(StereoSample s) {
    if (fade_in < kFade) {
      const float g = rising(fade_in++);
      s = {s.left * g, s.right * g};
    }
    // The end of what sounded before, mirrored and faded, so that a jump is no click.
    if (tail < kFade) {
      const StereoSample old = slot(tail_end - 1 - tail);
      const float g = 1 - rising(tail++);
      s = {s.left + old.left * g, s.right + old.right * g};
    }
    slot(next++) = s;
  }

  // Chooses anew which input belongs to the next sample. `oldest`: first input still held.
  void place(double oldest) {
    const std::int64_t heard = read_to.load(std::memory_order_acquire);
    std::int64_t to = static_cast<std::int64_t>(std::ceil(wanted_position(oldest)));
    if (heard != kNever) to = std::min(to, heard + kRing - kKeepClear);
    const std::int64_t from = std::max(next, heard);
    if (from == kNever) {
      next = to;
    } else {
      if (next >= heard) tail = 0, tail_end = next;  // somebody still hears the old sound
      next = std::max(from, to - kRing);
      fade_in = kFade;
      while (next < to) emit({});
    }
    fade_in = 0;
    // Input that belongs to `next`, which may lie past `to` when sound overlaps what was heard.
    input_at = oldest + (static_cast<double>(next) - wanted_position(oldest)) * frames_per_sample();
  }

  void take_piece(std::size_t count);
  void watch_lateness(double length);
};

// Data that comes too late is lost; data that always comes too late is given more room.
void AudioSync::Impl::watch_lateness(double length) {
  const std::int64_t heard = read_to.load(std::memory_order_acquire);
  if (heard == kNever || off_line > 0) return;
  if (next < heard) {
    const std::int64_t missed = heard - next;
    late_seconds += length;
    worst_late = std::max(worst_late, missed);
    if (late == Late::MakeRoom && missed > lateness.load(std::memory_order_relaxed))
      lateness.store(missed, std::memory_order_relaxed);
    calm_seconds = 0;
    input_at += static_cast<double>(missed) * frames_per_sample();
    next = heard;
    if (late == Late::MakeRoom && late_seconds > kLatePatience && extra < kMostExtra) {
      extra = std::min(kMostExtra, extra + worst_late + kLateMargin);
      late_seconds = 0;
      worst_late = 0;
      resyncs.fetch_add(1, std::memory_order_relaxed);
      place(input_at);
    }
    return;
  }
  late_seconds = std::max(0.0, late_seconds - length * 0.1);
  if (late_seconds == 0) worst_late = 0;
  if (extra == 0) return;
  least_slack = calm_seconds == 0 ? next - heard : std::min(least_slack, next - heard);
  calm_seconds += length;
  if (calm_seconds < kCalmBefore) return;
  calm_seconds = 0;
  if (least_slack > kCalmSlack) {
    extra = std::max<std::int64_t>(0, extra - (least_slack - kCalmRest));
    resyncs.fetch_add(1, std::memory_order_relaxed);
    place(input_at);
  }
}

void AudioSync::Impl::take_piece(std::size_t count) {
  resampler->feed(piece.data(), count);
  fed += static_cast<long long>(count);
  const double error = (static_cast<double>(next) - wanted_position(input_at)) / kSampleRate;
  const double calm = loop.age() < 4 ? 1.0 : 5.0;  // seconds over which an error is worked off
  const double bend = std::clamp(error / calm, -DelayLoop::kMostDrift, DelayLoop::kMostDrift);
  const double step = frames_per_sample() * (1 + bend);
  const std::int64_t heard = read_to.load(std::memory_order_acquire);
  const std::int64_t far =
      heard == kNever ? std::numeric_limits<std::int64_t>::max() : heard + kRing - kKeepClear;
  StereoSample s;
  while (resampler->produce(input_at, s)) {
    if (next >= far) {
      overruns.fetch_add(1, std::memory_order_relaxed);
      joined = false;
      break;
    }
    emit(s);
    input_at += step;
  }
  written.store(next, std::memory_order_release);
}

AudioSync::AudioSync(MediaTime epoch, Duration delay)
    : impl_(std::make_unique<Impl>(epoch, delay)) {}
AudioSync::~AudioSync() = default;

void AudioSync::set_watcher(SoundWatcher* watcher) { impl_->watcher = watcher; }

void AudioSync::set_tap(InputTap* tap) { impl_->tap = tap; }

void AudioSync::discontinuity() {
  impl_->joined = false;
  if (impl_->tap) impl_->tap->sound_broken();
}

void AudioSync::when_late(Late late) {
  Impl& m = *impl_;
  if (m.late == late) return;
  m.late = late;
  m.extra = 0;
  m.joined = false;
}

void AudioSync::push(std::span<const float> interleaved, int channels, int rate,
                     MediaTime captured) {
  Impl& m = *impl_;
  if (channels < 1 || channels > 8 || rate < 8000 || rate > 192000) return;
  const std::size_t frames = interleaved.size() / static_cast<std::size_t>(channels);
  if (frames == 0) return;
  if (m.watcher) m.watcher->sound(interleaved, channels, rate, captured);
  if (m.tap) m.tap->sound(interleaved, channels, rate, captured);
  const bool other = rate != m.rate;  // another device, or it was set anew
  if (other) {
    m.rate = rate;
    m.resampler.emplace(rate);
    m.joined = false;
  }
  const double length = static_cast<double>(frames) / rate;
  const double stamp = (captured + m.delay - m.epoch).to_seconds();
  double error = m.joined ? stamp - m.loop.expected() : 0;
  if (std::abs(error) > kResync) {
    m.off_line += length;
    if (m.off_line >= kResyncAfter) m.joined = false;
    error = 0;
  } else {
    m.off_line = 0;
  }
  if (!m.joined) {
    if (m.next != kNever) m.resyncs.fetch_add(1, std::memory_order_relaxed);
    if (other)
      m.loop.start(stamp);
    else
      m.loop.resume(stamp);
    m.resampler->restart();
    m.fed = 0;
    m.off_line = 0;
    m.joined = true;
    m.place(0);
  }
  m.watch_lateness(length);
  m.loop.advance(error, length);
  // The line now ends after this chunk; feed() counts towards it piece by piece.
  const long long end = m.fed + static_cast<long long>(frames);
  const float* in = interleaved.data();
  std::size_t left = frames;
  while (left > 0) {
    const std::size_t count = std::min(left, Resampler::kPiece);
    for (std::size_t i = 0; i < count; ++i, in += channels)
      m.piece[i] = {in[0], channels > 1 ? in[1] : in[0]};
    left -= count;
    // wanted_position() counts back from the loop's end of line: shift it to this piece's end.
    const double rest =
        static_cast<double>(end - m.fed - static_cast<long long>(count)) / rate * m.loop.pace();
    m.loop.shift(-rest);
    m.take_piece(count);
    m.loop.shift(rest);
  }
  m.room.store(m.extra, std::memory_order_relaxed);
  m.drift_ppm.store((1 / m.loop.pace() - 1) * 1e6, std::memory_order_relaxed);
  m.last_sound_ns.store(captured.ns + m.delay.ns + static_cast<std::int64_t>(length * 1e9),
                        std::memory_order_relaxed);
}

bool AudioSync::read(AudioBlock& block, MediaTime now) {
  Impl& m = *impl_;
  const std::int64_t from = block.position;
  const std::int64_t ahead = m.written.load(std::memory_order_acquire) - from;
  const int have = ahead > kRing - kKeepClear
                       ? 0
                       : static_cast<int>(std::clamp<std::int64_t>(ahead, 0, kBlockSamples));
  const bool flowing = now.ns - m.last_sound_ns.load(std::memory_order_relaxed) < kFlowing.ns;
  std::array<StereoSample, kBlockSamples> out{};
  for (int i = 0; i < have; ++i) out[static_cast<std::size_t>(i)] = m.slot(from + i);
  if (have > 0 && m.dry) {
    m.dry = false;
    m.ever = true;
    m.rise = 0;
  }
  for (int i = 0; i < have && m.rise < kFade; ++i, ++m.rise) {
    const float g = rising(m.rise);
    auto& s = out[static_cast<std::size_t>(i)];
    s = {s.left * g, s.right * g};
  }
  int echo_from = 0;
  if (have < kBlockSamples && !m.dry) {
    m.dry = true;
    if (flowing) m.underruns.fetch_add(1, std::memory_order_relaxed);
    for (int k = 0; k < kFade; ++k) {
      const int at = have - 1 - k;
      const StereoSample s = at >= 0 ? out[static_cast<std::size_t>(at)]
                                     : m.recent[static_cast<std::size_t>(kFade + at)];
      const float g = 1 - rising(k);
      m.echo[static_cast<std::size_t>(k)] = {s.left * g, s.right * g};
    }
    m.echo_at = 0;
    echo_from = have;
  }
  const bool echoing = m.echo_at < kFade;
  for (int i = echo_from; i < kBlockSamples && m.echo_at < kFade; ++i, ++m.echo_at) {
    auto& s = out[static_cast<std::size_t>(i)];
    const StereoSample e = m.echo[static_cast<std::size_t>(m.echo_at)];
    s = {s.left + e.left, s.right + e.right};
  }
  std::copy(out.end() - kFade, out.end(), m.recent.begin());
  for (std::size_t i = 0; i < out.size(); ++i) {
    block.samples[2 * i] = out[i].left;
    block.samples[2 * i + 1] = out[i].right;
  }
  m.read_to.store(from + kBlockSamples, std::memory_order_release);
  return have > 0 || echoing || flowing;
}

Duration AudioSync::take_lateness() {
  return time_of_sample(impl_->lateness.exchange(0, std::memory_order_relaxed));
}

ChannelPeaks& AudioSync::channels() { return impl_->channels; }
const ChannelPeaks& AudioSync::channels() const { return impl_->channels; }

AudioSyncStatus AudioSync::status(MediaTime now) const {
  const Impl& m = *impl_;
  AudioSyncStatus s;
  s.drift_ppm = m.drift_ppm.load(std::memory_order_relaxed);
  const std::int64_t written = m.written.load(std::memory_order_relaxed);
  const std::int64_t heard = m.read_to.load(std::memory_order_relaxed);
  if (written > heard && heard != kNever)
    s.buffer_ms = static_cast<double>(written - heard) * 1000 / kSampleRate;
  s.room_ms = static_cast<double>(m.room.load(std::memory_order_relaxed)) * 1000 / kSampleRate;
  s.underruns = m.underruns.load(std::memory_order_relaxed);
  s.overruns = m.overruns.load(std::memory_order_relaxed);
  s.resyncs = m.resyncs.load(std::memory_order_relaxed);
  s.flowing = now.ns - m.last_sound_ns.load(std::memory_order_relaxed) < kFlowing.ns;
  return s;
}

}  // namespace kakehashi
