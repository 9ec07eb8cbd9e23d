// SPDX-License-Identifier: GPL-3.0-or-later
// JSON -> Show, part by part. The shapes are described in FORMAT.md.
#include "presets/event_parts.h"
#include "presets/kind_settings.h"

namespace kakehashi {

namespace {

void read_canvas(ObjectReader& from, Canvas& out) {
  for (const auto& [key, side] : {std::pair{"width", &out.width}, {"height", &out.height}}) {
    const std::size_t before = from.findings().faults.size();
    from.integer(key, *side, 16, 4096);
    if (from.findings().faults.size() == before && *side % 2 != 0)
      from.fault(key, "must be even: colour is stored for pairs of pixels", "偶数にしてください。");
  }
  from.rate("fps", out.rate);
}

void read_input(ObjectReader& from, const KindTable& sources, Input& out) {
  read_id_and_name(from, out.id, out.name);
  from.boolean("video", out.video);
  from.boolean("audio", out.audio);
  from.boolean("microphone", out.microphone);
  from.milliseconds("delay_ms", out.delay, 0, 10'000);
  from.object("source", [&](ObjectReader& source) { out.source = read_source(source, sources); });
  read_masks(from, out.masks);
  if (out.audio) out.sound = settings_of_input(out.microphone);
  from.object("sound", [&](ObjectReader& sound) { read_strip(sound, out.sound); });
  if (from.has("sound") && !out.audio)
    from.fault("sound", "this input has no sound: set \"audio\": true or remove it",
               "この入力に音声はありません。audio を true にするか、sound を消してください。");
  from.identifier("partner", out.partner, Need::Optional);
  from.reference("backup", out.backup);
}

void read_bus(ObjectReader& from, BusSettings& out) {
  from.reference("scene", out.scene);
  from.boolean("overlays", out.overlays);
}

void read_scripted_take(ObjectReader& from, ScriptedTake& out) {
  from.seconds("at_s", out.at, 0, 86'400, Need::Required);
  from.reference("scene", out.scene);
  from.reference("overlay", out.overlay);
  read_choice(from, "transition", out.transition, kTransitionWords);
  from.boolean("on", out.overlay_on);
  from.reference("sound", out.sound);
  if (from.has("transition") && out.scene.empty())
    from.fault("transition", "needs a scene to go to", "切替先の scene も書いてください。");
  if (from.has("on") && out.overlay.empty())
    from.fault("on", "needs an overlay to switch", "対象の overlay も書いてください。");
  if (out.scene.empty() && out.overlay.empty() && out.sound.empty())
    from.fault("scene", "this entry does nothing: name a scene, an overlay or a sound snapshot",
               "何も起こりません。scene、overlay、sound のどれかを書いてください。");
}

}  // namespace

// A name may be left out: then the id stands for it.
void read_id_and_name(ObjectReader& from, std::string& id, Text& name) {
  from.identifier("id", id, Need::Required);
  from.text("name", name, Need::Optional);
  if (name.ja.empty()) name.ja = id;
}

bool read_version(ObjectReader& root, const char* key, const char* what_en, const char* what_ja) {
  const nlohmann::json* v = root.take(key);
  const std::string ours = std::to_string(kShowVersion);
  if (v == nullptr) {
    root.fault(key,
               std::string("is missing: this is not a Kakehashi ") + what_en +
                   " file (it starts with \"" + key + "\": " + ours + ")",
               std::string("これは架け橋の") + what_ja +
                   "ファイルではありません。別のファイルを選んで"
                   "ください。");
    return false;
  }
  if (v->is_number_integer() && *v > kShowVersion) {
    root.fault(key,
               "this file is from a newer Kakehashi (version " + v->dump() +
                   "); this one reads up to " + ours + ": update Kakehashi",
               "新しい版の架け橋で作られたファイルです（版" + v->dump() +
                   "）。この架け橋が読めるのは版" + ours + "までです。架け橋を更新してください。");
    return false;
  }
  if (!v->is_number_integer() || *v < 1) {
    root.fault(key, "must be the number " + ours, "数字の" + ours + "にしてください。");
    return false;
  }
  return true;
}

void read_show(ObjectReader& root, const KindTable& sources, const KindTable& outputs, Show& show) {
  root.identifier("id", show.id, Need::Required);
  root.text("title", show.title, Need::Required);
  root.object("canvas", [&](ObjectReader& r) { read_canvas(r, show.canvas); });
  root.list("inputs", kMostInputs,
            [&](ObjectReader& r) { read_input(r, sources, show.inputs.emplace_back()); });
  root.list("scenes", 200,
            [&](ObjectReader& r) { read_scene(r, show.canvas, show.scenes.emplace_back()); });
  root.list("overlays", 200,
            [&](ObjectReader& r) { read_overlay(r, show.overlays.emplace_back()); });
  root.list("cards", 50, [&](ObjectReader& r) { read_card(r, show.cards.emplace_back()); });
  root.reference("emergency_card", show.emergency_card);
  root.reference("first_scene", show.first_scene);
  root.milliseconds("mix_ms", show.mix_duration, 0, 10'000);
  root.colour("dip_colour", show.dip_colour);
  root.boolean("sign_language", show.sign_language);
  root.object("venue_bus", [&](ObjectReader& r) { read_bus(r, show.venue_bus); });
  root.object("aux_bus", [&](ObjectReader& r) { read_bus(r, show.aux_bus); });
  root.boolean("genlock", show.genlock);
  root.object("sound", [&](ObjectReader& r) { read_sound_settings(r, show.sound); });
  root.object("encode", [&](ObjectReader& r) { read_encode(r, show.encode); });
  root.list("encodes", 4,
            [&](ObjectReader& r) { read_named_encode(r, show.encodes.emplace_back()); });
  root.list("destinations", 16, [&](ObjectReader& r) {
    read_destination(r, outputs, show.destinations.emplace_back());
  });
  root.object("record", [&](ObjectReader& r) { read_record(r, show.record); });
  root.string("venue", show.venue, Need::Optional, 4000);
  root.list("script", 1000,
            [&](ObjectReader& r) { read_scripted_take(r, show.script.emplace_back()); });
}

}  // namespace kakehashi
