// SPDX-License-Identifier: GPL-3.0-or-later
// A kind of output held in the test's hand.
#pragma once

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "encoder/output.h"
#include "encoder/trouble.h"

namespace kakehashi::testing {

// A kind whose every move the test decides.
struct Puppet {
  std::atomic<bool> up{true};       // opening works
  std::atomic<bool> broken{false};  // writing fails
  std::atomic<bool> deaf{false};    // hangs and does not even hear a stop, until `deaf` is false
  std::atomic<bool> hangs_opening{false};
  std::atomic<bool> unconfirmed{false};  // takes bytes that the other side never confirms
  std::atomic<int> alive{0};
  std::atomic<bool> stuck{false};  // writing hangs until `stuck` is false or it must stop
  std::atomic<int> opened{0}, tried{0}, finished{0};
  std::atomic<int> written{0};

  OutputKind row(bool live) {
    struct PuppetOutput final : Output {
      PuppetOutput(Puppet& p, const OutputOpen& o) : puppet(p), stop(o.stop), wire(o.wire) {
        ++puppet.alive;
      }
      ~PuppetOutput() override { --puppet.alive; }
      Status write(const EncodedPacket& packet) override {
        while (puppet.stuck && !stop) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        while (puppet.deaf) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        if (puppet.broken) return trouble(Trouble::Lost, "cut");
        if (wire && puppet.unconfirmed)
          wire->store({MonotonicClock().now(), 1000 + size, 1000 + size, 0, 0, 1, 1});
        size += packet.data.size();
        ++puppet.written;
        return {};
      }
      void finish() override { ++puppet.finished; }
      std::string location() const override { return "/somewhere"; }
      std::uint64_t bytes() const override { return size; }
      Puppet& puppet;
      const std::atomic<bool>& stop;
      WireMeter* const wire;
      std::uint64_t size = 0;
    };
    OutputKind kind;
    kind.description.name = "puppet";
    kind.live = live;
    kind.open = [this](const OutputOpen& open) -> Result<std::unique_ptr<Output>> {
      ++tried;
      while (hangs_opening) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      if (!up) return trouble(Trouble::Refused, "down");
      ++opened;
      return std::unique_ptr<Output>(std::make_unique<PuppetOutput>(*this, open));
    };
    if (live) kind.answers = [this](const OutputOpen&) { return up.load(); };
    return kind;
  }
};

inline OutputConfig config_for(const OutputKind& row) {
  OutputConfig config;
  config.destination.id = "main";
  config.row = &row;
  config.stream.width = 1280;  // it has pictures
  config.stream.height = 720;
  return config;
}

inline PacketPtr packet(std::int64_t ms, bool keyframe = false) {
  static const std::vector<std::uint8_t> bytes(1000);
  auto p = std::make_shared<EncodedPacket>();
  p->keyframe = keyframe;
  p->pts = Duration::milliseconds(ms);
  p->data = bytes;
  return p;
}

inline OutputStatus status_of(const OutputRunner& runner) {
  return runner.status(MonotonicClock().now());
}
inline OutputState state_of(const OutputRunner& runner) { return status_of(runner).state; }

inline double seconds_since(std::chrono::steady_clock::time_point t) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - t).count();
}

}  // namespace kakehashi::testing
