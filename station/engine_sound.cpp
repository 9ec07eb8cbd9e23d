// SPDX-License-Identifier: GPL-3.0-or-later
// The engine's wishes about loudspeakers, headphones and return lines.
#include "core/log.h"
#include "presets/venue_file.h"
#include "station/engine.h"

namespace kakehashi {
namespace {

Error testing() {
  return {ErrorKind::FixInput,
          "bind_sound: an equipment test is running; end it first",
          {"機材テスト中です。→ 終わるまで待つか、「点検」で中止してください。",
           "An equipment test is running. -> Wait for its end, or cancel it at Check."}};
}

}  // namespace

void Engine::open_sound_outputs() {
  sound_desk_ = std::make_unique<SoundDesk>(options_.sound_devices ? options_.sound_devices(epoch_)
                                                                   : SoundDesk::Roads{});
  read_sound_outputs(options_.event_path);
  if (options_.keep_sounds)
    sound_keeper_ = std::make_unique<SoundKeeper>(
        [this](const std::string& event, const SoundKeeper::Sounds& sounds) {
          write_sounds(event, sounds);
        });
}

void Engine::read_sound_outputs(const std::string& event) {
  if (options_.sound_outputs) sound_desk_->set_bindings(options_.sound_outputs(event));
}

Status Engine::bind_sound_output(const BindSoundOutput& wish) {
  if (equipment_->running()) return testing();
  auto plan = sound_desk_->plan(*moment_.load()->stage->show, wish);
  if (!plan) return std::move(plan.error());
  std::optional<SoundOutputBinding> binding;
  if (const auto it = plan->find(wish.bus); it != plan->end()) binding = it->second;
  sound_desk_->set_bindings(std::move(*plan));
  if (!options_.keep_sound_output) return {};
  later([this, bus = wish.bus, binding, event = event_path()] {
    auto kept = options_.keep_sound_output(event, bus, binding);
    const std::string id = "sound_output." + bus + ".unsaved";
    const std::lock_guard lock(notes_mutex_);
    std::erase_if(sound_notes_, [&](const Message& m) { return m.id == id; });
    if (!kept)
      sound_notes_.push_back({id,
                              Severity::Caution,
                              {"音の出力先を会場ファイルに保存できませんでした。",
                               "The sound output could not be kept in the venue file."},
                              {"会場ファイルの場所に書き込めるか確かめ、もう一度選んでください。",
                               "Check that the venue file can be written, then choose it again."}});
    return kept;
  });
  return {};
}

void Engine::keep_sound(const Input& input, const StripSettings& sound) {
  if (sound_keeper_) sound_keeper_->keep(event_path(), input.id, sound_for_venue(input, sound));
}

void Engine::write_sounds(const std::string& event, const SoundKeeper::Sounds& sounds) {
  const Status kept = options_.keep_sounds(event, sounds);
  if (!kept && sounds.size() > 1) {  // one that cannot be written takes no other with it
    for (const auto& one : sounds) write_sounds(event, {one});
    return;
  }
  if (!kept) log_error("keeper", kept.error().message);
  const auto show = moment_.load()->stage->show;
  for (const auto& [role, sound] : sounds) {
    const Input* input = find_by_id(show->inputs, role);
    const Text name = input ? input->name : Text{role, role};
    const std::string id = "sound." + role + ".unsaved";
    const std::lock_guard lock(notes_mutex_);
    std::erase_if(sound_notes_, [&](const Message& m) { return m.id == id; });
    if (!kept && event == event_path_)
      sound_notes_.push_back(
          {id,
           Severity::Caution,
           {"「" + name.ja + "」の音の種類を会場ファイルに保存できませんでした。",
            "The kind of sound of \"" + name.pick(Language::English) +
                "\" could not be kept in the venue file."},
           {"会場ファイルの場所に書き込めるか確かめ、もう一度選んでください。",
            "Check that the venue file can be written, then choose it again."}});
  }
}

void Engine::report_sound_outputs(Snapshot& snapshot) const {
  sound_desk_->report(snapshot);
  const std::lock_guard lock(notes_mutex_);
  snapshot.messages.insert(snapshot.messages.end(), sound_notes_.begin(), sound_notes_.end());
}

}  // namespace kakehashi
