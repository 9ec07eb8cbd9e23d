// SPDX-License-Identifier: GPL-3.0-or-later
#include <chrono>
#include <mutex>

#include "encoder/output_impl.h"
#include "encoder/trouble.h"

namespace kakehashi {
namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;
constexpr milliseconds kForEver = std::chrono::hours(100'000);
constexpr auto kAskEvery = std::chrono::seconds(2);

}  // namespace

void OutputRunner::Impl::sent(const EncodedPacket& packet, MediaTime before, const Output& output) {
  const MediaTime now = clock.now();
  send.add(now - before);
  if (packet.kind == PacketKind::Video) {
    video.add();
    if (packet.captured.ns != 0) glass.add(now - packet.captured);
    stages.add(packet, before, now);
  } else {
    audio.add();
  }
  bytes.store(output.bytes(), std::memory_order_relaxed);
  const std::lock_guard lock(mutex);
  meter.add(now, packet.data.size());
}

// All queued video was given up, and the line moves again. Not more often than the regular ones
// come: an IDR costs every other output of this encode its bits.
void OutputRunner::Impl::ask_for_keyframe(SteadyClock::time_point& asked) {
  if (!config.want_keyframe || SteadyClock::now() - asked < kAskEvery) return;
  if (!queue.take_wants_keyframe()) return;
  asked = SteadyClock::now();
  config.want_keyframe();
}

Status OutputRunner::Impl::serve(OutputAttempt& a, Output& output) {
  {
    const std::lock_guard lock(mutex);
    location = output.location();
    ++connections;
  }
  queue.accept(true);
  if (!a.abort) note(OutputState::Live, nullptr);
  if (config.want_keyframe && !a.abort) config.want_keyframe();
  bool started = false;
  auto asked = SteadyClock::now() - kAskEvery;
  for (;;) {
    const PacketPtr packet = queue.pop(milliseconds(100));
    if (!packet) {
      const bool ended = ends();
      enter(a, config.call_limit);
      Status ok;
      if (ended)
        output.finish();
      else
        ok = output.idle();
      if (!leave(a) || !ok) return ok;
      if (!ended) continue;
      bytes.store(output.bytes(), std::memory_order_relaxed);
      return {};
    }
    if (!started && !config.stream.begins(*packet)) continue;
    started = true;
    // Once stop() has given up waiting, the clock may be gone: a connection is broken off, a slow
    // disk still gets the rest, unmeasured.
    if (a.abort && is_live()) return {};
    const MediaTime before = a.abort ? MediaTime{} : clock.now();
    enter(a, config.call_limit);
    Status written = output.write(*packet);
    if (!leave(a) || !written) return written;
    if (a.abort) continue;
    sent(*packet, before, output);
    ask_for_keyframe(asked);
  }
}

void OutputRunner::Impl::attempt(OutputAttempt& a) {
  enter(a, waiting() == Text{} ? config.open_limit : kForEver);
  auto output =
      kind
          ? kind->open(opening(a))
          : Result<std::unique_ptr<Output>>(trouble(Trouble::UnknownKind, config.destination.kind));
  if (!leave(a)) return;
  if (!output) {
    a.ended = output.error();
    return;
  }
  if (a.abort && is_live()) return;
  {
    const std::lock_guard lock(mutex);
    if (was_live) reconnects.add();
    was_live = true;
  }
  Status ended = serve(a, **output);
  enter(a, config.call_limit);
  output = trouble(Trouble::Lost, "");  // closes what broke, before anybody waits
  if (!leave(a)) return;
  a.ended = std::move(ended);
}

}  // namespace kakehashi
