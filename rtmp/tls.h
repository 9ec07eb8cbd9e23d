// SPDX-License-Identifier: GPL-3.0-or-later
// TLS 1.2 or newer between memory and memory (OpenSSL), certificates verified: what is sealed for
// one message can then be sent in one system call. Private to rtmp/. One owner.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "rtmp/wire_socket.h"

struct ssl_ctx_st;
struct ssl_st;

namespace kakehashi::rtmp {

class Tls {
 public:
  Tls(const std::string& host, const std::string& ca_file);
  ~Tls();
  Tls(const Tls&) = delete;
  Tls& operator=(const Tls&) = delete;

  enum class Step : std::uint8_t { Going, Done, Failed };
  // As far as it goes with what arrived; sealed() must then be sent, also when it failed.
  Step shake_hands();
  void arrived(ByteView raw);

  // What is to be sent now; sealed_taken() lets go of it. Nothing: the session is broken.
  std::optional<ByteView> seal(std::span<const ByteView> pieces);
  ByteView seal_end();
  ByteView sealed() const;
  void sealed_taken();
  // Appends the plain text of `raw`.
  LineTrouble open(ByteView raw, Bytes& into);

  LineTrouble trouble() const { return trouble_; }
  const std::string& said() const { return said_; }

 private:
  ssl_ctx_st* context_ = nullptr;
  ssl_st* ssl_ = nullptr;
  Bytes plain_;
  LineTrouble trouble_ = LineTrouble::NoTls;
  std::string said_;
};

}  // namespace kakehashi::rtmp
