// SPDX-License-Identifier: GPL-3.0-or-later
// Which strip reaches which bus, and why not. Pure: (show, live, time) decides, no memory; the
// audio mixer, the switcher's refusals and the snapshot all ask here. What holds whatever happens
// live: core/sound_rule.h.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/live_state.h"
#include "core/sound_rule.h"
#include "core/time.h"

namespace kakehashi {

// Barred now; `strip` is a place in live.strips. Program, the clean recording and the returns are
// closed by snapshots, cards and the emergency card; the venue bus only by mutes, faders and its
// own snapshot list, never by a card: the hall's people are not the ones it is meant for. The
// monitor bus without any listened strip takes what program takes; with one it takes the listened
// strips alone, closed or not. A strip whose input the show does not know is barred.
SoundBar barred(const Show& show, const LiveState& live, std::size_t strip, const SoundBus& bus,
                MediaTime now);

// The sentence for a refusal or for StripStatus::closed: cause, and one action where there is one.
// Empty for None.
Text bar_words(SoundBar bar, const Show& show, const Input& input);

// Microphones heard on program under a card (ふた中・マイク生き); ids.
std::vector<std::string> microphones_under_card(const Show& show, const LiveState& live,
                                                MediaTime now);

// For the audio mixer, which asks for every strip and bus at every block: what barred() looks up by
// name, found once. Allocates nothing.
struct SoundSituation {
  bool emergency = false;  // the card covers program
  bool card = false;       // a holding card or the emergency card is on program
  bool listening = false;  // some strip is listened to
  const std::vector<std::string>* card_microphones = nullptr;
};
SoundSituation sound_situation(const Show& show, const LiveState& live);
// The strip's own half of the question. picture_seen(): picture_on_program() of its input, asked
// only if it matters; so is never_bar, from never() or held since the show was last arranged.
SoundBar barred_now(const SoundSituation& situation, SoundBar never_bar, const Input& input,
                    const StripState& strip, const SoundBus& bus, bool picture_seen);
// Its picture is on program, the scene a running transition comes from included; or would be, were
// it not for the emergency card.
bool picture_on_program(const Show& show, const LiveState& live, const std::string& input,
                        MediaTime now);

// The fader's lower end is shut, not 0.001.
inline constexpr double kFaderShut = -60.0;

}  // namespace kakehashi
