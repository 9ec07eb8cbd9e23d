// SPDX-License-Identifier: GPL-3.0-or-later
// 音のセット: who is heard, as buttons. One press, except where it would open a microphone under a
// holding card: viewers hear that at once, so it is held.
#include <algorithm>

#include "gui/sound_panels.h"

namespace kakehashi {
namespace {

bool card_on_air(const Snapshot& s) {
  const SceneStatus* scene = find_by_id(s.scenes, s.program);
  return scene && scene->card;
}

bool opens_microphone(const Snapshot& s, const SoundSnapshotStatus& set) {
  return std::any_of(set.open.begin(), set.open.end(), [&](const std::string& id) {
    const StripStatus* strip = find_by_id(s.strips, id);
    return strip && strip->microphone;
  });
}

void draw_set(DeskPage& d, const SoundSnapshotStatus& set, const Box& b) {
  Frame& f = d.frame;
  const Snapshot& s = d.snapshot;
  const bool chosen = s.sound_snapshot == set.id;
  const bool careful = card_on_air(s) && opens_microphone(s, set);
  const Touch t = f.touch("sound_set." + set.id, b, true, careful ? kHoldToAct : 0);
  f.fill(b,
         t.down && !careful    ? theme::kOutline
         : chosen || t.hovered ? theme::kHover
                               : theme::kRaise,
         6);
  if (careful)
    f.edge(b, theme::kCaution, t.down ? 4 : 2, 6);
  else if (chosen)
    f.edge(b, theme::kText, 2, 6);
  f.focus_ring(t, b);
  if (careful && t.down) {
    const float r = f.px(12);
    f.ring(b.x + f.px(8) + r, b.middle(), r, t.hold, theme::kCaution);
    f.label({b.x + f.px(14) + 2 * r, b.y, b.w - f.px(18) - 2 * r, b.h},
            {Face::Bold, 16, theme::kText}, f.say(Word::CardLiveMic));
  } else {
    draw_choice_word(f, t, b, f.say(set.name), chosen);
  }
  if (careful)
    f.whole_name(
        t, b, {Face::Bold, 18, 0},
        std::string(f.say(Word::SoundSetOpensMic)) + " / " + std::string(f.say(Word::Hold2s)), 0);
  // The one that is on already is recalled too: it puts right what was changed by hand.
  if (t.clicked) d.out.emplace_back(RecallSound{set.id});
}

}  // namespace

void draw_sound_sets(DeskPage& d, const Box& line) {
  Frame& f = d.frame;
  const auto& sets = d.snapshot.sound_snapshots;
  const float gap = f.px(6);
  float least = f.px(72);
  for (const SoundSnapshotStatus& set : sets)
    least = std::max(least, f.width({Face::Bold, 18, 0}, f.say(set.name)) + f.px(36));
  least = std::min(least, f.px(150));
  const int count = static_cast<int>(sets.size());
  int columns = std::max(2, static_cast<int>((line.w + gap) / (least + gap)));
  const bool pages = count > columns;
  columns = std::min(columns, std::max(count, 4));
  const int each = pages ? columns - 1 : columns;
  const int all = (count + each - 1) / each;
  int& page = f.ui.sound_page;
  page = std::clamp(page, 0, all - 1);
  const float w = (line.w - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  const auto cell = [&](int i) {
    return Box{line.x + static_cast<float>(i) * (w + gap), line.y, w, line.h};
  };
  for (int i = 0; i < each && page * each + i < count; ++i)
    draw_set(d, sets[static_cast<std::size_t>(page * each + i)], cell(i));
  if (pages &&
      f.button("sound_set.more", cell(columns - 1), Icon::None,
               word(Word::NextPage, f.language, {std::to_string(page + 1), std::to_string(all)})))
    page = (page + 1) % all;
}

}  // namespace kakehashi
