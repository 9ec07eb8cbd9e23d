// SPDX-License-Identifier: GPL-3.0-or-later
// One connection to an RTMP server from look-up to unpublish, with what went wrong as a trouble
// (trouble.h). Reads the other side whenever it writes or idles, keeps the line's figures fresh,
// and gives up on a dead peer after 7 s. Private to encoder/. Lives on its runner's thread.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "core/clock.h"
#include "core/result.h"
#include "core/secret.h"
#include "encoder/network.h"
#include "encoder/trouble.h"
#include "encoder/wire_meter.h"
#include "rtmp/login.h"
#include "rtmp/publish_session.h"

namespace kakehashi {

struct RtmpWish {
  RtmpAddress address;
  std::string application;  // with its query
  Secret name;              // of the stream: mostly its key
  std::string user;         // empty: no login
  Secret password;
  std::string interface, ca_file;
  bool enhanced = false;  // HEVC or AV1 is to be sent
};

class RtmpLink {
 public:
  // `meter` may be null. Both outlive this.
  RtmpLink(const std::atomic<bool>& stop, WireMeter* meter) : stop_(stop), meter_(meter) {}

  // Until the server waits for pictures. About 8 s at most; twice that when it wants a login or
  // smaller chunks.
  Status open(const RtmpWish& wish);

  rtmp::PublishSession& session() { return *session_; }
  // Return when all of it is in the kernel.
  Status send(rtmp::Gather& message);
  Status send(const rtmp::Bytes& control);
  // Answers the other side; stores figures.
  Status idle();
  // Clean end, at most about 0.5 s.
  void end();

  std::uint64_t calls() const { return socket_ ? socket_->calls() : 0; }
  std::uint64_t wire_bytes() const { return socket_ ? socket_->figures().handed : 0; }

 private:
  enum class Step : std::uint8_t { Connect, Tls, Greet, Application, Publish, Live };

  rtmp::LineTrouble attempt(const std::vector<Endpoint>& endpoints, const std::string& application,
                            std::uint32_t chunk_size);
  rtmp::LineTrouble await(rtmp::PublishSession::State until);
  rtmp::LineTrouble hear();
  bool hears() const;  // not while much waits to be sent: answers would only make more
  Status drain(Duration limit);
  Status fault(rtmp::LineTrouble what) const;
  Status broken(rtmp::LineTrouble what);  // the same, once the last words are heard
  Status refused() const;
  std::string words() const;
  bool another_port_answers() const;
  rtmp::LineTrouble watch();

  const std::atomic<bool>& stop_;
  WireMeter* const meter_;
  MonotonicClock clock_;
  RtmpWish wish_;
  std::string place_;  // "host:port"
  std::unique_ptr<rtmp::WireSocket> socket_;
  std::unique_ptr<rtmp::PublishSession> session_;
  rtmp::Bytes in_, out_;
  Step step_ = Step::Connect;
  MediaTime deadline_;  // of the attempt
  MediaTime live_since_, watched_, confirmed_at_;
  std::uint64_t confirmed_ = 0;  // bytes the other side has
};

}  // namespace kakehashi
