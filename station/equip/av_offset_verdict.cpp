// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "station/equip/av_offset.h"
#include "station/equip/item_words.h"

namespace kakehashi {
namespace {

constexpr double kSeenMs = 30;    // less than this nobody sees
constexpr double kUnsureMs = 12;  // measurements that leave more room are none

struct Words {
  Text cause, action;
};

Words page_words(OffsetTrouble why, const Input& camera, const Input& microphone) {
  const std::string eye = camera.name.pick(Language::English);
  const std::string ear = microphone.name.pick(Language::English);
  switch (why) {
    case OffsetTrouble::NoPicture:
      return {{"「" + camera.name.ja + "」に点滅ページの光が映っていません。",
               eye + " did not see the flash page."},
              {"点滅ページを映像の中央に大きく映して、もう一度測ってください。",
               "Show the flash page large in the middle of the picture and measure again."}};
    case OffsetTrouble::NoSound:
      return {{"「" + microphone.name.ja + "」に点滅ページの音が届いていません。",
               ear + " did not hear the flash page."},
              {"点滅ページの音量を上げ、マイクに近づけて、もう一度測ってください。",
               "Turn the page's volume up, bring it near the microphone and measure again."}};
    default:
      return {
          {"光と音の間隔がそろわず、測れませんでした。", "Flashes and beeps do not keep together."},
          {"点滅ページを動かさず、周りを静かにして、もう一度測ってください。",
           "Keep the page still and the room quiet, and measure again."}};
  }
}

Words clap_words(OffsetTrouble why, const Input& camera, const Input& microphone) {
  switch (why) {
    case OffsetTrouble::NoPicture:
      return {{"「" + camera.name.ja + "」の映像で手の動きを読み取れませんでした。",
               camera.name.pick(Language::English) + " did not see the hands."},
              {"カメラの正面で両手を大きく動かし、5回たたいてください。",
               "In front of the camera, clap 5 times with wide movements."}};
    case OffsetTrouble::NoSound:
      return {{"「" + microphone.name.ja + "」で手をたたく音を聞き取れませんでした。",
               microphone.name.pick(Language::English) + " did not hear claps."},
              {"マイクの近くで、1秒に1回、5回たたいてください。",
               "Near the microphone, clap 5 times, once a second."}};
    default:
      return {{"手の動きと音がそろわず、測れませんでした。", "Hands and claps do not agree."},
              {"1人だけが映るようにして、1秒に1回、5回たたいてください。",
               "With one person in the picture, clap 5 times, once a second."}};
  }
}

}  // namespace

EquipmentItem judge_offset(const Input& camera, const Input& microphone, const OffsetSeen& seen) {
  EquipmentItem item;
  item.id = "offset." + camera.id + "." + microphone.id;
  item.name = {camera.name.ja + "と" + microphone.name.ja + "　映像と音のずれ",
               camera.name.pick(Language::English) + " and " +
                   microphone.name.pick(Language::English) + ", picture against sound"};
  item.verdict = Verdict::Skipped;
  if (!seen.camera_opened || !seen.microphone_opened) {
    item.cause = {"カメラかマイクが開けないので、測れません。",
                  "The camera or the microphone cannot be opened."};
    item.action = {"先に映像と音の試験の問題を直してください。",
                   "Mend what the tests of picture and sound say first."};
    return item;
  }
  const auto& offset = seen.reading.offset;
  const double unsure = offset ? offset->spread.to_milliseconds() : 0;
  if (!offset || unsure > kUnsureMs) {
    const OffsetTrouble why = offset ? OffsetTrouble::Unsteady : seen.reading.trouble;
    const Words words =
        seen.clap ? clap_words(why, camera, microphone) : page_words(why, camera, microphone);
    item.cause = words.cause;
    item.action = words.action;
    return item;
  }
  const double ms = offset->offset.to_milliseconds();
  const std::string size = number_text(std::abs(ms), "%.0f");
  const std::string doubt = number_text(std::max(1.0, std::ceil(unsure)), "%.0f");
  const bool late = ms > 0;  // the picture
  item.figures = {{"offset_ms", ms, "ms"},
                  {"spread_ms", unsure, "ms"},
                  {seen.clap ? "claps" : "flashes", static_cast<double>(offset->flashes), ""}};
  item.verdict = Verdict::Pass;
  if (std::abs(ms) < std::max(1.0, unsure)) {
    item.found = {"映像と音はそろっています（± " + doubt + " ms）。",
                  "Picture and sound go together (± " + doubt + " ms)."};
    return item;
  }
  item.found = {(late ? "映像が音より " : "音が映像より ") + size + " ms 遅れています（± " + doubt +
                    " ms）。",
                (late ? "The picture is " : "The sound is ") + size + " ms later than the " +
                    (late ? "sound" : "picture") + " (± " + doubt + " ms)."};
  if (std::abs(ms) < kSeenMs) return item;
  const Input& held = late ? microphone : camera;
  blame(item, Verdict::Caution,
        {"このままでは口の動きと声が合いません。", "Lips and voice will not match."},
        {"会場設定で「" + held.name.ja + "」の遅れを " + size + " ms 増やしてください。",
         "In the venue's settings, add " + size + " ms to the delay of " +
             held.name.pick(Language::English) + "."});
  return item;
}

void tell_written(EquipmentItem& item) {
  item.verdict = Verdict::Pass;
  item.cause = item.action = {};
  item.found.ja += "遅れの設定に書き込みました。";
  item.found.en += " Written to the delay settings.";
}

}  // namespace kakehashi
