// SPDX-License-Identifier: GPL-3.0-or-later
// What a full road gives up, and in which order.
#include "encoder/packet_queue.h"

#include <doctest/doctest.h>

using namespace kakehashi;
using namespace std::chrono_literals;

namespace {

PacketPtr packet(PacketKind kind, std::int64_t ms, bool keyframe = false) {
  static const std::vector<std::uint8_t> bytes(100);
  auto p = std::make_shared<EncodedPacket>();
  p->kind = kind;
  p->keyframe = keyframe;
  p->pts = Duration::milliseconds(ms);
  p->data = bytes;
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

TEST_CASE("sound goes ahead of pictures that are late, in its own order, and only then") {
  PacketQueue q(PacketQueue::Policy::Live, Duration::seconds(1));
  push_until(q, 0, 400);
  CHECK(q.pop(0ns)->kind == PacketKind::Video);
  CHECK(q.pop(0ns)->kind == PacketKind::Audio);
  push_until(q, 400, 800);
  for (const std::int64_t ms : {100, 200, 300, 400, 500, 600, 700}) {
    const PacketPtr p = q.pop(0ns);
    CHECK(p->kind == PacketKind::Audio);
    CHECK(p->pts == Duration::milliseconds(ms));
  }
  CHECK(q.pop(0ns)->pts == Duration::milliseconds(100));
  CHECK(q.dropped() == 0);

  PacketQueue file(PacketQueue::Policy::File, Duration::seconds(10));
  push_until(file, 0, 2000);
  CHECK(file.pop(0ns)->kind == PacketKind::Video);
}

TEST_CASE("a line below everything loses pictures GOP by GOP and not one piece of sound") {
  PacketQueue q(PacketQueue::Policy::Live, Duration::seconds(1));
  std::vector<std::int64_t> sound;
  bool broken = false, waits = false;
  std::int64_t last_video = -100;
  for (std::int64_t t = 0; t < 20'000; t += 100) {
    push_until(q, t, t + 100);
    for (int i = 0; i < (t % 300 == 0 ? 2 : 1); ++i)  // four packets of six get through
      if (const PacketPtr p = q.pop(0ns)) {
        const std::int64_t at = p->pts.ns / 1'000'000;
        if (p->kind == PacketKind::Audio) {
          sound.push_back(at);
        } else {
          // After a gap only a keyframe may come.
          broken = broken || (at != last_video + 100 && !p->keyframe);
          last_video = at;
        }
      }
    waits = waits || q.take_wants_keyframe();
  }
  CHECK_FALSE(broken);
  CHECK(q.dropped() > 50);
  CHECK(sound.size() >= 195);
  for (std::size_t i = 0; i < sound.size(); ++i)
    CHECK(sound[i] == static_cast<std::int64_t>(i) * 100);
}

TEST_CASE("the bytes inside are known whatever goes in and out") {
  PacketQueue q(PacketQueue::Policy::Live, Duration::seconds(1));
  push_until(q, 0, 1000);
  CHECK(q.bytes() == 2000);
  q.pop(0ns);
  CHECK(q.bytes() == 1900);
  push_until(q, 1000, 2500);
  std::uint64_t rest = q.bytes();
  while (const PacketPtr p = q.pop(0ns)) rest -= p->data.size();
  CHECK(rest == 0);
  CHECK(q.bytes() == 0);
  push_until(q, 3000, 3200);
  q.accept(false);
  CHECK(q.bytes() == 0);
}
