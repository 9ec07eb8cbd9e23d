// SPDX-License-Identifier: GPL-3.0-or-later
// An encoder that takes over on air brings other headers: the server is told a new AVC sequence
// header before the first picture that needs it, and what it received decodes across the change.
#include <algorithm>
#include <csignal>
#include <fstream>

#include <doctest/doctest.h>

#include "node_server.h"
#include "received.h"
#include "rtmp_programme.h"
#include "tests/support/nginx_rtmp.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

// A road's pictures: 45 of one encoder, then 45 of another one; every 15 begin with an IDR.
class TwoEncoders {
 public:
  TwoEncoders() {
    first_ = open_video_encoder(settings("superfast"), kCanvas, 2).value();
    second_ = open_video_encoder(settings("ultrafast"), kCanvas, 2).value();
    second_->repeat_headers();
  }
  bool differ() const { return first_->extradata() != second_->extradata(); }
  StreamDescription stream() const {
    StreamDescription d;
    d.width = kCanvas.width;
    d.height = kCanvas.height;
    d.rate = kCanvas.rate;
    d.video_kbps = 1200;
    d.video_extradata = first_->extradata();
    return d;
  }
  static constexpr int kEach = 45;
  PacketPtr next() {
    VideoEncoder& e = n_ < kEach ? *first_ : *second_;
    const auto packet = e.encode(moving_picture(pool_, n_), n_, n_ % 15 == 0).value();
    ++n_;
    return packet;
  }

 private:
  static EncodeSettings settings(const char* preset) {
    EncodeSettings s = small_settings();
    s.preset = preset;
    return s;
  }
  FramePool pool_{PixelFormat::I420, kCanvas.width, kCanvas.height, 4};
  std::unique_ptr<VideoEncoder> first_, second_;
  std::int64_t n_ = 0;
};

struct FlvTags {
  int sequence_headers = 0, pictures = 0;
  std::vector<int> header_before;  // number of the picture each one stands in front of
};
// Adobe Video File Format 10.1, E.3 and E.4: as the server wrote down what came.
FlvTags tags_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  const std::vector<std::uint8_t> b{std::istreambuf_iterator<char>(in), {}};
  FlvTags tags;
  for (std::size_t at = 13; at + 11 < b.size();) {
    const std::size_t size = (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3];
    if (b[at] == 9 && at + 12 < b.size()) {
      if (b[at + 12] == 0) {
        ++tags.sequence_headers;
        tags.header_before.push_back(tags.pictures);
      } else if (b[at + 12] == 1) {
        ++tags.pictures;
      }
    }
    at += 11 + size + 4;
  }
  return tags;
}

// Number and content of the pictures that ffmpeg gets out of it.
std::string pictures_of(const std::string& path) {
  return output_of(
      {"sh", "-c",
       "ffmpeg -v quiet -i \"$0\" -an -vsync passthrough -f framemd5 - | grep -v '^#' | "
       "sed 's/.*, *//'",
       path});
}

// Publishes the pictures of both encoders; they also go into `plain` as one stream of NAL units
// with all headers in it.
void send_both(const std::string& url, const std::string& plain) {
  std::signal(SIGPIPE, SIG_IGN);
  TwoEncoders road;
  REQUIRE(road.differ());
  Settings settings;
  settings["url"] = url;
  const Secret key(kKey);
  std::atomic<bool> stop{false};
  const StreamDescription stream = road.stream();
  std::ofstream file(plain, std::ios::binary);
  const auto put = [&](std::span<const std::uint8_t> bytes) {
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
  };
  put(stream.video_extradata);
  auto output = find_output_kind("rtmp")->open({"main", settings, key, stream, stop, nullptr});
  REQUIRE(output);
  for (int i = 0; i < 2 * TwoEncoders::kEach; ++i) {
    const PacketPtr packet = road.next();
    put(packet->data);
    REQUIRE((*output)->write(*packet));
  }
  (*output)->finish();
}

void check_received(const std::string& path, const std::string& plain) {
  CHECK(tags_of(path).header_before == std::vector<int>{0, TwoEncoders::kEach});
  const std::string pictures = pictures_of(path);
  CHECK(std::count(pictures.begin(), pictures.end(), '\n') == 2 * TwoEncoders::kEach);
  CHECK(pictures == pictures_of(plain));
}

}  // namespace

TEST_CASE("nginx is told of new headers once, and what it received decodes across them") {
  NginxRtmp nginx;
  REQUIRE(nginx.running());
  const TempDir folder;
  send_both(nginx.url(), folder / "plain.h264");
  REQUIRE(nginx.recordings().size() == 1);
  const std::string path = nginx.recordings()[0];
  REQUIRE(wait_until([&] { return tags_of(path).pictures == 2 * TwoEncoders::kEach; }));
  check_received(path, folder / "plain.h264");
}

TEST_CASE("node-media-server is told of them likewise") {
  if (!NodeMediaServer::there()) {
    MESSAGE("skipped: node-media-server is not installed (npm ci in tests/support/node)");
    return;
  }
  const NodeMediaServer server;
  const TempDir folder;
  send_both(server.url(), folder / "plain.h264");
  std::string path;
  REQUIRE(wait_until([&] { return !(path = only_file_under(server.received())).empty(); }));
  REQUIRE(wait_until([&] { return tags_of(path).pictures == 2 * TwoEncoders::kEach; }));
  check_received(path, folder / "plain.h264");
}
