// SPDX-License-Identifier: GPL-3.0-or-later
// The contract of the table: every row, also one added tomorrow, must pass.
#include <fstream>

#include "capture/detect_picture.h"
#include "capture/detect_plan.h"
#include "capture/devices.h"
#include "core/frame_pool.h"
#include "tests/capture/rig.h"

using namespace kakehashi;
using namespace kakehashi::testing;

TEST_CASE("every kind describes itself with valid fallbacks") {
  std::set<std::string> names;
  for (const auto& kind : source_kind_table()) {
    CAPTURE(kind.name);
    CHECK(names.insert(kind.name).second);
    CHECK_FALSE(kind.label.ja.empty());
    CHECK_FALSE(kind.label.en.empty());
    CHECK((kind.has_video || kind.has_audio));
    std::set<std::string> fields;
    for (const auto& f : kind.fields) {
      CAPTURE(f.name);
      CHECK(fields.insert(f.name).second);
      CHECK_FALSE(f.label.ja.empty());
      CHECK_FALSE(f.label.en.empty());
      double number = 0;
      if (const auto* i = std::get_if<std::int64_t>(&f.fallback)) number = static_cast<double>(*i);
      if (const auto* d = std::get_if<double>(&f.fallback)) number = *d;
      CHECK(number >= f.least);
      CHECK(number <= f.most);
      if (!f.choices.empty()) {
        const auto* text = std::get_if<std::string>(&f.fallback);
        REQUIRE(text);
        CHECK(std::find(f.choices.begin(), f.choices.end(), *text) != f.choices.end());
      }
    }
  }
  for (const char* name :
       {"test", "camera", "screen", "network", "rtmp_push", "clip", "image", "colour", "pipewire",
        "portal", "decklink", "slides", "microphone", "application"}) {
    CHECK(names.count(name) == 1);
    CHECK(find_source_kind(name) != nullptr);
  }
  CHECK(find_source_kind("hologram") == nullptr);
}

TEST_CASE("every kind says what it is by nature, and the detectors go by that") {
  struct Row {
    SourceNature nature;
    InputSort sort;  // in a role whose name says nothing
  };
  using enum SourceNature;
  const std::map<std::string, Row> rows{
      {"test", {Test, InputSort::Own}},           {"camera", {Device, InputSort::Camera}},
      {"pipewire", {Device, InputSort::Camera}},  {"decklink", {Device, InputSort::Camera}},
      {"screen", {Screen, InputSort::Screen}},    {"portal", {Screen, InputSort::Screen}},
      {"network", {Network, InputSort::Network}}, {"rtmp_push", {Network, InputSort::Network}},
      {"clip", {Film, InputSort::Film}},          {"image", {Still, InputSort::Own}},
      {"colour", {Still, InputSort::Own}},        {"slides", {Still, InputSort::Own}},
      {"microphone", {Device, InputSort::Line}},  {"application", {Device, InputSort::Line}},
  };
  Input input;
  input.id = "role";
  for (const SourceKind& kind : source_kinds()) {
    CAPTURE(kind.description.name);
    const auto row = rows.find(kind.description.name);
    REQUIRE(row != rows.end());  // a new kind must say here what it is
    CHECK(kind.nature == row->second.nature);
    CHECK(sort_of(input, &kind) == row->second.sort);
    // What has no picture to find fault with is not accused of standing still.
    if (is_media(kind.nature) || kind.nature == Screen)
      CHECK(patience(sort_of(input, &kind), Finding::Frozen) == 0);
  }
}

TEST_CASE("a colour, a desktop and a phone that stand still are not accused as a camera is") {
  SourceRig rig;
  const auto detector_of = [](const char* kind) {
    return PictureDetector(sort_of(Input{}, find_source_kind(kind)));
  };
  SUBCASE("a card in the blue or black of a capture device without signal") {
    for (const std::int64_t blue : {255, 0}) {
      const std::int64_t none = 0;
      auto source = rig.open("colour", {{"red", none}, {"green", none}, {"blue", blue}});
      REQUIRE(source.ok());
      REQUIRE(rig.watch(**source, 1).size() == 1);
      const FramePtr card = rig.video.newest(rig.clock.now());
      REQUIRE(card);
      const Finding accused = blue > 0 ? Finding::NoSignal : Finding::Black;
      for (const char* kind : {"camera", "colour"}) {
        CAPTURE(kind);
        PictureDetector detector = detector_of(kind);
        for (int n = 0; n < 300; ++n)
          detector.look(*card, MediaTime{} + Duration::milliseconds(100 * n));
        CHECK(detector.found(accused) == (std::string(kind) == "camera"));
      }
    }
  }
  SUBCASE("pictures that go on coming without any change") {
    FramePool pool(PixelFormat::I420, 128, 72, 4);
    const auto frozen_after = [&](const char* kind, int seconds) {
      PictureDetector detector = detector_of(kind);
      for (int n = 0; n < seconds * 10; ++n) {
        auto out = pool.acquire();
        REQUIRE(out);
        for (int p = 0; p < 3; ++p)
          for (int i = 0; i < out->stride(p) * (p == 0 ? 72 : 36); ++i)
            out->plane(p)[i] = static_cast<std::uint8_t>(p == 0 ? 60 + i % 120 : 128);
        const MediaTime at = MediaTime{} + Duration::milliseconds(100 * n);
        out->info().captured = at;
        out->info().sequence = static_cast<std::uint64_t>(n);
        detector.look(*std::move(*out).publish(), at);
      }
      return detector.found(Finding::Frozen);
    };
    CHECK(frozen_after("camera", 5));
    CHECK_FALSE(frozen_after("portal", 60));
    CHECK_FALSE(frozen_after("rtmp_push", 5));  // its encoder may repeat a picture
    CHECK(frozen_after("rtmp_push", 20));
  }
}

TEST_CASE("what does not exist is an error that names it") {
  const std::map<std::string, std::pair<Settings, std::string>> wrong{
      {"test", {{}, ""}},
      {"camera", {{{"device", "no-such-camera"}}, "no-such-camera"}},
      {"screen", {{{"display", ":4567"}}, ":4567"}},
      {"network",
       {{{"uri", "rtsp://127.0.0.1:" + std::to_string(free_port()) + "/nobody"}}, "/nobody"}},
      {"rtmp_push",
       {{{"stream", "two words"}, {"port", std::int64_t{free_port()}}}, "stream name"}},
      {"clip", {{{"file", "no-such.mp4"}}, "no-such.mp4"}},
      {"image", {{{"file", "no-such.png"}}, "no-such.png"}},
      {"colour", {{}, ""}},
      {"pipewire", {{{"node", "no-such-node"}}, "no-such-node"}},
      {"portal", {{}, ""}},  // asks somebody: it answers by and by
      {"decklink", {{{"serial", "12345"}}, "12345"}},
      {"slides", {{{"file", "no-such.pdf"}}, "no-such.pdf"}},
      {"microphone", {{{"device", "no-such-microphone"}}, "no-such-microphone"}},
      {"application", {{}, "no application is named"}},
  };
  SourceRig rig;
  for (const auto& kind : source_kinds()) {
    CAPTURE(kind.description.name);
    const auto it = wrong.find(kind.description.name);
    REQUIRE(it != wrong.end());  // a new kind must say here how it fails
    if (it->second.second.empty()) continue;
    auto opened = rig.open(kind.description.name, it->second.first);
    REQUIRE_FALSE(opened.ok());
    CAPTURE(opened.error().message);
    CHECK(opened.error().message.find(it->second.second) != std::string::npos);
    CHECK(opened.error().message.size() > 30);
    CHECK(opened.error().kind != ErrorKind::Bug);
  }
}

TEST_CASE("files that are not what they should be") {
  TempDir dir;
  std::ofstream(dir / "garbage.mp4") << std::string(5000, 'x');
  std::ofstream(dir / "garbage.png") << "\x89PNG\r\n\x1a\n" << std::string(500, 'y');
  std::ofstream(dir / "empty.jpg") << "";
  SourceRig rig;
  rig.context.media_folder = dir.path();
  for (const auto& wrong : std::vector<std::pair<std::string, std::string>>{
           {"clip", "garbage.mp4"}, {"image", "garbage.png"}, {"image", "empty.jpg"}}) {
    const std::string &kind = wrong.first, &file = wrong.second;  // clang 14 captures no bindings
    CAPTURE(file);
    auto opened = rig.open(kind, {{"file", file}});
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().message.find(file) != std::string::npos);
  }
}

TEST_CASE("a password in an address is not repeated in the sentence") {
  SourceRig rig;
  for (const std::string scheme : {"rtsp", "ftp"}) {
    auto opened = rig.open("network", {{"uri", scheme + "://staff:himitsu@127.0.0.1:9/cam"}});
    REQUIRE_FALSE(opened.ok());
    CHECK(opened.error().message.find("himitsu") == std::string::npos);
    CHECK(opened.error().message.find("127.0.0.1:9/cam") != std::string::npos);
    CHECK(opened.error().words.en.find("himitsu") == std::string::npos);
    if (scheme == "ftp") CHECK(opened.error().kind == ErrorKind::FixInput);
  }
}

TEST_CASE("the test source on the real clock") {
  SourceRig rig;
  auto source = rig.open("test", {{"tone_hz", 440.0}, {"beep", false}});
  REQUIRE(source.ok());
  CHECK(rig.watch(**source, 10).size() == 10);
  const Heard h = listen(rig, rig.audio, 1.2);
  CHECK(h.tone(440) == doctest::Approx(0.1).epsilon(0.02));
  source = Error{};  // closes; its last picture stands for two seconds
  CHECK(rig.video.newest(rig.clock.now()));
  CHECK_FALSE(rig.video.newest(rig.clock.now() + Duration::seconds(3)));
}

TEST_CASE("a still image stays alive, is not enlarged and gives its memory back") {
  TempDir dir;
  REQUIRE(run({"convert", "-size", "1280x720", "xc:#ff0000", dir / "red.png"}) == 0);
  REQUIRE(run({"convert", "-size", "321x199", "xc:#00ff00", dir / "green.jpg"}) == 0);
  SourceRig rig;
  rig.context.media_folder = dir.path();
  {
    auto source = rig.open("image", {{"file", "red.png"}});
    REQUIRE(source.ok());
    CHECK((*source)->may_rest());
    const auto seen = rig.watch(**source, 4);  // 1.5 s: it repeats itself
    REQUIRE(seen.size() == 4);
    CHECK(seen[0].width == 640);  // made to fit the canvas
    CHECK(seen[0].height == 360);
    CHECK(seen[0].format == PixelFormat::I420);
    CHECK(seen[0].matrix == ColorMatrix::Bt709);
    CHECK(seen[0].range == ColorRange::Limited);
    const FramePtr red = rig.video.newest(rig.clock.now());
    REQUIRE(red);
    CHECK(std::abs(red->plane(0).data[1000] - 63) <= 2);  // BT.709 limited red
    CHECK(std::abs(red->plane(2).data[1000] - 240) <= 2);
  }
  auto source = rig.open("image", {{"file", "green.jpg"}});
  REQUIRE(source.ok());
  const auto seen = rig.watch(**source, 1);
  REQUIRE(seen.size() == 1);
  CHECK(seen[0].width == 320);
  CHECK(seen[0].height == 198);
}

TEST_CASE("the list of devices can be asked for at any time") {
  const auto devices = list_devices();
  REQUIRE(devices.ok());
  for (const auto& d : *devices) {
    CHECK_FALSE(d.id.empty());
    CHECK_FALSE(d.name.empty());
    CHECK(find_source_kind(d.kind) != nullptr);
    CHECK(d.spec.kind == d.kind);
  }
}
