// SPDX-License-Identifier: GPL-3.0-or-later
// Show -> JSON. What equals its default is left out where a file with it would be harder to read.
#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "presets/event_parts.h"
#include "presets/event_writing.h"
#include "presets/json_text.h"

namespace kakehashi {

namespace {

Json json_of(const Rate& r) {
  if (r.denominator == 1) return r.numerator;
  return std::to_string(r.numerator) + "/" + std::to_string(r.denominator);
}

Json json_of(const Input& in) {
  Json out{{"id", in.id}, {"name", json_of(in.name)}};
  if (!in.video) out["video"] = false;
  if (in.audio) out["audio"] = true;
  if (in.microphone) out["microphone"] = true;
  if (in.delay != Duration{}) out["delay_ms"] = in_units(in.delay, 1'000'000);
  if (in.source) {
    out["source"] = Json{{"kind", in.source->kind}};
    add_settings(out["source"], in.source->settings);
  }
  add_masks(out, in.masks);
  if (in.audio)
    if (Json sound = json_of(in.sound, settings_of_input(in.microphone).set); !sound.empty())
      out["sound"] = std::move(sound);
  if (!in.partner.empty()) out["partner"] = in.partner;
  if (!in.backup.empty()) out["backup"] = in.backup;
  return out;
}

Json json_of(const ScriptedTake& t) {
  Json out{{"at_s", in_units(t.at, 1'000'000'000)}};
  if (!t.scene.empty()) {
    out["scene"] = t.scene;
    out["transition"] = kTransitionWords[static_cast<std::size_t>(t.transition)];
  }
  if (!t.overlay.empty()) {
    out["overlay"] = t.overlay;
    out["on"] = t.overlay_on;
  }
  if (!t.sound.empty()) out["sound"] = t.sound;
  return out;
}

Json json_of(const BusSettings& b) {
  Json out = Json::object();
  if (!b.scene.empty()) out["scene"] = b.scene;
  out["overlays"] = b.overlays;
  return out;
}

template <class List>
Json json_of_list(const List& list) {
  Json out = Json::array();
  for (const auto& item : list) out.push_back(json_of(item));
  return out;
}

std::vector<std::string> pointer_tokens(const std::string& pointer) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < pointer.size(); ++i) {
    if (pointer[i] == '/')
      out.emplace_back();
    else if (out.empty())
      return {};
    else if (pointer[i] == '~' && i + 1 < pointer.size())
      out.back() += pointer[++i] == '1' ? '/' : '~';
    else
      out.back() += pointer[i];
  }
  return out;
}

// Objects the writer leaves out while they hold nothing but usual values.
bool left_out_when_usual(const std::string& key) {
  constexpr std::array<std::string_view, 16> kKeys = {
      "correction", "chroma_key", "border", "shadow",  "venue_bus", "aux_bus", "sound",  "gate",
      "compressor", "eq",         "low",    "low_mid", "high_mid",  "high",    "speech", "music"};
  return std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end();
}

}  // namespace

void put_back(Json& root, const UnknownKey& unknown) {
  const auto tokens = pointer_tokens(unknown.path);
  JsonReading value = parse_json(unknown.json);
  if (tokens.empty() || !value.faults.empty()) return;
  Json* at = &root;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const std::string& token = tokens[i];
    if (at->is_object() && (at->contains(token) || left_out_when_usual(token))) {
      at = &(*at)[token];
      if (at->is_null())  // back as it reads when left out: only a written key is on by itself
        *at = token == "chroma_key" ? Json{{"on", false}} : Json::object();
    } else if (std::size_t n = 0; at->is_array()) {
      const char* end = token.data() + token.size();
      const auto read = std::from_chars(token.data(), end, n);
      if (read.ec != std::errc() || read.ptr != end || n >= at->size()) return;
      at = &(*at)[n];
    } else {
      return;
    }
  }
  if (at->is_string()) *at = Json{{"ja", at->get<std::string>()}};  // a Text in its long form
  if (at->is_object() && !at->contains(tokens.back())) (*at)[tokens.back()] = Json(value.tree);
}

std::string write_event(const Show& show) {
  Json out;
  out[kEventKey] = show.version;
  out["id"] = show.id;
  out["title"] = json_of(show.title);
  out["canvas"] = {{"width", show.canvas.width},
                   {"height", show.canvas.height},
                   {"fps", json_of(show.canvas.rate)}};
  if (!show.venue.empty()) out["venue"] = show.venue;
  out["inputs"] = json_of_list(show.inputs);
  out["scenes"] = json_of_list(show.scenes);
  if (!show.first_scene.empty()) out["first_scene"] = show.first_scene;
  out["mix_ms"] = in_units(show.mix_duration, 1'000'000);
  if (const Show usual; show.dip_colour != usual.dip_colour)
    out["dip_colour"] = colour_word(show.dip_colour);
  if (show.sign_language) out["sign_language"] = true;
  if (show.venue_bus != BusSettings{}) out["venue_bus"] = json_of(show.venue_bus);
  if (show.aux_bus != BusSettings{}) out["aux_bus"] = json_of(show.aux_bus);
  if (show.genlock) out["genlock"] = true;
  if (show.sound != SoundSettings{}) out["sound"] = json_of(show.sound);
  out["overlays"] = json_of_list(show.overlays);
  out["cards"] = json_of_list(show.cards);
  if (!show.emergency_card.empty()) out["emergency_card"] = show.emergency_card;
  out["encode"] = json_of(show.encode);
  if (!show.encodes.empty()) out["encodes"] = json_of_list(show.encodes);
  out["destinations"] = json_of_list(show.destinations);
  out["record"] = json_of(show.record);
  out["script"] = json_of_list(show.script);
  for (const auto& unknown : show.unknown) put_back(out, unknown);
  return pretty_json(out);
}

}  // namespace kakehashi
