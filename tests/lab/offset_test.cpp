// SPDX-License-Identifier: GPL-3.0-or-later
// Picture against sound with cameras and sound cards of the kernel: what was programmed is
// measured, again and again the same, and written to the venue so that nothing is left.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "core/clock.h"
#include "station/equip/result_file.h"
#include "tests/e2e/station.h"
#include "tests/lab/devices.h"
#include "tests/lab/stage.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

using Items = std::map<std::string, EquipmentItem>;

// A venue with these bindings and nothing else.
struct Hall {
  explicit Hall(const std::string& bindings) {
    write_text(venue,
               "{\"kakehashi_venue\": 1, \"name\": \"hall\", \"bindings\": {" + bindings + "}}");
  }
  Items test(const std::vector<std::string>& options) {
    std::vector<std::string> command{
        station_program(), "equip-test",           "--venue", venue,
        "--json",          folder / "result.json", "--only",  "offset"};
    command.insert(command.end(), options.begin(), options.end());
    std::string out;
    const int code = run(command, &out, {{"XDG_DATA_HOME", folder / "data"}});
    INFO(out);
    REQUIRE(code == 0);
    const EquipmentReading read = parse_result(read_text(folder / "result.json"));
    REQUIRE(read.faults.empty());
    Items items;
    for (const auto& item : read.result.items) {
      MESSAGE(item.id << ": " << item.found.ja << item.cause.ja);
      items[item.id] = item;
    }
    return items;
  }
  TempDir folder;
  const std::string venue = folder / "venue.json";
};

const std::string kCam = R"("cam": {"kind": "camera", "port": "platform:v4l2loopback-000"})";
const std::string kWide = R"("wide": {"kind": "camera", "port": "platform:v4l2loopback-001"})";
const std::string kMic = R"("mic": {"kind": "microphone", "device": "hw:0,1"})";
const std::string kRadio = R"("radio": {"kind": "microphone", "device": "hw:1,1"})";

double figure(const EquipmentItem& item, const std::string& id) {
  CAPTURE(item.id);
  CAPTURE(item.cause.en);
  const auto at = std::find_if(item.figures.begin(), item.figures.end(),
                               [&](const EquipmentFigure& f) { return f.id == id; });
  REQUIRE(at != item.figures.end());
  return at->value;
}

Duration ms(double v) { return Duration::from_seconds(v / 1000); }

// The short form leaves out what takes many runs.
bool whole() {
  const char* wish = std::getenv("KAKEHASHI_LAB");
  return wish && std::string(wish) == "full";
}

MediaTime soon() { return MonotonicClock().now() + ms(300); }

}  // namespace

TEST_CASE("sound 80 ms late is measured the same again and again") {
  std::vector<double> measured;
  for (int round = 0; round < (whole() ? 10 : 2); ++round) {
    Hall hall(kCam + "," + kMic);
    // Somewhere else within a frame each time.
    const Scenery page(Scenery::Act::FlashPage, soon() + ms(7.3 * round));
    const CameraOnStage camera(page, {kFeeds[0]});
    const MicrophoneOnStage microphone(page, 0, ms(80));
    const Items items = hall.test({});
    REQUIRE(items.contains("offset.cam.mic"));
    measured.push_back(figure(items.at("offset.cam.mic"), "offset_ms"));
    CHECK(figure(items.at("offset.cam.mic"), "spread_ms") < 5);
  }
  const auto [low, high] = std::minmax_element(measured.begin(), measured.end());
  MESSAGE(measured.size() << " runs: " << *low << " to " << *high << " ms");
  CHECK(*high - *low <= 4);
  CHECK(*low >= -85);
  CHECK(*high <= -75);
}

TEST_CASE("a picture 45 ms late, then both, with the cameras there are") {
  struct Case {
    int fps;
    double picture, sound, exposure, rolling, gain_falls, noise;
  };
  std::vector<Case> cases{{30, 45, 0, 12, 0, 0, 0.002}, {25, 45, 80, 38, 0, 0.4, 0.02}};
  if (whole())
    cases.insert(cases.end(), {{50, 120, 30, 4, 15, 0, 0.05}, {30, 60, 20, 8, 30, 0.5, 0.002}});
  for (const Case& c : cases) {
    CAPTURE(c.fps);
    Hall hall(kCam + "," + kMic);
    const Scenery page(Scenery::Act::FlashPage, soon());
    const CameraOnStage camera(
        page, {kFeeds[0], c.fps, ms(c.picture), ms(c.exposure), ms(c.rolling), c.gain_falls});
    const MicrophoneOnStage microphone(page, 0, ms(c.sound), 0.3, c.noise);
    const Items items = hall.test({});
    const double offset = figure(items.at("offset.cam.mic"), "offset_ms");
    CHECK(std::abs(offset - (c.picture - c.sound)) <= 5);
  }
}

TEST_CASE("two cameras, two microphones: everything waits for the slowest, then all is together") {
  Hall hall(kCam + "," + kWide + "," + kMic + "," + kRadio);
  const Scenery page(Scenery::Act::FlashPage, soon());
  const CameraOnStage near(page, {kFeeds[0], 30, ms(60)});
  const CameraOnStage wide(page, {kFeeds[1], 25, ms(140), ms(30)});
  const MicrophoneOnStage desk(page, 0, ms(10)), radio(page, 1, ms(45));
  const Items before = hall.test({"--write-delays"});
  REQUIRE(before.size() == 4);
  for (const auto& [id, expected] : std::map<std::string, double>{{"offset.cam.mic", 50},
                                                                  {"offset.cam.radio", 15},
                                                                  {"offset.wide.mic", 130},
                                                                  {"offset.wide.radio", 95}}) {
    const EquipmentItem& item = before.at(id);
    CHECK(std::abs(figure(item, "offset_ms") - expected) <= 5);
    CHECK(item.verdict == Verdict::Pass);
    if (expected > 30) CHECK(item.found.ja.ends_with("遅れの設定に書き込みました。"));
  }
  MESSAGE(read_text(hall.venue));
  const Items after = hall.test({"--write-delays"});
  REQUIRE(after.size() == 4);
  for (const auto& [id, item] : after) CHECK(std::abs(figure(item, "offset_ms")) <= 5);
}

TEST_CASE("by clapping hands") {
  Hall hall(kCam + "," + kMic);
  const Scenery person(Scenery::Act::Claps, soon());
  const CameraOnStage camera(person, {kFeeds[0], 30, ms(70)});
  const MicrophoneOnStage microphone(person, 0, ms(10));
  const Items items = hall.test({"--clap", "--quick"});
  const double offset = figure(items.at("offset.cam.mic"), "offset_ms");
  CHECK(std::abs(offset - 60) <= 12);
}

TEST_CASE("no page, or only half of it: not tested, and which half is missing") {
  Hall hall(kCam + "," + kMic);
  const Scenery page(Scenery::Act::FlashPage, soon());
  const Scenery later(Scenery::Act::FlashPage, soon() + Duration::seconds(1000));
  {
    const CameraOnStage camera(page, {kFeeds[0]});
    const MicrophoneOnStage microphone(later, 0, {});
    const EquipmentItem item = hall.test({}).at("offset.cam.mic");
    CHECK(item.verdict == Verdict::Skipped);
    CHECK(item.cause.en == "mic did not hear the flash page.");
  }
  if (!whole()) return;
  const CameraOnStage camera(later, {kFeeds[0]});
  const MicrophoneOnStage microphone(page, 0, {});
  const EquipmentItem item = hall.test({}).at("offset.cam.mic");
  CHECK(item.verdict == Verdict::Skipped);
  CHECK(item.cause.en == "cam did not see the flash page.");
}
