// SPDX-License-Identifier: GPL-3.0-or-later
// Speech where it should not be, or is not where it should be: into a muted microphone, under a
// card, into another microphone than the open one. Judges what the strips' senses found against
// what the strips are. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mixer/sound/ears.h"
#include "mixer/sound/ears_talk.h"

namespace kakehashi::ears {

enum class CardLeak : std::uint8_t {
  None,
  Microphone,  // open under the card, and no cue said so
  Line,        // an input that no card closes carries speech
  Forgotten,   // a cue opened it, and nobody has spoken for long
};

class StateWatch {
 public:
  explicit StateWatch(std::size_t strips);

  // senses[i]: of strip i.
  void judge(const EarsMoment& moment, std::span<const TalkSense> senses);

  bool muted_talk(std::size_t strip) const { return strips_[strip].muted_talk; }
  CardLeak card(std::size_t strip) const { return strips_[strip].card; }
  // The closed strip that speaks instead of this open one; -1: none.
  int instead(std::size_t strip) const { return strips_[strip].instead; }

 private:
  struct Strip {
    bool muted_talk = false;
    CardLeak card = CardLeak::None;
    int instead = -1;
    double watched_s = 0, muted_s = 0, card_s = 0, forgotten_s = 0, wrong_s = 0;
  };
  void judge_muted(const EarsMoment& moment, std::span<const TalkSense> senses);
  void judge_card(const EarsMoment& moment, std::span<const TalkSense> senses);
  void judge_wrong(const EarsMoment& moment, std::span<const TalkSense> senses);

  std::vector<Strip> strips_;
};

}  // namespace kakehashi::ears
