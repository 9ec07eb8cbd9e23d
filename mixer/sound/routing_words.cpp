// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/routing.h"

namespace kakehashi {

Text bar_words(SoundBar bar, const Show& show, const Input& input) {
  const std::string& ja = input.name.ja;
  const std::string en = input.name.pick(Language::English);
  switch (bar) {
    case SoundBar::None:
      return {};
    case SoundBar::OwnReturn:
      return {"「" + ja +
                  "」を相手に返すと、自分の声が遅れて聞こえます。→ "
                  "返しには、ほかの音だけを送ってください。",
              en + " would hear its own voice come back. -> Send only other sound to its return."};
    case SoundBar::HallLoop:
      return {"「" + ja +
                  "」を会場のスピーカーへ返すと、ハウリングになります。→ "
                  "会場の声は会場の音響卓で出してください。",
              en + " would howl from the hall's loudspeakers. -> Let the hall's own mixing desk "
                   "play it."};
    case SoundBar::VenueOnly:
      return {"「" + ja +
                  "」は会場のみの音で、配信と録画には出せません。→ "
                  "配信できる別の音を使ってください。",
              en + " is for the hall only and cannot be streamed or recorded. -> Use sound that "
                   "may be streamed."};
    case SoundBar::NotAllowed:
      return {"「" + ja +
                  "」は会場へ出す音に入っていません。→ "
                  "行事の設定で、会場へ出す音に加えてください。",
              en + " is not among the sounds for the hall. -> Add it to the hall's list in the "
                   "event."};
    case SoundBar::KeptFrom:
      return {"手で外してあります。→ 出すときは、送り先を選び直してください。",
              "Taken out by hand. -> Choose where it is sent."};
    case SoundBar::Emergency:
      return {"緊急ふたの間は、すべて閉じています。→ 終わったら「元に戻す」で戻してください。",
              "Everything is closed under the emergency card. -> Take it off with \"Return\"."};
    case SoundBar::Card:
      return {"ふた画面の間は、マイクを閉じています。→ 場面を切り替えると開きます。",
              "Microphones are closed under a holding card. -> Change the scene to open them."};
    case SoundBar::Muted:
      return {"消音、またはつまみが下がっています。→ 消音を外し、つまみを上げてください。",
              "Muted, or the fader is down. -> Unmute it and raise the fader."};
    case SoundBar::Snapshot:
      return {"今の音のセットでは閉じています。→ 使うときは、音のセットを選び直してください。",
              "Closed by the sound set in use. -> Choose another sound set to use it."};
    case SoundBar::NoPicture:
      return {"映像が出ていないので、音も閉じています。→ 映像を本番に出すと開きます。",
              "Closed while its picture is not on program. -> Take the picture to open it."};
  }
  (void)show;
  return {};
}

}  // namespace kakehashi
