// SPDX-License-Identifier: GPL-3.0-or-later
#include "presets/venue_file.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

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
