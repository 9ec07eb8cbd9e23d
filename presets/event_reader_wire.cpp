// SPDX-License-Identifier: GPL-3.0-or-later
// JSON -> encodes, destinations, recording.
#include "presets/event_parts.h"
#include "presets/kind_settings.h"

namespace kakehashi {
namespace {

constexpr std::array kPresets{"auto", "ultrafast", "superfast", "veryfast", "faster",
                              "fast", "medium",    "slow",      "slower",   "veryslow"};

}  // namespace

void read_encode(ObjectReader& from, EncodeSettings& out) {
  read_choice(from, "codec", out.codec, kVideoCodecWords);
  for (const auto& [key, side] : {std::pair{"width", &out.width}, {"height", &out.height}}) {
    if (!from.has(key)) continue;
    from.integer(key, *side, 16, 4096);
    if (*side % 2 != 0)
      from.fault(key, "must be even: colour is stored for pairs of pixels", "偶数にしてください。");
  }
  if ((out.width == 0) != (out.height == 0))
    from.fault(out.width == 0 ? "width" : "height", "give both width and height, or none",
               "width と height は両方書くか、両方とも消してください。");
  from.integer("video_kbps", out.video_kbps, 100, 50'000);
  from.integer("quality", out.quality, 0, 51);
  read_choice(from, "maker", out.maker, kEncoderMakerWords);
  std::size_t preset = 0;
  from.choice("preset", preset, kPresets);
  out.preset = kPresets[preset];
  from.integer("keyframe_seconds", out.keyframe_seconds, 1, 10);
  from.boolean("keyframe_on_take", out.keyframe_on_take);
  from.integer("vbv_ms", out.vbv_ms, 50, 5'000);
  from.boolean("filler", out.filler);
  from.boolean("captions", out.captions);
  from.integer("audio_kbps", out.audio_kbps, 32, 320);
}

void read_named_encode(ObjectReader& from, NamedEncode& out) {
  read_id_and_name(from, out.id, out.name);
  read_encode(from, out.settings);
}

void read_destination(ObjectReader& from, const KindTable& outputs, Destination& out) {
  read_id_and_name(from, out.id, out.name);
  read_choice(from, "scope", out.scope, kScopeWords);
  from.reference("key_name", out.key_name);
  if (!out.key_name.empty() && !is_identifier(out.key_name))
    from.fault("key_name", "must be the short name of an entry of the secrets file",
               "鍵のファイルでの短い名前（半角英数字）を書いてください。");
  from.boolean("enabled", out.enabled);
  from.reference("encode", out.encode);
  from.reference("backup_of", out.backup_of);
  from.boolean("lead", out.lead);
  read_kind(from, outputs, out.kind, out.settings);
}

void read_record(ObjectReader& from, RecordSettings& out) {
  from.boolean("with_stream", out.with_stream);
  from.boolean("clean", out.clean);
  from.string("folder", out.folder, Need::Optional, 4000);
  from.string("second_folder", out.second_folder, Need::Optional, 4000);
  read_choice(from, "format", out.format, kRecordFormatWords);
  from.boolean("finalise", out.finalise);
  from.reference("encode", out.encode);
  from.references("iso", kMostInputs, out.iso);
}

}  // namespace kakehashi
