// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/programme.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <thread>

#include "station/door/codec.h"
#include "tests/e2e/media.h"

namespace kakehashi::testing {
namespace {

constexpr int kColumns = 4, kColumn = 160, kHeight = 180;

std::string event(const std::vector<std::string>& pictures, const std::vector<std::string>& sounds,
                  const std::string& more) {
  std::string inputs, layers;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    inputs += (inputs.empty() ? "" : ",\n") + pictures[i];
    // {"id": "NAME", ...
    const auto from = pictures[i].find(": \"") + 3;
    layers += std::string(layers.empty() ? "" : ",\n") + "{\"input\": \"" +
              pictures[i].substr(from, pictures[i].find('"', from) - from) + "\", \"rect\": [" +
              std::to_string(i * kColumn) + ", 0, " + std::to_string(kColumn) + ", " +
              std::to_string(kHeight) + "], \"fit\": \"stretch\"}";
  }
  if (pictures.empty()) {
    inputs = R"({"id": "hall", "source": {"kind": "test"}})";
    layers = R"({"input": "hall"})";
  }
  for (const auto& s : sounds) inputs += (inputs.empty() ? "" : ",\n") + s;
  return filled(
      R"({
  "kakehashi_event": 1, "id": "lab", "title": "lab",
  "canvas": {"width": 640, "height": 180, "fps": 30},
  "inputs": [@INPUTS@],
  "scenes": [{"id": "s", "layers": [@LAYERS@]}],
  "encode": {"video_kbps": 1000, "preset": "ultrafast"}@MORE@
})",
      {{"INPUTS", inputs}, {"LAYERS", layers}, {"MORE", more.empty() ? "" : ", " + more}});
}

// Luma of vivid's solid colours in BT.709 and BT.601, limited range; both, for what a camera's
// size makes of it.
char colour_of(double luma) {
  struct Level {
    char name;
    double low, high;
  };
  for (const Level& l : {Level{'#', 0, 24}, Level{'b', 26, 48}, Level{'r', 58, 88},
                         Level{'g', 136, 182}, Level{'w', 225, 255}})
    if (luma >= l.low && luma <= l.high) return l.name;
  return '?';
}

}  // namespace

std::string camera_input(const std::string& id, const std::string& port,
                         const std::string& settings) {
  return R"({"id": ")" + id + R"(", "source": {"kind": "camera", "port": ")" + port + "\"" +
         (settings.empty() ? "" : ", " + settings) + "}}";
}

std::string microphone_input(const std::string& id, const std::string& device,
                             const std::string& settings) {
  return R"({"id": ")" + id +
         R"(", "video": false, "audio": true, "source": {"kind": "microphone", "device": ")" +
         device + "\"" + (settings.empty() ? "" : ", ") + settings + "}}";
}

Programme::Programme(const TempDir& folder, const std::vector<std::string>& pictures,
                     const std::vector<std::string>& sounds, const std::string& more)
    : station_(folder, event(pictures, sounds, more)) {}

void Programme::pause(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

void Programme::give_up(const std::string& what, const Snapshot& s, double limit) {
  std::string inputs;
  for (const auto& i : s.inputs)
    inputs += "  " + i.id + ": " + std::string(to_string(i.signal)) + ", " + i.format + ", " +
              i.reason.en + "\n";
  FAIL("not within " << limit << " s: " << what << "\n" << inputs << station_.log());
  std::abort();
}

double Programme::until_live(const std::string& id, double limit) {
  return until(
      id + " is live",
      [&](const Snapshot& s) { return input_of(s, id).signal == SignalState::Live; }, limit);
}

double Programme::until_lost(const std::string& id, double limit) {
  return until(
      id + " is lost",
      [&](const Snapshot& s) { return input_of(s, id).signal == SignalState::Lost; }, limit);
}

void Programme::record() {
  station_.wish(StartRecord{});
  until(
      "recording", [](const Snapshot& s) { return s.record.recording; }, 5);
}

std::string Programme::end() {
  const std::string path = station_.look().record.path;
  station_.wish(StopRecord{});
  until(
      "the recording ended", [](const Snapshot& s) { return !s.record.recording; }, 5);
  station_.end();
  return path;
}

double check_uninterrupted(const std::string& recording) {
  const MediaFile f = probe(recording);
  REQUIRE(f.video.size() > kLabFps);
  CHECK(longest_step(f.video) < 1.5 / kLabFps);
  CHECK(steps_back(f.video) == 0);
  CHECK(std::abs(f.video_seconds() * kLabFps - static_cast<double>(f.video.size() - 1)) < 1);
  CHECK(longest_step(f.audio) < 1.5 * 1024 / 48000);
  CHECK(steps_back(f.audio) == 0);
  CHECK(std::abs(f.audio_seconds() - f.video_seconds()) < 0.2);
  return f.video_seconds();
}

std::vector<std::string> columns(const std::string& recording) {
  std::vector<std::string> seen(kColumns);
  each_picture(recording, kColumns * kColumn, kHeight, [&](int, const std::uint8_t* luma) {
    for (int c = 0; c < kColumns; ++c) {
      const char now = colour_of(
          mean_luma(luma, kColumns * kColumn, {c * kColumn + 40, 50, kColumn - 80, kHeight - 100}));
      auto& s = seen[static_cast<std::size_t>(c)];
      if (s.empty() || s.back() != now) s += now;
    }
  });
  return seen;
}

}  // namespace kakehashi::testing
