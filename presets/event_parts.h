// SPDX-License-Identifier: GPL-3.0-or-later
// Private to presets/. What event_file.cpp is made of, and the words both directions share.
#pragma once

#include <array>
#include <string_view>

#include "core/encode_settings.h"
#include "core/strip_settings.h"
#include "core/transition.h"
#include "presets/reader.h"

namespace kakehashi {

// In the order of their enums.
inline constexpr std::array kFitWords{"fit", "fill", "stretch"};
inline constexpr std::array kTurnWords{"upright", "right", "half", "left"};
inline constexpr std::array kShapeWords{"rectangle", "ellipse"};
inline constexpr std::array kCoverWords{"blur", "solid"};
inline constexpr std::array kCardWords{"other", "opening", "soon", "break", "trouble", "ending"};
inline constexpr std::array kScopeWords{"public", "unlisted", "internal", "practice"};
inline constexpr auto kTransitionWords = [] {
  std::array<const char*, kTransitionKinds> words{};
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = kTransitions[i].name.data();
  return words;
}();
template <std::size_t N>
constexpr std::array<const char*, N> words_of(const std::array<std::string_view, N>& names) {
  std::array<const char*, N> words{};
  for (std::size_t i = 0; i < N; ++i) words[i] = names[i].data();
  return words;
}
inline constexpr auto kProcessingSetWords = words_of(kProcessingSetNames);
inline constexpr auto kRightsWords = words_of(kRightsNames);
inline constexpr auto kEqShapeWords = words_of(kEqShapeNames);
inline constexpr auto kVideoCodecWords = words_of(kVideoCodecNames);
inline constexpr auto kEncoderMakerWords = words_of(kEncoderMakerNames);
inline constexpr std::array kRecordFormatWords{"mkv", "fmp4"};
inline constexpr std::array<const char*, 4> kEqBandWords{"low", "low_mid", "high_mid", "high"};

inline constexpr std::size_t kMostInputs = 64;

// The first key of each file; its value is the version of the format.
inline constexpr const char* kEventKey = "kakehashi_event";
inline constexpr const char* kVenueKey = "kakehashi_venue";

// False: this file is not of that kind or too new; reading on would only produce noise.
bool read_version(ObjectReader& root, const char* key, const char* what_en, const char* what_ja);

void read_show(ObjectReader& root, const KindTable& sources, const KindTable& outputs, Show& show);
// Its parts, each in a file of its own.
void read_id_and_name(ObjectReader& from, std::string& id, Text& name);
void read_scene(ObjectReader& from, const Canvas& canvas, Scene& out);
void read_masks(ObjectReader& from, std::vector<Mask>& out);
void read_overlay(ObjectReader& from, Overlay& out);
void read_card(ObjectReader& from, HoldingCard& out);
// `out` holds the set that counts when the file names none.
void read_strip(ObjectReader& from, StripSettings& out);
void read_sound_settings(ObjectReader& from, SoundSettings& out);
void read_encode(ObjectReader& from, EncodeSettings& out);
void read_named_encode(ObjectReader& from, NamedEncode& out);
void read_destination(ObjectReader& from, const KindTable& outputs, Destination& out);
void read_record(ObjectReader& from, RecordSettings& out);
void check_wire(const Show& show, Findings& out);

template <class E, std::size_t N>
void read_choice(ObjectReader& from, const char* key, E& out,
                 const std::array<const char*, N>& words) {
  auto index = static_cast<std::size_t>(out);
  from.choice(key, index, words);
  out = static_cast<E>(index);
}

// What needs the whole show: doubles, references, contradictions.
void check_show(const Show& show, const KindTable& sources, Findings& out);
void check_scenes(const Show& show, Findings& out);
void check_overlays(const Show& show, Findings& out);
void check_sound(const Show& show, Findings& out);
void check_sound_rights(const Show& show, Findings& out);

std::string at(const char* list, std::size_t index);  // scenes[2]
// "" refers to nothing and is always good here.
template <class List>
void check_reference(const std::string& path, const std::string& id, const List& list,
                     const char* list_name, const char* one_en, const char* one_ja, Findings& out) {
  if (id.empty() || find_by_id(list, id) != nullptr) return;
  std::vector<std::string> ids;
  for (const auto& item : list)
    if (!item.id.empty()) ids.push_back(item.id);
  const std::string all = ids.empty() ? "none" : quoted_list(ids);
  out.fault(
      path,
      std::string("no ") + one_en + " is called \"" + id + "\" (" + list_name + ": " + all + ")",
      "「" + id + "」という" + one_ja + "はありません。次から選んでください：" + all + "。");
}

}  // namespace kakehashi
