// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/layout.h"

#include <algorithm>
#include <cmath>

namespace kakehashi {
namespace {

constexpr float kMargin = 12;
constexpr float kFrame = 6;
constexpr float kLeastBand = 220;  // multiview with two rows of readable tiles

// Pictures of the left column: Preview, gap, Program, gap, meter; Program is 1.2 x Preview.
struct Pictures {
  float preview_w, preview_h, program_w, program_h;
};
Pictures picture_sizes(float column) {
  const float rest = column - 4 * kFrame - 24 - 34;
  Pictures p{};
  p.preview_w = std::floor(rest / 2.2F);
  p.program_w = std::floor(p.preview_w * 1.2F);
  p.preview_h = std::round(p.preview_w * 9 / 16);
  p.program_h = std::round(p.program_w * 9 / 16);
  return p;
}

struct Rows {
  float stage, state_y, state_h, head_y, head_h, frame_y, take_h;
};
constexpr Rows kFullRows{52, 58, 76, 146, 34, 184, 88};
constexpr Rows kCompactRows{46, 50, 64, 118, 30, 152, 80};

DeskLayout place(float w, float h, bool compact) {
  const Rows& r = compact ? kCompactRows : kFullRows;
  DeskLayout l;
  l.compact = compact;
  const float side_w = compact ? std::clamp(std::round(0.31F * w), 400.0F, 616.0F)
                               : w - 3 * kMargin - std::round(0.673F * (w - 3 * kMargin));
  const float left_w = w - 3 * kMargin - side_w;
  const float side_x = 2 * kMargin + left_w;
  const Pictures p = picture_sizes(left_w);

  l.stage = {0, 0, w, r.stage};
  l.health = {0, h - 36, w, 36};

  // The message takes what the four plates leave; plates shrink only in narrow windows.
  const float k = std::min(1.0F, w / 1920);
  const float plate = std::max(std::round(366 * k), 272.0F);
  const float scope_w = std::max(std::round(226 * k), 140.0F);
  const float emergency_w = std::max(std::round(276 * k), 220.0F);
  const float gap = compact ? 8 : 12;
  l.state = {kMargin, r.state_y, w - 2 * kMargin, r.state_h};
  float x = kMargin;
  const auto next = [&](float width) {
    const Box b{x, r.state_y, width, r.state_h};
    x += width + gap;
    return b;
  };
  l.live = next(plate);
  l.record = next(plate);
  l.scope = next(scope_w);
  l.message = next(w - kMargin - emergency_w - gap - x);
  l.emergency = next(emergency_w);

  const float program_x = kMargin + p.preview_w + 2 * kFrame + 24;
  l.preview = {kMargin, r.frame_y, p.preview_w + 2 * kFrame, p.preview_h + 2 * kFrame};
  l.program = {program_x, r.frame_y, p.program_w + 2 * kFrame, p.program_h + 2 * kFrame};
  l.preview_head = {kMargin, r.head_y, l.preview.w, r.head_h};
  l.program_head = {program_x, r.head_y, kMargin + left_w - program_x, r.head_h};
  l.program_meter = {l.program.right() + 8, r.frame_y, kMargin + left_w - l.program.right() - 8,
                     l.program.h};
  const float take_w = std::min(262.0F, std::round(l.preview.w * 0.6F));
  l.take = {kMargin, l.preview.bottom() + 8, take_w, r.take_h};
  l.transition = {l.take.right() + 12, l.take.y, l.preview.w - take_w - 12, r.take_h};
  l.program_note = {program_x, l.program.bottom() + 4, l.program_head.w, 28};

  const float head = std::max(l.take.bottom(), l.program_note.bottom()) + 8;
  const float cards_w = std::round(left_w * 0.56F);
  l.scenes_head = {kMargin, head, left_w - cards_w - 12, 44};
  l.cards = {kMargin + left_w - cards_w, head, cards_w, 44};
  const float scenes_y = head + 44 + (compact ? 6 : 8);
  const float foot = h - 36 - 6;

  if (compact) {
    l.scenes = {kMargin, scenes_y, left_w, foot - scenes_y};
    const float half = (side_w - 8) / 2;
    l.go_live = {side_x, foot - 60, half, 60};
    l.go_record = {side_x + half + 8, foot - 60, side_w - half - 8, 60};
    l.tabs = {side_x, r.head_y, side_w, 44};
    const Box room{side_x, r.head_y + 52, side_w, l.go_live.y - 8 - (r.head_y + 52)};
    l.multiview = l.audio = l.overlays = l.outputs = room;
    l.rescue = {side_x, r.head_y, side_w, room.bottom() - r.head_y};
    return l;
  }
  const float cell = (left_w - 7 * 12) / 8;
  l.scenes = {kMargin, scenes_y, left_w, std::round(cell * 9 / 16 + 36)};
  const float band = l.scenes.bottom() + 8;
  l.multiview = {kMargin, band, left_w, foot - band};
  constexpr float kHigher = 40;  // a destination, the recording and the hall's screen in full lines
  l.outputs = {side_x, band - kHigher, side_w, foot - band + kHigher};
  const float half = (side_w - 2 * 14 - 12) / 2;
  l.go_live = {side_x + 14, foot - 12 - 62, half, 62};
  l.go_record = {l.go_live.right() + 12, l.go_live.y, half, 62};
  const float column = band - 8 - r.head_y;
  const float overlays_h = 276 - kHigher;
  l.rescue = {side_x, r.head_y, side_w, column - kHigher};
  l.audio = {side_x, r.head_y, side_w, column - kHigher - overlays_h - 12};
  l.overlays = {side_x, l.audio.bottom() + 12, side_w, overlays_h};
  return l;
}

void to_pixels(Box& b, float scale) {
  const float x = std::round(b.x * scale), y = std::round(b.y * scale);
  // Edges are rounded, not sizes, so neighbours never overlap.
  b = {x, y, std::round(b.right() * scale) - x, std::round(b.bottom() * scale) - y};
}

}  // namespace

Box fit_shape(const Box& room, float width, float height) {
  const float k = std::min(room.w / width, room.h / height);
  const float w = std::floor(width * k), h = std::floor(height * k);
  return {std::floor(room.x + (room.w - w) / 2), std::floor(room.y + (room.h - h) / 2), w, h};
}

float fitting_scale(float wished, float width, float height) {
  const float room = std::min(width / kLeastWidth, height / kLeastHeight);
  // In steps: each one makes the letters anew.
  return std::min(wished, std::max(1.0F, std::floor(room * 20) / 20));
}

DeskLayout desk_layout(float width, float height, float scale) {
  const float w = std::max(width / scale, kLeastWidth), h = std::max(height / scale, kLeastHeight);
  DeskLayout l = place(w, h, false);
  if (l.multiview.h < kLeastBand) l = place(w, h, true);
  for (Box* b :
       {&l.stage,  &l.live,         &l.record,       &l.scope,        &l.message, &l.emergency,
        &l.state,  &l.preview_head, &l.preview,      &l.program_head, &l.program, &l.program_meter,
        &l.take,   &l.transition,   &l.program_note, &l.scenes_head,  &l.cards,   &l.scenes,
        &l.audio,  &l.multiview,    &l.overlays,     &l.outputs,      &l.tabs,    &l.go_live,
        &l.rescue, &l.go_record,    &l.health})
    to_pixels(*b, scale);
  l.scale = scale;
  l.frame = std::round(kFrame * scale);
  return l;
}

std::vector<Box> picture_grid(const Box& room, int count, float gap, float foot, int most_columns,
                              float widest_cell) {
  std::vector<Box> cells;
  if (count <= 0) return cells;
  int columns = 1;
  float widest = -1;
  for (int c = 1; c <= most_columns; ++c) {
    const int rows = (count + c - 1) / c;
    const float w = (room.w - gap * static_cast<float>(c - 1)) / static_cast<float>(c);
    const float h = (room.h - gap * static_cast<float>(rows - 1)) / static_cast<float>(rows);
    const float picture = std::min(w, (h - foot) * 16 / 9);
    if (picture > widest + 0.5F) {
      widest = picture;
      columns = c;
    }
  }
  const int rows = (count + columns - 1) / columns;
  const float w_room =
      (room.w - gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  const float h_room = (room.h - gap * static_cast<float>(rows - 1)) / static_cast<float>(rows);
  const float picture_w = std::min(w_room, (h_room - foot) * 16 / 9);
  const float w = std::floor(std::min(w_room, picture_w * widest_cell));
  const float h = std::floor(std::min(h_room, picture_w * 9 / 16 + foot));
  for (int i = 0; i < count; ++i)
    cells.push_back({std::round(room.x + static_cast<float>(i % columns) * (w + gap)),
                     std::round(room.y + static_cast<float>(i / columns) * (h + gap)), w, h});
  return cells;
}

}  // namespace kakehashi
