// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/devices.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include "capture/camera_list.h"
#include "capture/display_list.h"
#include "capture/port_audio.h"
#include "capture/screen_grabber.h"
#include "capture/sound_list.h"
#include "capture/sound_server.h"
#include "capture/source_kind.h"

namespace kakehashi {
namespace {

// A webcam offers a hundred modes; of each size and format the fastest one tells the rest.
std::vector<std::string> format_words(const std::vector<CameraMode>& modes) {
  std::vector<CameraMode> fastest;
  for (const auto& m : modes) {
    const auto same = std::find_if(fastest.begin(), fastest.end(), [&](const CameraMode& f) {
      return f.format == m.format && f.width == m.width && f.height == m.height && f.scan == m.scan;
    });
    if (same == fastest.end())
      fastest.push_back(m);
    else if (m.rate.per_second() > same->rate.per_second())
      same->rate = m.rate;
  }
  std::vector<std::string> words;
  words.reserve(fastest.size());
  for (const auto& m : fastest) words.push_back(words_of(m));
  return words;
}

void add_microphones(std::vector<Device>& all) {
  silence_sound_libraries();
  for (const auto& m : list_sound_inputs()) {
    Device d;
    d.name = m.name;
    d.identity = m.identity;
    d.kind = "microphone";
    if (!m.format.empty()) d.formats = {m.format};
    // A sound server is no hardware: it is meant by its name.
    d.spec = {"microphone", m.card.empty() ? Settings{{"device", m.identity.model}}
                                           : binding_settings(m.identity)};
    all.push_back(std::move(d));
  }
}

// What the applications of this computer play now, asked over a connection that stays.
class Applications {
 public:
  void add_to(std::vector<Device>& all) {
    if (!server_) {
      // A server that hangs would make each look late.
      if (looks_to_wait_ > 0) {
        --looks_to_wait_;
        return;
      }
      auto server = SoundServer::connect(kPatience);
      if (!server.ok()) {
        if (server.error().kind == ErrorKind::TryLater) looks_to_wait_ = kLooksToWait;
        return;
      }
      server_ = std::move(*server);
    }
    const auto playing = server_->playing(kPatience);
    if (!playing.ok()) {
      server_.reset();
      looks_to_wait_ = 1;
      return;
    }
    std::set<std::string> names;
    for (const Playing& p : *playing) names.insert(p.application);
    for (const std::string& name : names) {
      Device d;
      d.name = name;
      d.identity.model = name;
      d.kind = "application";
      d.spec = {"application", {{"device", name}}};
      all.push_back(std::move(d));
    }
  }

 private:
  static constexpr std::chrono::milliseconds kPatience{300};
  static constexpr int kLooksToWait = 30;
  std::unique_ptr<SoundServer> server_;
  int looks_to_wait_ = 0;
};

// What the displays of our own screen call themselves (EDID): "EPSON PJ, DELL P2419H". Empty: they
// do not say.
std::string own_monitors() {
  std::string out;
  for (const ShownDisplay& shown : list_displays().displays)
    if (shown.edid && !shown.edid->name.empty())
      out += (out.empty() ? "" : ", ") + shown.edid->name;
  return out;
}

// $DISPLAY and every local server's socket.
void add_screens(std::vector<Device>& all) {
  std::set<std::string> names;
  std::string own;
  if (const char* display = std::getenv("DISPLAY"); display && *display) {
    own = display;
    names.insert(own);
  }
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator("/tmp/.X11-unix", ec)) {
    const std::string file = entry.path().filename();
    if (file.size() > 1 && file[0] == 'X') names.insert(":" + file.substr(1));
  }
  for (const std::string& name : names) {
    const auto screen = screen_size(name);
    if (!screen.ok()) continue;
    Device d;
    d.id = name;
    d.identity.model = "X " + name;
    d.name = name == own ? own_monitors() : "";
    if (d.name.empty()) d.name = d.identity.model;
    d.kind = "screen";
    d.nature = SourceNature::Screen;
    d.formats = {std::to_string(screen->width) + "x" + std::to_string(screen->height)};
    d.spec = {"screen", {{"display", name}}};
    all.push_back(std::move(d));
  }
}

}  // namespace

struct DeviceScan::Impl {
  // By node and what stands there: a mode list costs a hundred questions.
  std::map<std::pair<std::string, std::string>, std::vector<CameraMode>> modes;
  CameraMemory cameras;
  Applications applications;

  void add_cameras(std::vector<Device>& all) {
    auto known = std::exchange(modes, {});
    for (const auto& c : list_cameras(&cameras)) {
      const std::pair key{c.node, c.identity.serial + "\n" + c.identity.port + "\n" + c.name};
      const auto before = known.find(key);
      auto& its = modes[key] = before != known.end() && !before->second.empty()
                                   ? std::move(before->second)
                                   : camera_modes(c.node);
      if (its.empty() && !c.locked) continue;  // it gives no picture that we know
      Device d;
      d.name = c.name;
      d.identity = c.identity;
      d.kind = "camera";
      d.formats = format_words(its);
      d.spec = {"camera", binding_settings(c.identity)};
      all.push_back(std::move(d));
    }
  }
};

DeviceScan::DeviceScan() : impl_(std::make_unique<Impl>()) {}
DeviceScan::~DeviceScan() = default;

std::vector<Device> DeviceScan::look() {
  std::vector<Device> all;
  impl_->add_cameras(all);
  add_microphones(all);
  impl_->applications.add_to(all);
  add_screens(all);
  tell_apart(all);
  return all;
}

Result<std::vector<Device>> list_devices() {
  if (Status s = init_capture(); !s.ok()) return s.error();
  return DeviceScan().look();
}

}  // namespace kakehashi
