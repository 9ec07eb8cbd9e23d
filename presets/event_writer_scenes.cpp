// SPDX-License-Identifier: GPL-3.0-or-later
// Scenes, overlays and cards -> JSON.
#include <cstdio>

#include "core/overlay_kind.h"
#include "presets/event_parts.h"
#include "presets/event_writing.h"

namespace kakehashi {

namespace {

template <class E, std::size_t N>
const char* word_of(E value, const std::array<const char*, N>& words) {
  return words[static_cast<std::size_t>(value)];
}

// One key when the value is not the usual one.
template <class T>
void add(Json& out, const char* key, const T& value, const T& usual) {
  if (value != usual) out[key] = value;
}
void add_text(Json& out, const char* key, const std::string& value) { add(out, key, value, {}); }
void add_colour(Json& out, std::uint32_t value, std::uint32_t usual) {
  if (value != usual) out["colour"] = colour_word(value);
}

Json json_of(const Mask& m) {
  Json out{{"shape", word_of(m.shape, kShapeWords)},
           {"cover", word_of(m.cover, kCoverWords)},
           {"rect", Json::array({m.x, m.y, m.w, m.h})}};
  add_colour(out, m.colour, Mask{}.colour);
  return out;
}

Json json_of(const ColourCorrection& c) {
  const ColourCorrection usual;
  Json out = Json::object();
  add(out, "brightness", c.brightness, usual.brightness);
  add(out, "contrast", c.contrast, usual.contrast);
  add(out, "saturation", c.saturation, usual.saturation);
  add(out, "gamma", c.gamma, usual.gamma);
  add(out, "red_gain", c.red_gain, usual.red_gain);
  add(out, "blue_gain", c.blue_gain, usual.blue_gain);
  return out;
}

Json json_of(const ChromaKey& k) {
  Json out{{"on", k.on}, {"colour", colour_word(k.colour)}};
  out["similarity"] = k.similarity;
  out["smoothness"] = k.smoothness;
  out["spill"] = k.spill;
  return out;
}

void add_look(Json& out, const LayerLook& look) {
  const LayerLook usual;
  add(out, "flip_horizontal", look.flip_horizontal, false);
  add(out, "flip_vertical", look.flip_vertical, false);
  if (look.turn != usual.turn) out["turn"] = word_of(look.turn, kTurnWords);
  if (look.correction != usual.correction) out["correction"] = json_of(look.correction);
  if (look.key != usual.key) out["chroma_key"] = json_of(look.key);
  add_masks(out, look.masks);
  add(out, "corner_radius", look.corner_radius, 0);
  if (look.border != usual.border)
    out["border"] = {{"width", look.border.width}, {"colour", colour_word(look.border.colour)}};
  if (look.shadow != usual.shadow)
    out["shadow"] = {{"x", look.shadow.x},
                     {"y", look.shadow.y},
                     {"blur", look.shadow.blur},
                     {"opacity", look.shadow.opacity}};
}

Json json_of(const Layer& l) {
  Json out{{"input", l.input}, {"rect", json_of(l.rect)}};
  if (l.fit != FitMode::Fit) out["fit"] = word_of(l.fit, kFitWords);
  if (l.crop != Crop{})
    out["crop"] = Json::array({l.crop.left, l.crop.top, l.crop.right, l.crop.bottom});
  add(out, "opacity", l.opacity, 1.0);
  add(out, "z", l.z, 0);
  add_look(out, l.look);
  return out;
}

void add_person(Json& out, const Person& person) {
  out["name"] = person.name;
  add_text(out, "kana", person.kana);
  add_text(out, "affiliation", person.affiliation);
}

}  // namespace

Json in_units(Duration d, std::int64_t unit_ns) {
  if (d.ns % unit_ns == 0) return d.ns / unit_ns;
  return static_cast<double>(d.ns) / static_cast<double>(unit_ns);
}

Json json_of(const Text& t) {
  if (t.en.empty()) return t.ja;
  return {{"ja", t.ja}, {"en", t.en}};
}

Json json_of(const Rect& r) { return Json::array({r.x, r.y, r.w, r.h}); }

std::string colour_word(std::uint32_t rgb) {
  char word[8];
  std::snprintf(word, sizeof word, "#%06X", static_cast<unsigned>(rgb & 0xFFFFFF));
  return word;
}

void add_settings(Json& out, const Settings& settings) {
  for (const auto& [name, value] : settings)
    std::visit([&, key = name](const auto& v) { out[key] = v; }, value);
}

void add_masks(Json& out, const std::vector<Mask>& masks) {
  for (const Mask& mask : masks) out["masks"].push_back(json_of(mask));
}

Json json_of(const Scene& s) {
  Json out{{"id", s.id}, {"name", json_of(s.name)}};
  add(out, "key", s.key, 0);
  add_text(out, "card", s.card);
  if (!s.layout.empty()) {
    out["layout"] = s.layout;
    out["slots"] = Json::object();
    for (const SlotFill& fill : s.slots) out["slots"][fill.slot] = fill.input;
  } else {
    for (const Layer& layer : s.layers) out["layers"].push_back(json_of(layer));
  }
  add_text(out, "fallback", s.fallback);
  add_text(out, "when", s.when);
  add_text(out, "else", s.otherwise);
  add_text(out, "aux", s.aux);
  add_text(out, "sound", s.sound);
  return out;
}

Json json_of(const Overlay& o) {
  Json out{{"id", o.id}, {"kind", o.kind}, {"label", json_of(o.label)}};
  const OverlayKindRow* kind = find_overlay_kind(o.kind);
  if (kind && kind->most_people == 1 && !o.people.empty()) {
    add_person(out, o.people.front());
  } else {
    for (const Person& person : o.people) {
      Json one = Json::object();
      add_person(one, person);
      out["people"].push_back(std::move(one));
    }
  }
  add_settings(out, o.settings);
  if (o.rect.w > 0) out["rect"] = json_of(o.rect);
  out["fade_ms"] = in_units(o.fade, 1'000'000);
  if (o.hold) out["hold_s"] = in_units(*o.hold, 1'000'000'000);
  return out;
}

Json json_of(const HoldingCard& c) {
  Json out{{"id", c.id}};
  if (c.kind != CardKind::Other) out["kind"] = word_of(c.kind, kCardWords);
  out["title"] = c.title;
  add_text(out, "body", c.body);
  add_text(out, "contact", c.contact);
  add_text(out, "phone", c.phone);
  add_text(out, "url", c.url);
  add(out, "qr", c.qr, false);
  add_text(out, "countdown_to", c.countdown_to);
  add_text(out, "logo", c.logo);
  out["background"] = colour_word(c.background);
  return out;
}

}  // namespace kakehashi
