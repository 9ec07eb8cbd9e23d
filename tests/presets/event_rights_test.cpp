// SPDX-License-Identifier: GPL-3.0-or-later
#include <doctest/doctest.h>

#include "presets/event_parts.h"

namespace kakehashi {
namespace {

Show hall() {
  Show show;
  for (const char* id : {"mic", "line", "bgm", "remote"}) {
    Input input;
    input.id = id;
    input.audio = true;
    input.sound = settings_of(ProcessingSet::Media);
    show.inputs.push_back(input);
  }
  show.inputs[0].microphone = true;
  show.inputs[1].sound = settings_of(ProcessingSet::Line);
  show.inputs[2].sound.rights = Rights::VenueOnly;
  show.inputs[3].partner = "tokyo";
  show.inputs[3].microphone = true;
  show.sound.venue = {"bgm", "remote"};
  show.sound.snapshots.resize(1);
  show.sound.snapshots[0].open = {"mic", "line", "remote"};
  show.sound.snapshots[0].venue = {"bgm", "remote"};
  return show;
}

Findings check(const Show& show) {
  Findings found;
  check_sound_rights(show, found);
  return found;
}

TEST_CASE("a sound desk without loops and with clear rights has nothing to say") {
  const Findings found = check(hall());
  CHECK(found.faults.empty());
  CHECK(found.notices.empty());
}

TEST_CASE("sound of the hall on its own loudspeakers is a fault, named and explained") {
  Show show = hall();
  show.sound.venue = {"bgm", "mic", "line", "nobody"};
  show.sound.snapshots[0].venue = {"mic"};
  const Findings found = check(show);
  REQUIRE(found.faults.size() == 3);
  CHECK(found.faults[0].path == "sound.venue[1]");
  CHECK(found.faults[1].path == "sound.venue[2]");
  CHECK(found.faults[2].path == "sound.snapshots[0].venue[0]");
  CHECK(found.faults[0].message.find("howl") != std::string::npos);
  CHECK(found.faults[0].ja.find("ハウリング") != std::string::npos);
}

TEST_CASE("music for the hall only cannot be opened on program") {
  Show show = hall();
  show.sound.snapshots[0].open.push_back("bgm");
  const Findings found = check(show);
  REQUIRE(found.faults.size() == 1);
  CHECK(found.faults[0].path == "sound.snapshots[0].open[3]");
  CHECK(found.faults[0].ja.find("会場のみ") != std::string::npos);
}

TEST_CASE("a snapshot that opens in the hall what the event does not let in is a notice") {
  Show show = hall();
  show.sound.venue = {"bgm"};
  const Findings found = check(show);
  CHECK(found.faults.empty());
  REQUIRE(found.notices.size() == 1);
  CHECK(found.notices[0].path == "sound.snapshots[0].venue[1]");
}

}  // namespace
}  // namespace kakehashi
