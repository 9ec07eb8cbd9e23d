// SPDX-License-Identifier: GPL-3.0-or-later
// Sound through the kernel's loopback cards and PortAudio with its default buffers.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "tests/e2e/media.h"
#include "tests/lab/devices.h"
#include "tests/lab/programme.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

// What PortAudio calls the recording side of the card.
const std::string kCard = "hw:0,1", kOther = "hw:1,1";
constexpr double kBack = 3;

struct OnAir {
  OnAir() : p(folder, {}, {microphone_input("mic_mc", kCard), microphone_input("mic_b", kOther)}) {
    p.until_live("mic_mc", 10);
    p.until_live("mic_b", 10);
    p.run_for(2);
    p.record();
  }
  TempDir folder;
  Programme p;
};

// The weakest and strongest quarter second of a tone between two moments of the recording.
std::pair<double, double> strength(const std::string& file, double hz, double from, double length) {
  const auto all = tone(file, hz, from, length);
  const auto [low, high] = std::minmax_element(all.begin(), all.end());
  return {*low, *high};
}

double strength_at(const std::string& file, double hz, double from) {
  return strength(file, hz, from, 1).first;
}

}  // namespace

TEST_CASE("a tone comes through without a gap, whatever the card's clock does") {
  const auto player = play(0, 1000), other = play(1, 400);
  for (const int ppm : {300, -300}) {
    CAPTURE(ppm);
    shift_rate(0, ppm);
    OnAir air;
    air.p.run_for(8);
    const InputStatus mic = air.p.input("mic_mc");
    MESSAGE(ppm << " ppm: measured " << mic.drift_ppm << " ppm, buffer " << mic.buffer_ms << " ms");
    CHECK(mic.signal == SignalState::Live);
    CHECK(mic.restarts == 0);
    CHECK(std::abs(mic.drift_ppm - ppm) < 0.2 * std::abs(ppm));
    CHECK(mic.buffer_ms < 60);
    const std::string recording = air.p.end();
    const double seconds = check_uninterrupted(recording);
    const auto [low, high] = strength(recording, 1000, 0.5, seconds - 1);
    CHECK(low > 0.9 * high);
    CHECK(high > 0.1);
  }
  shift_rate(0, 0);
}

TEST_CASE("a sound card is pulled and plugged again while on air") {
  auto player = play(0, 1000);
  const auto other = play(1, 400);
  OnAir air;
  air.p.run_for(2);
  const std::uint64_t restarts = air.p.input("mic_b").restarts;
  player.reset();  // a card that vanishes takes its player with it
  unplug_card(0);
  air.p.until_lost("mic_mc", 5);
  CHECK_FALSE(air.p.input("mic_mc").reason.ja.empty());
  air.p.run_for(2);
  plug_card(0);
  player = play(0, 1000);
  const double back = air.p.until_live("mic_mc", kBack);
  MESSAGE("back after " << back << " s");
  CHECK(back <= kBack);
  CHECK(air.p.input("mic_b").restarts == restarts);
  air.p.run_for(3);
  const std::string recording = air.p.end();
  const double seconds = check_uninterrupted(recording);
  // The other card was heard all the time, this one again at the end.
  const auto [low, high] = strength(recording, 400, 0.5, seconds - 1);
  CHECK(low > 0.9 * high);
  CHECK(strength(recording, 1000, seconds - 2, 1).first > 0.1);
}

TEST_CASE("three roles hear their own channels of one interface, also after it was pulled") {
  const std::vector<int> hz{400, 500, 600, 700, 800, 900, 1000, 1100};
  auto player = play_channels(0, hz);
  TempDir folder;
  Programme p(folder, {},
              {microphone_input("mic_mc", kCard, R"("first_channel": 3, "channels": 1)"),
               microphone_input("mic_b", kCard, R"("first_channel": 5, "channels": 2)"),
               microphone_input("mic_c", kCard, R"("first_channel": 8, "channels": 1)")});
  for (const char* id : {"mic_mc", "mic_b", "mic_c"}) p.until_live(id, 10);
  p.run_for(2);
  p.record();
  p.run_for(4);
  const auto heard = [&](const std::string& file, double from) {
    std::string which;
    for (const int one : hz) which += strength_at(file, one, from) > 0.02 ? '#' : '.';
    return which;
  };
  player.reset();
  unplug_card(0);
  p.until_lost("mic_mc", 5);
  p.until_lost("mic_b", 5);
  p.run_for(1);
  plug_card(0);
  player = play_channels(0, hz);
  const double back =
      p.until_live("mic_mc", kBack) + p.until_live("mic_b", kBack) + p.until_live("mic_c", kBack);
  MESSAGE("all back after " << back << " s");
  CHECK(back <= kBack);
  p.run_for(3);
  const std::string recording = p.end();
  const double seconds = check_uninterrupted(recording);
  CHECK(heard(recording, 1) == "..#.##.#");
  CHECK(heard(recording, seconds - 2) == "..#.##.#");
}
