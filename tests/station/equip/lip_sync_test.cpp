// SPDX-License-Identifier: GPL-3.0-or-later
// From pairs of cameras and microphones to the delays of a venue.
#include <doctest/doctest.h>

#include "station/equip/lip_sync.h"

using namespace kakehashi;

namespace {

Input input(const char* id, const char* device, std::int64_t channel = 0, int delay_ms = 0) {
  Input i;
  i.id = id;
  i.source = SourceSpec{"microphone", {{"device", std::string(device)}}};
  if (channel > 0) i.source->settings["first_channel"] = channel;
  i.delay = Duration::milliseconds(delay_ms);
  return i;
}

Duration ms(double v) { return Duration::from_seconds(v / 1000); }

using Delays = std::map<std::string, Duration>;

}  // namespace

TEST_CASE("sound waits for the latest camera, the other cameras too") {
  const std::vector<Input> inputs{input("cam_a", "x"), input("cam_b", "y"), input("mic", "desk", 1),
                                  input("mic_2", "desk", 2), input("other", "usb")};
  CHECK(lip_sync_delays(inputs, {{"cam_a", "mic", ms(82.4)}, {"cam_b", "mic", ms(40)}}) ==
        Delays{{"cam_a", Duration{}}, {"cam_b", ms(42)}, {"mic", ms(82)}, {"mic_2", ms(82)}});
  // A camera that is early waits; the microphone does not.
  CHECK(lip_sync_delays(inputs, {{"cam_a", "mic", ms(-15)}}) ==
        Delays{{"cam_a", ms(15)}, {"mic", Duration{}}, {"mic_2", Duration{}}});
  CHECK(lip_sync_delays(inputs, {}).empty());
}

TEST_CASE("several microphones: a wireless one is later than the desk, everything waits for it") {
  const std::vector<Input> inputs{input("cam", "x"), input("wide", "y"), input("desk", "d"),
                                  input("radio", "r")};
  CHECK(lip_sync_delays(inputs, {{"cam", "desk", ms(30)},
                                 {"wide", "desk", ms(10)},
                                 {"cam", "radio", ms(-20)},
                                 {"wide", "radio", ms(-40)}}) ==
        Delays{{"cam", ms(20)}, {"wide", ms(40)}, {"desk", ms(50)}, {"radio", Duration{}}});
}

TEST_CASE("what was written brings the next measurement to zero, and is then written again") {
  const std::vector<Input> inputs{input("cam", "x"), input("wide", "y", 0, 45),
                                  input("mic", "d", 0, 125)};
  // As it is with those delays: together, the noise of measuring apart.
  CHECK(lip_sync_delays(inputs, {{"cam", "mic", ms(0.1)}, {"wide", "mic", ms(-0.2)}}) ==
        Delays{{"cam", Duration{}}, {"wide", ms(45)}, {"mic", ms(125)}});
}

TEST_CASE("of one interface the channel that heard best speaks for all") {
  const std::vector<Input> inputs{input("cam", "x"), input("near", "desk", 1),
                                  input("far", "desk", 2)};
  CHECK(lip_sync_delays(inputs, {{"cam", "far", ms(45), 0.01F}, {"cam", "near", ms(60), 0.2F}}) ==
        Delays{{"cam", Duration{}}, {"near", ms(60)}, {"far", ms(60)}});
}

TEST_CASE("pairs with nothing in common are brought together each for itself") {
  const std::vector<Input> inputs{input("a", "1"), input("b", "2"), input("m", "3"),
                                  input("n", "4")};
  CHECK(lip_sync_delays(inputs, {{"a", "m", ms(70)}, {"b", "n", ms(-20)}}) ==
        Delays{{"a", Duration{}}, {"m", ms(70)}, {"b", ms(20)}, {"n", Duration{}}});
}

TEST_CASE("cameras measured one after the other stay together") {
  std::vector<Input> inputs{input("a", "1"), input("b", "2"), input("c", "3"), input("mic", "4")};
  std::set<std::string> known;
  const double late[] = {80, 40, 130};  // than the microphone
  for (std::size_t i = 0; i < 3; ++i) {
    const double seen =
        late[i] + inputs[i].delay.to_milliseconds() - inputs[3].delay.to_milliseconds();
    for (const auto& [role, delay] :
         lip_sync_delays(inputs, {{inputs[i].id, "mic", ms(seen)}}, known)) {
      find_by_id(inputs, role)->delay = delay;
      known.insert(role);
    }
  }
  CHECK(inputs[0].delay == ms(50));
  CHECK(inputs[1].delay == ms(90));
  CHECK(inputs[2].delay == ms(0));
  CHECK(inputs[3].delay == ms(130));
  // One that was never measured keeps what it has.
  inputs.push_back(input("new", "5"));
  CHECK_FALSE(lip_sync_delays(inputs, {{"a", "mic", ms(0)}}, known).contains("new"));
}
