// SPDX-License-Identifier: GPL-3.0-or-later
// One SRT connection, or a port where receivers call (SRT 1.5, live mode). Nothing here waits
// inside libsrt: whoever waits looks at `stop` every few milliseconds. For the kind srt; private to
// encoder/.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/result.h"
#include "core/secret.h"
#include "encoder/network.h"
#include "encoder/wire_meter.h"

namespace kakehashi {

struct SrtOptions {
  int latency_ms = 120;  // how long a lost packet may be asked for again; the larger side counts
  int key_bytes = 16;    // AES: 16, 24, 32; used with a passphrase only
  Secret passphrase;     // 10..79 bytes; empty: not encrypted
  Secret stream_id;      // what a server tells streams apart by; often a key
};

class SrtSocket {
 public:
  // All return without waiting. connect() has only begun: ask state().
  static Result<SrtSocket> connect(const Endpoint& to, const SrtOptions& options);
  static Result<SrtSocket> listen(int port, const SrtOptions& options);
  // The next receiver that called; nothing when nobody did.
  std::optional<SrtSocket> accept();

  SrtSocket(SrtSocket&& other) noexcept;
  SrtSocket& operator=(SrtSocket&&) = delete;
  ~SrtSocket();  // closes at once; what was not sent is lost

  enum class State : std::uint8_t { Connecting, Connected, Gone };
  State state() const;
  // For a connection that was refused.
  enum class Refusal : std::uint8_t { TimedOut, WrongPassphrase, Other };
  Refusal refusal() const;
  std::string refusal_text() const;

  enum class Sent : std::uint8_t { Yes, Full, Gone };
  Sent send(std::span<const std::uint8_t> chunk);  // at most 1316 bytes, whole or not at all
  // `handed` counts what send() took; it is the caller's.
  WireFigures figures(std::uint64_t handed) const;
  bool delivered() const;  // the other side has all of it

 private:
  explicit SrtSocket(int socket) : socket_(socket) {}
  static Result<SrtSocket> create(const SrtOptions& options);
  int socket_;
};

}  // namespace kakehashi
