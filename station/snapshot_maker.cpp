// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/snapshot_maker.h"

#include <algorithm>

#include "core/layout_table.h"
#include "mixer/stand_in.h"
#include "mixer/switcher.h"
#include "station/loop_back.h"

namespace kakehashi {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& id) {
  return std::find(list.begin(), list.end(), id) != list.end();
}

std::vector<std::string> inputs_seen(const Snapshot& s) {
  for (const auto& scene : s.scenes)
    if (scene.id == s.program && !s.emergency) return scene.inputs;
  return {};
}

Text name_of(const Snapshot& s, const std::string& input) {
  const InputStatus* found = find_by_id(s.inputs, input);
  return found ? found->name : Text{input, ""};
}

void add_input_troubles(const Snapshot& s, std::vector<Message>& out) {
  const auto seen = inputs_seen(s);
  for (const auto& input : s.inputs) {
    if (input.signal != SignalState::Lost && input.signal != SignalState::Unbound) continue;
    const bool on_air = input.video && contains(seen, input.id);
    Message m;
    m.id = "input." + input.id + ".lost";
    m.severity = on_air ? Severity::Fault : Severity::Caution;
    const std::string en = input.name.pick(Language::English);
    if (on_air && !input.stand_in.empty()) {
      // Viewers see a picture, so what is left to do is the device.
      const Text backup = name_of(s, input.stand_in);
      m.severity = Severity::Caution;
      m.what.ja = input.name.ja + "の映像が来ていません。" + (s.live ? "視聴者には" : "本線には") +
                  backup.ja + "の映像を出しています。";
      m.what.en = "No picture from " + en + ". " + (s.live ? "Viewers see " : "Program shows ") +
                  backup.pick(Language::English) + " instead.";
      m.action = what_to_do(input.reason);
    } else if (on_air) {
      // The audience first; what to do about the device stands in its tile.
      m.what.ja = input.name.ja + "の映像が来ていません。" +
                  (s.live ? "視聴者には名前の画面が見えています。" : "本線は名前の画面です。");
      m.what.en = "No picture from " + en + ". " +
                  (s.live ? "Viewers see a card with its name." : "Program shows a card.");
      m.action = {"数字キーで別の場面を選び、Spaceで切り替え", "Pick another scene: number, Space"};
    } else {
      m.what.ja = input.name.ja + (input.video ? "の映像が来ていません。" : "の音が来ていません。");
      m.what.en = (input.video ? "No picture from " : "No sound from ") + en + ".";
      m.action = what_to_do(input.reason);
    }
    out.push_back(std::move(m));
  }
}

// What arrives well and still is not well. Whose it is comes first: several inputs may hum.
void add_input_findings(const Snapshot& s, std::vector<Message>& out) {
  for (const auto& input : s.inputs)
    for (const auto& finding : input.findings)
      out.push_back({"input." + input.id + "." + finding.id,
                     finding.severity,
                     {input.name.ja + "：" + finding.what.ja,
                      input.name.pick(Language::English) + ": " + finding.what.en},
                     finding.action});
}

// What the station's ears heard on its way through us.
void add_sound_findings(const Snapshot& s, std::vector<Message>& out) {
  for (const auto& strip : s.strips)
    for (const auto& finding : strip.findings)
      out.push_back({"strip." + strip.id + "." + finding.id,
                     finding.severity,
                     {strip.name.ja + "：" + finding.what.ja,
                      strip.name.pick(Language::English) + ": " + finding.what.en},
                     finding.action});
  for (const auto& finding : s.sound_findings)
    out.push_back({"sound." + finding.id, finding.severity, finding.what, finding.action});
}

void add_record_troubles(const RecordStatus& r, std::vector<Message>& out) {
  constexpr double kSettled = 10;        // seconds: two keyframes, a look at what lies between them
  constexpr double kSoonFull = 1.0 / 6;  // hours
  const bool settled = r.recording && r.seconds > kSettled;
  if (r.recording && !r.reason.ja.empty()) {
    if (r.proven)
      out.push_back({"record",
                     Severity::Caution,
                     {"録画は続いていますが、欠けるおそれがあります。",
                      "Recording goes on, but part of it may be missing."},
                     what_to_do(r.reason)});
    else
      out.push_back({"record",
                     Severity::Fault,
                     {"録画ができていません。", "Recording is not working."},
                     what_to_do(r.reason)});
  } else if (settled && !r.proven) {
    out.push_back({"record",
                   Severity::Fault,
                   {"録画が増えていません。", "The recording does not grow."},
                   {"録画のディスクを確かめてください。", "Check the disk it is recorded on."}});
  }
  if (!r.recording && !r.finalise_reason.ja.empty())
    out.push_back({"record.finalise",
                   Severity::Caution,
                   {"MP4を作れませんでした。録画（MKV）は残っています。",
                    "The MP4 could not be made. The recording (MKV) is there."},
                   what_to_do(r.finalise_reason)});
  if (r.recording && !r.quality_reason.ja.empty())
    out.push_back({"record.quality",
                   Severity::Caution,
                   {"配信と同じ画質で録画しています。", "Recording in the stream's quality."},
                   what_to_do(r.quality_reason)});
  if (r.recording && r.on_second_folder)
    out.push_back({"record.second",
                   Severity::Caution,
                   {"予備のフォルダーに録画しています。", "Recording in the second folder."},
                   {"もとの録画ディスクを確かめてください。", "Check the first disk."}});
  if (r.hours_left <= 0) return;
  if (r.recording && r.hours_left < kSoonFull) {
    const std::string minutes = std::to_string(static_cast<int>(r.hours_left * 60));
    out.push_back({"record.space",
                   Severity::Fault,
                   {"あと約" + minutes + "分で録画ディスクがいっぱいになります。",
                    "The disk is full in about " + minutes + " minutes."},
                   {"不要なファイルを削除してください。", "Delete files that are not needed."}});
  } else if (r.needed_hours > r.hours_left) {
    out.push_back({"record.space",
                   Severity::Caution,
                   {"予定の終わりまで録画できる空きがありません。",
                    "There is no room to record until the planned end."},
                   {"不要なファイルを削除してください。", "Delete files that are not needed."}});
  }
}

void add_output_troubles(const Snapshot& s, std::vector<Message>& out) {
  for (const auto& o : s.outputs) {
    if (o.state != OutputState::Reconnecting && o.state != OutputState::Failed) continue;
    Message m;
    m.id = "output." + o.id;
    m.severity = Severity::Fault;
    const bool trying = o.state == OutputState::Reconnecting;
    m.what.ja = o.name.ja + "に届いていません";
    m.what.en = o.name.pick(Language::English) + " gets no stream";
    if (trying || s.record.recording) {
      m.what.ja += std::string("（") + (trying ? "つなぎ直し中" : "") +
                   (trying && s.record.recording ? "・" : "") +
                   (s.record.recording ? "録画は続いています" : "") + "）";
      m.what.en += std::string(" (") + (trying ? "reconnecting" : "") +
                   (trying && s.record.recording ? ", " : "") +
                   (s.record.recording ? "recording goes on" : "") + ")";
    }
    m.action = what_to_do(o.reason);
    out.push_back(std::move(m));
  }
  add_record_troubles(s.record, out);
  if (s.record.recording && !s.record.clean_reason.ja.empty())
    out.push_back({"record.clean",
                   Severity::Caution,
                   {"クリーン録画ができていません（本線の録画は別です）。",
                    "The clean recording is not working (program's is another file)."},
                   what_to_do(s.record.clean_reason)});
  for (const IsoStatus& i : s.record.iso) {
    if (i.reason.ja.empty()) continue;
    out.push_back({"record.iso." + i.input,
                   Severity::Caution,
                   {i.name.ja + "の個別録画に問題があります（本線の録画は別です）。",
                    "The recording of " + i.name.pick(Language::English) +
                        " by itself has a problem (program's is another file)."},
                   what_to_do(i.reason)});
  }
  if (s.live && !s.record.recording)
    out.push_back({"record.off",
                   Severity::Caution,
                   {"配信中ですが、録画していません。", "On air, but not recording."},
                   {"「録画を開始」を押してください。", "Press \"Record\"."}});
}

OverlayStatus describe_overlay(const Overlay& overlay, const OverlayState& state,
                               const Scene* scene, const Canvas& canvas, MediaTime now) {
  OverlayStatus s;
  s.id = overlay.id;
  s.label = overlay.label;
  s.on = overlay_is_on(overlay, state, now);
  s.kind = overlay.kind;
  if (const auto left = overlay_time_left(overlay, state, now)) s.seconds_left = left->to_seconds();
  s.fits = scene && scene->card.empty() && overlay_place(overlay, *scene, canvas).has_value();
  s.timer = has_timer(overlay);
  s.timer_running = state.timer_running;
  return s;
}

// Who stands in for whom now, by the same rule as the mixer's.
void describe_stand_ins(const Stage& stage, MediaTime now, Snapshot& s) {
  const Show& show = *stage.show;
  std::vector<FramePtr> frames;
  for (const auto& feed : stage.feeds) frames.push_back(feed->video().newest(now));
  for (std::size_t i = 0; i < show.inputs.size(); ++i) {
    const auto shown = show.inputs[i].video ? shown_input(show, frames, i, now) : std::nullopt;
    if (shown && *shown != i) s.inputs[i].stand_in = show.inputs[*shown].id;
  }
}

// A backup that is shown is on air like the input it stands in for: whoever moves that camera is to
// know.
std::vector<std::string> inputs_shown(const Show& show, const Snapshot& s,
                                      const std::string& scene) {
  std::vector<std::string> ids = inputs_of_scene(show, scene);
  for (std::size_t i = ids.size(); i-- > 0;)
    if (const InputStatus* input = find_by_id(s.inputs, ids[i]))
      if (!input->stand_in.empty() && !contains(ids, input->stand_in))
        ids.push_back(input->stand_in);
  return ids;
}

}  // namespace

Snapshot describe_moment(const Moment& moment, const AudioMeters& meters, MediaTime now,
                         MediaTime epoch) {
  const Show& show = *moment.stage->show;
  const LiveState& live = moment.live;
  Snapshot s;
  s.title = show.title;
  s.event_id = show.id;
  s.canvas = show.canvas;
  s.session_seconds = (now - epoch).to_seconds();
  for (std::size_t i = 0; i < show.inputs.size(); ++i) {
    const Input& input = show.inputs[i];
    InputStatus status = moment.stage->feeds[i]->status(now);
    status.id = input.id;
    status.name = input.name;
    status.kind = input.source ? input.source->kind : "";
    status.video = input.video;
    status.audio = input.audio;
    status.microphone = input.microphone;
    s.inputs.push_back(std::move(status));
  }
  describe_stand_ins(*moment.stage, now, s);
  for (const auto& scene : show.scenes)
    s.scenes.push_back({scene.id, scene.name, scene.key, !scene.card.empty(),
                        inputs_shown(show, s, scene.id), scene.layout});
  s.program = live.program;
  s.preview = live.preview;
  s.next_kind = live.next_kind;
  s.next_seconds = next_transition_length(show, live).to_seconds();
  if (const double p = transition_progress(live, now); live.transition && p < 1) {
    s.transition_progress = p;
    s.transition_held = live.transition->held;
  }
  s.venue_scene = live.venue_scene;
  s.aux_scene = live.aux_scene;
  s.genlock.wanted = live.genlock;
  const Scene* scene = find_by_id(show.scenes, live.program);
  for (std::size_t i = 0; i < show.overlays.size() && i < live.overlays.size(); ++i)
    s.overlays.push_back(
        describe_overlay(show.overlays[i], live.overlays[i], scene, show.canvas, now));
  describe_sound(moment, meters, now, s);
  s.emergency = live.emergency;
  s.emergency_seconds = live.emergency ? (now - live.emergency_since).to_seconds() : 0;
  s.takes = live.takes;
  return s;
}

std::vector<std::string> captions_for_viewers(const Snapshot& s) {
  std::vector<std::string> lines;
  for (const CaptionStatus& caption : s.captions) {
    const OverlayStatus* overlay = find_by_id(s.overlays, caption.id);
    if (!overlay || !overlay->on || !overlay->fits || s.emergency) continue;
    lines.insert(lines.end(), caption.shown.begin(), caption.shown.end());
  }
  return lines;
}

std::vector<Message> messages_for(const Snapshot& s, std::span<const PaintFault> faults) {
  std::vector<Message> out;
  add_output_troubles(s, out);
  add_input_troubles(s, out);
  add_input_findings(s, out);
  add_sound_findings(s, out);
  for (Message& m : loop_back_messages(s.loop_back)) out.push_back(std::move(m));
  for (const PaintFault& fault : faults)
    out.push_back({fault.id + ".paint", Severity::Caution, fault.what, fault.action});
  std::stable_sort(out.begin(), out.end(),
                   [](const Message& a, const Message& b) { return a.severity > b.severity; });
  return out;
}

}  // namespace kakehashi
