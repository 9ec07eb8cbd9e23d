// SPDX-License-Identifier: GPL-3.0-or-later
// The desk's panels. Each is a function of the snapshot: it draws itself into its place and adds
// the wishes that a touch made to `out`. State of the desk itself is frame.ui.
#pragma once

#include <string>

#include "core/snapshot.h"
#include "gui/frame.h"
#include "gui/layout.h"

namespace kakehashi {

struct DeskPage {
  Frame& frame;
  const DeskLayout& layout;
  const Snapshot& snapshot;
  Commands& out;
};

void draw_stage(DeskPage& desk);       // panel_stage.cpp: stage line
void draw_state(DeskPage& desk);       // panel_state.cpp: the state bar's five places
void draw_pictures(DeskPage& desk);    // panel_pictures.cpp: Preview, Program, take
void draw_transition(DeskPage& desk);  // panel_transition.cpp: cut / effect, T-bar
void draw_scenes(DeskPage& desk);      // panel_scenes.cpp: scenes and holding cards
void draw_multiview(DeskPage& desk);   // panel_multiview.cpp
void draw_drawer(DeskPage& desk);      // panel_drawer.cpp: transitions, slides, what goes where
void draw_audio(DeskPage& desk);       // panel_audio.cpp
void draw_overlays(DeskPage& desk);    // panel_overlays.cpp
void draw_outputs(DeskPage& desk);     // panel_outputs.cpp: destinations, recording, hall's screen
void draw_markers(DeskPage& desk, const Box& room);  // panel_markers.cpp: while recording
void draw_run_buttons(DeskPage& desk);  // panel_outputs.cpp: go live / stop, record / stop
void draw_rescue(DeskPage& desk);       // panel_rescue.cpp: the way back from under the card
void draw_tabs(DeskPage& desk);         // panel_stage.cpp: compact mode
void draw_health(DeskPage& desk);       // panel_stage.cpp
void draw_check(DeskPage& desk);        // panel_check.cpp: the equipment test
// Once per frame: devices without a role are open while this desk is at Prepare, no longer.
void watch_devices(DeskPage& desk);
void draw_prepare(DeskPage& desk);  // panel_prepare.cpp: which device plays which role
void draw_dialogs(DeskPage& desk);  // panel_dialogs.cpp: close, not connected

// --- shared
struct Tally {
  bool program = false, preview = false;
};
Tally tally_of_scene(const Snapshot& s, const std::string& scene);
Tally tally_of_input(const Snapshot& s, const std::string& input);
void draw_tally(Frame& f, const Box& picture, Tally tally);
bool has_signal(const InputStatus& input);
std::string scene_name(const Snapshot& s, const std::string& scene, Language language);

// A stage without its own places: what lies between stage line and health line, inside margins.
Box stage_room(const DeskPage& desk);
// The violet button that leads to the next stage; true when pressed.
bool next_stage(Frame& f, const std::string& id, const Box& box, Word head, Word note);

// The word of one choice among several, centred: bold with a check when chosen.
void draw_choice_word(Frame& f, const Touch& t, const Box& box, std::string_view text, bool chosen);

// A level on the scale of the tokens: bar, peak mark, bracket over the good range.
void draw_meter(Frame& f, const Box& box, double level_db, double peak_db, ImU32 color, bool muted);
ImU32 meter_color(LevelWord word);
Word level_word(LevelWord word);
Icon level_icon(LevelWord word);

// The whole picture. `link` other than Connected covers it with a calm sentence.
void draw_desk(Frame& frame, const DeskLayout& layout, const Snapshot& snapshot, Commands& out);

}  // namespace kakehashi
