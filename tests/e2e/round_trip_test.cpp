// SPDX-License-Identifier: GPL-3.0-or-later
// The equipment test plays through PortAudio and ALSA into a sound server and hears its monitor. A
// busy machine may really lose sound here, so nothing is asked of holes; tests/lab does that.
#include <doctest/doctest.h>

#include <cmath>

#include "tests/e2e/equipment.h"
#include "tests/e2e/station.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

const char* const kEvent = R"({
  "kakehashi_event": 1, "id": "loop", "title": "loop",
  "canvas": {"width": 1280, "height": 720, "fps": 30},
  "inputs": [{"id": "picture", "audio": false, "source": {"kind": "test"}},
             {"id": "mic_mc", "video": false, "audio": true, "microphone": true,
              "source": {"kind": "microphone", "device": "pulse"}}],
  "scenes": [{"id": "s", "layers": [{"input": "picture"}]}]
})";

// The one item of a quick test with these options; nothing when it made none.
Items tested(const Pulse& pulse, const std::vector<std::string>& options) {
  EquipTest wish;
  wish.event = kEvent;
  wish.only = {"round_trip"};
  wish.environment = pulse.environment();
  wish.options = options;
  EquipRun done = run_equip_test(wish);
  INFO(done.out);
  return done.code == 2 ? Items() : std::move(done.items);
}

}  // namespace

TEST_CASE("sound goes round through a sound server, and only when asked for") {
  const auto pulse = Pulse::start();
  REQUIRE(pulse);
  CHECK(tested(*pulse, {}).empty());
  for (const std::vector<std::string>& options :
       {std::vector<std::string>{"--loop"}, {"--loop", "mic_mc=pulse"}}) {
    // On a busy machine the sound server itself leaves holes: those runs are told as that.
    auto items = tested(*pulse, options);
    for (int again = 0;
         again < 4 && items.size() == 1 && figure(items.begin()->second, "dropouts") > 0; ++again)
      items = tested(*pulse, options);
    REQUIRE(items.size() == 1);
    const EquipmentItem& item = items.begin()->second;
    CAPTURE(item.found.en);
    CAPTURE(item.cause.en);
    CHECK(item.id == "round_trip.mic_mc");
    CHECK(item.device == "pulse → pulse");
    CHECK(figure(item, "delay_ms") > 0);
    CHECK(figure(item, "delay_ms") < 500);
    CHECK(std::abs(figure(item, "left_db")) < 6);
    CHECK(std::abs(figure(item, "right_db")) < 6);
    CHECK(item.found.en.find("left and right in place, polarity right") != std::string::npos);
  }
  CHECK(tested(*pulse, {"--loop", "someone=pulse"}).empty());
}
