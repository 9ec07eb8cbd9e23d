// SPDX-License-Identifier: GPL-3.0-or-later
// Venue -> JSON, and one role at a time in a file as it stands.
#include <array>
#include <exception>
#include <functional>
#include <mutex>
#include <string_view>

#include "presets/event_parts.h"
#include "presets/event_writing.h"
#include "presets/file_io.h"
#include "presets/json_text.h"
#include "presets/secret_guard.h"
#include "presets/venue_file.h"

namespace kakehashi {

namespace {

constexpr std::array<const char*, 7> kFirstKeys{
    kVenueKey, "name", "bindings", "delays_ms", "sound", "sound_outputs", "test_server"};

Json json_of(const SourceSpec& source) {
  Json out{{"kind", source.kind}};
  add_settings(out, source.settings);
  return out;
}

Json json_of(const SoundOutputBinding& output) {
  Json out = Json::object();
  if (!output.device.serial.empty()) out["serial"] = output.device.serial;
  if (!output.device.port.empty()) out["port"] = output.device.port;
  if (!output.device.model.empty()) out["model"] = output.device.model;
  if (output.first_channel != 1) out["first_channel"] = output.first_channel;
  return out;
}

// Names its set always: which one a role has by nature only its event knows.
Json json_of(const StripSettings& sound) {
  Json out{{"set", kProcessingSetWords[static_cast<std::size_t>(sound.set)]}};
  out.update(json_of(sound, sound.set));
  return out;
}

// `sound` in JSON, with the keys of `before` that this version does not know. FixInput: it could
// not be read again.
Result<nlohmann::json> sound_after(const nlohmann::json& before, const StripSettings& sound) {
  Findings old, now;
  StripSettings again;
  if (before.is_object()) {
    ObjectReader from(before, "", "", old);
    read_strip(from, again);
  }
  Json out = json_of(sound);
  const nlohmann::json plain = out;
  {
    ObjectReader from(plain, "", "", now);
    read_strip(from, again);
  }
  if (!now.faults.empty() || again != sound)
    return Error{
        ErrorKind::FixInput,
        "venue: the sound has settings that an event file cannot have" +
            (now.faults.empty() ? std::string()
                                : ": " + now.faults[0].path + " " + now.faults[0].message)};
  for (const UnknownKey& unknown : old.unknown) put_back(out, unknown);
  return nlohmann::json(out);
}

// Ours first and in the order of the manual, whatever else is there after them.
std::string text_of(const nlohmann::json& tree) {
  Json out = Json::object();
  for (const char* key : kFirstKeys)
    if (tree.contains(key)) out[key] = tree[key];
  for (auto it = tree.begin(); it != tree.end(); ++it)
    if (!out.contains(it.key())) out[it.key()] = it.value();
  return pretty_json(out);
}

// A new file is an empty venue; one that cannot be read is left as it is.
Result<nlohmann::json> read_tree(const std::string& path) {
  const auto text = read_text_file(path, kLargestFile, Readers::Anyone);
  if (!text && text.error().kind == ErrorKind::NotFound)
    return nlohmann::json{{kVenueKey, kShowVersion}};
  if (!text) return text.error();
  JsonReading json = parse_json(*text);
  Findings found;
  if (json.faults.empty()) {
    ObjectReader root(json.tree, "", "", found);
    if (json.tree.is_object()) read_version(root, kVenueKey, "venue", "会場");
    json.faults = found.faults;
    for (const auto& key : root.rest()) root.take(key);
  }
  if (!json.faults.empty())
    return Error{ErrorKind::FixInput, path + ": " + json.faults[0].path + " " +
                                          json.faults[0].message +
                                          "; correct the file, then try again"};
  return std::move(json.tree);
}

// What an entry becomes, by what it was (null: it was not there); nothing: it goes.
using Entry = std::function<Result<std::optional<nlohmann::json>>(const nlohmann::json& before)>;

Status change(const std::string& path, const char* section,
              const std::map<std::string, Entry>& entries) try {
  if (path.empty())
    return Error{ErrorKind::FixSetup,
                 "there is no venue file to keep it in: name one in the event (\"venue\") or start "
                 "with --venue FILE"};
  for (const auto& [role, entry] : entries)
    if (!is_identifier(role))
      return Error{ErrorKind::FixInput,
                   "a role is written with a-z A-Z 0-9 _ - . only, at most 64 of them"};
  // Two of them at once would each write back what the other one changed: threads of ours, and
  // other programs.
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  const FileTurn turn(path);
  auto tree = read_tree(path);
  if (!tree) return std::move(tree.error()).context("venue");
  if (tree->contains(section) && !(*tree)[section].is_object())
    return Error{ErrorKind::FixInput, "venue: " + path + ": " + section +
                                          " must be an object; correct the file, then try again"};
  for (const auto& [role, entry] : entries) {
    const bool there = tree->contains(section) && (*tree)[section].contains(role);
    auto value = entry(there ? (*tree)[section][role] : nlohmann::json());
    if (!value) return std::move(value.error());
    if (*value)
      (*tree)[section][role] = std::move(**value);
    else if (there)
      (*tree)[section].erase(role);
  }
  if (Status s = write_text_file(path, text_of(*tree)); !s.ok())
    return std::move(s.error()).context("venue");
  return {};
} catch (const std::exception& e) {
  return Error{ErrorKind::FixInput, "venue: " + path + " could not be changed: " + e.what()};
}

Status change(const std::string& path, const char* section, const std::string& role,
              const std::optional<nlohmann::json>& value) {
  return change(path, section, {{role, [&value](const nlohmann::json&) {
                                   return Result<std::optional<nlohmann::json>>(value);
                                 }}});
}

}  // namespace

std::string write_venue(const Venue& venue) {
  Json out{{kVenueKey, kShowVersion}};
  if (!venue.name.empty()) out["name"] = venue.name;
  out["bindings"] = Json::object();
  for (const auto& [role, source] : venue.bindings) out["bindings"][role] = json_of(source);
  for (const auto& [role, delay] : venue.delays)
    out["delays_ms"][role] = in_units(delay, 1'000'000);
  for (const auto& [role, sound] : venue.sounds) out["sound"][role] = json_of(sound);
  for (const auto& [bus, output] : venue.sound_outputs) out["sound_outputs"][bus] = json_of(output);
  if (!venue.test_server.empty()) out["test_server"] = venue.test_server;
  for (const auto& unknown : venue.unknown) put_back(out, unknown);
  return pretty_json(out);
}

Status set_binding(const std::string& path, const std::string& role,
                   const std::optional<SourceSpec>& source) {
  if (!source) return change(path, "bindings", role, std::nullopt);
  const nlohmann::json value = json_of(*source);
  for (auto it = value.begin(); it != value.end(); ++it)
    if (names_a_secret(it.key(), *it))
      return Error{ErrorKind::FixInput,
                   "venue: " + it.key() +
                       " seems to hold a stream key or a password; keys do not belong in this "
                       "file: put it into the secrets file"};
  return change(path, "bindings", role, value);
}

Status set_delay(const std::string& path, const std::string& role, std::optional<Duration> delay) {
  if (!delay) return change(path, "delays_ms", role, std::nullopt);
  if (*delay < Duration{} || *delay > Duration::seconds(10))
    return Error{ErrorKind::FixInput, "venue: a delay is 0 to 10 seconds"};
  return change(path, "delays_ms", role, nlohmann::json(in_units(*delay, 1'000'000)));
}

Status set_sounds(const std::string& path, const RoleSounds& sounds) {
  std::map<std::string, Entry> entries;
  for (const auto& [role, sound] : sounds)
    entries[role] =
        [&wish = sound](const nlohmann::json& before) -> Result<std::optional<nlohmann::json>> {
      if (!wish) return std::optional<nlohmann::json>();
      auto value = sound_after(before, *wish);
      if (!value) return std::move(value.error());
      return std::optional<nlohmann::json>(std::move(*value));
    };
  return change(path, "sound", entries);
}

Status set_sound_output(const std::string& path, const std::string& bus,
                        const std::optional<SoundOutputBinding>& output) {
  if (!output) return change(path, "sound_outputs", bus, std::nullopt);
  if (output->device.empty())
    return Error{ErrorKind::FixInput, "venue: a sound output needs a device"};
  return change(path, "sound_outputs", bus, nlohmann::json(json_of(*output)));
}

}  // namespace kakehashi
