// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/machine_outputs.h"

#include <filesystem>
#include <fstream>
#include <set>

#include "capture/device_identity.h"
#include "capture/devices.h"
#include "venue/sound_outputs.h"
#include "venue/sound_player.h"

namespace kakehashi {
namespace {

constexpr int kLooksBetween = 10;  // sound servers make no node: looked for now and then

// "hw:1,0" -> 1, 0; a sound server has none.
bool numbers_of(const std::string& pcm, std::string& card, int& device) {
  const auto comma = pcm.find(',');
  if (!pcm.starts_with("hw:") || comma == std::string::npos) return false;
  card = pcm.substr(3, comma - 3);
  device = std::atoi(pcm.c_str() + comma + 1);
  return true;
}

// Of the first playback interface of an USB card; others tell when they are opened.
int usb_channels(const std::string& card, int device) {
  std::ifstream file("/proc/asound/card" + card + "/stream" + std::to_string(device));
  std::string line;
  bool playback = false;
  int most = 0;
  while (std::getline(file, line)) {
    line = clean_name(line);
    if (line == "Playback:") playback = true;
    if (line == "Capture:") playback = false;
    if (playback && line.starts_with("Channels: "))
      most = std::max(most, std::atoi(line.c_str() + 10));
  }
  return std::max(2, most);
}

PresentOutput describe(const SoundOutput& output) {
  PresentOutput p;
  p.pcm = output.pcm;
  p.name = clean_name(output.name);
  p.identity.model = p.name;
  std::string card;
  int device = 0;
  if (!numbers_of(output.pcm, card, device)) return p;
  // As capture/sound_list.cpp names the inputs, so that both ends of a card are known as one.
  const Place place = place_of("/sys/class/sound/card" + card + "/device");
  p.identity.serial = place.serial;
  p.identity.port = place.port;
  if (p.identity.port.empty())
    p.identity.port = "card-" + clean_name(first_line("/proc/asound/card" + card + "/id"));
  if (device > 0) p.identity.port += "-pcm-" + std::to_string(device);
  p.channels = usb_channels(card, device);
  return p;
}

std::vector<PresentOutput> look() {
  std::vector<PresentOutput> all;
  std::vector<Device> named;
  for (const SoundOutput& one : list_sound_outputs()) {
    all.push_back(describe(one));
    Device d;
    d.name = all.back().name;
    d.identity = all.back().identity;
    d.kind = "output";
    named.push_back(std::move(d));
  }
  tell_apart(named);
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].id = named[i].id;
    all[i].name = named[i].name;
  }
  return all;
}

// Looks anew when the kernel's nodes changed. One thread.
class Looker {
 public:
  std::vector<PresentOutput> operator()() {
    std::set<std::string> nodes;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/dev/snd", ignored))
      nodes.insert(entry.path().filename());
    if (++looks_ >= kLooksBetween || nodes != nodes_ || known_.empty()) {
      known_ = look();
      nodes_ = std::move(nodes);
      looks_ = 0;
    }
    return known_;
  }

 private:
  std::set<std::string> nodes_;
  std::vector<PresentOutput> known_;
  int looks_ = 0;
};

class MachineOutput final : public OpenOutput {
 public:
  explicit MachineOutput(std::unique_ptr<SoundPlayer> player) : player_(std::move(player)) {}
  SoundRoad& road() override { return player_->road(); }
  bool running() const override { return player_->running(); }
  Duration device_latency() const override { return player_->device_latency(); }
  int channels_most() const override { return player_->channels_most(); }

 private:
  const std::unique_ptr<SoundPlayer> player_;
};

}  // namespace

SoundDesk::Roads machine_outputs(MediaTime epoch, Duration lag) {
  SoundDesk::Roads roads;
  roads.list = [looker = std::make_shared<Looker>()] { return (*looker)(); };
  roads.open = [epoch, lag](const PresentOutput& device,
                            const std::vector<int>& first) -> Result<std::unique_ptr<OpenOutput>> {
    auto player = SoundPlayer::open({{device.pcm, device.name}, first, epoch, lag});
    if (!player.ok()) return std::move(player.error());
    return std::unique_ptr<OpenOutput>(std::make_unique<MachineOutput>(std::move(*player)));
  };
  return roads;
}

}  // namespace kakehashi
