// SPDX-License-Identifier: GPL-3.0-or-later
// Publishers of other makers against our server: ffmpeg (libavformat) and GStreamer's rtmp2sink.
#include <doctest/doctest.h>

#include <cstdlib>
#include <mutex>

#include "rtmp/server.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::rtmp;
using testing::wait_until;

namespace {

struct Seen {
  std::mutex mutex;
  std::string app, key, closed;
  double width = 0;
  int pictures = 0, sounds = 0;
  bool picture_header = false, sound_header = false;
  std::uint32_t last_time = 0;

  ServerCallbacks callbacks() {
    ServerCallbacks c;
    c.publish = [this](PublisherId, const std::string& a, const std::string& k) {
      const std::lock_guard lock(mutex);
      app = a;
      key = k;
      return std::optional<std::string>();
    };
    c.metadata = [this](PublisherId, const AmfValue& v) {
      const std::lock_guard lock(mutex);
      if (const AmfValue* w = v.find("width")) width = w->number;
    };
    c.video = [this](PublisherId, std::uint32_t t, MediaTime, ByteView body) {
      const std::lock_guard lock(mutex);
      if (body.size() < 5) return;
      if (body[1] == 0) picture_header = true;
      if (body[1] == 1) {
        ++pictures;
        last_time = t;
      }
    };
    c.audio = [this](PublisherId, std::uint32_t, MediaTime, ByteView body) {
      const std::lock_guard lock(mutex);
      if (body.size() < 2) return;
      if (body[1] == 0) sound_header = true;
      if (body[1] == 1) ++sounds;
    };
    c.closed = [this](PublisherId, const std::string& why) {
      const std::lock_guard lock(mutex);
      closed = why;
    };
    return c;
  }
};

void check(const std::string& command_before_url, const std::string& command_after_url) {
  Seen seen;
  auto server = Server::listen("rtmp://127.0.0.1:0/live", seen.callbacks());
  REQUIRE(server.ok());
  const std::string url = (*server)->url() + "/canary-key";
  REQUIRE(std::system((command_before_url + url + command_after_url).c_str()) == 0);
  CHECK(wait_until([&] {
    const std::lock_guard lock(seen.mutex);
    return !seen.closed.empty();
  }));
  const std::lock_guard lock(seen.mutex);
  CHECK(seen.app == "live");
  CHECK(seen.key == "canary-key");
  CHECK(seen.width == 320);
  CHECK(seen.pictures == 60);
  CHECK(seen.sounds >= 90);  // 2 s of 1024 samples at 48 kHz
  CHECK(seen.picture_header);
  CHECK(seen.sound_header);
  CHECK(seen.last_time >= 1900);
  CHECK(seen.last_time <= 2100);
}

}  // namespace

TEST_CASE("ffmpeg publishes") {
  check(
      "ffmpeg -hide_banner -loglevel error -nostdin -f lavfi -i testsrc2=s=320x180:r=30:d=2"
      " -f lavfi -i sine=r=48000:d=2 -c:v libx264 -preset ultrafast -tune zerolatency"
      " -pix_fmt yuv420p -c:a aac -f flv '",
      "'");
}

TEST_CASE("GStreamer's rtmp2sink publishes") {
  check("gst-launch-1.0 -q flvmux name=m streamable=true ! rtmp2sink location='",
        "' videotestsrc num-buffers=60 ! video/x-raw,width=320,height=180,framerate=30/1 !"
        " x264enc tune=zerolatency speed-preset=ultrafast ! h264parse ! m."
        " audiotestsrc num-buffers=94 samplesperbuffer=1024 ! audio/x-raw,rate=48000,channels=2 !"
        " avenc_aac ! aacparse ! m.");
}
