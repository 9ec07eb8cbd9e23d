// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses as people type them, and what they read when one does not work.
#include "capture/network_words.h"

#include <doctest/doctest.h>

#include "capture/network_address.h"

using namespace kakehashi;

TEST_CASE("every network trouble has a cause and one action, in both languages") {
  for (int i = 0; i < kNetworkTroubles; ++i) {
    CAPTURE(i);
    const Error e = network_error(static_cast<NetworkTrouble>(i), "sentence", "DETAIL");
    for (const auto& [text, arrow] : {std::pair{e.words.ja, "→ "}, std::pair{e.words.en, "-> "}}) {
      CAPTURE(text);
      const std::size_t at = text.find(arrow);
      CHECK(at != std::string::npos);
      CHECK(text.find(arrow, at + 1) == std::string::npos);
      CHECK(text.find("/dev") == std::string::npos);
    }
    CHECK(e.message == "sentence");
  }
}

TEST_CASE("addresses are taken apart, also those of IPv6") {
  const auto rtsp = parse_network_address("RTSP://staff:p@ss@192.168.1.20/cam/1?x=1&y=#z");
  REQUIRE(rtsp);
  CHECK(rtsp->scheme == "rtsp");
  CHECK(rtsp->host == "192.168.1.20");
  CHECK(rtsp->port == 554);
  CHECK(rtsp->path == "/cam/1");
  CHECK(rtsp->query.at("x") == "1");
  CHECK(rtsp->query.at("y").empty());
  const auto v6 = parse_network_address("http://[fe80::1]:8080/live.m3u8");
  REQUIRE(v6);
  CHECK(v6->host == "fe80::1");
  CHECK(v6->port == 8080);
  CHECK(parse_network_address("https://[::1]/")->port == 443);
  CHECK(parse_network_address("rtsps://h")->port == 322);
  const auto listener = parse_network_address("srt://:9000?mode=listener");
  REQUIRE(listener);
  CHECK(listener->host.empty());
  CHECK(listener->port == 9000);
  for (const char* wrong : {"", "192.168.1.20", "://h", "rtsp://h:0/", "rtsp://h:65536/",
                            "rtsp://h:5x/", "rtsp://a b/", "rtsp://h/\n"})
    CHECK_MESSAGE(!parse_network_address(wrong), wrong);
}

TEST_CASE("an address that is shown holds no user, no password, no key") {
  CHECK(shown_address("rtsp://staff:himitsu@cam.lan:554/1?token=abc#d") == "rtsp://cam.lan:554/1");
  CHECK(shown_address("rtsp://staff:hi@mitsu@cam.lan/1") == "rtsp://cam.lan/1");
  CHECK(shown_address("srt://[::1]:9000?passphrase=himitsu") == "srt://[::1]:9000");
  CHECK(shown_address("rtmp://host:1935/live/himitsu-key") == "rtmp://host:1935/live/***");
  CHECK(shown_address("rtmp://host/live") == "rtmp://host/live");
  CHECK(shown_address("staff:himitsu@cam").find("himitsu") == std::string::npos);
}
