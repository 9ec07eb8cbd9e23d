// SPDX-License-Identifier: GPL-3.0-or-later
// What microphones did while a holding card was on program, for the report of a rehearsal: people
// at home hear a microphone under a card, and nobody in the hall notices. Pure; one thread.
#pragma once

#include <string>
#include <vector>

#include "core/snapshot.h"
#include "core/time.h"

namespace kakehashi {

struct CardMicrophone {
  std::string id;
  Text name;
  double seconds = 0;        // it was live under cards
  double loudest_db = -120;  // of it in that time: somebody spoke, or it only stood open
};

class CardLog {
 public:
  // Every 100 ms or so: what was true at the last call counts until this one.
  void see(const Snapshot& snapshot, MediaTime now);

  int cards() const { return cards_; }         // how often one came on program
  double seconds() const { return seconds_; }  // that one stood there
  const std::vector<CardMicrophone>& microphones() const { return microphones_; }

 private:
  MediaTime last_{};
  bool card_ = false;
  std::vector<std::string> live_;
  int cards_ = 0;
  double seconds_ = 0;
  std::vector<CardMicrophone> microphones_;
};

}  // namespace kakehashi
