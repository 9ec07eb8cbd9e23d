// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/network_words.h"

#include <array>
#include <string_view>
#include <utility>

namespace kakehashi {
namespace {

ErrorKind kind_of(NetworkTrouble trouble) {
  switch (trouble) {
    case NetworkTrouble::Address:
      return ErrorKind::FixInput;
    case NetworkTrouble::Password:
    case NetworkTrouble::NoPassword:
    case NetworkTrouble::Tls:
    case NetworkTrouble::Certificate:
    case NetworkTrouble::Port:
      return ErrorKind::FixSetup;
    case NetworkTrouble::Path:
      return ErrorKind::NotFound;
    case NetworkTrouble::Codec:
    case NetworkTrouble::NoPicture:
      return ErrorKind::Unsupported;
    default:
      return ErrorKind::TryLater;
  }
}

// Which package of Debian 12 holds an element.
const char* package_of(std::string_view element) {
  if (element.starts_with("avdec_")) return "gstreamer1.0-libav";
  constexpr std::array kBad{"srtsrc",    "rtmp2src",       "tsdemux",
                            "h264parse", "mpegvideoparse", "h265parse"};
  for (const std::string_view e : kBad)
    if (e == element) return "gstreamer1.0-plugins-bad";
  constexpr std::array kBase{"opusdec", "audioconvert", "videoconvert", "appsrc", "appsink"};
  for (const std::string_view e : kBase)
    if (e == element) return "gstreamer1.0-plugins-base";
  return "gstreamer1.0-plugins-good";
}

}  // namespace

Text network_words(NetworkTrouble trouble, const std::string& detail) {
  switch (trouble) {
    case NetworkTrouble::Address:
      return {"ネットワークカメラのアドレスが正しくありません。→ 会場の設定でアドレスを確認",
              "The network camera's address is not valid. -> Correct it in the venue's settings"};
    case NetworkTrouble::Name:
      return {"ネットワークカメラの名前が見つかりません。→ アドレスの打ち間違いを確認",
              "The network camera's name is not known. -> Check the address for a typing mistake"};
    case NetworkTrouble::Refused:
      return {"ネットワークカメラに接続を断られました。→ カメラの配信設定とポート番号を確認",
              "The network camera refuses the connection. -> Check that it is streaming, and its "
              "port"};
    case NetworkTrouble::Silent:
      return {"ネットワークカメラから応答がありません。→ カメラの電源とLANケーブルを確認",
              "The network camera does not answer. -> Check its power and network cable"};
    case NetworkTrouble::Password:
      return {"ネットワークカメラのユーザー名かパスワードが違います。→ 鍵のファイルを確認",
              "The network camera's user or password is wrong. -> Correct the secrets file"};
    case NetworkTrouble::NoPassword:
      return {"パスワード「" + detail + "」が登録されていません。→ 鍵のファイルに追加",
              "There is no password named \"" + detail + "\". -> Add it to the secrets file"};
    case NetworkTrouble::Path:
      return {"ネットワークカメラにその映像がありません。→ アドレスの後半（/ から後）を確認",
              "The network camera has no such stream. -> Check the address after its slash"};
    case NetworkTrouble::Tls:
      return {"安全な接続（TLS）ができません。→ カメラの証明書とこのPCの時刻を確認",
              "No secure connection (TLS). -> Check the camera's certificate and this PC's clock"};
    case NetworkTrouble::Certificate:
      return {"証明書のファイル「" + detail + "」を読めません。→ 会場の設定でファイルを選び直す",
              "The certificate file \"" + detail +
                  "\" cannot be read. -> Choose it again in the venue's settings"};
    case NetworkTrouble::Codec:
      return {"映像の形式か大きさに対応していません。→ カメラをH.264・1920×1080に設定",
              "The format or size is not supported. -> Set the camera to H.264, 1920 x 1080"};
    case NetworkTrouble::NoPicture:
      return {"音声だけが届き、映像が届いていません。→ 送り側で映像の送信を入れる",
              "Only sound arrives, no picture. -> Switch the picture on at the sender"};
    case NetworkTrouble::Ended:
      return {"ネットワークカメラが送信をやめました。→ カメラの送信を始め直す",
              "The network camera stopped sending. -> Start it again at the camera"};
    case NetworkTrouble::Waiting:
      return {
          "送り側の接続を待っています。→ スマートフォンやカメラの送信先に " + detail + " を入力",
          "Waiting for the sender. -> Enter " + detail +
              " as the destination in the phone or camera"};
    case NetworkTrouble::Port:
      return {"受信用のポート " + detail + " を使えません。→ 同じポートを使うソフトを終了",
              "Port " + detail + " cannot be used. -> Close the program that uses it"};
  }
  return {};
}

Error network_error(NetworkTrouble trouble, std::string sentence, const std::string& detail) {
  return {kind_of(trouble), std::move(sentence), network_words(trouble, detail)};
}

Error missing_element_error(const std::string& element) {
  const std::string package = package_of(element);
  return {ErrorKind::FixSetup,
          "GStreamer's element " + element + " is missing; install the package " + package,
          {"受信に必要な部品がこのPCにありません。→ パッケージ " + package + " を入れる",
           "A part needed to receive is not installed. -> Install the package " + package}};
}

}  // namespace kakehashi
