// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures and sound from an address: RTSP, SRT (we call, or we are called), RTMP and HTTP (HLS,
// MPEG-TS, FLV, MP4), by the address's scheme.
#include <gst/rtsp/gstrtsptransport.h>

#include <array>
#include <filesystem>

#include "capture/kinds.h"
#include "capture/network_address.h"
#include "capture/network_source.h"
#include "capture/network_tls.h"
#include "core/log.h"

namespace kakehashi {
namespace {

const KindDescription& description() {
  static const KindDescription d{
      "network",
      {"ネットワークカメラ", "Network camera"},
      {
          required(text_field("uri", {"アドレス（rtsp://、srt://、rtmp://、http://）",
                                      "Address (rtsp://, srt://, rtmp://, http://)"})),
          text_field("user", {"ユーザー名", "User name"}),
          text_field("password_key",
                     {"パスワードの登録名（鍵のファイル）", "Password's name in the secrets file"}),
          text_field("stream_id", {"ストリームID（SRT）", "Stream id (SRT)"}),
          text_field("certificate", {"カメラの証明書（PEMファイル。rtsps・https）",
                                     "Camera's certificate (PEM file; rtsps, https)"}),
          whole_field("latency_ms",
                      {"遅れを待つ時間（ミリ秒。0なら標準：RTSP 100、SRT 125、RTMP 0、HTTP 200）",
                       "Waiting for what is late (ms; 0 is the usual: RTSP 100, SRT 125, RTMP 0, "
                       "HTTP 200)"},
                      0, 0, 8000),
          choice_field("protocol", {"通信方式（RTSP）", "Transport (RTSP)"},
                       {"tcp", "udp", "auto"}),
          deinterlace_field(),
      },
      true,
      true};
  return d;
}

struct Wish {
  std::string uri;
  NetworkAddress address;
  std::string user;
  std::optional<Secret> password;
  std::string stream_id, protocol;
  // What else than this machine's authorities may have signed the camera's certificate, or that
  // certificate itself: cameras mostly sign their own. Null: nothing.
  std::shared_ptr<GTlsDatabase> trusted;
  int latency_ms = 0;

  int latency_or(int usual) const { return latency_ms > 0 ? latency_ms : usual; }
  const char* user_or_null() const { return user.empty() ? nullptr : user.c_str(); }
  const char* password_or_null() const { return password ? password->reveal().c_str() : nullptr; }
};

void prepare_rtsp(GstElement* src, const Wish& w, NetworkPlan& plan) {
  plan.protocol = "RTSP";
  const GstRTSPLowerTrans transport =
      w.protocol == "udp" ? GST_RTSP_LOWER_TRANS_UDP
      : w.protocol == "tcp"
          ? GST_RTSP_LOWER_TRANS_TCP
          : static_cast<GstRTSPLowerTrans>(GST_RTSP_LOWER_TRANS_UDP | GST_RTSP_LOWER_TRANS_TCP);
  g_object_set(src, "location", w.uri.c_str(), "latency", static_cast<guint>(w.latency_or(100)),
               "drop-on-latency", TRUE, "protocols", transport, "tcp-timeout", guint64{4'000'000},
               "timeout", guint64{2'000'000}, "do-rtsp-keep-alive", TRUE, nullptr);
  if (!w.user.empty()) g_object_set(src, "user-id", w.user.c_str(), nullptr);
  if (w.password) g_object_set(src, "user-pw", w.password_or_null(), nullptr);
  // Such a certificate names the camera's number, hardly ever its address here.
  if (w.trusted)
    g_object_set(src, "tls-database", w.trusted.get(), "tls-validation-flags",
                 G_TLS_CERTIFICATE_VALIDATE_ALL & ~G_TLS_CERTIFICATE_BAD_IDENTITY, nullptr);
}

// SRT never asks for less than 120 ms: its guidance is four round trips. tsdemux would add 700.
void prepare_srt(GstElement* src, const Wish& w, NetworkPlan& plan) {
  plan.protocol = "SRT";
  const auto query = [&](const char* name) -> std::string {
    const auto it = w.address.query.find(name);
    return it == w.address.query.end() ? std::string() : it->second;
  };
  const bool listens =
      query("mode") == "listener" || (query("mode").empty() && w.address.host.empty());
  const std::string host = w.address.host.empty() ? "0.0.0.0" : w.address.host;
  const bool v6 = host.find(':') != std::string::npos;
  const std::string uri = "srt://" + (v6 ? "[" + host + "]" : host) + ":" +
                          std::to_string(w.address.port) +
                          (listens ? "?mode=listener" : "?mode=caller");
  g_object_set(src, "uri", uri.c_str(), "latency", w.latency_or(125), "poll-timeout", 1000,
               "auto-reconnect", FALSE, nullptr);
  const std::string id = w.stream_id.empty() ? query("streamid") : w.stream_id;
  if (!id.empty()) g_object_set(src, "streamid", id.c_str(), nullptr);
  if (w.password) g_object_set(src, "passphrase", w.password_or_null(), nullptr);
  if (!listens) return;
  plan.open_ms = 1800;
  plan.silent = NetworkTrouble::Waiting;
  plan.silent_detail = "srt://" + own_address() + ":" + std::to_string(w.address.port);
}

void prepare_rtmp(GstElement* src, const Wish& w, NetworkPlan& plan) {
  plan.protocol = "RTMP";
  plan.spare = Duration::milliseconds(w.latency_ms);
  g_object_set(src, "location", w.uri.c_str(), "timeout", guint{5}, "idle-timeout", guint{5},
               nullptr);
  if (!w.user.empty()) g_object_set(src, "username", w.user.c_str(), nullptr);
  if (w.password) g_object_set(src, "password", w.password_or_null(), nullptr);
}

void prepare_http(GstElement* src, const Wish& w, NetworkPlan& plan) {
  plan.protocol = "HTTP";
  plan.open_ms = 8000;  // HLS: the list, then a whole piece of it
  plan.policy = StreamClock::Policy::Wait;
  plan.spare = Duration::milliseconds(w.latency_or(200));
  g_object_set(src, "location", w.uri.c_str(), "timeout", guint{5}, "retries", 0, "is-live", TRUE,
               "user-agent", "Kakehashi", nullptr);
  if (!w.user.empty()) g_object_set(src, "user-id", w.user.c_str(), nullptr);
  if (w.password) g_object_set(src, "user-pw", w.password_or_null(), nullptr);
  if (w.trusted) g_object_set(src, "tls-database", w.trusted.get(), nullptr);
}

struct Scheme {
  std::string_view name;
  const char* pipeline;  // "streams": where streams appear; "find": a typefind in its place
  bool tcp;              // somebody must answer on its port
  void (*prepare)(GstElement* src, const Wish& wish, NetworkPlan& plan);
};
constexpr const char* kRtsp = "rtspsrc name=src";
constexpr const char* kSrt = "srtsrc name=src ! tsdemux name=streams latency=20";
constexpr const char* kRtmp = "rtmp2src name=src ! flvdemux name=streams";
constexpr const char* kHttp = "souphttpsrc name=src ! typefind name=find";
constexpr std::array kSchemes{
    Scheme{"rtsp", kRtsp, true, prepare_rtsp},  Scheme{"rtsps", kRtsp, true, prepare_rtsp},
    Scheme{"srt", kSrt, false, prepare_srt},    Scheme{"rtmp", kRtmp, true, prepare_rtmp},
    Scheme{"rtmps", kRtmp, true, prepare_rtmp}, Scheme{"http", kHttp, true, prepare_http},
    Scheme{"https", kHttp, true, prepare_http},
};

Result<Wish> read_wish(const Settings& s, const SourceContext& c, const std::string& name) {
  const auto text = [&](const char* field) {
    return setting<std::string>(description(), s, field);
  };
  Wish w;
  w.uri = text("uri");
  w.user = text("user");
  w.stream_id = text("stream_id");
  w.protocol = text("protocol");
  w.latency_ms = static_cast<int>(setting<std::int64_t>(description(), s, "latency_ms"));
  if (const std::string key = text("password_key"); !key.empty()) {
    w.password = c.secret ? c.secret(key) : std::nullopt;
    if (!w.password)
      return network_error(NetworkTrouble::NoPassword,
                           name + ": the secrets file has no entry named \"" + key + "\"", key);
    redact_in_logs(*w.password);
  }
  auto address = parse_network_address(w.uri);
  if (!address)
    return network_error(NetworkTrouble::Address,
                         name + ": this is no address; write scheme://host:port/path");
  w.address = std::move(*address);
  if (const std::string file = text("certificate"); !file.empty()) {
    const std::filesystem::path path = std::filesystem::path(c.media_folder) / file;
    std::string why;
    GTlsDatabase* trusted = read_certificates(std::filesystem::absolute(path).string(), why);
    if (!trusted)
      return network_error(NetworkTrouble::Certificate,
                           name + ": certificate file " + path.string() + ": " + why,
                           path.filename().string());
    w.trusted = {trusted, [](GTlsDatabase* d) { g_object_unref(d); }};
  }
  return w;
}

Result<std::unique_ptr<Source>> open(const Settings& s, const SourceContext& c) {
  NetworkPlan plan;
  plan.name =
      "network camera \"" + shown_address(setting<std::string>(description(), s, "uri")) + "\"";
  auto wish = read_wish(s, c, plan.name);
  if (!wish.ok()) return std::move(wish.error());
  const NetworkAddress& address = wish->address;
  const auto scheme = std::find_if(kSchemes.begin(), kSchemes.end(),
                                   [&](const Scheme& row) { return row.name == address.scheme; });
  if (scheme == kSchemes.end())
    return network_error(NetworkTrouble::Address,
                         plan.name + ": only rtsp, srt, rtmp and http addresses can be opened");
  if (address.port == 0 || (scheme->tcp && address.host.empty()))
    return network_error(NetworkTrouble::Address, plan.name + ": host or port is missing; write " +
                                                      address.scheme + "://host:port");
  if (const std::string missing = missing_element(scheme->pipeline); !missing.empty())
    return missing_element_error(missing).context(plan.name);
  // Asked plainly first: each library would put "nobody there" in words of its own, or wait long.
  if (Status there = scheme->tcp            ? reach(address, Duration::seconds(2))
                     : address.host.empty() ? Status()
                                            : known(address);
      !there.ok())
    return std::move(there.error()).context(plan.name);
  auto graph = GstGraph::parse(scheme->pipeline);
  if (!graph.ok()) return std::move(graph).error();
  GstElement* src = (**graph)["src"];
  scheme->prepare(src, *wish, plan);
  const bool finds = scheme->pipeline == kHttp;
  GstElement* streams = finds                       ? (**graph)["find"]
                        : scheme->pipeline == kRtsp ? src
                                                    : (**graph)["streams"];
  auto source = std::make_unique<NetworkSource>(
      std::move(graph).value(), c, std::move(plan),
      deinterlacing(setting<std::string>(description(), s, "deinterlace"), c.canvas.rate));
  if (finds)
    source->streams_behind(streams);
  else
    source->streams_from(streams);
  if (scheme->pipeline == kSrt) source->callers_of(src);
  Status started = source->start();
  if (started.ok()) return std::unique_ptr<Source>(std::move(source));
  const bool secure = address.scheme.back() == 's' && scheme->tcp;
  if (secure && started.error().kind == ErrorKind::TryLater &&
      tls_refused(address, wish->trusted.get(), scheme->pipeline == kRtsp, 2))
    return network_error(NetworkTrouble::Tls, started.error().message);
  return started.error();
}

}  // namespace

SourceKind network_kind() { return {description(), SourceNature::Network, open}; }

}  // namespace kakehashi
