// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/venue_place.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <mutex>

#include "presets/venue_file.h"

namespace kakehashi {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

fs::path config_folder() {
  if (auto config = variable("XDG_CONFIG_HOME"); !config.empty())
    return fs::path(config) / "kakehashi";
  return fs::path(variable("HOME")) / ".config" / "kakehashi";
}

bool there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

bool nothing_there(const VenuePlace& place) { return !there(place.write) && !there(place.read); }

// Devices and sounds are kept by threads of their own: one begins the file, the other finds it
// whole.
std::mutex one_at_a_time;

// This machine's own begins as a copy of the one that could not be written.
Status begin_file(const VenuePlace& place) {
  const fs::path target = place.write;
  if (there(target)) return {};
  std::error_code failed;
  fs::create_directories(target.parent_path(), failed);
  if (failed)
    return Error{ErrorKind::FixSetup,
                 target.parent_path().string() + ": cannot be made: " + failed.message()};
  if (!there(place.read)) return {};
  fs::copy_file(place.read, target, failed);
  if (failed) return Error{ErrorKind::FixSetup, target.string() + ": " + failed.message()};
  fs::permissions(target, fs::perms::owner_write, fs::perm_options::add, failed);
  return {};
}

}  // namespace

bool can_write_file(const std::string& path) {
  fs::path folder = fs::path(path).parent_path();
  if (folder.empty()) folder = ".";
  return ::access(folder.c_str(), W_OK | X_OK) == 0 &&
         (!there(path) || ::access(path.c_str(), W_OK) == 0);
}

VenuePlace venue_place(const std::string& event, const std::string& event_id,
                       const std::string& named, const std::string& wished,
                       const std::function<bool(const std::string&)>& writable) {
  if (!wished.empty()) return {wished, wished};
  std::error_code ignored;
  const fs::path file = fs::absolute(event, ignored);
  const fs::path beside = named.empty()
                              ? file.parent_path() / (file.stem().string() + ".venue.json")
                              : (file.parent_path() / named).lexically_normal();
  // A name that is not there is a fault to be told, but nothing was promised for the other.
  const std::string home = there(beside) || !named.empty() ? beside.string() : "";
  if (writable(beside.string())) return {home, beside.string()};
  const fs::path own = config_folder() / "venues" / (event_id + ".venue.json");
  return {there(own) ? own.string() : home, own.string()};
}

Status keep_binding(const VenuePlace& place, const std::string& role,
                    const std::optional<SourceSpec>& device) {
  const std::lock_guard lock(one_at_a_time);
  if (!device && nothing_there(place)) return {};  // nothing to take out
  if (Status begun = begin_file(place); !begun.ok()) return begun;
  return set_binding(place.write, role, device);
}

Status keep_sounds(const VenuePlace& place, const RoleSounds& sounds) {
  const std::lock_guard lock(one_at_a_time);
  const bool any = std::any_of(sounds.begin(), sounds.end(),
                               [](const auto& one) { return one.second.has_value(); });
  if (!any && nothing_there(place)) return {};
  if (Status begun = begin_file(place); !begun.ok()) return begun;
  return set_sounds(place.write, sounds);
}

Status keep_sound_output(const VenuePlace& place, const std::string& bus,
                         const std::optional<SoundOutputBinding>& output) {
  const std::lock_guard lock(one_at_a_time);
  if (!output && nothing_there(place)) return {};
  if (Status begun = begin_file(place); !begun.ok()) return begun;
  return set_sound_output(place.write, bus, output);
}

}  // namespace kakehashi
