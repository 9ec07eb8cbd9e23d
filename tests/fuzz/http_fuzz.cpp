// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes at the caption port: a request, part of one, or refused; and any text as caption lines.
#include <cstdint>
#include <cstdlib>

#include "mixer/caption_roll.h"
#include "station/caption_listener.h"
#include "station/http_request.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kakehashi;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const HttpRequest request = parse_http_request(bytes);
  if (request.body.size() > kMostHttpBody) std::abort();
  if (request.state == HttpRequest::State::Refused && request.status < 400) std::abort();
  if (request.state == HttpRequest::State::Ready) {
    std::vector<std::string> texts;
    (void)texts_of_body(request.content_type, request.body, texts);
  }
  for (const int cells : {4, 16, 20})
    for (const auto& line : caption_lines(bytes, cells))
      if (caption_cells(line) > cells) std::abort();
  return 0;
}
