// SPDX-License-Identifier: GPL-3.0-or-later
// A station in the lab with its devices on program, and what its recording shows afterwards.
#pragma once

#include <string>
#include <vector>

#include "core/snapshot.h"
#include "tests/e2e/station.h"

namespace kakehashi::testing {

constexpr int kLabFps = 30;

// One input of a lab event, as JSON: {"id": ..., "source": {...}}.
std::string camera_input(const std::string& id, const std::string& port,
                         const std::string& settings = "");
std::string microphone_input(const std::string& id, const std::string& device,
                             const std::string& settings = "");

class Programme {
 public:
  // The inputs with pictures stand side by side in columns of 160, the canvas is 640 x 180.
  // `more`: further keys of the event ("\"genlock\": true").
  Programme(const TempDir& folder, const std::vector<std::string>& pictures,
            const std::vector<std::string>& sounds = {}, const std::string& more = "");

  Station& station() { return station_; }
  // Until the condition holds, asked every 50 ms; seconds it took. Fails the test at the limit.
  template <class Condition>
  double until(const std::string& what, Condition condition, double limit) {
    const std::int64_t begin = now_us();
    const auto passed = [&] { return static_cast<double>(now_us() - begin) * 1e-6; };
    for (;;) {
      const Snapshot s = station_.look();
      if (condition(s)) return passed();
      if (passed() > limit) give_up(what, s, limit);
      pause(0.05);
    }
  }
  double until_live(const std::string& input, double limit);
  double until_lost(const std::string& input, double limit);
  void run_for(double seconds) { pause(seconds); }
  InputStatus input(const std::string& id) { return input_of(station_.look(), id); }

  void record();
  // Ends the recording and the station; the recording's path.
  std::string end();

 private:
  static void pause(double seconds);
  [[noreturn]] void give_up(const std::string& what, const Snapshot& s, double limit);
  Station station_;
};

// Every program picture is in the file, each a period after the one before, and so is the sound.
// Returns its length in seconds.
double check_uninterrupted(const std::string& recording);

// What the columns show over the time of the recording: '#' dark, 'r', 'g', 'b', 'w' for the
// cameras' colours, '?' for anything else, one letter for each run of equal pictures.
std::vector<std::string> columns(const std::string& recording);

}  // namespace kakehashi::testing
