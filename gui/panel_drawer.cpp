// SPDX-License-Identifier: GPL-3.0-or-later
// What is needed now and then, in the multiview's room: all transitions, the pages of the slides,
// the layouts, and what the hall and the web meeting see.
#include <algorithm>
#include <cstdio>

#include "core/layout_table.h"
#include "gui/keys.h"
#include "gui/panels.h"

namespace kakehashi {
namespace {

// A word that is chosen out of several.
bool choice(Frame& f, const std::string& id, const Box& b, std::string_view text, bool chosen) {
  const Touch t = f.touch(id, b);
  f.fill(b, t.down ? theme::kOutline : chosen || t.hovered ? theme::kHover : theme::kRaise, 6);
  if (chosen) f.edge(b, theme::kText, 2, 6);
  f.focus_ring(t, b);
  draw_choice_word(f, t, b, text, chosen);
  return t.clicked && !chosen;
}

// Cells of equal width, left to right, line after line.
class Cells {
 public:
  Cells(const Box& room, float least_w, float h, float gap) : room_(room), h_(h), gap_(gap) {
    columns_ = std::max(1, static_cast<int>((room.w + gap) / (least_w + gap)));
    w_ = (room.w - gap * static_cast<float>(columns_ - 1)) / static_cast<float>(columns_);
  }
  Box next() {
    const int column = n_ % columns_, line = n_ / columns_;
    const Box b{room_.x + static_cast<float>(column) * (w_ + gap_),
                room_.y + static_cast<float>(line) * (h_ + gap_), w_, h_};
    ++n_;
    return b;
  }
  float height() const {
    const int rows = (n_ + columns_ - 1) / columns_;
    return static_cast<float>(rows) * (h_ + gap_) - gap_;
  }

 private:
  Box room_;
  float h_, gap_, w_ = 0;
  int columns_ = 1, n_ = 0;
};

void draw_transitions(DeskPage& d, const Box& room) {
  Frame& f = d.frame;
  const Snapshot& s = d.snapshot;
  const float shift = f.begin_scroll("drawer", room);
  Cells kinds({room.x, room.y + shift, room.w, room.h}, f.px(146), f.px(46), f.px(8));
  for (const TransitionRow& row : kTransitions)
    if (choice(f, "effect." + std::string(row.name), kinds.next(),
               f.language == Language::English ? row.en : row.ja, s.next_kind == row.kind))
      d.out.emplace_back(SetTransition{row.kind, s.next_seconds});
  float y = room.y + shift + kinds.height() + f.px(14);
  const Ink head{Face::Bold, 18, theme::kText};
  const float w = f.width(head, f.say(Word::TransitionLength)) + f.px(16);
  f.label({room.x, y, w, f.px(46)}, head, f.say(Word::TransitionLength));
  Cells lengths({room.x + w, y, room.w - w, f.px(46)}, f.px(96), f.px(46), f.px(8));
  for (const double seconds : {0.5, 0.7, 1.0, 1.5, 2.0, 3.0})
    if (choice(f, "length." + figure(seconds, 1), lengths.next(),
               word(Word::LengthSeconds, f.language, {figure(seconds, 1)}),
               std::abs(s.next_seconds - seconds) < 0.01))
      d.out.emplace_back(SetTransition{s.next_kind, seconds});
  y += lengths.height();
  f.end_scroll("drawer", room, y - shift - room.y);
}

void draw_pages(DeskPage& d, const Box& room) {
  Frame& f = d.frame;
  const InputStatus* slides = find_by_id(d.snapshot.inputs, f.ui.pages_input);
  if (!slides || slides->pages <= 0) slides = slides_at_hand(d.snapshot);
  if (!slides) {
    f.ui.drawer = Drawer::None;
    return;
  }
  constexpr int kShown = 5;  // Feed::kStripPages
  const float button_h = f.px(48);
  const float most_w = (room.h - button_h - f.px(10)) * 16 / 9 * kShown;
  const float w = std::min(room.w, most_w);
  const float tile_w = w / kShown, tile_h = tile_w * 9 / 16;
  const Box strip{room.x + (room.w - w) / 2, room.y, w, tile_h};
  f.fill(strip, theme::kWell);
  if (const auto ref = f.pictures ? f.pictures("pages." + slides->id) : std::nullopt)
    f.picture(strip, *ref);
  const auto go = [&](int page) {
    page = std::clamp(page, 1, slides->pages);
    if (page != slides->page) d.out.emplace_back(ShowPage{slides->id, page});
  };
  for (int i = 0; i < kShown; ++i) {
    const int page = slides->page + i - kShown / 2;
    if (page < 1 || page > slides->pages) continue;
    const Box b{strip.x + tile_w * static_cast<float>(i) + f.px(2), strip.y + f.px(2),
                tile_w - f.px(4), tile_h - f.px(4)};
    const Touch t = f.touch("page." + std::to_string(i), b);
    if (page == slides->page)
      f.edge(b, theme::kText, 4, 2);
    else if (t.hovered)
      f.edge(b, theme::kOutline, 3, 2);
    f.focus_ring(t, b);
    const std::string number = std::to_string(page);
    const float chip = f.width({Face::Bold, 16, 0}, number) + f.px(14);
    f.fill({b.x, b.bottom() - f.px(26), chip, f.px(26)}, theme::rgb(0x000000, 0xD1));
    f.label({b.x, b.bottom() - f.px(26), chip, f.px(26)}, {Face::Bold, 16, theme::kText}, number,
            Align::Centre);
    if (t.clicked) go(page);
  }
  // The page's number takes a line of its own where the buttons need the width.
  const bool wide = room.w >= f.px(640);
  const float gap = f.px(8);
  const int columns = wide ? 4 : 3;
  const float w_button =
      (room.w - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  float y = strip.bottom() + f.px(10);
  const Box number{wide ? room.x + w_button + gap : room.x, y, wide ? w_button : room.w, button_h};
  f.label(
      number, {Face::Bold, 20, theme::kText},
      word(Word::PageOf, f.language, {std::to_string(slides->page), std::to_string(slides->pages)}),
      Align::Centre);
  if (!wide) y += button_h;
  const auto column = [&](int from_right) {
    return Box{room.right() - w_button - (w_button + gap) * static_cast<float>(from_right), y,
               w_button, button_h};
  };
  if (f.button("page.first", {room.x, y, w_button, button_h}, Icon::None, f.say(Word::PageFirst),
               slides->page > 1))
    go(1);
  if (f.button("page.back", column(1), Icon::None, f.say(Word::PageBack), slides->page > 1))
    go(slides->page - 1);
  if (f.button("page.next", column(0), Icon::Arrow, f.say(Word::PageNext),
               slides->page < slides->pages))
    go(slides->page + 1);
}

float draw_bus(DeskPage& d, const Box& room, float y, Bus bus, Word head, const char* id,
               const std::string& now) {
  Frame& f = d.frame;
  f.label({room.x, y, room.w, f.px(28)}, {Face::Bold, 18, theme::kText}, f.say(head));
  Cells cells({room.x, y + f.px(32), room.w, room.h}, f.px(184), f.px(46), f.px(8));
  const std::string prefix = std::string("bus.") + id + ".";
  if (choice(f, prefix + "follow", cells.next(), f.say(Word::BusFollows), now.empty()))
    d.out.emplace_back(SetBusScene{bus, ""});
  for (const SceneStatus& scene : d.snapshot.scenes)
    if (choice(f, prefix + scene.id, cells.next(), f.say(scene.name), now == scene.id))
      d.out.emplace_back(SetBusScene{bus, scene.id});
  return f.px(32) + cells.height() + f.px(16);
}

void draw_buses(DeskPage& d, const Box& room) {
  Frame& f = d.frame;
  const Snapshot& s = d.snapshot;
  const float shift = f.begin_scroll("drawer", room);
  float y = room.y + shift;
  y += draw_bus(d, room, y, Bus::Venue, Word::BusVenue, "venue", s.venue_scene);
  y += draw_bus(d, room, y, Bus::Aux, Word::BusAux, "aux", s.aux_scene);
  const Ink head{Face::Bold, 18, theme::kText};
  const float w = f.width(head, f.say(Word::Genlock)) + f.px(16);
  f.label({room.x, y, w, f.px(46)}, head, f.say(Word::Genlock));
  const float half = f.px(96);
  if (choice(f, "genlock.off", {room.x + w, y, half, f.px(46)}, f.say(Word::GenlockOff),
             !s.genlock.wanted))
    d.out.emplace_back(SetGenlock{false});
  if (choice(f, "genlock.on", {room.x + w + half + f.px(4), y, half, f.px(46)},
             f.say(Word::GenlockOn), s.genlock.wanted))
    d.out.emplace_back(SetGenlock{true});
  if (s.genlock.wanted) {
    const InputStatus* camera = find_by_id(s.inputs, s.genlock.input);
    const std::string how = s.genlock.locked && camera
                                ? word(Word::GenlockLocked, f.language, {f.say(camera->name)})
                                : std::string(f.say(Word::GenlockSeeking));
    const float x = room.x + w + 2 * half + f.px(20);
    f.label({x, y, room.right() - x, f.px(46)}, {Face::Regular, 18, theme::kText2}, how);
  }
  y += f.px(46);
  f.end_scroll("drawer", room, y - shift - room.y);
}

// Thumbnails are the scene's own inputs poured into each layout by the station, live.
void draw_layouts(DeskPage& d, const Box& room) {
  Frame& f = d.frame;
  const SceneStatus* scene = find_by_id(d.snapshot.scenes, d.snapshot.preview);
  if (!scene || scene->layout.empty()) {
    f.ui.drawer = Drawer::None;
    return;
  }
  std::vector<const LayoutRow*> rows;
  for (const LayoutRow& row : layouts())
    if (!row.slots.empty() && row.id.rfind("card", 0) != 0) rows.push_back(&row);
  const float foot = f.px(30);
  const auto cells = picture_grid(room, static_cast<int>(rows.size()), f.px(10), foot, 8);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Box& b = cells[i];
    const bool chosen = rows[i]->id == scene->layout;
    const Touch t = f.touch("layout." + rows[i]->id, b);
    f.fill(b, t.down || t.hovered || chosen ? theme::kHover : theme::kRaise, 2);
    const Box picture{b.x, b.y, b.w, b.h - foot};
    f.fill(picture, theme::kWell);
    if (const auto ref = f.pictures ? f.pictures("layout." + rows[i]->id) : std::nullopt)
      f.picture(picture, *ref);
    if (chosen) f.edge(b, theme::kText, 3, 2);
    f.focus_ring(t, b, 2);
    const Ink ink{chosen ? Face::Bold : Face::Regular, 16, theme::kText};
    const Box words{b.x + f.px(8), picture.bottom(), b.w - f.px(16), foot};
    f.label(words, ink, f.say(rows[i]->name));
    f.whole_name(t, b, ink, f.say(rows[i]->name), words.w);
    if (t.clicked && !chosen) d.out.emplace_back(SetLayout{scene->id, rows[i]->id});
  }
}

}  // namespace

void draw_drawer(DeskPage& d) {
  Frame& f = d.frame;
  const Box& b = d.layout.multiview;
  const std::string title =
      f.ui.drawer == Drawer::Layouts
          ? word(Word::LayoutsHead, f.language,
                 {scene_name(d.snapshot, d.snapshot.preview, f.language)})
          : std::string(f.say(f.ui.drawer == Drawer::Transitions ? Word::TransitionHead
                              : f.ui.drawer == Drawer::Pages     ? Word::Pages
                                                                 : Word::Buses));
  f.panel(b, f.ui.drawer == Drawer::Pages ? Icon::Screen : Icon::Arrow, title);
  const float close_w = f.px(112);
  if (f.button("drawer.close", {b.right() - close_w - f.px(8), b.y + f.px(6), close_w, f.px(36)},
               Icon::Cross, f.say(Word::CloseDrawer))) {
    f.ui.drawer = Drawer::None;
    return;
  }
  const Box room{b.x + f.px(14), b.y + f.px(50), b.w - f.px(28), b.h - f.px(60)};
  switch (f.ui.drawer) {
    case Drawer::Transitions:
      return draw_transitions(d, room);
    case Drawer::Pages:
      return draw_pages(d, room);
    case Drawer::Buses:
      return draw_buses(d, room);
    case Drawer::Layouts:
      return draw_layouts(d, room);
    case Drawer::None:
      break;
  }
}

}  // namespace kakehashi
