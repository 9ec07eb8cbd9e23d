// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/lip_alarm.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

namespace kakehashi {
namespace {

// How much later than `camera`'s picture the sound of `microphone` was, ms; nothing when it was not
// measured, or was set right since.
std::optional<double> measured(const EquipmentResult& result, const std::string& camera,
                               const std::string& microphone) {
  for (const EquipmentItem& item : result.items)
    if (item.id == "offset." + camera + "." + microphone && item.verdict == Verdict::Caution)
      for (const EquipmentFigure& figure : item.figures)
        if (figure.id == "offset_ms") return -figure.value;
  return {};
}

bool seen(double late_ms) { return late_ms > kSoundLateMs || late_ms < -kSoundEarlyMs; }

Message alarm(const InputStatus& sound, const InputStatus* camera, double late_ms) {
  const std::string size = std::to_string(static_cast<int>(std::lround(std::abs(late_ms))));
  const bool late = late_ms > 0;
  const std::string ja = camera ? camera->name.ja + "の映像" : "映像";
  const std::string en =
      camera ? "the picture of " + camera->name.pick(Language::English) : "its picture";
  Message m;
  m.id = "lips." + sound.id;
  m.severity = Severity::Caution;
  m.what = {sound.name.ja + "の音が" + ja + "より約" + size + "ミリ秒" +
                (late ? "遅れています" : "早く出ています") + "。口の動きと声が合いません。",
            "The sound of " + sound.name.pick(Language::English) + " comes about " + size + " ms " +
                (late ? "after " : "before ") + en + ": lips and voice do not match."};
  if (camera)
    m.action = {"「点検」で「映像と音のずれ」をもう一度測り、遅れの設定に書き込んでください。",
                "Under \"Check\", measure picture against sound again and let it set the delay."};
  else
    m.action = {"ほかのソフトを閉じても続くときは、マイクを別の差し込み口につないでください。",
                "Close other programs; if it stays, plug the microphone into another port."};
  return m;
}

}  // namespace

void add_lip_alarms(Snapshot& snapshot) {
  bool any = false;
  for (const InputStatus& sound : snapshot.inputs) {
    if (!sound.audio || sound.signal != SignalState::Live) continue;
    const InputStatus* against = nullptr;
    double worst = sound.room_ms;  // without a measurement: against its own moment
    for (const InputStatus& camera : snapshot.inputs) {
      if (!camera.video) continue;
      const auto then = measured(snapshot.equipment.result, camera.id, sound.id);
      if (!then) continue;
      const double now = *then + sound.room_ms;
      if (against && std::abs(now) <= std::abs(worst)) continue;
      worst = now;
      against = &camera;
    }
    if (!seen(worst)) continue;
    snapshot.messages.push_back(alarm(sound, against, worst));
    any = true;
  }
  if (any)
    std::stable_sort(snapshot.messages.begin(), snapshot.messages.end(),
                     [](const Message& a, const Message& b) { return a.severity > b.severity; });
}

}  // namespace kakehashi
