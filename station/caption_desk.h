// SPDX-License-Identifier: GPL-3.0-or-later
// The captions of a show: the rolls of lines, what feeds them, and their pages for the letter desk.
// Any thread.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/snapshot.h"
#include "mixer/caption_roll.h"
#include "station/caption_feed.h"
#include "station/letter_desk.h"

namespace kakehashi {

class CaptionDesk {
 public:
  CaptionDesk(Clock& clock, std::string media_folder)
      : clock_(clock), media_folder_(std::move(media_folder)) {}
  ~CaptionDesk();

  // Opens and closes feeds (some tens of milliseconds each); what both shows have keeps its lines.
  void set_show(const std::shared_ptr<const Show>& show);

  // Prepared lines count from 1; 0 takes off what is shown. Refused: no such overlay or line.
  Status show_line(const std::string& overlay, int line);
  Status add(const std::string& overlay, const std::string& text);

  // One per caption overlay; `scene`: on program, whose lines are told.
  std::vector<CaptionStatus> status(const std::string& scene, MediaTime now) const;

  using Paint = std::function<Result<std::shared_ptr<const OverlayImage>>(
      const Overlay&, const Show&, const std::string& words)>;  // at overlay.rect
  // For the letter desk, which must end before this.
  std::unique_ptr<PageSource> pages(Paint paint);

  int feed_port(const std::string& overlay) const;  // that it listens on; 0: none

 private:
  class Pages;
  struct Track {
    Overlay overlay;
    std::vector<CaptionRoll> rolls;     // one per format its places have
    std::vector<std::string> prepared;  // lines
    int line = 0;
    std::unique_ptr<CaptionFeed> feed;
    Text fault;  // of the settings
  };
  Track make_track(const Overlay& overlay, const Show& show);
  void read_prepared(Track& track) const;
  void open_feed(Track& track);
  std::vector<MovingWords> words_of(const std::string& overlay, MediaTime now, MediaTime until,
                                    std::vector<CaptionFormat>& formats);
  Track* find(const std::string& overlay);

  Clock& clock_;
  const std::string media_folder_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Show> show_;
  std::map<std::string, Track> tracks_;
};

}  // namespace kakehashi
