// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/caption_listener.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "station/http_request.h"

namespace kakehashi {
namespace {

using namespace std::chrono_literals;

constexpr auto kRequestLimit = 5s;

Error failed(const CaptionFeedSpec& spec, const char* doing) {
  return {ErrorKind::FixSetup, std::string(doing) + " " + spec.address + ":" +
                                   std::to_string(spec.port) + ": " + std::strerror(errno)};
}

}  // namespace

bool is_address(const std::string& ipv4) {
  in_addr address{};
  return ::inet_pton(AF_INET, ipv4.c_str(), &address) == 1;
}

void take_lines(std::string& pending, std::size_t most,
                const std::function<bool(std::string)>& take) {
  std::size_t from = 0;
  for (std::size_t end = pending.find('\n'); end != std::string::npos;
       end = pending.find('\n', from)) {
    take(pending.substr(from, std::min(end - from, most)));
    from = end + 1;
  }
  pending.erase(0, from);
  // The end of a line that never ends is not kept: its first `most` bytes come when it does.
  if (pending.size() > most) pending.resize(most);
}

bool texts_of_body(const std::string& content_type, const std::string& body,
                   std::vector<std::string>& texts) {
  if (content_type == "application/json") {
    const auto json = nlohmann::json::parse(body, nullptr, false);
    if (!json.is_object() || !json.contains("text") || !json["text"].is_string()) return false;
    texts.push_back(json["text"].get<std::string>());
    return true;
  }
  // Plain text, or what tools send when they say nothing.
  std::string pending = body + "\n";
  take_lines(pending, CaptionFeed::kMostLine, [&](std::string line) {
    texts.push_back(std::move(line));
    return true;
  });
  return true;
}

Result<std::unique_ptr<CaptionListener>> CaptionListener::open(const CaptionFeedSpec& spec,
                                                               Take take) {
  std::unique_ptr<CaptionListener> l(
      new CaptionListener(spec.kind == CaptionFeedSpec::Kind::Http, std::move(take)));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(spec.port));
  if (::inet_pton(AF_INET, spec.address.c_str(), &address.sin_addr) != 1)
    return Error{ErrorKind::FixInput, "caption feed: \"" + spec.address + "\" is no address"};
  l->fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (l->fd_ < 0) return failed(spec, "caption feed: make a socket for");
  const int on = 1;
  ::setsockopt(l->fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(l->fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(l->fd_, 16) != 0)
    return failed(spec, "caption feed: listen on");
  socklen_t size = sizeof address;
  ::getsockname(l->fd_, reinterpret_cast<sockaddr*>(&address), &size);
  l->port_ = ntohs(address.sin_port);
  return l;
}

CaptionListener::~CaptionListener() {
  for (const Client& c : clients_) ::close(c.fd);
  if (fd_ >= 0) ::close(fd_);
}

void CaptionListener::round(std::chrono::milliseconds limit) {
  std::vector<pollfd> waits{{fd_, POLLIN, 0}};
  for (const Client& c : clients_) waits.push_back({c.fd, POLLIN, 0});
  ::poll(waits.data(), waits.size(), static_cast<int>(limit.count()));
  const auto now = std::chrono::steady_clock::now();
  for (std::size_t i = clients_.size(); i-- > 0;) {
    Client& client = clients_[i];
    bool keep = true;
    if (waits[i + 1].revents != 0) keep = hear(client);
    if (keep && http_ && now - client.since > kRequestLimit) {  // a request that drips
      const std::string late = http_answer(408);
      (void)!::send(client.fd, late.data(), late.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      keep = false;
    }
    if (keep) continue;
    ::close(client.fd);
    clients_.erase(clients_.begin() + static_cast<std::ptrdiff_t>(i));
  }
  if (waits[0].revents & POLLIN) welcome();
}

void CaptionListener::welcome() {
  const int fd = ::accept4(fd_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) return;
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  if (clients_.size() >= CaptionFeed::kMostClients) {
    // The one that has been silent longest makes room: it may be long gone.
    const auto silent =
        std::min_element(clients_.begin(), clients_.end(),
                         [](const Client& a, const Client& b) { return a.heard < b.heard; });
    ::close(silent->fd);
    clients_.erase(silent);
  }
  const auto now = std::chrono::steady_clock::now();
  clients_.push_back({fd, {}, now, now});
}

bool CaptionListener::hear(Client& client) {
  char bytes[8 * 1024];
  const ssize_t n = ::recv(client.fd, bytes, sizeof bytes, 0);
  if (n < 0) return errno == EAGAIN || errno == EINTR;
  if (n > 0) client.pending.append(bytes, static_cast<std::size_t>(n));
  client.heard = std::chrono::steady_clock::now();
  if (http_) return n > 0 && answer(client);
  if (n == 0) client.pending += '\n';  // a last line without its end
  take_lines(client.pending, CaptionFeed::kMostLine, take_);
  return n > 0;
}

int CaptionListener::take_request(const HttpRequest& request) {
  if (request.path != "/caption") return 404;
  if (request.method != "POST") return 405;
  // A web page that somebody has open on this machine must not write on the picture.
  if (request.from_browser) return 403;
  const std::string& type = request.content_type;
  if (!type.empty() && type != "text/plain" && type != "application/json" &&
      type != "application/x-www-form-urlencoded")
    return 415;
  std::vector<std::string> texts;
  if (!texts_of_body(type, request.body, texts)) return 400;
  bool all = true;
  for (std::string& text : texts)
    if (!text.empty()) all = take_(std::move(text)) && all;
  return all ? 204 : 429;
}

// False: answered, or refused.
bool CaptionListener::answer(Client& client) {
  const HttpRequest request = parse_http_request(client.pending);
  if (request.state == HttpRequest::State::NeedsMore) return true;
  const bool ready = request.state == HttpRequest::State::Ready;
  const std::string words = http_answer(ready ? take_request(request) : request.status);
  (void)!::send(client.fd, words.data(), words.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  return false;
}

}  // namespace kakehashi
