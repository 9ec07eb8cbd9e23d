// SPDX-License-Identifier: GPL-3.0-or-later
// RTMP and RTMPS: packets to FLV tags to messages, each handed to the kernel in one piece. Nothing
// is copied on the way but headers (with TLS, once).
#include <algorithm>

#include "core/log.h"
#include "encoder/kinds.h"
#include "encoder/rtmp_link.h"
#include "rtmp/enhanced.h"
#include "rtmp/flv.h"

namespace kakehashi {
namespace {

struct Publish {
  std::string application;
  Secret name;
};
// A server without keys is told the stream's name in the URL: rtmp://server/live/hall. Where there
// is none either, the name is "stream".
Publish name_of(const std::string& path, const Secret& key) {
  if (!key.empty()) return {path, key};
  const auto slash = path.substr(0, path.find('?')).rfind('/');
  if (slash == std::string::npos) return {path, Secret("stream")};
  return {path.substr(0, slash), Secret(path.substr(slash + 1))};
}

rtmp::StreamFacts facts_of(const StreamDescription& d) {
  rtmp::StreamFacts f;
  f.width = d.width;
  f.height = d.height;
  f.pictures_per_second = d.rate.per_second();
  f.video_kbps = d.video_kbps;
  f.audio_kbps = d.audio_extradata.empty() ? 0 : d.audio_kbps;
  if (const std::string fourcc = rtmp::fourcc_of(d.codec); !fourcc.empty())
    f.video_codec = rtmp::read_be32(reinterpret_cast<const std::uint8_t*>(fourcc.data()));
  return f;
}

class RtmpOutput final : public Output {
 public:
  explicit RtmpOutput(const OutputOpen& open)
      : link_(open.stop, open.wire), codec_(open.stream.codec), enhanced_(codec_) {}

  Status connect(const RtmpWish& wish, const StreamDescription& stream, bool insist) {
    const auto header = changed_header(stream.video_extradata);
    if (!header) return trouble(Trouble::Internal, "the encoder gave no headers");
    if (auto s = link_.open(wish); !s) return s;
    if (wish.enhanced && !insist && !link_.session().offers(rtmp::fourcc_of(codec_)))
      return trouble(Trouble::CodecRefused, rtmp::fourcc_of(codec_) + " is not in its answer");
    rtmp::Bytes control;
    link_.session().metadata(metadata_of(facts_of(stream)), control);
    if (auto s = link_.send(control); !s) return s;
    if (auto s = send(PacketKind::Video, 0, *header); !s) return s;
    has_sound_ = !stream.audio_extradata.empty();
    if (!has_sound_) return {};
    return send(PacketKind::Audio, 0, rtmp::aac_header(stream.audio_extradata));
  }

  // Nothing is sent before the first IDR, which becomes time 0: a player must be able to start with
  // what it gets first. Sound from before that moment is left out. Times grow by at least 1 ms in
  // each stream, whatever comes in.
  Status write(const EncodedPacket& packet) override {
    const bool video = packet.kind == PacketKind::Video;
    if (!started_) {
      if (!video || !packet.keyframe) return {};
      started_ = true;
      zero_ = packet.pts;
    }
    if (packet.pts < zero_ || (!video && !has_sound_)) return link_.idle();
    std::int64_t& last = video ? last_video_ : last_audio_;
    const std::int64_t ms = std::max((packet.pts - zero_ + kHalf).ns / 1'000'000, last + 1);
    const auto time = static_cast<std::uint32_t>(ms);  // wraps after 49.7 days, as the wire does
    std::span<const rtmp::ByteView> parts;
    if (video) {
      if (packet.headers)
        if (const auto header = changed_header(*packet.headers))
          if (auto s = send(PacketKind::Video, time, *header); !s) return s;
      if (codec_ == VideoCodec::H264) {
        if (const auto header = avc_.picture(packet.data, packet.keyframe))
          if (auto s = send(PacketKind::Video, time, *header); !s) return s;
        parts = avc_.parts();
      } else {
        enhanced_.picture(packet.data, packet.keyframe);
        parts = enhanced_.parts();
      }
    } else {
      aac_.frame(packet.data);
      parts = aac_.parts();
    }
    if (parts.empty()) return link_.idle();
    last = ms;
    if (auto s = send(packet.kind, time, parts); !s) return s;
    payload_bytes_ += packet.data.size();
    return {};
  }

  Status idle() override { return link_.idle(); }
  void finish() override { link_.end(); }
  std::uint64_t bytes() const override { return payload_bytes_; }

 private:
  std::optional<rtmp::Bytes> changed_header(rtmp::ByteView headers) {
    return codec_ == VideoCodec::H264 ? avc_.changed_header(headers)
                                      : enhanced_.changed_header(headers);
  }

  static constexpr Duration kHalf = Duration::microseconds(500);

  Status send(PacketKind kind, std::uint32_t time, std::span<const rtmp::ByteView> parts) {
    message_.clear();
    if (kind == PacketKind::Video)
      link_.session().video(time, parts, message_);
    else
      link_.session().audio(time, parts, message_);
    return link_.send(message_);
  }
  Status send(PacketKind kind, std::uint32_t time, const rtmp::Bytes& body) {
    const rtmp::ByteView part = body;
    return send(kind, time, std::span(&part, 1));
  }

  RtmpLink link_;
  const VideoCodec codec_;
  rtmp::AvcTags avc_;
  rtmp::EnhancedTags enhanced_;
  rtmp::AacTags aac_;
  rtmp::Gather message_;
  bool has_sound_ = false, started_ = false;
  Duration zero_;
  std::int64_t last_video_ = -1, last_audio_ = -1;  // ms
  std::uint64_t payload_bytes_ = 0;
};

Result<std::unique_ptr<Output>> open_rtmp(const KindDescription& row, const OutputOpen& open) {
  redact_in_logs(open.key);
  const auto address = parse_rtmp_address(setting<std::string>(row, open.settings, "url"));
  if (!address) return address.error();
  RtmpWish wish;
  wish.address = *address;
  wish.user = setting<std::string>(row, open.settings, "user");
  // With a name the secret is its password, and the stream's name stands in the URL.
  if (!wish.user.empty()) wish.password = open.key;
  Publish publish = name_of(address->app, wish.user.empty() ? open.key : Secret());
  wish.application = std::move(publish.application);
  wish.name = std::move(publish.name);
  wish.interface = setting<std::string>(row, open.settings, "interface");
  wish.ca_file = setting<std::string>(row, open.settings, "ca_file");
  wish.enhanced = open.stream.codec != VideoCodec::H264;
  auto output = std::make_unique<RtmpOutput>(open);
  const bool insist = setting<bool>(row, open.settings, "enhanced");
  if (auto s = output->connect(wish, open.stream, insist); !s) return s.error();
  return std::unique_ptr<Output>(std::move(output));
}

bool rtmp_answers(const KindDescription& row, const OutputOpen& open) {
  const auto address = parse_rtmp_address(setting<std::string>(row, open.settings, "url"));
  if (!address) return false;
  const auto found = look_up(address->host, address->port, open.stop, Duration::milliseconds(500));
  return found && port_answers(*found, setting<std::string>(row, open.settings, "interface"),
                               open.stop, Duration::milliseconds(500));
}

KindDescription describe() {
  KindDescription row;
  row.name = "rtmp";
  row.label = {"RTMP配信", "RTMP stream"};
  row.has_video = row.has_audio = true;
  row.fields = {
      required(text_field("url", {"配信先のURL（キーを除く）", "Server URL (without the key)"})),
      text_field("user", {"ユーザー名（配信先が求めるとき。キー欄はパスワードになります）",
                          "User name (where the server asks; the key is then its password)"}),
      switch_field("enhanced",
                   {"HEVC・AV1を、対応の返事がなくても送る", "Send HEVC or AV1 unasked"}, false),
      text_field("interface", {"使う回線（空欄は自動）", "Network interface (empty: automatic)"}),
      text_field("ca_file", {"証明書の一覧ファイル", "File of trusted certificates"},
                 "/etc/ssl/certs/ca-certificates.crt")};
  return row;
}

}  // namespace

OutputKind rtmp_output_kind() {
  const KindDescription row = describe();
  OutputKind kind;
  kind.description = row;
  kind.live = true;
  kind.open = [row](const OutputOpen& open) { return open_rtmp(row, open); };
  kind.answers = [row](const OutputOpen& open) { return rtmp_answers(row, open); };
  return kind;
}

}  // namespace kakehashi
