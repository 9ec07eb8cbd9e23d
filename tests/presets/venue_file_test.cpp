// SPDX-License-Identifier: GPL-3.0-or-later
#include "presets/venue_file.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "core/sound_rule.h"
#include "tests/presets/kinds.h"

using namespace kakehashi;
namespace fs = std::filesystem;

namespace {

VenueReading parse(const std::string& text) { return parse_venue(text, testing::source_kinds()); }

struct SecretsFile {
  explicit SecretsFile(const std::string& text, unsigned mode = 0600) {
    std::string name = (fs::temp_directory_path() / "kakehashi-secrets-XXXXXX").string();
    ::close(::mkstemp(name.data()));
    path = name;
    std::ofstream(path) << text;
    fs::permissions(path, static_cast<fs::perms>(mode));
  }
  ~SecretsFile() { fs::remove(path); }
  std::string path;
};

}  // namespace

TEST_CASE("a venue names devices and delays by role") {
  const auto r = parse(R"({"kakehashi_venue": 1, "name": "大ホール", "floor": 2,
    "bindings": {"cam_main": {"kind": "camera", "device": "serial:77"}, "mic": {"kind": "microphone"}},
    "delays_ms": {"cam_main": 40}})");
  REQUIRE(r.ok());
  CHECK(r.venue.name == "大ホール");
  CHECK(r.venue.bindings.at("cam_main").kind == "camera");
  CHECK(r.venue.delays.at("cam_main") == Duration::milliseconds(40));
  REQUIRE(r.notices.size() == 1);
  CHECK(r.notices[0].path == "floor");
}

TEST_CASE("faults of a venue are named by their place") {
  const auto r =
      parse(R"({"kakehashi_venue": 1, "bindings": {"a": {"kind": "camera"}, "b": {"kind": "x"},
    "c": 5, "d e": {"kind": "test"}, "n": {"kind": "network", "uri": "rtsp://u:p@h/"}}, "delays_ms": {"a": -1}})");
  std::string all;
  for (const auto& f : r.faults) all += f.path + "\n";
  for (const char* path : {"bindings.a.device", "bindings.b.kind", "bindings.c\n", "bindings.d e",
                           "bindings.n.uri", "delays_ms.a"})
    CHECK_MESSAGE(all.find(path) != std::string::npos, all);
  CHECK(parse(R"({"kakehashi_venue": 2})").faults[0].message.find("newer") != std::string::npos);
  CHECK(parse(R"({"kakehashi_event": 1})").faults.size() == 1);
  CHECK(load_venue("/nonexistent/venue.json", testing::source_kinds()).faults.size() == 1);
}

TEST_CASE("the venue's device and delay win over the event's own") {
  Show show;
  show.inputs = {{"a", {}, true, false, false, SourceSpec{"clip", {}}, Duration::milliseconds(5)},
                 {"b", {}, true, false, false, SourceSpec{"image", {}}, {}},
                 {"c", {}, true, false, false, std::nullopt, {}}};
  Venue venue;
  venue.bindings["a"] = {"camera", {}};
  venue.delays["a"] = Duration::milliseconds(40);
  const auto bound = bound_inputs(show, venue);
  CHECK(bound[0].source->kind == "camera");
  CHECK(bound[0].delay == Duration::milliseconds(40));
  CHECK(bound[1].source->kind == "image");
  CHECK_FALSE(bound[2].source);
}

TEST_CASE("stream keys come from a file that only its owner may read") {
  const SecretsFile good(R"({"youtube": "abcd-1234"})");
  const auto keys = load_secrets(good.path);
  REQUIRE(keys);
  CHECK(keys->at("youtube").reveal() == "abcd-1234");

  const SecretsFile open(R"({"youtube": "abcd-1234"})", 0640);
  const auto refused = load_secrets(open.path);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("chmod 600") != std::string::npos);

  CHECK(load_secrets("/nonexistent/secrets.json")->empty());
  for (const char* bad : {"{\"youtube\": abcd-1234}", "[\"abcd-1234\"]",
                          "{\"youtube\": [\"abcd-1234\"]}", "{\"youtube\": \"\"}", "abcd-1234"}) {
    const SecretsFile file(bad);
    const auto r = load_secrets(file.path);
    REQUIRE_FALSE(r);
    CHECK(r.error().message.find("abcd") == std::string::npos);
  }
}

TEST_CASE("where the secrets are looked for") {
  ::setenv("HOME", "/home/x", 1);
  ::unsetenv("XDG_CONFIG_HOME");
  ::unsetenv("KAKEHASHI_SECRETS");
  CHECK(default_secrets_path() == "/home/x/.config/kakehashi/secrets.json");
  ::setenv("XDG_CONFIG_HOME", "/c", 1);
  CHECK(default_secrets_path() == "/c/kakehashi/secrets.json");
  ::setenv("KAKEHASHI_SECRETS", "/s.json", 1);
  CHECK(default_secrets_path() == "/s.json");
}

namespace {

Input sounding(const char* id, ProcessingSet set, Rights rights) {
  Input input;
  input.id = id;
  input.audio = true;
  input.sound = settings_of(set);
  input.sound.rights = rights;
  return input;
}

SoundBar bar_of(const Show& show, const Input& input, const char* bus) {
  const auto buses = sound_buses(show);
  return never(show, input, first_sound(input), *find_by_id(buses, bus));
}

}  // namespace

TEST_CASE("a hall's choice of sound takes the place of the event's, rights never less strict") {
  const auto r = parse(R"({"kakehashi_venue": 1, "sound": {"mic": {"set": "music", "trim_db": 2},
    "song": {"set": "music", "rights": "ok"}, "film": {"set": "media", "rights": "venue_only"},
    "desk": {"set": "media"}, "cam": {"set": "speech"}}})");
  REQUIRE(r.ok());
  Show show;
  show.inputs = {sounding("mic", ProcessingSet::Speech, Rights::Check),
                 sounding("song", ProcessingSet::Media, Rights::VenueOnly),
                 sounding("film", ProcessingSet::Media, Rights::Ok),
                 sounding("desk", ProcessingSet::Line, Rights::Ok),
                 sounding("other", ProcessingSet::Remote, Rights::Ok)};
  show.inputs.push_back(sounding("cam", ProcessingSet::Speech, Rights::Ok));
  show.inputs.back().audio = false;
  show.sound.venue = {"desk"};
  show.inputs = bound_inputs(show, r.venue);
  const auto input = [&](const char* id) { return *find_by_id(show.inputs, id); };
  CHECK(first_sound(input("mic")).set == ProcessingSet::Music);
  CHECK(first_sound(input("mic")).trim_db == 2);
  CHECK(first_sound(input("mic")).rights == Rights::Check);
  CHECK(first_sound(input("song")).set == ProcessingSet::Music);
  CHECK(bar_of(show, input("song"), "program") == SoundBar::VenueOnly);
  CHECK(bar_of(show, input("film"), "program") == SoundBar::VenueOnly);
  CHECK(bar_of(show, input("desk"), "venue") == SoundBar::HallLoop);  // still the hall's own air
  CHECK(is_hall_sound(input("desk"), first_sound(input("desk"))));
  CHECK(first_sound(input("other")) == settings_of(ProcessingSet::Remote));
  CHECK_FALSE(input("cam").sound_here);
}

TEST_CASE("what goes into a hall's file is what differs from the event, its rights never") {
  const Input mic = sounding("mic", ProcessingSet::Speech, Rights::Check);
  CHECK_FALSE(sound_for_venue(mic, mic.sound));
  StripSettings live = mic.sound;
  live.rights = Rights::Ok;  // confirmed at the desk
  CHECK_FALSE(sound_for_venue(mic, live));
  live = settings_of(ProcessingSet::Music);
  CHECK(sound_for_venue(mic, live) == live);
  live.rights = Rights::Check;
  CHECK(sound_for_venue(mic, live)->rights == Rights::Ok);
  live.rights = Rights::VenueOnly;
  CHECK(sound_for_venue(mic, live) == live);
}

TEST_CASE("faults of a role's sound are named by their place") {
  const auto r = parse(R"({"kakehashi_venue": 1, "sound": {"a": {"trim_db": 1},
    "b": {"set": "loud"}, "c": {"set": "music", "trim_db": 99}, "d": 5, "e e": {"set": "music"}}})");
  std::string all;
  for (const auto& f : r.faults) all += f.path + "\n";
  for (const char* path :
       {"sound.a.set\n", "sound.b.set\n", "sound.c.trim_db\n", "sound.d\n", "sound.e e\n"})
    CHECK_MESSAGE(all.find(path) != std::string::npos, all);
}
