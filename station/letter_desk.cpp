// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/letter_desk.h"

#include <algorithm>
#include <cstdlib>
#include <tuple>

#include "core/log.h"
#include "core/thread.h"

namespace kakehashi {
namespace {

// The machine's clock is set by small steps all the time; pages are moved for a step one can see.
constexpr std::int64_t kWallStep = 2'000'000;

std::tuple<int, int, int, int> place_of(const Rect& r) { return {r.x, r.y, r.w, r.h}; }

}  // namespace

bool LetterDesk::Picture::operator<(const Picture& other) const {
  if (key != other.key) return key < other.key;
  return words != other.words ? words < other.words : place_of(rect) < place_of(other.rect);
}

LetterDesk::LetterDesk(Clock& clock, const WallClock& wall, Roads roads,
                       std::vector<std::unique_ptr<PageSource>> sources)
    : clock_(clock),
      wall_(wall),
      roads_(roads),
      sources_(std::move(sources)),
      wall_time_(wall.read()) {
  thread_ = std::thread([this] { run(); });
}

LetterDesk::~LetterDesk() {
  stop_ = true;
  thread_.join();
}

void LetterDesk::run() {
  begin_thread("prep", Urgency::Looking);
  while (!stop_) {
    const MediaTime now = clock_.now();
    round(now);
    clock_.sleep_until(now + kRound);
  }
}

void LetterDesk::round(MediaTime now) {
  let_go();
  const auto moment = roads_.moment.load();
  if (!moment) return;
  if (const WallTime wall = wall_.read();
      std::llabs(wall.offset_ns - wall_time_.offset_ns) > kWallStep)
    wall_time_ = wall;
  std::vector<MovingThing> things;
  for (const auto& source : sources_) source->add(*moment, wall_time_, now, now + kAhead, things);
  const bool another_show = show_ != moment->stage->show;
  if (!another_show && complete_ && unchanged(things)) return;
  complete_ = false;
  if (another_show) {
    pictures_.clear();
    show_ = moment->stage->show;
  }
  // What is true now comes first and is published at once. A wish of the operator meanwhile (a
  // clock switched on) is not kept waiting for pages of later: they are kept and gone on with.
  for (const bool now_true : {true, false}) {
    for (const auto& thing : things)
      for (const auto& page : thing.pages) {
        if ((page.from <= now) != now_true || !paint_page(thing, page)) continue;
        if (!now_true && page.from <= clock_.now()) {
          late_.add();
          log_warning("prep", "letters of \"" + thing.key + "\" came after their moment");
        }
        if (stop_ || (!now_true && roads_.moment.load() != moment)) return;
      }
    publish(things, now);
  }
  complete_ = true;
}

bool LetterDesk::unchanged(const std::vector<MovingThing>& things) const {
  return things.size() == shown_.size() &&
         std::all_of(things.begin(), things.end(), [&](const MovingThing& thing) {
           const auto before = shown_.find(thing.key);
           return before != shown_.end() && before->second == thing.pages;
         });
}

// True when something was painted.
bool LetterDesk::paint_page(const MovingThing& thing, const MovingWords& page) {
  bool any = false;
  if (page.words.empty()) return any;
  for (const auto& place : thing.places) {
    if (!place.rect) continue;
    Image& image = pictures_[{thing.key, page.words, *place.rect}];
    if (image) continue;
    auto made = thing.paint(page.words, *place.rect);
    if (!made) {
      log_warning("prep", made.error().message);
      continue;
    }
    image = std::move(*made);
    any = true;
  }
  if (any) painted_.add();
  return any;
}

void LetterDesk::publish(const std::vector<MovingThing>& things, MediaTime now) {
  auto next = std::make_shared<MovingLetters>();
  const auto before = roads_.letters.load();
  std::map<Picture, Image> used;
  shown_.clear();
  for (const auto& thing : things) {
    auto& pages = next->pages[thing.key];
    std::vector<MovingWords>& listed = shown_[thing.key];
    for (const auto& words : thing.pages) {
      MovingLetters::Page page{words.from, {}};
      bool whole = true;
      for (const auto& place : thing.places) {
        Image image;
        if (place.rect && !words.words.empty()) {
          const Picture name{thing.key, words.words, *place.rect};
          if (const auto found = pictures_.find(name); found != pictures_.end()) {
            image = found->second;
            if (image) used[name] = image;
          }
          whole = whole && image;
        }
        page.images.push_back({place.layout, std::move(image)});
      }
      if (words.words.empty()) page.images.clear();
      listed.push_back(words);
      if (whole) pages.push_back(std::move(page));
    }
    // Never dark: while the page of now is missing, the one before stays.
    if ((pages.empty() || pages.front().from > now) && before)
      if (const auto old = before->pages.find(thing.key); old != before->pages.end()) {
        const MovingLetters::Page* stays = nullptr;
        for (const auto& page : old->second)
          if (page.from <= now) stays = &page;
        if (stays) pages.insert(pages.begin(), *stays);
      }
  }
  pictures_ = std::move(used);
  if (before) old_.push_back(before);
  roads_.letters.store(std::move(next));
}

void LetterDesk::let_go() {
  std::erase_if(old_, [](const auto& letters) { return letters.use_count() == 1; });
}

}  // namespace kakehashi
