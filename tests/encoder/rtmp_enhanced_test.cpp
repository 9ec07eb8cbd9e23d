// SPDX-License-Identifier: GPL-3.0-or-later
// HEVC and AV1: our configuration records against those libavformat writes into MP4, and a stream
// of each through node-media-server, which knows Enhanced RTMP but does not say so.
#include <csignal>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "encoder/output.h"
#include "encoder/trouble.h"
#include "node_server.h"
#include "rtmp/enhanced.h"
#include "tests/support/nginx_rtmp.h"

extern "C" {
#include <libavformat/avformat.h>
}

using namespace kakehashi;
using namespace kakehashi::testing;
using rtmp::Bytes;

namespace {

struct Film {
  VideoCodec codec = VideoCodec::Hevc;
  Bytes configuration;       // as libavformat wrote it into an MP4
  std::vector<Bytes> units;  // access units as an encoder gives them out
};

Bytes bytes_of(const std::uint8_t* data, int size) { return {data, data + size}; }

// Twenty small pictures.
Film film(VideoCodec codec) {
  const TempDir folder;
  const bool hevc = codec == VideoCodec::Hevc;
  const std::string raw = folder / (hevc ? "a.hevc" : "a.ivf"), mp4 = folder / "a.mp4";
  std::vector<std::string> make{"ffmpeg",   "-nostdin", "-v",  "error",
                                "-f",       "lavfi",    "-i",  "testsrc2=s=128x128:r=30:d=1",
                                "-pix_fmt", "yuv420p",  "-c:v"};
  const std::vector<std::string> x265{"libx265", "-preset", "ultrafast", "-x265-params",
                                      "log-level=none:bframes=0:keyint=10"};
  const std::vector<std::string> aom{"libaom-av1", "-cpu-used", "8", "-usage",
                                     "realtime",   "-g",        "10"};
  for (const std::string& word : hevc ? x265 : aom) make.push_back(word);
  for (const char* word : {"-frames:v", "20"}) make.push_back(word);
  make.push_back(raw);
  output_of(make);
  output_of({"ffmpeg", "-nostdin", "-v", "error", "-i", raw, "-c", "copy", mp4});
  Film f;
  f.codec = codec;
  AVFormatContext* in = nullptr;
  REQUIRE(avformat_open_input(&in, mp4.c_str(), nullptr, nullptr) == 0);
  const AVCodecParameters& p = *in->streams[0]->codecpar;
  f.configuration = bytes_of(p.extradata, p.extradata_size);
  avformat_close_input(&in);
  REQUIRE(avformat_open_input(&in, raw.c_str(), nullptr, nullptr) == 0);
  AVPacket* packet = av_packet_alloc();
  while (av_read_frame(in, packet) >= 0) {
    f.units.push_back(bytes_of(packet->data, packet->size));
    av_packet_unref(packet);
  }
  av_packet_free(&packet);
  avformat_close_input(&in);
  REQUIRE(f.units.size() == 20);
  return f;
}

// Bodies of the video tags of an FLV file.
std::vector<Bytes> video_tags(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const Bytes all{std::istreambuf_iterator<char>(file), {}};
  std::vector<Bytes> tags;
  for (std::size_t at = 13; at + 11 <= all.size();) {
    const std::size_t size = rtmp::read_be24(&all[at + 1]);
    if (at + 11 + size > all.size()) break;
    if (all[at] == 9) tags.push_back(bytes_of(&all[at + 11], static_cast<int>(size)));
    at += 11 + size + 4;
  }
  return tags;
}

struct Sent {
  Settings settings;
  StreamDescription stream;
  const Secret key{"enhanced"};
  const std::atomic<bool> stop{false};

  Sent(const Film& f, const std::string& url) {
    settings["url"] = url;
    stream.width = stream.height = 128;
    stream.rate = {30, 1};
    stream.codec = f.codec;
    stream.video_extradata = f.units[0];  // begins with its headers
  }
  Result<std::unique_ptr<Output>> open() {
    return find_output_kind("rtmp")->open({"main", settings, key, stream, stop, nullptr});
  }
};

}  // namespace

TEST_CASE("configuration records are the ones libavformat writes") {
  const Film hevc = film(VideoCodec::Hevc);
  const Bytes ours = rtmp::hevc_configuration(hevc.units[0]);
  REQUIRE(ours.size() > 30);
  REQUIRE(hevc.configuration.size() > 30);
  // Profile, tier, level, format, depth, lengths: all but what is free choice (parallelism, the
  // order and completeness of arrays, SEI among them).
  CHECK(Bytes(ours.begin(), ours.begin() + 13) ==
        Bytes(hevc.configuration.begin(), hevc.configuration.begin() + 13));
  for (const int at : {16, 17, 18, 21}) CHECK(ours[at] == hevc.configuration[at]);
  const Film av1 = film(VideoCodec::Av1);
  CHECK(rtmp::av1_configuration(av1.units[0]) == av1.configuration);
}

TEST_CASE("a server that does not offer them gets none, and that is said once") {
  if (!NodeMediaServer::there()) {
    MESSAGE("skipped: node-media-server is not installed (npm ci in tests/support/node)");
    return;
  }
  std::signal(SIGPIPE, SIG_IGN);
  const NodeMediaServer server;
  const Film f = film(VideoCodec::Hevc);
  Sent sent(f, server.url());
  const auto output = sent.open();
  REQUIRE_FALSE(output);
  CHECK(output.error().kind == ErrorKind::FixInput);
  CHECK(explain(output.error()).ja.find("H.264") != std::string::npos);
}

TEST_CASE("insisted on, each arrives picture by picture") {
  if (!NodeMediaServer::there()) return;
  for (const VideoCodec codec : {VideoCodec::Hevc, VideoCodec::Av1}) {
    CAPTURE(rtmp::fourcc_of(codec));
    const NodeMediaServer server;
    const Film f = film(codec);
    Sent sent(f, server.url());
    sent.settings["enhanced"] = true;
    auto output = sent.open();
    REQUIRE(output);
    for (std::size_t i = 0; i < f.units.size(); ++i) {
      EncodedPacket packet;
      packet.keyframe = i == 0;
      packet.pts = sent.stream.rate.time_of(static_cast<std::int64_t>(i));
      packet.data = f.units[i];
      REQUIRE((*output)->write(packet));
    }
    (*output)->finish();
    std::string path;
    REQUIRE(wait_until([&] {
      path = only_file_under(server.received());
      return !path.empty() && video_tags(path).size() >= 21;
    }));
    const auto tags = video_tags(path);
    CHECK(tags.size() == 21);
    const std::string fourcc = rtmp::fourcc_of(codec);
    for (const Bytes& tag : tags) {
      REQUIRE(tag.size() > 5);
      CHECK((tag[0] & 0x80) != 0);
      CHECK(std::string(tag.begin() + 1, tag.begin() + 5) == fourcc);
    }
    CHECK((tags[0][0] & 0x0F) == 0);  // the configuration first
    const Bytes expected = codec == VideoCodec::Hevc ? rtmp::hevc_configuration(f.units[0])
                                                     : rtmp::av1_configuration(f.units[0]);
    CHECK(Bytes(tags[0].begin() + 5, tags[0].end()) == expected);
    CHECK((tags[1][0] & 0x70) == 0x10);  // a keyframe
  }
}
