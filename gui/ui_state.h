// SPDX-License-Identifier: GPL-3.0-or-later
// What only this desk knows: where the finger is, what has the focus, how far a hold has come.
// Nothing here is on air. Thread: the window's.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/command.h"
#include "core/snapshot.h"
#include "gui/meter.h"

namespace kakehashi {

using Commands = std::vector<Command>;

enum class Link : std::uint8_t { Connected, Starting, Lost };
enum class Dialog : std::uint8_t { None, Close };
// What stands in the multiview's room (compact mode: in the tabs' room) while it is open.
enum class Drawer : std::uint8_t { None, Transitions, Pages, Buses, Layouts };
// Which stage stands below the stage line. Going on air and the emergency card bring Show back.
enum class Page : std::uint8_t { Show, Prepare, Check };
enum class Tab : std::uint8_t { Audio, Multiview, Overlays, Outputs };
enum class Move : std::uint8_t { None, Next, Previous, Left, Right, Up, Down };

// The way back from under the emergency card: 1 look at the meters and choose microphones,
// 2 hold, then a countdown that Esc still stops.
struct Rescue {
  std::vector<std::string> open;  // strips that will open again
  bool confirmed = false;         // step 1
  double held_since = -1;         // Esc down in step 2; -1 not held
  bool by_pointer = false;        // held on screen rather than by Esc
  double counting_since = -1;     // 3-2-1; -1 not running
  bool sent = false;              // EmergencyOff is on its way
};
inline constexpr double kReturnHold = 2.0;
inline constexpr double kReturnCount = 3.0;
inline constexpr double kHoldToAct = 2.0;
inline constexpr double kTakeGuard = 0.5;  // a second Space sooner than this is a slip

struct StripView {
  MeterBar bar;
  LevelJudge judge;
};

struct UiState {
  Language language = Language::Japanese;
  Link link = Link::Starting;
  double link_since = 0;  // when it became so
  Dialog dialog = Dialog::None;
  bool leave = false;  // the operator said yes to closing the window

  // One press at a time, by pointer or by Enter on the focused thing.
  std::string pressed;
  double pressed_at = 0;
  bool press_done = false;  // its hold has acted; nothing more until released
  std::string flashed;      // shown as pressed for at least 80 ms
  double flashed_until = 0;

  std::string focus;
  Move move = Move::None;
  bool enter_down = false;
  bool enter_pressed = false;  // since the last frame

  double last_take = -10;
  Page page = Page::Show;
  std::string role;        // Prepare: the role that is being given a device
  std::string check_item;  // Check: whose details are shown; empty: none
  int test_length = 0;     // Check: 0 whole, 1 quick, 2 with an hour of burn-in
  Tab tab = Tab::Audio;
  Drawer drawer = Drawer::None;
  std::string pages_input;  // whose pages are shown
  bool figures = false;     // numbers over the multiview's tiles
  int scenes_page = 0;
  std::map<std::string, float> scroll;  // panel -> px

  bool channel_pairs = false;  // Prepare: inputs of a sound device are picked two by two
  std::string strip;           // Audio: whose details stand in the panel; empty: all strips
  int tone_band = -1;          // Audio: whose pitch and width are shown; -1: none
  bool sound_places = false;   // Audio: the buses stand in the panel
  int sound_page = 0;          // of the sound sets
  std::string sound_seen;      // the set whose page was turned to

  std::string fader;  // item id of the one being dragged
  double fader_db = 0;
  double fader_sent_db = 0, fader_sent_at = -10;

  TransitionKind effect = TransitionKind::Mix;  // what the second half of the switch chooses
  bool bar_held = false;                        // the T-bar is under the hand
  bool bar_done = false;                        // it reached an end: let go before the next way
  double bar_sent = 0, bar_sent_at = -10;

  Rescue rescue;
  bool was_emergency = false, was_live = false;
  bool watching = false;  // this desk asked for the pictures of devices without a role
  double watch_sent_at = -10;
  std::map<std::string, StripView> strips;
  MeterBar program_bar[2];

  std::string refusal;  // the station's last "no", in its words
  double refusal_until = -1;
};

// Takes in a new snapshot: meters, and what begins or ends with the emergency card.
void follow(const Snapshot& snapshot, UiState& ui, double now);

}  // namespace kakehashi
