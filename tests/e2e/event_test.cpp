// SPDX-License-Identifier: GPL-3.0-or-later
// The command line as a technician meets it: what is wrong is named, exit codes can be relied on.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "station/door/codec.h"
#include "tests/e2e/station.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using nlohmann::json;

namespace {

struct Outcome {
  int code = -1;
  std::string out, err;
};

Outcome station(const TempDir& folder, std::vector<std::string> words) {
  words.insert(words.begin(), station_program());
  const std::string errors = folder / "stderr";
  write_text(errors, "");
  auto process = Process::start(words, {}, errors);
  REQUIRE(process);
  Outcome o;
  o.out = process->read_all();
  o.code = process->wait().value_or(-1);
  o.err = read_text(errors);
  return o;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

json small_event() {
  return json::parse(R"({
    "kakehashi_event": 1, "id": "small", "title": "small",
    "canvas": {"width": 320, "height": 180, "fps": 30},
    "inputs": [{"id": "cam", "audio": true, "source": {"kind": "test"}}],
    "scenes": [{"id": "s1", "key": 1, "layers": [{"input": "cam"}]},
               {"id": "s2", "key": 2, "layers": [{"input": "cam", "rect": [0, 0, 160, 90]}]}],
    "overlays": [{"id": "o1", "kind": "name_title", "label": "title", "name": "中村 さくら"}],
    "destinations": [{"id": "main", "name": "main", "kind": "rtmp", "url": "rtmp://127.0.0.1/live"}],
    "record": {"with_stream": false}
  })");
}

// `validate` and `run` both refuse it with 3 and name every place on standard error.
void refused(const TempDir& folder, const std::string& event,
             const std::vector<std::string>& places) {
  for (const std::string command : {"validate", "run"}) {
    std::vector<std::string> words{command, event};
    if (command == "run") words.insert(words.end(), {"--for", "5", "--socket", folder / "door"});
    const Outcome o = station(folder, words);
    CAPTURE(command);
    CAPTURE(o.err);
    CHECK(o.code == 3);
    CHECK(contains(o.err, event));
    for (const auto& place : places) {
      CAPTURE(place);
      CHECK(contains(o.err, place));
    }
  }
}

void refused(const json& event, const std::vector<std::string>& places) {
  const TempDir folder;
  write_text(folder / "event.json", event.dump(2));
  refused(folder, folder / "event.json", places);
}

}  // namespace

TEST_CASE("a good event has no faults") {
  const TempDir folder;
  write_text(folder / "event.json", small_event().dump());
  const Outcome o = station(folder, {"validate", folder / "event.json"});
  CAPTURE(o.err);
  CHECK(o.code == 0);
  CHECK(o.err.empty());
  CHECK(station(folder, {"validate", shipped("presets/events/demo.json")}).code == 0);
}

TEST_CASE("a missing file") {
  const TempDir folder;
  refused(folder, folder / "nowhere.json", {});
}

TEST_CASE("wrong types, each with its place") {
  json e = small_event();
  e["canvas"]["width"] = "wide";
  e["scenes"][1]["layers"][0]["rect"] = "everywhere";
  e["inputs"][0]["audio"] = 7;
  refused(e, {"canvas.width", "scenes[1].layers[0].rect", "inputs[0].audio"});
}

TEST_CASE("an unknown kind of source and an input that does not exist") {
  json e = small_event();
  e["inputs"][0]["source"]["kind"] = "telepathy";
  e["scenes"][0]["layers"][0]["input"] = "cam-3";
  refused(e, {"inputs[0].source", "telepathy", "scenes[0].layers[0].input", "cam-3"});
}

TEST_CASE("duplicate identifiers") {
  json e = small_event();
  e["inputs"].push_back(e["inputs"][0]);
  e["scenes"].push_back(e["scenes"][1]);
  refused(e, {"inputs[1].id", "scenes[2].id"});
}

TEST_CASE("an event of a future version") {
  json e = small_event();
  e["kakehashi_event"] = 999;
  refused(e, {"kakehashi_event", "999"});
}

TEST_CASE("ten megabytes of garbage") {
  const TempDir folder;
  std::mt19937 random(20260401);
  std::string garbage(10'000'000, '\0');
  for (char& c : garbage) c = static_cast<char>(random());
  write_text(folder / "garbage.json", garbage);
  refused(folder, folder / "garbage.json", {});
  // As large, and nearly JSON: brackets without end.
  write_text(folder / "deep.json",
             "{\"kakehashi_event\":1,\"inputs\":" + std::string(9'000'000, '['));
  refused(folder, folder / "deep.json", {});
}

TEST_CASE("usage") {
  const TempDir folder;
  for (const std::vector<std::string>& words : {std::vector<std::string>{},
                                                {"dance"},
                                                {"run"},
                                                {"run", "a.json", "--for", "-3"},
                                                {"run", "a.json", "--destination", "nonsense"},
                                                {"validate"},
                                                {"send"},
                                                {"snapshot", "--jsno"},
                                                {"ingest", "--for", "soon"},
                                                {"report"},
                                                {"--lang", "fr", "devices"}}) {
    const Outcome o = station(folder, words);
    CAPTURE(o.err);
    CHECK(o.code == 2);
    CHECK_FALSE(o.err.empty());
  }
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--help"},
                                                {"run", "--help"},
                                                {"devices", "--help"},
                                                {"validate", "--help"},
                                                {"send", "--help"},
                                                {"snapshot", "--help"},
                                                {"ingest", "--help"},
                                                {"report", "--help"}}) {
    const Outcome o = station(folder, words);
    CAPTURE(words[0]);
    CHECK(o.code == 0);
    CHECK(contains(o.out, "--help"));
  }
}

TEST_CASE("a destination that never answers is exit 4 and is named") {
  const TempDir folder;
  write_text(folder / "event.json", small_event().dump());
  const std::string port = std::to_string(free_port());
  const Outcome o = station(
      folder, {"--lang", "en", "run", folder / "event.json", "--go-live", "--for", "2", "--socket",
               folder / "door", "--destination", "main=rtmp://127.0.0.1:" + port + "/live/x"});
  CAPTURE(o.err);
  CHECK(o.code == 4);
  CHECK(contains(o.err, "main: "));
}

TEST_CASE("nobody at the door is exit 4") {
  const TempDir folder;
  for (const std::string command : {"send", "snapshot"}) {
    std::vector<std::string> words{command};
    if (command == "send") words.push_back(R"({"command":"take"})");
    words.insert(words.end(), {"--socket", folder / "door"});
    const Outcome o = station(folder, words);
    CHECK(o.code == 4);
    CHECK(contains(o.err, folder / "door"));
  }
}

TEST_CASE("devices --json is a list that names kind and source") {
  const TempDir folder;
  const Outcome o = station(folder, {"devices", "--json"});
  CAPTURE(o.err);
  CHECK(o.code == 0);
  const json list = json::parse(o.out, nullptr, false);
  REQUIRE(list.is_array());
  for (const auto& d : list) {
    CHECK(d["name"].is_string());
    CHECK(d["source"]["kind"].is_string());
  }
}

TEST_CASE("send and snapshot through the door") {
  const TempDir folder;
  Station running(folder, small_event().dump());
  const auto say = [&](const std::string& line) {
    return station(folder, {"send", line, "--socket", running.socket()});
  };
  Outcome o = say(R"({"id":7,"command":"preview","scene":"s2"})");
  CHECK(o.code == 0);
  CHECK(json::parse(o.out, nullptr, false) == json({{"id", 7}, {"ok", true}}));
  CHECK(say(R"({"command":"take"})").code == 0);
  o = say(R"({"command":"preview","scene":"s9"})");
  CHECK(o.code == 2);
  CHECK(contains(o.out, "\"ok\":false"));
  CHECK(contains(o.out, "s9"));
  CHECK(say("no json at all").code == 2);

  o = station(folder, {"snapshot", "--json", "--socket", running.socket()});
  CHECK(o.code == 0);
  const json j = json::parse(o.out, nullptr, false);
  REQUIRE(j.is_object());
  // Complete: every field of a Snapshot is there.
  const json all = json::parse(write_snapshot(Snapshot{}));
  for (const auto& item : all.items()) {
    CAPTURE(item.key());
    CHECK(j.contains(item.key()));
  }
  const auto s = parse_snapshot(o.out);
  REQUIRE(s.ok());
  CHECK(s->event_id == "small");
  CHECK(s->program == "s2");
  CHECK(s->takes == 1);
  REQUIRE(s->inputs.size() == 1);
  CHECK(s->inputs[0].id == "cam");
  REQUIRE(s->scenes.size() == 2);
  CHECK(s->overlays.size() == 1);
  CHECK(s->strips.size() == 1);
  CHECK(s->outputs.size() == 1);
  CHECK(s->health.encoder_held_frames == 0);
  CHECK(s->health.ticks > 0);

  o = station(folder, {"snapshot", "--socket", running.socket()});
  CHECK(o.code == 0);
  CHECK(contains(o.out, "s2"));
  CHECK(say(R"({"command":"quit"})").code == 0);
  CHECK(running.process().wait() == 0);
}
