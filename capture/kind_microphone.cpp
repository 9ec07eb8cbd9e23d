// SPDX-License-Identifier: GPL-3.0-or-later
// One channel or a pair of a sound device, through the stream that all roles of the device share
// (capture/sound_stream.h). Its callback stamps CLOCK_MONOTONIC (PortAudio's own times are
// CLOCK_REALTIME and jump with NTP: pa_unix_util.c).
#include <algorithm>
#include <array>

#include "capture/device_choice.h"
#include "capture/device_identity.h"
#include "capture/devices.h"
#include "capture/kinds.h"
#include "capture/port_audio.h"
#include "capture/sound_list.h"
#include "capture/sound_stream.h"

namespace kakehashi {
namespace {

const KindDescription& description() {
  static const KindDescription d = [] {
    KindDescription k{
        "microphone",
        {"マイク・音声入力", "Microphone"},
        {
            whole_field("channels", {"チャンネル数", "Channels"}, 2, 1, 2),
            whole_field("first_channel", {"最初のチャンネル", "First channel"}, 1, 1, 64),
            whole_field("rate", {"サンプリング周波数（Hz）", "Sample rate (Hz)"}, 48000, 8000,
                        192000),
            whole_field("buffer_ms", {"機材のバッファ（ミリ秒）", "Device buffer (ms)"}, 20, 2,
                        200),
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

class MicrophoneSource final : public Source, private SoundEar {
 public:
  MicrophoneSource(const Settings& s, const SourceContext& c)
      : context_(c),
        channels_(static_cast<int>(setting<std::int64_t>(description(), s, "channels"))),
        first_(static_cast<int>(setting<std::int64_t>(description(), s, "first_channel")) - 1) {}
  ~MicrophoneSource() override {
    if (stream_) stream_->remove(this);
    context_.audio->channels().clear();
  }

  Status start(const SoundInput& device, const Settings& s) {
    SoundStream::Wish wish;
    wish.pcm = device.pcm;
    wish.card = !device.card.empty();
    wish.name = name_ = wish.card ? device_words(device.name, device.identity) : device.name;
    wish.rate = static_cast<int>(setting<std::int64_t>(description(), s, "rate"));
    wish.channels = first_ + channels_;
    wish.buffer_ms = static_cast<int>(setting<std::int64_t>(description(), s, "buffer_ms"));
    auto opened = SoundStream::open(wish, context_);
    if (!opened.ok()) return std::move(opened).error();
    channels_ = std::min(channels_, (*opened)->channels() - first_);
    if (channels_ < 1)
      return Error{ErrorKind::FixInput, "sound input \"" + name_ + "\" has only " +
                                            std::to_string((*opened)->channels()) +
                                            " channels; correct \"first_channel\""};
    stream_ = std::move(*opened);
    gaps_before_ = stream_->gaps();
    stream_->add(this);
    return {};
  }

  Status poll() override {
    if (stream_->active()) return {};
    return Error{ErrorKind::TryLater, "sound input \"" + name_ + "\" stopped; check its cable"};
  }
  std::string format() const override {
    return std::to_string(channels_) + " channels " + std::to_string(stream_->rate()) + " Hz";
  }
  std::string device() const override { return name_; }
  std::uint64_t lost() const override { return stream_->gaps() - gaps_before_; }
  // A sound card sends in silence too; what is plugged in again is to be heard within 3 s.
  Duration patience() const override { return Duration::seconds(1); }

 private:
  void hear(const SoundArrival::Piece& piece, const ChannelPeaks& peaks) override {
    const auto width = static_cast<std::size_t>(stream_->channels());
    const std::size_t frames = piece.samples.size() / width;
    const auto mine = static_cast<std::size_t>(channels_);
    const float* in = piece.samples.data() + first_;
    for (std::size_t i = 0; i < frames; ++i, in += width)
      std::copy_n(in, mine, picked_.begin() + static_cast<std::ptrdiff_t>(i * mine));
    if (piece.broken) context_.audio->discontinuity();
    context_.audio->push({picked_.data(), frames * mine}, channels_, stream_->rate(),
                         piece.captured);
    context_.audio->channels().show(peaks);
  }

  const SourceContext context_;
  std::string name_;
  int channels_;
  const int first_;
  std::shared_ptr<SoundStream> stream_;
  std::uint64_t gaps_before_ = 0;
  std::array<float, 2 * SoundArrival::kPiece> picked_{};
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
  auto source = std::make_unique<MicrophoneSource>(s, c);
  if (Status started = source->start(*device, s); !started.ok()) return started.error();
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace

Result<std::string> alsa_word_of(const SourceSpec& microphone,
                                 const std::vector<DeviceIdentity>& others) {
  SourceContext context;
  context.others = others;
  auto found = find_sound_input(microphone.settings, context);
  if (!found.ok()) return std::move(found).error();
  return found->pcm;
}

SourceKind microphone_kind() { return {description(), SourceNature::Device, open}; }

}  // namespace kakehashi
