// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/routing.h"

#include <doctest/doctest.h>

#include "mixer/switcher.h"
#include "tests/mixer/sound_desk_rig.h"

namespace kakehashi {

static doctest::String toString(SoundBar bar) {
  return std::to_string(static_cast<int>(bar)).c_str();
}

namespace {

// A hall with a microphone, its desk's line, a film, music for the hall alone, a remote guest with
// two roads, and another guest.
Show hall() {
  Show show = testing::sound_show({"mic", "line", "film", "bgm", "guest", "guest_2", "other"});
  show.inputs[1].sound = settings_of(ProcessingSet::Line);
  show.inputs[3].sound.rights = Rights::VenueOnly;
  show.inputs[4].partner = show.inputs[5].partner = "tokyo";
  show.inputs[5].microphone = true;  // his own, wherever it is
  show.inputs[6].partner = "osaka";
  show.sound.venue = {"mic", "line", "film", "bgm", "guest"};
  return show;
}

const SoundBus& bus(const std::vector<SoundBus>& buses, const std::string& id) {
  const auto* found = find_by_id(buses, id);
  REQUIRE(found);
  return *found;
}

SoundBar bar(const Show& show, const LiveState& live, const std::string& strip,
             const std::string& id) {
  for (std::size_t i = 0; i < live.strips.size(); ++i)
    if (live.strips[i].id == strip)
      return barred(show, live, i, bus(sound_buses(show), id), MediaTime{});
  FAIL("no such strip");
  return SoundBar::None;
}

TEST_CASE("what may never reach a bus") {
  const Show show = hall();
  const auto buses = sound_buses(show);
  REQUIRE(buses.size() == 6);
  const auto ever = [&](const char* input, const char* id) {
    return never(show, *find_by_id(show.inputs, input), bus(buses, id));
  };
  for (const char* guest : {"guest", "guest_2"}) {
    CHECK(ever(guest, "return.tokyo") == SoundBar::OwnReturn);
    CHECK(ever(guest, "return.osaka") == SoundBar::None);
    CHECK(ever(guest, "program") == SoundBar::None);
  }
  for (const char* air : {"mic", "line"}) {
    CHECK(ever(air, "venue") == SoundBar::HallLoop);
    CHECK(ever(air, "return.tokyo") == SoundBar::None);
  }
  CHECK(ever("guest_2", "venue") == SoundBar::NotAllowed);  // no microphone of this hall
  CHECK(ever("guest", "venue") == SoundBar::None);
  for (const char* out : {"program", "record_clean", "return.tokyo", "return.osaka"})
    CHECK(ever("bgm", out) == SoundBar::VenueOnly);
  CHECK(ever("bgm", "venue") == SoundBar::None);
  CHECK(ever("bgm", "monitor") == SoundBar::None);
}

TEST_CASE("what is set live may forbid more, never less") {
  const Show show = hall();
  const auto buses = sound_buses(show);
  StripSettings film = settings_of(ProcessingSet::Media);
  film.rights = Rights::VenueOnly;
  CHECK(never(show, show.inputs[2], film, buses[kProgramBus]) == SoundBar::VenueOnly);
  StripSettings bgm = settings_of(ProcessingSet::Media);
  CHECK(never(show, show.inputs[3], bgm, buses[kProgramBus]) == SoundBar::VenueOnly);
  CHECK(never(show, show.inputs[2], settings_of(ProcessingSet::Ambience), buses[kVenueBus]) ==
        SoundBar::HallLoop);
  CHECK(never(show, show.inputs[1], bgm, buses[kVenueBus]) == SoundBar::HallLoop);
}

TEST_CASE("what bars a strip now, and on which buses") {
  const Show show = hall();
  LiveState live = initial_state(show);
  CHECK(bar(show, live, "mic", "program") == SoundBar::None);
  CHECK(bar(show, live, "film", "venue") == SoundBar::None);
  SUBCASE("a card: microphones and the hall's line, not the hall's own loudspeakers") {
    live.program = "break";
    for (const char* id : {"program", "record_clean", "monitor", "return.tokyo"}) {
      CHECK(bar(show, live, "mic", id) == SoundBar::Card);
      CHECK(bar(show, live, "line", id) == SoundBar::Card);
      CHECK(bar(show, live, "film", id) == SoundBar::None);
    }
    // A guest far away may chat in a break as well; the hall goes on hearing him.
    CHECK(bar(show, live, "guest", "program") == SoundBar::Card);
    CHECK(bar(show, live, "guest", "return.osaka") == SoundBar::Card);
    live.card_microphones = {"guest"};
    CHECK(bar(show, live, "guest", "program") == SoundBar::None);
    live.card_microphones.clear();
    CHECK(bar(show, live, "guest_2", "program") == SoundBar::Card);
    CHECK(bar(show, live, "guest", "venue") == SoundBar::None);
    CHECK(microphones_under_card(show, live, {}).empty());
    live.card_microphones = {"mic"};
    CHECK(bar(show, live, "mic", "program") == SoundBar::None);
    CHECK(bar(show, live, "guest_2", "program") == SoundBar::Card);
    CHECK(microphones_under_card(show, live, {}) == std::vector<std::string>{"mic", "line"});
    live.strips[1].open = false;
    CHECK(microphones_under_card(show, live, {}) == std::vector<std::string>{"mic"});
  }
  SUBCASE("the emergency card: everything but the hall") {
    live.emergency = true;
    live.card_microphones = {"mic"};
    for (const char* id : {"program", "record_clean", "monitor", "return.tokyo"}) {
      CHECK(bar(show, live, "mic", id) == SoundBar::Emergency);
      CHECK(bar(show, live, "film", id) == SoundBar::Emergency);
    }
    CHECK(bar(show, live, "film", "venue") == SoundBar::None);
    CHECK(microphones_under_card(show, live, {}).empty());
  }
  SUBCASE("a mute and a shut fader: everywhere but under the ear") {
    live.strips[2].muted = true;
    for (const char* id : {"program", "venue", "return.tokyo", "monitor"})
      CHECK(bar(show, live, "film", id) == SoundBar::Muted);
    live.strips[2].listen = true;
    CHECK(bar(show, live, "film", "monitor") == SoundBar::None);
    CHECK(bar(show, live, "mic", "monitor") == SoundBar::KeptFrom);
    live.strips[0].gain.value = -60;
    CHECK(bar(show, live, "mic", "program") == SoundBar::Muted);
  }
  SUBCASE("a snapshot: program and what follows it, the hall has its own list") {
    live.strips[2].open = false;
    CHECK(bar(show, live, "film", "program") == SoundBar::Snapshot);
    CHECK(bar(show, live, "film", "return.tokyo") == SoundBar::Snapshot);
    CHECK(bar(show, live, "film", "venue") == SoundBar::None);
    live.strips[2].venue_open = false;
    CHECK(bar(show, live, "film", "venue") == SoundBar::Snapshot);
  }
  SUBCASE("by hand, one bus at a time") {
    live.strips[2].kept_from = {"return.tokyo", "program"};
    CHECK(bar(show, live, "film", "return.tokyo") == SoundBar::KeptFrom);
    CHECK(bar(show, live, "film", "return.osaka") == SoundBar::None);
    CHECK(bar(show, live, "film", "monitor") == SoundBar::KeptFrom);  // as program
  }
  SUBCASE("sound that follows its picture") {
    live.strips[2].sound.follow_picture = true;
    CHECK(bar(show, live, "film", "program") == SoundBar::NoPicture);
  }
  SUBCASE("what the show does not know is silent") {
    live.strips[2].id = "gone";
    CHECK(bar(show, live, "gone", "program") != SoundBar::None);
    CHECK(barred(show, live, 99, bus(sound_buses(show), "program"), {}) != SoundBar::None);
  }
}

TEST_CASE("a send that would loop or leave the hall is refused, with the reason") {
  const Show show = hall();
  const LiveState live = initial_state(show);
  const auto refused = [&](const char* strip, const char* id) -> std::string {
    const auto done = apply(show, live, SetSend{strip, id, true}, MediaTime{});
    return done.ok() ? "" : done.error().words.ja;
  };
  CHECK(refused("guest", "return.tokyo").find("自分の声") != std::string::npos);
  CHECK(refused("mic", "venue").find("ハウリング") != std::string::npos);
  CHECK(refused("bgm", "program").find("会場のみ") != std::string::npos);
  CHECK(refused("other", "venue").find("会場へ出す音") != std::string::npos);
  CHECK(refused("film", "venue").empty());
  CHECK(refused("mic", "return.tokyo").empty());
  CHECK(apply(show, live, SetSend{"guest", "return.tokyo", false}, MediaTime{}).ok());
}

TEST_CASE("the rights of an event are not lifted in the middle of a show") {
  const Show show = hall();
  LiveState live = initial_state(show);
  StripSettings sound = show.inputs[3].sound;
  sound.trim_db = 3;
  CHECK(apply(show, live, SetStrip{"bgm", sound}, MediaTime{}).ok());
  sound.rights = Rights::Ok;
  CHECK_FALSE(apply(show, live, SetStrip{"bgm", sound}, MediaTime{}).ok());
  sound = show.inputs[2].sound;
  sound.rights = Rights::VenueOnly;
  auto done = apply(show, live, SetStrip{"film", sound}, MediaTime{});
  REQUIRE(done.ok());
  CHECK(bar(show, *done, "film", "program") == SoundBar::VenueOnly);
}

TEST_CASE("every bar is said in both languages, and what names the input names it") {
  const Show show = hall();
  for (int b = 1; b <= static_cast<int>(SoundBar::NoPicture); ++b) {
    const Text words = bar_words(static_cast<SoundBar>(b), show, show.inputs[2]);
    CAPTURE(b);
    CHECK(words.ja.find("→") != std::string::npos);
    CHECK(words.en.find("->") != std::string::npos);
    CHECK((b > static_cast<int>(SoundBar::NotAllowed) ||
           words.ja.find("「film」") != std::string::npos));
  }
  CHECK(bar_words(SoundBar::None, show, show.inputs[2]) == Text{});
}

}  // namespace
}  // namespace kakehashi
