// SPDX-License-Identifier: GPL-3.0-or-later
// What a phone may do while it sends: turn the picture, send noise, use another codec. Real films,
// sent by hand.
#include <random>

#include "rtmp/bytes.h"
#include "tests/capture/network_rig.h"
#include "tests/rtmp/connection.h"
#include "tests/support/tcp_server.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

using rtmp::MessageType;

struct Tag {
  MessageType type;
  std::uint32_t time;
  rtmp::Bytes body;
};

// The pictures and sounds of an FLV film (Adobe Video File Format 10.1, annex E).
std::vector<Tag> film(const TempDir& dir, const std::string& size) {
  make_film(2, {"-s", size, "-f", "flv", dir / (size + ".flv")});
  const std::string text = contents_of(dir / (size + ".flv"));
  const rtmp::Bytes bytes(text.begin(), text.end());
  std::vector<Tag> tags;
  for (std::size_t at = 13; at + 11 < bytes.size();) {
    const std::size_t n = rtmp::read_be24(&bytes[at + 1]);
    const auto type = static_cast<MessageType>(bytes[at]);
    if (type == MessageType::Video || type == MessageType::Audio)
      tags.push_back({type, rtmp::read_be24(&bytes[at + 4]),
                      rtmp::Bytes(bytes.begin() + static_cast<std::ptrdiff_t>(at + 11),
                                  bytes.begin() + static_cast<std::ptrdiff_t>(at + 11 + n))});
    at += 11 + n + 4;
  }
  REQUIRE(tags.size() > 100);
  return tags;
}

// A phone whose time goes on from film to film.
struct Phone {
  Connection connection;
  std::uint32_t now = 0;
  const MediaTime began = real.now();

  explicit Phone(const std::string& name) : connection(static_cast<int>(push_port())) {
    REQUIRE(connection.publish("live", name));
  }
  void send(const std::vector<Tag>& tags) {
    for (const Tag& tag : tags) {
      real.sleep_until(began + Duration::milliseconds(now + tag.time));
      connection.client.send(tag.type, 1, now + tag.time, tag.body);
      REQUIRE(connection.exchange(0));
    }
    now += 2000;
  }
};

}  // namespace

TEST_CASE("a phone that is turned while it sends, and one that sends noise in between") {
  TempDir dir;
  const auto wide = film(dir, "320x180"), upright = film(dir, "180x320");
  auto noise = wide;
  std::mt19937 random(5);
  for (Tag& tag : noise)
    if (tag.type == MessageType::Video && tag.body[1] == 1)
      for (std::size_t i = 9; i < tag.body.size(); ++i)
        tag.body[i] = static_cast<std::uint8_t>(random());
  InputFeed feed(feed_config("rtmp_push", {{"stream", "turned"}, {"port", push_port()}}));
  REQUIRE(reaches(feed, SignalState::Lost));  // it listens
  const auto width = [&] {
    const PictureAt got = feed.video().at(real.now());
    return got.frame ? got.frame->info().width : 0;
  };
  Phone phone("turned");
  phone.send(wide);
  phone.send(wide);
  CHECK(wait_until([&] { return width() == 320; }));
  phone.send(upright);
  phone.send(upright);
  CHECK(wait_until([&] { return width() == 180; }));
  CHECK(feed.status(real.now()).restarts == 0);
  phone.send(noise);
  phone.send(wide);
  phone.send(wide);
  CHECK(wait_until([&] { return width() == 320; }));
}

TEST_CASE("a phone set to H.265 is told apart from one that is silent") {
  SourceRig rig;
  std::shared_ptr<void> kept;
  rig.context.kept = &kept;
  const Settings settings{{"stream", "hevc"}, {"port", push_port()}};
  CHECK_FALSE(rig.open("rtmp_push", settings).ok());  // from now on it listens
  Phone phone("hevc");
  std::atomic<bool> done{false};
  std::thread sends([&] {
    // Enhanced RTMP 1: a key frame, packet type 1 (coded frames), "hvc1".
    rtmp::Bytes picture{0x80 | 1 << 4 | 1, 'h', 'v', 'c', '1', 0, 0, 0};
    picture.resize(2000);
    for (std::uint32_t time = 0; !done; time += 33) {
      phone.connection.client.send(MessageType::Video, 1, time, picture);
      phone.connection.client.send(MessageType::Audio, 1, time, rtmp::Bytes{0xAF, 1, 0, 0});
      if (!phone.connection.exchange(0)) return;
      std::this_thread::sleep_for(33ms);
    }
  });
  std::string words;
  CHECK(wait_until(
      [&] {
        auto opened = rig.open("rtmp_push", settings);
        words = opened.ok() ? "" : opened.error().words.en;
        return words.find("H.264") != std::string::npos;
      },
      30s));
  CAPTURE(words);
  done = true;
  sends.join();
}
