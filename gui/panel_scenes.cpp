// SPDX-License-Identifier: GPL-3.0-or-later
// Scene buttons: the number is the key, the picture is live. And the holding cards.
#include <algorithm>

#include "gui/panels.h"

namespace kakehashi {
namespace {

constexpr int kFullRow = 8;
constexpr int kCompactMost = 12;

std::optional<PictureRef> scene_picture(DeskPage& d, const SceneStatus& scene) {
  const auto find = [&](const std::string& name) -> std::optional<PictureRef> {
    return d.frame.pictures ? d.frame.pictures(name) : std::nullopt;
  };
  if (auto own = find("scene." + scene.id)) return own;
  if (scene.id == d.snapshot.preview)
    if (auto p = find("preview")) return p;
  if (scene.id == d.snapshot.program && !d.snapshot.emergency)
    if (auto p = find("program")) return p;
  for (const std::string& input : scene.inputs)
    if (auto p = find("input." + input)) return p;
  return std::nullopt;
}

bool misses_input(const Snapshot& s, const SceneStatus& scene) {
  return std::any_of(scene.inputs.begin(), scene.inputs.end(), [&](const std::string& id) {
    const InputStatus* input = find_by_id(s.inputs, id);
    return input && input->video &&
           (input->signal == SignalState::Lost || input->signal == SignalState::Unbound);
  });
}

void draw_scene(DeskPage& d, const SceneStatus& scene, const Box& b) {
  Frame& f = d.frame;
  const Tally tally = tally_of_scene(d.snapshot, scene.id);
  const Touch t = f.touch("scene." + scene.id, b);
  f.fill(b, t.hovered ? theme::kHover : theme::kRaise, 4);
  const float foot = f.px(36);
  const Box picture{b.x, b.y, b.w, b.h - foot};
  const Box shown = fit_shape(picture, 16, 9);
  f.fill(shown, theme::kWell);
  if (const auto ref = scene_picture(d, scene)) f.picture(shown, *ref);
  if (misses_input(d.snapshot, scene))
    f.chip(b.x + f.px(6), picture.bottom() - f.px(30), Icon::Caution, f.say(Word::NoSignal),
           theme::kCaution, theme::kBlack);
  const Box line{b.x + f.px(6), picture.bottom(), b.w - f.px(12), foot};
  float x = line.x;
  if (scene.key > 0) {
    const float cap = f.px(26);
    f.key_cap(x + cap, line.middle(), std::to_string(scene.key), theme::kText);
    x += cap + f.px(6);
  }
  const bool strong = tally.program || tally.preview;
  f.label({x, line.y, line.right() - x, line.h},
          {strong ? Face::Bold : Face::Regular, 16, theme::kText}, f.say(scene.name));
  draw_tally(f, b, tally);
  if (t.down) f.edge(b, theme::kText, 4, 4);
  f.focus_ring(t, b, 4);
  f.whole_name(t, b, {Face::Regular, 16, 0}, f.say(scene.name), line.right() - x);
  if (t.clicked) d.out.emplace_back(SelectPreview{scene.id});
}

void draw_cards(DeskPage& d, const std::vector<const SceneStatus*>& cards) {
  if (cards.empty()) return;
  Frame& f = d.frame;
  const Box& room = d.layout.cards;
  const Ink head{Face::Bold, 18, theme::kText};
  const float head_w = f.width(head, f.say(Word::Cards)) + f.px(14);
  const auto count = static_cast<float>(std::min<std::size_t>(cards.size(), 4));
  const float gap = f.px(8);
  const float w = std::min((room.w - head_w - gap * (count - 1)) / count, f.px(200));
  float x = room.right() - count * w - (count - 1) * gap;
  f.label({x - head_w, room.y, head_w, room.h}, head, f.say(Word::Cards));
  for (std::size_t i = 0; i < cards.size() && i < 4; ++i, x += w + gap) {
    const SceneStatus& scene = *cards[i];
    const Box b{x, room.y, w, room.h};
    const Tally tally = tally_of_scene(d.snapshot, scene.id);
    const Touch t = f.touch("scene." + scene.id, b);
    const ImU32 ink = f.button_ground(t, b, true);
    if (tally.program)
      f.edge(b, theme::kProgram, 4, 6);
    else if (tally.preview)
      f.dashed(b, theme::kPreview, 4, 11, 6);
    const Icon sign = tally.program ? Icon::Program : tally.preview ? Icon::Next : Icon::Card;
    const Ink letters{Face::Bold, 16, ink};
    const float cap = scene.key > 0 ? f.px(32) : 0;
    // Where room is short the sign gives way, unless it tells the tally.
    const bool plain =
        sign == Icon::Card && f.width(letters, f.say(scene.name)) > w - f.px(46) - cap;
    const float lead = plain ? 0 : f.px(28);
    const std::string name = f.fitted(letters, f.say(scene.name), w - f.px(16) - lead - cap);
    const float used = f.width(letters, name) + lead;
    const float at = b.x + (b.w - used - cap) / 2;
    if (!plain) f.icon(sign, at + f.px(10), b.middle(), 18, ink);
    f.label({at + lead, b.y, used, b.h}, letters, name);
    f.whole_name(t, b, letters, f.say(scene.name), w - f.px(16) - lead - cap);
    if (cap > 0) f.key_cap(at + used + cap, b.middle(), std::to_string(scene.key), ink);
    if (t.clicked) d.out.emplace_back(SelectPreview{scene.id});
  }
}

}  // namespace

void draw_scenes(DeskPage& d) {
  Frame& f = d.frame;
  std::vector<const SceneStatus*> scenes, cards;
  for (const SceneStatus& s : d.snapshot.scenes) (s.card ? cards : scenes).push_back(&s);
  // More cards than their row holds come after the scenes, so that none is out of reach.
  while (cards.size() > 4) {
    scenes.push_back(cards.back());
    cards.pop_back();
  }

  const Box& head = d.layout.scenes_head;
  const float used = f.label(head, {Face::Bold, 18, theme::kText}, f.say(Word::Scenes)) + f.px(12);
  const int page = d.layout.compact ? kCompactMost : kFullRow;
  const int count = static_cast<int>(scenes.size());
  const int pages = std::max(1, (count + page - 1) / page);
  f.ui.scenes_page = std::clamp(f.ui.scenes_page, 0, pages - 1);
  float right = head.right();
  if (pages > 1) {
    const Box more{head.right() - f.px(130), head.y, f.px(130), head.h};
    const std::string text = word(Word::NextPage, f.language,
                                  {std::to_string(f.ui.scenes_page + 1), std::to_string(pages)});
    if (f.button("scenes.more", more, Icon::Arrow, text))
      f.ui.scenes_page = (f.ui.scenes_page + 1) % pages;
    right = more.x;
  }
  f.label({head.x + used, head.y, right - head.x - used, head.h},
          {Face::Regular, 16, theme::kText3}, f.say(Word::ScenesHint));
  draw_cards(d, cards);

  if (count == 0) {
    f.label(d.layout.scenes, {Face::Regular, 18, theme::kText3}, f.say(Word::NoScenes));
    return;
  }
  const int first = f.ui.scenes_page * page;
  const int shown = std::min(page, count - first);
  std::vector<Box> cells;
  if (d.layout.compact) {
    cells = picture_grid(d.layout.scenes, shown, f.px(8), f.px(36), 6, 2);
  } else {
    const float gap = f.px(12);
    const float w = std::floor((d.layout.scenes.w - gap * (kFullRow - 1)) / kFullRow);
    for (int i = 0; i < shown; ++i)
      cells.push_back({std::round(d.layout.scenes.x + static_cast<float>(i) * (w + gap)),
                       d.layout.scenes.y, w, d.layout.scenes.h});
  }
  for (int i = 0; i < shown; ++i)
    draw_scene(d, *scenes[static_cast<std::size_t>(first + i)], cells[static_cast<std::size_t>(i)]);
}

}  // namespace kakehashi
