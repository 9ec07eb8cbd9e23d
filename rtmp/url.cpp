// SPDX-License-Identifier: GPL-3.0-or-later
#include "rtmp/url.h"

#include <charconv>

namespace kakehashi::rtmp {
namespace {

Error bad(const std::string& what) {
  return {ErrorKind::FixInput, what + "; expected rtmp://host:port/app"};
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
  Url url;
  if (text.starts_with("rtmp://")) {
    text.remove_prefix(7);
  } else if (text.starts_with("rtmps://")) {
    text.remove_prefix(8);
    url.tls = true;
    url.port = 443;
  } else {
    return bad("the address does not begin with rtmp://");
  }
  const std::size_t slash = text.find('/');
  std::string_view place = text.substr(0, slash);
  std::string_view path = slash == text.npos ? std::string_view() : text.substr(slash + 1);

  std::size_t colon = place.rfind(':');
  if (place.starts_with('[')) {
    const std::size_t end = place.find(']');
    if (end == place.npos) return bad("the IPv6 address has no closing bracket");
    url.host = place.substr(1, end - 1);
    colon = end + 1 < place.size() ? end + 1 : place.npos;
    if (colon != place.npos && place[colon] != ':') return bad("something follows the bracket");
  } else {
    url.host = place.substr(0, colon);
    if (url.host.find(':') != url.host.npos)
      return bad("an IPv6 address needs brackets: rtmp://[::1]:1935/app");
  }
  if (url.host.empty()) return bad("the address names no host");
  if (colon != place.npos) {
    const std::string_view digits = place.substr(colon + 1);
    const auto [end, fault] =
        std::from_chars(digits.data(), digits.data() + digits.size(), url.port);
    if (fault != std::errc() || end != digits.data() + digits.size() || url.port < 0 ||
        url.port > 65535)
      return bad("the port is not a number from 0 to 65535");
  }
  const std::size_t next = path.find('/');
  url.app = path.substr(0, next);
  if (next != path.npos) url.key = path.substr(next + 1);
  return url;
}

}  // namespace kakehashi::rtmp
