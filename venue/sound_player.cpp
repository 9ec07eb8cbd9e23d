// SPDX-License-Identifier: GPL-3.0-or-later
#include "venue/sound_player.h"

#include <algorithm>
#include <atomic>

#include "core/clock.h"
#include "venue/output_stream.h"

namespace kakehashi {
namespace {

constexpr Duration kStandstill = Duration::seconds(1);

}  // namespace

struct SoundPlayer::Impl {
  OutputAbility ability;
  std::unique_ptr<SoundRoad> road;
  MediaTime opened;
  double latency = 0;  // seconds; callback only
  std::atomic<std::int64_t> latency_ns{0};
  // Last: its thread calls until it is gone.
  std::unique_ptr<OutputStream> stream;

  static void fill(void* self, const OutputStream::Fetch& fetch) {
    Impl& m = *static_cast<Impl*>(self);
    m.road->fetch(fetch.now, fetch.out, fetch.frames, m.ability.channels, fetch.underflow);
    if (fetch.queued <= Duration{}) return;
    // SoundRoad counts from a place's becoming free, which was `frames` ago.
    const double seen =
        fetch.queued.to_seconds() + static_cast<double>(fetch.frames) / m.ability.rate;
    m.latency += (m.latency == 0 ? 1 : 0.02) * (seen - m.latency);
    m.latency_ns.store(Duration::from_seconds(m.latency).ns, std::memory_order_relaxed);
  }
};

Result<std::unique_ptr<SoundPlayer>> SoundPlayer::open(const Wish& wish) {
  int needed = 1;
  for (const int first : wish.first_channels) needed = std::max(needed, first + 2);
  const auto can = ask_sound_output(wish.output.pcm, kSampleRate, needed);
  if (!can.ok()) {
    Error e = can.error();
    return std::move(e).context(wish.output.name);
  }
  for (const int first : wish.first_channels)
    if (first > 0 && first + 2 > can->channels_most)
      return Error{ErrorKind::FixInput, "sound output \"" + wish.output.name + "\" has only " +
                                            std::to_string(can->channels_most) +
                                            " channels; choose other ones"};
  std::unique_ptr<SoundPlayer> player(new SoundPlayer);
  player->impl_ = std::make_unique<Impl>();
  Impl& m = *player->impl_;
  m.ability = *can;
  m.road = std::make_unique<SoundRoad>(wish.epoch, wish.lag, m.ability.rate, wish.first_channels);
  m.opened = MonotonicClock().now();
  auto stream = OutputStream::prepare(wish.output);
  if (!stream.ok()) return std::move(stream.error());
  m.stream = std::move(*stream);
  if (Status started = m.stream->start(m.ability, wish.buffer, &Impl::fill, &m); !started.ok())
    return started.error();
  return player;
}

SoundPlayer::~SoundPlayer() = default;

SoundRoad& SoundPlayer::road() { return *impl_->road; }

bool SoundPlayer::running() const {
  const MediaTime last = std::max(impl_->opened, impl_->road->status().fetched);
  return impl_->stream->active() && MonotonicClock().now() - last < kStandstill;
}

Duration SoundPlayer::device_latency() const {
  return {impl_->latency_ns.load(std::memory_order_relaxed)};
}

int SoundPlayer::channels_most() const { return impl_->ability.channels_most; }
int SoundPlayer::rate() const { return impl_->ability.rate; }

}  // namespace kakehashi
