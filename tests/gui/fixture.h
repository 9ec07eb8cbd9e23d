// SPDX-License-Identifier: GPL-3.0-or-later
// A lecture as a desk sees it, and a desk without a window to draw it on.
#pragma once

#include <imgui.h>

#include <memory>
#include <string>

#include "gui/fonts.h"
#include "gui/keys.h"
#include "gui/panels.h"

namespace kakehashi::testing {

inline Text name(const char* ja, const char* en) { return {ja, en}; }

inline InputStatus input(const char* id, Text n, bool audio, bool microphone) {
  InputStatus i;
  i.id = id;
  i.name = std::move(n);
  i.video = !microphone;
  i.audio = audio;
  i.microphone = microphone;
  i.signal = SignalState::Live;
  return i;
}

inline SceneStatus scene(const char* id, Text n, int key, std::vector<std::string> inputs,
                         bool card = false) {
  return {id, std::move(n), key, card, std::move(inputs)};
}

inline StripStatus strip(const char* id, Text n, bool microphone, double level,
                         bool muted = false) {
  StripStatus s;
  s.id = id;
  s.name = std::move(n);
  s.microphone = microphone;
  s.level_db = level;
  s.peak_db[0] = s.peak_db[1] = level + 5;
  s.muted = muted;
  s.heard = !muted;
  s.sound = settings_of_input(microphone);
  s.buses = {"program", "record_clean", "return.zoom"};
  return s;
}

inline InputFinding finding(const char* id, Severity severity, Text what, Text action) {
  return {id, severity, std::move(what), std::move(action)};
}

inline SoundBusStatus sound_bus(const char* id, SoundBusKind kind, Text n, const char* plays) {
  SoundBusStatus b;
  b.id = id;
  b.kind = kind;
  b.name = std::move(n);
  b.device = plays;
  b.playing = *plays;
  b.peak_db[0] = b.peak_db[1] = -14;
  return b;
}

inline OverlayStatus overlay(const char* id, const char* kind, Text label, bool on = false) {
  OverlayStatus o;
  o.id = id;
  o.kind = kind;
  o.label = std::move(label);
  o.on = on;
  return o;
}

// On air, recording, all well.
inline Snapshot lecture() {
  Snapshot s;
  s.sequence = 7;
  s.title = name("区民講座「家庭でできる地震の備え」",
                 "Residents' course: Getting ready for earthquakes");
  s.inputs = {input("slide_pc", name("スライドPC", "Slide PC"), true, false),
              input("cam_main", name("メインカメラ", "Main camera"), false, false),
              input("cam_wide", name("引きカメラ", "Wide camera"), false, false),
              input("cam_sign", name("手話カメラ", "Sign camera"), false, false),
              input("clip", name("紹介ビデオ", "Opening clip"), true, false),
              input("mic_pa", name("会場PAライン", "Hall PA line"), true, true),
              input("mic_host", name("司会マイク", "Host mic"), true, true),
              input("mic_speaker", name("講師マイク", "Speaker mic"), true, true),
              input("mic_floor", name("会場質問マイク", "Floor mic"), true, true)};
  s.scenes = {scene("wide", name("会場全景", "Whole hall"), 1, {"cam_wide"}),
              scene("host", name("司会", "Host"), 2, {"cam_main"}),
              scene("speaker", name("講師アップ", "Speaker close-up"), 3, {"cam_main"}),
              scene("slide_speaker", name("スライド＋講師", "Slides and speaker"), 4,
                    {"slide_pc", "cam_main"}),
              scene("slide", name("スライド全面", "Slides"), 5, {"slide_pc"}),
              scene("sign", name("スライド＋手話", "Slides and sign"), 6, {"slide_pc", "cam_sign"}),
              scene("clip", name("紹介ビデオ", "Opening clip"), 7, {"clip"}),
              scene("card_before", name("開始前", "Before"), 8, {}, true),
              scene("card_break", name("休憩", "Break"), 9, {}, true),
              scene("card_end", name("終了", "End"), 0, {}, true)};
  s.scenes[1].layout = "full";
  s.scenes[3].layout = "slide_speaker";
  s.program = "slide_speaker";
  s.preview = "host";
  s.overlays = {
      overlay("name_speaker", "name_title", name("氏名 中村 さくら", "Name: Nakamura Sakura")),
      overlay("name_host", "name_title", name("氏名 髙﨑 祐一", "Name: Takasaki Yuichi"), true),
      overlay("title", "corner_title", name("題名 家庭でできる地震の備え", "Title: Getting ready")),
      overlay("timer", "stopwatch", name("経過時間", "Elapsed time")),
      overlay("captions", "caption", name("字幕", "Captions"), true)};
  s.overlays[1].seconds_left = 4.4;
  s.overlays[2].fits = false;
  s.overlays[3].timer = true;
  s.captions = {
      {"captions", {"突っ張り棒だけに頼らず、"}, 4, 12, "L字金具と組み合わせてください。", {}}};
  s.inputs[0].page = 12;
  s.inputs[0].pages = 24;
  s.next_seconds = 0.5;
  s.strips = {strip("mic_pa", name("会場PAライン", "Hall PA line"), true, -18),
              strip("mic_host", name("司会マイク", "Host mic"), true, -52),
              strip("mic_speaker", name("講師マイク", "Speaker mic"), true, -9),
              strip("mic_floor", name("会場質問マイク", "Floor mic"), true, -38, true),
              strip("slide_pc", name("スライドPCの音", "Slide PC sound"), false, -34)};
  s.strips[4].gain_db = -6;
  s.strips[0].sound = settings_of(ProcessingSet::Line);
  s.strips[1].automix_db = -6;
  s.strips[2].rider_db = -2;
  s.strips[2].compressor_db = -4;
  s.sound = {{-9, -11}, -16, -16.4, -16.1, -2.1, LoudnessWord::Good};
  s.sound_buses = {
      sound_bus("program", SoundBusKind::Program, name("本線（配信・録画）", "Program"), ""),
      sound_bus("record_clean", SoundBusKind::RecordClean, name("クリーン録画", "Clean rec."), ""),
      sound_bus("venue", SoundBusKind::Venue, name("会場へ返す音", "To the hall"),
                "USB Audio CODEC（USB 5）"),
      sound_bus("monitor", SoundBusKind::Monitor, name("確認用ヘッドホン", "Headphones"),
                "内蔵オーディオ"),
      sound_bus("return.zoom", SoundBusKind::MixMinus, name("リモートの声への返し", "To remote"),
                "")};
  s.sound_snapshots = {{"a_card", name("ふた（全マイク断）", "Card (mics off)"), {}},
                       {"a_mc", name("司会", "Host"), {"mic_pa", "mic_host"}},
                       {"a_talk", name("講演", "Talk"), {"mic_pa", "mic_host", "mic_speaker"}},
                       {"a_qa", name("質疑", "Questions"), {"mic_pa", "mic_floor"}},
                       {"a_video", name("映像", "Video"), {"slide_pc"}},
                       {"a_ceremony", name("式典", "Ceremony"), {"mic_pa"}},
                       {"a_remote", name("リモート", "Remote"), {"mic_pa", "slide_pc"}}};
  s.sound_snapshot = "a_talk";
  s.live = true;
  s.live_seconds = 4695;
  s.scope = AudienceScope::Unlisted;
  OutputStatus o;
  o.id = "main";
  o.name = name("YouTube", "YouTube");
  o.scope = AudienceScope::Unlisted;
  o.state = OutputState::Live;
  o.kbps = 6160;
  o.queue_ms = 20;
  s.outputs = {o};
  s.record.recording = s.record.proven = true;
  s.record.seconds = 3190;
  s.record.hours_left = 38.4;
  s.screen_running = true;
  s.health.ticks = 140'000;
  s.health.glass_p50_ms = 26;
  s.health.cpu_cores = 0.58;
  s.desks = 1;
  s.takes = 12;
  return s;
}

inline Snapshot lecture_in_practice() {
  Snapshot s = lecture();
  s.practice = true;
  s.scope = AudienceScope::Practice;
  s.outputs[0].name = name("練習用の受け口", "Practice receiver");
  s.outputs[0].scope = AudienceScope::Practice;
  s.live_seconds = 62;
  s.loop_back.seconds = 40;
  s.loop_back.delay_ms = 420;
  s.loop_back.av_offset_ms = 12;
  s.loop_back.av_known = true;
  s.loop_back.verdict = name("映像も音も届いています（420ミリ秒後）。",
                             "Picture and sound arrive well (420 ms later).");
  return s;
}

inline Snapshot lecture_standby() {
  Snapshot s = lecture();
  s.live = s.record.recording = s.screen_running = false;
  s.live_seconds = s.record.seconds = 0;
  s.outputs[0].state = OutputState::Standby;
  return s;
}

inline Snapshot lecture_under_card() {
  Snapshot s = lecture();
  s.emergency = true;
  s.emergency_seconds = 38;
  s.sound = {};
  return s;
}

inline Snapshot lecture_without_camera() {
  Snapshot s = lecture();
  s.inputs[2].signal = SignalState::Lost;
  s.inputs[2].reason = name("HDMIケーブルを確認してください", "Check the HDMI cable");
  s.inputs[3].signal = SignalState::Unbound;
  s.inputs[3].reason =
      name("「準備」で機材を割り当ててください", "Choose a device in the venue file");
  s.messages = {{"input.cam_wide.lost", Severity::Caution,
                 name("引きカメラの映像が来ていません。視聴者には今の画面がそのまま見えています。",
                      "The wide camera sends no picture. Viewers still see the programme."),
                 name("HDMIケーブルを確認してください", "Check the HDMI cable")},
                {"x",
                 Severity::Notice,
                 name("手話カメラの機材が未設定です", "No device for the sign camera"),
                 {}}};
  return s;
}

// A break: the host speaks behind the card, and the floor's microphone is not well.
inline Snapshot lecture_at_break() {
  Snapshot s = lecture();
  s.program = "card_break";
  for (StripStatus& one : s.strips) {
    one.heard = one.id == "mic_host";
    if (one.heard || one.muted) continue;
    one.closed =
        name("ふた画面の間は、マイクを閉じています。", "Microphones are closed under a card.");
    one.buses.clear();
  }
  s.strips[4].closed =
      name("音のセット「司会」では閉じています。", "The sound set “Host” keeps it closed.");
  s.strips[1].level_db = -18;
  s.sound_snapshot = "a_mc";
  s.microphones_live = {"mic_host"};
  s.strips[3].findings = {
      finding("muted_talk", Severity::Caution,
              name("会場質問マイクで話していますが、消音中です。",
                   "Somebody speaks into the muted floor mic."),
              name("聞かせるなら「開く」を押します", "Press Open if it should be heard"))};
  return s;
}

inline DeviceStatus device(const char* id, const char* called, const char* kind,
                           const char* role = "") {
  DeviceStatus d;
  d.id = id;
  d.name = called;
  d.kind = kind;
  d.role = role;
  return d;
}

// An afternoon before the event: one camera is missing, one is new.
inline Snapshot lecture_being_prepared() {
  Snapshot s = lecture_standby();
  for (InputStatus& i : s.inputs) i.kind = i.microphone ? "microphone" : "camera";
  s.inputs[4].kind = "clip";
  s.inputs[4].nature = SourceNature::Film;
  s.inputs[3].signal = SignalState::Unbound;
  s.devices = {device("usb-1", "HD Pro Webcam C920（USB 1）", "camera", "cam_main"),
               device("usb-2", "HD Pro Webcam C920（USB 2）", "camera", "cam_wide"),
               device("usb-3", "HDMI Capture（USB 3）", "camera", "slide_pc"),
               device("usb-4", "Logi Webcam（USB 4）", "camera"),
               device("snd-1", "USB Audio CODEC（USB 5）", "microphone", "mic_pa"),
               device("snd-2", "UMC404HD 192k（USB 6）", "microphone")};
  s.devices[5].peak_db = -14;
  s.devices[5].channels = {
      {-58, ""}, {-61, "mic_speaker"}, {-14, ""}, {-60, ""}, {-70, ""}, {-70, ""}, {-70, ""},
      {-70, ""}};
  s.inputs[7].device = s.devices[5].name;
  s.sound_outputs = {{"out-1", "内蔵オーディオ", 2},
                     {"out-2", "USB Audio CODEC（USB 5）", 2},
                     {"out-3", "UMC404HD 192k（USB 6）", 4}};
  s.watching_devices = true;
  return s;
}

// A desk under test: ImGui with no back end, the mouse and the time in the hand.
class HeldDesk {
 public:
  explicit HeldDesk(Snapshot s, float width = 1920, float height = 1080, float scale_ = 1)
      : snapshot(std::move(s)), scale(scale_) {
    ImGuiIO& io = this->io();
    io.IniFilename = nullptr;
    io.DisplaySize = {width, height};
    ui.link = Link::Connected;
    fonts.build(scale);
    follow(snapshot, ui, now);
    step();
  }
  ~HeldDesk() { ImGui::DestroyContext(context_); }
  HeldDesk(const HeldDesk&) = delete;
  HeldDesk& operator=(const HeldDesk&) = delete;

  // Several desks may be held at once.
  ImGuiIO& io() {
    ImGui::SetCurrentContext(context_);
    return ImGui::GetIO();
  }

  // One frame, `dt` seconds later.
  void step(double dt = 1.0 / 30) {
    now += dt;
    io().DeltaTime = static_cast<float>(dt);
    ImGui::NewFrame();
    Frame f(ImGui::GetBackgroundDrawList(), fonts, ui, scale, now);
    f.wall = "14:48:20";
    const ImVec2 size = ImGui::GetIO().DisplaySize;
    layout = desk_layout(size.x, size.y, scale);
    draw_desk(f, layout, snapshot, out);
    ImGui::Render();
    items = std::move(f.items);
  }
  const Item* find(const std::string& id) const {
    for (const Item& i : items)
      if (i.id == id) return &i;
    return nullptr;
  }
  bool point_at(const std::string& id) {
    const Item* i = find(id);
    if (!i) return false;
    io().MousePos = {i->box.x + i->box.w / 2, i->box.middle()};
    return true;
  }
  void mouse(bool down) { io().MouseDown[0] = down; }
  bool click(const std::string& id) {
    if (!point_at(id)) return false;
    step();
    mouse(true);
    step();
    mouse(false);
    step();
    return true;
  }
  void hold(const std::string& id, double seconds) {
    point_at(id);
    step();
    mouse(true);
    for (double t = 0; t < seconds; t += 0.05) step(0.05);
    mouse(false);
    step();
  }
  void press(Key key, int digit = 0) {
    key_down({key, digit}, now, false, snapshot, ui, out);
    step();
    key_up({key, digit}, ui);
    step();
  }
  template <class T>
  const T* only() const {
    return out.size() == 1 ? std::get_if<T>(&out.front()) : nullptr;
  }

 private:
  ImGuiContext* const context_ = ImGui::CreateContext();  // before what uses it

 public:
  Snapshot snapshot;
  float scale;
  double now = 100;
  Fonts fonts;
  UiState ui;
  Commands out;
  DeskLayout layout;
  std::vector<Item> items;
};

}  // namespace kakehashi::testing
