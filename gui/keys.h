// SPDX-License-Identifier: GPL-3.0-or-later
// The show keys. Called straight from the window's key callback, before any drawing: ImGui 1.86
// loses a key that goes down and up between two frames, and a take should not wait for a frame.
// Pure: times are given in, in seconds on one steady clock. No key stops a broadcast.
#pragma once

#include "core/command.h"
#include "core/snapshot.h"
#include "gui/ui_state.h"

namespace kakehashi {

enum class Key : std::uint8_t {
  None,
  Digit,
  Space,
  T,
  M,
  H,
  R,
  J,
  Escape,
  Enter,
  Tab,
  BackTab,
  Left,
  Right,
  Up,
  Down,
  PageUp,
  PageDown
};

struct KeyPress {
  Key key = Key::None;
  int digit = 0;  // 1..9 with Key::Digit
};

// `text_active`: a text field has the focus or Japanese is being composed; then only Esc speaks.
void key_down(KeyPress press, double now, bool text_active, const Snapshot& snapshot, UiState& ui,
              Commands& out);
void key_up(KeyPress press, UiState& ui);
// A return control on screen is held (or not): the same as Esc. Once per frame.
void return_held(bool held, double now, const Snapshot& snapshot, UiState& ui);
// Once per frame: the return's hold and countdown come due.
void keys_tick(double now, const Snapshot& snapshot, UiState& ui, Commands& out);

// What Space and the take button do. Ignored within kTakeGuard of the last one and under the card.
void request_take(double now, const Snapshot& snapshot, UiState& ui, Commands& out);
// What PageDown and PageUp do, so that a presenter's clicker works: the slides on program, else on
// preview, else the first there are.
void request_page(int by, const Snapshot& snapshot, Commands& out);
// The input whose pages these keys turn; null when there are none.
const InputStatus* slides_at_hand(const Snapshot& snapshot);
// What T does: the title at hand, to the opposite of what the snapshot says. At hand is the name
// title that is out, else the first name title, else the first overlay; null when there is none.
void request_title(const Snapshot& snapshot, Commands& out);
// What M, H, R and J do (見出し, 非公開, 取消発言, 事故): a mark in the recording; H ends an open
// span.
void request_mark(MarkerKind kind, const Snapshot& snapshot, Commands& out);
const OverlayStatus* title_at_hand(const Snapshot& snapshot);

}  // namespace kakehashi
