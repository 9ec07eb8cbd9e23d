// SPDX-License-Identifier: GPL-3.0-or-later
// Show -> JSON. What equals its default is left out where a file with it would be harder to read.
#include <charconv>

#include "presets/event_parts.h"
#include "presets/json_text.h"

namespace kakehashi {

namespace {

using Json = nlohmann::ordered_json;

// Whole numbers without a fraction: 250, not 250.0.
Json in_units(Duration d, std::int64_t unit_ns) {
  if (d.ns % unit_ns == 0) return d.ns / unit_ns;
  return static_cast<double>(d.ns) / static_cast<double>(unit_ns);
}

Json json_of(const Text& t) {
  if (t.en.empty()) return t.ja;
  return {{"ja", t.ja}, {"en", t.en}};
}

Json json_of(const Rect& r) { return Json::array({r.x, r.y, r.w, r.h}); }

Json json_of(const Rate& r) {
  if (r.denominator == 1) return r.numerator;
  return std::to_string(r.numerator) + "/" + std::to_string(r.denominator);
}

void add_settings(Json& out, const Settings& settings) {
  for (const auto& [name, value] : settings)
    std::visit([&, key = name](const auto& v) { out[key] = v; }, value);
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
  return out;
}

Json json_of(const Layer& l) {
  Json out{{"input", l.input}, {"rect", json_of(l.rect)}};
  if (l.fit != FitMode::Fit) out["fit"] = kFitWords[static_cast<std::size_t>(l.fit)];
  if (l.crop != Crop{})
    out["crop"] = Json::array({l.crop.left, l.crop.top, l.crop.right, l.crop.bottom});
  if (l.opacity != 1.0) out["opacity"] = l.opacity;
  if (l.z != 0) out["z"] = l.z;
  return out;
}

Json json_of(const Scene& s) {
  Json out{{"id", s.id}, {"name", json_of(s.name)}};
  if (s.key != 0) out["key"] = s.key;
  if (!s.card.empty()) out["card"] = s.card;
  if (!s.layers.empty()) {
    out["layers"] = Json::array();
    for (const auto& l : s.layers) out["layers"].push_back(json_of(l));
  }
  return out;
}

Json json_of(const Overlay& o) {
  Json out{{"id", o.id}, {"kind", o.kind}, {"label", json_of(o.label)}};
  if (!o.people.empty()) {
    const Person& person = o.people.front();
    out["name"] = person.name;
    if (!person.kana.empty()) out["kana"] = person.kana;
    if (!person.affiliation.empty()) out["affiliation"] = person.affiliation;
  }
  if (o.rect.w > 0) out["rect"] = json_of(o.rect);
  out["fade_ms"] = in_units(o.fade, 1'000'000);
  return out;
}

Json json_of(const HoldingCard& c) {
  char colour[8];
  std::snprintf(colour, sizeof colour, "#%06X", static_cast<unsigned>(c.background & 0xFFFFFF));
  Json out{{"id", c.id}, {"title", c.title}};
  if (!c.body.empty()) out["body"] = c.body;
  if (!c.contact.empty()) out["contact"] = c.contact;
  out["background"] = colour;
  return out;
}

Json json_of(const Destination& d) {
  Json out{{"id", d.id}, {"name", json_of(d.name)}, {"kind", d.kind}};
  add_settings(out, d.settings);
  if (!d.key_name.empty()) out["key_name"] = d.key_name;
  out["scope"] = kScopeWords[static_cast<std::size_t>(d.scope)];
  out["enabled"] = d.enabled;
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

// Where its object is gone (a scene was deleted), the unknown key goes with it.
void put_back(Json& root, const UnknownKey& unknown) {
  const auto tokens = pointer_tokens(unknown.path);
  JsonReading value = parse_json(unknown.json);
  if (tokens.empty() || !value.faults.empty()) return;
  Json* at = &root;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const std::string& token = tokens[i];
    if (at->is_object() && at->contains(token)) {
      at = &(*at)[token];
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

}  // namespace

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
  out["overlays"] = json_of_list(show.overlays);
  out["cards"] = json_of_list(show.cards);
  if (!show.emergency_card.empty()) out["emergency_card"] = show.emergency_card;
  out["encode"] = {{"video_kbps", show.encode.video_kbps},
                   {"preset", show.encode.preset},
                   {"keyframe_seconds", show.encode.keyframe_seconds},
                   {"vbv_ms", show.encode.vbv_ms},
                   {"audio_kbps", show.encode.audio_kbps}};
  out["destinations"] = json_of_list(show.destinations);
  out["record"] = {{"with_stream", show.record.with_stream}, {"folder", show.record.folder}};
  out["script"] = json_of_list(show.script);
  for (const auto& unknown : show.unknown) put_back(out, unknown);
  return pretty_json(out);
}

}  // namespace kakehashi
