// SPDX-License-Identifier: GPL-3.0-or-later
// 音のセット: who is heard, as buttons. One press, except where it would open a microphone under a
// holding card: viewers hear that at once, so it is held.
#include <algorithm>
#include <array>

#include "gui/sound_panels.h"

namespace kakehashi {
namespace {

bool opens_microphone(const Snapshot& s, const SoundSnapshotStatus& set) {
  return std::any_of(set.open.begin(), set.open.end(), [&](const std::string& id) {
    const StripStatus* strip = find_by_id(s.strips, id);
    return strip && strip->microphone;
  });
}

constexpr float kLongest = 132;  // px: a longer name goes onto two lines

// "ふた（全マイク消音）": a name in two parts, at its bracket, else at a space near its middle; the
// second is empty where it cannot be parted.
std::array<std::string_view, 2> two_lines(std::string_view name) {
  for (const std::string_view open : {"（", " ("})
    if (const auto at = name.find(open); at != std::string_view::npos && at > 0)
      return {name.substr(0, at), name.substr(open == " (" ? at + 1 : at)};
  std::size_t best = std::string_view::npos;
  const auto from_middle = [&](std::size_t at) {
    return at > name.size() / 2 ? at - name.size() / 2 : name.size() / 2 - at;
  };
  for (std::size_t at = name.find(' '); at != std::string_view::npos; at = name.find(' ', at + 1))
    if (best == std::string_view::npos || from_middle(at) < from_middle(best)) best = at;
  if (best == std::string_view::npos) return {name, {}};
  return {name.substr(0, best), name.substr(best + 1)};
}

bool is_long(Frame& f, std::string_view name) {
  return f.width({Face::Bold, 18, 0}, name) + f.px(36) > f.px(kLongest) &&
         !two_lines(name)[1].empty();
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
  } else if (is_long(f, f.say(set.name)) &&
             f.width({Face::Bold, 18, 0}, f.say(set.name)) + f.px(36) > b.w) {
    const auto lines = two_lines(f.say(set.name));
    const Ink ink{chosen ? Face::Bold : Face::Regular, 16, chosen ? theme::kText : theme::kText2};
    const float sign = chosen ? f.px(20) : 0;
    if (chosen) f.icon(Icon::Check, b.x + f.px(14), b.middle(), 16, ink.color);
    const Box half{b.x + f.px(4) + sign, b.y + f.px(1), b.w - f.px(8) - sign, b.h / 2 - f.px(1)};
    f.label(half, ink, lines[0], Align::Centre);
    f.label({half.x, b.middle() - f.px(1), half.w, half.h}, ink, lines[1], Align::Centre);
    f.whole_name(t, b, ink, f.say(set.name),
                 std::max(f.width(ink, lines[0]), f.width(ink, lines[1])) > half.w
                     ? 0
                     : f.width(ink, f.say(set.name)));
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
  UiState& ui = f.ui;
  const auto& sets = d.snapshot.sound_snapshots;
  const float gap = f.px(6);
  const float more_w =
      f.width({Face::Bold, 18, 0}, word(Word::NextPage, f.language, {"9", "9"})) + f.px(24);
  std::vector<float> widths;
  float whole = -gap;
  for (const SoundSnapshotStatus& set : sets) {
    widths.push_back(std::max(f.width({Face::Bold, 18, 0}, f.say(set.name)) + f.px(36), f.px(72)));
    whole += widths.back() + gap;
  }
  float all = -gap;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    float& w = widths[i];
    // Two lines before a page is turned.
    if (whole > line.w && is_long(f, f.say(sets[i].name))) {
      const auto lines = two_lines(f.say(sets[i].name));
      const Ink ink{Face::Bold, 16, 0};
      w = std::min(w, std::max(f.width(ink, lines[0]), f.width(ink, lines[1])) + f.px(30));
    }
    w = std::min(w, line.w - more_w - gap);
    all += w + gap;
  }
  // Which ones stand on which page: as many as fit, in their own order.
  const bool pages = all > line.w;
  const float room = pages ? line.w - more_w - gap : line.w;
  std::vector<std::size_t> starts{0};
  float x = 0;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    if (x > 0 && x + widths[i] > room) {
      starts.push_back(i);
      x = 0;
    }
    x += widths[i] + gap;
  }
  // A set that was recalled by a scene comes into sight once; then the hand turns the pages.
  if (ui.sound_seen != d.snapshot.sound_snapshot) {
    ui.sound_seen = d.snapshot.sound_snapshot;
    for (std::size_t i = 0; i < sets.size(); ++i)
      if (sets[i].id == ui.sound_seen)
        ui.sound_page = static_cast<int>(std::upper_bound(starts.begin(), starts.end(), i) -
                                         starts.begin() - 1);
  }
  const int last = static_cast<int>(starts.size()) - 1;
  ui.sound_page = std::clamp(ui.sound_page, 0, last);
  const std::size_t begin = starts[static_cast<std::size_t>(ui.sound_page)];
  const std::size_t end =
      ui.sound_page == last ? sets.size() : starts[static_cast<std::size_t>(ui.sound_page) + 1];
  x = line.x;
  for (std::size_t i = begin; i < end; ++i) {
    draw_set(d, sets[i], {x, line.y, widths[i], line.h});
    x += widths[i] + gap;
  }
  if (pages &&
      f.button("sound_set.more", {line.right() - more_w, line.y, more_w, line.h}, Icon::None,
               word(Word::NextPage, f.language,
                    {std::to_string(ui.sound_page + 1), std::to_string(starts.size())})))
    ui.sound_page = (ui.sound_page + 1) % static_cast<int>(starts.size());
}

}  // namespace kakehashi
