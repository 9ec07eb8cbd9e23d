// SPDX-License-Identifier: GPL-3.0-or-later
// The material the other tests listen to is what it says.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/speech_material.h"

namespace kakehashi::testing {
namespace {

TEST_CASE("four voices speak for a while, at one level, with pauses") {
  for (const Voice voice : {Voice::Host, Voice::Guest, Voice::English, Voice::Visitor}) {
    const auto& samples = speech(voice);
    REQUIRE_MESSAGE(!samples.empty(), "install espeak-ng (scripts/install_packages)");
    CHECK(samples.size() > 8 * 48000);
    CHECK(speaking_db(samples) == doctest::Approx(-26).epsilon(0.001));
    const auto flags = speaking(samples);
    const auto frames = static_cast<double>(flags.size());
    const auto spoken_frames = static_cast<double>(std::count(flags.begin(), flags.end(), true));
    CHECK(spoken_frames > 0.5 * frames);
    CHECK(spoken_frames < 0.97 * frames);
    for (const float v : samples) REQUIRE(std::abs(v) < 1.0F);
  }
  CHECK(speech(Voice::Host) != speech(Voice::Guest));
  CHECK(speech_for(Voice::Host, 60).size() == 60 * 48000);
}

TEST_CASE("noises have the power asked for and are the same every time") {
  CHECK(power_db(white_noise(2, -30)) == doctest::Approx(-30).epsilon(0.001));
  CHECK(power_db(pink_noise(2, -40)) == doctest::Approx(-40).epsilon(0.001));
  CHECK(power_db(room_noise(2, -50)) == doctest::Approx(-50).epsilon(0.001));
  CHECK(room_noise(1, -50, 3) == room_noise(1, -50, 3));
  CHECK(room_noise(1, -50, 3) != room_noise(1, -50, 4));
}

TEST_CASE("a room rings for the time asked for") {
  std::vector<float> click(48000, 0.0F);
  click[0] = 1.0F;
  const auto wet = in_room(click, 0.5, -6);
  const auto part = [&](double from, double to) {
    return power_db(std::span(wet).subspan(static_cast<std::size_t>(from * 48000),
                                           static_cast<std::size_t>((to - from) * 48000)));
  };
  // 60 dB in half a second is 12 dB in every tenth.
  CHECK(part(0.1, 0.2) - part(0.2, 0.3) == doctest::Approx(12).epsilon(0.2));
  CHECK(part(0.2, 0.3) - part(0.4, 0.5) == doctest::Approx(24).epsilon(0.2));
}

}  // namespace
}  // namespace kakehashi::testing
