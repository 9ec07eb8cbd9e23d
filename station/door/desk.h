// SPDX-License-Identifier: GPL-3.0-or-later
// Private to the server: one connected desk. Lines in, lines and descriptors out, both bounded.
// Thread: the door's.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/show.h"
#include "station/door/descriptor.h"

namespace kakehashi::door {

class Desk {
 public:
  using Time = std::chrono::steady_clock::time_point;
  enum class Read { More, Gone };

  explicit Desk(Descriptor socket) : socket_(std::move(socket)) {}

  // Takes what has arrived (at most 64 KiB, so that a desk that floods does not keep others
  // waiting). Gone: closed or broken.
  Read receive();
  // The next whole line; `too_long` instead when one passes 1 MiB (the rest of it is skipped).
  struct Line {
    std::string text;
    bool too_long = false;
  };
  std::optional<Line> next_line();

  // Queues a line (its \n is added here) or a shared one that ends with \n. False: 4 MiB are
  // waiting already, the desk does not read.
  bool send(std::string line, std::vector<Descriptor> descriptors = {});
  bool send(std::shared_ptr<const std::string> line, std::vector<Descriptor> descriptors = {});
  // Writes what the socket takes. False: the connection is broken.
  bool flush();
  bool all_sent() const { return out_.empty(); }

  int fd() const { return socket_.get(); }

  // Subscription, kept by the server.
  std::chrono::nanoseconds period{0};  // 0: none
  std::optional<Bus> bus;              // a window of it
  Time due{};
  bool wants_snapshot = false;

  int faults = 0;        // garbage lines in a row
  bool closing = false;  // nothing more is read; ends when all is sent
  bool watched_for_writing = false;

 private:
  struct Outgoing {
    std::shared_ptr<const std::string> line;
    std::size_t sent = 0;
    std::vector<Descriptor> descriptors;  // in front of the line's bytes, 64 at a time
  };

  Descriptor socket_;
  std::string in_;
  std::size_t begin_ = 0;    // of the line being collected
  std::size_t scanned_ = 0;  // no \n between begin_ and this place
  bool skipping_ = false;    // inside a line that was too long
  std::deque<Outgoing> out_;
  std::size_t out_bytes_ = 0;
};

}  // namespace kakehashi::door
