// SPDX-License-Identifier: GPL-3.0-or-later
// The simple handshake, either end (Adobe RTMP 1.0, 5.2). Pure: bytes in, bytes out.
//
//   client  C0 C1 ------------>            version, time + zero + 1528 random bytes
//           <---------- S0 S1 S2  server
//           C2 ---------------->           C2 / S2 echo the other side's 1536 bytes
//
// The "zero" field of our S1 and C1 is zero, which tells clients that know the signed variant of
// Flash Player 9 that this is the simple one.
#pragma once

#include <cstdint>

#include "core/result.h"
#include "rtmp/bytes.h"

namespace kakehashi::rtmp {

inline constexpr std::size_t kHandshakeSize = 1536;

class Handshake {
 public:
  enum class Role : std::uint8_t { Server, Client };
  // `seed` fills the random bytes (they need not be secret: 5.2.3 only wants them different).
  // A client's C0 C1 stand in `out` at once by start().
  Handshake(Role role, std::uint32_t seed) : role_(role), seed_(seed) {}

  // Client: writes C0 C1. Server: nothing.
  void start(Bytes& out);
  // Takes what it needs from the front of `in` (and shortens it), appends what is to be sent.
  // Error: the other side does not speak RTMP 3.
  Status feed(ByteView& in, Bytes& out);
  bool done() const { return state_ == State::Done; }

 private:
  enum class State : std::uint8_t { Version, First, Second, Done };
  void put_hello(Bytes& out);

  Role role_;
  std::uint32_t seed_;
  State state_ = State::Version;
  Bytes got_;    // of the 1536-byte block now arriving
  Bytes hello_;  // our own S1 or C1
};

}  // namespace kakehashi::rtmp
