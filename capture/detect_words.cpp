// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/detect_words.h"

namespace kakehashi {
namespace {

constexpr unsigned bit(InputSort s) { return 1U << static_cast<unsigned>(s); }
constexpr unsigned kAny = ~0U;
constexpr unsigned kPc = bit(InputSort::Computer);
constexpr unsigned kNetwork = bit(InputSort::Network);

struct Row {
  Finding finding;
  unsigned sorts;  // the first row that fits is taken
  Severity severity;
  Text what, action;
};

const std::vector<Row>& rows() {
  using F = Finding;
  using S = Severity;
  static const std::vector<Row> table{
      {F::Black,
       kPc,
       S::Caution,
       {"映像が真っ黒です。PCのスリープか、複製を禁じた映像（HDCP）のようです。",
        "The picture is black: the PC sleeps, or its film is copy-protected (HDCP)."},
       {"PCの画面を起こし、保護された動画や再生ソフトを閉じてください。",
        "Wake the PC and close protected films and players."}},
      {F::Black,
       bit(InputSort::Screen),
       S::Caution,
       {"取り込んでいる画面が真っ黒です。", "The captured screen is black."},
       {"その画面の電源と表示内容を確認してください。",
        "Check that the screen is on and shows something."}},
      {F::Black,
       bit(InputSort::Film),
       S::Notice,
       {"再生中の動画が真っ黒です。", "The film shows black."},
       {"動画の中身と再生位置を確認してください。", "Check the film and where it plays."}},
      {F::Black,
       kNetwork,
       S::Caution,
       {"映像は届いていますが、真っ黒です。レンズのふたか、送り出し側のようです。",
        "Pictures arrive but are black: a lens cap, or the sending side."},
       {"送り出し側のカメラの映像を確認してください。", "Look at the camera at the sending side."}},
      {F::Black,
       kAny,
       S::Caution,
       {"映像が真っ黒です。レンズのふたか、会場の明かりのようです。",
        "The picture is black: a lens cap, or no light in the hall."},
       {"レンズのふたと絞りを確認してください。", "Check the lens cap and the iris."}},

      {F::Frozen,
       kNetwork,
       S::Caution,
       {"映像が止まっています。送り出し側で固まったようです。",
        "The picture stands still: the sending side seems to have frozen."},
       {"送り出し側のアプリかカメラを入れ直してください。",
        "Restart the app or camera at the sending side."}},
      {F::Frozen,
       kAny,
       S::Caution,
       {"映像が止まっています。カメラか変換器が固まったようです。",
        "The picture stands still: the camera or its converter has frozen."},
       {"カメラの電源を入れ直してください。", "Switch the camera off and on again."}},

      {F::Flicker,
       kAny,
       S::Notice,
       {"照明のちらつきが映っています。シャッター速度が照明と合っていません。",
        "The light flickers in the picture: the shutter does not suit the lamps."},
       {"カメラのシャッターを1/100秒（西日本は1/60秒）にしてください。",
        "Set the camera's shutter to 1/100 s (1/60 s where mains are 60 Hz)."}},

      {F::Comb,
       bit(InputSort::Network),
       S::Notice,
       {"動くところに横じまが出ています。インターレースの映像です。",
        "What moves shows fine stripes: the picture is interlaced."},
       {"送り出し側のカメラをプログレッシブ（30p）にしてください。",
        "Set the camera at the sending side to progressive (30p)."}},
      {F::Comb,
       kAny,
       S::Notice,
       {"動くところに横じまが出ています。インターレースの映像です。",
        "What moves shows fine stripes: the picture is interlaced."},
       {"この入力の設定で「インターレース解除」を入れてください。",
        "Switch on deinterlacing in this input's settings."}},

      {F::FourThree,
       kPc,
       S::Notice,
       {"左右に黒い帯があります。PCの画面か資料が4:3です。",
        "Black bars left and right: the PC's screen or slides are 4:3."},
       {"PCの画面を1920×1080にし、資料を16:9にしてください。",
        "Set the PC to 1920x1080 and the slides to 16:9."}},
      {F::FourThree,
       bit(InputSort::Film),
       S::Notice,
       {"左右に黒い帯があります。動画が4:3です。", "Black bars left and right: the film is 4:3."},
       {"このままでよいか確認してください。", "Check that it is meant to be so."}},
      {F::FourThree,
       kAny,
       S::Notice,
       {"左右に黒い帯があります。カメラの出力が4:3です。",
        "Black bars left and right: the camera's output is 4:3."},
       {"カメラの映像出力を16:9にしてください。", "Set the camera's output to 16:9."}},

      {F::NoSignal,
       kPc,
       S::Caution,
       {"取り込み機が「信号なし」の画面を出しています。PCの映像が届いていません。",
        "The capture device shows its \"no signal\" picture: nothing comes from the PC."},
       {"HDMIケーブルを差し直し、PCの画面を「複製」にしてください。",
        "Plug the HDMI cable in again and set the PC to duplicate its screen."}},
      {F::NoSignal,
       kAny,
       S::Caution,
       {"取り込み機が「信号なし」の画面を出しています。カメラの映像が届いていません。",
        "The capture device shows its \"no signal\" picture: nothing comes from the camera."},
       {"カメラの電源とHDMIケーブルを確認してください。",
        "Check the camera's power and the HDMI cable."}},

      {F::Silent,
       kPc,
       S::Notice,
       {"PCの音が来ていません。", "No sound comes from the PC."},
       {"PCの音の出力先（HDMI）と音量を確認してください。",
        "Check the PC's sound output (HDMI) and volume."}},
      {F::Silent,
       bit(InputSort::Line),
       S::Notice,
       {"音がまったく来ていません。", "No sound at all comes in."},
       {"音響卓の出力とケーブルを確認してください。", "Check the mixer's output and the cable."}},
      {F::Silent,
       bit(InputSort::Microphone),
       S::Caution,
       {"音がまったく来ていません。マイクのスイッチ、電池、ケーブルのどれかのようです。",
        "No sound at all: the microphone's switch, battery or cable."},
       {"マイクのスイッチを入れ、話してみてください。", "Switch the microphone on and speak."}},
      {F::Silent,
       kAny,
       S::Caution,
       {"映像は来ていますが、音がまったく来ていません。", "Pictures come, but no sound at all."},
       {"カメラの音声設定と外部マイクを確認してください。",
        "Check the camera's sound settings and external microphone."}},

      {F::OneSided,
       kAny,
       S::Caution,
       {"片方のチャンネルからしか音が来ていません。", "Sound comes on one side only."},
       {"ケーブルを差し直すか、この入力をモノラルに設定してください。",
        "Plug the cable in again, or set this input to mono."}},

      {F::Clipping,
       kPc,
       S::Caution,
       {"音が割れています。PCの音量が大きすぎます。",
        "The sound is distorted: the PC is too loud."},
       {"PCの音量を下げてください。", "Turn the PC's volume down."}},
      {F::Clipping,
       bit(InputSort::Microphone),
       S::Caution,
       {"音が割れています。マイクの入力が大きすぎます。",
        "The sound is distorted: the microphone's level is too high."},
       {"機材の入力つまみ（GAIN）を下げてください。",
        "Turn down the input knob (GAIN) on the device."}},
      {F::Clipping,
       kAny,
       S::Caution,
       {"音が割れています。送り出す側の音量が大きすぎます。",
        "The sound is distorted: what is sent is too loud."},
       {"送り出す側の音量を下げてください（PADがあれば入れる）。",
        "Turn the sender's level down (or switch a PAD on)."}},

      {F::Hum,
       bit(InputSort::Microphone),
       S::Notice,
       {"「ブーン」という電源の雑音が入っています。", "Mains hum is in the sound."},
       {"マイクのケーブルを電源コードから離してください。",
        "Move the microphone cable away from power cords."}},
      {F::Hum,
       kAny,
       S::Notice,
       {"「ブーン」という電源の雑音が入っています。アースの回り込みのようです。",
        "Mains hum is in the sound: probably a ground loop."},
       {"機材の間にDI（絶縁トランス）を入れてください。",
        "Put a DI box (isolating transformer) between the devices."}},

      {F::Dropouts,
       bit(InputSort::Microphone),
       S::Caution,
       {"音がとぎれとぎれです。ワイヤレスの電池か混信のようです。",
        "The sound keeps breaking off: a wireless battery or interference."},
       {"ワイヤレスマイクの電池を替えてください。", "Change the wireless microphone's battery."}},
      {F::Dropouts,
       kNetwork,
       S::Caution,
       {"音がとぎれとぎれです。回線か送り出し側のようです。",
        "The sound keeps breaking off: the line or the sending side."},
       {"送り出し側の電波と回線を確認してください。", "Check the sender's network connection."}},
      {F::Dropouts,
       kAny,
       S::Caution,
       {"音がとぎれとぎれです。ケーブルの接触のようです。",
        "The sound keeps breaking off: probably a loose cable."},
       {"ケーブルを差し直してください。", "Plug the cable in again."}},
  };
  return table;
}

}  // namespace

InputFinding finding_words(Finding f, InputSort sort, bool never_heard) {
  if (never_heard)
    return {finding_id(f),
            Severity::Notice,
            {"まだ声が入っていません。スイッチか音量のようです。",
             "Nothing has been heard yet: a switch or the gain."},
            {"このマイクに話して、メーターが振れるか確認してください。",
             "Speak into it and watch its meter move."}};
  for (const Row& row : rows())
    if (row.finding == f && (row.sorts & bit(sort)))
      return {finding_id(f), row.severity, row.what, row.action};
  return {finding_id(f), Severity::Notice, {}, {}};
}

}  // namespace kakehashi
