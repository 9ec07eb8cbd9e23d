// SPDX-License-Identifier: GPL-3.0-or-later
// Where a hall's bindings are read and kept.
#include "station/venue_place.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "capture/source_kind.h"
#include "presets/venue_file.h"
#include "tests/support/process.h"

using namespace kakehashi;
using kakehashi::testing::TempDir;

namespace {

const auto kAll = [](const std::string&) { return true; };
const auto kNone = [](const std::string&) { return false; };

struct Home {
  Home() { ::setenv("XDG_CONFIG_HOME", dir.path().c_str(), 1); }
  ~Home() { ::unsetenv("XDG_CONFIG_HOME"); }
  TempDir dir;
};

void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

SourceSpec bound(const std::string& path, const std::string& role) {
  const VenueReading reading = load_venue(path, source_kind_table());
  REQUIRE(reading.ok());
  const auto it = reading.venue.bindings.find(role);
  return it == reading.venue.bindings.end() ? SourceSpec{} : it->second;
}

}  // namespace

TEST_CASE("a venue is the one wished for, the one named, or one beside the event") {
  const Home home;
  const TempDir dir;
  const std::string event = dir / "lecture.json";
  CHECK(venue_place(event, "lecture", "hall.json", "/v/wished.json", kNone).write ==
        "/v/wished.json");
  VenuePlace place = venue_place(event, "lecture", "venues/hall.json", "", kAll);
  CHECK(place.read == dir / "venues/hall.json");  // also where it is missing: a fault to be told
  CHECK(place.write == place.read);
  place = venue_place(event, "lecture", "", "", kAll);
  CHECK(place.read.empty());
  CHECK(place.write == dir / "lecture.venue.json");
  write(place.write, "{}");
  CHECK(venue_place(event, "lecture", "", "", kAll).read == place.write);
}

TEST_CASE("where the event's folder cannot be written this machine keeps a file of its own") {
  const Home home;
  const TempDir dir;
  const std::string event = dir / "lecture.json", named = dir / "hall.json";
  write(named,
        R"({"kakehashi_venue": 1, "name": "大ホール",
            "bindings": {"cam_main": {"kind": "camera", "serial": "1:2:A"}}, "delays_ms": {"cam_main": 40}})");
  VenuePlace place = venue_place(event, "lecture", "hall.json", "", kNone);
  CHECK(place.read == named);
  CHECK(place.write == home.dir / "kakehashi/venues/lecture.venue.json");
  REQUIRE(keep_binding(place, "cam_wide", SourceSpec{"camera", {{"serial", std::string("1:2:B")}}})
              .ok());
  // The next start finds it, with all that the hall's file said.
  place = venue_place(event, "lecture", "hall.json", "", kNone);
  CHECK(place.read == place.write);
  CHECK(bound(place.read, "cam_main").settings.at("serial") == SettingValue(std::string("1:2:A")));
  CHECK(bound(place.read, "cam_wide").settings.at("serial") == SettingValue(std::string("1:2:B")));
  CHECK(load_venue(place.read, source_kind_table()).venue.delays.contains("cam_main"));
  REQUIRE(keep_binding(place, "cam_main", {}).ok());
  CHECK(bound(place.read, "cam_main").kind.empty());
  const StripSettings music = settings_of(ProcessingSet::Music);
  REQUIRE(keep_sounds(place, {{"mic", music}}).ok());
  CHECK(load_venue(place.read, source_kind_table()).venue.sounds.at("mic") == music);
  CHECK(load_venue(named, source_kind_table()).venue.sounds.empty());
  CHECK(bound(named, "cam_main").kind == "camera");  // not ours to change
}

TEST_CASE("a venue begins with its first binding; a place that takes none is named") {
  const Home home;
  const TempDir dir;
  const VenuePlace place = venue_place(dir / "talk.json", "talk", "", "", kAll);
  CHECK(keep_binding(place, "mic", {}).ok());
  CHECK(keep_sounds(place, {{"mic", std::nullopt}}).ok());
  CHECK_FALSE(std::filesystem::exists(place.write));
  REQUIRE(
      keep_binding(place, "mic", SourceSpec{"microphone", {{"model", std::string("AG03")}}}).ok());
  CHECK(bound(place.write, "mic").kind == "microphone");
  write(dir / "file", "");
  const auto refused = keep_binding({"", dir / "file/venue.json"}, "mic", SourceSpec{"test", {}});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message.find(dir / "file") != std::string::npos);
  CHECK(can_write_file(dir / "new.json"));
  CHECK_FALSE(can_write_file(dir / "no/such/folder.json"));
}
