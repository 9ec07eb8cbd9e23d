// SPDX-License-Identifier: GPL-3.0-or-later
// Sound -> JSON.
#include "presets/event_parts.h"
#include "presets/event_writing.h"

namespace kakehashi {

namespace {

template <class T>
void add(Json& out, const char* key, const T& value, const T& usual) {
  if (value != usual) out[key] = value;
}
template <class E, std::size_t N>
void add_word(Json& out, const char* key, E value, E usual,
              const std::array<const char*, N>& words) {
  if (value != usual) out[key] = words[static_cast<std::size_t>(value)];
}
void add_part(Json& out, const char* key, Json part) {
  if (!part.empty()) out[key] = std::move(part);
}

Json json_of(const EqBand& b, const EqBand& usual) {
  Json out = Json::object();
  add_word(out, "shape", b.shape, usual.shape, kEqShapeWords);
  add(out, "hz", b.hz, usual.hz);
  add(out, "gain_db", b.gain_db, usual.gain_db);
  add(out, "q", b.q, usual.q);
  return out;
}

Json json_of(const CompressorSettings& c, const CompressorSettings& usual) {
  Json out = Json::object();
  add(out, "ratio", c.ratio, usual.ratio);
  add(out, "threshold_db", c.threshold_db, usual.threshold_db);
  add(out, "attack_ms", c.attack_ms, usual.attack_ms);
  add(out, "release_ms", c.release_ms, usual.release_ms);
  add(out, "makeup_most_db", c.makeup_most_db, usual.makeup_most_db);
  return out;
}

Json json_of(const LoudnessTarget& t, const LoudnessTarget& usual) {
  Json out = Json::object();
  add(out, "lufs", t.lufs, usual.lufs);
  add(out, "tolerance_lu", t.tolerance_lu, usual.tolerance_lu);
  return out;
}

Json json_of(const SoundSnapshot& s) {
  Json out{{"id", s.id}, {"name", json_of(s.name)}, {"open", s.open}};
  if (s.mics_off) out["mics_off"] = true;
  if (s.music) out["music"] = true;
  if (s.venue) out["venue"] = *s.venue;
  return out;
}

}  // namespace

Json json_of(const StripSettings& s, ProcessingSet usual_set) {
  const StripSettings usual = settings_of(s.set);
  Json out = Json::object();
  add_word(out, "set", s.set, usual_set, kProcessingSetWords);
  add(out, "trim_db", s.trim_db, usual.trim_db);
  add(out, "invert", s.invert, usual.invert);
  add(out, "mono", s.mono, usual.mono);
  add(out, "high_pass_hz", s.high_pass_hz, usual.high_pass_hz);
  add(out, "noise_db", s.noise_db, usual.noise_db);
  Json gate = Json::object();
  add(gate, "threshold_db", s.gate.threshold_db, usual.gate.threshold_db);
  add(gate, "range_db", s.gate.range_db, usual.gate.range_db);
  add_part(out, "gate", std::move(gate));
  Json eq = Json::object();
  for (std::size_t i = 0; i < s.eq.size(); ++i)
    add_part(eq, kEqBandWords[i], json_of(s.eq[i], usual.eq[i]));
  add_part(out, "eq", std::move(eq));
  add_part(out, "compressor", json_of(s.compressor, usual.compressor));
  add(out, "delay_ms", s.delay_ms, usual.delay_ms);
  add(out, "pan", s.pan, usual.pan);
  add_word(out, "rights", s.rights, usual.rights, kRightsWords);
  add(out, "follow_picture", s.follow_picture, usual.follow_picture);
  add(out, "automix", s.automix, usual.automix);
  add(out, "priority_db", s.priority_db, usual.priority_db);
  add(out, "rider_db", s.rider_db, usual.rider_db);
  add(out, "group", s.group, usual.group);
  add(out, "duck_db", s.duck_db, usual.duck_db);
  return out;
}

Json json_of(const SoundSettings& s) {
  const SoundSettings usual;
  Json out = Json::object();
  add_part(out, "speech", json_of(s.speech, usual.speech));
  add_part(out, "music", json_of(s.music, usual.music));
  add(out, "most_dbtp", s.most_dbtp, usual.most_dbtp);
  add(out, "venue", s.venue, usual.venue);
  for (const SoundSnapshot& snapshot : s.snapshots) out["snapshots"].push_back(json_of(snapshot));
  return out;
}

}  // namespace kakehashi
