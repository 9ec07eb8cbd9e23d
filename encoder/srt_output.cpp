// SPDX-License-Identifier: GPL-3.0-or-later
// SRT: an MPEG transport stream over a line that loses packets. As caller it goes to a server; as
// listener it waits on a port, and up to 8 receivers may call (an overflow room's player).
#include <algorithm>
#include <charconv>
#include <chrono>
#include <thread>

#include "core/log.h"
#include "encoder/kinds.h"
#include "encoder/srt_socket.h"
#include "encoder/trouble.h"
#include "encoder/ts_stream.h"

namespace kakehashi {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;
constexpr auto kLook = 5ms;
constexpr auto kConnectLimit = 4s;  // libsrt gives up by itself after 3
constexpr auto kStuck = 8s;
constexpr auto kGoodbye = 400ms;
constexpr auto kFiguresEvery = 100ms;
constexpr std::size_t kReceivers = 8;

struct Address {
  std::string host;  // empty: every interface; an IPv6 address without its brackets
  int port = 0;
};

// What an address would carry otherwise has fields of its own, so that no passphrase stands in it.
Result<Address> parse(const std::string& url) {
  const auto bad = [] { return trouble(Trouble::SrtAddress, "it must read srt://host:port"); };
  constexpr std::string_view kScheme = "srt://";
  if (url.rfind(kScheme, 0) != 0) return bad();
  std::string_view rest = std::string_view(url).substr(kScheme.size());
  if (rest.find_first_of("?@/ ") != rest.npos) return bad();
  const auto colon = rest.rfind(':');
  if (colon == rest.npos) return bad();
  Address a;
  a.host = rest.substr(0, colon);
  if (a.host.size() > 2 && a.host.front() == '[' && a.host.back() == ']')
    a.host = a.host.substr(1, a.host.size() - 2);
  const std::string_view digits = rest.substr(colon + 1);
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), a.port);
  if (code != std::errc{} || end != digits.data() + digits.size() || a.port < 1 || a.port > 65535)
    return bad();
  return a;
}

class SrtOutput final : public Output {
 public:
  explicit SrtOutput(const OutputOpen& open) : stop_(open.stop), wire_(open.wire) {}
  ~SrtOutput() override = default;

  Status start(const StreamDescription& stream) {
    ts_ = TsStream::create(stream, [this](std::span<const std::uint8_t> c) { return send(c); });
    if (!ts_) return trouble(Trouble::Internal, "libavformat has no mpegts muxer");
    return {};
  }

  Status call(const Address& to, const SrtOptions& options) {
    const auto found = look_up(to.host, to.port, stop_, Duration::seconds(5));
    if (!found) return found.error();
    Error last = trouble(Trouble::TimedOut, to.host);
    for (const Endpoint& endpoint : *found) {
      auto socket = SrtSocket::connect(endpoint, options);
      if (!socket) {
        last = socket.error();
        continue;
      }
      const auto deadline = SteadyClock::now() + kConnectLimit;
      while (socket->state() == SrtSocket::State::Connecting && SteadyClock::now() < deadline) {
        if (stop_) return trouble(Trouble::TimedOut, "stopped");
        std::this_thread::sleep_for(kLook);
      }
      if (socket->state() == SrtSocket::State::Connected) {
        receivers_.push_back(std::move(*socket));
        return {};
      }
      last = refused(*socket);
    }
    return last;
  }

  // Returns with the first receiver; waits for it as long as it takes.
  Status wait_for_call(int port, const SrtOptions& options) {
    auto listener = SrtSocket::listen(port, options);
    if (!listener) return listener.error();
    listener_.emplace(std::move(*listener));
    while (receivers_.empty()) {
      if (stop_) return trouble(Trouble::TimedOut, "stopped");
      take_callers();
      std::this_thread::sleep_for(kLook);
    }
    return {};
  }

  Status write(const EncodedPacket& packet) override {
    trouble_ = {};
    if (!ts_->write(packet))
      return trouble_ ? trouble(Trouble::Internal, "mpegts") : trouble_.error();
    return look_after();
  }
  Status idle() override { return look_after(); }

  void finish() override {
    const auto deadline = SteadyClock::now() + kGoodbye;
    for (const auto& r : receivers_)
      while (!r.delivered() && SteadyClock::now() < deadline) std::this_thread::sleep_for(kLook);
    receivers_.clear();
  }
  std::uint64_t bytes() const override { return ts_->bytes(); }

 private:
  static Error refused(const SrtSocket& socket) {
    switch (socket.refusal()) {
      case SrtSocket::Refusal::TimedOut:
        return trouble(Trouble::TimedOut, "nobody answers SRT there");
      case SrtSocket::Refusal::WrongPassphrase:
        return trouble(Trouble::SrtPassphrase, "refused by the other side");
      case SrtSocket::Refusal::Other:
        break;
    }
    return trouble(Trouble::Rejected, socket.refusal_text());
  }

  void take_callers() {
    if (!listener_) return;
    while (auto caller = listener_->accept())
      if (receivers_.size() < kReceivers) {
        receivers_.push_back(std::move(*caller));
        log_info("srt", "a receiver called: " + std::to_string(receivers_.size()) + " in all");
      }
  }

  // One receiver that cannot keep up among several is left out of this chunk; the only one is
  // waited for.
  bool send(std::span<const std::uint8_t> chunk) {
    const auto deadline = SteadyClock::now() + kStuck;
    for (auto& r : receivers_) {
      auto sent = r.send(chunk);
      while (sent == SrtSocket::Sent::Full && receivers_.size() == 1) {
        if (stop_ || SteadyClock::now() >= deadline) {
          trouble_ = trouble(Trouble::Stuck, "nothing taken for 8 s");
          return false;
        }
        report();
        std::this_thread::sleep_for(kLook);
        sent = r.send(chunk);
      }
    }
    drop_gone();
    if (receivers_.empty()) {
      trouble_ = trouble(Trouble::Lost, "the other side has gone");
      return false;
    }
    handed_ += chunk.size();
    return true;
  }

  void drop_gone() {
    // A vector of what cannot be assigned: built anew, and only when somebody went.
    const auto gone = [](const SrtSocket& r) { return r.state() == SrtSocket::State::Gone; };
    if (std::none_of(receivers_.begin(), receivers_.end(), gone)) return;
    std::vector<SrtSocket> left;
    for (auto& r : receivers_)
      if (!gone(r)) left.push_back(std::move(r));
    receivers_.swap(left);
  }

  Status look_after() {
    const auto now = SteadyClock::now();
    if (now < next_look_) return {};
    next_look_ = now + kFiguresEvery;
    drop_gone();
    take_callers();
    if (receivers_.empty()) return trouble(Trouble::Lost, "the other side has gone");
    report();
    return {};
  }
  void report() {
    if (wire_ && !receivers_.empty()) wire_->store(receivers_.front().figures(handed_));
  }

  const std::atomic<bool>& stop_;
  WireMeter* const wire_;
  std::optional<SrtSocket> listener_;
  std::vector<SrtSocket> receivers_;
  std::unique_ptr<TsStream> ts_;
  Status trouble_;
  std::uint64_t handed_ = 0;
  SteadyClock::time_point next_look_;
};

SrtOptions options_of(const KindDescription& row, const OutputOpen& open) {
  SrtOptions o;
  o.latency_ms = static_cast<int>(setting<std::int64_t>(row, open.settings, "latency_ms"));
  const auto bits = setting<std::string>(row, open.settings, "encryption");
  o.key_bytes = bits == "aes256" ? 32 : bits == "aes192" ? 24 : 16;
  o.stream_id = Secret(setting<std::string>(row, open.settings, "stream_id"));
  if (setting<std::string>(row, open.settings, "key_is") == "stream_id") {
    if (!open.key.empty()) o.stream_id = open.key;
  } else {
    o.passphrase = open.key;
  }
  return o;
}

bool listens(const KindDescription& row, const Settings& settings) {
  return setting<std::string>(row, settings, "mode") == "listener";
}

Result<std::unique_ptr<Output>> open_srt(const KindDescription& row, const OutputOpen& open) {
  redact_in_logs(open.key);
  const auto address = parse(setting<std::string>(row, open.settings, "url"));
  if (!address) return address.error();
  const bool listener = listens(row, open.settings);
  if (!listener && address->host.empty())
    return trouble(Trouble::SrtAddress, "a caller needs a host");
  auto output = std::make_unique<SrtOutput>(open);
  if (auto s = output->start(open.stream); !s) return s.error();
  const SrtOptions options = options_of(row, open);
  const Status there =
      listener ? output->wait_for_call(address->port, options) : output->call(*address, options);
  if (!there) return there.error();
  return std::unique_ptr<Output>(std::move(output));
}

KindDescription describe() {
  KindDescription row;
  row.name = "srt";
  row.label = {"SRT配信", "SRT stream"};
  row.has_video = row.has_audio = true;
  row.fields = {
      required(
          text_field("url", {"相手のアドレス（srt://名前:ポート）", "Address (srt://host:port)"})),
      choice_field("mode", {"つなぎ方（caller：こちらから、listener：相手から）", "Who calls"},
                   {"caller", "listener"}),
      whole_field("latency_ms", {"取り直しの時間（ミリ秒）", "Latency for recovery (ms)"}, 120, 20,
                  8000),
      choice_field("key_is", {"キーの使い方", "What the key is"}, {"passphrase", "stream_id"}),
      choice_field("encryption", {"暗号の強さ", "Encryption"}, {"aes128", "aes192", "aes256"}),
      text_field("stream_id", {"ストリームID（秘密でないもの）", "Stream id (not a secret)"})};
  return row;
}

}  // namespace

OutputKind srt_output_kind() {
  const KindDescription row = describe();
  OutputKind kind;
  kind.description = row;
  kind.live = true;
  kind.open = [row](const OutputOpen& open) { return open_srt(row, open); };
  kind.waiting = [row](const Settings& settings) -> Text {
    if (!listens(row, settings)) return {};
    return {"受信する側からの接続を待っています。受信する機材で再生を始めてください。",
            "Waiting for a receiver to call. Start playing on the receiving device."};
  };
  return kind;
}

}  // namespace kakehashi
