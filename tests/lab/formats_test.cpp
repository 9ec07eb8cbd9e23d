// SPDX-License-Identifier: GPL-3.0-or-later
// What is really negotiated: sizes, rates, interlaced HDMI, no signal, a source that changes its
// timing.
#include <doctest/doctest.h>

#include "tests/lab/devices.h"
#include "tests/lab/programme.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a wish for a size and a rate becomes the nearest that the camera has") {
  struct Wish {
    const char* settings;
    const char* size;
  };
  show(kLeft, Shown::Red);
  for (const Wish& w : {Wish{R"("width": 1280, "height": 720, "fps": 30)", "1280x720"},
                        Wish{R"("width": 320, "height": 180, "fps": 30)", "320x180"},
                        Wish{R"("width": 641, "height": 361, "fps": 15)", "x"},
                        Wish{R"("width": 1920, "height": 1080, "fps": 60)", "1920x1080"}}) {
    CAPTURE(w.settings);
    const TempDir folder;
    Programme p(folder, {camera_input("cam", kLeft, w.settings)});
    p.until_live("cam", 10);
    p.run_for(1.5);
    const InputStatus i = p.input("cam");
    MESSAGE(w.settings << " became " << i.format << ", " << i.fps << " a second");
    CHECK(has(i.format, w.size));
    CHECK(i.restarts == 0);
    p.station().end();
  }
}

TEST_CASE("HDMI: progressive, interlaced, no signal, another timing") {
  show(kHdmi, Shown::Blue);
  set_timing(1920, 1080, 30);
  const TempDir folder;
  Programme p(folder, {camera_input("slide_pc", kHdmi)});
  p.until_live("slide_pc", 10);
  CHECK(has(p.input("slide_pc").format, "1920x1080"));
  p.record();
  p.run_for(1);

  // The speaker's PC is switched off and on: dv_timings_signal_mode 1 is "no signal".
  set_control(kHdmi, "dv_timings_signal_mode", 1);
  p.until_lost("slide_pc", 6);
  CHECK_FALSE(p.input("slide_pc").reason.ja.empty());
  p.run_for(2);
  set_control(kHdmi, "dv_timings_signal_mode", 0);
  MESSAGE("signal: back after " << p.until_live("slide_pc", 5) << " s");
  p.run_for(1);
  check_uninterrupted(p.end());
}
