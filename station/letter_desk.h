// SPDX-License-Identifier: GPL-3.0-or-later
// Moving letters: clocks, countdowns, captions. Every page is painted here, on a thread of the
// lowest urgency, before the moment it becomes true; the mixer picks the page by its tick's time.
// The mixer never waits: what is not painted in time leaves the page before it on the picture.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <thread>

#include "core/clock.h"
#include "core/published.h"
#include "core/result.h"
#include "core/stats.h"
#include "mixer/moving_letters.h"
#include "station/stage.h"
#include "station/wall_clock.h"

namespace kakehashi {

// Something with moving letters: what it says now and soon, where it stands, and how it is painted.
struct MovingThing {
  std::string key;                 // in MovingLetters: an overlay's id, or "card.<id>"
  std::vector<MovingWords> pages;  // the one true now first; no words: nothing to be seen
  std::vector<OverlayPlace> places;
  // The same words at the same place are painted once, as long as the show is the same. Called on
  // the letter desk's thread; may take its time. An error leaves the page before on the picture.
  std::function<Result<std::shared_ptr<const OverlayImage>>(const std::string& words,
                                                            const Rect& rect)>
      paint;
};

// Where moving things come from: timers, cards (station/timer_pages.h), captions.
class PageSource {
 public:
  virtual ~PageSource() = default;
  // All that is on, or still fading, at `now`, with the pages that begin until `until` and one
  // more. On the letter desk's thread, some sixty times a second: no painting here.
  virtual void add(const Moment& moment, const WallTime& wall, MediaTime now, MediaTime until,
                   std::vector<MovingThing>& out) = 0;
};

class LetterDesk {
 public:
  static constexpr Duration kRound = Duration::milliseconds(15);
  static constexpr Duration kAhead = Duration::milliseconds(2500);

  // All outlive the desk.
  struct Roads {
    const Published<Moment>& moment;
    Published<MovingLetters>& letters;
  };
  LetterDesk(Clock& clock, const WallClock& wall, Roads roads,
             std::vector<std::unique_ptr<PageSource>> sources);
  ~LetterDesk();  // waits for the page being painted

  // Pages that were ready only after their moment: the one before stood longer.
  std::uint64_t late_pages() const { return late_.get(); }
  std::uint64_t painted_pages() const { return painted_.get(); }

 private:
  using Image = std::shared_ptr<const OverlayImage>;
  struct Picture {  // what names a painted picture
    std::string key, words;
    Rect rect;
    bool operator<(const Picture& other) const;
  };

  void run();
  void round(MediaTime now);
  bool unchanged(const std::vector<MovingThing>& things) const;
  bool paint_page(const MovingThing& thing, const MovingWords& page);
  void publish(const std::vector<MovingThing>& things, MediaTime now);
  void let_go();

  Clock& clock_;
  const WallClock& wall_;
  const Roads roads_;
  const std::vector<std::unique_ptr<PageSource>> sources_;
  std::shared_ptr<const Show> show_;  // the pictures belong to it
  bool complete_ = false;             // all that is published was painted, pages of later too
  WallTime wall_time_;
  std::map<Picture, Image> pictures_;
  std::map<std::string, std::vector<MovingWords>> shown_;  // what is published
  // The mixer may still hold one in a tick: its memory is given back here, never there.
  std::vector<std::shared_ptr<const MovingLetters>> old_;
  std::atomic<bool> stop_{false};
  Counter late_, painted_;
  std::thread thread_;
};

}  // namespace kakehashi
