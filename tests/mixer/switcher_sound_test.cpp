// SPDX-License-Identifier: GPL-3.0-or-later
// Who is heard: scenes, cards, cues and hands (mixer/sound/recall.h).
#include <algorithm>
#include <random>

#include "tests/mixer/three_scenes.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

using Ids = std::vector<std::string>;

// "mc", "talk" and "slides_only" have snapshots, "plain" has none; "break" (with music) and "end"
// are cards.
Show evening() {
  Show show = three_scenes();
  Input music;
  music.id = "bgm";
  music.video = false;
  music.audio = true;
  show.inputs.push_back(music);
  show.scenes.clear();
  const auto scene = [&](const char* id, const char* sound, const char* card = "") {
    Scene s;
    s.id = id;
    s.sound = sound;
    s.card = card;
    if (s.card.empty()) s.layers.push_back({.input = "cam"});
    show.scenes.push_back(s);
  };
  scene("mc", "A_MC");
  scene("talk", "A_TALK");
  scene("talk_close", "A_TALK");
  scene("plain", "");
  scene("break", "A_CARD", "pause");
  scene("end", "", "pause");
  const auto snapshot = [&](const char* id, Ids open, bool mics_off = false) {
    show.sound.snapshots.push_back({id, {id, ""}, std::move(open), mics_off, false, {}});
  };
  snapshot("A_MC", {"mic_a"});
  snapshot("A_TALK", {"mic_a", "mic_b", "slides"});
  snapshot("A_CARD", {"bgm"}, true);
  snapshot("A_EMPTY", {});
  return show;
}

Ids open_ones(const LiveState& live) {
  Ids ids;
  for (const auto& s : live.strips)
    if (s.open && !s.muted) ids.push_back(s.id);
  return ids;
}

LiveState go_to(const Show& show, LiveState live, const char* scene,
                TransitionKind kind = TransitionKind::Cut, MediaTime t = kNow) {
  live = must(show, live, SelectPreview{scene}, t);
  live = must(show, live, SetTransition{kind, 0.5}, t);
  return must(show, live, Take{}, t);
}

const Ids kMc{"mic_a"}, kTalk{"slides", "mic_a", "mic_b"}, kMusic{"bgm"};

}  // namespace

TEST_CASE("an event opens as its first scene sounds; without a snapshot everything is open") {
  Show show = evening();
  LiveState live = initial_state(show);
  CHECK(live.sound_snapshot == "A_MC");
  CHECK(open_ones(live) == kMc);
  CHECK_FALSE(live.before_card);

  show.first_scene = "plain";
  live = initial_state(show);
  CHECK(live.sound_snapshot.empty());
  CHECK(open_ones(live) == Ids{"slides", "mic_a", "mic_b", "bgm"});

  show.first_scene = "break";
  live = initial_state(show);
  CHECK(open_ones(live) == kMusic);
  CHECK(live.card_microphones.empty());
  CHECK(open_ones(go_to(show, live, "talk")) == kTalk);
}

TEST_CASE("a scene recalls its snapshot; the same one again changes nothing") {
  const Show show = evening();
  LiveState live = go_to(show, initial_state(show), "talk");
  CHECK(live.sound_snapshot == "A_TALK");
  CHECK(open_ones(live) == kTalk);

  live = must(show, live, SetMute{"bgm", false});  // opened by hand, with its fader moved
  live = must(show, live, SetGain{"mic_b", {-7}});
  const auto strips = live.strips;
  live = go_to(show, live, "talk_close");
  CHECK(live.strips == strips);
  live = go_to(show, live, "plain");
  CHECK(live.strips == strips);
  live = go_to(show, live, "mc");
  CHECK(open_ones(live) == kMc);
  CHECK(find_by_id(live.strips, "mic_b")->gain.value == -7);
}

TEST_CASE("a mute by hand outlasts snapshots, scenes and cards") {
  const Show show = evening();
  LiveState live = must(show, initial_state(show), SetMute{"mic_a", true});
  for (const char* scene : {"talk", "break", "mc", "end", "plain", "talk"}) {
    live = go_to(show, live, scene);
    CHECK(find_by_id(live.strips, "mic_a")->muted);
  }
  live = must(show, live, RecallSound{"A_MC"});
  CHECK(find_by_id(live.strips, "mic_a")->muted);
  CHECK(open_ones(live).empty());
  CHECK(open_ones(must(show, live, SetMute{"mic_a", false})) == kMc);
}

TEST_CASE("the hall has its own word, and only where a snapshot says it") {
  Show show = evening();
  show.sound.venue = {"slides"};
  show.sound.snapshots[1].venue = Ids{"slides", "bgm"};
  LiveState live = initial_state(show);
  const auto in_hall = [&] {
    Ids ids;
    for (const auto& s : live.strips)
      if (s.venue_open) ids.push_back(s.id);
    return ids;
  };
  CHECK(in_hall() == Ids{"slides"});
  live = go_to(show, live, "talk");
  CHECK(in_hall() == Ids{"slides", "bgm"});
  live = go_to(show, live, "mc");  // says nothing about the hall
  CHECK(in_hall() == Ids{"slides", "bgm"});
}

TEST_CASE("after a card the next scene's snapshot is heard, or what was heard before") {
  const Show show = evening();
  LiveState live = go_to(show, initial_state(show), "talk");
  live = must(show, live, SetMute{"bgm", false});
  live = go_to(show, live, "break");
  CHECK(open_ones(live) == kMusic);
  REQUIRE(live.before_card);
  CHECK(live.before_card->snapshot == "A_TALK");
  SUBCASE("a snapshot of its own") { CHECK(open_ones(go_to(show, live, "mc")) == kMc); }
  SUBCASE("none: as before, with what hands had opened") {
    live = go_to(show, live, "plain");
    CHECK(live.sound_snapshot == "A_TALK");
    CHECK(open_ones(live) == Ids{"slides", "mic_a", "mic_b", "bgm"});
  }
  SUBCASE("the same as before: nothing has changed") {
    live = go_to(show, live, "talk_close");
    CHECK(open_ones(live) == Ids{"slides", "mic_a", "mic_b", "bgm"});
  }
  SUBCASE("over a second card") {
    live = go_to(show, live, "end");
    CHECK(open_ones(live) == kMusic);  // a card without a snapshot leaves the music on
    live = go_to(show, live, "plain");
    CHECK(live.sound_snapshot == "A_TALK");
  }
  if (find_by_id(show.scenes, live.program)->card.empty()) CHECK_FALSE(live.before_card);
}

TEST_CASE("hands under a card: a microphone opens after it, music stays with it") {
  const Show show = evening();
  LiveState live = go_to(show, initial_state(show), "end");
  live = must(show, live, SetMute{"mic_b", false});
  live = must(show, live, SetMute{"bgm", false});
  CHECK(live.card_microphones.empty());  // no hand opens one under the card
  CHECK(find_by_id(live.strips, "bgm")->open);
  live = go_to(show, live, "plain");
  CHECK(open_ones(live) == Ids{"mic_a", "mic_b"});
}

TEST_CASE("a cue that names a microphone opens it under the card, until the card goes") {
  const Show show = evening();
  LiveState live = go_to(show, initial_state(show), "talk");
  live = go_to(show, live, "break");
  live = must(show, live, RecallSound{"A_MC"});
  CHECK(live.card_microphones == kMc);
  SUBCASE("the next scene") {
    live = go_to(show, live, "plain");
    CHECK(live.sound_snapshot == "A_TALK");  // the cue was the card's
    CHECK(open_ones(live) == kTalk);
  }
  SUBCASE("another card") { live = go_to(show, live, "end"); }
  SUBCASE("another snapshot") { live = must(show, live, RecallSound{"A_EMPTY"}); }
  SUBCASE("the card's own again, which keeps microphones off") {
    live = must(show, live, RecallSound{"A_CARD"});
    CHECK(open_ones(live) == kMusic);
  }
  SUBCASE("the emergency card, and the cue is not back after it") {
    live = must(show, live, EmergencyOn{});
    CHECK(live.card_microphones.empty());
    live = must(show, live, RecallSound{"A_MC"});
    CHECK(live.card_microphones.empty());
    live = must(show, live, EmergencyOff{{"mic_a"}});
  }
  CHECK(live.card_microphones.empty());
}

TEST_CASE("what a card cannot open: its own snapshot, mics_off, what is no microphone") {
  Show show = evening();
  find_by_id(show.scenes, "break")->sound = "A_TALK";
  LiveState live = go_to(show, initial_state(show), "break");
  CHECK(live.sound_snapshot == "A_TALK");
  CHECK(live.card_microphones.empty());
  show.sound.snapshots[0].mics_off = true;
  live = must(show, live, RecallSound{"A_MC"});
  CHECK(live.card_microphones.empty());
  CHECK(open_ones(live).empty());
  live = must(show, live, RecallSound{"A_TALK"});
  CHECK(live.card_microphones == Ids{"mic_a", "mic_b"});
}

TEST_CASE("a transition turned back brings the sound back as it was") {
  const Show show = evening();
  const LiveState start =
      must(show, go_to(show, initial_state(show), "talk"), SetMute{"bgm", false});
  const auto later = kNow + ms(200);
  for (const std::string to : {"mc", "break"}) {
    CAPTURE(to);
    LiveState live = go_to(show, start, to.c_str(), TransitionKind::Mix);
    CHECK(live.strips != start.strips);
    const LiveState recalled = must(show, live, RecallSound{"A_EMPTY"}, kNow + ms(100));
    live = must(show, live, TurnBack{}, later);
    CHECK(live.program == "talk");
    CHECK(live.sound_snapshot == "A_TALK");
    CHECK(live.strips == start.strips);
    CHECK_FALSE(live.before_card);
    // And forward again: the other end sounds as it did.
    live = must(show, live, Take{}, later + ms(50));
    CHECK(live.program == to);
    CHECK(live.sound_snapshot == find_by_id(show.scenes, to)->sound);
    CHECK(live.before_card.has_value() == (to == "break"));
    // A snapshot recalled meanwhile is not undone, but the scene has its own.
    live = must(show, recalled, TurnBack{}, later);
    CHECK(open_ones(live) == (to == "mc" ? kTalk : open_ones(start)));
  }
  LiveState live = must(show, start, SelectPreview{"mc"});
  live = must(show, live, SetTBar{0.4});
  CHECK(live.sound_snapshot == "A_MC");
  CHECK(open_ones(live) == kMc);
  live = must(show, live, SetTBar{0.0}, later);
  CHECK(live.program == "talk");
  CHECK(live.strips == start.strips);
}

TEST_CASE("the way back from the emergency card opens what is named and mutes what was heard") {
  const Show show = evening();
  LiveState live = go_to(show, initial_state(show), "mc");
  live = must(show, live, EmergencyOn{});
  live = must(show, live, RecallSound{"A_TALK"});  // heard after it, as far as it is named
  live = must(show, live, EmergencyOff{{"mic_b"}});
  CHECK(open_ones(live) == Ids{"slides", "mic_b"});
  CHECK(find_by_id(live.strips, "mic_a")->muted);

  live = must(show, initial_state(show), EmergencyOn{});
  live = must(show, live, EmergencyOff{{"mic_a"}});
  CHECK_FALSE(find_by_id(live.strips, "mic_b")->muted);  // A_MC kept it closed: A_TALK may open it
  CHECK(open_ones(go_to(show, live, "talk")) == kTalk);

  // Over a card scene nothing would be heard, so nothing is muted.
  live = must(show, go_to(show, initial_state(show), "break"), EmergencyOn{});
  live = must(show, live, EmergencyOff{});
  CHECK(open_ones(go_to(show, live, "talk")) == kTalk);
}

TEST_CASE("whatever is pressed: a card without a cue has no microphone, mutes are the hand's") {
  Show show = evening();
  std::mt19937 dice(20261122);
  const auto pick = [&](const auto& list) { return list[dice() % list.size()].id; };
  LiveState live = initial_state(show);
  std::vector<bool> muted(live.strips.size());
  MediaTime now = kNow;
  for (int i = 0; i < 20'000; ++i) {
    now = now + ms(static_cast<std::int64_t>(dice() % 400));
    Command wish = Take{};
    bool cue = false, way_back = false;
    switch (dice() % 12) {
      case 0:
        wish = SelectPreview{pick(show.scenes)};
        break;
      case 1:
        wish = SetTransition{TransitionKind::Mix, 0.5};
        break;
      case 2:
        wish = SetTransition{TransitionKind::Cut, 0};
        break;
      case 3:
        wish = TurnBack{};
        break;
      case 4:
        wish = SetTBar{static_cast<double>(dice() % 5) / 4};
        break;
      case 5:
      case 6: {
        const std::size_t strip = dice() % live.strips.size();
        muted[strip] = dice() % 2 == 0;
        wish = SetMute{live.strips[strip].id, muted[strip]};
        break;
      }
      case 7:
        wish = RecallSound{pick(show.sound.snapshots)};
        cue = true;
        break;
      case 8:
        if (dice() % 4 == 0) wish = EmergencyOn{};
        break;
      case 9:
        wish = EmergencyOff{{"mic_a"}};
        way_back = live.emergency;
        break;
      default:
        break;
    }
    const std::string before = live.program;
    const Ids microphones = live.card_microphones;
    if (auto next = apply(show, live, wish, now)) live = std::move(*next);
    if (way_back)
      for (std::size_t s = 0; s < muted.size(); ++s) muted[s] = live.strips[s].muted;
    const bool card = !find_by_id(show.scenes, live.program)->card.empty();
    const bool turned = std::holds_alternative<TurnBack>(wish) ||
                        std::holds_alternative<SetTBar>(wish) || std::holds_alternative<Take>(wish);
    CAPTURE(i);
    REQUIRE(live.before_card.has_value() == card);
    if (!card || live.emergency) REQUIRE(live.card_microphones.empty());
    // Only a cue opens one under a card; a transition that turns back brings that cue back.
    if (!cue && !turned && before == live.program && !std::holds_alternative<EmergencyOn>(wish))
      REQUIRE(live.card_microphones == microphones);
    if (!cue && !turned && microphones.empty()) REQUIRE(live.card_microphones.empty());
    for (std::size_t s = 0; s < muted.size(); ++s) REQUIRE(live.strips[s].muted == muted[s]);
    REQUIRE(find_by_id(show.sound.snapshots, live.sound_snapshot));
  }
}
