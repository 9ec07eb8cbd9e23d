// SPDX-License-Identifier: GPL-3.0-or-later
#include "presets/venue_file.h"

#include <algorithm>
#include <cstdlib>
#include <exception>

#include "presets/event_parts.h"
#include "presets/file_io.h"
#include "presets/json_text.h"
#include "presets/kind_settings.h"

namespace kakehashi {

namespace {

// A section whose keys are names: of roles, of buses.
struct NamedThing {
  const char *en, *ja;
};
constexpr NamedThing kRole{"a role", "役割"}, kBus{"a bus", "音の行き先"};

template <class Read>
void read_named(ObjectReader& from, const NamedThing& thing, Read read) {
  for (const auto& name : from.rest()) {
    if (!is_identifier(name)) {
      from.take(name);
      from.fault(name, std::string(thing.en) + " is written with a-z A-Z 0-9 _ - . only",
                 std::string(thing.ja) + "の名前は半角の英数字と _ - . だけで書いてください。");
      continue;
    }
    from.object(name.c_str(), [&](ObjectReader& object) { read(name, object); });
  }
}

void read_bindings(ObjectReader& from, const KindTable& sources, Venue& venue) {
  read_named(from, kRole, [&](const std::string& role, ObjectReader& source) {
    venue.bindings[role] = read_source(source, sources);
  });
}

void read_delays(ObjectReader& from, Venue& venue) {
  for (const auto& role : from.rest()) {
    const std::size_t before = from.findings().faults.size();
    Duration delay;
    from.milliseconds(role.c_str(), delay, 0, 10'000);
    if (from.findings().faults.size() == before) venue.delays[role] = delay;
  }
}

void read_sounds(ObjectReader& from, Venue& venue) {
  read_named(from, kRole, [&](const std::string& role, ObjectReader& sound) {
    if (!sound.has("set"))  // what a role is by nature is the event's to know
      sound.fault("set", "is missing", "がありません。");
    read_strip(sound, venue.sounds[role]);
  });
}

void read_sound_outputs(ObjectReader& from, Venue& venue) {
  read_named(from, kBus, [&](const std::string& bus, ObjectReader& output) {
    SoundOutputBinding binding;
    output.string("serial", binding.device.serial, Need::Optional, 200);
    output.string("port", binding.device.port, Need::Optional, 200);
    output.string("model", binding.device.model, Need::Optional, 200);
    output.integer("first_channel", binding.first_channel, 1, 127);
    if (binding.device.empty())
      output.fault("", "needs \"serial\", \"port\" or \"model\" of the device",
                   "機材の serial・port・model のどれかを書いてください。");
    else
      venue.sound_outputs[bus] = binding;
  });
}

void wipe(std::string& text) {
  volatile char* p = text.data();
  for (std::size_t i = 0; i < text.size(); ++i) p[i] = 0;
}

}  // namespace

VenueReading parse_venue(std::string_view text, const KindTable& sources) try {
  VenueReading reading;
  JsonReading json = parse_json(text);
  if (!json.faults.empty()) {
    reading.faults = std::move(json.faults);
    return reading;
  }
  Findings found;
  {
    ObjectReader root(json.tree, "", "", found);
    if (json.tree.is_object() && read_version(root, kVenueKey, "venue", "会場")) {
      root.string("name", reading.venue.name, Need::Optional, 200);
      root.object("bindings", [&](ObjectReader& r) { read_bindings(r, sources, reading.venue); });
      root.object("delays_ms", [&](ObjectReader& r) { read_delays(r, reading.venue); });
      root.object("sound", [&](ObjectReader& r) { read_sounds(r, reading.venue); });
      root.object("sound_outputs", [&](ObjectReader& r) { read_sound_outputs(r, reading.venue); });
      root.string("test_server", reading.venue.test_server, Need::Optional, 300);
    } else {
      for (const auto& key : root.rest()) root.take(key);
    }
  }
  reading.faults = std::move(found.faults);
  reading.notices = std::move(found.notices);
  reading.venue.unknown = std::move(found.unknown);
  return reading;
} catch (const std::exception& e) {
  VenueReading reading;
  reading.faults.push_back({"", std::string("could not be read: ") + e.what(),
                            "読み込めませんでした。ファイルを確かめてください。"});
  return reading;
}

VenueReading load_venue(const std::string& path, const KindTable& sources) {
  const auto text = read_text_file(path, kLargestFile, Readers::Anyone);
  if (text) return parse_venue(*text, sources);
  VenueReading reading;
  reading.faults.push_back(
      {path, text.error().message,
       text.error().kind == ErrorKind::NotFound
           ? "会場のファイルが見つかりません。場所と名前を確かめてください。"
           : "会場のファイルを読めません。読む権利と中身を確かめてください。"});
  return reading;
}

Result<std::map<std::string, Secret>> load_secrets(const std::string& path) try {
  auto text = read_text_file(path, 1'000'000, Readers::OwnerOnly);
  if (!text) {
    if (text.error().kind == ErrorKind::NotFound) return std::map<std::string, Secret>{};
    return std::move(text.error()).context("secrets");
  }
  JsonReading json = parse_json(*text);
  wipe(*text);
  const auto bad = [&](const std::string& what) -> Result<std::map<std::string, Secret>> {
    return Error{ErrorKind::FixInput, "secrets: " + path + ": " + what};
  };
  if (!json.faults.empty()) return bad(json.faults[0].message);
  if (!json.tree.is_object()) return bad("must be an object { \"name\": \"key\" }");
  std::map<std::string, Secret> out;
  for (auto it = json.tree.begin(); it != json.tree.end(); ++it) {
    if (!it->is_string() || it->get_ref<const std::string&>().empty())
      return bad("the key called \"" + it.key() + "\" must be a text that is not empty");
    out.emplace(it.key(), Secret(it->get<std::string>()));
    wipe(it->get_ref<std::string&>());
  }
  return out;
} catch (const std::exception&) {  // its words might quote the file
  return Error{ErrorKind::FixInput, "secrets: " + path + " could not be read"};
}

std::string default_secrets_path() {
  const auto variable = [](const char* name) {
    const char* v = std::getenv(name);
    return std::string(v == nullptr ? "" : v);
  };
  if (auto path = variable("KAKEHASHI_SECRETS"); !path.empty()) return path;
  if (auto config = variable("XDG_CONFIG_HOME"); !config.empty())
    return config + "/kakehashi/secrets.json";
  return variable("HOME") + "/.config/kakehashi/secrets.json";
}

std::vector<Input> bound_inputs(const Show& show, const Venue& venue) {
  std::vector<Input> out = show.inputs;
  for (auto& input : out) {
    if (const auto it = venue.bindings.find(input.id); it != venue.bindings.end())
      input.source = it->second;
    if (const auto it = venue.delays.find(input.id); it != venue.delays.end())
      input.delay = it->second;
    if (const auto it = venue.sounds.find(input.id); it != venue.sounds.end() && input.audio) {
      input.sound_here = it->second;
      input.sound_here->rights = std::max(input.sound.rights, it->second.rights);
    }
  }
  return out;
}

std::optional<StripSettings> sound_for_venue(const Input& input, const StripSettings& live) {
  StripSettings kept = live;
  kept.rights = std::max(input.sound.rights, live.rights);
  if (kept == input.sound) return std::nullopt;
  if (kept.rights == input.sound.rights) kept.rights = Rights::Ok;
  return kept;
}

}  // namespace kakehashi
