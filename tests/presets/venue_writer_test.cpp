// SPDX-License-Identifier: GPL-3.0-or-later
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "presets/venue_file.h"
#include "tests/presets/kinds.h"
#include "tests/support/forked_process.h"

using namespace kakehashi;
namespace fs = std::filesystem;

namespace {

struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "kakehashi-venue-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()));
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  std::string file(const std::string& text) const {
    std::ofstream(path / "hall.json") << text;
    return path / "hall.json";
  }
  fs::path path;
};

std::string read(const std::string& path) {
  std::ostringstream all;
  all << std::ifstream(path).rdbuf();
  return all.str();
}

VenueReading parse(const std::string& text) { return parse_venue(text, testing::source_kinds()); }

const SourceSpec kCamera{"camera", {{"device", std::string("usb-0:3:1.0")}}};

constexpr const char* kHall = R"({"zz_later": [1, {"deep": "word"}], "kakehashi_venue": 1,
  "name": "大ホール", "floor": 2,
  "bindings": {"cam_wide": {"kind": "hologram", "beam": 3}, "cam_main": {"kind": "camera", "device": "old"},
               "tone": {"kind": "test", "colour": "later"}},
  "delays_ms": {"cam_main": 40.5}})";

}  // namespace

TEST_CASE("a venue that is written reads the same, unknown keys included") {
  const auto first = parse(R"({"kakehashi_venue": 1, "name": "小会議室", "floor": 2,
    "bindings": {"a": {"kind": "camera", "device": "x", "later": [1, 2]}, "b": {"kind": "test"}},
    "delays_ms": {"a": 33.3}, "sound": {"a": {"set": "music", "trim_db": -3.5, "later": 1},
      "b": {"set": "speech", "gate": {"range_db": 6}, "rights": "venue_only"}}, "test_server": "rtmp://line.example/live/test",
    "sound_outputs": {"venue": {"model": "UA-25", "later": {"x": 1}},
                      "return.far": {"serial": "1:2:3", "port": "usb-3", "model": "UA-25", "first_channel": 3}}})");
  REQUIRE(first.ok());
  REQUIRE(first.venue.sound_outputs.size() == 2);
  CHECK(first.venue.sound_outputs.at("venue") == SoundOutputBinding{{"", "", "UA-25"}, 1});
  CHECK(first.venue.sound_outputs.at("return.far") ==
        SoundOutputBinding{{"1:2:3", "usb-3", "UA-25"}, 3});
  StripSettings music = settings_of(ProcessingSet::Music);
  music.trim_db = -3.5;
  CHECK(first.venue.sounds.at("a") == music);
  CHECK(first.venue.sounds.at("b").rights == Rights::VenueOnly);
  CHECK(first.venue.test_server == "rtmp://line.example/live/test");
  const std::string text = write_venue(first.venue);
  const auto second = parse(text);
  REQUIRE(second.ok());
  CHECK(second.venue == first.venue);
  CHECK(write_venue(second.venue) == text);
  CHECK(text.find("\"floor\": 2") != std::string::npos);
  CHECK(text.find("\"later\": [1, 2]") != std::string::npos);
  CHECK(parse(write_venue({})).ok());
}

TEST_CASE("one role is bound; everything else stays, also what nobody understands") {
  const Folder folder;
  const std::string path = folder.file(kHall);
  REQUIRE(set_binding(path, "cam_main", kCamera).ok());
  const std::string once = read(path);
  CHECK(once == R"({
  "kakehashi_venue": 1,
  "name": "大ホール",
  "bindings": {
    "cam_main": {"device": "usb-0:3:1.0", "kind": "camera"},
    "cam_wide": {"beam": 3, "kind": "hologram"},
    "tone": {"colour": "later", "kind": "test"}
  },
  "delays_ms": {"cam_main": 40.5},
  "floor": 2,
  "zz_later": [
    1,
    {"deep": "word"}
  ]
}
)");
  REQUIRE(set_binding(path, "cam_main", kCamera).ok());
  CHECK(read(path) == once);
  REQUIRE(set_delay(path, "mic", Duration::milliseconds(20)).ok());
  REQUIRE(set_delay(path, "cam_main", std::nullopt).ok());
  REQUIRE(set_binding(path, "cam_wide", std::nullopt).ok());
  REQUIRE(set_binding(path, "never_there", std::nullopt).ok());
  const auto venue = parse(read(path));
  REQUIRE(venue.ok());
  CHECK(venue.venue.bindings.at("cam_main") == kCamera);
  CHECK(venue.venue.bindings.count("cam_wide") == 0);
  CHECK(venue.venue.delays == std::map<std::string, Duration>{{"mic", Duration::milliseconds(20)}});
}

TEST_CASE(
    "a station and an equipment test that write one file at once lose nothing of each other") {
  const Folder folder;
  const std::string path = folder.file(kHall);
  constexpr int kRounds = 60;
  const auto name = [](const char* who, int i) { return who + std::to_string(i); };
  testing::ForkedProcess test([&] {
    for (int i = 0; i < kRounds; ++i)
      if (!set_delay(path, name("delay_", i), Duration::milliseconds(i + 1)).ok()) return 1;
    return 0;
  });
  testing::ForkedProcess station([&] {
    for (int i = 0; i < kRounds; ++i)
      if (!set_sounds(path, {{name("sound_", i), settings_of(ProcessingSet::Music)}}).ok())
        return 1;
    return 0;
  });
  CHECK(test.wait() == 0);
  CHECK(station.wait() == 0);
  const auto venue = parse(read(path));
  REQUIRE(venue.ok());
  for (int i = 0; i < kRounds; ++i) {
    CHECK(venue.venue.delays.count(name("delay_", i)) == 1);
    CHECK(venue.venue.sounds.count(name("sound_", i)) == 1);
  }
  // Nothing but the file is left in the folder.
  CHECK(std::distance(fs::directory_iterator(folder.path), fs::directory_iterator()) == 1);
}

TEST_CASE("a venue file is begun, or the error says what to do") {
  const Folder folder;
  const std::string fresh = folder.path / "new.json";
  REQUIRE(set_binding(fresh, "cam_main", kCamera).ok());
  CHECK(parse(read(fresh)).venue.bindings.at("cam_main") == kCamera);

  const auto none = set_binding("", "cam_main", kCamera);
  REQUIRE_FALSE(none.ok());
  CHECK(none.error().kind == ErrorKind::FixSetup);
  CHECK(none.error().message.find("--venue") != std::string::npos);
  CHECK_FALSE(set_binding(folder.path / "no/such/hall.json", "cam_main", kCamera).ok());
  CHECK(set_binding(fresh, "演台", kCamera).error().kind == ErrorKind::FixInput);
  CHECK_FALSE(set_delay(fresh, "cam_main", Duration::seconds(11)).ok());
  const auto secret = set_binding(
      fresh, "net", SourceSpec{"network", {{"uri", std::string("rtsp://user:geheim@cam/1")}}});
  REQUIRE_FALSE(secret.ok());
  CHECK(secret.error().message.find("geheim") == std::string::npos);
  CHECK(read(fresh).find("geheim") == std::string::npos);
}

TEST_CASE("a file that is no venue is left as it is") {
  const Folder folder;
  for (const char* bad :
       {"", "[]", "{", "null", R"({"kakehashi_event": 1})", R"({"kakehashi_venue": 2})",
        R"({"kakehashi_venue": 1, "bindings": []})", R"({"kakehashi_venue": 1, "name": "a)",
        "\xff\xfe{}", R"({"kakehashi_venue": 1, "name": "a", "name": "b"})"}) {
    CAPTURE(bad);
    const std::string path = folder.file(bad);
    const auto s = set_binding(path, "cam_main", kCamera);
    REQUIRE_FALSE(s.ok());
    CHECK(s.error().kind == ErrorKind::FixInput);
    CHECK(s.error().message.find(path) != std::string::npos);
    CHECK(read(path) == bad);
  }
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(folder.path)) files += entry.exists();
  CHECK(files == 1);  // no temporary file is left
}

TEST_CASE("whatever bytes are in the file, it is changed whole or not at all") {
  const Folder folder;
  const std::string good = kHall;
  unsigned seed = 7;
  int changed = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string text = good;
    for (int i = 0; i < 1 + round % 3; ++i) {
      seed = seed * 1664525U + 1013904223U;
      text[(seed >> 8) % text.size()] = static_cast<char>(seed >> 24);
    }
    const std::string path = folder.file(text);
    if (!set_binding(path, "cam_main", kCamera).ok()) {
      CHECK(read(path) == text);
      continue;
    }
    ++changed;
    const std::string once = read(path);
    REQUIRE(set_binding(path, "cam_main", kCamera).ok());
    CHECK(read(path) == once);
  }
  CHECK(changed > 100);
}

TEST_CASE("what plays a bus is written into the file and taken out, all else stays") {
  const Folder folder;
  const std::string path = folder.file(kHall);
  REQUIRE(set_sound_output(path, "return.far", SoundOutputBinding{{"", "usb-3", "UA-25"}, 3}).ok());
  REQUIRE(set_sound_output(path, "venue", SoundOutputBinding{{"", "", "pulse"}, 1}).ok());
  auto now = load_venue(path, testing::source_kinds());
  CHECK(now.venue.sound_outputs.at("return.far") == SoundOutputBinding{{"", "usb-3", "UA-25"}, 3});
  CHECK(now.venue.sound_outputs.at("venue") == SoundOutputBinding{{"", "", "pulse"}, 1});
  CHECK(read(path).find("\"zz_later\"") != std::string::npos);
  CHECK(read(path).find("hologram") != std::string::npos);
  REQUIRE(set_sound_output(path, "return.far", std::nullopt).ok());
  now = load_venue(path, testing::source_kinds());
  CHECK(now.venue.sound_outputs.size() == 1);
  CHECK_FALSE(set_sound_output(path, "two words", SoundOutputBinding{{"", "", "pulse"}, 1}).ok());
  CHECK_FALSE(set_sound_output(path, "venue", SoundOutputBinding{}).ok());
}

TEST_CASE("a sound output without a device, or with channels that cannot be, is a fault") {
  for (const char* output : {"{}", "{\"first_channel\": 2}",
                             "{\"model\": \"x\", \"first_channel\": 0}", "{\"model\": 3}", "[]"}) {
    CAPTURE(output);
    const auto reading = parse(
        std::string("{\"kakehashi_venue\": 1, \"sound_outputs\": {\"venue\": ") + output + "}}");
    CHECK_FALSE(reading.ok());
  }
}

TEST_CASE("the sound of roles is written in one go, as what differs from its set") {
  const Folder folder;
  const std::string path = folder.file(kHall);
  StripSettings music = settings_of(ProcessingSet::Music),
                speech = settings_of(ProcessingSet::Speech);
  music.compressor.ratio = 2;
  REQUIRE(set_sounds(path, {{"mic", speech}, {"tone", music}}).ok());
  const std::string once = read(path);
  CHECK(once.find(R"("mic": {"set": "speech"})") != std::string::npos);
  CHECK(once.find(R"("beam": 3)") != std::string::npos);
  CHECK(once.find(R"("zz_later")") != std::string::npos);
  // The set alone is less than what it was with: the difference goes too.
  REQUIRE(set_sounds(path, {{"mic", std::nullopt},
                            {"nobody", std::nullopt},
                            {"tone", settings_of(ProcessingSet::Media)}})
              .ok());
  const std::string twice = read(path);
  CHECK(twice.find(R"("sound": {"tone": {"set": "media"}})") != std::string::npos);
  CHECK(twice.find("mic") == std::string::npos);
}

TEST_CASE("a role's sound keeps what this version does not know of it") {
  const Folder folder;
  const std::string path = folder.file(
      R"({"kakehashi_venue": 1, "sound": {"mic": {"set": "music", "trim_db": 6, "echo": {"ms": 3}}}})");
  REQUIRE(set_sounds(path, {{"mic", settings_of(ProcessingSet::Speech)}}).ok());
  const auto now = load_venue(path, testing::source_kinds());
  REQUIRE(now.ok());
  CHECK(now.venue.sounds.at("mic") == settings_of(ProcessingSet::Speech));
  REQUIRE(now.venue.unknown.size() == 1);
  CHECK(now.venue.unknown[0].path == "/sound/mic/echo");
}

TEST_CASE("a sound that could not be read again is not written: the next start would fail") {
  const Folder folder;
  const std::string path = folder.file(kHall), before = read(path);
  StripSettings loud = settings_of(ProcessingSet::Speech), odd = loud, named = loud;
  loud.trim_db = 99;
  odd.pan = std::nan("");
  named.group = "no word";
  for (const StripSettings& one : {loud, odd, named})
    CHECK_FALSE(set_sounds(path, {{"fine", settings_of(ProcessingSet::Music)}, {"mic", one}}).ok());
  CHECK_FALSE(set_sounds(path, {{"no role", settings_of(ProcessingSet::Music)}}).ok());
  CHECK_FALSE(set_sounds("", {{"mic", settings_of(ProcessingSet::Music)}}).ok());
  CHECK(read(path) == before);
}
