// SPDX-License-Identifier: GPL-3.0-or-later
#include "venue/sound_outputs.h"

#include <alsa/asoundlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <memory>

namespace kakehashi {
namespace {

using Control = std::unique_ptr<snd_ctl_t, int (*)(snd_ctl_t*)>;
using Stream = std::unique_ptr<snd_pcm_t, int (*)(snd_pcm_t*)>;

void add_card(int card, std::vector<SoundOutput>& to) {
  const std::string number = std::to_string(card);
  snd_ctl_t* opened = nullptr;
  if (snd_ctl_open(&opened, ("hw:" + number).c_str(), SND_CTL_NONBLOCK) < 0) return;
  const Control control(opened, snd_ctl_close);
  snd_ctl_card_info_t* info = nullptr;
  snd_ctl_card_info_alloca(&info);
  if (snd_ctl_card_info(opened, info) < 0) return;
  snd_pcm_info_t* pcm = nullptr;
  snd_pcm_info_alloca(&pcm);
  for (int device = -1; snd_ctl_pcm_next_device(opened, &device) == 0 && device >= 0;) {
    snd_pcm_info_set_device(pcm, static_cast<unsigned>(device));
    snd_pcm_info_set_subdevice(pcm, 0);
    snd_pcm_info_set_stream(pcm, SND_PCM_STREAM_PLAYBACK);
    if (snd_ctl_pcm_info(opened, pcm) < 0) continue;  // it only records
    to.push_back(
        {"hw:" + number + "," + std::to_string(device),
         std::string(snd_ctl_card_info_get_name(info)) + ": " + snd_pcm_info_get_name(pcm)});
  }
}

// The other names of ALSA's configuration are the same cards again.
void add_servers(std::vector<SoundOutput>& to) {
  constexpr std::array<const char*, 3> kServers{"default", "pulse", "pipewire"};
  void** hints = nullptr;
  if (snd_device_name_hint(-1, "pcm", &hints) < 0) return;
  for (void** h = hints; *h; ++h) {
    const auto get = [&](const char* what) {
      char* value = snd_device_name_get_hint(*h, what);
      std::string s = value ? value : "";
      std::free(value);
      return s;
    };
    const std::string name = get("NAME");
    if (std::find(kServers.begin(), kServers.end(), name) != kServers.end() &&
        get("IOID") != "Input")
      to.push_back({name, name});
  }
  snd_device_name_free_hint(hints);
}

Error refusal(const std::string& pcm, int code) {
  const std::string what = "sound output \"" + pcm + "\" cannot be opened: " + snd_strerror(code);
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

Error missing(const std::string& what, const std::vector<SoundOutput>& present) {
  std::string names;
  for (const auto& o : present) names += (names.empty() ? "" : ", ") + o.name + " (" + o.pcm + ")";
  return {ErrorKind::NotFound, what + "; there are: " + (names.empty() ? "none" : names)};
}

}  // namespace

std::vector<SoundOutput> list_sound_outputs() {
  std::vector<SoundOutput> found;
  for (int card = -1; snd_card_next(&card) == 0 && card >= 0;) add_card(card, found);
  add_servers(found);
  return found;
}

Result<SoundOutput> choose_sound_output(const std::string& word,
                                        const std::vector<SoundOutput>& present) {
  for (const auto& o : present)
    if (o.pcm == word) return o;
  const SoundOutput* only = nullptr;
  for (const auto& o : present) {
    if (word.empty() || o.name.find(word) == std::string::npos) continue;
    if (only) return missing("several sound outputs are called \"" + word + "\"", present);
    only = &o;
  }
  if (only) return *only;
  return missing("no sound output is called \"" + word + "\"", present);
}

Result<SoundOutput> output_beside(const std::string& input_pcm,
                                  const std::vector<SoundOutput>& present) {
  for (const auto& o : present)
    if (o.pcm == input_pcm) return o;
  const auto comma = input_pcm.find(',');
  if (comma != std::string::npos)
    for (const auto& o : present)
      if (o.pcm.starts_with(input_pcm.substr(0, comma + 1))) return o;
  return missing("no sound output belongs to \"" + input_pcm + "\"", present);
}

Result<OutputAbility> ask_sound_output(const std::string& pcm, int wanted_rate, int channels) {
  snd_pcm_t* opened = nullptr;
  int e = snd_pcm_open(&opened, pcm.c_str(), SND_PCM_STREAM_PLAYBACK, SND_PCM_NONBLOCK);
  if (e < 0) return refusal(pcm, e);
  const Stream stream(opened, snd_pcm_close);
  snd_pcm_hw_params_t* can = nullptr;
  snd_pcm_hw_params_alloca(&can);
  if (e = snd_pcm_hw_params_any(opened, can); e < 0) return refusal(pcm, e);
  unsigned least = 1, most = 2, rate = static_cast<unsigned>(wanted_rate);
  snd_pcm_hw_params_get_channels_min(can, &least);
  snd_pcm_hw_params_get_channels_max(can, &most);
  snd_pcm_hw_params_set_rate_resample(opened, can, 0);
  OutputAbility a;
  if (snd_pcm_hw_params_set_rate_near(opened, can, &rate, nullptr) == 0 && rate > 0)
    a.rate = static_cast<int>(rate);
  least = std::clamp(least, 1U, 128U);
  most = std::clamp(most, least, 128U);
  a.channels = static_cast<int>(std::clamp(static_cast<unsigned>(channels), least, most));
  a.channels_most = static_cast<int>(most);
  (void)snd_pcm_hw_params(opened, can);
  return a;
}

}  // namespace kakehashi
