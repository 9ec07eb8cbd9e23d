// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/device_roles.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <map>
#include <string_view>

namespace kakehashi {
namespace {

// What says which device is meant; everything else in a binding says how it is used.
constexpr std::array<std::string_view, 5> kWhich{"device", "serial", "port", "model", "display"};

bool says_which(const std::string& setting) {
  return std::find(kWhich.begin(), kWhich.end(), setting) != kWhich.end();
}

// A source that is a device without an identity of its own (a display) says the same words.
bool same_words(const SourceSpec& bound, const Device& device) {
  bool any = false;
  for (const auto& [name, value] : device.spec.settings) {
    if (!says_which(name)) continue;
    const auto it = bound.settings.find(name);
    if (it == bound.settings.end() || it->second != value) return false;
    any = true;
  }
  return any && bound.kind == device.spec.kind;
}

std::int64_t whole(const SourceSpec& spec, const char* name, std::int64_t otherwise) {
  const auto it = spec.settings.find(name);
  const auto* value = it == spec.settings.end() ? nullptr : std::get_if<std::int64_t>(&it->second);
  return value ? *value : otherwise;
}

struct ChannelPick {
  std::int64_t first = 1, count = 2;
};
// As capture/kind_microphone.cpp reads them.
ChannelPick channels_of(const SourceSpec& s) {
  return {whole(s, "first_channel", 1), whole(s, "channels", 2)};
}

bool same_channels(const SourceSpec& left, const SourceSpec& right) {
  const ChannelPick a = channels_of(left), b = channels_of(right);
  return a.first < b.first + b.count && b.first < a.first + a.count;
}

struct Mode {
  int width = 0, height = 0;
  char fields[2] = "";
  double rate = 0;
  std::string format;
};

// "1920x1080i 30000/1001 MJPG"; nothing for other words.
std::optional<Mode> mode_of(const std::string& words) {
  Mode m;
  int over = 0, under = 0, read = 0;
  if (std::sscanf(words.c_str(), "%dx%d%1[i] %d/%d %n", &m.width, &m.height, m.fields, &over,
                  &under, &read) < 5) {
    m.fields[0] = 0;
    if (std::sscanf(words.c_str(), "%dx%d %d/%d %n", &m.width, &m.height, &over, &under, &read) < 4)
      return {};
  }
  if (under <= 0 || read <= 0) return {};
  m.rate = static_cast<double>(over) / under;
  m.format = words.substr(static_cast<std::size_t>(read));
  return m;
}

std::string words_of(const Mode& m) {
  char rate[32];
  std::snprintf(rate, sizeof rate, "%g", std::round(m.rate * 100) / 100);
  return std::to_string(m.width) + "x" + std::to_string(m.height) + m.fields + " " + rate +
         (m.format.empty() ? "" : " ") + m.format;
}

}  // namespace

std::vector<RoleDevice> role_devices(const std::vector<Input>& inputs,
                                     const std::vector<Device>& devices) {
  std::vector<DeviceIdentity> wanted(inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (inputs[i].source) wanted[i] = identity_of(*inputs[i].source);
  std::vector<RoleDevice> out(inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!inputs[i].source) continue;
    const SourceSpec& source = *inputs[i].source;
    for (std::size_t d = 0; d < devices.size(); ++d)
      if (out[i].match != DeviceMatch::Found && same_words(source, devices[d]))
        out[i] = {true, DeviceMatch::Found, d};
    if (out[i].match == DeviceMatch::Found || wanted[i].empty()) continue;
    std::vector<DeviceIdentity> present, others;
    std::vector<std::size_t> index;
    for (std::size_t d = 0; d < devices.size(); ++d)
      if (devices[d].kind == source.kind) {
        present.push_back(devices[d].identity);
        index.push_back(d);
      }
    for (std::size_t other = 0; other < inputs.size(); ++other)
      if (other != i && inputs[other].source && inputs[other].source->kind == source.kind)
        others.push_back(wanted[other]);
    const DeviceChoice choice = find_device(wanted[i], present, others);
    out[i] = {true, choice.match, choice.match == DeviceMatch::Missing ? 0 : index[choice.index]};
  }
  return out;
}

std::string short_formats(const std::vector<std::string>& formats) {
  std::vector<Mode> best;  // one for each size
  for (const std::string& words : formats) {
    const auto mode = mode_of(words);
    if (!mode) return formats.front();  // a sound device: its one line is short
    const auto same = std::find_if(best.begin(), best.end(), [&](const Mode& m) {
      return m.width == mode->width && m.height == mode->height;
    });
    if (same == best.end())
      best.push_back(*mode);
    else if (mode->rate > same->rate)
      *same = *mode;
  }
  std::stable_sort(best.begin(), best.end(), [](const Mode& a, const Mode& b) {
    return std::int64_t{a.width} * a.height > std::int64_t{b.width} * b.height;
  });
  if (best.size() > 3) best.resize(3);
  std::string out;
  for (const Mode& m : best) out += (out.empty() ? "" : ", ") + words_of(m);
  return out;
}

std::vector<DeviceStatus> describe_devices(const std::vector<Input>& inputs,
                                           const std::vector<Device>& devices) {
  std::vector<DeviceStatus> out;
  std::map<std::string, int> names;
  for (const Device& device : devices) {
    DeviceStatus s;
    s.id = device.id;
    s.name = device.name;
    s.kind = device.kind;
    s.identity = device.identity;
    s.formats = short_formats(device.formats);
    // A camera and its own microphone may share a name; two cameras may not.
    if (const int n = ++names[device.kind + "\n" + device.name]; n > 1)
      s.name += " #" + std::to_string(n);
    out.push_back(std::move(s));
  }
  const auto roles = role_devices(inputs, devices);
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (roles[i].asked && roles[i].match == DeviceMatch::Found && out[roles[i].index].role.empty())
      out[roles[i].index].role = inputs[i].id;
  return out;
}

std::vector<DeviceChannel> describe_channels(const std::vector<Input>& inputs,
                                             const std::vector<Device>& devices, std::size_t device,
                                             const std::vector<double>& peaks_db) {
  std::vector<DeviceChannel> out;
  if (peaks_db.size() < 2) return out;
  for (const double peak : peaks_db) out.push_back({peak, {}});
  const auto roles = role_devices(inputs, devices);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!roles[i].asked || roles[i].match != DeviceMatch::Found || roles[i].index != device)
      continue;
    const ChannelPick pick = channels_of(*inputs[i].source);
    for (std::int64_t c = pick.first; c < pick.first + pick.count; ++c)
      if (c >= 1 && c <= std::ssize(out) && out[static_cast<std::size_t>(c - 1)].role.empty())
        out[static_cast<std::size_t>(c - 1)].role = inputs[i].id;
  }
  return out;
}

SourceSpec binding_of(const Device& device, const std::optional<SourceSpec>& before) {
  SourceSpec spec = device.spec;
  if (before && before->kind == spec.kind)
    for (const auto& [name, value] : before->settings)
      if (!says_which(name)) spec.settings[name] = value;
  return spec;
}

std::vector<std::string> displaced_roles(const std::vector<Input>& inputs,
                                         const std::vector<Device>& devices, std::size_t device,
                                         const std::string& role, const SourceSpec& spec) {
  std::vector<std::string> out;
  const auto roles = role_devices(inputs, devices);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].id == role || !roles[i].asked || roles[i].match != DeviceMatch::Found ||
        roles[i].index != device)
      continue;
    if (spec.kind == "microphone" && !same_channels(*inputs[i].source, spec)) continue;
    out.push_back(inputs[i].id);
  }
  return out;
}

void add_missing_devices(const std::vector<Input>& inputs, const std::vector<Device>& devices,
                         Snapshot& snapshot) {
  const auto roles = role_devices(inputs, devices);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Input& input = inputs[i];
    const InputStatus* status = find_by_id(snapshot.inputs, input.id);
    if (!roles[i].asked || roles[i].match == DeviceMatch::Found || !status ||
        (status->signal != SignalState::Lost && status->signal != SignalState::Opening))
      continue;
    const DeviceIdentity wanted = identity_of(*input.source);
    if (wanted.model == "default") continue;  // whatever the computer has
    const std::string& what = wanted.model.empty() ? wanted.serial : wanted.model;
    Message m;
    m.id = "device." + input.id + ".missing";
    m.severity = Severity::Caution;
    m.what.ja = "「" + input.name.ja + "」の機材";
    m.what.en = "The device of \"" + input.name.pick(Language::English) + "\"";
    if (!what.empty()) {
      m.what.ja += "（" + what + "）";
      m.what.en += " (" + what + ")";
    }
    if (roles[i].match == DeviceMatch::Elsewhere) {
      m.what.ja += "が別の差し込み口にあるか、別の個体です。";
      m.what.en += " is at another port, or it is another one of the same model.";
      m.action = {"元の差し込み口に戻すか、「準備」で割り当て直してください。",
                  "Plug it where it was, or assign it anew under \"Prepare\"."};
    } else if (roles[i].match == DeviceMatch::Ambiguous) {
      m.what.ja += "と同じものが2台以上あり、見分けられません。";
      m.what.en += " cannot be told from others that are the same.";
      m.action = {"「準備」で映像を見て割り当ててください。",
                  "Assign it by its picture under \"Prepare\"."};
    } else {
      m.what.ja += "がつながっていません。";
      m.what.en += " is not connected.";
      m.action = {"ケーブルと電源を確かめ、同じ差し込み口につないでください。",
                  "Check cable and power; plug it where it was."};
    }
    // One trouble, one message. What viewers see stays: that one says what to do for them.
    std::erase_if(snapshot.messages, [&](const Message& old) {
      return old.id == "input." + input.id + ".lost" && old.severity != Severity::Fault;
    });
    snapshot.messages.push_back(std::move(m));
  }
  std::stable_sort(snapshot.messages.begin(), snapshot.messages.end(),
                   [](const Message& a, const Message& b) { return a.severity > b.severity; });
}

}  // namespace kakehashi
