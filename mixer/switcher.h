// SPDX-License-Identifier: GPL-3.0-or-later
// The switcher: (show, what is live, a wish, time) -> what is live next. Pure; the station calls it
// from its control thread and publishes the result to the mix loops.
#pragma once

#include <optional>

#include "core/command.h"
#include "core/live_state.h"
#include "core/result.h"

namespace kakehashi {

// The state an event opens with: first scene on program, second on preview, strips at 0 dB and open
// unless the first scene's sound snapshot closes them, overlays off, buses and genlock as the show
// says.
LiveState initial_state(const Show& show);

// The picture and sound commands (SelectPreview ... SetSoundBus, not ShowPage, ShowCaption,
// AddCaption). What scenes, cards, cues and hands do to each other's sound: mixer/sound/recall.h.
// Refuses with a sentence when the named thing does not exist or the card is on air (takes, the
// T-bar and overlays wait under the emergency card; choosing preview, buses and timers stays
// possible). Commands of other owners (GoLive, ...) are an error of kind Bug here. A take swaps
// program and preview; with the program scene also on preview it changes nothing. What a take, the
// T-bar and a change of mind do to a running transition: mixer/transition_steps.h. The T-bar at 0
// or 1 while nothing runs changes nothing, so naming its end twice is the same as once. An overlay
// turned round in mid-fade goes back from where it is: its `since` is then set back in time; one
// that has gone off by itself counts as off, and switched on again stays its whole time.
// EmergencyOff opens the microphones it names and mutes those that would be heard otherwise; strips
// that are no microphones stay as they were.
Result<LiveState> apply(const Show& show, const LiveState& live, const Command& command,
                        MediaTime now);

// 0..1 while a transition runs at `t`, 1 when none runs.
double transition_progress(const LiveState& live, MediaTime t);
// How long the next take's transition will be; zero for a cut.
Duration next_transition_length(const Show& show, const LiveState& live);

// 0..1: how far an overlay has faded in at `t`; 0 = not to be seen. Fades out after its hold.
double overlay_opacity(const Overlay& overlay, const OverlayState& state, MediaTime t);
// Switched on, and its hold is not over.
bool overlay_is_on(const Overlay& overlay, const OverlayState& state, MediaTime t);
// Until it goes off by itself; none: it is off, or stays.
std::optional<Duration> overlay_time_left(const Overlay& overlay, const OverlayState& state,
                                          MediaTime t);
// A stopwatch, or a countdown of a length: what SetTimer may be sent to.
bool has_timer(const Overlay& overlay);
// How long a stopwatch or countdown has run at `t`, exact over any number of stops.
Duration timer_value(const OverlayState& state, MediaTime t);

// What `bus` shows while `program_scene` is on program; null: no such scene. Names that no scene
// has any more count as empty. Venue and Aux may have a scene of their own; Aux else takes the
// program scene's `aux`.
const Scene* scene_on_bus(const Show& show, const LiveState& live, Bus bus,
                          const std::string& program_scene);
// Card on program, by scene or by emergency: every microphone is closed.
bool card_on_program(const Show& show, const LiveState& live);
// Ids of inputs whose picture is in `scene` (tally).
std::vector<std::string> inputs_of_scene(const Show& show, const std::string& scene);
// Inputs seen on program now, including the scene a running mix comes from.
std::vector<std::string> inputs_on_program(const Show& show, const LiveState& live, MediaTime t);

}  // namespace kakehashi
