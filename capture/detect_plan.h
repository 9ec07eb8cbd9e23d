// SPDX-License-Identifier: GPL-3.0-or-later
// What is looked for in which kind of input, and for how long it must be seen before it is said:
// a slide may stand still for an hour, a camera may not for two seconds. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/show.h"
#include "core/time.h"

namespace kakehashi {

struct SourceKind;

enum class Finding : std::uint8_t {
  Black,      // a picture comes, but it is black: HDCP, a lens cap, a PC asleep
  Frozen,     // pictures come, but all are bit for bit the same
  Flicker,    // mains light beats with the shutter
  Comb,       // two fields of an interlaced camera woven into one picture
  FourThree,  // a 4:3 picture with black bars left and right
  NoSignal,   // the capture device's own blue picture or colour bars
  Silent,     // sound comes, but it is nothing
  OneSided,   // one channel of two is dead
  Clipping,   // flat tops at full scale
  Hum,        // 50 or 60 Hz and its harmonics in quiet moments
  Dropouts,   // short holes in the sound, again and again
};
constexpr std::size_t kFindings = 11;

// As in InputFinding: "black", "four_three", "one_sided".
const char* finding_id(Finding f);
constexpr bool is_picture(Finding f) { return f <= Finding::NoSignal; }

// What an input is for the detectors and their words.
enum class InputSort : std::uint8_t {
  Camera,      // a lens: also a camcorder by HDMI and a capture card
  Computer,    // a PC by HDMI: its desktop may stand still, and it has no shutter
  Network,     // a camera by network; its encoder may repeat an unchanged picture for seconds
  Screen,      // this PC's own screen
  Film,        // a clip: black and silence belong to it
  Own,         // stills, slides, colours, test pattern: nothing to find
  Microphone,  // a live mouth
  Line,        // a mixer or player
};

// By the nature of its kind (null: nobody knows it). A kind without pictures is a microphone or a
// line; a camera role whose name says that a PC hangs there ("slide_pc", "スライド", "資料") is a
// Computer.
InputSort sort_of(const Input& input, const SourceKind* kind);

// How long (seconds) a finding must last in this sort of input before it is said; 0: not looked
// for. Black and frozen: accident table of the domain study, 2 s; the others come on top of the
// time their own figure needs (flicker and hum: 2 s windows).
double patience(InputSort sort, Finding f);

// On after `on` of being seen without a break, off after `off` of not being seen. Pure.
class Hold {
 public:
  Hold(Duration on, Duration off) : on_(on), off_(off) {}
  // Returns whether it is on now.
  bool look(bool seen, MediaTime now) {
    if (seen != turning_) {
      turning_ = seen;
      since_ = now;
    }
    if (now - since_ >= (seen ? on_ : off_)) state_ = seen;
    return state_;
  }
  bool on() const { return state_; }

 private:
  Duration on_, off_;
  bool state_ = false, turning_ = false;
  MediaTime since_;
};

}  // namespace kakehashi
