// SPDX-License-Identifier: GPL-3.0-or-later
// A phone as a camera: its app sends RTMP to this machine, under the stream name of one input.
#include <gst/app/gstappsrc.h>

#include "capture/kinds.h"
#include "capture/network_address.h"
#include "capture/network_source.h"
#include "capture/push_listener.h"

namespace kakehashi {
namespace {

constexpr guint64 kMostWaiting = 16 * 1024 * 1024;  // bytes our own pipeline may be behind

const KindDescription& description() {
  static const KindDescription d{
      "rtmp_push",
      {"スマートフォン（RTMPで受信）", "Phone (sends RTMP to us)"},
      {
          required(text_field("stream", {"受信名（英数字）", "Stream name"}, "camera1")),
          whole_field("port", {"受信ポート", "Port"}, 1935, 0, 65535),
          whole_field(
              "latency_ms",
              {"遅れを待つ時間（ミリ秒。標準は0）", "Waiting for what is late (ms; usually 0)"}, 0,
              0, 5000),
      },
      true,
      true};
  return d;
}

class PushSource final : public NetworkSource {
 public:
  PushSource(std::unique_ptr<GstGraph> graph, const SourceContext& c, NetworkPlan plan,
             std::shared_ptr<PushStream> stream)
      : NetworkSource(std::move(graph), c, plan, {}),
        stream_(std::move(stream)),
        name_(plan.name),
        address_(plan.silent_detail) {}
  ~PushSource() override { stream_->detach(); }

  // False: the sender has gone meanwhile.
  bool take_from(GstElement* src) {
    return stream_->attach([src, this](rtmp::ByteView flv) {
      if (gst_app_src_get_current_level_bytes(GST_APP_SRC(src)) > kMostWaiting) {
        behind_ = true;
        return;
      }
      GstBuffer* buffer = gst_buffer_new_memdup(flv.data(), flv.size());
      gst_app_src_push_buffer(GST_APP_SRC(src), buffer);
    });
  }
  Status poll() override {
    if (stream_->attached_sender_gone())
      return network_error(NetworkTrouble::Waiting, name_ + ": the sender has gone", address_);
    if (behind_)
      return Error{ErrorKind::TryLater, name_ + ": this machine is too slow to decode it"};
    return NetworkSource::poll();
  }

 private:
  const std::shared_ptr<PushStream> stream_;
  const std::string name_, address_;
  std::atomic<bool> behind_{false};
};

bool is_name(const std::string& s) {
  for (const char c : s)
    if (!(std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.'))
      return false;
  return !s.empty() && s.size() <= 64;
}

// The name this input waits for; the same one when it is opened again, so that a phone that comes
// back meanwhile finds the port open.
Result<std::shared_ptr<PushStream>> stream_of(const SourceContext& c, int port,
                                              const std::string& name) {
  if (c.kept && *c.kept) return std::static_pointer_cast<PushStream>(*c.kept);
  auto stream = PushStream::wait_for(port, name);
  if (stream.ok() && c.kept) *c.kept = *stream;
  return stream;
}

Result<std::unique_ptr<Source>> open(const Settings& s, const SourceContext& c) {
  const std::string name = setting<std::string>(description(), s, "stream");
  const int port = static_cast<int>(setting<std::int64_t>(description(), s, "port"));
  NetworkPlan plan;
  // The name is what lets a phone in: shown to the operator, kept out of the log.
  plan.name = "phone (RTMP port " + std::to_string(port) + ")";
  plan.protocol = "RTMP";
  plan.spare = Duration::milliseconds(setting<std::int64_t>(description(), s, "latency_ms"));
  if (!is_name(name))
    return Error{ErrorKind::FixInput,
                 plan.name + ": the stream name may hold letters, digits, - _ and . only",
                 {"受信名に使えない文字があります。→ 会場の設定で英数字だけにする",
                  "The stream name is not valid. -> Use letters and digits only"}};
  constexpr const char* kPipeline =
      "appsrc name=src is-live=true format=bytes max-bytes=0 caps=video/x-flv ! "
      "flvdemux name=streams";
  if (const std::string missing = missing_element(kPipeline); !missing.empty())
    return missing_element_error(missing).context(plan.name);
  auto stream = stream_of(c, port, name);
  if (!stream.ok()) return std::move(stream.error()).context(plan.name);
  plan.silent = NetworkTrouble::Waiting;
  plan.silent_detail = "rtmp://" + own_address() + ":" + std::to_string((*stream)->port()) + "/" +
                       PushStream::kApplication + "/" + name;
  const auto waiting = [&] {
    return network_error(NetworkTrouble::Waiting,
                         plan.name + ": no sender yet; start sending in the phone's app",
                         plan.silent_detail);
  };
  for (int i = 0; i < 10 && !(*stream)->wait(Duration::milliseconds(100)); ++i)
    if (c.given_up && c.given_up()) break;
  if (!(*stream)->wait({})) return waiting();
  auto graph = GstGraph::parse(kPipeline);
  if (!graph.ok()) return std::move(graph).error();
  GstElement *src = (**graph)["src"], *streams = (**graph)["streams"];
  auto source = std::make_unique<PushSource>(std::move(graph).value(), c, plan, *stream);
  source->streams_from(streams);
  if (!source->take_from(src)) return waiting();
  if (Status started = source->start(); !started.ok()) {
    if ((*stream)->strange_pictures())
      return network_error(NetworkTrouble::Codec,
                           plan.name + ": its pictures are not H.264; set the app to H.264");
    return started.error();
  }
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace

SourceKind rtmp_push_kind() { return {description(), SourceNature::Network, open}; }

}  // namespace kakehashi
