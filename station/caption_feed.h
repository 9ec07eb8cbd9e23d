// SPDX-License-Identifier: GPL-3.0-or-later
// Where caption text comes from: people who summarise, speech recognition, a script. Own thread
// ("captions.<overlay>"); nothing that comes in can hold up or end the station.
//
//   file:PATH       lines appended to a file (what is in it already is not shown)
//   tcp:PORT        lines of UTF-8, any number of connections one after the other, 8 at once
//   http:PORT       POST /caption, text/plain (each line a caption) or {"text": "..."}
// tcp and http listen on this machine only; "tcp:0.0.0.0:PORT" on the network. There is no
// password: on a network, whoever reaches the port writes on the picture.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/result.h"
#include "core/text.h"

namespace kakehashi {

struct CaptionFeedSpec {
  enum class Kind { File, Tcp, Http };
  Kind kind = Kind::File;
  std::string path;
  std::string address = "127.0.0.1";  // IPv4
  int port = 0;                       // 0: any free one (tests)
  friend bool operator==(const CaptionFeedSpec&, const CaptionFeedSpec&) = default;
};
// `folder`: relative paths start here.
Result<CaptionFeedSpec> parse_caption_feed(const std::string& setting, const std::string& folder);

class CaptionFeed {
 public:
  // More than this is dropped, and the reason says so.
  static constexpr int kMostPerSecond = 20;
  static constexpr std::size_t kMostClients = 8, kMostLine = 4096;

  // Called on the feed's thread with one piece of text, any bytes, not empty, at most kMostLine.
  using Sink = std::function<void(std::string text)>;
  CaptionFeed(CaptionFeedSpec spec, std::string name, Sink sink);  // starts; tries again for ever
  ~CaptionFeed();

  Text reason() const;  // cause and one action; empty when well
  int port() const;     // that it listens on; 0: none (yet)

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi
