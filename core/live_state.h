// SPDX-License-Identifier: GPL-3.0-or-later
// What is happening now, as a plain value. Program = f(Show, LiveState, frames, time): transitions
// and fades are start times, so the mixer needs no clock and no memory. A Command makes the next
// LiveState (mixer/switcher.h); the mix loops read the newest one at each tick and block.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/show.h"
#include "core/time.h"

namespace kakehashi {

// Who is heard, apart from what hands hold: mutes, faders and settings are not part of it.
struct OpenStrip {
  std::string id;
  bool open = true, venue_open = true;
  friend bool operator==(const OpenStrip&, const OpenStrip&) = default;
};
struct OpenStrips {
  std::string snapshot;
  std::vector<OpenStrip> strips;
  friend bool operator==(const OpenStrips&, const OpenStrips&) = default;
};
// All of a LiveState that a scene on program brings with it in sound.
struct SceneSound {
  OpenStrips heard;
  std::optional<OpenStrips> before_card;
  std::vector<std::string> card_microphones;
  friend bool operator==(const SceneSound&, const SceneSound&) = default;
};

// Program is on its way from one scene to another: progress runs 0 -> 1, then it is over. Turned
// back in the middle, it becomes a way from the new scene to the old one that has begun already.
struct ActiveTransition {
  TransitionKind kind = TransitionKind::Cut;
  std::string from;  // scene id
  MediaTime start;
  Duration duration;       // of the whole way
  double begin = 0;        // progress at `start`
  bool held = false;       // by the T-bar: progress stays at `begin`
  bool backwards = false;  // drawn as the way from program to `from`, run in reverse
  // Of `from`, heard again when it is turned back; none: a snapshot was recalled meanwhile.
  std::optional<SceneSound> sound{};
  friend bool operator==(const ActiveTransition&, const ActiveTransition&) = default;
};

struct OverlayState {
  std::string id;
  bool on = false;
  MediaTime since;  // when it was last switched; fades start here
  // Stopwatch and countdown: `gone` had run at `timer_since`, and goes on from there if running.
  bool timer_running = false;
  MediaTime timer_since;
  Duration timer_gone;
  friend bool operator==(const OverlayState&, const OverlayState&) = default;
};

struct StripState {
  std::string id;                      // the input's
  Decibel gain;                        // fader, -60..+12; at -60 the strip is closed
  bool muted = false;                  // by hand: closed everywhere, whatever a snapshot says
  bool open = true;                    // on program and what follows it: the snapshot's word
  bool venue_open = true;              // in the hall, if the show allows it there
  bool listen = false;                 // PFL: alone on the monitor bus
  std::vector<std::string> kept_from;  // bus ids it does not reach, by hand
  StripSettings sound;
  friend bool operator==(const StripState&, const StripState&) = default;
};

struct SoundBusState {
  std::string id;  // sound_buses()
  Decibel gain;    // -60..+12; at -60 it is silent
  bool muted = false;
  friend bool operator==(const SoundBusState&, const SoundBusState&) = default;
};

struct LiveState {
  std::string program;  // scene id
  std::string preview;  // scene id
  std::optional<ActiveTransition> transition;
  TransitionKind next_kind = TransitionKind::Cut;  // what take will do
  Duration next_duration;                          // of the next one; zero: Show::mix_duration
  std::string venue_scene;  // what the Venue bus shows; empty: follows program
  std::string aux_scene;    // what the Aux bus shows; empty: follows program or its `aux`
  bool genlock = false;     // wanted
  std::vector<OverlayState> overlays;      // same order as Show::overlays
  std::vector<StripState> strips;          // one per input with audio, in input order
  std::vector<SoundBusState> sound_buses;  // as sound_buses()
  std::string sound_snapshot;              // recalled last; empty: none yet
  // While a card scene is on program: who was heard before it, and is again after it.
  std::optional<OpenStrips> before_card;
  // Microphones that a cue opened under the card on program (影アナ). Ends with that card.
  std::vector<std::string> card_microphones;
  bool emergency = false;  // the emergency card covers program, every microphone is closed
  MediaTime emergency_since;
  std::uint64_t takes = 0;
  friend bool operator==(const LiveState&, const LiveState&) = default;
};

}  // namespace kakehashi
