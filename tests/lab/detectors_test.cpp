// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with a camera's picture is said within its time, and no longer than it lasts.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "tests/lab/devices.h"
#include "tests/lab/film.h"
#include "tests/lab/programme.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

std::string ids(const InputStatus& input) {
  std::string all;
  for (const InputFinding& f : input.findings) all += (all.empty() ? "" : " ") + f.id;
  return all;
}

}  // namespace

TEST_CASE(
    "black, frozen, flickering, combed and narrow pictures are told, and told no more after") {
  Film film(kFeeds[0]), other(kFeeds[1]);
  const TempDir folder;
  Programme p(folder, {camera_input("cam", kFeeds[0]), camera_input("cam_wide", kFeeds[1])});
  p.until_live("cam", 10);
  p.run_for(12);
  CHECK(ids(p.input("cam")) == "");
  struct Row {
    Sight sight;
    std::string id;
    double limit;  // seconds: its patience and the windows its figure needs
  };
  for (const Row& row : {Row{Sight::Black, "black", 4}, Row{Sight::Frozen, "frozen", 5},
                         Row{Sight::Flicker, "flicker", 10}, Row{Sight::Comb, "comb", 8},
                         Row{Sight::FourThree, "four_three", 14}}) {
    CAPTURE(row.id);
    film.show(row.sight);
    const double said = p.until(
        row.id + " is said", [&](const Snapshot& s) { return ids(input_of(s, "cam")) == row.id; },
        row.limit);
    const InputFinding finding = p.input("cam").findings.at(0);
    CHECK_FALSE(finding.what.ja.empty());
    CHECK_FALSE(finding.action.ja.empty());
    film.show(Sight::Hall);
    const double gone = p.until(
        row.id + " is gone", [&](const Snapshot& s) { return ids(input_of(s, "cam")).empty(); },
        10);
    MESSAGE(row.id << ": said after " << said << " s, gone after " << gone << " s");
    CHECK(p.input("cam").signal == SignalState::Live);
    CHECK(ids(p.input("cam_wide")) == "");
  }
  CHECK(p.input("cam").restarts == 0);
  p.station().end();
}
