// SPDX-License-Identifier: GPL-3.0-or-later
// Every wish that can walk back across the bridge. The desk, the command line and later doors all
// speak these; JSON is in station/door/codec.h. Commands name the wanted state, not a toggle, so
// two desks that press at once agree.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/decibel.h"
#include "core/show.h"

namespace kakehashi {

struct SelectPreview {
  std::string scene;
};  // "preview"
struct SetTransition {
  TransitionKind kind = TransitionKind::Cut;
};               // "transition": what take will do
struct Take {};  // "take": preview becomes program
struct SetOverlay {
  std::string overlay;
  bool on = false;
};                      // "overlay"
struct EmergencyOn {};  // "emergency": card on, all microphones off
// "return": the way back. Only the microphones named open again; the others stay muted.
struct EmergencyOff {
  std::vector<std::string> open;
};
struct SetGain {
  std::string strip;
  Decibel gain;
};  // "gain", -60..+12 dB
struct SetMute {
  std::string strip;
  bool muted = false;
};                      // "mute"
struct GoLive {};       // "go_live": all enabled destinations
struct StopLive {};     // "stop_live"
struct StartRecord {};  // "start_record"
struct StopRecord {};   // "stop_record"
struct ShowScreen {
  bool on = true;
  int display = -1;
};  // "screen": the hall's window; -1: the last display
struct LoadEvent {
  std::string path;
};  // "load": goes over to another event file, on air too if its canvas and encode are the same
struct Quit {};  // "quit": the station ends; refused while live

using Command =
    std::variant<SelectPreview, SetTransition, Take, SetOverlay, EmergencyOn, EmergencyOff, SetGain,
                 SetMute, GoLive, StopLive, StartRecord, StopRecord, ShowScreen, LoadEvent, Quit>;

}  // namespace kakehashi
