// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/result_file.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "station/equip/field_json.h"

namespace kakehashi {
namespace fs = std::filesystem;
namespace {

constexpr const char* kKey = "kakehashi_equipment";
constexpr int kVersion = 1;
constexpr std::uintmax_t kLargest = 4'000'000;

std::string folder_name(const std::string& venue) {
  std::string name;
  for (const char c : venue)  // letters beyond ASCII stay: venues have Japanese names
    name += c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20 ? '_' : c;
  name = name.substr(0, 120);
  return name.empty() || name[0] == '.' ? "no_venue" : name;
}

}  // namespace

std::string write_result(const EquipmentResult& result) {
  OrderedJson root = {{kKey, kVersion}};
  root.update(tree_of(result));
  return json_words(root, 2) + "\n";
}

EquipmentReading parse_result(std::string_view json) {
  EquipmentReading reading;
  if (json.size() > kLargest) {
    reading.faults.emplace_back("the file is too large for a result");
    return reading;
  }
  const auto root = OrderedJson::parse(json, nullptr, false);
  if (!root.is_object() || !root.contains(kKey)) {
    reading.faults.emplace_back("this is no result of an equipment test");
    return reading;
  }
  const auto& version = root[kKey];
  if (!version.is_number_integer() || version != kVersion) {
    reading.faults.emplace_back(
        version.is_number_integer() && version > kVersion
            ? std::string(kKey) + ": written by a newer Kakehashi; open it with that version"
            : std::string(kKey) + ": this is no version of a result; this program reads 1");
    return reading;
  }
  read_tree(root, reading.result, "", reading.faults);
  return reading;
}

std::string ResultShelf::default_folder(const std::string& venue) {
  const char* data = std::getenv("XDG_DATA_HOME");
  const char* home = std::getenv("HOME");
  const fs::path base = data && *data   ? fs::path(data)
                        : home && *home ? fs::path(home) / ".local/share"
                                        : fs::temp_directory_path();
  return (base / "kakehashi/equipment" / folder_name(venue)).string();
}

std::vector<std::string> ResultShelf::stamps() const {
  std::vector<std::string> all;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator(folder_, ec))
    if (entry.path().extension() == ".json") all.push_back(entry.path().stem().string());
  std::sort(all.rbegin(), all.rend());
  return all;
}

std::optional<EquipmentResult> ResultShelf::read(const std::string& stamp) const {
  const fs::path path = fs::path(folder_) / (stamp + ".json");
  std::error_code ec;
  if (fs::file_size(path, ec) > kLargest || ec) return std::nullopt;
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  EquipmentReading reading = parse_result(text.str());
  if (!reading.faults.empty()) return std::nullopt;
  return std::move(reading.result);
}

std::optional<EquipmentResult> ResultShelf::last(bool quick) const {
  std::optional<EquipmentResult> best;
  int best_worth = -1;
  for (const std::string& stamp : stamps()) {
    auto result = read(stamp);
    if (!result) continue;
    const int worth = (result->stopped ? 0 : 2) + (result->quick == quick ? 1 : 0);
    if (worth <= best_worth) continue;
    best = std::move(result);
    best_worth = worth;
    if (worth == 3) break;
  }
  return best;
}

std::optional<ResultShelf::Kept> ResultShelf::newest() const {
  for (const std::string& stamp : stamps())
    if (auto result = read(stamp)) return Kept{stamp, std::move(*result)};
  return std::nullopt;
}

std::optional<EquipmentResult> ResultShelf::of_time(const std::string& time) const {
  for (const std::string& stamp : stamps())
    if (auto result = read(stamp); result && result->time == time) return result;
  return std::nullopt;
}

Status ResultShelf::keep(const std::string& stamp, const EquipmentResult& result) const {
  std::error_code ec;
  fs::create_directories(folder_, ec);
  const fs::path path = fs::path(folder_) / (stamp + ".json");
  const fs::path half = path.string() + ".part";
  {
    std::ofstream out(half, std::ios::binary | std::ios::trunc);
    out << write_result(result);
    out.flush();
    if (!out)
      return Error{ErrorKind::FixSetup, half.string() + ": cannot be written; is the disk full?"};
  }
  fs::rename(half, path, ec);
  if (ec) return Error{ErrorKind::FixSetup, path.string() + ": " + ec.message()};
  const auto all = stamps();
  for (std::size_t i = kKept; i < all.size(); ++i) {
    const fs::path old = fs::path(folder_) / all[i];
    fs::remove(old.string() + ".json", ec);
    fs::remove(old.string() + ".html", ec);
    fs::remove_all(old, ec);
  }
  return {};
}

}  // namespace kakehashi
