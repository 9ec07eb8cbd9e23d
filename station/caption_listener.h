// SPDX-License-Identifier: GPL-3.0-or-later
// The socket of a caption feed: many clients, slow ones, silent ones, garbage. One thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "station/caption_feed.h"

namespace kakehashi {

bool is_address(const std::string& ipv4);

// Takes whole lines off `pending`; one longer than `most` is cut there and its rest is skipped.
void take_lines(std::string& pending, std::size_t most,
                const std::function<bool(std::string)>& take);

class CaptionListener {
 public:
  using Take = std::function<bool(std::string)>;  // false: dropped, there was too much
  static Result<std::unique_ptr<CaptionListener>> open(const CaptionFeedSpec& spec, Take take);
  ~CaptionListener();
  CaptionListener(const CaptionListener&) = delete;
  CaptionListener& operator=(const CaptionListener&) = delete;

  int port() const { return port_; }
  // Waits at most `limit` for something to do, and does it.
  void round(std::chrono::milliseconds limit);

 private:
  struct Client {
    int fd = -1;
    std::string pending;
    std::chrono::steady_clock::time_point heard, since;
  };
  CaptionListener(bool http, Take take) : http_(http), take_(std::move(take)) {}
  void welcome();
  bool hear(Client& client);  // false: it is done
  bool answer(Client& client);
  int take_request(const struct HttpRequest& request);

  const bool http_;
  const Take take_;
  int fd_ = -1, port_ = 0;
  std::vector<Client> clients_;
};

// The texts of a request's body; nothing: not understood.
bool texts_of_body(const std::string& content_type, const std::string& body,
                   std::vector<std::string>& texts);

}  // namespace kakehashi
