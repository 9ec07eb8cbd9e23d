// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/camera_verdict.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>

#include "station/equip/camera_tables.h"

namespace kakehashi {
namespace {

constexpr double kGoodRate = 0.01;  // of the negotiated rate; a crystal is a hundred times better
constexpr double kPoorRate = 0.05;  // more than this is seen by everybody
constexpr double kLowAge = 50, kHighAge = 120;  // ms; lips are seen to be late from about 120 on

constexpr const char* kBlamedPc = "blamed_pc";

struct Finding {
  Verdict verdict = Verdict::Pass;
  Text cause, action;
  bool pc = false;  // this computer's, not the device's
};

bool worse(Verdict a, Verdict b) {
  const auto rank = [](Verdict v) {
    return v == Verdict::Fail ? 2 : v == Verdict::Caution ? 1 : 0;
  };
  return rank(a) > rank(b);
}

std::string number(double value, const char* format = "%.1f") {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

Finding no_hdmi() {
  return {Verdict::Fail,
          {"映像ケーブルの信号が来ていません。", "No signal comes in at its picture cable."},
          {"HDMIケーブルと、つないだ機材の電源を確かめてください。",
           "Check the HDMI cable and the power of what is plugged in."}};
}

Finding busy_pc(Verdict verdict) {
  return {verdict,
          {"このパソコンが忙しく、映像を取りこぼしました。",
           "This computer was busy and missed pictures."},
          {"ほかのソフトを終わらせて、もう一度試してください。",
           "Close other programs and test again."},
          true};
}

// A device's own words, "cause → action".
Finding in_its_words(const Text& words) {
  const auto cause = [](const std::string& all, std::string_view arrow, const char* end) {
    const std::size_t at = all.find(arrow);
    std::string first = all.substr(0, at);
    while (first.ends_with(' ')) first.pop_back();
    return first + (first.ends_with(end) ? "" : end);
  };
  Text action = what_to_do(words);
  if (!action.ja.ends_with("。")) action.ja += "。";
  if (!action.en.ends_with(".")) action.en += ".";
  return {Verdict::Fail, {cause(words.ja, "→", "。"), cause(words.en, "->", ".")}, action};
}

Finding cannot_open(const CameraFigures& f) {
  if (!f.words.ja.empty()) return in_its_words(f.words);
  switch (f.reason) {
    case Trouble::Busy:
      return {Verdict::Fail,
              {"ほかのソフトがこの機材を使っています。", "Another program uses this device."},
              {"会議ソフトなどを終わらせてください。", "Close meeting programs and the like."}};
    case Trouble::Crowded:
      return {Verdict::Fail,
              {"USBの通り道がいっぱいで、映像が通りません。",
               "The USB bus is full; its pictures do not get through."},
              {"別のUSBの口（別のハブ）につないでください。",
               "Plug it into another USB port or another hub."}};
    case Trouble::NoSignal:
      return no_hdmi();
    case Trouble::Forbidden:
      return {Verdict::Fail,
              {"この利用者では機材を開けません。", "This user may not open the device."},
              {"PCの担当者に、video グループへの追加を頼んでください。",
               "Have this user added to the group \"video\"."}};
    case Trouble::Gone:
      return {Verdict::Fail,
              {"試験の途中で機材が抜けました。", "The device was unplugged during the test."},
              {"ケーブルを確かめ、差し直してください。", "Check its cable and plug it in again."}};
    case Trouble::Format:
      return {Verdict::Fail,
              {"機材が映像を始められません。", "The device cannot start its pictures."},
              {"差し直すか、別のUSBの口につないでください。",
               "Plug it in again or use another USB port."}};
    default:
      break;
  }
  switch (f.why) {
    case ErrorKind::NotFound:
      return {Verdict::Fail,
              {"決めた機材が見つかりません。", "The device of this role is not plugged in."},
              {"いつものUSBの口に差し直してください。", "Plug it into its usual USB port."}};
    case ErrorKind::FixSetup:
      return {Verdict::Fail,
              {"機材を開けません。ほかのソフトが使っているようです。",
               "The device cannot be opened; another program seems to use it."},
              {"会議ソフトなどを終わらせてください。", "Close meeting programs and the like."}};
    case ErrorKind::Unsupported:
    case ErrorKind::FixInput:
      return {Verdict::Fail,
              {"この機材では使えない設定です。", "The device does not offer what is set."},
              {"会場設定の大きさと形式を「自動」に戻してください。",
               "Set size and format of this role back to automatic."}};
    default:
      return {Verdict::Fail,
              {"機材が映像を出しません。", "The device gives no picture."},
              {"電源とケーブルを確かめ、差し直してください。",
               "Check its power and cable, and plug it in again."}};
  }
}

Finding judge_rate(const CameraFigures& f) {
  if (f.wanted_fps <= 0) return {};
  double ratio = f.fps / f.wanted_fps;
  if (std::abs(ratio - 2) <= 2 * kGoodRate) ratio /= 2;  // both fields of an interlaced frame
  const double off = std::abs(ratio - 1);
  // One picture is no trouble, however short the trial was.
  const double one = f.pictures > 0 ? 1.5 / static_cast<double>(f.pictures) : 0;
  const std::uint64_t allowed = std::max<std::uint64_t>(1, f.pictures / 500);
  if (off <= std::max(kGoodRate, one) && f.lost_device + f.fetched_late <= allowed) return {};
  const Verdict verdict = off > kPoorRate ? Verdict::Fail : Verdict::Caution;
  if (ratio > 1)
    return {Verdict::Caution,
            {"決まりより速いコマ数で届いています。", "Pictures come faster than agreed."},
            {"カメラ本体のコマ数の設定を確かめてください。",
             "Check the frame rate set in the camera itself."}};
  // Pictures that had waited for us before the gap are ours for certain. A device that loses only
  // some while this computer gasps is not blamed either.
  const bool busy = too_busy(f.pc, 1e3 / f.wanted_fps);
  if (f.fetched_late > f.lost_device || (busy && off <= kPoorRate)) return busy_pc(verdict);
  if (f.lost_device > 0)
    return {verdict,
            {"機材がコマを落としています。", "The device loses pictures."},
            {"ハブを通さず、PCのUSBの口に直接つないでください。",
             "Plug it straight into the PC, without a hub."}};
  if (static_cast<double>(f.lost_us) > 0.02 * f.wanted_fps * f.seconds &&
      f.jitter_ms > 0.5e3 / f.wanted_fps)
    return busy_pc(verdict);
  if (busy) return busy_pc(verdict);
  return {verdict,
          {"カメラの出すコマ数が足りません。暗い場所で自動的に遅くなっているようです。",
           "The camera gives too few pictures; in the dark it seems to slow down by itself."},
          {"明るくするか、カメラの自動露出を切ってください。",
           "Light the place, or switch the camera's automatic exposure off."}};
}

std::vector<Finding> judge(const CameraFigures& f, const Canvas& canvas) {
  if (!f.opened) return {cannot_open(f)};
  if (f.broke && (f.reason != Trouble::Unknown || f.pictures == 0)) {
    CameraFigures never = f;  // it opened, but its stream never began
    if (never.reason == Trouble::Unknown) never.reason = Trouble::Format;
    return {cannot_open(never)};
  }
  if (f.pictures < 2) {
    Finding dark = no_hdmi();
    dark.cause = {"機材は開きますが、映像が来ません。", "The device opens but no picture comes."};
    return {dark};
  }
  if (f.broke)
    return {{Verdict::Fail,
             {"試験の途中で映像が止まりました。", "The pictures stopped during the test."},
             {"ケーブルを替えるか、別のUSBの口につないでください。",
              "Use another cable or another USB port."}}};
  std::vector<Finding> all{judge_rate(f)};
  const bool busy = f.wanted_fps > 0 && too_busy(f.pc, 1e3 / f.wanted_fps);
  if (busy && (f.jitter_ms > 0.5e3 / f.wanted_fps || f.age_ms > kHighAge)) {
    Finding pc = busy_pc(Verdict::Caution);
    pc.cause = {"このパソコンが忙しく、映像が遅れて届きます。",
                "This computer is busy; the pictures come late."};
    all.push_back(pc);
  }
  if (f.wanted_fps > 0 && f.jitter_ms > 0.5e3 / f.wanted_fps)
    all.push_back({Verdict::Caution,
                   {"映像の届く間隔がばらついています。", "Pictures come unevenly."},
                   {"別のUSBの口につないでください。", "Use another USB port."}});
  if (f.age_ms > kHighAge)
    all.push_back({Verdict::Caution,
                   {"映像が遅れて届きます。", "The pictures come late."},
                   {"会場設定の形式を「自動」にするか、音の遅延を測ってください。",
                    "Set its format to automatic, or measure the delay of its sound."}});
  if (f.height < 700 && canvas.height >= 720)
    all.push_back(
        {Verdict::Caution,
         {"映像が小さく、粗く見えます。", "The picture is small and will look coarse."},
         {"カメラの出力を1280×720以上にしてください。", "Set the camera to 1280x720 or more."}});
  return all;
}

// "1920×1080i MJPEG": the negotiated size, which need not be that of the deinterlaced picture.
std::string size_words(const CameraFigures& f) {
  std::string words = format_in_words(f.format);
  const std::size_t rate = words.rfind(' ');
  if (f.wanted_fps > 0 && rate != std::string::npos) words.resize(rate);  // it is measured
  return words.empty() ? std::to_string(f.width) + "×" + std::to_string(f.height) : words;
}

Text found_words(const CameraFigures& f) {
  if (!f.opened || f.pictures < 2) return {};
  const char* ja = f.age_ms <= kLowAge ? "小" : f.age_ms <= kHighAge ? "中" : "大";
  const char* en = f.age_ms <= kLowAge ? "low" : f.age_ms <= kHighAge ? "medium" : "high";
  const std::string size = size_words(f);
  const std::string lost = std::to_string(f.lost_device + f.lost_us);
  const std::string age = number(f.age_ms, "%.0f") + " ms";
  const std::string uneven = number(f.jitter_ms, "%.0f") + " ms";
  return {size + "　毎秒" + number(f.fps, "%.2f") + "コマ　コマ落ち" + lost + "　間隔のゆれ" +
              uneven + "　遅れ" + ja + "（" + age + "）",
          size + ", " + number(f.fps, "%.2f") + " pictures/s, " + lost + " lost, jitter " + uneven +
              ", latency " + en + " (" + age + ")"};
}

}  // namespace

EquipmentItem judge_camera(const std::string& item_id, const Input& input, const Canvas& canvas,
                           const CameraFigures& f, const std::vector<InputFinding>& findings) {
  EquipmentItem item;
  item.id = item_id;
  item.name = {input.name.ja + "　映像", input.name.pick(Language::English) + ", picture"};
  item.device = f.device;
  item.verdict = Verdict::Pass;
  if (!input.source) {
    item.verdict = Verdict::Caution;
    item.cause = {"機材が割り当てられていません。", "No device is bound to this role."};
    item.action = {"会場の準備で機材を選んでください。", "Choose a device for it."};
    return item;
  }
  item.found = found_words(f);
  std::vector<Finding> all = judge(f, canvas);
  if (f.opened && f.pictures >= 2)
    for (const InputFinding& d : findings)
      // What is only a notice on air (flicker, comb) can still be mended before an event.
      all.push_back(
          {d.severity == Severity::Fault ? Verdict::Fail : Verdict::Caution, d.what, d.action});
  bool pc = false;
  for (const Finding& one : all)  // the first of the worst: one cause, one action
    if (worse(one.verdict, item.verdict)) {
      item.verdict = one.verdict;
      item.cause = one.cause;
      item.action = one.action;
      pc = one.pc;
    }
  if (!f.opened) return item;
  item.figures = {{"fps", f.fps, "fps"},
                  {"wanted_fps", f.wanted_fps, "fps"},
                  {"pictures", static_cast<double>(f.pictures), ""},
                  {"lost_device", static_cast<double>(f.lost_device), ""},
                  {"fetched_late", static_cast<double>(f.fetched_late), ""},
                  {"lost_pc", static_cast<double>(f.lost_us), ""},
                  {"jitter_ms", f.jitter_ms, "ms"},
                  {"age_ms", f.age_ms, "ms"},
                  {"age_p95_ms", f.age_p95_ms, "ms"},
                  {"pc_busy", f.pc.busy * 100, "%"},
                  {"pc_late_ms", f.pc.latest_ms, "ms"},
                  {"width", static_cast<double>(f.width), "px"},
                  {"height", static_cast<double>(f.height), "px"}};
  if (pc) item.figures.push_back({kBlamedPc, 1, ""});
  return item;
}

void explain_together(std::vector<EquipmentItem>& items) {
  const std::string prefix = "cameras_together.";
  for (EquipmentItem& item : items) {
    if (!item.id.starts_with(prefix)) continue;
    const auto alone = find_by_id(items, "camera." + item.id.substr(prefix.size()));
    if (!alone || !worse(item.verdict, Verdict::Pass)) continue;
    const auto told = [&](const char* id) {
      return std::any_of(item.figures.begin(), item.figures.end(),
                         [&](const EquipmentFigure& f) { return f.id == id; });
    };
    if (told("shared_device")) continue;
    if (!worse(item.verdict, alone->verdict)) {
      item.verdict = Verdict::Skipped;
      item.cause = {"1台だけの試験で見つかった問題と同じです。",
                    "The same trouble as alone; see the test of this camera."};
      item.action = {};
      continue;
    }
    if (told(kBlamedPc)) {
      item.cause = {"1台だけなら良いのですが、同時に開くとこのパソコンが追いつきません。",
                    "Good alone, but this computer does not keep up with all of them."};
      item.action = {"ほかのソフトを終わらせるか、カメラの映像を小さくしてください。",
                     "Close other programs, or have the cameras send smaller pictures."};
      continue;
    }
    item.cause = {
        "1台だけなら良いのですが、同時に開くと映像が足りなくなります。USBの通り道が混んで"
        "います。",
        "Good alone, but not while the others are open: the USB bus is crowded."};
    item.action = {"別のUSBの口（別のハブ）につないでください。",
                   "Plug it into another USB port or another hub."};
  }
}

}  // namespace kakehashi
