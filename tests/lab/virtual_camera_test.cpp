// SPDX-License-Identifier: GPL-3.0-or-later
// The virtual camera as a web-meeting program meets it: a V4L2 client streams from it while we
// write, by name, at the canvas's size; closed, it keeps nothing of what it showed. A program of
// its own: it needs the encoder only.
#include <doctest/doctest.h>

#include <atomic>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "core/frame_pool.h"
#include "encoder/output.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

const Canvas kCanvas{640, 360, {30, 1}};

// The n-th loopback node and its name.
std::pair<std::string, std::string> loopback(int n) {
  for (int i = 0; i < 64; ++i) {
    const std::string name = "video" + std::to_string(i);
    if (!std::filesystem::exists("/sys/devices/virtual/video4linux/" + name)) continue;
    if (n-- > 0) continue;
    std::ifstream in("/sys/devices/virtual/video4linux/" + name + "/name");
    std::string label;
    std::getline(in, label);
    return {"/dev/" + name, label};
  }
  return {};
}

FramePtr picture(FramePool& pool, int luma, int blue, int red) {
  auto builder = pool.acquire();
  if (!builder) return {};
  const int values[] = {luma, blue, red};
  for (int plane = 0; plane < 3; ++plane)
    std::memset(builder->plane(plane), values[plane],
                static_cast<std::size_t>(builder->stride(plane)) *
                    static_cast<std::size_t>(plane ? kCanvas.height / 2 : kCanvas.height));
  return std::move(*builder).publish();
}

// A bus that shows one colour, 30 times a second.
class Bus30 {
 public:
  explicit Bus30(RawRunner& runner)
      : thread_([this, &runner] {
          FramePool pool(PixelFormat::I420, kCanvas.width, kCanvas.height, 4);
          MonotonicClock clock;
          const MediaTime zero = clock.now();
          for (std::int64_t n = 0; !stop_; ++n) {
            clock.sleep_until(zero + kCanvas.rate.time_of(n));
            if (auto p = picture(pool, 180, 90, 60)) runner.push(std::move(p));
          }
        }) {}
  ~Bus30() {
    stop_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

RawConfig config_for(const std::string& device) {
  RawConfig config;
  config.destination.id = "meeting";
  config.destination.kind = "virtual_camera";
  config.destination.settings["device"] = device;
  config.canvas = kCanvas;
  return config;
}

// What a meeting program gets: `frames` pictures, decoded to I420.
std::string seen(const std::string& node, int frames) {
  std::string bytes;
  run({"ffmpeg", "-v", "error", "-nostdin", "-f", "v4l2", "-i", node, "-frames:v",
       std::to_string(frames), "-f", "rawvideo", "-pix_fmt", "yuv420p", "-"},
      &bytes);
  return bytes;
}

constexpr std::size_t kBytes = 640 * 360 * 3 / 2;

}  // namespace

TEST_CASE("a web-meeting program opens it, and sees the bus in its size and colours") {
  const auto [node, label] = loopback(0);
  REQUIRE(!node.empty());
  RawRunner runner(config_for(label));
  Bus30 bus(runner);
  REQUIRE(wait_until([&] { return runner.status({}).video_packets > 3; }));
  CHECK(runner.status({}).state == OutputState::Live);
  const std::string pictures = seen(node, 30);
  REQUIRE(pictures.size() == 30 * kBytes);
  const std::string last = pictures.substr(29 * kBytes);
  CHECK(static_cast<int>(static_cast<unsigned char>(last[1000])) == 180);
  CHECK(static_cast<int>(static_cast<unsigned char>(last[640 * 360 + 1000])) == 90);
  CHECK(static_cast<int>(static_cast<unsigned char>(last[640 * 360 * 5 / 4 + 1000])) == 60);
  // Its client came and went: we go on, and the next one comes.
  const auto before = runner.status({}).video_packets;
  CHECK(wait_until([&] { return runner.status({}).video_packets > before + 10; }));
  CHECK(seen(node, 3).size() == 3 * kBytes);
  CHECK(runner.status({}).reconnects == 0);
}

TEST_CASE("closed, it is no camera any more and keeps nothing of what it showed") {
  const auto [node, label] = loopback(0);
  {
    RawRunner runner(config_for(node));
    Bus30 bus(runner);
    REQUIRE(wait_until([&] { return runner.status({}).video_packets > 3; }));
  }
  // Whoever reads what the driver kept gets black.
  RawRunner other(config_for(node));
  REQUIRE(wait_until([&] { return other.status({}).state == OutputState::Live; }));
  const std::string left = seen(node, 1);
  for (std::size_t i = 0; i < left.size() && i < 640 * 360; i += 997)
    CHECK(static_cast<int>(static_cast<unsigned char>(left[i])) == 16);
}

TEST_CASE("a camera of another name is not there, and said in words; a real one is never taken") {
  for (const char* device : {"a camera nobody has", "vivid", "/dev/video0"}) {
    CAPTURE(device);
    RawRunner runner(config_for(device));
    REQUIRE(wait_until([&] { return runner.status({}).state == OutputState::Reconnecting; }));
    CHECK(runner.status({}).reason.ja.find("仮想カメラ") != std::string::npos);
  }
}
