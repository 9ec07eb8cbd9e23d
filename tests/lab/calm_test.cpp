// SPDX-License-Identifier: GPL-3.0-or-later
// Ten minutes of cameras that are well: nothing is said about any of them.
#include <doctest/doctest.h>

#include <cstdlib>
#include <set>

#include "tests/lab/devices.h"
#include "tests/lab/film.h"
#include "tests/lab/programme.h"

using namespace kakehashi;
using namespace kakehashi::testing;

TEST_CASE("ten minutes of good pictures and no alarm") {
  const char* wished = std::getenv("KAKEHASHI_LAB_MINUTES");
  const double minutes = wished ? std::atof(wished) : 10;
  const Film film(kFeeds[0]);
  show(kLeft, Shown::Squares);
  set_control(kLeft, "horizontal_movement", 5);
  show(kRight, Shown::Ramp);
  set_control(kRight, "horizontal_movement", 4);
  send_hdmi("1280x720p60");
  show(kHdmi, Shown::Noise);
  const TempDir folder;
  Programme p(folder, {camera_input("cam_main", kFeeds[0]), camera_input("cam_wide", kLeft),
                       camera_input("cam_side", kRight), camera_input("cam_hdmi", kHdmi)});
  for (const char* role : {"cam_main", "cam_wide", "cam_side", "cam_hdmi"}) p.until_live(role, 10);
  std::set<std::string> said;
  for (int look = 0; look < minutes * 60; ++look) {
    p.run_for(1);
    for (const InputStatus& i : p.station().look().inputs) {
      for (const InputFinding& f : i.findings) said.insert(i.id + ": " + f.id);
      if (i.signal != SignalState::Live) said.insert(i.id + ": " + i.reason.en);
    }
  }
  std::string all;
  for (const std::string& s : said) all += s + "\n";
  CHECK(all == "");
  p.station().end();
}
