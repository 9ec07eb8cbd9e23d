// SPDX-License-Identifier: GPL-3.0-or-later
// The painted pages of one document: which are kept, and which is painted next, so that a turn of
// the page finds its picture ready. Pure; not for two threads at once. Private to capture/.
#pragma once

#include <map>
#include <optional>
#include <set>

#include "core/video_frame.h"

namespace kakehashi {

class PageCache {
 public:
  // `capacity`: full pages kept at once (3 MB each on a full-HD canvas), at least kAhead. `thumbs`:
  // small pictures kept at once (55 KB each).
  PageCache(int capacity, int thumbs) : capacity_(capacity), thumbs_(thumbs) {}
  static constexpr int kAhead = 4;  // the page itself, the next, the one before, the one after next

  // A new document: nothing painted yet.
  void reset(int pages);
  int pages() const { return pages_; }

  FramePtr page(int page) const;
  FramePtr thumb(int page) const;
  // Kept; what is farthest from `near` goes when there are too many.
  void put_page(int page, FramePtr picture, int near);
  void put_thumb(int page, FramePtr picture, int near);
  // Cannot be painted: not asked for again until reset().
  void set_bad(int page) { bad_.insert(page); }
  bool bad(int page) const { return bad_.count(page) > 0; }

  struct Job {
    int page = 0;
    bool thumb = false;
  };
  // `wanted` first, then those it will be turned to; then, where a strip is looked at, the small
  // pictures of up to `strip` pages either side. Nothing: all is ready.
  std::optional<Job> next(int wanted, int strip) const;

 private:
  bool lacks(const std::map<int, FramePtr>& kept, int page) const;
  static void trim(std::map<int, FramePtr>& kept, int capacity, int near);

  int capacity_, thumbs_, pages_ = 0;
  std::map<int, FramePtr> full_, small_;
  std::set<int> bad_;
};

}  // namespace kakehashi
