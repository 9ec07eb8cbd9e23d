// SPDX-License-Identifier: GPL-3.0-or-later
// What happens to one input's sound before its fader, as plain values. Staff choose a processing
// set ("話し声") and nothing else; every figure here is what detail mode shows. In the order of the
// signal: trim, polarity, high-pass, noise, gate, equaliser, compressor, delay, pan; then automix,
// rider, ducking and the fader (mixer/sound).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace kakehashi {

enum class ProcessingSet : std::uint8_t {
  Speech,    // one microphone, one or more mouths
  Line,      // the hall's own mixing desk, everything in it mixed already
  Remote,    // the voice of a web meeting
  Media,     // clips, slides, a player: mixed and levelled by its makers
  Music,     // a performance: nothing may breathe with it
  Ambience,  // the air of the hall: applause
};
inline constexpr std::size_t kProcessingSets = 6;
inline constexpr std::array<std::string_view, kProcessingSets> kProcessingSetNames{
    "speech", "line", "remote", "media", "music", "ambience"};

// May it be heard by everybody?
enum class Rights : std::uint8_t {
  Ok,
  Check,      // nobody has confirmed it yet: heard, and said before going live
  VenueOnly,  // 会場のみ: never on a bus that leaves the hall or is kept
};
inline constexpr std::array<std::string_view, 3> kRightsNames{"ok", "check", "venue_only"};

enum class EqShape : std::uint8_t { LowShelf, Bell, HighShelf };
inline constexpr std::array<std::string_view, 3> kEqShapeNames{"low_shelf", "bell", "high_shelf"};

struct EqBand {
  EqShape shape = EqShape::Bell;
  double hz = 1000;    // 20..20000
  double gain_db = 0;  // -18..+18; 0: the band does nothing
  double q = 0.7;      // 0.1..10
  friend bool operator==(const EqBand&, const EqBand&) = default;
};

// Downward, soft: below the threshold the sound sinks by at most `range_db`, it is never cut off.
struct GateSettings {
  double threshold_db = -50;  // dBFS
  double range_db = 0;        // 0..30; 0: no gate
  friend bool operator==(const GateSettings&, const GateSettings&) = default;
};

struct CompressorSettings {
  double ratio = 1;           // 1..10; 1: none
  double threshold_db = -24;  // dBFS
  double attack_ms = 10;
  double release_ms = 150;
  double makeup_most_db = 0;  // make-up gain follows the compression, up to this
  friend bool operator==(const CompressorSettings&, const CompressorSettings&) = default;
};

struct StripSettings {
  ProcessingSet set = ProcessingSet::Speech;
  double trim_db = 0;        // -30..+30, before everything
  bool invert = false;       // polarity
  bool mono = false;         // both channels become their mean: a device whose second one is empty
  double high_pass_hz = 80;  // 0: none, else 20..400; 12 dB per octave
  double noise_db = 0;       // most that steady noise is lowered by, 0..30; 0: none
  GateSettings gate;
  std::array<EqBand, 4> eq{EqBand{EqShape::LowShelf, 120}, EqBand{EqShape::Bell, 300},
                           EqBand{EqShape::Bell, 3000}, EqBand{EqShape::HighShelf, 8000}};
  CompressorSettings compressor;
  double delay_ms = 0;  // 0..1000, the sound alone, besides Input::delay
  double pan = 0;       // -1 left .. +1 right
  Rights rights = Rights::Ok;
  bool follow_picture = false;  // open only while its picture is on program
  bool automix = false;         // shares the gain with the other automixed strips
  double priority_db = 0;       // -12..+12: counts as that much louder in the sharing
  double rider_db = 0;          // most that the slow rider may lift or lower it, 0..12
  std::string group;            // strips the rider levels together; empty: alone
  double duck_db = 0;           // 0..30: lowered by this while somebody talks
  friend bool operator==(const StripSettings&, const StripSettings&) = default;
};

// What a set means. An event file keeps only what differs from it.
StripSettings settings_of(ProcessingSet set);

// The settings of a role whose file says nothing: by its nature as an input.
StripSettings settings_of_input(bool microphone);

}  // namespace kakehashi
