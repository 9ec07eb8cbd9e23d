// SPDX-License-Identifier: GPL-3.0-or-later
// Buses played on the kernel's loopback cards by the sound desk and PortAudio: the card's clock off
// either way, a card pulled and plugged again while the other one plays on.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numbers>
#include <thread>

#include "capture/source_kind.h"
#include "core/clock.h"
#include "station/audio_loop.h"
#include "station/machine_outputs.h"
#include "tests/e2e/media.h"
#include "tests/lab/devices.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

constexpr double kBack = 3;
constexpr double kProgramHz = 1000, kVenueHz = 400;

// mix.audio with a tone on each of the two buses, and the desk it hands them to.
struct Playing {
  Playing() : desk(with_lag(clock.now())) {
    show.id = "hall";
    desk.set_show(std::make_shared<const Show>(show));
    mixer = std::thread([this] { mix(); });
  }
  ~Playing() {
    stop = true;
    mixer.join();
  }
  SoundDesk::Roads with_lag(MediaTime now) {
    epoch = now;
    return machine_outputs(now, AudioLoop::kLag);
  }
  void mix() {
    const auto order = sound_buses(show);
    std::vector<AudioBlock> blocks(order.size());
    for (std::int64_t n = 0; !stop; ++n) {
      clock.sleep_until(epoch + Duration::milliseconds(10 * n) + AudioLoop::kLag);
      for (AudioBlock& block : blocks) block.position = n * kBlockSamples;
      for (std::size_t i = 0; i < kBlockSamples; ++i)
        for (const auto& [bus, hz] : {std::pair{kProgramBus, kProgramHz}, {kVenueBus, kVenueHz}}) {
          const double at = static_cast<double>(n * kBlockSamples + static_cast<int>(i));
          const auto v = static_cast<float>(0.4 * std::sin(2 * std::numbers::pi * hz * at / 48000));
          blocks[bus].samples[2 * i] = blocks[bus].samples[2 * i + 1] = v;
        }
      desk.take(order, blocks);
    }
  }
  void bind(const std::string& bus, int card) {
    std::string id;
    REQUIRE(wait_until([&] {
      for (const auto& one : status().sound_outputs)
        if (one.id.ends_with("snd_aloop." + std::to_string(card))) id = one.id;
      return !id.empty();
    }));
    auto next = desk.plan(show, {bus, id, 1});
    REQUIRE_MESSAGE(next.ok(), (next.ok() ? "" : next.error().message));
    desk.set_bindings(*next);
    REQUIRE(wait_until([&] { return this->bus(bus).playing; }));
  }
  Snapshot status() {
    Snapshot s;
    for (const SoundBus& one : sound_buses(show))
      s.sound_buses.push_back({one.id, one.kind, one.name});
    desk.report(s);
    return s;
  }
  SoundBusStatus bus(const std::string& id) {
    for (const SoundBusStatus& one : status().sound_buses)
      if (one.id == id) return one;
    return {};
  }
  void until(const std::string& id, bool playing, double limit) {
    CHECK(wait_until([&] { return bus(id).playing == playing; },
                     std::chrono::milliseconds(static_cast<int>(limit * 1000))));
  }

  MonotonicClock clock;
  MediaTime epoch;
  Show show;
  std::atomic<bool> stop{false};
  SoundDesk desk;
  std::thread mixer;
};

// What the other end of the card hears.
std::unique_ptr<Process> record(int card, int seconds, const std::string& file) {
  auto recorder =
      Process::start({"arecord", "-q", "-D", "hw:" + std::to_string(card) + ",1", "-f", "FLOAT_LE",
                      "-r", "48000", "-c", "2", "-d", std::to_string(seconds), file});
  REQUIRE(recorder);
  return recorder;
}

std::pair<double, double> strength(const std::string& file, double hz, double from, double length) {
  const auto all = tone(file, hz, from, length);
  REQUIRE_FALSE(all.empty());
  const auto [low, high] = std::minmax_element(all.begin(), all.end());
  return {*low, *high};
}

}  // namespace

TEST_CASE("a bus comes out without a gap, whatever the card's clock does") {
  REQUIRE(init_capture().ok());
  const TempDir folder;
  for (const int ppm : {300, -300}) {
    CAPTURE(ppm);
    shift_rate(0, ppm);
    Playing p;
    p.bind("program", 0);
    std::this_thread::sleep_for(30s);  // the line is found
    const auto before = p.bus("program");
    auto recorder = record(0, 8, folder / "a.wav");
    REQUIRE(recorder->wait(30s) == 0);
    const auto after = p.bus("program");
    MESSAGE(ppm << " ppm: measured " << before.drift_ppm << ", " << after.drift_ppm
                << " ppm, buffer " << after.buffer_ms << " ms, bus to device " << after.latency_ms
                << " ms");
    CHECK(std::abs(after.drift_ppm - ppm) < 0.2 * std::abs(ppm));
    CHECK(after.underruns == before.underruns);
    CHECK(after.restarts == 0);
    CHECK(after.latency_ms < 45);
    const auto [low, high] = strength(folder / "a.wav", kProgramHz, 0.5, 6.5);
    CHECK(low > 0.95 * high);
    CHECK(high > 0.3);
  }
  shift_rate(0, 0);
}

TEST_CASE("a card that is pulled and plugged again plays on, the other one never stops") {
  REQUIRE(init_capture().ok());
  const TempDir folder;
  Playing p;
  p.bind("program", 0);
  p.bind("venue", 1);
  std::this_thread::sleep_for(3s);
  const auto other = p.bus("venue");
  auto recorder = record(1, 14, folder / "b.wav");
  std::this_thread::sleep_for(1s);
  unplug_card(0);
  p.until("program", false, 3);
  CHECK(wait_until([&] { return !p.bus("program").reason.ja.empty(); }));
  CHECK(p.status().messages.size() == 1);
  std::this_thread::sleep_for(2s);
  const MediaTime plugged = p.clock.now();
  plug_card(0);
  p.until("program", true, 10);
  const double back = (p.clock.now() - plugged).to_seconds();
  MESSAGE("back after " << back << " s");
  CHECK(back <= kBack);
  std::this_thread::sleep_for(1s);
  auto again = record(0, 3, folder / "a.wav");
  REQUIRE(again->wait(30s) == 0);
  REQUIRE(recorder->wait(60s) == 0);
  CHECK(strength(folder / "a.wav", kProgramHz, 0.5, 2).first > 0.3);
  const auto [low, high] = strength(folder / "b.wav", kVenueHz, 0.5, 12.5);
  CHECK(low > 0.95 * high);
  const auto now = p.bus("venue");
  CHECK(now.underruns == other.underruns);
  CHECK(now.restarts == 0);
  CHECK(p.bus("program").restarts == 1);
}
