// SPDX-License-Identifier: GPL-3.0-or-later
// One connection to a streaming server, over TCP or TLS, that never blocks but in connect(),
// start_tls() and wait(), and there looks at `stop` every 20 ms. What is sent as one message goes
// to the kernel in one system call as far as it has room; nearly nothing waits there unsent
// (TCP_NOTSENT_LOWAT), so that the queue that matters is ours. Thread: one owner. The program must
// ignore SIGPIPE.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/time.h"
#include "rtmp/bytes.h"

namespace kakehashi::rtmp {

enum class LineTrouble : std::uint8_t {
  None,
  Refused,      // the port is closed
  Unreachable,  // no way there
  Silent,       // no answer within the limit; later: nothing confirmed for 7 s
  HungUp,       // closed the connection
  Expired,      // its certificate, or our clock is ahead
  NotYetValid,  // its certificate, or our clock is behind
  WrongName,    // the certificate is another server's
  Untrusted,    // nobody we know vouches for it: also firewalls that look into TLS
  NoTls,        // does not speak TLS
  NotRtmp,      // speaks, but not RTMP
  Rejected,     // speaks RTMP and said no
  Stopped,      // we were told to end
  NoInterface,  // the network interface that was asked for is not there
};

// One address in the form of getaddrinfo(3).
struct Endpoint {
  int family = 0;
  std::vector<unsigned char> address;
};

// What the kernel knows of the connection, in bytes as they travel (TLS included).
struct LineFigures {
  std::uint64_t handed = 0;   // given to the kernel
  std::uint64_t unacked = 0;  // of them, not confirmed by the other side (SIOCOUTQ)
  std::uint64_t unsent = 0;   // of those, not even sent (SIOCOUTQNSD)
  std::uint64_t retransmits = 0;
  double rtt_ms = 0, least_rtt_ms = 0;
};

// How long nothing may be confirmed before the other side counts as gone.
inline constexpr Duration kDeadPeer = Duration::seconds(7);

class WireSocket {
 public:
  explicit WireSocket(const std::atomic<bool>& stop);
  ~WireSocket();

  // The first of `endpoints` that answers wins; a slow one gets company after 250 ms, IPv6 and IPv4
  // by turns (RFC 8305); all silent, they are called again each second. `interface`: "eth1", goes
  // out there only; empty: as the machine routes.
  LineTrouble connect(std::span<const Endpoint> endpoints, const std::string& interface,
                      Duration limit);
  // After connect(): verifies against `ca_file` and for `host` (a name or an IP address).
  LineTrouble start_tls(const std::string& host, const std::string& ca_file, Duration limit);

  // Sends at once what the kernel takes and keeps the rest, which goes first next time.
  LineTrouble send(std::span<const ByteView> pieces);
  LineTrouble send(ByteView bytes) { return bytes.empty() ? flush() : send(std::span(&bytes, 1)); }
  LineTrouble flush();
  std::size_t kept() const;  // bytes that wait here
  // Appends what has come, at most about 64 KiB, without waiting; also when it reports trouble at
  // the same time: the last words before the other side hung up.
  LineTrouble receive(Bytes& into);
  // Until something came, or what is kept can go on, or the limit. None in each case. Not `hears`:
  // what came is left lying and ends nothing.
  LineTrouble wait(Duration limit, bool hears = true) const;
  // Says that nothing more follows (after all is sent) and gives the other side until the limit to
  // read it: closing at once would reset the connection and lose what is on the way.
  void hang_up(Duration limit);

  LineFigures figures() const;
  std::uint64_t calls() const;  // system calls that sent something
  bool tls() const;
  const std::string& tls_said() const;  // why TLS failed, in OpenSSL's words

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi::rtmp
