// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/switcher.h"

#include <doctest/doctest.h>

#include <limits>

#include "tests/mixer/three_scenes.h"

namespace kakehashi {
namespace {

using testing::kNow;
using testing::ms;
using testing::must;
using testing::refused;
using testing::three_scenes;

TEST_CASE("an event opens with its first scene on program and the next one on preview") {
  Show show = three_scenes();
  LiveState live = initial_state(show);
  CHECK(live.program == "wide");
  CHECK(live.preview == "talk");
  REQUIRE(live.strips.size() == 3);
  for (const auto& s : live.strips) {
    CHECK(s.gain.value == 0.0);
    CHECK_FALSE(s.muted);
  }
  REQUIRE(live.overlays.size() == 1);
  CHECK_FALSE(live.overlays[0].on);
  CHECK(overlay_opacity(show.overlays[0], live.overlays[0], MediaTime{0}) == 0.0);
  CHECK_FALSE(live.emergency);

  show.first_scene = "talk";
  live = initial_state(show);
  CHECK(live.program == "talk");
  CHECK(live.preview == "wide");

  show.scenes.resize(1);
  show.first_scene = "no such scene";
  live = initial_state(show);
  CHECK(live.program == "wide");
  CHECK(live.preview == "wide");

  show.scenes.clear();
  live = initial_state(show);
  CHECK(live.program.empty());
  CHECK_FALSE(apply(show, live, Take{}, kNow).ok());
}

TEST_CASE("take by cut swaps program and preview") {
  const Show show = three_scenes();
  const LiveState live = must(show, initial_state(show), Take{});
  CHECK(live.program == "talk");
  CHECK(live.preview == "wide");
  CHECK_FALSE(live.transition.has_value());
  CHECK(live.takes == 1);
  CHECK(transition_progress(live, kNow) == 1.0);
}

TEST_CASE("take by mix runs from the old scene for the show's mix time") {
  const Show show = three_scenes();
  LiveState live = must(show, initial_state(show), SetTransition{TransitionKind::Mix});
  live = must(show, live, Take{});
  REQUIRE(live.transition.has_value());
  CHECK(live.transition->from == "wide");
  CHECK(live.program == "talk");
  CHECK(transition_progress(live, kNow - ms(1)) == 0.0);
  CHECK(transition_progress(live, kNow) == 0.0);
  CHECK(transition_progress(live, kNow + ms(125)) == doctest::Approx(0.25));
  CHECK(transition_progress(live, kNow + ms(500)) == 1.0);
  CHECK(transition_progress(live, kNow + ms(5000)) == 1.0);

  SUBCASE("a take during it starts the new one from its target") {
    live = must(show, live, SelectPreview{"break"}, kNow + ms(100));
    live = must(show, live, Take{}, kNow + ms(200));
    REQUIRE(live.transition.has_value());
    CHECK(live.transition->from == "talk");
    CHECK(live.program == "break");
    CHECK(live.preview == "talk");
    CHECK(transition_progress(live, kNow + ms(200)) == 0.0);
    CHECK(live.takes == 2);
  }
  SUBCASE("a cut during it ends it at once") {
    live = must(show, live, SetTransition{TransitionKind::Cut}, kNow + ms(100));
    CHECK(live.transition.has_value());  // choosing the next kind does not touch the running one
    live = must(show, live, Take{}, kNow + ms(200));
    CHECK_FALSE(live.transition.has_value());
    CHECK(live.program == "wide");
  }
  SUBCASE("the emergency card ends it") {
    live = must(show, live, EmergencyOn{}, kNow + ms(100));
    CHECK_FALSE(live.transition.has_value());
  }
}

TEST_CASE("a length that would flash becomes the shortest that does not") {
  Show show = three_scenes();
  const auto length = [&](TransitionKind kind, double seconds) {
    const LiveState live = must(show, initial_state(show), SetTransition{kind, seconds});
    const LiveState taken = must(show, live, Take{});
    const Duration d = taken.transition ? taken.transition->duration : Duration{};
    CHECK(d == next_transition_length(show, live));
    return d;
  };
  CHECK(length(TransitionKind::Mix, 0) == ms(500));
  CHECK(length(TransitionKind::Mix, 0.1) == ms(300));
  CHECK(length(TransitionKind::Mix, 2) == ms(2000));
  CHECK(length(TransitionKind::Mix, 1e9) == ms(60'000));
  CHECK(length(TransitionKind::FadeBlack, 0.3) == ms(700));
  CHECK(length(TransitionKind::Dip, 0) == ms(700));
  CHECK(length(TransitionKind::Cut, 2) == ms(0));
  show.mix_duration = {};
  CHECK(length(TransitionKind::WipeLeft, 0) == ms(300));
  for (const double wrong : {-0.1, std::nan("")})
    CHECK(refused(show, initial_state(show), SetTransition{TransitionKind::Mix, wrong}).kind ==
          ErrorKind::FixInput);
}

TEST_CASE("take with the program scene also on preview changes nothing") {
  const Show show = three_scenes();
  const LiveState live = must(show, initial_state(show), SelectPreview{"wide"});
  CHECK(must(show, live, Take{}) == live);
}

TEST_CASE("what does not exist is refused by name") {
  const Show show = three_scenes();
  const LiveState live = initial_state(show);
  for (const auto& [command, words] : std::initializer_list<std::pair<Command, const char*>>{
           {SelectPreview{"x9"}, "no scene is called \"x9\""},
           {SetOverlay{"x9", true}, "no overlay is called \"x9\""},
           {SetGain{"x9", {}}, "no strip is called \"x9\""},
           {SetGain{"cam", {}}, "no strip is called \"cam\""},  // it has no sound
           {SetMute{"x9", true}, "no strip is called \"x9\""},
           {EmergencyOff{{"x9"}}, "no strip is called \"x9\""}}) {
    const Error e = refused(show, live, command);
    CHECK(e.kind == ErrorKind::NotFound);
    CHECK(e.message == words);
  }
}

TEST_CASE("commands of other owners are a bug here") {
  const Show show = three_scenes();
  const LiveState live = initial_state(show);
  for (const Command& c : {Command{GoLive{}}, Command{StopLive{}}, Command{StartRecord{}},
                           Command{StopRecord{}}, Command{ShowScreen{}}, Command{Quit{}}})
    CHECK(refused(show, live, c).kind == ErrorKind::Bug);
}

TEST_CASE("naming the wanted state twice is the same as once") {
  const Show show = three_scenes();
  for (const Command& c :
       {Command{SelectPreview{"break"}}, Command{SetTransition{TransitionKind::Mix}},
        Command{SetOverlay{"title", true}}, Command{EmergencyOn{}}, Command{SetGain{"mic_a", {-6}}},
        Command{SetMute{"mic_b", true}}}) {
    const LiveState once = must(show, initial_state(show), c, kNow);
    CHECK(must(show, once, c, kNow + ms(100)) == once);
    CHECK_FALSE(once == initial_state(show));
  }
  LiveState live = must(show, initial_state(show), EmergencyOn{});
  live = must(show, live, EmergencyOff{{"mic_a"}});
  CHECK(must(show, live, EmergencyOff{{"mic_b"}}) == live);  // the second desk was late
}

TEST_CASE("under the emergency card take and overlays wait, choosing goes on") {
  const Show show = three_scenes();
  LiveState live = must(show, initial_state(show), EmergencyOn{}, kNow);
  CHECK(live.emergency);
  CHECK(live.emergency_since == kNow);
  CHECK(card_on_program(show, live));
  const Error e = refused(show, live, Take{});
  CHECK(e.kind == ErrorKind::TryLater);
  CHECK(e.message.find("emergency card is on air") != std::string::npos);
  CHECK(refused(show, live, SetOverlay{"title", true}).kind == ErrorKind::TryLater);
  live = must(show, live, SelectPreview{"break"});
  CHECK(live.preview == "break");
  live = must(show, live, SetMute{"slides", true});
  CHECK(live.strips[0].muted);
  CHECK(inputs_on_program(show, live, kNow).empty());
}

TEST_CASE("the way back opens only the microphones named") {
  const Show show = three_scenes();
  LiveState live = must(show, initial_state(show), SetMute{"mic_b", true});
  live = must(show, live, EmergencyOn{});
  SUBCASE("one of them") {
    live = must(show, live, EmergencyOff{{"mic_b"}});
    CHECK_FALSE(live.emergency);
    CHECK(find_by_id(live.strips, "mic_a")->muted);
    CHECK_FALSE(find_by_id(live.strips, "mic_b")->muted);
    CHECK_FALSE(find_by_id(live.strips, "slides")->muted);  // not a microphone: as it was
  }
  SUBCASE("none") {
    live = must(show, live, EmergencyOff{});
    CHECK(find_by_id(live.strips, "mic_a")->muted);
    CHECK(find_by_id(live.strips, "mic_b")->muted);
  }
  SUBCASE("a wrong name leaves the card on") {
    CHECK(refused(show, live, EmergencyOff{{"mic_a", "x9"}}).kind == ErrorKind::NotFound);
  }
  CHECK(live.program == "wide");
}

TEST_CASE("gain stays between -60 and +12 dB") {
  const Show show = three_scenes();
  const LiveState live = initial_state(show);
  const auto set = [&](double db) {
    const LiveState next = must(show, live, SetGain{"mic_a", {db}});
    return find_by_id(next.strips, "mic_a")->gain.value;
  };
  CHECK(set(-6.5) == -6.5);
  CHECK(set(13) == 12);
  CHECK(set(-61) == -60);
  CHECK(set(std::numeric_limits<double>::infinity()) == 12);
  CHECK(set(-std::numeric_limits<double>::infinity()) == -60);
  CHECK(refused(show, live, SetGain{"mic_a", {std::nan("")}}).kind == ErrorKind::FixInput);
}

TEST_CASE("buses and genlock open as the show says, and follow wishes under the card too") {
  Show show = three_scenes();
  show.venue_bus.scene = "talk";
  show.genlock = true;
  LiveState live = initial_state(show);
  CHECK(live.venue_scene == "talk");
  CHECK(live.aux_scene.empty());
  CHECK(live.genlock);
  live = must(show, live, EmergencyOn{});
  live = must(show, live, SetBusScene{Bus::Aux, "break"});
  live = must(show, live, SetGenlock{false});
  CHECK(live.aux_scene == "break");
  CHECK_FALSE(live.genlock);
  CHECK(scene_on_bus(show, live, Bus::Aux, "wide")->id == "break");
  CHECK(scene_on_bus(show, live, Bus::Program, "wide")->id == "wide");
  live.venue_scene = "a scene of another event";
  CHECK(scene_on_bus(show, live, Bus::Venue, "wide")->id == "wide");
}

TEST_CASE("tally follows the pictures, also of the scene a mix comes from") {
  const Show show = three_scenes();
  CHECK(inputs_of_scene(show, "talk") == std::vector<std::string>{"slides", "cam"});
  CHECK(inputs_of_scene(show, "break").empty());
  CHECK(inputs_of_scene(show, "x9").empty());

  LiveState live = must(show, initial_state(show), SelectPreview{"break"});
  live = must(show, live, SetTransition{TransitionKind::Mix});
  live = must(show, live, Take{}, kNow);
  CHECK(inputs_on_program(show, live, kNow + ms(100)) == std::vector<std::string>{"cam"});
  CHECK(inputs_on_program(show, live, kNow + ms(500)).empty());
  CHECK(card_on_program(show, live));
}

}  // namespace
}  // namespace kakehashi
