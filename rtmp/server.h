// SPDX-License-Identifier: GPL-3.0-or-later
// Receives streams over RTMP: several publishers at once, each under its own app and key. Plain
// TCP. One thread of its own ("rtmp.server") with poll(); every callback runs on it and must
// return quickly, because receive stamps are taken there.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/result.h"
#include "core/time.h"
#include "rtmp/amf0.h"

namespace kakehashi::rtmp {

using PublisherId = std::uint64_t;  // counts up; never used twice

struct ServerCallbacks {
  // Somebody wants to publish. A text refuses and is told to them. Absent: everybody is accepted.
  // The same app and key twice is refused before this is asked, unless the first one has been
  // silent for 3 s (its machine died): then the newcomer takes its place.
  std::function<std::optional<std::string>(PublisherId, const std::string& app,
                                           const std::string& key)>
      publish;
  std::function<void(PublisherId, const AmfValue&)> metadata;
  // FLV tag bodies; timestamp in milliseconds; `arrived`: CLOCK_MONOTONIC when the last byte was
  // read from the socket. Bodies are valid during the call only.
  std::function<void(PublisherId, std::uint32_t timestamp, MediaTime arrived, ByteView body)> video;
  std::function<void(PublisherId, std::uint32_t timestamp, MediaTime arrived, ByteView body)> audio;
  // Exactly once for each accepted publisher, with the reason in a sentence.
  std::function<void(PublisherId, const std::string& reason)> closed;
};

class Server {
 public:
  // `url`: rtmp://host:port/app. Port 0: any free one. Without an app, every app is accepted; with
  // a key, only that key. FixInput: the address is wrong; FixSetup: it cannot be listened on.
  static Result<std::unique_ptr<Server>> listen(const std::string& url, ServerCallbacks callbacks);
  ~Server();  // stop()

  int port() const;
  std::string url() const;  // with the real port, without a key
  // Ends every connection and the thread, within 1 s. Not from a callback.
  void stop();

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi::rtmp
