// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/trouble.h"

#include <cerrno>

namespace kakehashi {
namespace {

struct Row {
  Trouble what;
  ErrorKind kind;
  const char* sentence;  // how explain() finds the row again: no sentence is part of another
  bool server_speaks;    // the detail is the other side's own words: worth showing
  const char* ja;
  const char* en;
};

constexpr Row kRows[] = {
    {Trouble::BadAddress, ErrorKind::FixInput, "the destination's address is not usable", false,
     "配信先のURLが正しくありません。「rtmp://サーバー名/アプリ名」の形で入れ直してください。",
     "The destination's URL is not valid. Enter it again as rtmp://server/application."},
    {Trouble::NameUnknown, ErrorKind::TryLater, "the server's name was not found", false,
     "配信先サーバーの名前が見つかりません。インターネットの接続を確認してください。",
     "The server's name was not found. Check the internet connection."},
    {Trouble::Refused, ErrorKind::TryLater, "the server refused the connection", false,
     "配信先サーバーが受信の準備をしていません。サーバーの担当者に確認してください。",
     "The server is not ready to receive. Ask the person in charge of the server."},
    {Trouble::Unreachable, ErrorKind::TryLater, "the network does not reach the server", false,
     "配信先までネットワークが届いていません。LANケーブルまたはWi-Fiを確認してください。",
     "The network does not reach the server. Check the network cable or the Wi-Fi."},
    {Trouble::TimedOut, ErrorKind::TryLater, "the server did not answer in time", false,
     "配信先サーバーから応答がありません。回線の状態を確認してください。",
     "The server does not answer. Check the internet line."},
    {Trouble::PortBlocked, ErrorKind::FixSetup, "the port lets nothing through", false,
     "この回線は配信用の口（ポート）をふさいでいます。配信先のURLをRTMPS（rtmps://"
     "、443番）に替えてください。",
     "This network blocks the port. Use the destination's RTMPS address (rtmps://, port 443)."},
    {Trouble::Certificate, ErrorKind::FixSetup, "the server's certificate was not accepted", true,
     "配信先の証明書を確認できないため、接続を中止しました。配信先を検査の対象から外すよう、回線の"
     "担当者に頼んでください。",
     "The server could not prove who it is, so nothing was sent. Ask the network's staff to exempt "
     "it from inspection."},
    {Trouble::ClockOrAge, ErrorKind::FixSetup, "the certificate's time is not now", false,
     "配信先の証明書の期限が合わないため、接続を中止しました。このPCの日付と時刻を確認してください"
     "。",
     "The server's certificate is not valid at this time, so nothing was sent. Check this PC's "
     "date and time."},
    {Trouble::OtherName, ErrorKind::FixSetup, "the certificate is another server's", false,
     "つながった先が配信先と違うため、接続を中止しました。URLの綴りを確認してください。",
     "The certificate belongs to another server, so nothing was sent. Check the spelling of the "
     "URL."},
    {Trouble::NoTls, ErrorKind::FixSetup, "the server does not speak TLS", false,
     "配信先は暗号化（RTMPS）に応じません。URLの始まり（rtmp か "
     "rtmps）とポート番号を確認してください。",
     "The server does not answer to encryption. Check whether the URL begins with rtmp or rtmps, "
     "and its port."},
    {Trouble::NoInterface, ErrorKind::TryLater, "the chosen network interface is not there", false,
     "選んだ回線（ネットワーク）が見つかりません。ケーブルまたはUSB機材の接続を確認してください。",
     "The chosen network connection is not there. Check its cable or USB device."},
    {Trouble::NotRtmp, ErrorKind::FixSetup, "the server does not answer as a stream server", false,
     "配信先から正しい応答がありません。URLとポート番号を確認してください。",
     "The server does not answer as a streaming server. Check the URL and its port."},
    {Trouble::Rejected, ErrorKind::FixSetup, "the server rejected the stream", true,
     "配信先サーバーが配信を受け付けませんでした。ストリームキーを確認してください。",
     "The server did not accept the stream. Check the stream key."},
    {Trouble::NoSuchApp, ErrorKind::FixSetup, "the server does not know the application", true,
     "配信先サーバーが受付を断りました。URLの、サーバー名より後ろを確認してください。",
     "The server refused the application. Check the URL after the server's name."},
    {Trouble::KeyInUse, ErrorKind::TryLater, "the stream key is in use", true,
     "同じストリームキーで、すでに配信されています。もう一方の配信を止めてください。",
     "Somebody is already streaming with this key. Stop the other stream."},
    {Trouble::LoginAsked, ErrorKind::FixSetup, "the server asks for a name and a password", true,
     "配信先がユーザー名とパスワードを求めています。配信先の設定に入れてください。",
     "The server asks for a user name and a password. Enter them in the destination's settings."},
    {Trouble::LoginWrong, ErrorKind::FixSetup, "the server did not accept name and password", true,
     "ユーザー名またはパスワードが違います。配信先の設定を確認してください。",
     "The user name or the password is wrong. Check the destination's settings."},
    {Trouble::CodecRefused, ErrorKind::FixInput, "the server does not take this codec", false,
     "配信先がこの映像形式（HEVC・AV1）に対応していません。映像形式をH.264にしてください。",
     "The server does not take this kind of video. Set the encode to H.264."},
    {Trouble::Lost, ErrorKind::TryLater, "the connection was lost", false,
     "配信先との接続が切れました。自動で再接続しています。続くときは回線を確認してください。",
     "The connection was lost and is being made again. If this goes on, check the line."},
    {Trouble::Stuck, ErrorKind::TryLater, "the server stopped taking data", false,
     "回線が詰まって送信できません。ほかの通信を止めてください。",
     "The line is blocked and nothing can be sent. Stop other traffic on it."},
    {Trouble::FolderUnusable, ErrorKind::FixSetup, "the recording folder is not usable", false,
     "録画フォルダーに書き込めません。別のフォルダーを選んでください。",
     "The recording folder cannot be written to. Choose another folder."},
    {Trouble::DiskFull, ErrorKind::FixSetup, "the disk is full", false,
     "ディスクがいっぱいで録画できません。不要なファイルを削除してください。",
     "The disk is full and nothing is recorded. Delete files that are not needed."},
    {Trouble::DiskFailed, ErrorKind::FixSetup, "the recording could not be written", false,
     "録画ファイルに書き込めません。ディスクの接続を確認してください。",
     "The recording cannot be written. Check that the disk is connected."},
    {Trouble::DiskSlow, ErrorKind::FixSetup, "the disk was too slow", false,
     "ディスクへの書き込みが間に合わず、録画の一部が欠けました。別のディスクを選んでください。",
     "The disk was too slow and part of the recording is missing. Choose another disk."},
    {Trouble::UnknownKind, ErrorKind::Unsupported, "this kind of output does not exist", false,
     "この種類の配信先は使えません。配信先の設定を選び直してください。",
     "This kind of destination does not exist here. Choose another kind."},
    {Trouble::SrtAddress, ErrorKind::FixInput, "the SRT address is not usable", false,
     "SRTのアドレスが正しくありません。「srt://名前:ポート番号」の形で入れ直してください。",
     "The SRT address is not valid. Enter it again as srt://host:port."},
    {Trouble::SrtPassphrase, ErrorKind::FixSetup, "the SRT passphrase was not accepted", false,
     "SRTの合言葉が相手と合いません（10文字以上）。機材担当に登録し直してもらってください。",
     "The SRT passphrase does not match the other side's (10 letters or more). Have it registered "
     "again."},
    {Trouble::PortTaken, ErrorKind::FixSetup, "the port cannot be listened at", false,
     "待ち受けのポート番号がほかで使われています。別の番号にしてください。",
     "The port to wait at is in use. Choose another number."},
    {Trouble::HlsFolder, ErrorKind::FixSetup, "the overflow room's folder is not usable", false,
     "別会場用のフォルダーに書き込めません。フォルダーの場所と空き容量を確かめてください。",
     "The overflow room's folder cannot be written to. Check where it is and its free space."},
    {Trouble::CameraMissing, ErrorKind::FixSetup, "the virtual camera is not there", false,
     "仮想カメラがこのPCにありません。機材担当に仮想カメラ（v4l2loopback）の準備を頼んでください。",
     "This PC has no virtual camera. Have the technician set up v4l2loopback."},
    {Trouble::CameraTaken, ErrorKind::FixSetup, "the virtual camera is held by another program",
     false, "仮想カメラを別のソフトが使っています。Web会議のカメラをいったん切ってください。",
     "Another program holds the virtual camera. Switch the meeting's camera off for a moment."},
    {Trouble::Internal, ErrorKind::Bug, "the output could not be prepared", false,
     "配信の準備に失敗しました。配信をいったん終了し、もう一度開始してください。",
     "The output could not be prepared. Stop it and start again."},
};

const Row& row_of(Trouble what) {
  for (const Row& r : kRows)
    if (r.what == what) return r;
  return kRows[std::size(kRows) - 1];
}

}  // namespace

Error trouble(Trouble what, const std::string& detail) {
  const Row& row = row_of(what);
  return {row.kind, detail.empty() ? row.sentence : std::string(row.sentence) + ": " + detail};
}

Text explain(const Error& error) {
  for (const Row& row : kRows) {
    const std::string sentence = row.sentence;
    const auto at = error.message.find(sentence);
    if (at == std::string::npos) continue;
    Text text{row.ja, row.en};
    const auto detail = at + sentence.size() + 2;
    if (row.server_speaks && detail < error.message.size()) {
      text.ja += "（サーバーの応答: " + error.message.substr(detail) + "）";
      text.en += " (The server said: " + error.message.substr(detail) + ")";
    }
    return text;
  }
  const Row& row = row_of(Trouble::Internal);
  return {row.ja, row.en};
}

bool not_reached(const Error& error) {
  const auto is = [&](Trouble what, const char* detail = "") {
    return error.message.find(std::string(row_of(what).sentence) + detail) != std::string::npos;
  };
  return is(Trouble::NameUnknown) || is(Trouble::Refused) || is(Trouble::Unreachable) ||
         is(Trouble::PortBlocked) || is(Trouble::NoInterface) ||
         is(Trouble::TimedOut, ": connecting to ") || is(Trouble::TimedOut, ": looking up ");
}

Trouble connect_trouble(int errno_value) {
  switch (errno_value) {
    case ECONNREFUSED:
    case ECONNRESET:
      return Trouble::Refused;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EADDRNOTAVAIL:
      return Trouble::Unreachable;
    case ETIMEDOUT:
      return Trouble::TimedOut;
    default:
      return Trouble::Rejected;
  }
}

}  // namespace kakehashi
