// SPDX-License-Identifier: GPL-3.0-or-later
// Every wish that can walk back across the bridge. The desk, the command line and later doors all
// speak these; JSON is in station/door/codec.h. Commands name the wanted state, not a toggle, so
// two desks that press at once agree.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/decibel.h"
#include "core/marker.h"
#include "core/show.h"

namespace kakehashi {

struct SelectPreview {
  std::string scene;
};  // "preview"
struct SetTransition {
  TransitionKind kind = TransitionKind::Cut;
  double seconds = 0;  // 0: the show's usual length
};                     // "transition": what take will do
struct Take {};        // "take": preview becomes program
struct SetTBar {
  double position =
      0;             // 0 program .. 1 preview has become program; lets go of the bar at both ends
};                   // "t_bar"
struct TurnBack {};  // "turn_back": the running transition goes back to where it came from
struct SetBusScene {
  Bus bus = Bus::Venue;  // Venue or Aux
  std::string scene;     // empty: follows program
};                       // "bus"
struct SetLayout {
  std::string scene;
  std::string layout;  // a row of core/layout_table.h; the scene's inputs find their slots again
};                     // "layout"
struct SetGenlock {
  bool on = false;
};  // "genlock"
struct SetOverlay {
  std::string overlay;
  bool on = false;
};  // "overlay"
struct SetTimer {
  std::string overlay;  // a stopwatch or a countdown of a length
  bool running = false;
  bool reset = false;  // back to the start first
};                     // "timer"
struct ShowPage {
  std::string input;
  int page = 1;  // counted from 1; kept within the document
};               // "page": slides
struct ShowCaption {
  std::string overlay;
  int line = 0;  // of the prepared ones, counted from 1; 0 takes what is shown off
};               // "caption"
struct AddCaption {
  std::string overlay;
  std::string text;     // as from a caption feed
};                      // "caption_text"
struct EmergencyOn {};  // "emergency": card on, all microphones off
// "return": the way back. Only the microphones named are heard again; the others that were heard
// before stay muted.
struct EmergencyOff {
  std::vector<std::string> open;
};
struct SetGain {
  std::string strip;
  Decibel gain;
};  // "gain", -60..+12 dB
// "mute": by hand, outlasts snapshots. Switched off it also opens a strip that the snapshot keeps
// closed; a microphone under a card opens after it.
struct SetMute {
  std::string strip;
  bool muted = false;
};
// "sound": a snapshot, by hand or by a cue. On a card it opens the microphones it names: that is
// the one way to do so.
struct RecallSound {
  std::string snapshot;
};
// "strip". Over the door, what the wish leaves out stays as the strip has it.
struct SetStrip {
  std::string strip;
  StripSettings sound;
  std::vector<std::string> said{};  // only these fields of it count (changed_strip); empty: all
};
struct Listen {
  std::string strip;
  bool on = false;
};  // "listen": PFL on the monitor bus
// "send": a strip reaches a bus, or not. Refused, with the reason, where sound would come back to
// where it is from or leave a hall it must not leave (mixer/sound/routing.h).
struct SetSend {
  std::string strip;
  std::string bus;
  bool on = true;
};
struct SetSoundBus {
  std::string bus;
  Decibel gain;  // -60..+12
  bool muted = false;
};  // "sound_bus"
// "bind_sound": this hall's loudspeakers, headphones, returns -> device, kept in the venue profile.
struct BindSoundOutput {
  std::string bus;
  std::string device;     // a SoundOutputStatus::id; empty: nothing plays this bus
  int first_channel = 1;  // of the pair, counted from 1
};
struct GoLive {};       // "go_live": all enabled destinations
struct StopLive {};     // "stop_live"
struct StartRecord {};  // "start_record"
struct StopRecord {};   // "stop_record"
struct SetDestination {
  std::string destination;
  bool on = true;  // live: connects or ends it now; else it is the one that go_live means
};                 // "destination"
// "mark": a note at this moment of the recording. OffRecord is a span: `on` false ends it.
struct Mark {
  MarkerKind kind = MarkerKind::Chapter;
  bool on = true;
  std::string note;  // at most 200 letters
};
struct ShowScreen {
  bool on = true;
  int display = -1;
  Bus bus = Bus::Venue;  // each has one window at most
};                       // "screen": the hall's window; -1: the last display
struct LoadEvent {
  std::string path;
};  // "load": goes over to another event file, on air too if its canvas and encode are the same
// "bind": this hall's role -> device, kept in the venue profile. Refused when the picture is on
// air.
struct BindRole {
  std::string input;
  std::string device;  // a DeviceStatus::id; empty: nothing plays the role
  // Of a sound device: one channel or a pair, the first counted from 1. 0: as it was before.
  int first_channel = 0, channels = 0;
};
// "bind_back": the last BindRole is taken back, also for the role that lost its device by it; once
// more takes the one before back. Snapshot::undo_role says what comes. Refused as BindRole is.
struct UndoBinding {};
// "devices": opens what is plugged in and plays no role, for live pictures and levels while roles
// are bound. Refused while live; ends by itself when going live.
struct WatchDevices {
  bool on = false;
};
// "equipment": begins an equipment test in processes of its own; the station lets go of its devices
// until it ends. Refused while live. `on` false ends a running one.
struct TestEquipment {
  bool on = true;
  bool quick = false;
  double burn_in_minutes = 0;     // 0: none; kMinBurnIn..kMaxBurnIn of core/equipment_test.h
  std::vector<std::string> only;  // parts to test again (EquipmentItem::part); empty: everything
  bool clap = false;  // picture against sound by clapping hands instead of the flash page
};
struct Quit {};  // "quit": the station ends; refused while live

using Command = std::variant<SelectPreview, SetTransition, Take, SetTBar, TurnBack, SetBusScene,
                             SetLayout, SetGenlock, SetOverlay, SetTimer, ShowPage, ShowCaption,
                             AddCaption, EmergencyOn, EmergencyOff, SetGain, SetMute, RecallSound,
                             SetStrip, Listen, SetSend, SetSoundBus, BindSoundOutput, GoLive,
                             StopLive, StartRecord, StopRecord, SetDestination, Mark, ShowScreen,
                             LoadEvent, BindRole, UndoBinding, WatchDevices, TestEquipment, Quit>;

}  // namespace kakehashi
