// SPDX-License-Identifier: GPL-3.0-or-later
// Encodes, destinations, recording -> JSON. What differs from the usual is written; a few keys that
// everybody looks for always.
#include "presets/event_parts.h"
#include "presets/event_writing.h"

namespace kakehashi {

Json json_of(const EncodeSettings& e) {
  const EncodeSettings usual;
  Json out = Json::object();
  if (e.codec != usual.codec) out["codec"] = kVideoCodecWords[static_cast<std::size_t>(e.codec)];
  if (e.width > 0) {
    out["width"] = e.width;
    out["height"] = e.height;
  }
  out["video_kbps"] = e.video_kbps;
  if (e.quality != usual.quality) out["quality"] = e.quality;
  if (e.maker != usual.maker) out["maker"] = kEncoderMakerWords[static_cast<std::size_t>(e.maker)];
  out["preset"] = e.preset;
  out["keyframe_seconds"] = e.keyframe_seconds;
  if (e.keyframe_on_take) out["keyframe_on_take"] = true;
  out["vbv_ms"] = e.vbv_ms;
  if (e.filler) out["filler"] = true;
  if (!e.captions) out["captions"] = false;
  out["audio_kbps"] = e.audio_kbps;
  return out;
}

Json json_of(const NamedEncode& e) {
  Json out{{"id", e.id}, {"name", json_of(e.name)}};
  out.update(json_of(e.settings));
  return out;
}

Json json_of(const Destination& d) {
  Json out{{"id", d.id}, {"name", json_of(d.name)}, {"kind", d.kind}};
  add_settings(out, d.settings);
  if (!d.key_name.empty()) out["key_name"] = d.key_name;
  out["scope"] = kScopeWords[static_cast<std::size_t>(d.scope)];
  out["enabled"] = d.enabled;
  if (!d.encode.empty()) out["encode"] = d.encode;
  if (!d.backup_of.empty()) out["backup_of"] = d.backup_of;
  if (d.lead) out["lead"] = true;
  return out;
}

Json json_of(const RecordSettings& r) {
  const RecordSettings usual;
  Json out{{"with_stream", r.with_stream}, {"folder", r.folder}};
  if (r.clean) out["clean"] = true;
  if (!r.second_folder.empty()) out["second_folder"] = r.second_folder;
  if (r.format != usual.format)
    out["format"] = kRecordFormatWords[static_cast<std::size_t>(r.format)];
  if (!r.finalise) out["finalise"] = false;
  if (!r.encode.empty()) out["encode"] = r.encode;
  if (!r.iso.empty()) out["iso"] = r.iso;
  return out;
}

}  // namespace kakehashi
