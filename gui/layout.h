// SPDX-License-Identifier: GPL-3.0-or-later
// Where everything on the desk stands: a pure function of the window's size and the scale. What an
// operator's hand has learnt never moves between states, so nothing here knows the show.
#pragma once

#include <utility>
#include <vector>

namespace kakehashi {

// Window pixels, origin top left. Edges are whole pixels.
struct Box {
  float x = 0, y = 0, w = 0, h = 0;

  float right() const { return x + w; }
  float bottom() const { return y + h; }
  float middle() const { return y + h / 2; }
  bool contains(float px, float py) const {
    return px >= x && px < right() && py >= y && py < bottom();
  }
  Box inset(float d) const { return {x + d, y + d, w - 2 * d, h - 2 * d}; }
  bool overlaps(const Box& o) const {
    return x < o.right() && o.x < right() && y < o.bottom() && o.y < bottom();
  }
  friend bool operator==(const Box&, const Box&) = default;
};

// The largest box of that shape inside `room`, centred.
Box fit_shape(const Box& room, float width, float height);

struct DeskLayout {
  float scale = 1;
  // The window is too low for the bottom band: multiview, audio, overlays and outputs share the
  // right column behind tabs; everything above keeps its place.
  bool compact = false;

  Box stage;                                    // stage line
  Box live, record, scope, message, emergency;  // the state bar's five places
  Box state;                                    // all five
  Box preview_head, preview;                    // preview: with its frame
  Box program_head, program, program_meter;     // program: with its frame, 1.2 x preview
  Box take, transition;                         // under Preview
  Box program_note;                             // one line under Program
  Box scenes_head, cards;                       // cards: the holding cards' buttons
  Box scenes;
  Box multiview, audio, overlays, outputs;  // in compact mode all four are the same room
  Box tabs;                                 // compact only
  Box go_live, go_record;                   // start, and stop by a 2 s hold
  Box rescue;  // what the emergency panel covers: only things that rest under the card
  Box health;
  float frame = 6;  // tally frame around Preview and Program

  Box preview_picture() const { return preview.inset(frame); }
  Box program_picture() const { return program.inset(frame); }
};

// The desk needs this much room at 100 %.
inline constexpr float kLeastWidth = 1000, kLeastHeight = 600;
// The wished scale, or what the window has room for; never under 100 % for that.
float fitting_scale(float wished, float width, float height);

// Any size gives a usable answer; below 1200 x 680 x scale things get tight, and the window does
// not get smaller than that.
DeskLayout desk_layout(float width, float height, float scale);

// Cells of a grid with `count` things whose picture is 16:9 and has `foot` pixels of words under
// it: the number of columns that shows the largest pictures. Cells are in reading order.
// `widest_cell`: how many times wider than its picture a cell may be, so that names have room.
std::vector<Box> picture_grid(const Box& room, int count, float gap, float foot, int most_columns,
                              float widest_cell = 1);

}  // namespace kakehashi
