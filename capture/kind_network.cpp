// SPDX-License-Identifier: GPL-3.0-or-later
// A camera on the network, RTSP first. Explicit chains: decodebin3 puts a multiqueue before each
// decoder, and frame threads in the decoder would hold one picture per thread back.
#include <gst/rtsp/gstrtsptransport.h>

#include <array>
#include <atomic>
#include <mutex>
#include <string_view>

#include "capture/deinterlace.h"
#include "capture/gst_pipeline.h"
#include "capture/gst_taps.h"
#include "capture/kinds.h"

namespace kakehashi {
namespace {

const KindDescription& description() {
  static const KindDescription d{"network",
                                 {"ネットワークカメラ", "Network camera"},
                                 {
                                     {"uri",
                                      {"アドレス（rtsp://…）", "Address (rtsp://...)"},
                                      std::string(),
                                      true,
                                      -1e18,
                                      1e18,
                                      {}},
                                     {"latency_ms",
                                      {"待ち時間（ミリ秒）", "Waiting for late packets (ms)"},
                                      std::int64_t{100},
                                      false,
                                      0,
                                      5000,
                                      {}},
                                     {"protocol",
                                      {"通信方式", "Transport"},
                                      std::string("tcp"),
                                      false,
                                      -1e18,
                                      1e18,
                                      {"tcp", "udp", "auto"}},
                                     deinterlace_field(),
                                 },
                                 true,
                                 true};
  return d;
}

struct Chain {
  std::string_view encoding;  // RTP encoding name (RFC 8866, IANA "RTP Payload Format Media Types")
  bool picture;
  const char* elements;
};
constexpr std::array kChains{
    Chain{"H264", true, "rtph264depay ! h264parse ! avdec_h264 thread-type=slice ! videoconvert"},
    Chain{"H265", true, "rtph265depay ! h265parse ! avdec_h265 thread-type=slice ! videoconvert"},
    Chain{"JPEG", true, "rtpjpegdepay ! jpegdec ! videoconvert"},
    Chain{"MPEG4-GENERIC", false, "rtpmp4gdepay ! aacparse ! avdec_aac ! audioconvert"},
    Chain{"OPUS", false, "rtpopusdepay ! opusdec ! audioconvert"},
    Chain{"PCMU", false, "rtppcmudepay ! mulawdec ! audioconvert"},
    Chain{"PCMA", false, "rtppcmadepay ! alawdec ! audioconvert"},
};

const Chain* chain_for(const GstCaps* caps) {
  const GstStructure* s =
      caps && gst_caps_get_size(caps) > 0 ? gst_caps_get_structure(caps, 0) : nullptr;
  const gchar* name = s ? gst_structure_get_string(s, "encoding-name") : nullptr;
  if (!name) return nullptr;
  for (const Chain& c : kChains)
    if (c.encoding == name) return &c;
  return nullptr;
}

// An address may hold a password; sentences and logs show it without.
std::string shown(const std::string& uri) {
  const auto scheme = uri.find("://");
  const auto at = uri.find('@');
  if (scheme == std::string::npos || at == std::string::npos) return uri;
  const auto slash = uri.find('/', scheme + 3);
  if (slash != std::string::npos && at > slash) return uri;
  return uri.substr(0, scheme + 3) + "***@" + uri.substr(at + 1);
}

class NetworkSource final : public Source {
 public:
  NetworkSource(std::unique_ptr<GstGraph> graph, const SourceContext& c, std::string name,
                Deinterlacing interlaced)
      : context_(c),
        name_(std::move(name)),
        interlaced_(std::move(interlaced)),
        graph_(std::move(graph)) {
    GstElement* src = (*graph_)["src"];
    g_signal_connect(src, "select-stream", G_CALLBACK(select_stream), this);
    g_signal_connect(src, "pad-added", G_CALLBACK(pad_added), this);
  }
  ~NetworkSource() override {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
      if (video_) video_->close();
      if (audio_) audio_->close();
    }
    graph_->stop();
  }

  // Blocks until the server answered with a stream we can use.
  Status start() {
    Status s = graph_->play(context_.clock->now());
    if (s.ok()) s = graph_->wait(6000, [&] { return linked_.load(); });
    if (!s.ok()) return std::move(s.error()).context(name_);
    if (!linked_)
      return Error{unusable_ ? ErrorKind::Unsupported : ErrorKind::TryLater,
                   name_ + (unusable_ ? ": it sends nothing that can be decoded; set the camera to "
                                        "H.264"
                                      : ": no answer; check the camera's power, its cable and the "
                                        "address")};
    return {};
  }
  Status poll() override {
    Status s = graph_->poll();
    if (!s.ok()) return std::move(s.error()).context(name_);
    if (graph_->ended()) return Error{ErrorKind::TryLater, name_ + ": the camera ended the stream"};
    return {};
  }
  std::string format() const override {
    const std::lock_guard lock(mutex_);
    return video_ ? video_->format() + " RTSP" : "RTSP";
  }
  bool own_pace() const override { return true; }

 private:
  // GStreamer's thread, before PLAY: streams nobody wants are not even asked for.
  static gboolean select_stream(GstElement*, guint, GstCaps* caps, gpointer self) {
    auto& me = *static_cast<NetworkSource*>(self);
    const Chain* chain = chain_for(caps);
    if (!chain) {
      me.unusable_ = true;
      return FALSE;
    }
    return chain->picture ? me.context_.video != nullptr : me.context_.audio != nullptr;
  }

  // GStreamer's thread, once per stream, before data flows.
  static void pad_added(GstElement*, GstPad* pad, gpointer self) {
    auto& me = *static_cast<NetworkSource*>(self);
    GstCaps* caps = gst_pad_get_current_caps(pad);
    if (!caps) caps = gst_pad_query_caps(pad, nullptr);
    if (const Chain* chain = chain_for(caps)) me.attach(pad, *chain);
    gst_caps_unref(caps);
  }
  void attach(GstPad* pad, const Chain& chain) {
    const std::lock_guard lock(mutex_);
    if (closing_) return;
    if (chain.picture ? video_ != nullptr : audio_ != nullptr) return;  // the first one of a sort
    const std::string text = std::string(chain.elements) + " ! " +
                             (chain.picture ? interlaced_.elements : "") + "appsink name=end";
    GstElement* bin = gst_parse_bin_from_description(text.c_str(), TRUE, nullptr);
    if (!bin) {
      unusable_ = true;  // a decoder is not installed
      return;
    }
    learn_field_order(bin);
    GstElement* end = gst_bin_get_by_name(GST_BIN(bin), "end");
    if (chain.picture)
      video_ = std::make_unique<VideoTap>(
          end, VideoTap::Config{context_.video, context_.clock, false, false, interlaced_.fields});
    else
      audio_ = std::make_unique<AudioTap>(end, context_.audio, context_.clock, false);
    gst_object_unref(end);
    gst_bin_add(GST_BIN(graph_->pipeline()), bin);
    gst_element_sync_state_with_parent(bin);
    GstPad* sink = gst_element_get_static_pad(bin, "sink");
    const bool ok = gst_pad_link(pad, sink) == GST_PAD_LINK_OK;
    gst_object_unref(sink);
    if (ok)
      linked_ = true;
    else
      unusable_ = true;
  }

  const SourceContext context_;
  const std::string name_;
  const Deinterlacing interlaced_;
  std::unique_ptr<GstGraph> graph_;
  mutable std::mutex mutex_;  // taps are made on GStreamer's thread, closed on the source's
  bool closing_ = false;
  std::unique_ptr<VideoTap> video_;
  std::unique_ptr<AudioTap> audio_;
  std::atomic<bool> linked_{false}, unusable_{false};
};

Result<std::unique_ptr<Source>> open(const Settings& s, const SourceContext& c) {
  const std::string uri = setting<std::string>(description(), s, "uri");
  const std::string name = "network camera \"" + shown(uri) + "\"";
  if (!uri.starts_with("rtsp://") && !uri.starts_with("rtsps://"))
    return Error{ErrorKind::Unsupported,
                 name + ": only rtsp:// and rtsps:// addresses can be opened in this version"};
  auto graph = GstGraph::parse("rtspsrc name=src");
  if (!graph.ok()) return std::move(graph).error();
  const std::string protocol = setting<std::string>(description(), s, "protocol");
  const GstRTSPLowerTrans transport =
      protocol == "udp" ? GST_RTSP_LOWER_TRANS_UDP
      : protocol == "tcp"
          ? GST_RTSP_LOWER_TRANS_TCP
          : static_cast<GstRTSPLowerTrans>(GST_RTSP_LOWER_TRANS_UDP | GST_RTSP_LOWER_TRANS_TCP);
  g_object_set((**graph)["src"], "location", uri.c_str(), "latency",
               static_cast<guint>(setting<std::int64_t>(description(), s, "latency_ms")),
               "drop-on-latency", TRUE, "protocols", transport, "tcp-timeout", guint64{4'000'000},
               "timeout", guint64{2'000'000}, "do-rtsp-keep-alive", TRUE, nullptr);
  auto source = std::make_unique<NetworkSource>(
      std::move(graph).value(), c, name,
      deinterlacing(setting<std::string>(description(), s, "deinterlace"), c.canvas.rate));
  if (Status started = source->start(); !started.ok()) return started.error();
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace

SourceKind network_kind() { return {description(), open}; }

}  // namespace kakehashi
