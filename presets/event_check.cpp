// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>

#include "presets/event_parts.h"

namespace kakehashi {

namespace {

std::string at(const char* list, std::size_t index) {
  return std::string(list) + "[" + std::to_string(index) + "]";
}

template <class List>
std::string ids_of(const List& list) {
  std::vector<std::string> ids;
  for (const auto& item : list)
    if (!item.id.empty()) ids.push_back(item.id);
  return ids.empty() ? "none" : quoted_list(ids);
}

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

// "" refers to nothing and is always good here.
template <class List>
void check_reference(const std::string& path, const std::string& id, const List& list,
                     const char* list_name, const char* one_en, const char* one_ja, Findings& out) {
  if (id.empty() || find_by_id(list, id) != nullptr) return;
  const std::string known = std::string(" (") + list_name + ": " + ids_of(list) + ")";
  out.fault(path, std::string("no ") + one_en + " is called \"" + id + "\"" + known,
            "「" + id + "」という" + one_ja + "はありません。次から選んでください：" +
                ids_of(list) + "。");
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

void check_layer(const Show& show, const Layer& layer, const std::string& path, Findings& out) {
  check_reference(path + ".input", layer.input, show.inputs, "inputs", "input", "入力", out);
  const Input* input = find_by_id(show.inputs, layer.input);
  if (input != nullptr && !input->video)
    out.fault(path + ".input", "\"" + layer.input + "\" has no picture (\"video\": false)",
              "「" + layer.input + "」には映像がありません。別の入力を選んでください。");
  const Rect& r = layer.rect;
  if (r.x >= show.canvas.width || r.y >= show.canvas.height || r.x + r.w <= 0 || r.y + r.h <= 0)
    out.notice(path + ".rect", "lies outside the canvas: nobody will see this layer",
               "画面の外にあるので、この映像は見えません。");
}

void check_scenes(const Show& show, Findings& out) {
  const bool told = std::any_of(out.faults.begin(), out.faults.end(),
                                [](const Fault& f) { return f.path == "scenes"; });
  if (show.scenes.empty() && !told)
    out.fault("scenes", "an event needs at least one scene", "場面を一つ以上書いてください。");
  std::map<int, std::size_t> keys;
  for (std::size_t i = 0; i < show.scenes.size(); ++i) {
    const Scene& scene = show.scenes[i];
    const std::string path = at("scenes", i);
    if (scene.key != 0)
      if (const auto [it, fresh] = keys.emplace(scene.key, i); !fresh)
        out.fault(path + ".key",
                  "key " + std::to_string(scene.key) + " already selects " +
                      at("scenes", it->second) + "; give each scene its own",
                  "キー" + std::to_string(scene.key) + "は" + at("scenes", it->second) +
                      "で使われています。別の数字にしてください。");
    check_reference(path + ".card", scene.card, show.cards, "cards", "card", "ふた画面", out);
    if (!scene.card.empty() && !scene.layers.empty())
      out.fault(path, "has a card and layers: a card stands alone, remove one of them",
                "ふた画面（card）と映像（layers）は一緒に使えません。どちらかを消してください。");
    if (scene.card.empty() && scene.layers.empty())
      out.fault(path, "shows nothing: give it layers or a card",
                "何も映りません。layers か card を書いてください。");
    for (std::size_t j = 0; j < scene.layers.size(); ++j)
      check_layer(show, scene.layers[j], path + "." + at("layers", j), out);
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

void check_show(const Show& show, const KindTable& sources, Findings& out) {
  check_unique_ids(show.inputs, "inputs", out);
  check_unique_ids(show.scenes, "scenes", out);
  check_unique_ids(show.overlays, "overlays", out);
  check_unique_ids(show.cards, "cards", out);
  check_unique_ids(show.destinations, "destinations", out);
  check_inputs(show, sources, out);
  check_scenes(show, out);
  check_reference("emergency_card", show.emergency_card, show.cards, "cards", "card", "ふた画面",
                  out);
  check_reference("first_scene", show.first_scene, show.scenes, "scenes", "scene", "場面", out);
  check_script(show, out);
}

}  // namespace kakehashi
