// SPDX-License-Identifier: GPL-3.0-or-later
// A whole event as one plain value. An event preset is a Show saved as JSON (presets/); the station
// holds an immutable one, and what happens live is a LiveState beside it (core/live_state.h).
// Identifiers are short ASCII words, unique within their list; all references are by identifier.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/decibel.h"
#include "core/settings.h"
#include "core/text.h"
#include "core/time.h"

namespace kakehashi {

inline constexpr int kShowVersion = 1;

// A rectangle on the canvas. Unit: pixels of the canvas, origin top left; may reach outside.
struct Rect {
  int x = 0, y = 0, w = 0, h = 0;
  friend bool operator==(const Rect&, const Rect&) = default;
};

struct Canvas {
  int width = 1920;
  int height = 1080;
  Rate rate{30, 1};
  friend bool operator==(const Canvas&, const Canvas&) = default;
};

// Which device plays a role. From the venue file, or from the event itself for media that travels
// with it.
struct SourceSpec {
  std::string kind;  // a row of the SourceKind table: "test", "camera", "clip", ...
  Settings settings;
  friend bool operator==(const SourceSpec&, const SourceSpec&) = default;
};

// An input is a role ("slide_pc"), never a device. Its id is the role's name.
struct Input {
  std::string id;
  Text name;
  bool video = true;
  bool audio = false;       // has a strip on the audio desk
  bool microphone = false;  // a live mouth: silenced by every holding card
  std::optional<SourceSpec>
      source;      // the event's own media; a venue binding for the role overrides it
  Duration delay;  // lip-sync: picture and sound of this input are shown this much later (>= 0)
  friend bool operator==(const Input&, const Input&) = default;
};

enum class FitMode : std::uint8_t {
  Fit,      // whole picture, bars where it does not fill
  Fill,     // fills the rectangle, what overlaps is cut evenly
  Stretch,  // fills it, shape ignored
};

// Part of the source to show. Unit: fractions of the source's width and height cut from each side,
// 0..<1.
struct Crop {
  double left = 0, top = 0, right = 0, bottom = 0;
  friend bool operator==(const Crop&, const Crop&) = default;
};

struct Layer {
  std::string input;
  Rect rect;
  FitMode fit = FitMode::Fit;
  Crop crop;
  double opacity = 1.0;  // 0..1
  int z = 0;             // higher is nearer; equal ones in list order
  friend bool operator==(const Layer&, const Layer&) = default;
};

struct Scene {
  std::string id;
  Text name;
  int key = 0;  // 1..9 on the keyboard, 0 none
  std::vector<Layer> layers;
  std::string card;  // not empty: this scene is that holding card; no layers, microphones off
  friend bool operator==(const Scene&, const Scene&) = default;
};

enum class OverlayKind : std::uint8_t { NameTitle };

struct Overlay {
  std::string id;
  OverlayKind kind = OverlayKind::NameTitle;
  Text label;               // what the desk calls it
  std::string name;         // 氏名
  std::string kana;         // ふりがな, may be empty
  std::string affiliation;  // 所属・肩書, may be empty
  Rect rect{96, 684, 1200, 144};
  Duration fade = Duration::milliseconds(250);
  friend bool operator==(const Overlay&, const Overlay&) = default;
};

struct HoldingCard {
  std::string id;
  std::string title;  // しばらくお待ちください
  std::string body;
  std::string contact;                  // organisation, telephone
  std::uint32_t background = 0x22384A;  // 0xRRGGBB
  friend bool operator==(const HoldingCard&, const HoldingCard&) = default;
};

// One encode, shared by every output.
struct EncodeSettings {
  int video_kbps = 6000;
  std::string preset = "superfast";  // x264's name
  int keyframe_seconds = 2;
  int vbv_ms = 500;  // rate control buffer
  int audio_kbps = 160;
  friend bool operator==(const EncodeSettings&, const EncodeSettings&) = default;
};

enum class AudienceScope : std::uint8_t { Public, Unlisted, Internal, Practice };

struct Destination {
  std::string id;
  Text name;
  std::string kind = "rtmp";  // a row of the OutputKind table
  Settings settings;          // "url" without any key
  std::string key_name;  // which entry of the secrets file holds the stream key; empty: none needed
  AudienceScope scope = AudienceScope::Practice;
  bool enabled = true;
  friend bool operator==(const Destination&, const Destination&) = default;
};

struct RecordSettings {
  bool with_stream = true;  // starts when going live
  std::string folder;       // empty: the user's video folder
  friend bool operator==(const RecordSettings&, const RecordSettings&) = default;
};

enum class TransitionKind : std::uint8_t { Cut, Mix };

// A take that a rehearsal or the headless run performs by itself.
struct ScriptedTake {
  Duration at;        // after the start
  std::string scene;  // empty: the picture stays
  TransitionKind transition = TransitionKind::Cut;
  std::string overlay;  // empty: none
  bool overlay_on = true;
  friend bool operator==(const ScriptedTake&, const ScriptedTake&) = default;
};

// A key of the file that this version does not know: kept, reported, written back where it was.
struct UnknownKey {
  std::string path;  // JSON pointer (RFC 6901)
  std::string json;  // its value, compact JSON
  friend bool operator==(const UnknownKey&, const UnknownKey&) = default;
};

struct Show {
  int version = kShowVersion;
  std::string id;
  Text title;
  Canvas canvas;
  std::vector<Input> inputs;
  std::vector<Scene> scenes;
  std::vector<Overlay> overlays;
  std::vector<HoldingCard> cards;
  std::string emergency_card;  // id of a card; empty: the built-in one
  std::string first_scene;     // on program when the event opens; empty: the first scene
  Duration mix_duration = Duration::milliseconds(500);
  EncodeSettings encode;
  std::vector<Destination> destinations;
  RecordSettings record;
  std::string venue;  // path of the venue file, relative to the event file; may be empty
  std::vector<ScriptedTake> script;
  std::vector<UnknownKey> unknown;
  friend bool operator==(const Show&, const Show&) = default;
};

template <class List>
auto* find_by_id(List& list, const std::string& id) {
  for (auto& item : list)
    if (item.id == id) return &item;
  return static_cast<decltype(&list[0])>(nullptr);
}

}  // namespace kakehashi
