// SPDX-License-Identifier: GPL-3.0-or-later
// Marks in the recording: one press each, while it runs. The key stands on the button. An open
// off-record span shows by its colour and ends by the same press.
#include "gui/keys.h"
#include "gui/panels.h"

namespace kakehashi {
namespace {

struct Button {
  MarkerKind kind;
  Word word;
  const char* key;
};
constexpr Button kButtons[] = {{MarkerKind::Chapter, Word::MarkChapter, "M"},
                               {MarkerKind::OffRecord, Word::MarkOffRecord, "H"},
                               {MarkerKind::Retraction, Word::MarkRetraction, "R"},
                               {MarkerKind::Incident, Word::MarkIncident, "J"}};

}  // namespace

void draw_markers(DeskPage& d, const Box& room) {
  Frame& f = d.frame;
  const float gap = f.px(6);
  const float w = (room.w - 3 * gap) / 4;
  float x = room.x;
  for (const Button& button : kButtons) {
    const Box b{x, room.y, w, room.h};
    x += w + gap;
    const bool open = button.kind == MarkerKind::OffRecord && d.snapshot.record.off_record;
    const Touch t = f.touch("mark." + std::to_string(static_cast<int>(button.kind)), b);
    ImU32 ink = f.button_ground(t, b, true);
    if (open) {
      f.fill(b, theme::kCaution, 6);
      f.focus_ring(t, b);
      ink = theme::kBlack;
    }
    const Word what = open ? Word::MarkOffRecordEnd : button.word;
    Ink letters{Face::Bold, 18, ink};
    if (f.width(letters, f.say(what)) > w - f.px(28)) letters.px = 16;
    // The key beside the word, below it where the button is narrow.
    const bool narrow = f.width(letters, f.say(what)) > w - f.px(28);
    const Box words{b.x + f.px(4), b.y, b.w - f.px(narrow ? 8 : 24), narrow ? b.h * 0.6F : b.h};
    const Box key = narrow ? Box{b.x, b.y + b.h * 0.5F, b.w, b.h * 0.45F}
                           : Box{b.right() - f.px(20), b.y, f.px(16), b.h};
    f.label(words, letters, f.say(what), Align::Centre);
    f.label(key, {Face::Regular, 16, ink}, button.key, Align::Centre);
    if (t.clicked) request_mark(button.kind, d.snapshot, d.out);
  }
}

}  // namespace kakehashi
