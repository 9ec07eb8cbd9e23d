// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/ingest_sound.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace kakehashi {
namespace {

constexpr double kToneHz = 1000;
constexpr double kSilence = 1e-5;    // power: -50 dBFS
constexpr double kFaintest = 0.005;  // amplitude of a beep worth looking at: -46 dBFS
constexpr double kJumpMs = 40;       // two AAC frames off the sample count: a gap, not jitter

double decibel_of_power(double p) { return p <= 1e-12 ? -120.0 : 10 * std::log10(p); }

}  // namespace

void SoundMeter::begin_session(int session) {
  session_ = session;
  first_pts_.reset();
  rate_ = 0;  // everything about the tone starts anew
}

void SoundMeter::set_rate(int rate) {
  rate_ = rate;
  const auto period = static_cast<std::size_t>(std::lround(rate / kToneHz));
  i_.assign(std::max<std::size_t>(1, period), 0.0);
  q_ = i_;
  at_ = 0;
  i_sum_ = q_sum_ = 0;
  const double angle = 2 * std::numbers::pi * kToneHz / rate;
  turn_cos_ = std::cos(angle);
  turn_sin_ = std::sin(angle);
  cos_ = 1;
  sin_ = 0;
  envelope_.assign(static_cast<std::size_t>(rate / 10), 0.0);
  mono_ = envelope_;
  peak_ = 0;
  peak_decay_ = std::pow(0.5, 1.0 / (5.0 * rate));  // halves in 5 s
  triggered_.reset();
  position_ = 0;
  window_count_ = 0;
  window_i_ = window_q_ = window_power_ = 0;
  silent_ms_ = 0;
}

void SoundMeter::follow_time(Duration pts) {
  const double measured = pts.to_milliseconds();
  const double expected = anchor_ms_ + static_cast<double>(position_) * 1000 / rate_;
  if (position_ == 0) {
    anchor_ms_ = measured;
  } else if (std::abs(measured - expected) > kJumpMs) {
    // A viewer hears nothing in a gap.
    if (measured > expected) {
      silent_ms_ += measured - expected;
      longest_silent_ms_ = std::max(longest_silent_ms_, silent_ms_);
    }
    anchor_ms_ += measured - expected;
    triggered_.reset();
  } else {
    anchor_ms_ += (measured - expected) * 0.02;
  }
}

Duration SoundMeter::time_at(double sample) const {
  return Duration::from_seconds((anchor_ms_ + sample * 1000 / rate_) / 1000);
}

void SoundMeter::add(const DecodedSound& sound) {
  if (sound.rate < 8000 || sound.channels < 1) return;
  if (sound.rate != rate_) set_rate(sound.rate);
  follow_time(sound.pts);
  if (!first_pts_) first_pts_ = sound.pts;
  const auto channels = static_cast<std::size_t>(sound.channels);
  for (std::size_t at = 0; at + channels <= sound.interleaved.size(); at += channels) {
    double sum = 0, power = 0;
    for (std::size_t c = 0; c < channels; ++c) {
      const double v = sound.interleaved[at + c];
      sum += v;
      power += v * v;
    }
    add_sample(sum / static_cast<double>(channels), power / static_cast<double>(channels));
  }
  end_pts_ = time_at(static_cast<double>(position_));
}

void SoundMeter::add_sample(double mono, double power) {
  ++samples_;
  power_ += power;
  const double i = mono * cos_, q = mono * sin_;
  const double turned = cos_ * turn_cos_ - sin_ * turn_sin_;
  sin_ = sin_ * turn_cos_ + cos_ * turn_sin_;
  cos_ = turned;
  i_sum_ += i - i_[at_];
  q_sum_ += q - q_[at_];
  i_[at_] = i;
  q_[at_] = q;
  if (++at_ == i_.size()) {
    at_ = 0;
    // The phasor and the running sums would creep by rounding over hours.
    const double length = std::hypot(cos_, sin_);
    cos_ /= length;
    sin_ /= length;
    i_sum_ = q_sum_ = 0;
    for (std::size_t k = 0; k < i_.size(); ++k) {
      i_sum_ += i_[k];
      q_sum_ += q_[k];
    }
  }
  const double envelope =
      2 * std::sqrt(i_sum_ * i_sum_ + q_sum_ * q_sum_) / static_cast<double>(i_.size());
  mono_[static_cast<std::size_t>(position_) % mono_.size()] = mono;
  watch_beep(envelope);
  ++position_;

  window_i_ += i;
  window_q_ += q;
  window_power_ += power;
  if (++window_count_ == rate_ / 100) end_window();
}

void SoundMeter::end_window() {
  const auto n = static_cast<double>(window_count_);
  const double amplitude = 2 * std::hypot(window_i_, window_q_) / n;
  const double db = std::clamp(decibel_of_power(amplitude * amplitude), -120.0, 0.0);
  ++tone_[static_cast<std::size_t>(std::lround((db + 120) * 10))];
  ++windows_;
  if (window_power_ / n < kSilence) {
    silent_ms_ += 10;
    longest_silent_ms_ = std::max(longest_silent_ms_, silent_ms_);
  } else {
    silent_ms_ = 0;
  }
  window_count_ = 0;
  window_i_ = window_q_ = window_power_ = 0;
}

// A beep: the envelope is near its highest and was low 30 ms ago.
void SoundMeter::watch_beep(double envelope) {
  const auto size = static_cast<std::int64_t>(envelope_.size());
  const std::int64_t before = position_ - rate_ * 3 / 100;
  const double earlier = before < 0 ? 0 : envelope_[static_cast<std::size_t>(before % size)];
  envelope_[static_cast<std::size_t>(position_ % size)] = envelope;
  peak_ = std::max(envelope, peak_ * peak_decay_);
  if (triggered_) {
    if (position_ - *triggered_ >= rate_ * 3 / 100) locate_beep();
  } else if (envelope > kFaintest && envelope > 0.5 * peak_ && earlier < 0.3 * envelope) {
    triggered_ = position_;
  }
}

// The codec smears a little sound in front of a beep, so the trigger may be early: the beginning is
// where the envelope passes half of the height it reached 30 ms later.
void SoundMeter::locate_beep() {
  const std::int64_t from = std::max<std::int64_t>(1, *triggered_ - rate_ / 100);
  triggered_.reset();
  const auto at = [&](std::int64_t k) {
    return envelope_[static_cast<std::size_t>(k) % envelope_.size()];
  };
  double height = 0;
  for (std::int64_t k = from; k <= position_; ++k) height = std::max(height, at(k));
  std::int64_t k = from;
  while (k <= position_ && !(at(k - 1) < height / 2 && at(k) >= height / 2)) ++k;
  if (k > position_ || !tonal(k)) return;
  const double crossing =
      static_cast<double>(k - 1) + (height / 2 - at(k - 1)) / (at(k) - at(k - 1));
  // The sum over one period reaches half of a sudden tone half a period late.
  const double onset = crossing + 1 - static_cast<double>(i_.size()) / 2;
  const Duration pts = time_at(onset);
  // Other sound just before can trigger early; then the same beginning is found a second time.
  const bool again = !beeps_.empty() && beeps_.back().session == session_ &&
                     pts - beeps_.back().pts < Duration::milliseconds(100);
  if (!again) beeps_.push_back({session_, pts});
}

// Speech and music have 1 kHz in them too; a beep is mostly that.
bool SoundMeter::tonal(std::int64_t from) const {
  double i = 0, q = 0, power = 0;
  const double step = 2 * std::numbers::pi * kToneHz / rate_;
  for (std::int64_t k = from; k <= position_; ++k) {
    const double v = mono_[static_cast<std::size_t>(k) % mono_.size()];
    const double angle = step * static_cast<double>(k - from);
    i += v * std::cos(angle);
    q += v * std::sin(angle);
    power += v * v;
  }
  const auto n = static_cast<double>(position_ - from + 1);
  return 2 * (i * i + q * q) / n > 0.5 * power;  // the tone's share of all power
}

void SoundMeter::fill(IngestReport& r) const {
  r.sound_samples_decoded = samples_;
  r.longest_silence_s = longest_silent_ms_ / 1000;
  if (samples_ > 0) r.rms_dbfs = decibel_of_power(power_ / static_cast<double>(samples_));
  if (windows_ == 0) return;
  std::uint64_t above = 0;
  for (std::size_t k = tone_.size(); k-- > 0;) {
    above += tone_[k];
    if (above * 50 < windows_ || above == 0) continue;  // the loudest 2 %
    r.tone_dbfs = static_cast<double>(k) / 10 - 120;
    break;
  }
}

void fill_av_offset(IngestReport& r, const std::vector<Flash>& flashes,
                    const std::vector<Beep>& beeps) {
  std::vector<double> offsets;
  // Both lists are in order of session and time.
  const auto earlier = [](const Beep& b, const Flash& f) {
    return b.session != f.session ? b.session < f.session : b.pts < f.pts;
  };
  for (const Flash& f : flashes) {
    const auto after = std::lower_bound(beeps.begin(), beeps.end(), f, earlier);
    double nearest = 500;
    const auto look = [&](const Beep& b) {
      const double d = (b.pts - f.pts).to_milliseconds();
      if (b.session == f.session && std::abs(d) < std::abs(nearest)) nearest = d;
    };
    if (after != beeps.end()) look(*after);
    if (after != beeps.begin()) look(*std::prev(after));
    if (std::abs(nearest) < 500) offsets.push_back(nearest);
  }
  r.av_offset_ms.count = offsets.size();
  if (offsets.empty()) return;
  std::sort(offsets.begin(), offsets.end());
  r.av_offset_ms.median = offsets[offsets.size() / 2];
  r.av_offset_ms.worst =
      std::abs(offsets.front()) > std::abs(offsets.back()) ? offsets.front() : offsets.back();
}

}  // namespace kakehashi
