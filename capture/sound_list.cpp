// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/sound_list.h"

#include <alsa/asoundlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string_view>

#include "capture/device_identity.h"

namespace kakehashi {
namespace {

using Control = std::unique_ptr<snd_ctl_t, int (*)(snd_ctl_t*)>;
using Stream = std::unique_ptr<snd_pcm_t, int (*)(snd_pcm_t*)>;

std::string text(const char* s) { return clean_name(s ? s : ""); }

// "Channels: 2", "Rates: 44100, 48000" of the first capture interface of an USB card.
std::string usb_format(int card, int device) {
  std::ifstream file("/proc/asound/card" + std::to_string(card) + "/stream" +
                     std::to_string(device));
  std::string line, channels, rate;
  bool capture = false;
  while (std::getline(file, line)) {
    line = clean_name(line);
    if (line == "Capture:") capture = true;
    if (line == "Playback:") capture = false;
    if (!capture) continue;
    if (channels.empty() && line.starts_with("Channels: ")) channels = line.substr(10);
    if (rate.empty() && line.starts_with("Rates: "))
      rate = line.find("48000") != std::string::npos ? "48000" : line.substr(7, line.find(',') - 7);
  }
  if (channels.empty() || rate.empty()) return {};
  return channels + " channels " + rate + " Hz";
}

void add_card(int card, std::vector<SoundInput>& to) {
  const std::string number = std::to_string(card);
  snd_ctl_t* opened = nullptr;
  if (snd_ctl_open(&opened, ("hw:" + number).c_str(), SND_CTL_NONBLOCK) < 0) return;
  const Control control(opened, snd_ctl_close);
  snd_ctl_card_info_t* info = nullptr;
  snd_ctl_card_info_alloca(&info);
  if (snd_ctl_card_info(control.get(), info) < 0) return;
  const Place place = place_of("/sys/class/sound/card" + number + "/device");
  snd_pcm_info_t* pcm = nullptr;
  snd_pcm_info_alloca(&pcm);
  for (int device = -1; snd_ctl_pcm_next_device(control.get(), &device) == 0 && device >= 0;) {
    snd_pcm_info_set_device(pcm, static_cast<unsigned>(device));
    snd_pcm_info_set_subdevice(pcm, 0);
    snd_pcm_info_set_stream(pcm, SND_PCM_STREAM_CAPTURE);
    if (snd_ctl_pcm_info(control.get(), pcm) < 0) continue;  // it only plays
    SoundInput s;
    s.pcm = "hw:" + number + "," + std::to_string(device);
    s.name = text(snd_ctl_card_info_get_name(info)) + ": " + text(snd_pcm_info_get_name(pcm));
    s.card = text(snd_ctl_card_info_get_id(info));
    s.identity = {place.serial, place.port, s.name};
    // A card without a place in the machine has only its own word.
    if (s.identity.port.empty()) s.identity.port = "card-" + s.card;
    if (device > 0) s.identity.port += "-pcm-" + std::to_string(device);
    s.format = usb_format(card, device);
    to.push_back(std::move(s));
  }
}

// Those of ALSA's configuration that reach a sound server or the user's choice; its many other
// names are the same cards again.
void add_servers(std::vector<SoundInput>& to) {
  constexpr std::array<std::string_view, 3> kServers{"default", "pulse", "pipewire"};
  void** hints = nullptr;
  if (snd_device_name_hint(-1, "pcm", &hints) < 0) return;
  for (void** h = hints; *h; ++h) {
    const auto get = [&](const char* what) {
      char* value = snd_device_name_get_hint(*h, what);
      std::string s = value ? value : "";
      std::free(value);
      return s;
    };
    const std::string name = get("NAME"), direction = get("IOID");
    if (std::find(kServers.begin(), kServers.end(), name) == kServers.end()) continue;
    if (direction == "Output") continue;
    to.push_back({name, name, "", {"", "", name}, ""});
    // What all other applications play: the monitor of the sink that is the default when it is
    // opened (PulseAudio's namereg.c; PipeWire's server knows the word too).
    if (name == "pulse")
      to.push_back({"pulse:DEVICE=@DEFAULT_MONITOR@",
                    "このパソコンの音（Sound of this PC）",
                    "",
                    {"", "", "pc-sound"},
                    ""});
  }
  snd_device_name_free_hint(hints);
}

bool is_loopback(int card) {
  snd_ctl_t* opened = nullptr;
  if (card < 0 ||
      snd_ctl_open(&opened, ("hw:" + std::to_string(card)).c_str(), SND_CTL_NONBLOCK) < 0)
    return false;
  const Control control(opened, snd_ctl_close);
  snd_ctl_card_info_t* info = nullptr;
  snd_ctl_card_info_alloca(&info);
  return snd_ctl_card_info(opened, info) == 0 &&
         std::string_view(snd_ctl_card_info_get_driver(info)) == "Loopback";
}

Error refusal(const std::string& pcm, int code) {
  const std::string what = "sound input \"" + pcm + "\" cannot be opened: " + snd_strerror(code);
  switch (-code) {
    case EBUSY:
    case EAGAIN:
      return {ErrorKind::FixSetup, what + "; close other programs that use it"};
    case EACCES:
    case EPERM:
      return {ErrorKind::FixSetup, what + "; add this user to the group audio"};
    case ENOENT:
    case ENODEV:
    case ENXIO:
      return {ErrorKind::NotFound, what + "; connect it"};
    default:
      return {ErrorKind::TryLater, what};
  }
}

}  // namespace

std::vector<SoundInput> list_sound_inputs() {
  std::vector<SoundInput> found;
  for (int card = -1; snd_card_next(&card) == 0 && card >= 0;) add_card(card, found);
  // By place: the same list whatever the order of plugging.
  std::sort(found.begin(), found.end(), [](const SoundInput& a, const SoundInput& b) {
    return std::tie(a.identity.port, a.identity.serial, a.pcm) <
           std::tie(b.identity.port, b.identity.serial, b.pcm);
  });
  add_servers(found);
  return found;
}

Result<SoundAbility> ask_sound_input(const std::string& pcm, int wanted_rate) {
  snd_pcm_t* opened = nullptr;
  int e = snd_pcm_open(&opened, pcm.c_str(), SND_PCM_STREAM_CAPTURE, SND_PCM_NONBLOCK);
  if (e < 0) return refusal(pcm, e);
  const Stream stream(opened, snd_pcm_close);
  snd_pcm_hw_params_t* can = nullptr;
  snd_pcm_hw_params_alloca(&can);
  if (e = snd_pcm_hw_params_any(opened, can); e < 0) return refusal(pcm, e);
  SoundAbility a;
  snd_pcm_info_t* info = nullptr;
  snd_pcm_info_alloca(&info);
  if (snd_pcm_info(opened, info) == 0) a.loopback = is_loopback(snd_pcm_info_get_card(info));
  unsigned least = 1, most = 2, rate = static_cast<unsigned>(wanted_rate);
  snd_pcm_hw_params_get_channels_min(can, &least);
  snd_pcm_hw_params_get_channels_max(can, &most);
  snd_pcm_hw_params_set_rate_resample(opened, can, 0);
  if (snd_pcm_hw_params_set_rate_near(opened, can, &rate, nullptr) == 0 && rate > 0)
    a.rate = static_cast<int>(rate);
  // Sound servers take any number of channels ("1 to 32").
  a.channels_least = static_cast<int>(std::clamp(least, 1U, 128U));
  a.channels_most = static_cast<int>(std::clamp(most, 1U, 128U));
  // Whether it takes these values is told by the stream itself.
  (void)snd_pcm_hw_params(opened, can);
  return a;
}

}  // namespace kakehashi
