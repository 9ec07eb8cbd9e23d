// SPDX-License-Identifier: GPL-3.0-or-later
// A show of three scenes for the switcher's tests, and wishes that must or must not be granted.
#pragma once

#include <doctest/doctest.h>

#include "mixer/switcher.h"

namespace kakehashi::testing {

inline Show three_scenes() {
  Show show;
  const auto input = [&](const char* id, bool video, bool audio, bool microphone) {
    Input i;
    i.id = id;
    i.video = video;
    i.audio = audio;
    i.microphone = microphone;
    show.inputs.push_back(i);
  };
  input("cam", true, false, false);
  input("slides", true, true, false);
  input("mic_a", false, true, true);
  input("mic_b", false, true, true);
  const auto scene = [&](const char* id, std::vector<std::string> inputs, const char* card = "") {
    Scene s;
    s.id = id;
    s.card = card;
    for (auto& i : inputs) {
      Layer l;
      l.input = i;
      s.layers.push_back(l);
    }
    show.scenes.push_back(s);
  };
  scene("wide", {"cam"});
  scene("talk", {"slides", "cam", "slides"});
  scene("break", {}, "pause");
  HoldingCard card;
  card.id = "pause";
  show.cards.push_back(card);
  Overlay title;
  title.id = "title";
  title.hold = Duration{};  // stays
  show.overlays.push_back(title);
  return show;
}

inline constexpr MediaTime kNow{5'000'000'000};
inline constexpr Duration ms(std::int64_t v) { return Duration::milliseconds(v); }

inline LiveState must(const Show& show, const LiveState& live, const Command& c,
                      MediaTime t = kNow) {
  auto r = apply(show, live, c, t);
  REQUIRE_MESSAGE(r.ok(), (r.ok() ? "" : r.error().message));
  return *r;
}
inline Error refused(const Show& show, const LiveState& live, const Command& c) {
  auto r = apply(show, live, c, kNow);
  REQUIRE_FALSE(r.ok());
  return r.error();
}

}  // namespace kakehashi::testing
