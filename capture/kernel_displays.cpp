// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "capture/display_list.h"

namespace kakehashi {
namespace {

namespace fs = std::filesystem;

std::string line_of(const fs::path& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  return line;
}

}  // namespace

std::vector<ShownDisplay> kernel_displays(const std::string& root) {
  std::vector<ShownDisplay> found;
  std::vector<fs::path> places;
  std::error_code failed;
  const fs::path folder = root + "/sys/class/drm";
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed))
    places.push_back(at->path());
  std::sort(places.begin(), places.end());
  for (const fs::path& place : places) {
    const std::string name = place.filename().string();  // "card0-HDMI-A-1"
    const auto dash = name.find('-');
    if (dash == std::string::npos || line_of(place / "status") != "connected") continue;
    ShownDisplay d;
    d.connector = name.substr(dash + 1);
    std::ifstream in(place / "edid", std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
    d.edid = parse_edid({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    d.on = line_of(place / "enabled") == "enabled";
    found.push_back(std::move(d));
  }
  return found;
}

}  // namespace kakehashi
