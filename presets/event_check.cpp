// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>

#include "presets/event_parts.h"

namespace kakehashi {

namespace {

template <class List>
void check_unique_ids(const List& list, const char* name, Findings& out) {
  std::map<std::string, std::size_t> first;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].id.empty()) continue;
    const auto [it, fresh] = first.emplace(list[i].id, i);
    if (!fresh)
      out.fault(at(name, i) + ".id",
                "\"" + list[i].id + "\" is already the id of " + at(name, it->second) +
                    "; ids are unique in their list",
                "「" + list[i].id + "」は" + at(name, it->second) +
                    "でも使われています。別の名前にしてください。");
  }
}

void check_inputs(const Show& show, const KindTable& sources, Findings& out) {
  for (std::size_t i = 0; i < show.inputs.size(); ++i) {
    const Input& input = show.inputs[i];
    const std::string path = at("inputs", i);
    if (!input.video && !input.audio)
      out.fault(path, "gives neither picture nor sound: set \"video\" or \"audio\" to true",
                "映像も音声もありません。video か audio を true にしてください。");
    if (input.microphone && !input.audio)
      out.fault(path + ".microphone", "a microphone has sound: set \"audio\": true",
                "マイクには音声が必要です。audio を true にしてください。");
    if (!input.source) continue;
    const KindDescription* kind = find_kind(sources, input.source->kind);
    if (kind == nullptr) continue;
    if (input.video && !kind->has_video)
      out.fault(path + ".source.kind",
                "\"" + kind->name + "\" has no picture: set \"video\": false",
                "「" + kind->name + "」には映像がありません。video を false にしてください。");
    if (input.audio && !kind->has_audio)
      out.fault(path + ".source.kind", "\"" + kind->name + "\" has no sound: set \"audio\": false",
                "「" + kind->name + "」には音声がありません。audio を false にしてください。");
  }
}

void check_script(const Show& show, Findings& out) {
  for (std::size_t i = 0; i < show.script.size(); ++i) {
    const ScriptedTake& take = show.script[i];
    const std::string path = at("script", i);
    check_reference(path + ".scene", take.scene, show.scenes, "scenes", "scene", "場面", out);
    check_reference(path + ".overlay", take.overlay, show.overlays, "overlays", "overlay",
                    "重ね表示", out);
    if (i > 0 && take.at < show.script[i - 1].at)
      out.fault(path + ".at_s",
                "is earlier than " + at("script", i - 1) + "; keep the order of time",
                "一つ前の行より早い時刻です。時刻の順に並べてください。");
  }
}

}  // namespace

std::string at(const char* list, std::size_t index) {
  return std::string(list) + "[" + std::to_string(index) + "]";
}

void check_show(const Show& show, const KindTable& sources, Findings& out) {
  check_unique_ids(show.inputs, "inputs", out);
  check_unique_ids(show.scenes, "scenes", out);
  check_unique_ids(show.overlays, "overlays", out);
  check_unique_ids(show.cards, "cards", out);
  check_unique_ids(show.encodes, "encodes", out);
  check_unique_ids(show.destinations, "destinations", out);
  check_inputs(show, sources, out);
  check_scenes(show, out);
  check_overlays(show, out);
  check_sound_rights(show, out);
  check_reference("emergency_card", show.emergency_card, show.cards, "cards", "card", "ふた画面",
                  out);
  check_reference("first_scene", show.first_scene, show.scenes, "scenes", "scene", "場面", out);
  for (const auto& [key, bus] :
       {std::pair{"venue_bus.scene", &show.venue_bus}, {"aux_bus.scene", &show.aux_bus}})
    check_reference(key, bus->scene, show.scenes, "scenes", "scene", "場面", out);
  check_unique_ids(show.sound.snapshots, "sound.snapshots", out);
  check_sound(show, out);
  check_wire(show, out);
  check_script(show, out);
}

}  // namespace kakehashi
