// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/http_request.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace kakehashi {
namespace {

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

std::string lower(std::string_view s) {
  std::string out(s);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

HttpRequest refused(int status) {
  HttpRequest r;
  r.state = HttpRequest::State::Refused;
  r.status = status;
  return r;
}

// "POST /caption?seq=1 HTTP/1.1"; 0: well.
int read_first_line(std::string_view line, HttpRequest& r) {
  const std::size_t a = line.find(' '), b = line.rfind(' ');
  if (a == std::string_view::npos || a == b) return 400;
  const std::string_view target = trimmed(line.substr(a, b - a)), version = line.substr(b + 1);
  if (!version.starts_with("HTTP/")) return 400;
  if (!version.starts_with("HTTP/1.")) return 505;
  if (target.empty() || target.front() != '/') return 400;
  r.method = line.substr(0, a);
  r.path = target.substr(0, target.find('?'));
  return 0;
}

}  // namespace

HttpRequest parse_http_request(std::string_view received) {
  const std::size_t head_end = received.find("\r\n\r\n");
  if (head_end == std::string_view::npos)
    return received.size() > kMostHttpHead ? refused(431) : HttpRequest{};
  if (head_end > kMostHttpHead) return refused(431);
  HttpRequest r;
  std::string_view head = received.substr(0, head_end);
  const std::size_t first_end = std::min(head.find("\r\n"), head.size());
  if (const int bad = read_first_line(head.substr(0, first_end), r)) return refused(bad);
  head.remove_prefix(std::min(first_end + 2, head.size()));

  std::optional<std::size_t> length;
  while (!head.empty()) {
    const std::size_t end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + 2, head.size()));
    const std::size_t colon = line.find(':');
    if (colon == 0 || colon == std::string_view::npos || line.front() == ' ') return refused(400);
    const std::string name = lower(line.substr(0, colon));
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (name == "content-length") {
      std::size_t n = 0;
      const auto [at, error] = std::from_chars(value.data(), value.data() + value.size(), n);
      if (error == std::errc::result_out_of_range) return refused(413);
      if (error != std::errc() || at != value.data() + value.size() || (length && *length != n))
        return refused(400);
      length = n;
    } else if (name == "transfer-encoding") {
      return refused(411);
    } else if (name == "content-type") {
      r.content_type = lower(trimmed(value.substr(0, value.find(';'))));
    } else if (name == "origin") {
      r.from_browser = true;
    }
  }
  if (r.method == "POST" && !length) return refused(411);
  if (length.value_or(0) > kMostHttpBody) return refused(413);
  const std::string_view body = received.substr(head_end + 4);
  if (body.size() < length.value_or(0)) return {};
  r.body = body.substr(0, length.value_or(0));
  r.state = HttpRequest::State::Ready;
  return r;
}

std::string http_answer(int status) {
  const auto reason = [status] {
    switch (status) {
      case 204:
        return "No Content";
      case 403:
        return "Forbidden";
      case 404:
        return "Not Found";
      case 405:
        return "Method Not Allowed";
      case 408:
        return "Request Timeout";
      case 411:
        return "Length Required";
      case 413:
        return "Content Too Large";
      case 415:
        return "Unsupported Media Type";
      case 429:
        return "Too Many Requests";
      case 431:
        return "Request Header Fields Too Large";
      case 505:
        return "HTTP Version Not Supported";
      default:
        return "Bad Request";
    }
  }();
  return "HTTP/1.1 " + std::to_string(status) + " " + reason + "\r\nConnection: close\r\n" +
         (status == 204 ? "" : "Content-Length: 0\r\n") + "\r\n";
}

}  // namespace kakehashi
