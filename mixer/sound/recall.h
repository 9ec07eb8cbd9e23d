// SPDX-License-Identifier: GPL-3.0-or-later
// Who is heard, and how scenes, cards, cues and hands change it. Private to the switcher. Pure.
// What of it is audible on which bus is decided in mixer/sound/routing.h.
//
// The rules, as staff know them:
// 1. A snapshot (音のセット) says who is heard: strips it names open, all others close. What a hand
//    opens (SetMute off) is heard until the next snapshot.
// 2. A mute by hand outlasts every snapshot, card and scene, until a hand takes it off.
// 3. A scene recalls its snapshot when it comes on program, at the first moment of the transition;
//    one that is recalled already is left as hands have changed it since. A scene without a
//    snapshot changes nothing. A transition that is turned back brings the sound back as it was.
// 4. A card is a parenthesis. Going to it sets aside who is heard, leaving it takes that up again,
//    and then the next scene is judged by 3. Under it every microphone, a remote guest's too, is
//    closed, whatever the card's own snapshot or a hand says: a microphone, desk line or air of the
//    hall opened by hand under a card is heard after it. Sound that is no microphone (music of a
//    break) may be opened; it ends with the card. One card after another is one parenthesis.
// 5. Only RecallSound, by a cue or by hand, opens microphones under a card scene: those the
//    snapshot names, in `card_microphones`, until the card goes, another snapshot is recalled, or
//    the emergency card comes.
// 6. The emergency card is stronger than all of it and has no cue. What is recalled under it is
//    heard after it. Of the microphones that would then be heard only those that EmergencyOff names
//    are; the others are muted by hand. One that is closed anyway, by the snapshot or the card
//    scene below, is not muted: what comes next may open it.
#pragma once

#include "core/live_state.h"

namespace kakehashi {

// Opens the strips it names and closes the others; ends a cue on a card. Mutes, faders and settings
// stay.
void recall_sound(const Show& show, const SoundSnapshot& snapshot, LiveState& live);

// RecallSound: the same, and under a card scene the microphones it names are heard in spite of it.
void recall_by_cue(const Show& show, const SoundSnapshot& snapshot, LiveState& live);

// live.program has become another scene, or the event opens with it.
void follow_scene(const Show& show, LiveState& live);

// SetMute off; EmergencyOff of one that is named.
void open_by_hand(const Show& show, StripState& strip, LiveState& live);
// EmergencyOff of a microphone that is not named.
void keep_muted(StripState& strip, const LiveState& live);

SceneSound scene_sound(const LiveState& live);
// A transition was turned back: program is the scene it came from again. The transition keeps the
// sound of the other end, should it turn once more.
void turn_sound_back(const Show& show, LiveState& live);

// The strip as `snapshot` says; none: as an event without snapshots opens.
bool opens(const SoundSnapshot* snapshot, const Input& input);

}  // namespace kakehashi
