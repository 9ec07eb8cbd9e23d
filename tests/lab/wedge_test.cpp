// SPDX-License-Identifier: GPL-3.0-or-later
// A whole station with destinations that fail, each in its own way: the one beside them gets every
// packet in time, and the desk is told of each what to do.
#include <doctest/doctest.h>

#include <algorithm>
#include <thread>

#include "tests/e2e/station.h"
#include "tests/lab/cable.h"
#include "tests/lab/line_stream.h"
#include "tests/support/nginx_rtmp.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

std::string destination(const std::string& id, const std::string& url,
                        const std::string& more = "") {
  return R"({"id": ")" + id + R"(", "name": ")" + id + R"(", "kind": "rtmp", "url": ")" + url +
         "\"" + more + "}";
}

std::string event(const std::vector<std::string>& destinations) {
  std::string all;
  for (const auto& d : destinations) all += (all.empty() ? "" : ",\n") + d;
  return R"({"kakehashi_event": 1, "id": "wedge", "title": "wedge",
    "canvas": {"width": 640, "height": 180, "fps": 30},
    "inputs": [{"id": "hall", "audio": true, "source": {"kind": "test"}}],
    "scenes": [{"id": "s", "layers": [{"input": "hall"}]}],
    "encode": {"video_kbps": 1000, "preset": "ultrafast"},
    "record": {"with_stream": false},
    "destinations": [)" +
         all + "]}";
}

const OutputStatus& output_of(const Snapshot& s, const std::string& id) {
  const auto it = std::find_if(s.outputs.begin(), s.outputs.end(),
                               [&](const OutputStatus& o) { return o.id == id; });
  REQUIRE(it != s.outputs.end());
  return *it;
}
auto is(const char* id, OutputState state) {
  return [=](const Snapshot& s) { return output_of(s, id).state == state; };
}

std::string at(const std::string& host, int port, const std::string& path) {
  return "rtmp://" + host + ":" + std::to_string(port) + "/" + path;
}

}  // namespace

TEST_CASE("destinations that fail in four ways cost the fifth not one packet") {
  const TempDir folder;
  Town town;
  REQUIRE(town.made());
  const Cable cable(town, 0);
  std::unique_ptr<Receiver> far;
  town.inside([&] { far = std::make_unique<Receiver>("rtmp://0.0.0.0:0/live"); });
  Receiver near;
  NginxRtmp stopped;
  REQUIRE(stopped.running());
  REQUIRE(shell("echo 'nameserver 10.77.0.66' > /etc/resolv.conf"));  // nobody is there
  Station station(folder,
                  event({destination("good", near.url() + "/good", R"(, "lead": true)"),
                         destination("pulled", at("10.77.0.2", far->port(), "live/pulled")),
                         destination("stopped", stopped.url() + "/stopped"),
                         destination("nowhere", "rtmp://10.77.0.66/live/nowhere"),
                         destination("nameless", "rtmp://stream.example.jp/live/nameless")}));
  station.wish(GoLive{});
  for (const char* id : {"good", "pulled", "stopped"})
    REQUIRE(station.until(is(id, OutputState::Live)));
  REQUIRE(wait_until([&] { return near.video().count > 90; }));
  near.forget();
  std::this_thread::sleep_for(5s);
  const auto peace = near.video(), peace_sound = near.audio();

  near.forget();
  const std::uint64_t late = station.look().health.late_ticks;
  REQUIRE(cable.pull());
  stopped.pause();
  const double known = seconds_until(
      [&] { return is("pulled", OutputState::Reconnecting)(station.look()); }, 20'000ms);
  CHECK(known <= 8.2);
  CHECK(station.until(is("stopped", OutputState::Reconnecting)));
  std::this_thread::sleep_for(20s);
  const auto video = near.video(), audio = near.audio();
  MESSAGE("in peace pictures at most "
          << peace.late_ms() << " ms later, sound " << peace_sound.late_ms()
          << " ms; beside four failures " << video.late_ms() << " and " << audio.late_ms()
          << " ms (" << video.count << " pictures); the cable known after " << known << " s");
  CHECK(video.late_ms() <= peace.late_ms() + 5);
  CHECK(audio.late_ms() <= peace_sound.late_ms() + 5);
  CHECK(video.gaps == 0);
  CHECK(audio.gaps == 0);
  const Snapshot s = station.look();
  CHECK(output_of(s, "good").dropped == 0);
  CHECK(output_of(s, "good").reconnects == 0);
  CHECK(s.health.late_ticks == late);
  for (const char* id : {"pulled", "stopped", "nowhere", "nameless"}) {
    CAPTURE(id);
    CHECK(station.until([&](const Snapshot& now) {
      return output_of(now, id).state == OutputState::Reconnecting &&
             !output_of(now, id).reason.ja.empty() && !output_of(now, id).reason.en.empty();
    }));
  }

  REQUIRE(cable.plug());
  CHECK(seconds_until([&] { return far->connections() == 2; }, 30'000ms) <= 3);
  const auto begin = now_us();
  station.wish(StopLive{});
  REQUIRE(station.until(is("stopped", OutputState::Standby)));
  CHECK(now_us() - begin < 2'000'000);
  station.end();
}

TEST_CASE("what the desk is told of a destination that cannot be reached or says no") {
  const TempDir folder;
  Town town;
  REQUIRE(town.made());
  const Cable cable(town, 0);
  std::unique_ptr<Receiver> web;  // something answers at 443
  town.inside([&] { web = std::make_unique<Receiver>("rtmp://0.0.0.0:443/live"); });
  REQUIRE(shell("tc qdisc add dev street0 clsact"));
  REQUIRE(
      shell("tc filter add dev street0 egress protocol ip flower ip_proto tcp dst_ip 10.77.0.2 "
            "dst_port 1935 action drop"));
  Receiver hall, one_key("rtmp://127.0.0.1:0/live/right-key-1");
  NginxRtmp closed;
  REQUIRE(closed.running());
  const std::string key = "canary-5521";
  Station station(
      folder,
      event({destination("good", hall.url() + "/" + key),
             destination("taken", hall.url() + "/" + key),
             destination("blocked", "rtmp://10.77.0.2/live/" + key),
             destination("lost", "rtmp://10.77.0.2:443/live/x", R"(, "interface": "wwan7")"),
             destination("mistyped", at("127.0.0.1", hall.port(), "lvie/" + key)),
             destination("wrong_key", at("127.0.0.1", one_key.port(), "live/" + key)),
             destination("denied", closed.url("closed") + "/" + key)}));
  station.wish(GoLive{});
  const auto tells = [&](const std::string& id, const std::string& ja, const std::string& en) {
    CAPTURE(id);
    CHECK(station.until([&](const Snapshot& s) {
      const Text& reason = output_of(s, id).reason;
      return reason.ja.find(ja) != std::string::npos && reason.en.find(en) != std::string::npos;
    }));
    const Text reason = output_of(station.look(), id).reason;
    MESSAGE(id << ": " << reason.ja << " / " << reason.en);
    CHECK((reason.ja + reason.en).find(key) == std::string::npos);
  };
  tells("blocked", "ふさいでいます", "blocks the port");
  tells("lost", "選んだ回線", "chosen network connection");
  tells("mistyped", "サーバー名より後ろ", "after the server's name");
  tells("wrong_key", "ストリームキーを確認", "Check the stream key");
  tells("denied", "ストリームキーを確認", "Check the stream key");
  const Snapshot s = station.look();
  const bool first = output_of(s, "good").state == OutputState::Live;
  CHECK(output_of(s, first ? "good" : "taken").state == OutputState::Live);
  tells(first ? "taken" : "good", "すでに配信されています", "already streaming with this key");
  CHECK(station.log().find(key) == std::string::npos);
  station.end();
}
