// SPDX-License-Identifier: GPL-3.0-or-later
#include "venue/tone_player.h"

#include <pa_linux_alsa.h>
#include <portaudio.h>
#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>

#include "core/driver_turn.h"

namespace kakehashi {
namespace {

constexpr std::chrono::milliseconds kTurnPatience{4000};
constexpr std::size_t kLeastPiece = 16;  // frames; pieces beyond that are not remembered

MediaTime now() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return {std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec};
}

}  // namespace

struct TonePlayer::Impl {
  SoundOutput output;
  OutputAbility ability;
  Duration buffer;
  bool started_library = false;
  PaStream* stream = nullptr;
  std::vector<float> samples;
  std::size_t at = 0;  // frames; callback only
  std::vector<Piece> pieces;
  std::atomic<std::size_t> told{0};
  std::atomic<bool> done{false};
  std::atomic<std::uint64_t> underflows{0};

  std::size_t frames() const { return samples.size() / 2; }

  // PortAudio's thread: allocates, locks and logs nothing.
  static int callback(const void*, void* out, unsigned long count, const PaStreamCallbackTimeInfo*,
                      PaStreamCallbackFlags flags, void* self) {
    static_cast<Impl*>(self)->fill(static_cast<float*>(out), count, flags);
    return paContinue;
  }
  void fill(float* out, std::size_t count, PaStreamCallbackFlags flags) {
    const MediaTime moment = now();
    const auto channels = static_cast<std::size_t>(ability.channels);
    const bool playing = at < frames();
    if (playing && at > 0 && (flags & paOutputUnderflow) != 0) ++underflows;
    for (std::size_t i = 0; i < count; ++i)
      for (std::size_t c = 0; c < channels; ++c) {
        const bool there = at + i < frames() && c < 2;
        float v = there ? samples[2 * (at + i) + c] : 0;
        if (there && channels == 1) v = 0.5F * (v + samples[2 * (at + i) + 1]);
        *out++ = v;
      }
    const std::size_t n = told;
    if (playing && n < pieces.size()) {
      pieces[n] = {static_cast<std::int32_t>(count), moment};
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
  m.output = output;
  m.ability = *can;
  m.buffer = buffer;
  PaError e = paNoError;
  if (Status turn = port_audio_turn().take(output.name, DriverTurn::Needs::Whole, kTurnPatience,
                                           [&] { e = Pa_Initialize(); });
      !turn.ok())
    return turn.error();
  if (e != paNoError)
    return Error{ErrorKind::FixSetup,
                 std::string("PortAudio does not start: ") + Pa_GetErrorText(e)};
  m.started_library = true;
  return player;
}

TonePlayer::~TonePlayer() {
  Impl& m = *impl_;
  const auto in_turn = [&](DriverTurn::Needs needs, auto action) {
    while (!port_audio_turn().take(m.output.name, needs, kTurnPatience, action).ok()) {
    }
  };
  if (m.stream) {
    Pa_AbortStream(m.stream);
    in_turn(DriverTurn::Needs::Beginning, [&] { Pa_CloseStream(m.stream); });
  }
  if (m.started_library) in_turn(DriverTurn::Needs::Whole, [] { Pa_Terminate(); });
}

int TonePlayer::rate() const { return impl_->ability.rate; }

Status TonePlayer::play(std::vector<float> interleaved) {
  Impl& m = *impl_;
  m.samples = std::move(interleaved);
  m.pieces.resize(m.frames() / kLeastPiece + 1);
  PaAlsaStreamInfo by_word;
  PaAlsa_InitializeStreamInfo(&by_word);
  by_word.deviceString = m.output.pcm.c_str();
  PaStreamParameters p{};
  p.device = paUseHostApiSpecificDeviceSpecification;
  p.hostApiSpecificStreamInfo = &by_word;
  p.channelCount = m.ability.channels;
  p.sampleFormat = paFloat32;
  p.suggestedLatency = m.buffer.to_seconds();
  PaError e = paNoError;
  if (Status turn = port_audio_turn().take(
          m.output.name, DriverTurn::Needs::Whole, kTurnPatience,
          [&] {
            e = Pa_OpenStream(&m.stream, nullptr, &p, m.ability.rate, paFramesPerBufferUnspecified,
                              paNoFlag, &Impl::callback, &m);
          });
      !turn.ok())
    return turn;
  if (e == paNoError) e = Pa_StartStream(m.stream);
  if (e == paNoError) return {};
  return Error{ErrorKind::FixSetup, "sound output \"" + m.output.name + "\" cannot be opened: " +
                                        Pa_GetErrorText(e) + "; close other programs that use it"};
}

bool TonePlayer::done() const { return impl_->done; }

bool TonePlayer::broke() const { return impl_->stream && Pa_IsStreamActive(impl_->stream) != 1; }

std::uint64_t TonePlayer::underflows() const { return impl_->underflows; }

std::vector<TonePlayer::Piece> TonePlayer::pieces() const {
  const std::size_t n = impl_->told;
  return {impl_->pieces.begin(), impl_->pieces.begin() + static_cast<std::ptrdiff_t>(n)};
}

}  // namespace kakehashi
