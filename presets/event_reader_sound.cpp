// SPDX-License-Identifier: GPL-3.0-or-later
// JSON -> sound: a strip's settings, snapshots, targets, what the hall may hear.
#include "presets/event_parts.h"

namespace kakehashi {

namespace {

void read_eq(ObjectReader& from, std::array<EqBand, 4>& out) {
  from.object("eq", [&](ObjectReader& bands) {
    for (std::size_t i = 0; i < out.size(); ++i)
      bands.object(kEqBandWords[i], [&, &b = out[i]](ObjectReader& r) {
        read_choice(r, "shape", b.shape, kEqShapeWords);
        r.number("hz", b.hz, 20, 20'000);
        r.number("gain_db", b.gain_db, -18, 18);
        r.number("q", b.q, 0.1, 10);
      });
  });
}

void read_compressor(ObjectReader& from, CompressorSettings& out) {
  from.number("ratio", out.ratio, 1, 10);
  from.number("threshold_db", out.threshold_db, -60, 0);
  from.number("attack_ms", out.attack_ms, 0.1, 500);
  from.number("release_ms", out.release_ms, 5, 5000);
  from.number("makeup_most_db", out.makeup_most_db, 0, 24);
}

void read_snapshot(ObjectReader& from, SoundSnapshot& out) {
  read_id_and_name(from, out.id, out.name);
  from.references("open", kMostInputs, out.open);
  from.boolean("mics_off", out.mics_off);
  from.boolean("music", out.music);
  if (from.has("venue")) from.references("venue", kMostInputs, out.venue.emplace());
}

void read_target(ObjectReader& from, LoudnessTarget& out) {
  from.number("lufs", out.lufs, -40, -5);
  from.number("tolerance_lu", out.tolerance_lu, 0.5, 10);
}

}  // namespace

void read_strip(ObjectReader& from, StripSettings& out) {
  ProcessingSet set = out.set;
  read_choice(from, "set", set, kProcessingSetWords);
  out = settings_of(set);
  from.number("trim_db", out.trim_db, -30, 30);
  from.boolean("invert", out.invert);
  from.boolean("mono", out.mono);
  from.number("high_pass_hz", out.high_pass_hz, 0, 400);
  if (out.high_pass_hz > 0 && out.high_pass_hz < 20) {
    from.fault("high_pass_hz", "must be 0 (none) or 20 to 400",
               "0（なし）か、20〜400にしてください。");
    out.high_pass_hz = settings_of(out.set).high_pass_hz;
  }
  from.number("noise_db", out.noise_db, 0, 30);
  from.object("gate", [&](ObjectReader& r) {
    r.number("threshold_db", out.gate.threshold_db, -90, 0);
    r.number("range_db", out.gate.range_db, 0, 30);
  });
  read_eq(from, out.eq);
  from.object("compressor", [&](ObjectReader& r) { read_compressor(r, out.compressor); });
  from.number("delay_ms", out.delay_ms, 0, 1000);
  from.number("pan", out.pan, -1, 1);
  read_choice(from, "rights", out.rights, kRightsWords);
  from.boolean("follow_picture", out.follow_picture);
  from.boolean("automix", out.automix);
  from.number("priority_db", out.priority_db, -12, 12);
  from.number("rider_db", out.rider_db, 0, 12);
  from.reference("group", out.group);
  if (!out.group.empty() && !is_identifier(out.group)) {
    from.fault("group", "must be a short name of A-Z a-z 0-9 _ - .",
               "半角英数字の短い名前にしてください。");
    out.group.clear();
  }
  from.number("duck_db", out.duck_db, 0, 30);
}

void read_sound_settings(ObjectReader& from, SoundSettings& out) {
  from.object("speech", [&](ObjectReader& r) { read_target(r, out.speech); });
  from.object("music", [&](ObjectReader& r) { read_target(r, out.music); });
  from.number("most_dbtp", out.most_dbtp, -12, 0);
  from.references("venue", kMostInputs, out.venue);
  from.list("snapshots", 100,
            [&](ObjectReader& r) { read_snapshot(r, out.snapshots.emplace_back()); });
}

}  // namespace kakehashi
