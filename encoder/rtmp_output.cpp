// SPDX-License-Identifier: GPL-3.0-or-later
// RTMP and RTMPS through libavformat. The key travels as an option of its own (rtmp_playpath) and
// never as part of a URL, because libavformat prints URLs.
#include <algorithm>
#include <cerrno>
#include <chrono>

#include "core/log.h"
#include "encoder/kinds.h"
#include "encoder/muxer.h"
#include "encoder/network.h"
#include "encoder/trouble.h"

extern "C" {
#include <libavformat/avformat.h>
}

namespace kakehashi {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr auto kOpenLimit = std::chrono::seconds(8);
constexpr auto kTrial = std::chrono::seconds(2);
constexpr auto kCloseLimit = std::chrono::milliseconds(500);
constexpr const char* kWriteLimitUs = "8000000";  // rw_timeout: nothing taken for 8 s

// Bytes. The kernel would grow its send buffer to 4 MiB by itself, which hides 5 s of a line that
// no longer moves; this holds 0.3 s of 6 Mbit/s and still fills 20 Mbit/s at 80 ms of round trip.
constexpr const char* kSendBuffer = "212992";

// libavformat asks this every 100 ms while it waits for the network.
struct Patience {
  const std::atomic<bool>* stop = nullptr;
  SteadyClock::time_point deadline = SteadyClock::time_point::max();
  bool closing = false;  // a clean end is still wanted after `stop`, until the deadline

  bool over() const { return (!closing && *stop) || SteadyClock::now() >= deadline; }
  static int ask(void* self) { return static_cast<Patience*>(self)->over() ? 1 : 0; }
};

struct Options {
  AVDictionary* values = nullptr;
  Options() = default;
  Options(const Options&) = delete;
  ~Options() { av_dict_free(&values); }
  void set(const char* name, const std::string& value) {
    av_dict_set(&values, name, value.c_str(), 0);
  }
};

// What the server said, else what libav first complained about; without the key even when that is
// too short for the redactor.
std::string server_words(const Secret& key) {
  const auto& lines = libav_complaints();
  if (lines.empty()) return {};
  const auto named = std::find_if(lines.begin(), lines.end(), [](const std::string& line) {
    return line.find("Server error") != std::string::npos;
  });
  std::string said = named != lines.end() ? *named : lines.front();
  if (!key.empty())
    for (auto at = said.find(key.reveal()); at != std::string::npos; at = said.find(key.reveal()))
      said.erase(at, key.reveal().size());
  return said;
}

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

class RtmpOutput final : public Output {
 public:
  explicit RtmpOutput(const OutputOpen& open) : stop_(open.stop), key_(open.key) {
    patience_.stop = &stop_;
  }
  ~RtmpOutput() override {
    // After a clean end the connection is closed already; a broken one gets no more patience.
    patience_.deadline = SteadyClock::time_point::min();
    close();
  }

  Status connect(const OutputOpen& open, const RtmpAddress& address, const std::string& url,
                 const std::string& ca_file) {
    muxer_ = Muxer::create("flv", open.stream);
    if (!muxer_) return trouble(Trouble::Internal, "libavformat has no flv muxer");
    patience_.deadline = SteadyClock::now() + kOpenLimit;
    // libavformat would look the name up itself and could not be stopped meanwhile.
    if (auto found = look_up(address.host, address.port, stop_, Duration::seconds(5)); !found)
      return found.error();
    Options io;
    const Publish publish = name_of(address.app, key_);
    io.set("rtmp_app", publish.application);
    io.set("rtmp_playpath", publish.name.reveal());
    io.set("tcp_nodelay", "1");
    io.set("rw_timeout", kWriteLimitUs);
    io.set("send_buffer_size", kSendBuffer);
    if (address.tls) {
      io.set("tls_verify", "1");
      io.set("ca_file", ca_file);
    }
    const AVIOInterruptCB interrupt{&Patience::ask, &patience_};
    forget_complaints();
    if (const int code = avio_open2(&io_, url.c_str(), AVIO_FLAG_WRITE, &interrupt, &io.values);
        code < 0)
      return open_error(code);
    Options flv;
    flv.set("flvflags", "no_duration_filesize");  // a live stream cannot be sought back in
    if (const int code = muxer_->write_header(io_, &flv.values); code < 0) return lost(code);
    patience_.deadline = SteadyClock::time_point::max();
    opened_ = SteadyClock::now();
    return {};
  }

  Status write(const EncodedPacket& packet) override {
    forget_complaints();
    const int code = muxer_->write(packet);
    if (code >= 0) return {};
    return lost(code);
  }

  void finish() override {
    patience_.closing = true;
    patience_.deadline = SteadyClock::now() + kCloseLimit;
    muxer_->write_trailer();
    close();
  }

  std::uint64_t bytes() const override { return muxer_->payload_bytes(); }

 private:
  void close() {
    if (io_) avio_closep(&io_);
  }

  Status open_error(int code) const {
    const std::string said = server_words(key_);
    if (said.find("ertificate") != std::string::npos) return trouble(Trouble::Certificate, said);
    if (code == AVERROR_EXIT) return trouble(Trouble::TimedOut, "opening the stream");
    if (said.find("handshake") != std::string::npos) return trouble(Trouble::NotRtmp, said);
    const Trouble what = connect_trouble(AVUNERROR(code));
    // -1 is all libavformat returns for an error that the server named; its text is in the log.
    if (what == Trouble::Rejected)
      return trouble(what, said.empty() ? libav_error_text(code) : said);
    return trouble(what, libav_error_text(code));
  }

  Status lost(int code) const {
    if (code == AVERROR(ETIMEDOUT)) return trouble(Trouble::Stuck, "nothing taken for 8 s");
    const std::string said = server_words(key_);
    if (said.find("Server error") != std::string::npos) return trouble(Trouble::Rejected, said);
    // Servers that check the key elsewhere say yes first and hang up a moment later.
    if (SteadyClock::now() - opened_ < kTrial)
      return trouble(Trouble::Rejected, "hung up right after the start");
    return trouble(Trouble::Lost, libav_error_text(code));
  }

  const std::atomic<bool>& stop_;
  const Secret key_;
  Patience patience_;
  SteadyClock::time_point opened_ = SteadyClock::now();
  AVIOContext* io_ = nullptr;
  std::unique_ptr<Muxer> muxer_;
};

Result<std::unique_ptr<Output>> open_rtmp(const KindDescription& row, const OutputOpen& open) {
  redact_in_logs(open.key);
  const auto url = setting<std::string>(row, open.settings, "url");
  const auto address = parse_rtmp_address(url);
  if (!address) return address.error();
  auto output = std::make_unique<RtmpOutput>(open);
  if (auto s =
          output->connect(open, *address, url, setting<std::string>(row, open.settings, "ca_file"));
      !s)
    return s.error();
  return std::unique_ptr<Output>(std::move(output));
}

bool rtmp_answers(const KindDescription& row, const OutputOpen& open) {
  const auto address = parse_rtmp_address(setting<std::string>(row, open.settings, "url"));
  if (!address) return false;
  const auto found = look_up(address->host, address->port, open.stop, Duration::milliseconds(500));
  return found && port_answers(*found, open.stop, Duration::milliseconds(500));
}

KindDescription describe() {
  KindDescription row;
  row.name = "rtmp";
  row.label = {"RTMP配信", "RTMP stream"};
  row.has_video = row.has_audio = true;
  row.fields = {
      required(text_field("url", {"配信先のURL（キーを除く）", "Server URL (without the key)"})),
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
