// SPDX-License-Identifier: GPL-3.0-or-later
#include "venue/tone_player.h"

#include <algorithm>
#include <atomic>

#include "venue/output_stream.h"

namespace kakehashi {
namespace {

constexpr std::size_t kLeastPiece = 16;  // frames; pieces beyond that are not remembered

}  // namespace

struct TonePlayer::Impl {
  OutputAbility ability;
  Duration buffer;
  bool begun = false;
  std::vector<float> samples;
  std::size_t at = 0;  // frames; callback only
  std::vector<Piece> pieces;
  std::atomic<std::size_t> told{0};
  std::atomic<bool> done{false};
  std::atomic<std::uint64_t> underflows{0};

  std::size_t frames() const { return samples.size() / 2; }

  // Last: its thread calls until it is gone.
  std::unique_ptr<OutputStream> stream;

  static void fill(void* self, const OutputStream::Fetch& fetch) {
    static_cast<Impl*>(self)->take(fetch);
  }
  void take(const OutputStream::Fetch& fetch) {
    float* out = fetch.out;
    const std::size_t count = fetch.frames;
    const auto channels = static_cast<std::size_t>(ability.channels);
    const bool playing = at < frames();
    if (playing && at > 0 && fetch.underflow) ++underflows;
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t c = 0; c < channels; ++c) {
        const bool there = at + i < frames() && c < 2;
        float v = there ? samples[2 * (at + i) + c] : 0;
        if (there && channels == 1) v = 0.5F * (v + samples[2 * (at + i) + 1]);
        *out++ = v;
      }
    const std::size_t n = told;
    if (playing && n < pieces.size()) {
      pieces[n] = {static_cast<std::int32_t>(count), fetch.now};
      told = n + 1;
    }
    at += count;
    if (at >= frames()) done = true;
  }
};

Result<std::unique_ptr<TonePlayer>> TonePlayer::open(const SoundOutput& output, int wanted_rate,
                                                     Duration buffer) {
  const auto can = ask_sound_output(output.pcm, wanted_rate);
  if (!can.ok()) {
    Error e = can.error();
    return std::move(e).context(output.name);
  }
  std::unique_ptr<TonePlayer> player(new TonePlayer);
  player->impl_ = std::make_unique<Impl>();
  Impl& m = *player->impl_;
  m.ability = *can;
  m.buffer = buffer;
  auto stream = OutputStream::prepare(output);
  if (!stream.ok()) return std::move(stream.error());
  m.stream = std::move(*stream);
  return player;
}

TonePlayer::~TonePlayer() = default;

int TonePlayer::rate() const { return impl_->ability.rate; }

Status TonePlayer::play(std::vector<float> interleaved) {
  Impl& m = *impl_;
  m.samples = std::move(interleaved);
  m.pieces.resize(m.frames() / kLeastPiece + 1);
  m.begun = true;
  return m.stream->start(m.ability, m.buffer, &Impl::fill, &m);
}

bool TonePlayer::done() const { return impl_->done; }

bool TonePlayer::broke() const { return impl_->begun && !impl_->stream->active(); }

std::uint64_t TonePlayer::underflows() const { return impl_->underflows; }

std::vector<TonePlayer::Piece> TonePlayer::pieces() const {
  const std::size_t n = impl_->told;
  return {impl_->pieces.begin(), impl_->pieces.begin() + static_cast<std::ptrdiff_t>(n)};
}

}  // namespace kakehashi
