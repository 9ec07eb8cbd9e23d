// SPDX-License-Identifier: GPL-3.0-or-later
// A whole event as one plain value. An event preset is a Show saved as JSON (presets/); the station
// holds an immutable one, and what happens live is a LiveState beside it (core/live_state.h).
// Identifiers are short ASCII words, unique within their list; all references are by identifier.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/decibel.h"
#include "core/encode_settings.h"
#include "core/layer.h"
#include "core/overlay.h"
#include "core/settings.h"
#include "core/strip_settings.h"
#include "core/text.h"
#include "core/time.h"
#include "core/transition.h"

namespace kakehashi {

inline constexpr int kShowVersion = 1;

struct Canvas {
  int width = 1920;
  int height = 1080;
  Rate rate{30, 1};
  friend bool operator==(const Canvas&, const Canvas&) = default;
};

// What a source is by nature, whatever its kind is called: what is looked for in its pictures, who
// may play its role, what an equipment test asks of it.
enum class SourceNature : std::uint8_t {
  Device,   // hardware at this PC: held open while it is used, and missing when unplugged
  Network,  // comes to us or is fetched; hesitates, and may repeat an unchanged picture
  Screen,   // a desktop: may stand still or be dark
  Film,     // recorded: black and silence belong to it
  Still,    // stands still until somebody changes it: a picture, a colour, slides
  Test,     // our own pattern and tone
};
// The event's own material: whole, and never unplugged.
constexpr bool is_media(SourceNature n) {
  return n == SourceNature::Film || n == SourceNature::Still;
}

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
  std::vector<Mask> masks;  // privacy: hidden in every scene, bus, thumbnail and recording
  StripSettings sound;      // with `audio`; the event's own word, which nothing may loosen
  // What was chosen in this hall, from the venue file: the strip begins with it. `sound` still
  // counts for what may be heard where (core/sound_rule.h).
  std::optional<StripSettings> sound_here{};
  std::string partner;  // a remote one: the word of his return bus; one partner may have several
                        // inputs, he hears none of them
  std::string backup;   // an input whose picture stands in while this one is lost; empty: its card
  friend bool operator==(const Input&, const Input&) = default;
};

inline const StripSettings& first_sound(const Input& input) {
  return input.sound_here ? *input.sound_here : input.sound;
}

// Which input stands in which place of a layout.
struct SlotFill {
  std::string slot;   // "slide"
  std::string input;  // id
  friend bool operator==(const SlotFill&, const SlotFill&) = default;
};

struct Scene {
  std::string id;
  Text name;
  int key = 0;  // 1..9 on the keyboard, 0 none
  std::vector<Layer> layers;
  std::string card;    // not empty: this scene is that holding card; no layers, microphones off
  std::string layout;  // a row of core/layout_table.h; then `slots` instead of `layers`
  std::vector<SlotFill> slots;
  std::string fallback;   // input shown in a slot whose own input is not bound
  std::string when;       // an input that must be bound, ...
  std::string otherwise;  // ... else this scene is shown in its place
  std::string aux;        // what the Aux bus shows while this is on program; empty: the same
  std::string sound;      // the sound snapshot recalled with it; empty: the strips stay as they are
  friend bool operator==(const Scene&, const Scene&) = default;
};

// Who is heard (音のセット). Recalled by a scene or a cue; a mute by hand outlasts it.
struct SoundSnapshot {
  std::string id;
  Text name;
  std::vector<std::string> open;  // inputs heard on the program; every other one is closed there
  bool mics_off = false;          // a card's: microphones stay closed even if `open` names them
  bool music = false;             // levelled to the music target
  std::optional<std::vector<std::string>> venue;  // inputs heard in the hall; none: as before
  friend bool operator==(const SoundSnapshot&, const SoundSnapshot&) = default;
};

struct LoudnessTarget {
  double lufs = -16;
  double tolerance_lu = 2;
  friend bool operator==(const LoudnessTarget&, const LoudnessTarget&) = default;
};

struct SoundSettings {
  LoudnessTarget speech{-16, 2}, music{-18, 3};
  double most_dbtp = -1.5;         // the limiter's ceiling, true peak
  std::vector<std::string> venue;  // inputs that may sound in the hall; never its own microphones
  std::vector<SoundSnapshot> snapshots;
  friend bool operator==(const SoundSettings&, const SoundSettings&) = default;
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
  std::string encode;  // id; empty: the main one
  // Id of the destination this one is the spare line of: same encode, same packets.
  std::string backup_of;
  // The encode's bitrate follows this line; none of an encode's lines has it: the first enabled.
  bool lead = false;
  friend bool operator==(const Destination&, const Destination&) = default;
};

enum class RecordFormat : std::uint8_t { Mkv, Fmp4 };

struct RecordSettings {
  bool with_stream = true;    // starts when going live
  bool clean = false;         // a second file from the Clean bus, without overlays
  std::string folder;         // empty: the user's video folder
  std::string second_folder;  // goes on here when the first one fails; empty: none
  RecordFormat format = RecordFormat::Mkv;
  bool finalise = true;          // after stopping, an MP4 that starts at once is made beside it
  std::string encode;            // id; empty: the main one
  std::vector<std::string> iso;  // inputs recorded by themselves, as they came
  friend bool operator==(const RecordSettings&, const RecordSettings&) = default;
};

// The pictures made at every tick. One that shows the same as another is the same picture.
enum class Bus : std::uint8_t {
  Program,  // the stream
  Clean,    // program without overlays
  Venue,    // the hall's screen
  Aux,      // the web meeting: without the remote partner's own picture
};
inline constexpr std::size_t kBuses = 4;
inline constexpr std::array<std::string_view, kBuses> kBusNames{"program", "clean", "venue", "aux"};
constexpr std::string_view bus_name(Bus bus) { return kBusNames[static_cast<std::size_t>(bus)]; }
using BusSet = std::uint8_t;  // one bit for each
constexpr BusSet bus_bit(Bus bus) { return static_cast<BusSet>(1U << static_cast<unsigned>(bus)); }

// What Venue and Aux show when the event opens.
struct BusSettings {
  std::string scene;     // id; empty: follows program (Aux: or the scene's `aux`)
  bool overlays = true;  // titles, captions; Clean never has them
  friend bool operator==(const BusSettings&, const BusSettings&) = default;
};

// A take that a rehearsal or the headless run performs by itself.
struct ScriptedTake {
  Duration at;        // after the start
  std::string scene;  // empty: the picture stays
  TransitionKind transition = TransitionKind::Cut;
  std::string overlay;  // empty: none
  bool overlay_on = true;
  std::string sound;  // a sound snapshot; one that names microphones opens them under a card too
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
  Duration mix_duration = Duration::milliseconds(500);  // of every transition but the cut
  std::uint32_t dip_colour = 0x22384A;                  // 0xRRGGBB
  bool sign_language = false;  // 手話あり: the interpreter (input "sign_cam") is in every scene
  BusSettings venue_bus, aux_bus;
  bool genlock = false;  // the tick follows the camera on air
  SoundSettings sound;
  EncodeSettings encode;             // "main"
  std::vector<NamedEncode> encodes;  // further ones
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
