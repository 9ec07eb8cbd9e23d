// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "station/equip/item_words.h"
#include "station/equip/round_trip.h"

namespace kakehashi {
namespace {

constexpr double kLongMs = 150;  // who speaks and hears himself later than that stumbles
constexpr double kLowDb = -30;   // of -20 dBFS as played nothing usable is left
constexpr double kUnevenDb = 6;  // one side's knob or cable
constexpr double kBadSound = 0.03;
constexpr double kApartPpm = 300;
constexpr double kOtherSoundDb = -60;
constexpr int kManyHoles = 3;

void blame_no_way(EquipmentItem& item, const RoundTripFigures& f) {
  if (f.no_output)
    blame(
        item, Verdict::Fail,
        {"試験の音を出す機材が見つかりません。", "There is no output to play the test's sound on."},
        {"音の出力機材をつなぎ、出力を選んで試してください。",
         "Connect a sound output, and name it for the test."});
  else if (!f.played)
    blame(item, Verdict::Fail,
          {"試験の音を出せませんでした。", "The test's sound could not be played."},
          {"音の出力機材をつなぎ、ほかのソフトを終わらせてください。",
           "Connect the sound output, and close other programs."});
  else if (f.broke)
    blame(item, Verdict::Fail,
          {"試験の途中で音が止まりました。", "The sound stopped during the test."},
          {"ケーブルを確かめ、別のUSBの口につないでください。",
           "Check the cable and use another USB port."});
  else if (!f.opened_input && f.why == ErrorKind::NotFound)
    blame(item, Verdict::Fail,
          {"決めた音声機材が見つかりません。", "The sound device of this role is not there."},
          {"機材の電源を入れ、いつものUSBの口に差し直してください。",
           "Switch it on and plug it into its usual USB port."});
  else if (!f.opened_input)
    blame(item, Verdict::Fail,
          {"音声機材を開けません。ほかのソフトが使っているようです。",
           "The sound device cannot be opened; another program seems to use it."},
          {"会議ソフトなどを終わらせてください。", "Close meeting programs and the like."});
  else if (!f.came_back && f.heard_db > kOtherSoundDb)
    blame(item, Verdict::Fail,
          {"別の音は聞こえますが、出した音が戻ってきません。",
           "Other sound is heard, but what was played does not come back."},
          {"出力から入力へのケーブルを確かめてください。",
           "Check the cable from the output to the input."});
  else if (!f.came_back)
    blame(item, Verdict::Fail,
          {"出した音が戻ってきません。", "What was played does not come back."},
          {"出力と入力をケーブルでつなぎ、音量を上げてください。",
           "Connect output and input with a cable, and turn the volume up."});
}

void blame_sides(EquipmentItem& item, const RoundTripFigures& f) {
  const Text one{"反対側のケーブルを確かめてください。", "Check the other side's cable."};
  switch (f.sides) {
    case LoopSides::Exchanged:
      blame(item, Verdict::Caution, {"左右が入れかわっています。", "Left and right are exchanged."},
            {"左右のケーブルを差しかえてください。", "Swap the cables of left and right."});
      break;
    case LoopSides::LeftLost:
      blame(item, Verdict::Caution,
            {"右の音しか戻ってきません。", "Only the right side comes back."}, one);
      break;
    case LoopSides::RightLost:
      blame(item, Verdict::Caution,
            {"左の音しか戻ってきません。", "Only the left side comes back."}, one);
      break;
    default:
      break;
  }
}

Text sides_words(LoopSides s) {
  switch (s) {
    case LoopSides::Straight:
      return {"左右そのまま", "left and right in place"};
    case LoopSides::Exchanged:
      return {"左右逆", "left and right exchanged"};
    case LoopSides::Mixed:
      return {"左右が混ざる", "left and right mixed"};
    case LoopSides::Mono:
      return {"モノラル", "mono"};
    case LoopSides::LeftLost:
      return {"右のみ", "right only"};
    case LoopSides::RightLost:
      return {"左のみ", "left only"};
  }
  return {};
}

bool looks_inverted(const RoundTripFigures& f) {
  return (f.inverted[0] && f.sides != LoopSides::LeftLost) ||
         (f.inverted[1] && f.sides != LoopSides::RightLost);
}

// A hole shifts what polarity is read from.
bool inverted(const RoundTripFigures& f) { return looks_inverted(f) && f.holes == 0; }

Text polarity_words(const RoundTripFigures& f) {
  if (!looks_inverted(f)) return {"極性正", "polarity right"};
  return f.holes > 0 ? Text{"極性は不明", "polarity not known"}
                     : Text{"極性逆", "polarity inverted"};
}

double louder(const RoundTripFigures& f) {
  if (f.sides == LoopSides::LeftLost) return f.level_db[1];
  if (f.sides == LoopSides::RightLost) return f.level_db[0];
  return std::max(f.level_db[0], f.level_db[1]);
}

void tell_found(EquipmentItem& item, const RoundTripFigures& f) {
  const std::string ms = number_text(f.delay_ms), db = number_text(louder(f), "%+.1f"),
                    bad = number_text(f.distortion * 100, "%.2f"), holes = std::to_string(f.holes),
                    ppm = number_text(f.apart_ppm, "%+.0f");
  const Text sides = sides_words(f.sides);
  item.found = {"往復 " + ms + " ミリ秒　音量 " + db + " dB　" + sides.ja + "　" +
                    polarity_words(f).ja + "　ひずみと雑音 " + bad + " %　途切れ" + holes +
                    "　入出力の時計の差 " + ppm + " ppm",
                "round trip " + ms + " ms, level " + db + " dB, " + sides.en + ", " +
                    polarity_words(f).en + ", distortion and noise " + bad + " %, " + holes +
                    " drop-outs, input against output " + ppm + " ppm"};
  item.figures = {{"delay_ms", f.delay_ms, "ms"},
                  {"left_db", f.level_db[0], "dB"},
                  {"right_db", f.level_db[1], "dB"},
                  {"distortion", f.distortion * 100, "%"},
                  {"noise_dbfs", f.noise_db, "dBFS"},
                  {"dropouts", static_cast<double>(f.holes), ""},
                  {"lost", static_cast<double>(f.lost), ""},
                  {"apart_ppm", f.apart_ppm, "ppm"},
                  {"in_ppm", f.in_ppm, "ppm"},
                  {"out_ppm", f.out_ppm, "ppm"}};
}

}  // namespace

EquipmentItem judge_round_trip(const Input& input, const RoundTripFigures& f) {
  EquipmentItem item;
  item.id = "round_trip." + input.id;
  item.name = {input.name.ja + "　音の往復",
               input.name.pick(Language::English) + ", sound round trip"};
  item.device = f.device;
  if (!f.output.empty()) item.device = f.output + (f.device.empty() ? "" : " → " + f.device);
  item.verdict = Verdict::Pass;
  blame_no_way(item, f);
  if (item.verdict != Verdict::Pass) return item;
  tell_found(item, f);
  if (f.holes >= kManyHoles)
    blame(item, Verdict::Fail, {"音が何度も途切れています。", "The sound has holes."},
          {"ハブを通さず、PCのUSBの口に直接つないでください。",
           "Plug it straight into the PC, without a hub."});
  if (f.clipped)
    blame(item, Verdict::Caution, {"戻ってくる音が割れています。", "What comes back is clipped."},
          {"音声機材の入力つまみ（GAIN）を下げてください。",
           "Turn down the input gain on the sound device."});
  if (f.holes > 0 || f.lost > 0)
    blame(item, Verdict::Caution, {"音が途切れました。", "The sound had a hole."},
          {"ほかのソフトを終わらせ、別のUSBの口につないでください。",
           "Close other programs and use another USB port."});
  blame_sides(item, f);
  if (inverted(f))
    blame(item, Verdict::Caution,
          {"音の極性（プラスとマイナス）が逆です。", "The sound's polarity is inverted."},
          {"ケーブルを別のものに取りかえてください。", "Use another cable."});
  if (louder(f) < kLowDb)
    blame(item, Verdict::Caution,
          {"戻ってくる音がとても小さいです。", "What comes back is very low."},
          {"音量と入力つまみ（GAIN）を上げてください。", "Turn the volume and the input gain up."});
  const bool both = f.sides == LoopSides::Straight || f.sides == LoopSides::Exchanged;
  if (both && std::abs(f.level_db[0] - f.level_db[1]) > kUnevenDb)
    blame(item, Verdict::Caution, {"左右の音量が違います。", "Left and right differ in level."},
          {"左右のつまみを同じ位置にしてください。", "Set both sides' knobs alike."});
  if (f.distortion > kBadSound)
    blame(item, Verdict::Caution,
          {"戻ってくる音にひずみか雑音が多く入っています。",
           "What comes back is distorted or noisy."},
          {"途中のつまみを下げ、音の効果（EQ・ノイズ抑制）を切ってください。",
           "Turn down the knobs on the way, and switch effects off."});
  if (f.delay_ms > kLongMs)
    blame(item, Verdict::Caution,
          {"音の往復に時間がかかっています。", "The sound takes long to come back."},
          {"無線を使わず、ケーブルでつないでください。", "Use a cable, not a wireless link."});
  if (std::abs(f.apart_ppm) > kApartPpm)
    blame(item, Verdict::Caution,
          {"出力と入力の時計がずれています（自動で補正します）。",
           "Output and input clocks differ (it is corrected automatically)."},
          {"出力と入力に同じ音声機材を使ってください。",
           "Use the same sound device for output and input."});
  return item;
}

}  // namespace kakehashi
