// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/layout.h"

#include <doctest/doctest.h>

#include <cmath>

namespace kakehashi {
namespace {

struct Size {
  float w, h, scale;
};
constexpr Size kSizes[] = {{1920, 1080, 1},    {2560, 1440, 1}, {1366, 768, 1},
                           {1280, 720, 1},     {1600, 900, 1},  {1920, 1200, 1},
                           {3840, 2160, 2},    {3840, 2160, 1}, {2560, 1440, 1.33F},
                           {1920, 1080, 1.5F}, {2732, 1536, 2}, {1680, 1050, 1.25F}};

}  // namespace

TEST_CASE("nothing overlaps and nothing leaves the window") {
  for (const Size& s : kSizes) {
    const DeskLayout l = desk_layout(s.w, s.h, s.scale);
    CAPTURE(s.w);
    CAPTURE(s.h);
    CAPTURE(s.scale);
    std::vector<Box> boxes{l.stage,         l.live,    l.record,     l.scope,        l.message,
                           l.emergency,     l.preview, l.program,    l.preview_head, l.program_head,
                           l.program_meter, l.take,    l.transition, l.program_note, l.scenes_head,
                           l.cards,         l.scenes,  l.health,     l.audio};
    if (l.compact) {
      boxes.push_back(l.tabs);
      boxes.push_back(l.go_live);
      boxes.push_back(l.go_record);
    } else {
      boxes.insert(boxes.end(), {l.overlays, l.multiview, l.outputs});
      CHECK_FALSE(l.rescue.overlaps(l.outputs));  // the way back stands below in it
      for (const Box& b : {l.go_live, l.go_record}) {
        CHECK(b.x >= l.outputs.x);
        CHECK(b.right() <= l.outputs.right());
        CHECK(b.y > l.outputs.y + 40 * s.scale);
        CHECK(b.bottom() <= l.outputs.bottom());
      }
      CHECK_FALSE(l.go_live.overlaps(l.go_record));
    }
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      const Box& b = boxes[i];
      CAPTURE(i);
      CHECK(b.w > 0);
      CHECK(b.h > 0);
      CHECK(b.x >= 0);
      CHECK(b.y >= 0);
      CHECK(b.right() <= s.w);
      CHECK(b.bottom() <= s.h);
      for (std::size_t k = i + 1; k < boxes.size(); ++k) {
        CAPTURE(k);
        CHECK_FALSE(b.overlaps(boxes[k]));
      }
    }
  }
}

TEST_CASE("proportions of the grid") {
  for (const Size& s : kSizes) {
    const DeskLayout l = desk_layout(s.w, s.h, s.scale);
    CAPTURE(s.w);
    CAPTURE(s.scale);
    const Box program = l.program_picture(), preview = l.preview_picture();
    CHECK(std::abs(program.w / preview.w - 1.2F) < 0.01F);
    CHECK(std::abs(program.w / program.h - 16.0F / 9) < 0.02F);
    CHECK(std::abs(preview.w / preview.h - 16.0F / 9) < 0.02F);
    CHECK(preview.right() < program.x);  // reading order: next, then program
    // Every line of text is at least 16 px x scale high, every show control 44.
    for (const Box& b : {l.stage, l.program_note, l.scenes_head, l.health, l.preview_head})
      CHECK(b.h >= 16 * s.scale);
    for (const Box& b : {l.take, l.emergency, l.go_live, l.go_record, l.cards})
      CHECK(b.h >= std::floor(44 * s.scale));
    // The stop buttons lie far from take.
    CHECK(l.go_live.x - l.take.right() > 400 * s.scale);
  }
}

TEST_CASE("full at 1920 x 1080, compact where the bottom band has no room") {
  CHECK_FALSE(desk_layout(1920, 1080, 1).compact);
  CHECK_FALSE(desk_layout(2560, 1440, 1).compact);
  CHECK_FALSE(desk_layout(3840, 2160, 2).compact);
  CHECK(desk_layout(1366, 768, 1).compact);
  CHECK(desk_layout(1920, 1080, 1.5F).compact);
}

TEST_CASE("the reference places at 1920 x 1080") {
  const DeskLayout l = desk_layout(1920, 1080, 1);
  CHECK(l.stage == Box{0, 0, 1920, 52});
  CHECK(l.live == Box{12, 58, 366, 76});
  CHECK(l.emergency == Box{1632, 58, 276, 76});
  CHECK(l.take.w == 262);
  CHECK(l.take.h == 88);
  CHECK(l.health == Box{0, 1044, 1920, 36});
  CHECK(std::abs(l.preview_picture().w - 536) <= 6);
}

TEST_CASE("a picture grid shows the largest pictures that fit") {
  const Box room{10, 20, 1240, 200};
  for (int count = 1; count <= 20; ++count) {
    const auto cells = picture_grid(room, count, 10, 0, 8);
    REQUIRE(cells.size() == static_cast<std::size_t>(count));
    for (const Box& c : cells) {
      CHECK(c.x >= room.x);
      CHECK(c.right() <= room.right() + 1);
      CHECK(c.bottom() <= room.bottom() + 1);
    }
    for (std::size_t i = 1; i < cells.size(); ++i) CHECK_FALSE(cells[0].overlaps(cells[i]));
  }
  CHECK(picture_grid(room, 0, 10, 0, 8).empty());
}

TEST_CASE("a scale that the window has no room for gives way") {
  CHECK(fitting_scale(1.5F, 1920, 1080) == 1.5F);
  const float small = fitting_scale(1.5F, 1366, 768);
  CHECK(small > 1.2F);
  CHECK(small < 1.3F);
  CHECK(kLeastHeight * small <= 768);
  CHECK(fitting_scale(1.5F, 800, 500) == 1.0F);
  CHECK(fitting_scale(0.75F, 800, 500) == 0.75F);
}

}  // namespace kakehashi
