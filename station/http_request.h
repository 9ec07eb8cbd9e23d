// SPDX-License-Identifier: GPL-3.0-or-later
// The little of HTTP/1.1 that a caption tool needs: one POST with a body of known length (RFC
// 9112). Pure, for any bytes.
#pragma once

#include <string>
#include <string_view>

namespace kakehashi {

struct HttpRequest {
  enum class State { NeedsMore, Ready, Refused };
  State state = State::NeedsMore;
  int status = 0;  // of a refused one: 400, 411, 413, 431, 505
  std::string method, path,
      content_type;           // path without query; type without parameters, lower case
  bool from_browser = false;  // it names a web page that sent it (Origin)
  std::string body;
};

inline constexpr std::size_t kMostHttpHead = 8 * 1024, kMostHttpBody = 16 * 1024;

// What the bytes received so far are.
HttpRequest parse_http_request(std::string_view received);

// A whole answer without a body; the connection is closed after it.
std::string http_answer(int status);

}  // namespace kakehashi
