// SPDX-License-Identifier: GPL-3.0-or-later
// Sound: references, and what would stay closed although it is named. What may not be heard at all:
// event_check_rights.cpp.
#include <algorithm>

#include "core/sound_rule.h"
#include "presets/event_parts.h"

namespace kakehashi {

namespace {

void check_strips(const Show& show, const std::string& path, const std::vector<std::string>& ids,
                  Findings& out) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::string place = path + "[" + std::to_string(i) + "]";
    check_reference(place, ids[i], show.inputs, "inputs", "input", "入力", out);
    const Input* input = find_by_id(show.inputs, ids[i]);
    if (input && !input->audio)
      out.fault(place, "\"" + ids[i] + "\" has no sound (\"audio\": false)",
                "「" + ids[i] + "」には音声がありません。別の入力を選んでください。");
    if (std::find(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(i), ids[i]) !=
        ids.begin() + static_cast<std::ptrdiff_t>(i))
      out.notice(place, "\"" + ids[i] + "\" is named twice",
                 "「" + ids[i] + "」が二度書かれています。");
  }
}

void check_snapshot(const Show& show, const SoundSnapshot& snapshot, const std::string& path,
                    Findings& out) {
  check_strips(show, path + ".open", snapshot.open, out);
  for (std::size_t i = 0; i < snapshot.open.size(); ++i) {
    const Input* input = find_by_id(show.inputs, snapshot.open[i]);
    if (!input || !input->audio) continue;
    if (snapshot.mics_off && is_live_voice(*input, input->sound))
      out.notice(path + ".open[" + std::to_string(i) + "]",
                 "stays closed: this snapshot has \"mics_off\"",
                 "mics_off のセットなので、このマイクは開きません。");
  }
  if (snapshot.venue) check_strips(show, path + ".venue", *snapshot.venue, out);
}

// Under a card a scene's own snapshot opens no microphone: only a cue does.
void check_scene(const Show& show, const Scene& scene, const std::string& path, Findings& out) {
  check_reference(path, scene.sound, show.sound.snapshots, "snapshots", "sound snapshot",
                  "音のセット", out);
  const SoundSnapshot* snapshot = find_by_id(show.sound.snapshots, scene.sound);
  if (scene.card.empty() || !snapshot || snapshot->mics_off) return;
  for (const std::string& id : snapshot->open)
    if (const Input* input = find_by_id(show.inputs, id);
        input && is_live_voice(*input, input->sound)) {
      out.notice(
          path,
          "names microphones, which stay closed under the card: recall it by a cue to open "
          "them",
          "ふたの間、このセットのマイクは開きません。開くときは進行表（script）の sound で呼び"
          "出してください。");
      return;
    }
}

}  // namespace

void check_sound(const Show& show, Findings& out) {
  check_strips(show, "sound.venue", show.sound.venue, out);
  for (std::size_t i = 0; i < show.sound.snapshots.size(); ++i)
    check_snapshot(show, show.sound.snapshots[i], at("sound.snapshots", i), out);
  for (std::size_t i = 0; i < show.scenes.size(); ++i)
    check_scene(show, show.scenes[i], at("scenes", i) + ".sound", out);
  for (std::size_t i = 0; i < show.script.size(); ++i)
    check_reference(at("script", i) + ".sound", show.script[i].sound, show.sound.snapshots,
                    "snapshots", "sound snapshot", "音のセット", out);
}

}  // namespace kakehashi
