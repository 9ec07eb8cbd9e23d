// SPDX-License-Identifier: GPL-3.0-or-later
#include "rtmp/wire_socket.h"

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "rtmp/race.h"
#include "rtmp/tls.h"

namespace kakehashi::rtmp {
namespace {

constexpr std::size_t kMostPieces = 256;  // of one writev; IOV_MAX is 1024
constexpr std::size_t kReadAtOnce = 64 * 1024;
constexpr auto kGlance = std::chrono::milliseconds(20);
constexpr auto kNoTime = std::chrono::milliseconds(0);

LineTrouble trouble_after_connect(int error) {
  return error == ETIMEDOUT || error == EHOSTUNREACH || error == ENETUNREACH ? LineTrouble::Silent
                                                                             : LineTrouble::HungUp;
}

}  // namespace

struct WireSocket::Impl {
  explicit Impl(const std::atomic<bool>& s) : stop(s) {}
  ~Impl() {
    if (fd >= 0) ::close(fd);
  }

  LineTrouble write_pieces(std::span<const ByteView> pieces);
  LineTrouble write_kept();
  // Bytes the kernel took; 0: none now; -1: `trouble`.
  std::ptrdiff_t took(std::ptrdiff_t n, LineTrouble& trouble);
  LineTrouble poll_once(short events, SteadyClock::time_point until) const;

  const std::atomic<bool>& stop;
  int fd = -1;
  std::unique_ptr<Tls> tls;
  std::string tls_said;
  Bytes kept;  // as they go out; from `sent` on
  std::size_t sent = 0;
  std::uint64_t handed = 0, calls = 0;
  Bytes arrived;  // before TLS
};

WireSocket::WireSocket(const std::atomic<bool>& stop) : impl_(std::make_unique<Impl>(stop)) {}
WireSocket::~WireSocket() = default;

LineTrouble WireSocket::connect(std::span<const Endpoint> endpoints, const std::string& interface,
                                Duration limit) {
  return race(endpoints, interface, limit, impl_->stop, impl_->fd);
}

std::ptrdiff_t WireSocket::Impl::took(std::ptrdiff_t n, LineTrouble& trouble) {
  if (n >= 0) {
    handed += static_cast<std::uint64_t>(n);
    ++calls;
    return n;
  }
  if (errno == EAGAIN || errno == EINTR) return 0;
  trouble = trouble_after_connect(errno);
  return -1;
}

LineTrouble WireSocket::Impl::write_kept() {
  LineTrouble trouble = LineTrouble::None;
  while (sent < kept.size()) {
    const auto n = took(::send(fd, kept.data() + sent, kept.size() - sent, MSG_NOSIGNAL), trouble);
    if (n < 0) return trouble;
    if (n == 0) return LineTrouble::None;
    sent += static_cast<std::size_t>(n);
  }
  kept.clear();
  sent = 0;
  return LineTrouble::None;
}

LineTrouble WireSocket::Impl::write_pieces(std::span<const ByteView> pieces) {
  LineTrouble trouble = LineTrouble::None;
  std::size_t at = 0, inside = 0;  // first piece that is not yet sent whole
  while (kept.empty() && at < pieces.size()) {
    std::array<iovec, kMostPieces> io;
    std::size_t count = 0;
    for (std::size_t i = at; i < pieces.size() && count < io.size(); ++i, ++count) {
      const ByteView p = i == at ? pieces[i].subspan(inside) : pieces[i];
      io[count] = {const_cast<std::uint8_t*>(p.data()), p.size()};  // writev only reads them
    }
    msghdr message{};
    message.msg_iov = io.data();
    message.msg_iovlen = count;
    const auto n = took(::sendmsg(fd, &message, MSG_NOSIGNAL), trouble);
    if (n < 0) return trouble;
    if (n == 0) break;
    for (auto left = static_cast<std::size_t>(n); left > 0;) {
      const std::size_t step = std::min(left, pieces[at].size() - inside);
      left -= step;
      inside += step;
      if (inside == pieces[at].size()) {
        ++at;
        inside = 0;
      }
    }
  }
  for (; at < pieces.size(); ++at, inside = 0) {
    const ByteView rest = pieces[at].subspan(inside);
    kept.insert(kept.end(), rest.begin(), rest.end());
  }
  return LineTrouble::None;
}

LineTrouble WireSocket::send(std::span<const ByteView> pieces) {
  Impl& me = *impl_;
  if (const LineTrouble t = me.write_kept(); t != LineTrouble::None) return t;
  if (!me.tls) return me.write_pieces(pieces);
  const auto sealed = me.tls->seal(pieces);
  if (!sealed) return LineTrouble::HungUp;
  if (const LineTrouble t = me.write_pieces(std::span(&*sealed, 1)); t != LineTrouble::None)
    return t;
  me.tls->sealed_taken();
  return LineTrouble::None;
}

LineTrouble WireSocket::flush() { return impl_->write_kept(); }
std::size_t WireSocket::kept() const { return impl_->kept.size() - impl_->sent; }

LineTrouble WireSocket::receive(Bytes& into) {
  Impl& me = *impl_;
  Bytes& raw = me.tls ? me.arrived : into;
  if (me.tls) raw.clear();
  LineTrouble trouble = LineTrouble::None;
  const std::size_t before = raw.size();
  std::array<std::uint8_t, 16 * 1024> block;
  while (raw.size() - before < kReadAtOnce) {
    const auto n = ::recv(me.fd, block.data(), block.size(), 0);
    if (n > 0) {
      raw.insert(raw.end(), block.begin(), block.begin() + n);
      if (static_cast<std::size_t>(n) < block.size()) break;  // that was all
      continue;
    }
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) break;
    trouble = n == 0 ? LineTrouble::HungUp : trouble_after_connect(errno);
    break;
  }
  if (me.tls && raw.size() > before)
    if (const LineTrouble t = me.tls->open(raw, into); t != LineTrouble::None) return t;
  return trouble;
}

LineTrouble WireSocket::Impl::poll_once(short events, SteadyClock::time_point until) const {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - SteadyClock::now());
  pollfd p{fd, events, 0};
  ::poll(&p, 1, static_cast<int>(std::clamp(left, kNoTime, kGlance).count()));
  if (stop) return LineTrouble::Stopped;
  return p.revents != 0 ? LineTrouble::None : LineTrouble::Silent;
}

LineTrouble WireSocket::wait(Duration limit, bool hears) const {
  const Impl& me = *impl_;
  const auto until = after(limit);
  const auto events = static_cast<short>((kept() > 0 ? POLLOUT : 0) | (hears ? POLLIN : 0));
  for (;;) {
    const LineTrouble t = me.poll_once(events, until);
    if (t != LineTrouble::Silent) return t;
    if (SteadyClock::now() >= until) return LineTrouble::None;
  }
}

LineTrouble WireSocket::start_tls(const std::string& host, const std::string& ca_file,
                                  Duration limit) {
  Impl& me = *impl_;
  auto tls = std::make_unique<Tls>(host, ca_file);
  const auto until = after(limit);
  Bytes raw;
  for (;;) {
    const Tls::Step step = tls->shake_hands();
    if (const ByteView out = tls->sealed(); !out.empty()) {
      if (const LineTrouble t = me.write_pieces(std::span(&out, 1)); t != LineTrouble::None)
        return t;
      tls->sealed_taken();
    }
    me.tls_said = tls->said();
    if (step == Tls::Step::Done) break;
    if (step == Tls::Step::Failed) return tls->trouble();
    while (!me.kept.empty()) {
      if (const LineTrouble t = me.write_kept(); t != LineTrouble::None) return t;
      if (me.kept.empty()) break;
      if (const LineTrouble t = me.poll_once(POLLOUT, until); t == LineTrouble::Stopped) return t;
      if (SteadyClock::now() >= until) return LineTrouble::Silent;
    }
    raw.clear();
    const LineTrouble t = receive(raw);
    if (t != LineTrouble::None) return t;
    if (!raw.empty()) {
      tls->arrived(raw);
      continue;
    }
    if (me.poll_once(POLLIN, until) == LineTrouble::Stopped) return LineTrouble::Stopped;
    if (SteadyClock::now() >= until) return LineTrouble::Silent;
  }
  me.tls = std::move(tls);
  return LineTrouble::None;
}

void WireSocket::hang_up(Duration limit) {
  Impl& me = *impl_;
  if (me.fd < 0) return;
  const auto until = after(limit);
  if (me.tls && me.kept.empty()) {
    const ByteView goodbye = me.tls->seal_end();
    if (me.write_pieces(std::span(&goodbye, 1)) != LineTrouble::None) return;
    me.tls->sealed_taken();
  }
  if (me.write_kept() != LineTrouble::None) return;
  ::shutdown(me.fd, SHUT_WR);
  std::array<std::uint8_t, 4096> ignored;
  while (SteadyClock::now() < until) {
    pollfd p{me.fd, POLLIN, 0};
    if (::poll(&p, 1, static_cast<int>(kGlance.count())) <= 0) continue;
    const auto n = ::recv(me.fd, ignored.data(), ignored.size(), 0);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) return;
  }
}

LineFigures WireSocket::figures() const {
  const Impl& me = *impl_;
  LineFigures f;
  f.handed = me.handed;
  int n = 0;
  if (::ioctl(me.fd, SIOCOUTQ, &n) == 0) f.unacked = static_cast<std::uint64_t>(std::max(n, 0));
  n = 0;
  if (::ioctl(me.fd, SIOCOUTQNSD, &n) == 0) f.unsent = static_cast<std::uint64_t>(std::max(n, 0));
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(me.fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0) {
    f.retransmits = info.tcpi_total_retrans;
    f.rtt_ms = info.tcpi_rtt * 1e-3;
    f.least_rtt_ms = info.tcpi_min_rtt * 1e-3;
  }
  return f;
}

std::uint64_t WireSocket::calls() const { return impl_->calls; }
bool WireSocket::tls() const { return impl_->tls != nullptr; }
const std::string& WireSocket::tls_said() const { return impl_->tls_said; }

}  // namespace kakehashi::rtmp
