// SPDX-License-Identifier: GPL-3.0-or-later
// The switcher: (show, what is live, a wish, time) -> what is live next. Pure; the station calls it
// from its control thread and publishes the result to the mix loops.
#pragma once

#include "core/command.h"
#include "core/live_state.h"
#include "core/result.h"

namespace kakehashi {

// The state an event opens with: first scene on program, second on preview, strips at 0 dB,
// microphones of inputs open, overlays off.
LiveState initial_state(const Show& show);

// The picture and sound commands (SelectPreview ... SetMute). Refuses with a sentence when the
// named thing does not exist or the card is on air (take and overlays wait under the emergency
// card; preview choosing stays possible). Commands of other owners (GoLive, ...) are an error of
// kind Bug here. A take swaps program and preview; with the program scene also on preview it
// changes nothing. A take during a mix ends the mix at once and starts the new one from its target.
// An overlay turned round in mid-fade goes back from where it is: its `since` is then set back in
// time. EmergencyOff mutes the microphones it does not name; strips that are no microphones stay as
// they were.
Result<LiveState> apply(const Show& show, const LiveState& live, const Command& command,
                        MediaTime now);

// 0..1 while a transition runs at `t`, 1 when none runs.
double transition_progress(const LiveState& live, MediaTime t);
// 0..1: how far an overlay has faded in at `t`; 0 = not to be seen.
double overlay_opacity(const Overlay& overlay, const OverlayState& state, MediaTime t);
// Card on program, by scene or by emergency: every microphone is closed.
bool card_on_program(const Show& show, const LiveState& live);
// Ids of inputs whose picture is in `scene` (tally).
std::vector<std::string> inputs_of_scene(const Show& show, const std::string& scene);
// Inputs seen on program now, including the scene a running mix comes from.
std::vector<std::string> inputs_on_program(const Show& show, const LiveState& live, MediaTime t);

}  // namespace kakehashi
