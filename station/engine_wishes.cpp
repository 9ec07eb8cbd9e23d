// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine does with each Command: the show's own go through the switcher, the others to
// whoever owns the thing.
#include "core/log.h"
#include "core/relayout.h"
#include "core/thread.h"
#include "mixer/sound/routing.h"
#include "mixer/switcher.h"
#include "station/engine.h"

namespace kakehashi {
namespace {

Status show_page(const Stage& stage, const ShowPage& wish) {
  for (std::size_t i = 0; i < stage.feeds.size(); ++i) {
    if (stage.show->inputs[i].id != wish.input) continue;
    stage.feeds[i]->show_page(wish.page);
    return {};
  }
  return Error{ErrorKind::FixInput,
               "page: no input is called \"" + wish.input + "\"",
               {"めくる資料が、この行事にありません。→ 行事のファイルを確かめてください。",
                "This event has no such slides. -> Check the event's file."}};
}

}  // namespace

Status Engine::command(const Command& command) {
  Status result;
  if (const auto* wish = std::get_if<LoadEvent>(&command)) {
    result = load_event(*wish);
  } else if (const auto* layout = std::get_if<SetLayout>(&command)) {
    result = set_layout(*layout);
  } else if (const auto* role = std::get_if<BindRole>(&command)) {
    result = bind_role(*role);
  } else if (const auto* sound = std::get_if<BindSoundOutput>(&command)) {
    result = bind_sound_output(*sound);
  } else if (std::holds_alternative<UndoBinding>(command)) {
    result = undo_binding();
  } else if (const auto* screen = std::get_if<ShowScreen>(&command)) {
    screens_->show(*screen);  // may take a second: no other wish waits for it
  } else {
    const std::lock_guard lock(control_mutex_);
    result = apply_locked(command);
  }
  refresh_snapshot();
  if (DoorServer* door = door_open_) door->snapshot_changed();
  return result;
}

Status Engine::apply_locked(const Command& command) {
  const auto moment = moment_.load();
  const Show& show = *moment->stage->show;
  if (std::holds_alternative<GoLive>(command)) {
    const bool begins = !outputs_->live();
    if (begins) practice_.begin(show);  // before anybody connects to it
    if (auto ok = outputs_->go_live(); !ok) return ok;
    if (begins && audio_) audio_->begin_programme();
    audience_first();
    return show.record.with_stream ? record(*moment, true) : Status{};
  }
  if (std::holds_alternative<StopLive>(command)) {
    outputs_->stop_live();
    return {};
  }
  if (const auto* wish = std::get_if<SetDestination>(&command)) {
    const Status done = outputs_->switch_destination(wish->destination, wish->on);
    look_at_buses();
    return done;
  }
  if (std::holds_alternative<StartRecord>(command)) {
    audience_first();
    return record(*moment, true);
  }
  if (const auto* wish = std::get_if<WatchDevices>(&command)) return watch_devices(*wish);
  if (const auto* wish = std::get_if<TestEquipment>(&command)) return test_equipment(*wish);
  if (std::holds_alternative<StopRecord>(command)) return record(*moment, false);
  if (const auto* wish = std::get_if<ShowPage>(&command)) return show_page(*moment->stage, *wish);
  if (const auto* wish = std::get_if<ShowCaption>(&command)) return show_caption(*moment, *wish);
  if (const auto* wish = std::get_if<AddCaption>(&command))
    return captions_.add(wish->overlay, wish->text);
  if (const auto* wish = std::get_if<Mark>(&command)) return record_->mark(*wish);
  if (std::holds_alternative<Quit>(command)) {
    if (outputs_->live())
      return Error{ErrorKind::FixInput,
                   "quit: on air. Stop the stream first (stop_live)",
                   {"配信中は終了できません。→ 先に配信を停止してください。",
                    "On air: it cannot be ended. -> Stop the stream first."}};
    quit_ = true;
    return {};
  }
  auto next = apply(show, moment->live, command, clock_.now());
  if (!next) return std::move(next.error());
  if (const auto* wish = std::get_if<SetStrip>(&command))
    if (const Input* input = find_by_id(show.inputs, wish->strip))
      keep_sound(*input, find_by_id(next->strips, wish->strip)->sound);
  publish(moment->stage, std::move(*next));
  return {};
}

// A line that is asked for is to be seen: its overlay comes on with it.
Status Engine::show_caption(const Moment& moment, const ShowCaption& wish) {
  if (auto ok = captions_.show_line(wish.overlay, wish.line); !ok) return ok;
  for (const auto& state : moment.live.overlays)
    if (state.id == wish.overlay && !state.on && wish.line > 0) {
      auto next =
          apply(*moment.stage->show, moment.live, SetOverlay{wish.overlay, true}, clock_.now());
      if (!next) return std::move(next.error());
      publish(moment.stage, std::move(*next));
    }
  return {};
}

void Engine::note_card_microphones(const Show& show, const LiveState& live) {
  auto open = microphones_under_card(show, live, clock_.now());
  if (open == card_microphones_) return;
  std::string ids;
  for (const std::string& id : open) ids += (ids.empty() ? " " : ", ") + id;
  log_info("sound", open.empty() ? "no microphone is live under a card any more"
                                 : "microphones live under a card:" + ids);
  card_microphones_ = std::move(open);
}

Status Engine::record(const Moment& moment, bool on) {
  Status done;
  if (on)
    done = record_->start(*moment.stage->show);
  else
    record_->stop();
  publish(moment.stage, moment.live);  // the mix loop learns where clean pictures go
  return done;
}

Status Engine::load_event(const LoadEvent& wish) {
  if (!options_.read_show)
    return Error{ErrorKind::Unsupported,
                 "load: this station opens no files",
                 {"この本体は別の行事を開けません。→ 行事のファイルを指定して開き直してください。",
                  "This station opens no other event. -> Start it again with the event's file."}};
  auto show = options_.read_show(wish.path);
  if (!show) {
    Error error = std::move(show.error());
    if (error.words.ja.empty())
      error.words = {
          "行事のファイルを開けませんでした。→ 場所と中身を確かめてください。",
          "The event's file could not be opened. -> Check where it is and what is in it."};
    return error;
  }
  if (auto ok = may_change(patch(*moment_.load()->stage->show, *show)); !ok) return ok;
  load_later(std::move(*show), wish.path);
  return {};
}

Status Engine::set_layout(const SetLayout& wish) {
  auto show = with_layout(*moment_.load()->stage->show, wish.scene, wish.layout);
  if (!show) return std::move(show.error());
  load_later(std::move(*show));
  return {};
}

void Engine::load_later(Show show, std::string path) {
  later([this, next = std::move(show), path = std::move(path)] {
    if (auto ok = load(next); !ok) return ok;
    if (!path.empty()) read_sound_outputs(path);
    const std::lock_guard lock(notes_mutex_);
    if (!path.empty()) {
      if (audio_ && !outputs_->live()) audio_->begin_programme();
      event_path_ = path;
      notes_.clear();
      sound_notes_.clear();
      history_.forget();
    }
    return Status{};
  });
}

void Engine::later(std::function<Status()> work) {
  const std::lock_guard lock(loading_mutex_);
  if (loading_.joinable()) loading_.join();
  loading_ = std::thread([work = std::move(work)] {
    begin_thread("prep", Urgency::Looking);
    if (const auto ok = work(); !ok) log_error("prep", ok.error().message);
  });
}

}  // namespace kakehashi
