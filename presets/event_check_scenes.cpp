// SPDX-License-Identifier: GPL-3.0-or-later
// Scenes and what stands over them: references, contradictions, and what 手話あり needs.
#include <algorithm>
#include <map>

#include "core/layout_table.h"
#include "presets/event_parts.h"

namespace kakehashi {

namespace {

void check_picture(const Show& show, const std::string& path, const std::string& id,
                   Findings& out) {
  check_reference(path, id, show.inputs, "inputs", "input", "入力", out);
  const Input* input = find_by_id(show.inputs, id);
  if (input != nullptr && !input->video)
    out.fault(path, "\"" + id + "\" has no picture (\"video\": false)",
              "「" + id + "」には映像がありません。別の入力を選んでください。");
}

void check_layer(const Show& show, const Layer& layer, const std::string& path, Findings& out) {
  check_picture(show, path + ".input", layer.input, out);
  const Rect& r = layer.rect;
  if (r.x >= show.canvas.width || r.y >= show.canvas.height || r.x + r.w <= 0 || r.y + r.h <= 0)
    out.notice(path + ".rect", "lies outside the canvas: nobody will see this layer",
               "画面の外にあるので、この映像は見えません。");
}

// A card, layers or a layout: one of them.
void check_contents(const Scene& scene, const std::string& path, Findings& out) {
  const bool card = !scene.card.empty(), layers = !scene.layers.empty();
  const bool layout = !scene.layout.empty();
  if (card && (layers || layout))
    out.fault(path, "has a card and pictures: a card stands alone, remove one of them",
              "ふた画面（card）と映像は一緒に使えません。どちらかを消してください。");
  else if (layers && layout)
    out.fault(path, "has a layout and layers: a layout makes the layers, remove one of them",
              "並べ方（layout）と映像の一覧（layers）は一緒に使えません。どちらかを消して"
              "ください。");
  else if (!card && !layers && !layout)
    out.fault(path, "shows nothing: give it a layout, layers or a card",
              "何も映りません。layout か layers か card を書いてください。");
  if (!scene.fallback.empty() && !layout)
    out.fault(path + ".fallback", "stands in for slots: it needs a layout",
              "代わりの入力は、並べ方（layout）のある場面だけで使えます。");
}

void check_slots(const Show& show, const Scene& scene, const std::string& path, Findings& out) {
  const LayoutRow* layout = find_layout(scene.layout);
  if (!layout || layout->slots.empty() || layout->id.starts_with("card")) return;  // told already
  for (const SlotFill& fill : scene.slots)
    check_picture(show, path + ".slots." + fill.slot, fill.input, out);
  const bool told = std::any_of(out.faults.begin(), out.faults.end(), [&](const Fault& f) {
    return f.path.starts_with(path + ".slots");
  });
  if (told) return;
  if (scene.slots.empty())
    out.fault(path + ".slots", "shows nothing: say which input stands in which slot",
              "何も映りません。どの枠にどの入力を映すかを slots に書いてください。");
  else if (scene.slots.size() < layout->slots.size())
    for (const auto& box : layout->slots)
      if (std::none_of(scene.slots.begin(), scene.slots.end(),
                       [&](const SlotFill& f) { return f.slot == box.name; }))
        out.notice(path + ".slots", "nothing stands in the slot \"" + box.name + "\"",
                   "枠「" + box.name + "」には何も映りません。");
}

// A chain of else that comes back to itself has no end when nobody of it is bound.
bool in_circle(const Show& show, const Scene& scene) {
  const Scene* at = &scene;
  for (std::size_t steps = 0; steps < show.scenes.size() && !at->when.empty(); ++steps) {
    at = find_by_id(show.scenes, at->otherwise);
    if (at == nullptr) return false;
    if (at == &scene) return true;
  }
  return false;
}

void check_otherwise(const Show& show, const Scene& scene, const std::string& path, Findings& out) {
  check_reference(path + ".when", scene.when, show.inputs, "inputs", "input", "入力", out);
  check_reference(path + ".else", scene.otherwise, show.scenes, "scenes", "scene", "場面", out);
  if (scene.when.empty() != scene.otherwise.empty())
    out.fault(path + (scene.when.empty() ? ".when" : ".else"),
              "\"when\" and \"else\" belong together: write both or none",
              "when と else は組で書きます。両方書くか、両方消してください。");
  else if (in_circle(show, scene))
    out.fault(path + ".else", "leads back to this scene: the last of a chain has no \"when\"",
              "else をたどるとこの場面に戻ります。最後の場面からは when を消してください。");
  check_reference(path + ".aux", scene.aux, show.scenes, "scenes", "scene", "場面", out);
}

void check_sign_language(const Show& show, Findings& out) {
  if (!show.sign_language) return;
  const Input* input = find_by_id(show.inputs, kInterpreter);
  if (input == nullptr || !input->video) {
    out.fault("sign_language",
              std::string("needs an input called \"") + kInterpreter + "\" with a picture",
              std::string("手話通訳のカメラが要ります。inputs に「") + kInterpreter +
                  "」を書き足してください。");
    return;
  }
  const auto ids = without_interpreter(show);
  for (std::size_t i = 0; i < show.scenes.size(); ++i)
    if (std::find(ids.begin(), ids.end(), show.scenes[i].id) != ids.end())
      out.notice(at("scenes", i),
                 "is made of layers, so the interpreter is not added: use a layout, or add a layer",
                 "layers で作った場面なので、手話通訳が入りません。layout を使うか、layers に"
                 "書き足してください。");
}

bool overlap(const Rect& a, const Rect& b) {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

}  // namespace

// One step only: a backup's own backup is not asked, so there is no circle.
void check_backups(const Show& show, Findings& out) {
  for (std::size_t i = 0; i < show.inputs.size(); ++i) {
    const Input& input = show.inputs[i];
    if (input.backup.empty()) continue;
    const std::string path = at("inputs", i) + ".backup";
    check_picture(show, path, input.backup, out);
    if (input.backup == input.id)
      out.fault(path, "an input cannot stand in for itself; name another one or remove it",
                "自分自身を代わりにはできません。別の入力を書くか、消してください。");
  }
}

void check_scenes(const Show& show, Findings& out) {
  check_backups(show, out);
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
    check_contents(scene, path, out);
    check_slots(show, scene, path, out);
    for (std::size_t j = 0; j < scene.layers.size(); ++j)
      check_layer(show, scene.layers[j], path + "." + at("layers", j), out);
    if (!scene.fallback.empty()) check_picture(show, path + ".fallback", scene.fallback, out);
    check_otherwise(show, scene, path, out);
  }
  check_sign_language(show, out);
}

// A title laid out by hand that would cover the interpreter of a hand-made scene: layouts move it
// away, there nothing does.
void check_overlays(const Show& show, Findings& out) {
  for (std::size_t i = 0; i < show.overlays.size(); ++i)
    for (const Scene& scene : show.scenes) {
      const auto rect = overlay_place(show.overlays[i], scene, show.canvas);
      if (!rect || !scene.layout.empty() || !scene.card.empty()) continue;
      for (const Layer& layer : scene.layers) {
        const bool inset = layer.rect.w < show.canvas.width || layer.rect.h < show.canvas.height;
        if (layer.input == kInterpreter && inset && overlap(*rect, layer.rect))
          out.notice(at("overlays", i), "covers the interpreter in the scene \"" + scene.id + "\"",
                     "場面「" + scene.name.ja + "」で手話通訳に重なります。位置を変えてください。");
      }
    }
}

}  // namespace kakehashi
