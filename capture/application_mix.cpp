// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/application_mix.h"

#include <algorithm>
#include <array>
#include <utility>

namespace kakehashi {
namespace {

constexpr auto kWide = static_cast<std::size_t>(ApplicationMix::kChannels);

Duration length_of(std::size_t samples) {
  return {static_cast<std::int64_t>(samples / kWide) * 1'000'000'000 / ApplicationMix::kRate};
}

}  // namespace

ApplicationMix::ApplicationMix(Out out) : out_(std::move(out)) {}

void ApplicationMix::add(std::uint32_t stream) { streams_.push_back({stream, {}, false}); }

void ApplicationMix::remove(std::uint32_t stream) {
  const bool led = !streams_.empty() && streams_.front().id == stream;
  std::erase_if(streams_, [&](const Stream& s) { return s.id == stream; });
  if (!led) return;
  broken_ = true;
  if (!streams_.empty()) streams_.front().waiting.clear();
}

void ApplicationMix::send(std::span<const float> stereo, MediaTime now) {
  const MediaTime captured = now - length_of(stereo.size());
  out_(stereo, captured, std::exchange(broken_, false));
  end_ = now;
  begun_ = true;
}

void ApplicationMix::arrive(std::uint32_t stream, std::span<const float> stereo, MediaTime now) {
  const auto it = std::find_if(streams_.begin(), streams_.end(),
                               [&](const Stream& s) { return s.id == stream; });
  if (it == streams_.end() || stereo.empty()) return;
  if (it != streams_.begin()) {
    // The one that leads has stopped (paused, or its card went to sleep): this one leads on.
    if (now - heard_ > kPatience) {
      std::rotate(streams_.begin(), it, it + 1);
      streams_.front().waiting.clear();
      broken_ = true;
    } else {
      it->waiting.insert(it->waiting.end(), stereo.begin(), stereo.end());
      const std::size_t most = kMostBehind * kWide, keep = most / 2;
      if (it->waiting.size() > most) {
        left_out_ += (it->waiting.size() - keep) / kWide;
        it->waiting.erase(it->waiting.begin(), it->waiting.end() - std::ptrdiff_t{keep});
      }
      return;
    }
  }
  heard_ = now;
  if (std::exchange(silent_, false)) broken_ = true;
  sum_.assign(stereo.begin(), stereo.end());
  for (std::size_t i = 1; i < streams_.size(); ++i) {
    Stream& other = streams_[i];
    if (!other.joined && other.waiting.size() < sum_.size() + kReady * kWide) continue;
    const std::size_t n = std::min(sum_.size(), other.waiting.size());
    for (std::size_t k = 0; k < n; ++k) sum_[k] += other.waiting[k];
    other.waiting.erase(other.waiting.begin(),
                        other.waiting.begin() + static_cast<std::ptrdiff_t>(n));
    other.joined = n == sum_.size();
  }
  send(sum_, now);
}

void ApplicationMix::tick(MediaTime now) {
  if (!begun_) {
    end_ = heard_ = now;
    begun_ = silent_ = true;
    return;
  }
  if (now - end_ < kPatience && !silent_) return;
  if (!silent_) {
    silent_ = broken_ = true;
    end_ = now - Duration::milliseconds(20);
  }
  static constexpr std::array<float, kWide * kRate / 100> kNothing{};
  while (now - end_ >= Duration::milliseconds(10))
    send(kNothing, end_ + Duration::milliseconds(10));
}

}  // namespace kakehashi
