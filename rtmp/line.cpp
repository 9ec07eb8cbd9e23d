// SPDX-License-Identifier: GPL-3.0-or-later
#include "rtmp/line.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>

#include "rtmp/client_session.h"

namespace kakehashi::rtmp {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr auto kGlance = std::chrono::milliseconds(20);
constexpr int kSendBuffer = 256 * 1024;  // bytes; more would hide a line that does not move
constexpr Duration kUploadPatience = Duration::seconds(8);

SteadyClock::time_point after(Duration limit) {
  return SteadyClock::now() + std::chrono::nanoseconds(limit.ns);
}
double seconds_since(SteadyClock::time_point t) {
  return std::chrono::duration<double>(SteadyClock::now() - t).count();
}

LineTrouble trouble_of(int error) {
  switch (error) {
    case ECONNREFUSED:
      return LineTrouble::Refused;
    case ETIMEDOUT:
      return LineTrouble::Silent;
    case ECONNRESET:
    case EPIPE:
      return LineTrouble::HungUp;
    default:
      return LineTrouble::Unreachable;
  }
}

LineTrouble trouble_of_certificate(long code) {
  switch (code) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return LineTrouble::Expired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return LineTrouble::NotYetValid;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return LineTrouble::WrongName;
    default:
      return LineTrouble::Untrusted;
  }
}

// An H.264 access unit of nothing but filler (ISO/IEC 14496-10, 7.3.2.7: type 12) as an FLV tag
// body: receivers pass it over. No two bytes in a row repeat, so that nothing on the way compresses
// it.
Bytes filler_tag(std::size_t size, std::uint32_t seed) {
  Bytes tag{0x27, 1, 0, 0, 0};
  put_be32(tag, static_cast<std::uint32_t>(size));
  tag.push_back(0x0C);
  for (std::size_t i = 2; i < size; ++i) {
    seed = seed * 1664525U + 1013904223U;
    tag.push_back(static_cast<std::uint8_t>((seed >> 24) | 1U));
  }
  tag.push_back(0x80);
  return tag;
}

}  // namespace

struct Line::Impl {
  explicit Impl(const std::atomic<bool>& s) : stop(s) {}
  ~Impl() {
    if (tls) SSL_free(tls);
    if (context) SSL_CTX_free(context);
    if (fd >= 0) ::close(fd);
  }

  const std::atomic<bool>& stop;
  int fd = -1;
  SSL_CTX* context = nullptr;
  SSL* tls = nullptr;
  std::string tls_said;
  ClientSession session{static_cast<std::uint32_t>(SteadyClock::now().time_since_epoch().count())};
  Bytes out;
  std::size_t sent = 0;  // of `out`

  // Upload.
  std::string name;
  double kbps = 0, length = 0;
  SteadyClock::time_point began, last_moved;
  std::uint64_t written = 0;  // taken by the socket
  std::uint64_t counted = 0;  // left the machine by the end of the last whole second
  double owed_until = 0;
  int whole_seconds = 0;
  UploadFigures figures;

  LineTrouble wait(short events, SteadyClock::time_point deadline) {
    while (!stop) {
      if (SteadyClock::now() >= deadline) return LineTrouble::Silent;
      pollfd p{fd, events, 0};
      if (::poll(&p, 1, static_cast<int>(kGlance.count())) > 0) return LineTrouble::None;
    }
    return LineTrouble::Stopped;
  }

  // Bytes moved; 0: not now. -1: `trouble`.
  std::ptrdiff_t read_some(std::span<std::uint8_t> into, LineTrouble& trouble) {
    if (tls) {
      const int n = SSL_read(tls, into.data(), static_cast<int>(into.size()));
      return n > 0 ? n : tls_trouble(n, trouble);
    }
    const auto n = ::recv(fd, into.data(), into.size(), 0);
    if (n > 0) return n;
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
    trouble = LineTrouble::HungUp;
    return -1;
  }
  std::ptrdiff_t write_some(std::span<const std::uint8_t> from, LineTrouble& trouble) {
    if (tls) {
      const int n = SSL_write(tls, from.data(), static_cast<int>(from.size()));
      return n > 0 ? n : tls_trouble(n, trouble);
    }
    const auto n = ::send(fd, from.data(), from.size(), MSG_NOSIGNAL);
    if (n >= 0) return n;
    if (errno == EAGAIN || errno == EINTR) return 0;
    trouble = LineTrouble::HungUp;
    return -1;
  }
  std::ptrdiff_t tls_trouble(int n, LineTrouble& trouble) {
    const int why = SSL_get_error(tls, n);
    ERR_clear_error();
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) return 0;
    trouble = LineTrouble::HungUp;
    return -1;
  }

  // Sends what waits and takes in what came, without waiting.
  LineTrouble exchange() {
    LineTrouble trouble = LineTrouble::None;
    while (sent < out.size()) {
      const auto n = write_some(std::span(out).subspan(sent), trouble);
      if (n < 0) return trouble;
      if (n == 0) break;
      sent += static_cast<std::size_t>(n);
      written += static_cast<std::uint64_t>(n);
      last_moved = SteadyClock::now();
    }
    if (sent == out.size()) {
      out.clear();
      sent = 0;
    }
    std::array<std::uint8_t, 4096> in;
    for (;;) {
      const auto n = read_some(in, trouble);
      if (n < 0) return trouble;
      if (n == 0) return LineTrouble::None;
      if (Status s = session.receive(ByteView(in).first(static_cast<std::size_t>(n)), out); !s)
        return LineTrouble::NotRtmp;
    }
  }

  // Until the session has left the states up to `until`.
  LineTrouble await(ClientSession::State until, Duration limit) {
    const auto deadline = after(limit);
    for (;;) {
      const LineTrouble trouble = exchange();
      if (session.state() == ClientSession::State::Refused) return LineTrouble::Rejected;
      if (session.state() > until) return LineTrouble::None;
      if (trouble != LineTrouble::None) return trouble;
      const short events = static_cast<short>(sent < out.size() ? POLLIN | POLLOUT : POLLIN);
      if (const LineTrouble t = wait(events, deadline); t != LineTrouble::None) return t;
    }
  }

  std::uint64_t left_the_machine() const {
    int waiting = 0;
    if (::ioctl(fd, SIOCOUTQ, &waiting) != 0) waiting = 0;
    return written - std::min<std::uint64_t>(written, static_cast<std::uint64_t>(waiting));
  }
};

Line::Line(const std::atomic<bool>& stop) : impl_(std::make_unique<Impl>(stop)) {}
Line::~Line() = default;

LineTrouble Line::connect(int family, std::span<const unsigned char> address, Duration limit) {
  Impl& me = *impl_;
  me.fd = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (me.fd < 0) return LineTrouble::Unreachable;
  const int on = 1;
  ::setsockopt(me.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(me.fd, SOL_SOCKET, SO_SNDBUF, &kSendBuffer, sizeof kSendBuffer);
  if (::connect(me.fd, reinterpret_cast<const sockaddr*>(address.data()),
                static_cast<socklen_t>(address.size())) == 0)
    return LineTrouble::None;
  if (errno != EINPROGRESS) return trouble_of(errno);
  if (const LineTrouble t = me.wait(POLLOUT, after(limit)); t != LineTrouble::None) return t;
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(me.fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  return error == 0 ? LineTrouble::None : trouble_of(error);
}

LineTrouble Line::start_tls(const std::string& host, const std::string& ca_file, Duration limit) {
  Impl& me = *impl_;
  me.context = SSL_CTX_new(TLS_client_method());
  if (!me.context) return LineTrouble::NoTls;
  SSL_CTX_set_min_proto_version(me.context, TLS1_2_VERSION);
  SSL_CTX_set_mode(me.context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_verify(me.context, SSL_VERIFY_PEER, nullptr);
  if (SSL_CTX_load_verify_locations(me.context, ca_file.c_str(), nullptr) != 1)
    me.tls_said = "the list of certificates " + ca_file + " cannot be read";
  me.tls = SSL_new(me.context);
  if (!me.tls) return LineTrouble::NoTls;
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(me.tls), host.c_str()) != 1) {
    SSL_set1_host(me.tls, host.c_str());
    SSL_set_tlsext_host_name(me.tls, host.c_str());
  }
  ERR_clear_error();
  SSL_set_fd(me.tls, me.fd);
  const auto deadline = after(limit);
  for (;;) {
    const int n = SSL_connect(me.tls);
    if (n == 1) return LineTrouble::None;
    const int why = SSL_get_error(me.tls, n);
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) {
      const long verified = SSL_get_verify_result(me.tls);
      const bool ended = why == SSL_ERROR_SYSCALL || why == SSL_ERROR_ZERO_RETURN ||
                         ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
      ERR_clear_error();
      if (verified != X509_V_OK) {
        me.tls_said = X509_verify_cert_error_string(verified);
        return trouble_of_certificate(verified);
      }
      return ended ? LineTrouble::HungUp : LineTrouble::NoTls;
    }
    const short events = why == SSL_ERROR_WANT_WRITE ? POLLOUT : POLLIN;
    if (const LineTrouble t = me.wait(events, deadline); t != LineTrouble::None) return t;
  }
}

LineTrouble Line::greet(Duration limit) {
  impl_->session.start(impl_->out);
  return impl_->await(ClientSession::State::Greeting, limit);
}

LineTrouble Line::connect_app(const std::string& app, const std::string& tc_url, Duration limit) {
  impl_->session.connect(app, tc_url, impl_->out);
  return impl_->await(ClientSession::State::Connecting, limit);
}

void Line::begin_upload(const std::string& name, double kbps, Duration length) {
  Impl& me = *impl_;
  me.figures = {};
  me.kbps = kbps;
  me.length = length.to_seconds();
  me.session.publish(name, me.out);
  me.figures.trouble = me.await(ClientSession::State::Asking, kUploadPatience);
  me.began = me.last_moved = SteadyClock::now();
  me.written = me.counted = 0;
  me.owed_until = 0;
  me.whole_seconds = 0;
  me.figures.worst_kbps = kbps;
}

double Line::upload_part() const {
  return impl_->length > 0 ? std::min(1.0, seconds_since(impl_->began) / impl_->length) : 1;
}

bool Line::upload_goes_on() {
  Impl& me = *impl_;
  const double now = seconds_since(me.began);
  if (me.figures.trouble != LineTrouble::None || now >= me.length) return false;
  // What the line does not take in time is not made up for later: that would hide the next stall.
  if (me.out.empty() && now > me.owed_until) {
    const double bytes = std::min(now - me.owed_until, 0.1) * me.kbps * 125;
    me.owed_until = now;
    if (bytes > 16)
      me.session.video(
          static_cast<std::uint32_t>(now * 1000),
          filler_tag(static_cast<std::size_t>(bytes), static_cast<std::uint32_t>(me.written)),
          me.out);
  }
  me.figures.trouble = me.exchange();
  if (me.session.state() == ClientSession::State::Refused)
    me.figures.trouble = LineTrouble::Rejected;
  const double stall = seconds_since(me.last_moved) * 1000;
  me.figures.longest_stall_ms = std::max(me.figures.longest_stall_ms, stall);
  if (stall > kUploadPatience.to_milliseconds()) me.figures.trouble = LineTrouble::Silent;
  if (now >= me.whole_seconds + 1) {
    const std::uint64_t gone = me.left_the_machine();
    const double rate =
        static_cast<double>(gone - std::min(gone, me.counted)) / 125 / (now - me.whole_seconds);
    me.figures.worst_kbps = std::min(me.figures.worst_kbps, rate);
    me.counted = gone;
    me.whole_seconds = static_cast<int>(now);
  }
  if (me.figures.trouble == LineTrouble::None && me.stop) me.figures.trouble = LineTrouble::Stopped;
  pollfd p{me.fd, static_cast<short>(me.out.empty() ? POLLIN : POLLIN | POLLOUT), 0};
  ::poll(&p, 1, static_cast<int>(kGlance.count()));
  return me.figures.trouble == LineTrouble::None;
}

UploadFigures Line::end_upload() {
  Impl& me = *impl_;
  me.figures.seconds = seconds_since(me.began);
  if (me.figures.seconds > 0)
    me.figures.kbps = static_cast<double>(me.left_the_machine()) / 125 / me.figures.seconds;
  me.figures.worst_kbps = std::min(me.figures.worst_kbps, me.figures.kbps);
  return me.figures;
}

std::string Line::said() const {
  return impl_->tls_said.empty() ? impl_->session.said() : impl_->tls_said;
}

}  // namespace kakehashi::rtmp
