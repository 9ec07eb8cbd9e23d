// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/detect_plan.h"

#include <algorithm>

#include "capture/source_kind.h"

namespace kakehashi {
namespace {

constexpr std::array<const char*, kFindings> kIds{"black",      "frozen",    "flicker", "comb",
                                                  "four_three", "no_signal", "silent",  "one_sided",
                                                  "clipping",   "hum",       "dropouts"};

// One row per InputSort, one column per Finding; seconds, 0: not looked for. A combed film was
// combed when it was made; a screen or film may well be black for a moment; a PC is silent for
// minutes and has no shutter; films may be as loud as they like.
// A sound finding that its own meter has already weighed over seconds is said at once (kNow).
constexpr double kNow = 0.01;
constexpr double kPatience[][kFindings] = {
    // black frozen flicker comb  4:3 no signal silent one-sided clipping hum dropouts
    {2, 2, 4, 3, 10, 5, 10, kNow, kNow, kNow, kNow},   // Camera
    {2, 0, 0, 3, 10, 5, 60, kNow, kNow, kNow, 0},      // Computer
    {2, 10, 4, 3, 10, 5, 10, kNow, kNow, kNow, kNow},  // Network
    {10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},                // Screen
    {10, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0},               // Film
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},                 // Own
    {0, 0, 0, 0, 0, 0, 10, kNow, kNow, kNow, kNow},    // Microphone
    {0, 0, 0, 0, 0, 0, 30, kNow, kNow, kNow, kNow},    // Line
};

bool names_a_computer(const Input& input) {
  for (const char* word : {"slide", "pc", "laptop", "zoom", "remote"})
    if (("_" + input.id + "_").find(std::string("_") + word) != std::string::npos) return true;
  for (const char* word : {"スライド", "資料", "PC", "パソコン", "ＰＣ", "リモート"})
    if (input.name.ja.find(word) != std::string::npos) return true;
  return false;
}

}  // namespace

const char* finding_id(Finding f) { return kIds[static_cast<std::size_t>(f)]; }

InputSort sort_of(const Input& input, const SourceKind* kind) {
  const SourceNature nature = kind ? kind->nature : SourceNature::Device;
  switch (nature) {
    case SourceNature::Screen:
      return InputSort::Screen;
    case SourceNature::Film:
      return InputSort::Film;
    case SourceNature::Still:
    case SourceNature::Test:
      return InputSort::Own;
    case SourceNature::Device:
    case SourceNature::Network:
      break;
  }
  if (kind && !kind->description.has_video)
    return input.microphone ? InputSort::Microphone : InputSort::Line;
  if (names_a_computer(input)) return InputSort::Computer;
  return nature == SourceNature::Network ? InputSort::Network : InputSort::Camera;
}

double patience(InputSort sort, Finding f) {
  return kPatience[static_cast<std::size_t>(sort)][static_cast<std::size_t>(f)];
}

}  // namespace kakehashi
