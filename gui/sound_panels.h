// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of the sound desk. Each draws itself into any box it is given, so that a seat of its
// own can put them elsewhere than panel_audio.cpp does. A word first, the bar second.
#pragma once

#include <functional>
#include <string>

#include "gui/panels.h"

namespace kakehashi {

// What one strip is, in one word.
struct StripLook {
  Word word;
  Icon icon;
  ImU32 ground = 0;    // 0: no plate
  bool quiet = false;  // not heard: name and meter step back
};
StripLook look_of(const Snapshot& snapshot, const StripStatus& strip, LevelWord level);
// The worst thing heard on it that asks for a hand; null when it is well.
const InputFinding* trouble_of(const StripStatus& strip);
// What its button does: open it (true) or mute it. A snapshot's closing is opened by hand too, but
// never a microphone's under a card: that is a sound set's to do.
bool opens_by_hand(const Snapshot& snapshot, const StripStatus& strip);
bool card_on_air(const Snapshot& snapshot);  // a holding card is on program
float look_width(Frame& frame, const StripLook& look);
void draw_look(Frame& frame, const StripLook& look, const Box& box, Align align);

Word set_word(ProcessingSet set);
Word set_note(ProcessingSet set);
// The strip treated as `set`; what belongs to the place and the role, not to the kind of sound,
// stays: trim, polarity, mono, delay, pan, rights, group, priority, following the picture.
StripSettings with_set(const StripSettings& now, ProcessingSet set);
Word loudness_look(LoudnessWord word);

std::string decibels(double db);       // "+1.5 dB", "−∞ dB"
std::string signed_figure(double db);  // "−3", "+2", "0"

// A fader for anything with a gain. `id` is its place on the item map. Sends at most 25 wishes a
// second while dragging, and always the last one. `shown` while dragged: the figure in the hand.
void draw_fader(DeskPage& desk, const std::string& id, double gain_db, const Box& box,
                const std::function<Command(Decibel)>& wish);
// Trim, pan, delay and four bands of tone, for those who ask for figures. Returns its height.
float draw_sound_knobs(DeskPage& desk, const StripStatus& strip, const Box& room);
bool dragging(const Frame& frame, const std::string& id);

// panel_audio_sets.cpp: the sound snapshots as one line of buttons. Under a card those that open a
// microphone are held.
void draw_sound_sets(DeskPage& desk, const Box& line);
// panel_audio_rows.cpp: all strips, one below the other; a press on a name opens its details.
void draw_sound_rows(DeskPage& desk, const Box& room);
// panel_audio_strip.cpp: one strip: kind of sound, listening, where it goes, what was heard.
void draw_sound_strip(DeskPage& desk, const Box& room, const StripStatus& strip);
// panel_audio_places.cpp: where sound goes: the buses.
void draw_sound_places(DeskPage& desk, const Box& room);
// A sound server is no device that anybody can point at: it is called what it is to people.
std::string output_name(const Frame& frame, const std::string& name);
bool needs_device(const SoundBusStatus& bus);
struct BusLook {
  Word word;
  Icon icon;
  ImU32 ground = 0;
};
BusLook look_of(const SoundBusStatus& bus);

}  // namespace kakehashi
