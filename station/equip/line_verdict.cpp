// SPDX-License-Identifier: GPL-3.0-or-later
// The line in words: which step is blocked, by what, and the one thing to do.
#include <algorithm>
#include <cmath>

#include "station/equip/item_words.h"
#include "station/equip/line_check.h"

namespace kakehashi {
namespace {

using rtmp::LineTrouble;

constexpr double kGoodRatio = 2;     // of what the event needs, sustained
constexpr double kLeastRatio = 1.2;  // less than this breaks at the first disturbance
constexpr double kFarMs =
    250;  // round trip; a busy line or a server on the other side of the world

Text step_name(LineStep step) {
  switch (step) {
    case LineStep::Address:
      return {"URL", "the URL"};
    case LineStep::Name:
      return {"名前の検索（DNS）", "name look-up (DNS)"};
    case LineStep::Tcp:
      return {"接続（TCP）", "connection (TCP)"};
    case LineStep::Tls:
      return {"暗号化（TLS）", "encryption (TLS)"};
    case LineStep::Greeting:
      return {"配信の合図（RTMP）", "RTMP greeting"};
    case LineStep::Connect:
      return {"受付（RTMP connect）", "RTMP connect"};
    default:
      return {"送信", "upload"};
  }
}

void blame_tcp(EquipmentItem& item, const LineReport& r) {
  const std::string port = std::to_string(r.port), other = std::to_string(r.other_port);
  const bool blocked = r.trouble == LineTrouble::Silent || r.trouble == LineTrouble::Refused ||
                       r.trouble == LineTrouble::HungUp;
  if (blocked && r.other_answers && r.other_port == 443)
    blame(item, Verdict::Fail,
          {port + "番の口が庁内の回線でふさがれています（443番は通ります）。",
           "Port " + port + " is blocked on this network (443 is open)."},
          {"配信先のURLをRTMPS（rtmps://、443番）に替えてください。",
           "Use the destination's RTMPS address (rtmps://, port 443)."});
  else if (blocked && r.other_answers)
    blame(item, Verdict::Fail,
          {port + "番の口がふさがれています（" + other + "番は通ります）。",
           "Port " + port + " is blocked (" + other + " is open)."},
          {"回線の担当者に、" + port + "番の通信の許可を頼んでください。",
           "Ask the network's staff to allow port " + port + "."});
  else if (r.trouble == LineTrouble::Refused)
    blame(item, Verdict::Fail,
          {"サーバーは見つかりましたが、受信の準備をしていません。",
           "The server was found but does not listen."},
          {"URLとポート番号を確かめてください。", "Check the URL and its port."});
  else if (r.trouble == LineTrouble::Silent)
    blame(item, Verdict::Fail,
          {port + "番も" + other + "番も通りません。回線の入口で止められています。",
           "Neither port " + port + " nor " + other + " gets through: the network blocks them."},
          {"配信用の回線（モバイルルーターなど）につなぎ替えてください。",
           "Use a line meant for streaming, such as a mobile router."});
  else
    blame(item, Verdict::Fail,
          {"サーバーまでネットワークが届いていません。", "The network does not reach the server."},
          {"LANケーブルまたはWi-Fiを確かめてください。", "Check the network cable or the Wi-Fi."});
}

void blame_tls(EquipmentItem& item, const LineReport& r) {
  switch (r.trouble) {
    case LineTrouble::Expired:
      blame(item, Verdict::Fail,
            {"サーバーの証明書の期限が切れているか、このPCの時計が進んでいます。",
             "The server's certificate has expired, or this PC's clock is ahead."},
            {"PCの日付と時刻を確かめてください。", "Check this PC's date and time."});
      break;
    case LineTrouble::NotYetValid:
      blame(item, Verdict::Fail,
            {"証明書の有効期間の前です。このPCの時計が遅れています。",
             "The certificate is not valid yet: this PC's clock is behind."},
            {"PCの日付と時刻を合わせてください。", "Set this PC's date and time."});
      break;
    case LineTrouble::WrongName:
      blame(item, Verdict::Fail,
            {"つながった先の証明書が、別のサーバーのものです。",
             "The certificate belongs to another server."},
            {"配信先のURLの綴りを確かめてください。", "Check the spelling of the URL."});
      break;
    case LineTrouble::Untrusted:
      blame(item, Verdict::Fail,
            {"サーバーの証明書を確かめられません。途中の装置が通信の中身を見ているようです。",
             "The certificate cannot be verified: something on the way seems to look into the "
             "connection."},
            {"回線の担当者に、配信先を検査の対象から外すよう頼んでください。",
             "Ask the network's staff to exempt this server from inspection."});
      break;
    case LineTrouble::NoTls:
      blame(item, Verdict::Fail,
            {"つながった先は暗号化（RTMPS）に応じません。", "The server does not speak TLS."},
            {"URLの始まり（rtmp か rtmps か）とポート番号を確かめてください。",
             "Check whether the URL must begin with rtmp or rtmps, and its port."});
      break;
    default:
      blame(item, Verdict::Fail,
            {"暗号化の途中で接続が切られました。回線の入口で止められているようです。",
             "The connection was cut while encryption began; the network seems to block it."},
            {"回線の担当者に、RTMPS（" + std::to_string(r.port) + "番）の許可を頼んでください。",
             "Ask the network's staff to allow RTMPS on port " + std::to_string(r.port) + "."});
  }
}

void blame_rtmp(EquipmentItem& item, const LineReport& r) {
  if (r.trouble == LineTrouble::Rejected) {
    const std::string ja = r.said.empty() ? "" : "（" + r.said + "）";
    const std::string en = r.said.empty() ? "" : " (" + r.said + ")";
    blame(item, Verdict::Fail,
          {"サーバーが受付を断りました" + ja + "。", "The server refused" + en + "."},
          {"配信先のURLの、サーバー名より後ろを確かめてください。",
           "Check the URL after the server's name."});
  } else if (r.trouble == LineTrouble::NotRtmp) {
    blame(item, Verdict::Fail,
          {"つながった先は配信のサーバーではありません。", "That is not a streaming server."},
          {"URLとポート番号を確かめてください。", "Check the URL and its port."});
  } else if (r.tls) {
    blame(item, Verdict::Fail,
          {"暗号化のあと、サーバーから返事がありません。",
           "After encryption began the server does not answer."},
          {"URLを確かめ、時間をおいてもう一度試してください。",
           "Check the URL and try again later."});
  } else {
    const std::string port = std::to_string(r.port);
    blame(item, Verdict::Fail,
          {port + "番につながりますが、返事がありません。途中の装置が配信を止めているようです。",
           "Port " + port + " connects but nothing answers: something on the way stops streams."},
          {"配信先のURLをRTMPS（rtmps://、443番）に替えてください。",
           "Use the destination's RTMPS address (rtmps://, port 443)."});
  }
}

// False: nothing to blame.
bool blame_step(EquipmentItem& item, const LineReport& r) {
  if (r.reached == LineStep::Done) return false;
  if (r.trouble == LineTrouble::Stopped) {
    item.verdict = Verdict::Skipped;
    item.cause = {"試験を途中でやめました。", "The test was cancelled."};
    return true;
  }
  const Text step = step_name(r.reached);
  item.found = {"「" + step.ja + "」で止まりました", "Stopped at: " + step.en};
  switch (r.reached) {
    case LineStep::Address:
      blame(item, Verdict::Fail,
            {"配信先のURLが正しくありません。", "The destination's URL is not valid."},
            {"「rtmp://サーバー名/アプリ名」の形で入れ直してください。",
             "Enter it again as rtmp://server/application."});
      break;
    case LineStep::Name:
      blame(item, Verdict::Fail,
            {"サーバーの名前が見つかりません。", "The server's name was not found."},
            {"インターネットの接続と、URLの綴りを確かめてください。",
             "Check the internet connection and the URL's spelling."});
      break;
    case LineStep::Tcp:
      blame_tcp(item, r);
      break;
    case LineStep::Tls:
      blame_tls(item, r);
      break;
    default:
      blame_rtmp(item, r);
  }
  return true;
}

}  // namespace

EquipmentItem judge_line(const Destination& destination, const LineReport& r) {
  EquipmentItem item;
  item.id = "network." + destination.id;
  const std::string& name = destination.name.ja.empty() ? destination.id : destination.name.ja;
  item.name = {
      name + "　接続",
      (destination.name.ja.empty() ? destination.id : destination.name.pick(Language::English)) +
          ", connection"};
  item.device = r.host;
  item.verdict = Verdict::Pass;
  // The practice receiver of this PC runs only while somebody practises.
  if (destination.scope == AudienceScope::Practice && r.reached == LineStep::Tcp &&
      (r.host == "localhost" || r.host.starts_with("127.") || r.host == "::1")) {
    item.verdict = Verdict::Skipped;
    item.cause = {"練習用の受信機が動いていません（本番の配信には関係ありません）。",
                  "The practice receiver is not running (an event does not need it)."};
    item.action = {"練習のときに受信機を起動してください。", "Start it when you practise."};
    return item;
  }
  if (blame_step(item, r)) return item;
  item.found = {
      r.tls ? "接続できます（暗号化あり）　配信はしていません" : "接続できます　配信はしていません",
      r.tls ? "Connects, encrypted; nothing was published" : "Connects; nothing was published"};
  item.figures = {{"tcp_ms", r.tcp_ms, "ms"},
                  {"ready_ms", r.ready_ms, "ms"},
                  {"port", static_cast<double>(r.port), ""}};
  if (r.tcp_ms > kFarMs)
    blame(item, Verdict::Caution,
          {"サーバーの返事が遅れています。回線が混んでいるようです。",
           "The server answers late; the line seems busy."},
          {"ほかの通信を止めてください。", "Stop other traffic on this line."});
  return item;
}

EquipmentItem judge_upload(const UploadTrial& trial, double needed_kbps, double tried_kbps) {
  EquipmentItem item;
  item.id = "network.upload";
  item.name = {"回線の速さ", "Upload speed"};
  item.device = trial.line.host;
  item.verdict = Verdict::Pass;
  const rtmp::UploadFigures& f = trial.figures;
  if (trial.line.reached != LineStep::Upload && blame_step(item, trial.line)) {
    if (item.verdict == Verdict::Skipped) return item;
    item.found = {"試験サーバー：" + item.found.ja, "Test server: " + item.found.en};
    item.verdict = Verdict::Caution;  // the event's own destinations may be well
    return item;
  }
  if (f.trouble == LineTrouble::Stopped) {
    blame_step(item, trial.line);
    return item;
  }
  const double ratio = needed_kbps > 0 ? f.kbps / needed_kbps : 0;
  item.figures = {{"upload_ratio", ratio, ""},
                  {"upload_kbps", f.kbps, "kbps"},
                  {"worst_second_kbps", f.worst_kbps, "kbps"},
                  {"needed_kbps", needed_kbps, "kbps"},
                  {"longest_stall_ms", f.longest_stall_ms, "ms"},
                  {"seconds", f.seconds, "s"}};
  if (f.trouble == LineTrouble::Rejected || f.trouble == LineTrouble::NotRtmp) {
    item.found = {"試験サーバーが受け付けませんでした", "The test server refused"};
    blame(item, Verdict::Caution,
          {"試験サーバーの設定が合っていません。", "The test server's address does not fit."},
          {"会場設定の試験サーバーのURLを確かめてください。",
           "Check the test server's URL in the venue's settings."});
    return item;
  }
  const bool all = tried_kbps > 0 && f.kbps > 0.97 * tried_kbps;
  const std::string times = number_text(std::floor(ratio * 10) / 10) + (all ? "倍以上" : "倍");
  const std::string times_en =
      number_text(std::floor(ratio * 10) / 10) + (all ? " times or more" : " times");
  const char* ja = ratio >= kGoodRatio    ? "余裕あり"
                   : ratio >= kLeastRatio ? "余裕が少ない"
                                          : "不足";
  const char* en = ratio >= kGoodRatio    ? "plenty"
                   : ratio >= kLeastRatio ? "little to spare"
                                          : "too slow";
  item.found = {std::string("回線：") + ja + "（必要の" + times + "）",
                std::string("Line: ") + en + " (" + times_en + " what is needed)"};
  if (f.trouble != LineTrouble::None)
    blame(item, Verdict::Fail,
          {"送信の途中で回線が切れました。", "The line broke during the upload."},
          {"有線LANにするか、別の回線を使ってください。",
           "Use a cable instead of Wi-Fi, or another line."});
  else if (ratio < kLeastRatio)
    blame(item, Verdict::Fail,
          {"この回線では、決めた画質の配信ができません。",
           "This line is too slow for the picture quality that is set."},
          {"画質を「軽い回線（720p 2.5 Mbps）」に下げるか、別の回線を使ってください。",
           "Lower the quality to 720p 2.5 Mbit/s, or use another line."});
  else if (ratio < kGoodRatio || f.worst_kbps < needed_kbps)
    blame(item, Verdict::Caution,
          ratio < kGoodRatio
              ? Text{"回線の速さに余裕がありません（必要の2倍が目安です）。",
                     "The line has little to spare (twice what is needed is wanted)."}
              : Text{"速さが大きく揺れています。", "The speed goes up and down."},
          {"ほかの通信を止めるか、有線LANにしてください。",
           "Stop other traffic, or use a cable instead of Wi-Fi."});
  return item;
}

EquipmentItem upload_not_tested() {
  return skipped_item(
      "network.upload", {"回線の速さ", "Upload speed"},
      {"試験サーバーが決まっていないので、接続までを確かめました。速さは測っていません。",
       "No test server is set: connections were checked, the speed was not measured."},
      {"会場設定に試験サーバーのURL（test_server）を入れてください。",
       "Set a test server (test_server) in the venue's settings."});
}

}  // namespace kakehashi
