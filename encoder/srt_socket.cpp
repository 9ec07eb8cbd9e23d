// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/srt_socket.h"

#include <netinet/in.h>
#include <srt/srt.h>

#include <algorithm>
#include <utility>

#include "core/clock.h"
#include "core/log.h"
#include "encoder/trouble.h"

namespace kakehashi {
namespace {

constexpr int kPayload = 1316;         // bytes: 7 TS packets
constexpr int kConnectLimit = 3000;    // ms
constexpr int kSilentLimit = 5000;     // ms without a word from the other side: it is gone
constexpr int kSendBuffer = 12 << 20;  // bytes: 5 s of 20 Mbit/s

void on_log(void*, int, const char*, int, const char*, const char* message) {
  std::string line(message ? message : "");
  while (!line.empty() && line.back() == '\n') line.pop_back();
  log(LogLevel::Debug, "srt", line);
}

// libsrt's own threads run from the first use to the program's end.
void start_library() {
  struct Library {
    Library() {
      srt_startup();
      srt_setloglevel(3);  // LOG_ERR of syslog(3)
      srt_setlogflags(SRT_LOGF_DISABLE_TIME | SRT_LOGF_DISABLE_THREADNAME |
                      SRT_LOGF_DISABLE_SEVERITY | SRT_LOGF_DISABLE_EOL);
      srt_setloghandler(nullptr, &on_log);
    }
    ~Library() { srt_cleanup(); }
  };
  static const Library library;
}

template <class T>
bool set(SRTSOCKET socket, SRT_SOCKOPT option, const T& value) {
  return srt_setsockflag(socket, option, &value, sizeof value) != SRT_ERROR;
}
bool set_text(SRTSOCKET socket, SRT_SOCKOPT option, const Secret& value) {
  return value.empty() || srt_setsockflag(socket, option, value.reveal().data(),
                                          static_cast<int>(value.reveal().size())) != SRT_ERROR;
}

std::string last_error() { return srt_getlasterror_str(); }

}  // namespace

Result<SrtSocket> SrtSocket::create(const SrtOptions& options) {
  start_library();
  SrtSocket made(srt_create_socket());
  const SRTSOCKET s = made.socket_;
  if (s == SRT_INVALID_SOCK) return trouble(Trouble::Internal, "srt: " + last_error());
  const bool fits = set(s, SRTO_TRANSTYPE, SRTT_LIVE) && set(s, SRTO_SNDSYN, false) &&
                    set(s, SRTO_RCVSYN, false) && set(s, SRTO_LATENCY, options.latency_ms) &&
                    set(s, SRTO_PAYLOADSIZE, kPayload) && set(s, SRTO_SNDBUF, kSendBuffer) &&
                    set(s, SRTO_CONNTIMEO, kConnectLimit) &&
                    set(s, SRTO_PEERIDLETIMEO, kSilentLimit) && set(s, SRTO_SENDER, 1);
  if (!fits) return trouble(Trouble::Internal, "srt: " + last_error());
  if (!options.passphrase.empty() && (!set(s, SRTO_PBKEYLEN, options.key_bytes) ||
                                      !set_text(s, SRTO_PASSPHRASE, options.passphrase)))
    return trouble(Trouble::SrtPassphrase, "it needs 10 to 79 letters");
  if (!set_text(s, SRTO_STREAMID, options.stream_id))
    return trouble(Trouble::SrtAddress, "the stream id is longer than 512 letters");
  return made;
}

Result<SrtSocket> SrtSocket::connect(const Endpoint& to, const SrtOptions& options) {
  auto made = create(options);
  if (!made) return made;
  if (srt_connect(made->socket_, reinterpret_cast<const sockaddr*>(to.address.data()),
                  static_cast<int>(to.address.size())) == SRT_ERROR) {
    int number = 0;
    srt_getlasterror(&number);
    return trouble(number == ENETUNREACH ? Trouble::Unreachable : Trouble::Refused, last_error());
  }
  return made;
}

Result<SrtSocket> SrtSocket::listen(int port, const SrtOptions& options) {
  auto made = create(options);
  if (!made) return made;
  // Both families where the machine has them.
  sockaddr_in6 any{};
  any.sin6_family = AF_INET6;
  any.sin6_port = htons(static_cast<std::uint16_t>(port));
  set(made->socket_, SRTO_IPV6ONLY, 0);
  bool bound = srt_bind(made->socket_, reinterpret_cast<sockaddr*>(&any), sizeof any) != SRT_ERROR;
  if (!bound) {
    sockaddr_in four{};
    four.sin_family = AF_INET;
    four.sin_port = any.sin6_port;
    bound = srt_bind(made->socket_, reinterpret_cast<sockaddr*>(&four), sizeof four) != SRT_ERROR;
  }
  if (!bound || srt_listen(made->socket_, 8) == SRT_ERROR)
    return trouble(Trouble::PortTaken, std::to_string(port) + ": " + last_error());
  return made;
}

std::optional<SrtSocket> SrtSocket::accept() {
  const SRTSOCKET caller = srt_accept(socket_, nullptr, nullptr);
  if (caller == SRT_INVALID_SOCK) return std::nullopt;
  set(caller, SRTO_SNDSYN, false);
  set(caller, SRTO_RCVSYN, false);
  return SrtSocket(caller);
}

SrtSocket::SrtSocket(SrtSocket&& other) noexcept
    : socket_(std::exchange(other.socket_, SRT_INVALID_SOCK)) {}

SrtSocket::~SrtSocket() {
  if (socket_ != SRT_INVALID_SOCK) srt_close(socket_);
}

SrtSocket::State SrtSocket::state() const {
  switch (srt_getsockstate(socket_)) {
    case SRTS_INIT:
    case SRTS_OPENED:
    case SRTS_LISTENING:
    case SRTS_CONNECTING:
      return State::Connecting;
    case SRTS_CONNECTED:
      return State::Connected;
    default:
      return State::Gone;
  }
}

SrtSocket::Refusal SrtSocket::refusal() const {
  switch (srt_getrejectreason(socket_)) {
    case SRT_REJ_TIMEOUT:
    case SRT_REJ_UNKNOWN:  // nobody said anything
      return Refusal::TimedOut;
    case SRT_REJ_BADSECRET:
    case SRT_REJ_UNSECURE:
      return Refusal::WrongPassphrase;
    default:
      return Refusal::Other;
  }
}

std::string SrtSocket::refusal_text() const {
  const int reason = srt_getrejectreason(socket_);
  // From 1000 on the numbers are the server's own, by HTTP's codes (SRT access control).
  if (reason >= 1000) return "code " + std::to_string(reason);
  return srt_rejectreason_str(reason);
}

SrtSocket::Sent SrtSocket::send(std::span<const std::uint8_t> chunk) {
  const int n = srt_sendmsg(socket_, reinterpret_cast<const char*>(chunk.data()),
                            static_cast<int>(chunk.size()), -1, 1);
  if (n != SRT_ERROR) return Sent::Yes;
  return srt_getlasterror(nullptr) == SRT_EASYNCSND ? Sent::Full : Sent::Gone;
}

WireFigures SrtSocket::figures(std::uint64_t handed) const {
  static MonotonicClock clock;
  WireFigures f;
  SRT_TRACEBSTATS stats{};
  if (srt_bistats(socket_, &stats, 0, 1) == SRT_ERROR) return f;
  f.at = clock.now();
  f.handed = handed;
  f.unacked = static_cast<std::uint64_t>(std::max(stats.byteSndBuf, 0));
  const auto flying = static_cast<std::uint64_t>(std::max(stats.pktFlightSize, 0)) * kPayload;
  f.unsent = f.unacked - std::min(f.unacked, flying);
  f.retransmits = static_cast<std::uint64_t>(std::max(stats.pktRetransTotal, 0));
  f.rtt_ms = stats.msRTT;
  return f;
}

bool SrtSocket::delivered() const {
  std::size_t bytes = 0;
  return srt_getsndbuffer(socket_, nullptr, &bytes) == SRT_ERROR || bytes == 0;
}

}  // namespace kakehashi
