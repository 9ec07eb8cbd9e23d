// SPDX-License-Identifier: GPL-3.0-or-later
// Gain sharing for several open microphones (D. Dugan, "Application of Automatic Mixing Techniques
// to Audio Consoles", 1989): each one's gain is its level's share of the sum of all, so one talker
// has 0 dB, two have -3 dB each (one voice in two microphones: -6 dB), and the room's noise never
// adds up. Nothing opens or shuts: the one who spoke last keeps the air of the room, and those who
// hold back keep a tenth of the power together. Pure; mix.audio owns it; allocates when it is made.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "core/audio_block.h"

namespace kakehashi {

struct AutomixPlace {
  bool in = false;         // shares; else its gain is 1 and it weighs nothing
  float fader = 1;         // linear; a closed one weighs nothing
  double priority_db = 0;  // counts as that much louder, also in what is kept while holding back
};

class Automix {
 public:
  explicit Automix(std::size_t strips);
  ~Automix();

  // One block. strips[i]: after its processing, before its fader; places and gains likewise, same
  // length. gains[i]: linear, where it stands at the end of the block; the caller glides there from
  // the block before.
  void share(std::span<const AudioBlock> strips, std::span<const AutomixPlace> places,
             std::span<float> gains);
  // Somebody speaks into it (not: it is the loudest of a quiet room, overhears a neighbour that
  // shares with it, or there is applause). Closed ones are judged as well.
  bool talks(std::size_t strip) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi
