// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/network_address.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

#include "capture/network_words.h"

namespace kakehashi {
namespace {

int usual_port(const std::string& scheme) {
  static const std::map<std::string, int> kPorts{{"rtsp", 554},  {"rtsps", 322}, {"rtmp", 1935},
                                                 {"rtmps", 443}, {"http", 80},   {"https", 443}};
  const auto it = kPorts.find(scheme);
  return it == kPorts.end() ? 0 : it->second;
}

struct Authority {
  std::size_t begin = 0, host = 0, end = 0;  // of "//user:password@host:port"
};
std::optional<Authority> authority_of(const std::string& uri) {
  const std::size_t scheme = uri.find("://");
  if (scheme == std::string::npos || scheme == 0) return std::nullopt;
  Authority a;
  a.begin = scheme + 3;
  a.end = std::min(uri.find_first_of("/?#", a.begin), uri.size());
  const std::size_t at = uri.substr(a.begin, a.end - a.begin).rfind('@');
  a.host = at == std::string::npos ? a.begin : a.begin + at + 1;
  return a;
}

class Socket {
 public:
  explicit Socket(int fd) : fd_(fd) {}
  ~Socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;
Result<Addresses> find_host(const NetworkAddress& address) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int fault =
      getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
  if (fault != 0)
    return network_error(NetworkTrouble::Name,
                         "host \"" + address.host + "\": " + gai_strerror(fault));
  return Addresses(found, &freeaddrinfo);
}

// 0 or an errno.
int try_connect(const addrinfo& a, Duration limit) {
  const Socket s(::socket(a.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (s.get() < 0) return errno;
  if (::connect(s.get(), a.ai_addr, a.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd p{s.get(), POLLOUT, 0};
  if (::poll(&p, 1, static_cast<int>(limit.ns / 1'000'000)) <= 0) return ETIMEDOUT;
  int fault = 0;
  socklen_t size = sizeof fault;
  getsockopt(s.get(), SOL_SOCKET, SO_ERROR, &fault, &size);
  return fault;
}

std::string text_of(const sockaddr* address) {
  std::array<char, INET_ADDRSTRLEN> text{};
  const auto* v4 = reinterpret_cast<const sockaddr_in*>(address);
  return inet_ntop(AF_INET, &v4->sin_addr, text.data(), text.size()) ? text.data() : "";
}

}  // namespace

std::optional<NetworkAddress> parse_network_address(const std::string& uri) {
  const std::optional<Authority> a = authority_of(uri);
  if (!a) return std::nullopt;
  for (const char c : uri)
    if (static_cast<unsigned char>(c) <= ' ') return std::nullopt;
  NetworkAddress out;
  out.scheme = uri.substr(0, a->begin - 3);
  std::transform(out.scheme.begin(), out.scheme.end(), out.scheme.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::string host = uri.substr(a->host, a->end - a->host), port;
  const std::size_t bracket = host.rfind(']');
  const std::size_t colon = host.rfind(':');
  if (colon != std::string::npos && (bracket == std::string::npos || colon > bracket)) {
    port = host.substr(colon + 1);
    host.resize(colon);
  }
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  out.host = host;
  out.port = usual_port(out.scheme);
  if (!port.empty()) {
    const auto [end, fault] = std::from_chars(port.data(), port.data() + port.size(), out.port);
    if (fault != std::errc() || end != port.data() + port.size() || out.port < 1 ||
        out.port > 65535)
      return std::nullopt;
  }
  std::string rest = uri.substr(a->end);
  rest = rest.substr(0, rest.find('#'));
  const std::size_t question = rest.find('?');
  out.path = rest.substr(0, question);
  for (std::size_t at = question; at != std::string::npos;) {
    const std::size_t next = rest.find('&', at + 1);
    const std::string pair =
        rest.substr(at + 1, next == std::string::npos ? std::string::npos : next - at - 1);
    const std::size_t equals = pair.find('=');
    if (equals != std::string::npos) out.query[pair.substr(0, equals)] = pair.substr(equals + 1);
    at = next;
  }
  return out;
}

std::string shown_address(const std::string& uri) {
  const std::optional<Authority> a = authority_of(uri);
  if (!a) return uri.find('@') == std::string::npos ? uri : "***";
  const std::size_t path_end = std::min(uri.find_first_of("?#", a->end), uri.size());
  return uri.substr(0, a->begin) + uri.substr(a->host, path_end - a->host);
}

Status known(const NetworkAddress& address) {
  auto found = find_host(address);
  return found.ok() ? Status() : Status(std::move(found.error()));
}

Status reach(const NetworkAddress& address, Duration limit) {
  auto found = find_host(address);
  if (!found.ok()) return std::move(found.error());
  int fault = ETIMEDOUT;
  for (const addrinfo* a = found->get(); a; a = a->ai_next) {
    fault = try_connect(*a, limit);
    if (fault == 0) return {};
  }
  const std::string sentence = "port " + std::to_string(address.port) + ": " + std::strerror(fault);
  return network_error(fault == ECONNREFUSED ? NetworkTrouble::Refused : NetworkTrouble::Silent,
                       sentence);
}

std::string own_address() {
  // The way out, if there is one: connecting a datagram socket sends nothing.
  const Socket s(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(9);
  inet_pton(AF_INET, "192.0.2.1", &to.sin_addr);  // RFC 5737: nobody's
  sockaddr_in mine{};
  socklen_t size = sizeof mine;
  if (::connect(s.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0 &&
      getsockname(s.get(), reinterpret_cast<sockaddr*>(&mine), &size) == 0)
    return text_of(reinterpret_cast<const sockaddr*>(&mine));
  // A hall's network may have no way out: any interface that is up will do.
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return "127.0.0.1";
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(list, &freeifaddrs);
  for (const ifaddrs* i = list; i; i = i->ifa_next)
    if (i->ifa_addr && i->ifa_addr->sa_family == AF_INET && (i->ifa_flags & IFF_UP) &&
        !(i->ifa_flags & IFF_LOOPBACK))
      return text_of(i->ifa_addr);
  return "127.0.0.1";
}

}  // namespace kakehashi
