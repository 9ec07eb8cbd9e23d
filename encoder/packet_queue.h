// SPDX-License-Identifier: GPL-3.0-or-later
// The road to one output: bounded by how much time lies in it, not by how many packets. What it
// gives up, it gives up so that the stream still decodes: video always restarts with a keyframe.
// Private to encoder/.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>

#include "encoder/packet.h"

namespace kakehashi {

class PacketQueue {
 public:
  enum class Policy : std::uint8_t {
    // Video over the limit is dropped to the next keyframe. Sound is kept much longer, and goes
    // ahead of the pictures once those are late: it needs a thirtieth of the line.
    Live,
    File,  // over the limit everything before the next keyframe goes, so both streams have one gap
  };
  PacketQueue(Policy policy, Duration limit) : policy_(policy), limit_(limit) {}

  // Any thread, never waits.
  void push(PacketPtr packet);
  // Waits up to `limit`. Null: nothing came, or closed and empty.
  PacketPtr pop(std::chrono::nanoseconds limit);
  // Not accepting: packets are let go uncounted, and what was inside too.
  void accept(bool on);
  void close();  // nothing more comes in; what is inside can still be popped

  // From the oldest to the newest packet of the fuller stream.
  Duration held() const;
  std::uint64_t bytes() const;    // inside
  std::uint64_t dropped() const;  // packets given up
  // True once after all queued video was given up: only a new keyframe brings the picture back.
  bool take_wants_keyframe();

 private:
  Duration span(PacketKind kind) const;  // all private ones: mutex_ is held
  void trim();
  PacketPtr take(std::size_t at);
  std::size_t next_to_go() const;
  template <class Goes>
  void drop_before(std::size_t end, Goes goes);
  std::size_t next_keyframe() const;  // behind the oldest video packet; items_.size(): none

  const Policy policy_;
  const Duration limit_;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<PacketPtr> items_;
  bool accepting_ = true, closed_ = false;
  bool waits_for_keyframe_ = false, wants_keyframe_ = false;
  std::uint64_t dropped_ = 0, bytes_ = 0;
};

}  // namespace kakehashi
