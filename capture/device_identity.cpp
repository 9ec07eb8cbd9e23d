// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/device_identity.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "capture/devices.h"
#include "core/sound_kind.h"

namespace kakehashi {
namespace {

namespace fs = std::filesystem;

bool blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string trimmed(std::string s) {
  while (!s.empty() && blank(s.back())) s.pop_back();
  std::size_t begin = 0;
  while (begin < s.size() && blank(s[begin])) ++begin;
  return s.substr(begin);
}

std::string subsystem_of(const fs::path& device) {
  std::error_code ec;
  return fs::read_symlink(device / "subsystem", ec).filename();
}

std::string printable(const std::string& s) {
  std::string out;
  for (const char c : s) {
    if (c < 0x20 || c > 0x7e) return {};  // as udev does: no serial rather than a broken one
    out += blank(c) ? '_' : c;
  }
  return out;
}

std::string text_setting(const SourceSpec& spec, const char* name) {
  const auto it = spec.settings.find(name);
  const auto* text = it == spec.settings.end() ? nullptr : std::get_if<std::string>(&it->second);
  return text ? *text : std::string();
}

// The length of a valid UTF-8 sequence at `at`, or 0.
std::size_t sequence_at(const std::string& s, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return at + i < s.size() ? static_cast<unsigned char>(s[at + i]) : 0U;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return first >= 0x20 && first != 0x7f ? 1 : 0;
  const std::size_t length = first >= 0xc2 && first < 0xe0   ? 2
                             : first >= 0xe0 && first < 0xf0 ? 3
                             : first >= 0xf0 && first < 0xf5 ? 4
                                                             : 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0U) != 0x80U) return 0;
  if ((first == 0xe0 && byte(1) < 0xa0) || (first == 0xed && byte(1) >= 0xa0) ||
      (first == 0xf0 && byte(1) < 0x90) || (first == 0xf4 && byte(1) >= 0x90) ||
      (first == 0xc2 && byte(1) < 0xa0))  // C1 controls
    return 0;
  return length;
}

std::string unused(std::set<std::string>& used, const std::string& before,
                   const std::string& word) {
  std::string tried = before + word;
  for (int n = 2; !used.insert(tried).second; ++n) tried = before + word + " #" + std::to_string(n);
  return tried;
}

}  // namespace

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return trimmed(line);
}

std::string clean_name(const std::string& raw) {
  std::string out;
  for (std::size_t i = 0; i < raw.size();) {
    const std::size_t n = sequence_at(raw, i);
    out.append(raw, i, n);
    i += std::max<std::size_t>(n, 1);
  }
  return trimmed(out);
}

bool tells_apart(const std::string& serial) {
  static const std::array known{"SN0001",           "SN001",          "200901010001", "0123456789",
                                "123456789ABC",     "12345678",       "123456",       "1234567890",
                                "0123456789ABCDEF", "Default_string", "N/A"};
  if (serial.size() < 2) return false;
  if (std::all_of(serial.begin(), serial.end(), [&](char c) { return c == serial[0]; }))
    return false;
  const auto same = [&](const char* other) { return serial == other; };
  return std::none_of(known.begin(), known.end(), same);
}

std::string device_words(const std::string& name, const DeviceIdentity& identity) {
  return identity.port.empty() ? name : name + " (" + port_words(identity.port) + ")";
}

Place place_of(const std::string& folder) {
  Place place;
  std::error_code ec;
  fs::path at = fs::canonical(folder, ec);
  if (ec) return place;
  const auto put_before = [&](const std::string& part) {
    place.port = place.port.empty() ? part : part + "-" + place.port;
  };
  bool interface_seen = false, pci_seen = false;
  for (; at.has_relative_path(); at = at.parent_path()) {
    const std::string name = at.filename(), subsystem = subsystem_of(at);
    if (subsystem == "usb") {
      const auto dash = name.find('-');
      const bool is_interface = name.find(':') != std::string::npos;
      if (is_interface && !interface_seen && dash != std::string::npos) {
        interface_seen = true;
        put_before("usb-0:" + name.substr(dash + 1));
      }
      // The first device on the way up is the thing itself, those above are hubs.
      if (!is_interface && !place.usb && dash != std::string::npos) {
        place.usb = true;
        place.usb_mbit = std::atof(first_line(at / "speed").c_str());
        const std::string serial = printable(first_line(at / "serial"));
        if (tells_apart(serial))
          place.serial =
              first_line(at / "idVendor") + ":" + first_line(at / "idProduct") + ":" + serial;
      }
    } else if (subsystem == "pci" && !pci_seen) {
      pci_seen = true;  // bridges above it are not told
      put_before("pci-" + name);
    } else if (subsystem == "platform") {
      put_before("platform-" + name);
    }
  }
  return place;
}

std::string port_words(const std::string& port) {
  if (const auto usb = port.find("usb-0:"); usb != std::string::npos) {
    const std::string chain = port.substr(usb + 6);
    return "USB " + chain.substr(0, chain.find(':'));
  }
  if (const auto pci = port.find("pci-0000:"); pci != std::string::npos)
    return "PCI " + port.substr(pci + 9);
  const std::string last = port.substr(port.rfind(':') + 1);
  return last.starts_with("platform-") ? last.substr(9) : last;
}

DeviceIdentity identity_of(const SourceSpec& spec) {
  if (spec.kind != "camera" && !is_sound_kind(spec.kind)) return {};
  DeviceIdentity identity{text_setting(spec, "serial"), text_setting(spec, "port"),
                          text_setting(spec, "model")};
  if (identity.empty()) identity.model = text_setting(spec, "device");
  return identity;
}

Settings binding_settings(const DeviceIdentity& identity) {
  Settings settings;
  if (!identity.serial.empty()) settings["serial"] = identity.serial;
  if (!identity.port.empty()) settings["port"] = identity.port;
  if (!identity.model.empty()) settings["model"] = identity.model;
  return settings;
}

void tell_apart(std::vector<Device>& devices) {
  std::set<std::string> used;
  for (auto& d : devices) {
    // Always with its port, so that a name stays when a second one of the model is plugged in.
    d.name = device_words(d.name, d.identity);
    // By kind: a camera and its own microphone may share a name. Two controllers have a port 3
    // each.
    d.name = unused(used, d.kind, d.name).substr(d.kind.size());
  }
  std::map<std::string, int> ids;
  for (auto& d : devices) {
    const DeviceIdentity& i = d.identity;
    if (d.id.empty()) d.id = !i.serial.empty() ? i.serial : !i.port.empty() ? i.port : i.model;
    ++ids[d.id];
  }
  // A serial that is there twice: cheap cameras, or camera and microphone of one device.
  for (auto& d : devices)
    if (ids[d.id] > 1 && !d.identity.port.empty()) d.id = d.identity.port;
  used.clear();
  for (auto& d : devices) d.id = unused(used, "", d.id);
}

}  // namespace kakehashi
