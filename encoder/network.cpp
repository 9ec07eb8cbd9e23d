// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/network.h"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "encoder/trouble.h"
#include "rtmp/wire_socket.h"

namespace kakehashi {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr auto kGlance = std::chrono::milliseconds(50);  // how often `stop` is looked at
constexpr Duration kPatienceWhenKnown = Duration::seconds(1);

struct LookUp {
  std::mutex mutex;
  std::condition_variable done;
  bool finished = false;
  int code = 0;
  std::vector<Endpoint> found;
};

void resolve(const std::string& host, int port, LookUp& result) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int code = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  std::vector<Endpoint> found;
  for (const addrinfo* a = list; a; a = a->ai_next) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(a->ai_addr);
    found.push_back({a->ai_family, {bytes, bytes + a->ai_addrlen}});
  }
  if (list) freeaddrinfo(list);
  const std::lock_guard lock(result.mutex);
  result.finished = true;
  result.code = code;
  result.found = std::move(found);
  result.done.notify_all();
}

// What look_up() found before.
class KnownNames {
 public:
  std::vector<Endpoint> of(const std::string& place) {
    const std::lock_guard lock(mutex_);
    const auto it = known_.find(place);
    return it == known_.end() ? std::vector<Endpoint>() : it->second;
  }
  void add(const std::string& place, const std::vector<Endpoint>& found) {
    const std::lock_guard lock(mutex_);
    if (known_.size() < 64 || known_.contains(place)) known_[place] = found;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::vector<Endpoint>> known_;
};
KnownNames& known_names() {
  static KnownNames names;
  return names;
}

}  // namespace

Result<RtmpAddress> parse_rtmp_address(const std::string& url) {
  const auto bad = [](const std::string& why) { return trouble(Trouble::BadAddress, why); };
  RtmpAddress address;
  std::string_view rest(url);
  if (rest.starts_with("rtmp://")) {
    rest.remove_prefix(7);
  } else if (rest.starts_with("rtmps://")) {
    rest.remove_prefix(8);
    address.tls = true;
    address.port = 443;
  } else {
    return bad("url must start with rtmp:// or rtmps://");
  }
  // Control characters and blanks would end up in the server's command.
  if (std::any_of(rest.begin(), rest.end(), [](unsigned char c) { return c <= ' ' || c == 127; }))
    return bad("url contains a blank or a control character");
  const auto slash = rest.find('/');
  std::string_view place = rest.substr(0, slash);
  std::string_view app = slash == std::string_view::npos ? "" : rest.substr(slash + 1);
  while (!app.empty() && app.back() == '/') app.remove_suffix(1);
  if (app.empty()) return bad("url must name the application after the server: rtmp://server/live");
  if (place.find('@') != std::string_view::npos)
    return bad("url must not contain a user or password; a key belongs in the key field");
  std::string_view port;
  if (place.starts_with('[')) {
    const auto end = place.find(']');
    if (end == std::string_view::npos) return bad("url has an IPv6 address without its ]");
    address.host = place.substr(1, end - 1);
    port = place.substr(end + 1);
  } else {
    const auto colon = place.find(':');
    address.host = place.substr(0, colon);
    port = colon == std::string_view::npos ? "" : place.substr(colon);
  }
  if (address.host.empty()) return bad("url has no server name");
  if (!port.empty()) {
    const char* end = port.data() + port.size();
    const auto [stopped, code] = std::from_chars(port.data() + 1, end, address.port);
    if (port[0] != ':' || code != std::errc() || stopped != end || address.port < 1 ||
        address.port > 65535)
      return bad("url has a port that is not a number from 1 to 65535");
  }
  address.app = app;
  return address;
}

Result<std::vector<Endpoint>> look_up(const std::string& host, int port,
                                      const std::atomic<bool>& stop, Duration limit) {
  const auto result = std::make_shared<LookUp>();
  std::thread([host, port, result] { resolve(host, port, *result); }).detach();
  const std::string place = host + ":" + std::to_string(port);
  std::vector<Endpoint> known = known_names().of(place);
  if (!known.empty()) limit = std::min(limit, kPatienceWhenKnown);
  const auto deadline = SteadyClock::now() + std::chrono::nanoseconds(limit.ns);
  std::unique_lock lock(result->mutex);
  while (!result->finished) {
    if (!stop && SteadyClock::now() >= deadline && !known.empty()) return known;
    if (stop || SteadyClock::now() >= deadline)
      return trouble(Trouble::TimedOut, "looking up the name " + host);
    result->done.wait_for(lock, kGlance);
  }
  if (result->code != 0 || result->found.empty()) {
    if (!known.empty()) return known;
    return trouble(Trouble::NameUnknown, host + ": " + gai_strerror(result->code));
  }
  known_names().add(place, result->found);
  return std::move(result->found);
}

bool port_answers(const std::vector<Endpoint>& endpoints, const std::string& interface,
                  const std::atomic<bool>& stop, Duration limit) {
  rtmp::WireSocket socket(stop);
  return socket.connect(endpoints, interface, limit) == rtmp::LineTrouble::None;
}

}  // namespace kakehashi
