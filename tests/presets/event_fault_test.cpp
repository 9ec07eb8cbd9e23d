// SPDX-License-Identifier: GPL-3.0-or-later
// Each mistake people make is named by its place, in both languages, and none hides another.
#include <algorithm>
#include <ctime>

#include <doctest/doctest.h>

#include "tests/presets/faults.h"

using namespace kakehashi;
using namespace kakehashi::testing;

TEST_CASE("the sound event these tests change is sound") { CHECK(parse(event_with("")).ok()); }

TEST_CASE("wrong types and ranges") {
  expect_fault(event_with(R"("canvas": {"width": "wide"})"), "canvas.width",
               "must be a whole number, not a text");
  expect_fault(event_with(R"("canvas": {"width": 1921})"), "canvas.width", "must be even");
  expect_fault(event_with(R"("canvas": {"height": 8})"), "canvas.height",
               "must be 16 to 4096, not 8");
  for (const char* fps : {"0", "121", "29.97", "\"30/0\"", "\"x\"", "\"30/1x\"", "true", "\"-30\""})
    expect_fault(event_with(std::string(R"("canvas": {"fps": )") + fps + "}"), "canvas.fps",
                 "\"30000/1001\"");
  expect_fault(event_with(R"("mix_ms": -1)"), "mix_ms", "must be 0 to 10000, not -1");
  expect_fault(event_with(R"("mix_ms": 1e300)"), "mix_ms", "must be 0 to 10000");
  expect_fault(event_with(R"("encode": [])"), "encode", "must be an object { }, not a list [ ]");
  expect_fault(event_with(R"("encode": {"preset": "fastest"})"), "encode.preset", "superfast");
  expect_fault(event_with(R"("overlays": {})"), "overlays",
               "must be a list [ ], not an object { }");
  expect_fault(event_with(R"("overlays": [{"id": "o", "name": ""}])"), "overlays[0].name",
               "must not be empty");
  expect_fault(event_with(R"("overlays": [{"id": "o", "name": "a\u0000b"}])"), "overlays[0].name",
               "control character");
  expect_fault(event_with(R"("cards": [{"id": "c", "title": "t", "background": "blue"}])"),
               "cards[0].background", "#22384A");
  expect_fault(event_with(R"("overlays": [{"id": "o", "name": "n", "label": {"en": "only"}}])"),
               "overlays[0].label.ja", "is missing");
  expect_fault(with_input(R"("delay_ms": 20000)"), "inputs[1].delay_ms", "0 to 10000");
  expect_fault(with_input(R"("name": 5)"), "inputs[1].name", "not a whole number");
  expect_fault(event_with("", R"([{"id": "cam"}, {"id": "カメラ"}])"), "inputs[1].id", "letters");
  expect_fault(event_with("", R"([{"id": "cam"}, {"name": "x"}])"), "inputs[1].id", "is missing");
  expect_fault(event_with("", R"([{"id": "cam"}, 7])"), "inputs[1]", "must be an object");
}

TEST_CASE("scenes: layers, keys, cards") {
  const auto layer = [](const std::string& more) {
    return with_scene(R"({"id": "t", "layers": [{"input": "cam", )" + more + "}]}");
  };
  expect_fault(layer(R"("opacity": 1.5)"), "scenes[1].layers[0].opacity", "0 to 1, not 1.5");
  expect_fault(layer(R"("rect": [0, 0, 100])"), "scenes[1].layers[0].rect", "four numbers");
  expect_fault(layer(R"("rect": [0, 0, 0, 100])"), "scenes[1].layers[0].rect", "2 to 8192");
  expect_fault(layer(R"("rect": [0, 0, 1e9, 100])"), "scenes[1].layers[0].rect", "2 to 8192");
  expect_fault(layer(R"("crop": [0.6, 0, 0.6, 0])"), "scenes[1].layers[0].crop", "cuts everything");
  expect_fault(layer(R"("fit": "zoom")"), "scenes[1].layers[0].fit", "fit, fill, stretch");
  expect_fault(with_scene(R"({"id": "t", "layers": [{"input": "cam-3"}]})"),
               "scenes[1].layers[0].input", "no input is called \"cam-3\" (inputs: cam, mic)");
  expect_fault(with_scene(R"({"id": "t", "layers": [{"input": "mic"}]})"),
               "scenes[1].layers[0].input", "has no picture");
  expect_fault(with_scene(R"({"id": "t"})"), "scenes[1]", "shows nothing");
  expect_fault(with_scene(R"({"id": "t", "card": "none"})"), "scenes[1].card",
               "no card is called \"none\" (cards: none)");
  expect_fault(with_scene(R"({"id": "t", "key": 1, "layers": [{"input": "cam"}]})"),
               "scenes[1].key", "already selects scenes[0]");
  expect_fault(with_scene(R"({"id": "t", "key": 10, "layers": [{"input": "cam"}]})"),
               "scenes[1].key", "0 to 9");
  expect_fault(with_scene(R"({"id": "s", "layers": [{"input": "cam"}]})"), "scenes[1].id",
               "already the id of scenes[0]");
  expect_fault(event_with("", R"([{"id": "cam"}])", "[]"), "scenes", "at least one scene");

  const auto outside = parse(layer(R"("rect": [1920, 0, 100, 100])"));
  CHECK(outside.ok());
  REQUIRE(outside.notices.size() == 1);
  CHECK(outside.notices[0].path == "scenes[1].layers[0].rect");
}

TEST_CASE("references and the script") {
  expect_fault(event_with(R"("emergency_card": "x")"), "emergency_card", "no card is called \"x\"");
  expect_fault(event_with(R"("first_scene": "x")"), "first_scene",
               "no scene is called \"x\" (scenes: s)");
  expect_fault(event_with(R"("script": [{"at_s": 1, "scene": "x"}])"), "script[0].scene", "\"x\"");
  expect_fault(event_with(R"("script": [{"at_s": 1, "overlay": "x"}])"), "script[0].overlay",
               "\"x\"");
  expect_fault(event_with(R"("script": [{"at_s": 1}])"), "script[0].scene", "does nothing");
  expect_fault(event_with(R"("script": [{"scene": "s"}])"), "script[0].at_s", "is missing");
  expect_fault(event_with(R"("script": [{"at_s": 2, "scene": "s"}, {"at_s": 1, "scene": "s"}])"),
               "script[1].at_s", "earlier");
}

TEST_CASE("kinds and their settings come from the table") {
  expect_fault(with_input(R"("source": {"kind": "camrea", "device": "x"})"),
               "inputs[1].source.kind",
               "no kind is called \"camrea\" (kinds: test, camera, network, clip, slides, image, "
               "microphone)");
  expect_fault(with_input(R"("source": {"kind": "camera"})"), "inputs[1].source.device",
               "is missing");
  expect_fault(with_input(R"("source": {"kind": "camera", "device": ""})"),
               "inputs[1].source.device", "must not be empty");
  expect_fault(with_input(R"("source": {"kind": "test", "beep": 1})"), "inputs[1].source.beep",
               "must be true or false");
  expect_fault(with_input(R"("source": {"kind": "test", "tone_hz": 30000})"),
               "inputs[1].source.tone_hz", "0 to 20000");
  expect_fault(with_input(R"("source": {"kind": "network", "uri": "rtsp://h", "latency_ms": 1.5})"),
               "inputs[1].source.latency_ms", "whole number");
  expect_fault(
      with_input(R"("source": {"kind": "network", "uri": "rtsp://h", "protocol": "sctp"})"),
      "inputs[1].source.protocol", "tcp, udp");
  expect_fault(with_input(R"("source": {"kind": "microphone"})"), "inputs[1].source.kind",
               "has no picture");
  expect_fault(with_input(R"("audio": true, "source": {"kind": "image", "file": "a.png"})"),
               "inputs[1].source.kind", "has no sound");
  expect_fault(with_input(R"("microphone": true)"), "inputs[1].microphone", "\"audio\": true");
  expect_fault(with_input(R"("video": false)"), "inputs[1]", "neither picture nor sound");
  expect_fault(event_with(R"("destinations": [{"id": "d", "kind": "rtmp"}])"),
               "destinations[0].url", "is missing");
  expect_fault(event_with(R"("destinations": [{"id": "d", "kind": "srt", "url": "srt://h"}])"),
               "destinations[0].kind", "(kinds: rtmp, mkv)");
}

TEST_CASE("a stream key never gets in, and is never repeated in the answer") {
  const std::string key = "a1b2-c3d4-e5f6-g7h8-i9j0";
  const auto destination = [](const std::string& url, const std::string& more = "") {
    return event_with(R"("destinations": [{"id": "d", "kind": "rtmp", "url": ")" + url + "\"" +
                      more + "}]");
  };
  for (const std::string& url :
       {"rtmp://a.rtmp.youtube.com/live2/" + key,
        std::string("rtmp://live.twitch.tv/app/live_123456789_AbCdEfGhIjKl"),
        std::string("rtmp://user:hunter2@host/app"), std::string("rtmp://host/app?token=abc"),
        std::string("rtmp://host/app/s?x=1&password=abc"), "rtmp://host/app/" + key + "/",
        std::string("rtmps://live-api-s.facebook.com:443/rtmp/FB-1234567890123456-0-AbCdEf")}) {
    expect_fault(destination(url), "destinations[0].url", "key_name");
    for (const auto& f : parse(destination(url)).faults)
      for (const char* part : {"c3d4", "AbCdEf", "hunter2", "abc"})
        CHECK(f.message.find(part) == std::string::npos);
  }
  for (const char* name : {"key", "stream_key", "Password", "passphrase", "token"})
    expect_fault(destination("rtmp://host/app", std::string(", \"") + name + "\": \"" + key + "\""),
                 std::string("destinations[0].") + name, "key_name");
  expect_fault(event_with(R"("plugin": {"list": [{"password": "x"}]})"), "plugin", "key_name");
  expect_fault(event_with(R"("plugin": "rtmp://host/app/)" + key + "\""), "plugin", "key_name");
  expect_fault(with_input(R"("source": {"kind": "network", "uri": "rtsp://u:p@10.0.0.1/"})"),
               "inputs[1].source.uri", "password");
  // Not JSON at all, with a key in it: the fault does not quote it.
  const auto broken = parse("{\"kakehashi_event\": 1, " + key + "}");
  REQUIRE(broken.faults.size() == 1);
  CHECK(broken.faults[0].message.find("c3d4") == std::string::npos);

  for (const char* url :
       {"rtmp://127.0.0.1:19350/live/practice", "rtmps://a.rtmps.youtube.com/live2",
        "rtmp://user@host/app/streamname", "rtmp://host:1935/council-relay-hall/main",
        "rtmp://host/app?vhost=midori-city.example"})
    CHECK(parse(destination(url)).ok());
}

TEST_CASE("another file, another version, no JSON") {
  expect_fault(R"({"kakehashi_event": 3, "id": 7, "scenes": {}})", "kakehashi_event",
               "this file is from a newer Kakehashi (version 3); this one reads up to 1");
  expect_fault(R"({"name": "package", "version": "1"})", "kakehashi_event",
               "not a Kakehashi event");
  expect_fault(R"({"kakehashi_event": "1"})", "kakehashi_event", "must be the number 1");
  expect_fault(R"({"kakehashi_event": 0})", "kakehashi_event", "must be the number 1");
  expect_fault("[]", "", "must be an object");
  expect_fault("", "line 1, column 1", "not valid JSON");
  expect_fault("{\n  \"id\": \"a\",\n}", "line 3, column 1", "not valid JSON at line 3, column 1");
  expect_fault("{\"a\": 1e999}", "line 1, column 11", "not valid JSON");
  expect_fault("{\"a\": \"\xff\"}", "line 1, column 8", "not valid JSON");
  expect_fault(event_with(R"("mix_ms": 1, "mix_ms": 2)"), "mix_ms", "stands twice");
}

TEST_CASE("rubbish of any size is one fault, at once") {
  const std::clock_t start = std::clock();  // processor time: a busy machine is no fault of ours
  expect_fault(std::string(10'000'000, '['), "", "nested deeper than 32");
  expect_fault(std::string(10'000'000, 'x'), "line 1, column 1", "not valid JSON");
  expect_fault(std::string(10'000'001, ' '), "", "at most 10 MB");
  std::string noise(10'000'000, '\0');
  std::uint32_t state = 1;
  for (char& c : noise) c = static_cast<char>((state = state * 1664525u + 1013904223u) >> 24);
  CHECK(parse(noise).faults.size() == 1);
  std::string list = "{\"kakehashi_event\": 1, \"id\": \"e\", \"title\": \"t\", \"scenes\": [0";
  while (list.size() < 9'900'000) list += ",0";
  expect_fault(list + "]}", "scenes", "at most 200");
  CHECK(std::clock() - start < 20 * CLOCKS_PER_SEC);  // 0.6 s without sanitizers
}

TEST_CASE("all faults are told, not just the first") {
  const auto r =
      parse(R"({"kakehashi_event": 1, "id": "e", "title": 5, "canvas": {"fps": 0, "width": 3},
    "inputs": [{"id": "a"}, {"id": "a"}], "scenes": [{"id": "s", "layers": [{"input": "b"}]}],
    "first_scene": "t", "destinations": [{"id": "d", "kind": "x"}]})");
  std::vector<std::string> paths;
  for (const auto& f : r.faults) paths.push_back(f.path);
  for (const std::string path :
       {"title", "canvas.fps", "canvas.width", "inputs[1].id", "scenes[0].layers[0].input",
        "first_scene", "destinations[0].kind"})
    CHECK_MESSAGE(std::find(paths.begin(), paths.end(), path) != paths.end(), path);
  CHECK(paths.size() == 7);
}

TEST_CASE("a backup is another input that has a picture") {
  const auto at = [](const char* inputs) {
    const auto r =
        parse(std::string(R"({"kakehashi_event": 1, "id": "x", "title": "題", "inputs": )") +
              inputs + R"(, "scenes": [{"id": "s", "layers": [{"input": "a"}]}]})");
    return r.faults.empty() ? std::string() : r.faults.front().path;
  };
  CHECK(at(R"([{"id": "a", "backup": "b"}, {"id": "b"}])").empty());
  CHECK(at(R"([{"id": "a", "backup": "a"}])") == "inputs[0].backup");
  CHECK(at(R"([{"id": "a", "backup": "c"}])") == "inputs[0].backup");
  CHECK(at(R"([{"id": "a", "backup": "b"}, {"id": "b", "video": false, "audio": true}])") ==
        "inputs[0].backup");
}

TEST_CASE("sound: settings, snapshots, what stays closed") {
  expect_fault(with_input(R"("sound": {"set": "speech"})"), "inputs[1].sound", "has no sound");
  const auto strip = [](const std::string& more) {
    return with_input(R"("audio": true, "sound": {)" + more + "}");
  };
  expect_fault(strip(R"("set": "voice")"), "inputs[1].sound.set", "speech, line, remote");
  expect_fault(strip(R"("trim_db": 31)"), "inputs[1].sound.trim_db", "-30 to 30, not 31");
  expect_fault(strip(R"("high_pass_hz": 10)"), "inputs[1].sound.high_pass_hz", "0 (none) or 20");
  expect_fault(strip(R"("eq": {"high": {"q": 0}})"), "inputs[1].sound.eq.high.q", "0.1 to 10");
  expect_fault(strip(R"("group": "司会")"), "inputs[1].sound.group", "short name");
  expect_fault(with_input(R"("audio": true, "partner": "遠 隔")"), "inputs[1].partner", "letters");
  const auto sound = [](const std::string& more) {
    return event_with("\"sound\": {" + more + "}",
                      R"([{"id": "cam"}, {"id": "mic", "audio": true, "microphone": true}])");
  };
  CHECK(parse(sound(R"("snapshots": [{"id": "A", "open": ["mic"]}])")).ok());
  expect_fault(sound(R"("most_dbtp": 1)"), "sound.most_dbtp", "-12 to 0");
  expect_fault(sound(R"("venue": ["cam"])"), "sound.venue[0]", "has no sound");
  expect_fault(sound(R"("venue": "mic")"), "sound.venue", "must be a list");
  expect_fault(sound(R"("snapshots": [{"id": "A", "open": [1]}])"), "sound.snapshots[0].open[0]",
               "must be a text");
  expect_fault(sound(R"("snapshots": [{"id": "A", "open": ["x"]}])"), "sound.snapshots[0].open[0]",
               "no input is called \"x\"");
  expect_fault(sound(R"("snapshots": [{"id": "A"}, {"id": "A"}])"), "sound.snapshots[1].id",
               "already");
  expect_fault(with_scene(R"({"id": "t", "layers": [{"input": "cam"}], "sound": "A"})"),
               "scenes[1].sound", "no sound snapshot is called");
  expect_fault(event_with(R"("script": [{"at_s": 1, "sound": "A"}])"), "script[0].sound",
               "no sound snapshot is called");
  expect_fault(event_with(R"("script": [{"at_s": 1}])"), "script[0].scene", "does nothing");

  const auto r = parse(event_with(
      R"("sound": {"snapshots": [{"id": "A", "open": ["mic", "mic"]}]}, "cards": [{"id": "c", "title": "t"}])",
      R"([{"id": "mic", "audio": true, "microphone": true}])",
      R"([{"id": "s", "card": "c", "sound": "A"}])"));
  REQUIRE(r.ok());
  REQUIRE(r.notices.size() == 2);
  CHECK(r.notices[0].path == "sound.snapshots[0].open[1]");
  CHECK(r.notices[1].path == "scenes[0].sound");
  CHECK(r.notices[1].ja.find("ふたの間") != std::string::npos);
}

TEST_CASE("what an input's sound means when the file says nothing") {
  const auto r = parse(event_with("", R"([{"id": "cam"}, {"id": "pc", "audio": true},
    {"id": "mic", "audio": true, "microphone": true},
    {"id": "line", "audio": true, "microphone": true, "sound": {"set": "line", "trim_db": -6}}])"));
  REQUIRE(r.ok());
  CHECK(r.show.inputs[1].sound == settings_of(ProcessingSet::Media));
  CHECK(r.show.inputs[2].sound == settings_of(ProcessingSet::Speech));
  StripSettings line = settings_of(ProcessingSet::Line);
  line.trim_db = -6;
  CHECK(r.show.inputs[3].sound == line);
  const std::string text = write_event(r.show);
  CHECK(text.find(R"("sound": {"set": "line", "trim_db": -6.0})") != std::string::npos);
  CHECK(text.find("compressor") == std::string::npos);  // what the set means is not written out
}
