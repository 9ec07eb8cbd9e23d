// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/signal_words.h"

namespace kakehashi {

namespace {

Text device_words(const std::string& kind) {
  if (kind == "camera") return {"カメラ", "The camera"};
  if (kind == "microphone") return {"マイク", "The microphone"};
  if (kind == "screen") return {"画面", "The screen"};
  if (kind == "network") return {"ネットワークカメラ", "The network camera"};
  return {"機材", "The device"};
}

// Empty: this trouble has no words of its own here.
Text trouble_words(const SourceKind& source, Trouble trouble) {
  const std::string& kind = source.description.name;
  const Text device = device_words(kind);
  if (kind == "network" && trouble != Trouble::Hanging) return {};  // told apart where it is opened
  switch (trouble) {
    case Trouble::Busy:
      return {device.ja + "をほかのソフトが使っています。→ そのソフト（Web会議など）を終了",
              device.en + " is used by another program. -> Close that program (a web meeting?)"};
    case Trouble::Forbidden:
      if (is_media(source.nature))
        return {"ファイルを読む権限がありません。→ 読める場所に置き直す",
                "This user may not read the file. -> Put it where it can be read"};
      return {device.ja + "を使う権限がありません。→ 機材担当に「" +
                  (kind == "microphone" ? "audio" : "video") + "グループ」への追加を依頼",
              device.en +
                  " may not be used by this user. -> Ask the technician to add the user to " +
                  "the group " + (kind == "microphone" ? "audio" : "video")};
    case Trouble::Format:
      if (kind != "camera" && kind != "microphone") return {};
      return {device.ja + "が選んだ形式で動きません。→ 会場設定で大きさと形式を自動に",
              device.en + " refuses the chosen format. -> Set its size and format to automatic"};
    case Trouble::Hanging:
      return {device.ja + "が応答しません。→ 一度抜いて、さし直す",
              device.en + " does not answer. -> Unplug it and plug it in again"};
    case Trouble::Crowded:
      if (kind != "camera") return {};
      return {
          "USBの通り道がいっぱいで、カメラの映像が通りません。→ 別のUSBの口（別のハブ）に移す",
          "The USB bus is full; the camera's picture does not get through. -> Move it to another "
          "USB port or hub"};
    case Trouble::NoSignal:
      return {device.ja + "に信号が入っていません。→ 送り側の電源とHDMIケーブルを確認",
              device.en + " gets no signal. -> Check the sender's power and the HDMI cable"};
    case Trouble::Gone:
    case Trouble::Unknown:
      break;
  }
  return {};
}

}  // namespace

Text no_signal_words(const SourceKind& source, ErrorKind why, Trouble trouble) {
  if (Text words = trouble_words(source, trouble); !words.ja.empty()) return words;
  const std::string& kind = source.description.name;
  const bool missing = why == ErrorKind::NotFound || why == ErrorKind::FixInput;
  if (kind == "camera") {
    if (why == ErrorKind::FixSetup)
      return {"カメラを開けません。→ ほかのソフトがカメラを使っていないか確認",
              "The camera cannot be opened. -> Close other programs that use it"};
    return {"カメラの映像が来ていません。→ HDMI／USBケーブルを確認",
            "No picture from the camera. -> Check the HDMI or USB cable"};
  }
  if (kind == "microphone") {
    if (why == ErrorKind::FixSetup)
      return {"マイクを開けません。→ ほかのソフトがマイクを使っていないか確認",
              "The microphone cannot be opened. -> Close other programs that use it"};
    if (missing)
      return {"マイクが見つかりません。→ マイクの接続を確認",
              "The microphone was not found. -> Check that it is connected"};
    return {"マイクの音が来ていません。→ マイクの接続と電源を確認",
            "No sound from the microphone. -> Check its cable and power"};
  }
  if (kind == "application")
    return {"アプリの音を取り込めません。→ アプリで音を鳴らしてみる",
            "The application's sound cannot be taken. -> Let it play"};
  if (kind == "screen") {
    if (why == ErrorKind::FixInput)
      return {"取り込む範囲が画面の外です。→ 画面取り込みの設定を確認",
              "The region is outside the screen. -> Correct the capture settings"};
    return {"画面を取り込めません。→ 取り込む画面がついているか確認",
            "The screen cannot be captured. -> Check that it is on"};
  }
  if (kind == "network") {
    if (why == ErrorKind::Unsupported)
      return {"カメラの映像形式に対応していません。→ カメラをH.264に設定",
              "The camera's format is not supported. -> Set the camera to H.264"};
    return {"ネットワークカメラの映像が届きません。→ カメラの電源とLANケーブルを確認",
            "No picture from the network camera. -> Check its power and network cable"};
  }
  if (kind == "rtmp_push")
    return {"スマートフォンの映像が届きません。→ アプリの送信とWi-Fiを確認",
            "No picture from the phone. -> Check that its app is sending, and its Wi-Fi"};
  if (kind == "clip") {
    if (missing)
      return {"動画ファイルが見つかりません。→ ファイルの場所を確認",
              "The film file was not found. -> Check where the file is"};
    return {"動画を再生できません。→ 別のファイルに差し替え",
            "The film cannot be played. -> Use another file"};
  }
  if (kind == "image") {
    if (missing)
      return {"画像ファイルが見つかりません。→ ファイルの場所を確認",
              "The image file was not found. -> Check where the file is"};
    return {"画像を表示できません。→ PNGまたはJPEGの画像に差し替え",
            "The image cannot be shown. -> Use a PNG or JPEG image"};
  }
  if (kind == "slides") {
    if (missing && why == ErrorKind::NotFound)
      return {"資料のPDFが見つかりません。→ ファイルの場所を確認",
              "The PDF was not found. -> Check where the file is"};
    if (missing)
      return {"資料のPDFにパスワードがかかっています。→ パスワードなしで保存し直す",
              "The PDF is locked by a password. -> Save it without one"};
    if (why == ErrorKind::TryLater)
      return {"資料のPDFが重く、表示できません。→ 図を画像にして保存し直す",
              "The PDF is too heavy to show. -> Save its drawings as images"};
    return {"資料のPDFを開けません。→ 元のソフトからPDFを作り直す",
            "The PDF cannot be opened. -> Export it anew from its program"};
  }
  if (kind == "pipewire")
    return {"カメラの映像が来ていません。→ カメラのケーブルを確認",
            "No picture from the camera. -> Check its cable"};
  if (kind == "portal") {
    if (why == ErrorKind::FixSetup)
      return {"このPCでは画面を共有できません。→ 機材担当に画面共有の部品を入れてもらう",
              "This PC cannot share its screen. -> Have xdg-desktop-portal installed"};
    return {"画面の共有が許可されていません。→ 共有する画面を選んで「許可」",
            "Sharing the screen was not allowed. -> Choose a screen and allow it"};
  }
  if (kind == "decklink") {
    if (why == ErrorKind::FixSetup)
      return {"DeckLinkカードが使えません。→ 機材担当にドライバーを入れてもらう",
              "The DeckLink card does not work. -> Have its driver installed"};
    return {"DeckLinkカードに映像が来ていません。→ カメラのケーブルを確認",
            "No picture at the DeckLink card. -> Check the camera's cable"};
  }
  return {"信号が来ていません。→ 入力の設定を確認",
          "No signal. -> Check the settings of this input"};
}

Text unbound_words() {
  return {"機材が割り当てられていません。→ 「準備」で機材を割り当て",
          "No device is assigned. -> Give it one at Prepare"};
}

Text unknown_kind_words(const std::string& kind) {
  return {"入力の種類「" + kind + "」は使えません。→ 会場設定を確認",
          "This version has no source kind \"" + kind + "\". -> Correct the venue file"};
}

}  // namespace kakehashi
