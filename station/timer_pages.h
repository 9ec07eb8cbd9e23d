// SPDX-License-Identifier: GPL-3.0-or-later
// Clocks, countdowns and stopwatches, and the countdowns of cards, as pages of the letter desk.
#pragma once

#include "station/letter_desk.h"

namespace kakehashi {

// How timers are painted: station/engine gives the real painters, tests their own.
struct TimerPainters {
  using Painted = Result<std::shared_ptr<const OverlayImage>>;
  // At overlay.rect.
  std::function<Painted(const Overlay&, const Show&, const std::string& words)> overlay;
  std::function<Painted(const HoldingCard&, const Show&, const std::string& words)> card;
};

class TimerPages final : public PageSource {
 public:
  TimerPages(TimerPainters painters, Language language)
      : painters_(std::move(painters)), language_(language) {}
  void add(const Moment& moment, const WallTime& wall, MediaTime now, MediaTime until,
           std::vector<MovingThing>& out) override;

 private:
  const TimerPainters painters_;
  const Language language_;
};

}  // namespace kakehashi
