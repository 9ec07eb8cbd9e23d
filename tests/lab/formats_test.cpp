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

TEST_CASE("HDMI: what is plugged in is what is taken") {
  show(kHdmi, Shown::Blue);
  take_scaler_out(kHdmi);
  for (const std::string timing : {"1920x1080p30", "1280x720p60", "1024x768p60", "720x576p50"}) {
    CAPTURE(timing);
    send_hdmi(timing);
    const TempDir folder;
    Programme p(folder, {camera_input("slide_pc", kHdmi, R"("width": 1920, "height": 1080)")});
    p.until_live("slide_pc", 10);
    p.run_for(1.5);
    const InputStatus i = p.input("slide_pc");
    MESSAGE(timing << " became " << i.format << ", " << i.fps << " a second");
    CHECK(has(i.format, timing.substr(0, timing.find_first_of("pi"))));
    p.record();
    p.run_for(1.5);
    const std::string recording = p.end();
    check_uninterrupted(recording);
    CHECK(columns(recording)[0] == "b");
  }
}

TEST_CASE("HDMI: the PC is switched off and on, then changes its timing") {
  show(kHdmi, Shown::Blue);
  take_scaler_out(kHdmi);
  send_hdmi("1920x1080p30");
  const TempDir folder;
  Programme p(folder, {camera_input("slide_pc", kHdmi)});
  p.until_live("slide_pc", 10);
  p.record();
  p.run_for(1);
  send_hdmi("");
  const double noticed = p.until_lost("slide_pc", 6);
  CHECK_FALSE(p.input("slide_pc").reason.ja.empty());
  p.run_for(2);
  send_hdmi("1920x1080p30");
  const double back = p.until_live("slide_pc", 5);
  MESSAGE("no signal: noticed after " << noticed << " s, back after " << back << " s");
  p.run_for(1);
  send_hdmi("1280x720p60");
  const double changed = p.until(
      "the new timing is taken",
      [](const Snapshot& s) {
        const InputStatus& i = input_of(s, "slide_pc");
        return i.signal == SignalState::Live && has(i.format, "1280x720");
      },
      5);
  MESSAGE("another timing: taken after " << changed << " s");
  p.run_for(1);
  check_uninterrupted(p.end());
}

TEST_CASE("an interlaced grabber is taken whole and deinterlaced") {
  plug_grabber();
  take_scaler_out(kLeft);
  show(kLeft, Shown::Green);
  const TempDir folder;
  Programme p(folder, {camera_input("cam", kLeft)});
  p.until_live("cam", 10);
  p.run_for(1.5);
  const InputStatus i = p.input("cam");
  MESSAGE("became " << i.format << ", " << i.fps << " a second");
  CHECK(has(i.format, "720x576"));
  CHECK(i.restarts == 0);
  p.record();
  p.run_for(1.5);
  const std::string recording = p.end();
  check_uninterrupted(recording);
  CHECK(columns(recording)[0] == "g");
}
