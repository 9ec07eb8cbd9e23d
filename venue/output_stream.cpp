// SPDX-License-Identifier: GPL-3.0-or-later
#include "venue/output_stream.h"

#include <pa_linux_alsa.h>
#include <portaudio.h>
#include <time.h>

#include <chrono>
#include <string>

#include "core/driver_turn.h"

namespace kakehashi {
namespace {

constexpr std::chrono::milliseconds kTurnPatience{4000};

MediaTime monotonic_now() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return {std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec};
}

}  // namespace

struct OutputStream::Impl {
  SoundOutput output;
  bool started_library = false;
  PaStream* stream = nullptr;
  Fill fill = nullptr;
  void* self = nullptr;

  static int callback(const void*, void* out, unsigned long count,
                      const PaStreamCallbackTimeInfo* time, PaStreamCallbackFlags flags,
                      void* self) {
    const Impl& m = *static_cast<Impl*>(self);
    Fetch fetch{
        static_cast<float*>(out), count, monotonic_now(), (flags & paOutputUnderflow) != 0, {}};
    // Both of CLOCK_REALTIME, read together: only their distance is of use.
    if (time && time->outputBufferDacTime > time->currentTime && time->currentTime > 0)
      fetch.queued = Duration::from_seconds(time->outputBufferDacTime - time->currentTime);
    m.fill(m.self, fetch);
    return paContinue;
  }
};

Result<std::unique_ptr<OutputStream>> OutputStream::prepare(const SoundOutput& output) {
  std::unique_ptr<OutputStream> made(new OutputStream);
  made->impl_ = std::make_unique<Impl>();
  Impl& m = *made->impl_;
  m.output = output;
  PaError e = paNoError;
  if (Status turn = port_audio_turn().take(output.name, DriverTurn::Needs::Whole, kTurnPatience,
                                           [&] { e = Pa_Initialize(); });
      !turn.ok())
    return turn.error();
  if (e != paNoError)
    return Error{ErrorKind::FixSetup,
                 std::string("PortAudio does not start: ") + Pa_GetErrorText(e)};
  m.started_library = true;
  return made;
}

OutputStream::~OutputStream() {
  Impl& m = *impl_;
  const auto in_turn = [&](DriverTurn::Needs needs, auto action) {
    while (!port_audio_turn().take(m.output.name, needs, kTurnPatience, action).ok()) {
    }
  };
  if (m.stream) {
    Pa_AbortStream(m.stream);  // here a driver may hang: not in the turn that all share
    in_turn(DriverTurn::Needs::Beginning, [&] { Pa_CloseStream(m.stream); });
  }
  if (m.started_library) in_turn(DriverTurn::Needs::Whole, [] { Pa_Terminate(); });
}

Status OutputStream::start(const OutputAbility& ability, Duration buffer, Fill fill, void* self) {
  Impl& m = *impl_;
  m.fill = fill;
  m.self = self;
  PaAlsaStreamInfo by_word;
  PaAlsa_InitializeStreamInfo(&by_word);
  by_word.deviceString = m.output.pcm.c_str();
  PaStreamParameters p{};
  p.device = paUseHostApiSpecificDeviceSpecification;
  p.hostApiSpecificStreamInfo = &by_word;
  p.channelCount = ability.channels;
  p.sampleFormat = paFloat32;
  p.suggestedLatency = buffer.to_seconds();
  PaError e = paNoError;
  if (Status turn = port_audio_turn().take(m.output.name, DriverTurn::Needs::Whole, kTurnPatience,
                                           [&] {
                                             e = Pa_OpenStream(&m.stream, nullptr, &p, ability.rate,
                                                               paFramesPerBufferUnspecified,
                                                               paNoFlag, &Impl::callback, &m);
                                           });
      !turn.ok())
    return turn;
  if (e == paNoError) e = Pa_StartStream(m.stream);
  if (e == paNoError) return {};
  return Error{ErrorKind::FixSetup, "sound output \"" + m.output.name + "\" cannot be opened: " +
                                        Pa_GetErrorText(e) + "; close other programs that use it"};
}

bool OutputStream::active() const { return impl_->stream && Pa_IsStreamActive(impl_->stream) == 1; }

}  // namespace kakehashi
