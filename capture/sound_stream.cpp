// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/sound_stream.h"

#include <pa_linux_alsa.h>
#include <portaudio.h>

#include <algorithm>
#include <condition_variable>
#include <ctime>
#include <map>

#include "capture/port_audio.h"
#include "capture/sound_list.h"

namespace kakehashi {
namespace {

// The device wakes us this often, whatever its buffer: what is captured waits no longer for its
// period to be full. Shorter costs wake-ups and gains nothing behind USB's own millisecond.
constexpr double kPeriodMs = 2.5;
constexpr int kLeastPeriods = 4, kMostPeriods = 64;  // 4: PortAudio's own choice (pa_linux_alsa.c)

MediaTime monotonic_now() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return {std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec};
}

Trouble trouble_of(PaError e) {
  switch (e) {
    case paDeviceUnavailable:  // how PortAudio calls EBUSY (pa_linux_alsa.c)
      return Trouble::Busy;
    case paInvalidSampleRate:
    case paInvalidChannelCount:
    case paSampleFormatNotSupported:
      return Trouble::Format;
    default:
      return Trouble::Unknown;
  }
}

struct OpenCards {
  struct Card {
    std::weak_ptr<SoundStream> stream;
    bool opening = false;
  };
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::string, Card> cards;  // by ALSA's word
};
OpenCards& open_cards() {
  static OpenCards all;
  return all;
}

}  // namespace

SoundStream::SoundStream(std::string name, int channels, int rate)
    : name_(std::move(name)), arrival_(channels, rate) {
  sem_init(&arrived_, 0, 0);
}

SoundStream::~SoundStream() {
  if (stream_) {
    Pa_AbortStream(stream_);  // here a driver may hang: not in the turn all microphones share
    while (!port_audio_turn()
                .take(name_, DriverTurn::Needs::Beginning, kTurnPatience,
                      [this] { Pa_CloseStream(stream_); })
                .ok()) {
    }
  }
  stop_ = true;
  sem_post(&arrived_);
  if (carrier_.joinable()) carrier_.join();
  sem_destroy(&arrived_);
}

bool SoundStream::active() const { return Pa_IsStreamActive(stream_) == 1; }

void SoundStream::add(SoundEar* ear) {
  const std::lock_guard lock(mutex_);
  ears_.push_back(ear);
}

void SoundStream::remove(SoundEar* ear) {
  const std::lock_guard lock(mutex_);
  std::erase(ears_, ear);
}

void SoundStream::carry() {
  SoundArrival::Piece piece;
  while (!stop_) {
    while (sem_wait(&arrived_) != 0) {
    }
    while (arrival_.take(piece)) {
      if (piece.broken) ++gaps_;
      peaks_.measure(piece.samples, channels(), rate());
      const std::lock_guard lock(mutex_);
      for (SoundEar* ear : ears_) ear->hear(piece, peaks_);
    }
  }
}

Status SoundStream::start(const Wish& wish, const SourceContext& context, int& error) {
  // By ALSA's word and not by an index of PortAudio's list: that one does not know what was
  // plugged in after its first stream was opened.
  PaAlsaStreamInfo by_word;
  PaAlsa_InitializeStreamInfo(&by_word);
  by_word.deviceString = wish.pcm.c_str();
  PaStreamParameters p{};
  p.device = paUseHostApiSpecificDeviceSpecification;
  p.hostApiSpecificStreamInfo = &by_word;
  p.channelCount = channels();
  p.sampleFormat = paFloat32;
  p.suggestedLatency = wish.buffer_ms / 1000.0;
  const int periods = wish.card ? std::clamp(static_cast<int>(wish.buffer_ms / kPeriodMs),
                                             kLeastPeriods, kMostPeriods)
                                : kLeastPeriods;
  // PortAudio's thread: allocates, locks and logs nothing. A semaphore's post is no lock.
  const auto callback = [](const void* input, void*, unsigned long frames,
                           const PaStreamCallbackTimeInfo*, PaStreamCallbackFlags flags,
                           void* self) -> int {
    auto& stream = *static_cast<SoundStream*>(self);
    stream.arrival_.arrive(static_cast<const float*>(input), static_cast<int>(frames),
                           (flags & paInputOverflow) != 0, monotonic_now());
    sem_post(&stream.arrived_);
    return paContinue;
  };
  PaError e = paNoError;
  PaStream* stream = nullptr;
  if (Status turn = port_audio_turn().take(
          name_, DriverTurn::Needs::Whole, kTurnPatience,
          [&] {
            PaAlsa_SetNumPeriods(periods);  // of the next stream; outputs have their own wish
            e = Pa_OpenStream(&stream, &p, nullptr, rate(), paFramesPerBufferUnspecified, paNoFlag,
                              callback, this);
            PaAlsa_SetNumPeriods(kLeastPeriods);
          });
      !turn.ok())
    return turn;
  stream_ = stream;
  error = e;
  if (e == paNoError) {
    carrier_ = std::thread([this] { carry(); });
    error = e = Pa_StartStream(stream_);
  }
  if (e == paNoError) return {};
  return context.blame(
      trouble_of(e), Error{e == paDeviceUnavailable ? ErrorKind::FixSetup : ErrorKind::TryLater,
                           "sound input \"" + name_ + "\" cannot be opened: " + Pa_GetErrorText(e) +
                               "; close other programs that use it, or correct \"rate\""});
}

Result<std::shared_ptr<SoundStream>> SoundStream::open_new(const Wish& wish,
                                                           const SourceContext& context) {
  const auto can = ask_sound_input(wish.pcm, wish.rate);
  if (!can.ok()) {
    Error e = can.error();
    return std::move(e).context(wish.name);
  }
  if (Status up = start_port_audio(wish.name); !up.ok()) return up.error();
  // A one-channel device asked for two gives what it has; one that runs at 44.1 kHz only is
  // resampled with its drift.
  const int needed = std::max(std::min(wish.channels, can->channels_most), can->channels_least);
  const bool all = wish.card && !can->loopback && can->channels_most <= ChannelPeaks::kMost;
  int error = paNoError;
  auto stream =
      std::make_shared<SoundStream>(wish.name, all ? can->channels_most : needed, can->rate);
  Status started = stream->start(wish, context, error);
  if (!started.ok() && error == paInvalidChannelCount && stream->channels() != needed) {
    stream = std::make_shared<SoundStream>(wish.name, needed, can->rate);
    started = stream->start(wish, context, error);
  }
  if (!started.ok()) return started.error();
  return stream;
}

Result<std::shared_ptr<SoundStream>> SoundStream::open(const Wish& wish,
                                                       const SourceContext& context) {
  if (!wish.card) return open_new(wish, context);
  OpenCards& all = open_cards();
  std::shared_ptr<SoundStream> there;  // outlives the lock: its closing may hang
  std::unique_lock lock(all.mutex);
  OpenCards::Card& card = all.cards[wish.pcm];  // a map's places stay
  if (!all.changed.wait_for(lock, kTurnPatience, [&] { return !card.opening; }))
    return Error{ErrorKind::TryLater, "sound input \"" + wish.name + "\" is still being opened"};
  there = card.stream.lock();
  if (there && !there->active())
    return Error{ErrorKind::TryLater, "sound input \"" + wish.name + "\" stopped; check its cable"};
  if (there) return there;
  card.opening = true;
  lock.unlock();
  auto opened = open_new(wish, context);
  lock.lock();
  card.opening = false;
  if (opened.ok()) card.stream = *opened;
  all.changed.notify_all();
  return opened;
}

}  // namespace kakehashi
