// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "station/equip/item_words.h"
#include "station/equip/sound_listening.h"

namespace kakehashi {
namespace {

constexpr double kNothingDb = -90;        // below any open microphone's own noise
constexpr double kHeardOverNoiseDb = 10;  // a voice stands out from the room by this at least
constexpr double kSmallDb = -40;          // RMS while speaking; the mixer lifts 12 dB at most
constexpr double kLoudDb = -12;
constexpr double kPeakDb = -1;
constexpr double kNoisyDb = -45;
constexpr double kHumDb = -70;     // quieter than this nobody hears it under speech
constexpr double kHumOverDb = 20;  // accident table
constexpr double kOneSidedDb = 40;
constexpr double kSoundingDb = -50;
constexpr double kDriftPpm = 300;    // a crystal is good for 100
constexpr double kDriftSeconds = 2;  // in less no clock can be told
constexpr int kManyDropouts = 3;

bool drift_known(const SoundTrialFigures& f) { return f.drift_s >= kDriftSeconds; }

enum class Loudness { Nothing, Unheard, Small, Good, Loud };

Loudness loudness(const SoundTrialFigures& f) {
  if (f.level_db < kNothingDb && f.noise_db < kNothingDb) return Loudness::Nothing;
  if (f.level_db < f.noise_db + kHeardOverNoiseDb && f.level_db < kSmallDb)
    return Loudness::Unheard;
  if (f.level_db < kSmallDb) return Loudness::Small;
  if (f.level_db > kLoudDb || f.peak_db > kPeakDb) return Loudness::Loud;
  return Loudness::Good;
}

Text loudness_words(Loudness l) {
  switch (l) {
    case Loudness::Nothing:
      return {"音なし", "no sound"};
    case Loudness::Unheard:
      return {"声が聞こえません", "nobody heard"};
    case Loudness::Small:
      return {"小さい", "too low"};
    case Loudness::Loud:
      return {"大きい", "too loud"};
    default:
      return {"ちょうど良い", "right"};
  }
}

void blame_opening(EquipmentItem& item, const SoundTrialFigures& f) {
  if (f.broke)
    blame(item, Verdict::Fail,
          {"試験の途中で音が止まりました。", "The sound stopped during the test."},
          {"ケーブルを確かめ、別のUSBの口につないでください。",
           "Check the cable and use another USB port."});
  else if (f.why == ErrorKind::NotFound)
    blame(item, Verdict::Fail,
          {"決めた音声機材が見つかりません。", "The sound device of this role is not there."},
          {"機材の電源を入れ、いつものUSBの口に差し直してください。",
           "Switch it on and plug it into its usual USB port."});
  else if (f.why == ErrorKind::FixInput || f.why == ErrorKind::Unsupported)
    blame(item, Verdict::Fail,
          {"この音声機材では使えない設定です。", "The device does not offer what is set."},
          {"会場設定のチャンネルと周波数を直してください。",
           "Correct its channel and sample rate in the venue's settings."});
  else
    blame(item, Verdict::Fail,
          {"音声機材を開けません。ほかのソフトが使っているようです。",
           "The sound device cannot be opened; another program seems to use it."},
          {"会議ソフトなどを終わらせてください。", "Close meeting programs and the like."});
}

void blame_level(EquipmentItem& item, Loudness l, bool mouth) {
  switch (l) {
    case Loudness::Nothing:
      // A player may rest, a microphone never gives nothing.
      blame(item, mouth ? Verdict::Fail : Verdict::Caution,
            {"機材は動いていますが、音がまったく入っていません。",
             "The device runs, but no sound at all comes in."},
            mouth ? Text{"マイクのスイッチ・電池とケーブルを確かめてください。",
                         "Check the microphone's switch, battery and cable."}
                  : Text{"つないだ機材で音を出し、音量を上げてください。",
                         "Play something on the connected device and turn it up."});
      break;
    case Loudness::Unheard:
      blame(item, Verdict::Caution,
            {"話し声を確かめられませんでした。", "No voice was heard during the test."},
            {"もう一度試験し、合図のあとマイクに向かって話してください。",
             "Test again, and speak into the microphone when asked."});
      break;
    case Loudness::Small:
      blame(item, Verdict::Caution, {"入力の音が小さすぎます。", "The input is too low."},
            {"音声機材の入力つまみ（GAIN）を上げてください。",
             "Turn up the input gain on the sound device."});
      break;
    case Loudness::Loud:
      blame(item, Verdict::Caution, {"入力の音が大きすぎます。", "The input is too loud."},
            {"音声機材の入力つまみ（GAIN）を下げるか、PADを入れてください。",
             "Turn down the input gain on the sound device, or switch its pad on."});
      break;
    case Loudness::Good:
      break;
  }
}

bool hums(const SoundTrialFigures& f) { return f.hum_over_db > kHumOverDb && f.hum_db > kHumDb; }

Text found_words(const SoundTrialFigures& f, Loudness l) {
  const Text word = loudness_words(l);
  Text t{"音声", "Sound"};
  const auto add = [&t](const std::string& ja, const std::string& en) {
    t.ja += ja;
    t.en += en;
  };
  if (f.channels > 0)
    t = {f.channels == 1 ? "モノラル" : std::to_string(f.channels) + "チャンネル",
         std::to_string(f.channels) + (f.channels == 1 ? " channel (mono)" : " channels")};
  if (f.channels == 2 && f.same_sides) add("（左右同じ音）", " (both the same)");
  if (f.rate > 0) {
    const std::string khz = " " + number_text(f.rate / 1000.0, "%g") + " kHz";
    add(khz, khz);
  }
  const std::string level = number_text(f.level_db, "%.0f"),
                    noise = number_text(f.noise_db, "%.0f"), clips = std::to_string(f.clips),
                    holes = std::to_string(f.dropouts);
  add("　声" + level + " dB（" + word.ja + "）　雑音" + noise + " dB",
      ", level " + level + " dB (" + word.en + "), noise " + noise + " dB");
  add("　音割れ" + clips + "　途切れ" + holes, ", " + clips + " clipped, " + holes + " drop-outs");
  if (hums(f))
    add("　電源の雑音" + std::to_string(f.hum_mains) + " Hz",
        ", hum " + std::to_string(f.hum_mains) + " Hz");
  else
    add("　電源の雑音なし", ", no hum");
  if (drift_known(f)) {
    const std::string ppm = number_text(f.drift_ppm, "%+.0f") + " ppm";
    add("　時計のずれ" + ppm, ", clock " + ppm);
  }
  return t;
}

void add_figures(EquipmentItem& item, const SoundTrialFigures& f) {
  item.figures = {{"channels", static_cast<double>(f.channels), ""},
                  {"rate", static_cast<double>(f.rate), "Hz"},
                  {"noise_dbfs", f.noise_db, "dBFS"},
                  {"level_dbfs", f.level_db, "dBFS"},
                  {"peak_dbfs", f.peak_db, "dBFS"},
                  {"left_dbfs", f.side_db[0], "dBFS"},
                  {"right_dbfs", f.side_db[1], "dBFS"},
                  {"clips", static_cast<double>(f.clips), ""},
                  {"dropouts", static_cast<double>(f.dropouts), ""},
                  {"gaps", static_cast<double>(f.gaps), ""},
                  {"hum_over_db", f.hum_over_db, "dB"},
                  {"hum_mains", hums(f) ? static_cast<double>(f.hum_mains) : 0, "Hz"}};
  if (drift_known(f)) item.figures.push_back({"drift_ppm", f.drift_ppm, "ppm"});
}

}  // namespace

EquipmentItem judge_sound(const Input& input, const SoundTrialFigures& f) {
  EquipmentItem item;
  item.id = "sound." + input.id;
  item.name = {input.name.ja + "　音", input.name.pick(Language::English) + ", sound"};
  item.device = f.device;
  item.verdict = Verdict::Pass;
  if (!input.source) {
    blame(item, Verdict::Caution,
          {"機材が割り当てられていません。", "No device is bound to this role."},
          {"会場の準備で機材を選んでください。", "Choose a device for it."});
    return item;
  }
  if (!f.opened || f.broke) blame_opening(item, f);
  if (!f.opened) return item;
  if (!f.flowed) {
    blame(item, Verdict::Fail,
          {"機材は開きますが、音が届きません。", "The device opens but gives no sound."},
          {"機材の電源を入れ直し、USBを差し直してください。",
           "Switch the device off and on, and plug it in again."});
    return item;
  }
  const Loudness l = loudness(f);
  const bool mouth = input.microphone || input.source->kind == "microphone";
  item.found = found_words(f, l);
  add_figures(item, f);
  if (f.dropouts >= kManyDropouts)
    blame(item, Verdict::Fail, {"音が何度も途切れています。", "The sound has holes."},
          {"ハブを通さず、PCのUSBの口に直接つないでください。",
           "Plug it straight into the PC, without a hub."});
  if (l == Loudness::Nothing) blame_level(item, l, mouth);
  if (f.clips > 0)
    blame(
        item, Verdict::Caution,
        {"音が割れています。入力が大きすぎます。", "The sound is clipped: the input is too loud."},
        {"音声機材の入力つまみ（GAIN）を下げるか、PADを入れてください。",
         "Turn down the input gain on the sound device, or switch its pad on."});
  const double louder = std::max(f.side_db[0], f.side_db[1]);
  if (f.channels >= 2 && louder > kSoundingDb &&
      std::abs(f.side_db[0] - f.side_db[1]) > kOneSidedDb) {
    const bool left = f.side_db[0] > f.side_db[1];
    blame(item, Verdict::Caution,
          {std::string("音が") + (left ? "左" : "右") + "からしか入っていません。",
           std::string("Sound comes from the ") + (left ? "left" : "right") + " side only."},
          {"反対側のケーブルを差すか、モノラルの設定にしてください。",
           "Plug in the other side's cable, or set this input to one channel."});
  }
  blame_level(item, l, mouth);
  if (f.dropouts > 0 || f.gaps > 1)
    blame(item, Verdict::Caution, {"音が途切れました。", "The sound had a hole."},
          {"ほかのソフトを終わらせ、別のUSBの口につないでください。",
           "Close other programs and use another USB port."});
  if (hums(f))
    blame(item, Verdict::Caution,
          {"「ブーン」という電源の雑音が入っています（" + std::to_string(f.hum_mains) + " Hz）。",
           "Mains hum (" + std::to_string(f.hum_mains) + " Hz) is in the sound."},
          {"音響卓との間にDIまたはグラウンドアイソレーターを入れてください。",
           "Put a DI box or ground isolator between the mixing desk and the PC."});
  const bool own_tone = input.source->kind == "test";  // it never rests
  if (mouth && !own_tone && f.noise_db > kNoisyDb)
    blame(item, Verdict::Caution, {"静かなときの雑音が大きめです。", "The room's noise is high."},
          {"空調などの音源から離し、マイクを口に近づけてください。",
           "Keep away from fans, and bring the microphone nearer to the mouth."});
  if (drift_known(f) && std::abs(f.drift_ppm) > kDriftPpm)
    blame(item, Verdict::Caution,
          {"機材の時計のずれが大きめです（自動で補正します）。",
           "The device's clock is far off (it is corrected automatically)."},
          {"長い催しでは別の音声機材を使ってください。",
           "Use another sound device for long events."});
  return item;
}

}  // namespace kakehashi
