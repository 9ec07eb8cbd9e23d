// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/page_cache.h"

#include <cstdlib>
#include <utility>

namespace kakehashi {
namespace {

FramePtr found(const std::map<int, FramePtr>& kept, int page) {
  const auto it = kept.find(page);
  return it == kept.end() ? FramePtr() : it->second;
}

}  // namespace

void PageCache::reset(int pages) {
  pages_ = pages;
  full_.clear();
  small_.clear();
  bad_.clear();
}

FramePtr PageCache::page(int page) const { return found(full_, page); }
FramePtr PageCache::thumb(int page) const { return found(small_, page); }

void PageCache::put_page(int page, FramePtr picture, int near) {
  full_[page] = std::move(picture);
  trim(full_, capacity_, near);
}
void PageCache::put_thumb(int page, FramePtr picture, int near) {
  small_[page] = std::move(picture);
  trim(small_, thumbs_, near);
}

// Of two equally far the earlier page goes: people mostly turn forwards.
void PageCache::trim(std::map<int, FramePtr>& kept, int capacity, int near) {
  while (static_cast<int>(kept.size()) > capacity) {
    const auto first = kept.begin(), last = std::prev(kept.end());
    kept.erase(near - first->first >= last->first - near ? first : last);
  }
}

bool PageCache::lacks(const std::map<int, FramePtr>& kept, int page) const {
  return page >= 1 && page <= pages_ && !bad(page) && kept.count(page) == 0;
}

std::optional<PageCache::Job> PageCache::next(int wanted, int strip) const {
  for (const int page : {wanted, wanted + 1, wanted - 1, wanted + 2})
    if (lacks(full_, page)) return Job{page, false};
  for (int away = 0; away <= strip; ++away)
    for (const int page : {wanted + away, wanted - away})
      if (lacks(small_, page)) return Job{page, true};
  return std::nullopt;
}

}  // namespace kakehashi
