// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/ingest_match.h"

#include <algorithm>
#include <cmath>

namespace kakehashi {
namespace {

constexpr double kStepMs = 1000.0 * kSoundStep / kSampleRate;
constexpr std::int64_t kSecond = kSampleRate / kSoundStep;  // steps
// Coding at a few Mbit/s moves a field's mean by less than 3, even of noise.
constexpr int kOtherPicture = 12;
constexpr std::uint32_t kLongestLoss = 3000;   // more: the station began anew
constexpr std::size_t kLongestDelay = 20'000;  // ms
constexpr std::size_t kMostOffsets = 100'000;
constexpr float kFloor = -60;    // dB: quieter is all alike
constexpr double kAlike = 0.5;   // correlation; other places of the same speech stay below 0.35
constexpr double kUnique = 0.8;  // of the best: the most that any other place may reach
constexpr std::ptrdiff_t kBeside = 12;  // steps: still the same place
constexpr double kLively = 0.5;  // dB^2: variance of the fingerprint's changes worth comparing
constexpr float kAudible = -45;  // dB

}  // namespace

void ProgramMatch::Ring::put(std::int64_t at, double level) {
  if (at < 0) return;
  step[static_cast<std::size_t>(at) % kSteps] = at;
  db[static_cast<std::size_t>(at) % kSteps] = std::max(kFloor, static_cast<float>(level));
}
std::optional<float> ProgramMatch::Ring::get(std::int64_t at) const {
  if (at < 0 || step[static_cast<std::size_t>(at) % kSteps] != at) return std::nullopt;
  return db[static_cast<std::size_t>(at) % kSteps];
}

void ProgramMatch::begin_session() {
  shift_ms_.reset();
  sound_known_ = false;
  last_number_.reset();
  newest_heard_ = newest_expected_ = compared_ = first_heard_ = -1;
  heard_ = expected_ = Ring();
}

void ProgramMatch::picture(const DecodedPicture& p, const PracticeNote& note, MediaTime decoded) {
  ++notes_;
  const double shift = static_cast<double>(note.pts_us) / 1000 - p.pts.to_milliseconds();
  if (!shift_ms_ || std::abs(shift - *shift_ms_) > 20) {
    shift_ms_ = shift;
    sound_known_ = false;
  }
  *shift_ms_ += (shift - *shift_ms_) * 0.02;

  const PictureFields seen = picture_fields(p.luma, p.stride, p.width, p.height);
  for (std::size_t i = 0; i < seen.size(); ++i)
    if (std::abs(seen[i] - note.fields[i]) > kOtherPicture) {
      ++wrong_;
      break;
    }
  if (last_number_) {
    const std::uint32_t step = note.number - *last_number_;
    if (step > 1 && step <= kLongestLoss) missing_ += step - 1;
  }
  last_number_ = note.number;

  const double delay = static_cast<double>(decoded.ns / 1000 - note.captured_us) / 1000;
  if (delays_.empty()) delays_.resize(kLongestDelay);
  ++delays_[static_cast<std::size_t>(
      std::clamp(delay, 0.0, static_cast<double>(kLongestDelay - 1)))];
  longest_delay_ms_ = std::max(longest_delay_ms_, delay);

  for (std::size_t i = 0; i < note.levels.size(); ++i) {
    newest_expected_ = note.first_step + static_cast<std::int64_t>(i);
    expected_.put(newest_expected_, level_db(note.levels[i]));
  }
}

void ProgramMatch::sound(const DecodedSound& s) {
  if (!shift_ms_ || s.rate < 8000 || s.channels < 1) return;
  const double pts = s.pts.to_milliseconds() + *shift_ms_;
  if (!sound_known_ || s.rate != rate_ || std::abs(pts - sound_ms_) > 40) {
    sound_ms_ = pts;
    rate_ = s.rate;
    sound_known_ = true;
    step_ = -1;
  }
  sound_ms_ += (pts - sound_ms_) * 0.02;
  const auto channels = static_cast<std::size_t>(s.channels);
  for (std::size_t at = 0; at + channels <= s.interleaved.size(); at += channels) {
    const auto step = static_cast<std::int64_t>(std::floor(sound_ms_ / kStepMs));
    if (step != step_) {
      heard_step();
      step_ = step;
      power_ = 0;
      samples_ = 0;
    }
    for (std::size_t c = 0; c < channels; ++c) {
      const double v = s.interleaved[at + c];
      power_ += v * v / static_cast<double>(channels);
    }
    ++samples_;
    sound_ms_ += 1000.0 / rate_;
  }
}

void ProgramMatch::heard_step() {
  if (step_ < 0 || samples_ < rate_ / 1000) return;
  const double power = power_ / samples_;
  heard_.put(step_, power <= 1e-13 ? -127.5 : 10 * std::log10(power));
  newest_heard_ = step_;
  if (first_heard_ < 0) first_heard_ = step_;
  // Once a second, of what both sides know all of: a sound that is late is not here yet.
  const std::int64_t known = std::min(newest_heard_, newest_expected_);
  if (known >= compared_ + kSecond) {
    compared_ = known;
    compare();
  }
}

void ProgramMatch::compare() {
  const std::int64_t end = compared_ - kFarthest, begin = end - kWindow;
  if (end - kSecond < first_heard_) return;
  // Lost: the programme can be heard and nothing arrived, in the newest second of the window.
  int audible = 0, silent = 0;
  for (std::int64_t k = end - kSecond; k < end; ++k) {
    const auto wanted = expected_.get(k);
    if (!wanted) return;
    audible += *wanted > kAudible;
    silent += heard_.get(k).value_or(kFloor) <= kFloor;
  }
  if (audible > kSecond / 2 && silent > kSecond * 9 / 10) {
    lost_s_ += 1;
    return;
  }
  // Changes of level, so that another volume or a quiet passage counts as well as a loud one.
  std::vector<float> wanted(kWindow), got(kWindow + 2 * kFarthest);
  double energy = 0;
  for (int i = 0; i < kWindow; ++i) {
    const auto a = expected_.get(begin + i), b = expected_.get(begin + i - 1);
    wanted[static_cast<std::size_t>(i)] = a && b ? *a - *b : 0;
    energy += wanted[static_cast<std::size_t>(i)] * wanted[static_cast<std::size_t>(i)];
  }
  if (energy / kWindow < kLively) return;
  for (int i = 0; i < kWindow + 2 * kFarthest; ++i) {
    const auto a = heard_.get(begin - kFarthest + i), b = heard_.get(begin - kFarthest + i - 1);
    got[static_cast<std::size_t>(i)] = a && b ? *a - *b : 0;
  }
  std::vector<double> alike(2 * kFarthest + 1);
  double power = 0;
  for (std::size_t i = 0; i < kWindow; ++i) power += got[i] * got[i];
  for (std::size_t lag = 0; lag < alike.size(); ++lag) {
    double sum = 0;
    for (std::size_t i = 0; i < kWindow; ++i) sum += wanted[i] * got[i + lag];
    alike[lag] = power > 0 ? sum / std::sqrt(energy * power) : 0;
    if (lag + 1 < alike.size())
      power += got[lag + kWindow] * got[lag + kWindow] - got[lag] * got[lag];
  }
  const auto best =
      static_cast<std::size_t>(std::max_element(alike.begin(), alike.end()) - alike.begin());
  if (best == 0 || best + 1 == alike.size() || alike[best] < kAlike) return;
  // A tone that beats or a metronome fits in many places: then nothing is known.
  for (std::size_t lag = 0; lag < alike.size(); ++lag)
    if (std::abs(static_cast<std::ptrdiff_t>(lag) - static_cast<std::ptrdiff_t>(best)) > kBeside &&
        alike[lag] > kUnique * alike[best])
      return;
  const double left = alike[best - 1], right = alike[best + 1];
  const double bend = left - 2 * alike[best] + right;
  const double between = bend < 0 ? 0.5 * (left - right) / bend : 0;
  if (offsets_.size() < kMostOffsets)
    offsets_.push_back(
        static_cast<float>((static_cast<double>(best) + between - kFarthest) * kStepMs));
}

void ProgramMatch::fill(IngestReport& r) const {
  r.program.pictures = notes_;
  r.program.wrong = wrong_;
  r.program.missing = missing_;
  r.program.sound_lost_s = lost_s_;
  r.program.delay_max_ms = longest_delay_ms_;
  if (notes_ > 0) {
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < delays_.size(); ++i) {
      const std::uint64_t upto = below + delays_[i];
      if (below * 2 < notes_ && upto * 2 >= notes_)
        r.program.delay_median_ms = static_cast<double>(i) + 0.5;
      if (below * 20 < notes_ * 19 && upto * 20 >= notes_ * 19)
        r.program.delay_p95_ms = static_cast<double>(i) + 0.5;
      below = upto;
    }
  }
  r.program.offsets = offsets_.size();
  if (offsets_.empty()) return;
  std::vector<float> sorted = offsets_;
  std::sort(sorted.begin(), sorted.end());
  r.program.offset_median_ms = sorted[sorted.size() / 2];
  r.program.offset_worst_ms =
      std::abs(sorted.front()) > std::abs(sorted.back()) ? sorted.front() : sorted.back();
}

}  // namespace kakehashi
