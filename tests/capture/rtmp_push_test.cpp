// SPDX-License-Identifier: GPL-3.0-or-later
// A phone as a camera.
#include "tests/capture/network_rig.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

TEST_CASE("a phone sends to us, goes, and is there again when it comes back") {
  InputFeed feed(feed_config("rtmp_push", {{"stream", "phone1"}, {"port", push_port()}}));
  REQUIRE(reaches(feed, SignalState::Lost));
  const std::string url = "rtmp://127.0.0.1:" + std::to_string(push_port()) + "/live/";
  CHECK(feed.status(real.now()).reason.en.find("/live/phone1") != std::string::npos);
  // A name nobody waits for.
  auto stranger = send_film({"-f", "flv", url + "phone9"});
  const auto refused = stranger->wait(10s);
  REQUIRE(refused.has_value());
  CHECK(*refused != 0);
  for (int visit = 0; visit < 2; ++visit) {
    CAPTURE(visit);
    auto phone = send_film({"-f", "flv", url + "phone1"});
    REQUIRE(reaches(feed, SignalState::Live));
    CHECK(feed.status(real.now()).format.find("320x180") == 0);
    // A second phone under the same name is turned away, the first stays.
    auto second = send_film({"-f", "flv", url + "phone1"});
    const auto code = second->wait(10s);
    REQUIRE(code.has_value());
    CHECK(*code != 0);
    CHECK(feed.status(real.now()).signal == SignalState::Live);
    phone->signal(SIGKILL);
    CHECK(reaches(feed, SignalState::Lost));
  }
  CHECK(feed.status(real.now()).reason.en.find("/live/phone1") != std::string::npos);
}
