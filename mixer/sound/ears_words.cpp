// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/ears_words.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "mixer/sound/ears_table.h"

namespace kakehashi::ears {
namespace {

std::string count(double v) { return std::to_string(static_cast<int>(std::lround(v))); }

Severity of_silence(double seconds) {
  return seconds >= kSilentFault ? Severity::Fault : Severity::Caution;
}

const std::string& en(const Text& t) { return t.pick(Language::English); }

// 「司会マイク」「講師マイク」 and "MC mic", "Speaker mic": two names at most, the rest is "ほか".
Text names(std::span<const Text> who) {
  constexpr std::size_t kMost = 2;
  Text all;
  for (std::size_t i = 0; i < std::min(kMost, who.size()); ++i) {
    all.ja += "「" + who[i].ja + "」";
    all.en += (i > 0 ? " and \"" : "\"") + en(who[i]) + "\"";
  }
  if (who.size() > kMost) {
    all.ja += "ほか";
    all.en += " and others";
  }
  return all;
}

}  // namespace

InputFinding no_sound_words(double seconds, std::span<const Text> who, bool arrives) {
  const std::string s = count(std::floor(seconds / 5) * 5);
  InputFinding f{"no_sound", of_silence(seconds), {}, {}};
  f.what = {"本線の音が" + s + "秒以上ありません。",
            "Program has had no sound for over " + s + " s."};
  const Text list = names(who);
  if (arrives) {
    f.what.ja += list.ja + "の音は来ていますが、本線に出ていません。";
    f.what.en += " " + list.en + " arrives but does not reach it.";
    f.action = {"本線のフェーダーと消音を確認してください。", "Check the program fader and mute."};
  } else if (who.empty()) {
    f.action = {"話す人のマイクを入れてください。", "Open the speaker's microphone."};
  } else {
    f.action = {list.ja + "のスイッチと音量を確認してください。",
                "Check the switch and level of " + list.en + "."};
  }
  return f;
}

InputFinding muted_talk_words(double silent) {
  InputFinding f{
      "muted_talk",
      of_silence(silent),
      {"消音のまま話しています。声は配信に出ていません。",
       "Somebody speaks into it while it is muted; nobody hears it."},
      {"話してよければ、消音を解除してください。", "Unmute it if it is meant to be heard."}};
  return f;
}

InputFinding wrong_channel_words(const Text& instead, double silent) {
  return {"wrong_channel",
          of_silence(silent),
          {"このマイクには音がなく、閉じている「" + instead.ja + "」に声が入っています。",
           "It is silent, and the closed \"" + en(instead) + "\" carries a voice."},
          {"差し込み口かマイクの割り当てを確認してください。",
           "Check the socket, or which microphone plays this role."}};
}

InputFinding card_words(CardLeak leak) {
  InputFinding f{"card_microphone", Severity::Fault, {}, {}};
  switch (leak) {
    case CardLeak::Microphone:
      f.what = {"ふたの画面中に、声が配信に出ています。", "A voice is on air under the card."};
      f.action = {"このマイクを消音にしてください。", "Mute this microphone."};
      break;
    case CardLeak::Line:
      f.what = {"ふたの画面中に、この回線の声が配信に出ています。",
                "Under the card, a voice in this line is on air."};
      f.action = {"配信してよい声でなければ、消音にしてください。",
                  "Mute it, unless the voice may be heard."};
      break;
    case CardLeak::Forgotten:
      f.severity = Severity::Caution;
      f.what = {"ふたの画面中に開いたマイクが、話し終わったあとも開いています。",
                "The microphone opened under the card is still open after the announcement."};
      f.action = {"放送が済んだら、消音にしてください。", "Mute it when the announcement is over."};
      break;
    case CardLeak::None:
      break;
  }
  return f;
}

InputFinding howl_words(double hz, const Text& bus, bool to_partner) {
  const std::string tone = count(hz / 10) + "0 Hz";
  InputFinding f{"howl", Severity::Fault, {}, {}};
  if (bus.ja.empty()) {
    f.what = {"ハウリングしています（" + tone + "）。会場のスピーカーの音を拾っています。",
              "It howls (" + tone + "): it hears the hall's loudspeakers."};
    f.action = {"まず会場の音量を下げてください。", "First turn the hall's volume down."};
  } else {
    f.what = {"ハウリングしています（" + tone + "）。「" + bus.ja + "」を通って回っています。",
              "It howls (" + tone + ") through \"" + en(bus) + "\"."};
    f.action = to_partner ? Text{"相手側のスピーカーの音量を下げてもらってください。",
                                 "Ask the other side to turn its loudspeaker down."}
                          : Text{"まず「" + bus.ja + "」の音量を下げてください。",
                                 "First turn \"" + en(bus) + "\" down."};
  }
  return f;
}

InputFinding echo_words(const Text& other, double lag_ms, bool returned) {
  const std::string late = count(std::abs(lag_ms));
  if (returned)
    return {"echo",
            Severity::Caution,
            {"こちらの音が" + late + "ミリ秒おくれて戻っています。",
             "Our own sound comes back " + late + " ms late."},
            {"相手にイヤホンを使ってもらってください。", "Ask the other side to use earphones."}};
  return {"echo",
          Severity::Caution,
          {"「" + other.ja + "」と同じ音が" + late + "ミリ秒ずれて重なっています。",
           "The same sound as in \"" + en(other) + "\", " + late + " ms apart: it is heard twice."},
          {"どちらか片方を消音にしてください。", "Mute one of the two."}};
}

InputFinding clipping_words() {
  return {"clipping",
          Severity::Caution,
          {"音が割れています。ここへ届く前に割れているようです。",
           "The sound is distorted, and was so before it came here."},
          {"送り出す機材の音量を下げてください（PADがあれば入れる）。",
           "Turn down the device that sends it (or switch a PAD on)."}};
}

InputFinding dropouts_words() {
  return {"dropouts",
          Severity::Caution,
          {"音がとぎれとぎれです。機材からの音が遅れて届いています。",
           "The sound keeps breaking off: it comes too late from its device."},
          {"機材をPC本体のUSBに直接つないでください。",
           "Plug the device straight into the PC's own USB."}};
}

InputFinding one_sided_words(int dead_side, const Text& of) {
  const bool left = dead_side == 0;
  InputFinding f{
      "one_sided",
      Severity::Caution,
      {std::string("本線の") + (left ? "左" : "右") + "から音が出ていません。",
       std::string("Nothing comes out of program's ") + (left ? "left" : "right") + " side."},
      {}};
  if (of.ja.empty())
    f.action = {"話している入力の左右の位置を中央に戻してください。",
                "Set the pan of the input that speaks back to the middle."};
  else
    f.action = {"「" + of.ja + "」をモノラルに設定してください。",
                "Set \"" + en(of) + "\" to mono."};
  return f;
}

InputFinding phase_words(bool of_bus) {
  return {"phase",
          Severity::Caution,
          {of_bus ? "本線の左右の音が逆向きで、スマートフォンでは声が消えます。"
                  : "左右の音が逆向きで、スマートフォンでは声が消えます。",
           of_bus ? "Program's left and right are inverted: on a phone the voice vanishes."
                  : "Left and right are inverted: on a phone the voice vanishes."},
          of_bus ? Text{"話している入力をモノラルに設定してください。",
                        "Set the input that speaks to mono."}
                 : Text{"ケーブルを替えるか、片方だけを使ってください。",
                        "Change the cable, or use one of its channels alone."}};
}

}  // namespace kakehashi::ears
