// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "station/equip/item_words.h"
#include "station/equip/machine_state.h"

namespace kakehashi {
namespace {

constexpr double kHot = 85, kTooHot = 95;  // processors slow down by themselves from 95 to 105
constexpr double kClockOff = 1;            // seconds; certificates and captions go by the clock

EquipmentItem begin(const char* id, Text name) {
  EquipmentItem item;
  item.id = std::string("machine.") + id;
  item.name = std::move(name);
  item.verdict = Verdict::Pass;
  return item;
}

EquipmentItem power(const MachineState& m) {
  EquipmentItem item = begin("power", {"電源", "Power"});
  if (m.battery_percent >= 0) item.figures.push_back({"battery_percent", m.battery_percent, "%"});
  if (m.battery && m.mains.has_value() && !*m.mains) {
    item.found = {"電池で動いています（残り" + number_text(m.battery_percent, "%.0f") + " %）",
                  "On battery (" + number_text(m.battery_percent, "%.0f") + " % left)"};
    blame(item, Verdict::Fail,
          {"電源がつながっていません。途中で切れ、処理も遅くなります。",
           "The PC runs on its battery: it will be slower, and end."},
          {"ACアダプターをつないでください。", "Plug in the power adapter."});
    return item;
  }
  item.found = m.battery ? Text{"電源につながっています", "On mains"}
                         : Text{"電源で動いています（電池なし）", "On mains (no battery)"};
  if (m.profile == "low-power" || m.profile == "quiet")
    blame(item, Verdict::Caution,
          {"PCが省電力の設定です。処理が遅くなります。", "The PC is set to save power."},
          {"電源モードを「パフォーマンス」にしてください。", "Set the power mode to performance."});
  return item;
}

EquipmentItem heat(const MachineState& before, const MachineState& now) {
  const Text name{"PCの温度", "Heat"};
  if (now.hottest < 0 && !now.throttled)
    return skipped_item("machine.heat", name,
                        {"このPCは温度を教えません。", "This PC does not tell its temperature."});
  EquipmentItem item = begin("heat", name);
  if (now.hottest >= 0) {
    item.figures.push_back({"temperature", now.hottest, "C"});
    const std::string degrees = number_text(now.hottest, "%.0f");
    item.found = {"最高" + degrees + " 度", degrees + " degrees at most"};
  }
  const bool throttling = now.throttled && before.throttled && *now.throttled > *before.throttled;
  const Text cool{"吸気口をふさがず、日の当たらない場所に置いてください。",
                  "Keep its air vents free and put it out of the sun."};
  if (throttling || now.hottest >= kTooHot)
    blame(item, Verdict::Fail,
          {"熱くなりすぎて、PCが自分で処理を遅くしています。",
           "The PC is too hot and slows itself down."},
          cool);
  else if (now.hottest >= kHot)
    blame(item, Verdict::Caution, {"PCが熱くなっています。", "The PC is hot."}, cool);
  return item;
}

EquipmentItem sleep(const MachineState& m) {
  const Text name{"スリープと画面ロック", "Sleep and screen lock"};
  if (!m.sleeps_idle && !m.locks_idle && !m.lid_sleeps)
    return skipped_item("machine.sleep", name,
                        {"スリープの設定を読めませんでした。", "The sleep settings are not known."},
                        {"設定画面で「スリープしない」になっているか見てください。",
                         "Look in the settings whether it never sleeps."});
  EquipmentItem item = begin("sleep", name);
  item.found = m.inhibited ? Text{"スリープを止めるソフトが動いています", "Sleep is held off"}
                           : Text{"設定を確かめました", "Settings were read"};
  if (m.sleeps_idle.value_or(false) && !m.inhibited)
    blame(item, Verdict::Fail,
          {"しばらく触らないとPCがスリープする設定です。",
           "The PC goes to sleep when nobody touches it."},
          {"電源の設定で「自動スリープ」を切ってください。",
           "Switch automatic sleep off in the power settings."});
  if (m.locks_idle.value_or(false) && !m.inhibited)
    blame(item, Verdict::Caution,
          {"しばらく触らないと画面がロックされる設定です。",
           "The screen locks when nobody touches the PC."},
          {"設定で画面の自動ロックを切ってください。", "Switch the automatic screen lock off."});
  if (m.lid_sleeps.value_or(false))
    blame(item, Verdict::Caution,
          {"ふたを閉じるとPCがスリープします。", "The PC sleeps when its lid is closed."},
          {"本番中はふたを閉じないでください。", "Keep the lid open during the event."});
  return item;
}

EquipmentItem clock(const MachineState& m) {
  const Text name{"PCの時計", "Clock"};
  if (!m.clock_synchronised)
    return skipped_item(
        "machine.clock", name,
        {"時計が合っているか分かりません。", "Whether the clock is kept is unknown."},
        {"時報と見比べてください。", "Compare it with another clock."});
  EquipmentItem item = begin("clock", name);
  if (m.clock_offset_s) item.figures.push_back({"offset_s", *m.clock_offset_s, "s"});
  item.found = *m.clock_synchronised ? Text{"自動で合わせています", "Kept automatically"}
                                     : Text{"自動で合わせていません", "Not kept automatically"};
  if (m.clock_offset_s && std::abs(*m.clock_offset_s) > kClockOff)
    blame(item, Verdict::Fail,
          {"PCの時計が" + number_text(std::abs(*m.clock_offset_s), "%.0f") + "秒ずれています。",
           "The clock is off by " + number_text(std::abs(*m.clock_offset_s), "%.0f") + " s."},
          {"日付と時刻の設定で「自動」にしてください。", "Set date and time to automatic."});
  else if (!*m.clock_synchronised)
    blame(item, Verdict::Caution,
          {"PCの時計が自動で合っていません。", "The clock is not kept by the network."},
          {"日付と時刻の設定で「自動」にしてください。", "Set date and time to automatic."});
  return item;
}

EquipmentItem updates(const MachineState& m) {
  EquipmentItem item = begin("updates", {"更新プログラム", "Updates"});
  item.found = {"待っている更新はありません", "None waiting"};
  if (m.restart_pending || m.update_running) item.found = {};
  if (m.update_running)
    blame(item, Verdict::Fail, {"更新プログラムが動いています。", "An update is running."},
          {"終わるまで待ち、もう一度試験してください。", "Wait until it is done and test again."});
  if (m.restart_pending)
    blame(item, Verdict::Caution,
          {"更新のあとの再起動がまだです。", "A restart after an update is pending."},
          {"催しの前にPCを再起動してください。", "Restart the PC before the event."});
  return item;
}

}  // namespace

std::vector<EquipmentItem> judge_machine(const MachineState& before, const MachineState& now) {
  return {power(now), heat(before, now), sleep(now), clock(now), updates(now)};
}

}  // namespace kakehashi
