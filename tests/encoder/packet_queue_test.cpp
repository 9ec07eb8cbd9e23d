// SPDX-License-Identifier: GPL-3.0-or-later
// What a full road gives up, and in which order.
#include "encoder/packet_queue.h"

#include <doctest/doctest.h>

using namespace kakehashi;
using namespace std::chrono_literals;

namespace {

PacketPtr packet(PacketKind kind, std::int64_t ms, bool keyframe = false) {
  auto p = std::make_shared<EncodedPacket>();
  p->kind = kind;
  p->keyframe = keyframe;
  p->pts = Duration::milliseconds(ms);
  return p;
}
// Ten pictures and ten pieces of sound a second, a keyframe every second.
void push_until(PacketQueue& q, std::int64_t from_ms, std::int64_t to_ms, bool keyframes = true) {
  for (std::int64_t t = from_ms; t < to_ms; t += 100) {
    q.push(packet(PacketKind::Video, t, keyframes && t % 1000 == 0));
    q.push(packet(PacketKind::Audio, t));
  }
}
struct Contents {
  std::vector<std::int64_t> video, audio;
  bool starts_with_keyframe = false;
};
Contents drain(PacketQueue& q) {
  Contents c;
  while (const PacketPtr p = q.pop(0ns)) {
    if (p->kind == PacketKind::Video && c.video.empty()) c.starts_with_keyframe = p->keyframe;
    (p->kind == PacketKind::Video ? c.video : c.audio).push_back(p->pts.ns / 1'000'000);
  }
  return c;
}

}  // namespace

TEST_CASE("a live road gives up video to the next keyframe and keeps the sound") {
  PacketQueue q(PacketQueue::Policy::Live, Duration::seconds(3));
  push_until(q, 500, 3900);
  CHECK(q.held() == Duration::milliseconds(3300));  // the sound
  const Contents c = drain(q);
  CHECK(c.video.front() == 1000);
  CHECK(c.starts_with_keyframe);
  CHECK(c.audio.front() == 500);
  CHECK(q.dropped() == 5);
  CHECK_FALSE(q.take_wants_keyframe());
}

TEST_CASE("without a keyframe all video goes, one is asked for, and only it brings video back") {
  PacketQueue q(PacketQueue::Policy::Live, Duration::seconds(3));
  push_until(q, 0, 3300, false);
  CHECK(q.take_wants_keyframe());
  CHECK_FALSE(q.take_wants_keyframe());
  q.push(packet(PacketKind::Video, 3300, true));
  q.push(packet(PacketKind::Video, 3400));
  const Contents c = drain(q);
  CHECK(c.video == std::vector<std::int64_t>{3300, 3400});
  CHECK(c.audio.size() == 33);
}

TEST_CASE("sound is bounded too") {
  PacketQueue q(PacketQueue::Policy::Live, Duration::seconds(3));
  push_until(q, 0, 20'000);
  CHECK(q.held() <= Duration::seconds(6));
  const Contents c = drain(q);
  CHECK(c.video.size() <= 31);
  CHECK(c.starts_with_keyframe);
  CHECK(c.audio.front() == 13'900);
  CHECK(c.audio.back() == 19'900);
}

TEST_CASE("a file's road gives up both at the same place, at a keyframe") {
  PacketQueue q(PacketQueue::Policy::File, Duration::seconds(10));
  push_until(q, 0, 10'000);
  CHECK(q.dropped() == 0);
  push_until(q, 10'000, 10'300);
  CHECK(q.dropped() == 20);
  const Contents c = drain(q);
  CHECK(c.video.front() == 1000);
  CHECK(c.audio.front() == 1000);
  CHECK(c.starts_with_keyframe);
}

TEST_CASE("a road that does not accept lets go uncounted; a closed one gives out the rest") {
  PacketQueue q(PacketQueue::Policy::Live, Duration::seconds(3));
  push_until(q, 0, 500);
  q.accept(false);
  push_until(q, 500, 900);
  CHECK_FALSE(q.pop(0ns));
  CHECK(q.dropped() == 0);
  q.accept(true);
  push_until(q, 1000, 1200);
  q.close();
  push_until(q, 1200, 1400);
  CHECK(drain(q).video.size() == 2);
  CHECK_FALSE(q.pop(60s));  // at once
}
