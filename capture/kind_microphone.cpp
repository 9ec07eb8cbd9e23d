// SPDX-License-Identifier: GPL-3.0-or-later
// A sound device through PortAudio. Its callback stamps CLOCK_MONOTONIC, copies and returns
// (PortAudio's own times are CLOCK_REALTIME and jump with NTP: pa_unix_util.c); a thread of ours
// carries the ring into AudioSync.
#include <pa_linux_alsa.h>
#include <portaudio.h>
#include <semaphore.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <ctime>
#include <thread>

#include "capture/device_choice.h"
#include "capture/device_identity.h"
#include "capture/devices.h"
#include "capture/kinds.h"
#include "capture/port_audio.h"
#include "capture/sound_list.h"
#include "core/spsc_ring.h"

namespace kakehashi {
namespace {

const KindDescription& description() {
  static const KindDescription d = [] {
    KindDescription k{
        "microphone",
        {"マイク・音声入力", "Microphone"},
        {
            {"channels", {"チャンネル数", "Channels"}, std::int64_t{2}, false, 1, 2, {}},
            {"first_channel",
             {"最初のチャンネル", "First channel"},
             std::int64_t{1},
             false,
             1,
             64,
             {}},
            {"rate",
             {"サンプリング周波数（Hz）", "Sample rate (Hz)"},
             std::int64_t{48000},
             false,
             8000,
             192000,
             {}},
            {"buffer_ms",
             {"機材のバッファ（ミリ秒）", "Device buffer (ms)"},
             std::int64_t{10},
             false,
             2,
             200,
             {}},
        },
        false,
        true};
    auto device = device_fields(
        {"機材名の一部（defaultで既定）", "Part of the device's name (or default)"}, "default");
    k.fields.insert(k.fields.begin(), std::make_move_iterator(device.begin()),
                    std::make_move_iterator(device.end()));
    return k;
  }();
  return d;
}

constexpr int kChunkFrames = 128;

struct Chunk {
  std::int64_t captured_ns;  // of the first frame
  std::int32_t frames;
  bool broken;  // something was lost before it
  std::array<float, 2 * kChunkFrames> samples;
};

std::int64_t monotonic_ns() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
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

class MicrophoneSource final : public Source {
 public:
  MicrophoneSource(SoundInput device, const Settings& s, const SourceContext& c)
      : context_(c),
        pcm_(std::move(device.pcm)),
        name_(device.card.empty() ? device.name : device_words(device.name, device.identity)),
        rate_(static_cast<int>(setting<std::int64_t>(description(), s, "rate"))),
        channels_(static_cast<int>(setting<std::int64_t>(description(), s, "channels"))),
        first_(static_cast<int>(setting<std::int64_t>(description(), s, "first_channel")) - 1),
        buffer_ms_(static_cast<int>(setting<std::int64_t>(description(), s, "buffer_ms"))) {
    sem_init(&arrived_, 0, 0);
  }
  ~MicrophoneSource() override {
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

  Status start() {
    const auto can = ask_sound_input(pcm_, rate_);
    if (!can.ok()) {
      Error e = can.error();
      return std::move(e).context(name_);
    }
    if (Status up = start_port_audio(name_); !up.ok()) return up;
    // A one-channel device asked for two gives what it has; one that runs at 44.1 kHz only is
    // resampled with its drift.
    rate_ = can->rate;
    channels_ = std::min(channels_, can->channels_most - first_);
    if (channels_ < 1)
      return Error{ErrorKind::FixInput, "sound input \"" + name_ + "\" has only " +
                                            std::to_string(can->channels_most) +
                                            " channels; correct \"first_channel\""};
    opened_ = std::max(first_ + channels_, can->channels_least);
    // By ALSA's word and not by an index of PortAudio's list: that one does not know what was
    // plugged in after its first stream was opened.
    PaAlsaStreamInfo by_word;
    PaAlsa_InitializeStreamInfo(&by_word);
    by_word.deviceString = pcm_.c_str();
    PaStreamParameters p{};
    p.device = paUseHostApiSpecificDeviceSpecification;
    p.hostApiSpecificStreamInfo = &by_word;
    p.channelCount = opened_;
    p.sampleFormat = paFloat32;
    p.suggestedLatency = buffer_ms_ / 1000.0;
    PaError e = paNoError;
    if (Status turn = port_audio_turn().take(
            name_, DriverTurn::Needs::Whole, kTurnPatience,
            [&] {
              e = Pa_OpenStream(&stream_, &p, nullptr, rate_, paFramesPerBufferUnspecified,
                                paNoFlag, &MicrophoneSource::callback, this);
            });
        !turn.ok())
      return turn;
    if (e == paNoError) {
      carrier_ = std::thread([this] { carry(); });
      e = Pa_StartStream(stream_);
    }
    if (e == paNoError) return {};
    return context_.blame(
        trouble_of(e),
        Error{e == paDeviceUnavailable ? ErrorKind::FixSetup : ErrorKind::TryLater,
              "sound input \"" + name_ + "\" cannot be opened: " + Pa_GetErrorText(e) +
                  "; close other programs that use it, or correct \"rate\""});
  }

  Status poll() override {
    if (Pa_IsStreamActive(stream_) == 1) return {};
    return Error{ErrorKind::TryLater, "sound input \"" + name_ + "\" stopped; check its cable"};
  }
  std::string format() const override {
    return std::to_string(channels_) + " channels " + std::to_string(rate_) + " Hz";
  }
  std::string device() const override { return name_; }
  std::uint64_t lost() const override { return gaps_; }
  // A sound card sends in silence too; what is plugged in again is to be heard within 3 s.
  Duration patience() const override { return Duration::seconds(1); }

 private:
  // PortAudio's thread: allocates, locks and logs nothing.
  static int callback(const void* input, void*, unsigned long frames,
                      const PaStreamCallbackTimeInfo*, PaStreamCallbackFlags flags, void* self) {
    static_cast<MicrophoneSource*>(self)->arrive(
        static_cast<const float*>(input), static_cast<int>(frames), (flags & paInputOverflow) != 0);
    return paContinue;
  }
  void arrive(const float* in, int frames, bool broken) {
    if (!in || frames <= 0) return;
    const std::int64_t first = monotonic_ns() - std::int64_t{frames} * 1'000'000'000 / rate_;
    Chunk chunk;
    for (int done = 0; done < frames; done += chunk.frames) {
      chunk.frames = std::min(kChunkFrames, frames - done);
      chunk.captured_ns = first + std::int64_t{done} * 1'000'000'000 / rate_;
      chunk.broken = broken || lost_;
      broken = false;
      for (int i = 0; i < chunk.frames; ++i)
        for (int c = 0; c < channels_; ++c)
          chunk.samples[static_cast<std::size_t>(i * channels_ + c)] =
              in[(done + i) * opened_ + first_ + c];
      lost_ = !ring_.push(chunk);
    }
    sem_post(&arrived_);
  }

  void carry() {
    Chunk chunk;
    while (!stop_) {
      while (sem_wait(&arrived_) != 0) {
      }
      while (ring_.pop(chunk)) {
        if (chunk.broken) {
          ++gaps_;
          context_.audio->discontinuity();
        }
        context_.audio->push(
            {chunk.samples.data(), static_cast<std::size_t>(chunk.frames * channels_)}, channels_,
            rate_, {chunk.captured_ns});
      }
    }
  }

  const SourceContext context_;
  const std::string pcm_, name_;
  int rate_;
  int channels_;
  const int first_, buffer_ms_;
  int opened_ = 0;  // channels of the stream
  PaStream* stream_ = nullptr;
  SpscRing<Chunk> ring_{256};  // 0.7 s at 48 kHz; full: the newest goes, counted by the ring
  bool lost_ = false;          // callback only
  std::atomic<std::uint64_t> gaps_{0};  // places where the device lost something
  sem_t arrived_{};
  std::atomic<bool> stop_{false};
  std::thread carrier_;
};

Result<SoundInput> find_sound_input(const Settings& given, const SourceContext& context) {
  silence_sound_libraries();
  auto all = list_sound_inputs();
  std::vector<Offered> offered;
  offered.reserve(all.size());
  // With the brackets that PortAudio writes, as older venue files may have it.
  for (const auto& m : all)
    offered.push_back({m.identity, m.name, {m.pcm, m.card, m.name + " (" + m.pcm + ")"}});
  Settings settings = given;
  auto& wanted = settings["device"];
  wanted = setting<std::string>(description(), given, "device");
  if (wanted == SettingValue(std::string())) wanted = std::string("default");
  const auto chosen = choose_device("sound input", settings, offered, context.others);
  if (chosen.ok()) return std::move(all[*chosen]);
  // Always there, though ALSA's list may leave it out.
  if (identity_of({"microphone", settings}).model == "default")
    return SoundInput{"default", "default", "", {"", "", "default"}, ""};
  return chosen.error();
}

Result<std::unique_ptr<Source>> open(const Settings& s, const SourceContext& c) {
  if (!c.audio) return Error{ErrorKind::FixInput, "a microphone has no picture"};
  auto device = find_sound_input(s, c);
  if (!device.ok()) return std::move(device).error();
  auto source = std::make_unique<MicrophoneSource>(std::move(device).value(), s, c);
  if (Status started = source->start(); !started.ok()) return started.error();
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace

SourceKind microphone_kind() { return {description(), SourceNature::Device, open}; }

}  // namespace kakehashi
