// SPDX-License-Identifier: GPL-3.0-or-later
#include "rtmp/handshake.h"

#include <algorithm>
#include <cassert>

namespace kakehashi::rtmp {
namespace {

constexpr std::uint8_t kVersion = 3;  // 5.2.2

}  // namespace

void Handshake::put_hello(Bytes& out) {
  hello_.clear();
  put_be32(hello_, 0);  // our epoch is this moment
  put_be32(hello_, 0);
  std::uint32_t x = seed_ | 1U;
  while (hello_.size() < kHandshakeSize) {
    x ^= x << 13;  // xorshift32
    x ^= x >> 17;
    x ^= x << 5;
    put_be32(hello_, x);
  }
  out.push_back(kVersion);
  out.insert(out.end(), hello_.begin(), hello_.end());
}

void Handshake::start(Bytes& out) {
  if (role_ == Role::Client) put_hello(out);
}

Status Handshake::feed(ByteView& in, Bytes& out) {
  while (!in.empty() && state_ != State::Done) {
    if (state_ == State::Version) {
      const std::uint8_t version = in.front();
      in = in.subspan(1);
      if (version == 6)
        return Error{ErrorKind::Unsupported, "handshake: the other side wants RTMPE (version 6)"};
      if (version != kVersion)
        return Error{ErrorKind::FixInput, "handshake: version " + std::to_string(version) +
                                              " instead of 3; the other side does not speak RTMP"};
      state_ = State::First;
      continue;
    }
    const std::size_t n = std::min(in.size(), kHandshakeSize - got_.size());
    got_.insert(got_.end(), in.begin(), in.begin() + static_cast<std::ptrdiff_t>(n));
    in = in.subspan(n);
    if (got_.size() < kHandshakeSize) break;
    if (state_ == State::First) {
      // S2 and C2 repeat the block just received (5.2.4); its time2 field may stay as it came.
      if (role_ == Role::Server) put_hello(out);
      out.insert(out.end(), got_.begin(), got_.end());
      state_ = State::Second;
    } else {
      // The echo is not compared: widely used publishers send something else here.
      state_ = State::Done;
    }
    got_.clear();
  }
  return {};
}

}  // namespace kakehashi::rtmp
