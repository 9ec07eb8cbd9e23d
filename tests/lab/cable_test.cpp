// SPDX-License-Identifier: GPL-3.0-or-later
// Network cables that are pulled and plugged under a running stream, and a second interface as
// another way. Runs in the lab (virtual time) and by hand: unshare -rn
// build/dev/tests/lab/cable_line_test
#include <atomic>
#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include <doctest/doctest.h>

#include "encoder/output.h"
#include "tests/lab/cable.h"
#include "tests/lab/line_stream.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

// 2 Mbit/s of pictures at 30 a second and sound, the same packets to every destination.
class Sender {
 public:
  ~Sender() {
    stop_ = true;
    if (maker_.joinable()) maker_.join();
  }
  // Before start(). `interface`: empty as the machine routes.
  OutputRunner& add(const std::string& url, const std::string& interface = "") {
    OutputConfig config;
    config.destination.id = "out" + std::to_string(runners_.size());
    config.destination.settings["url"] = url;
    if (!interface.empty()) config.destination.settings["interface"] = interface;
    config.key = Secret("a-key-of-the-lab");
    config.stream.width = 1280;
    config.stream.height = 720;
    config.stream.rate = {30, 1};
    config.stream.video_kbps = 2000;
    config.stream.audio_kbps = 160;
    config.stream.video_extradata = {0, 0, 0, 1, 0x67, 0x64, 0, 0x1f, 0, 0, 0, 1, 0x68, 0xee};
    config.stream.audio_extradata = {0x11, 0x90};
    config.clock = &clock_;
    config.want_keyframe = [this] { idr_ = true; };
    runners_.push_back(std::make_unique<OutputRunner>(std::move(config)));
    return *runners_.back();
  }
  void start() {
    maker_ = std::thread([this] { make(); });
  }
  OutputStatus status(const OutputRunner& r) const { return r.status(clock_.now()); }
  auto is(const OutputRunner& r, OutputState state) const {
    return [this, &r, state] { return status(r).state == state; };
  }

 private:
  static PacketPtr packet(PacketKind kind, bool idr, Duration pts, std::size_t size) {
    auto bytes = std::make_shared<std::vector<std::uint8_t>>(size, 0xAA);
    if (kind == PacketKind::Video) {
      const std::uint8_t start[] = {0, 0, 0, 1, static_cast<std::uint8_t>(idr ? 0x65 : 0x41)};
      std::copy(std::begin(start), std::end(start), bytes->begin());
    }
    auto p = std::make_shared<EncodedPacket>();
    p->kind = kind;
    p->keyframe = idr;
    p->pts = pts;
    p->data = *bytes;
    p->owner = bytes;
    return p;
  }
  void make() {
    const MediaTime zero = clock_.now();
    const Rate pictures{30, 1}, pieces{48'000, 1024};
    std::int64_t piece = 0;
    for (std::int64_t n = 0; !stop_; ++n) {
      const Duration at = pictures.time_of(n);
      clock_.sleep_until(zero + at);
      const auto hand_out = [&](const PacketPtr& p) {
        for (const auto& runner : runners_) runner->push(p);
      };
      for (; pieces.time_of(piece) <= at; ++piece)
        hand_out(packet(PacketKind::Audio, false, pieces.time_of(piece), 426));
      hand_out(packet(PacketKind::Video, idr_.exchange(false) || n % 60 == 0, at, 8000));
    }
  }
  MonotonicClock clock_;
  std::vector<std::unique_ptr<OutputRunner>> runners_;
  std::atomic<bool> idr_{true}, stop_{false};
  std::thread maker_;
};

// Bytes sent through an interface of ours.
std::uint64_t sent_through(const std::string& interface) {
  std::ifstream table("/proc/self/net/dev");
  for (std::string line; std::getline(table, line);) {
    const auto at = line.find(interface + ":");
    if (at == std::string::npos) continue;
    std::istringstream fields(line.substr(at + interface.size() + 1));
    std::uint64_t value = 0;
    for (int i = 0; i < 9; ++i) fields >> value;
    return value;
  }
  return 0;
}

std::unique_ptr<Receiver> receiver_in(const Town& town) {
  std::unique_ptr<Receiver> receiver;
  town.inside([&] { receiver = std::make_unique<Receiver>("rtmp://0.0.0.0:0/live"); });
  REQUIRE(receiver);
  return receiver;
}

std::string url_at(const std::string& address, const Receiver& receiver) {
  return "rtmp://" + address + ":" + std::to_string(receiver.port()) + "/live";
}

bool may_lay_cables() {
  if (alone() && Town().made()) return true;
  MESSAGE("skipped: no network namespace of its own");
  return false;
}

}  // namespace

TEST_CASE("a pulled cable is known within 8 s, and plugged in again the stream is back at once") {
  if (!may_lay_cables()) return;
  for (const bool silent : {false, true}) {
    CAPTURE(silent);
    Town town;
    const Cable cable(town, 0);
    const auto receiver = receiver_in(town);
    Sender sender;
    OutputRunner& out = sender.add(url_at(cable.address(), *receiver));
    sender.start();
    REQUIRE(wait_until([&] { return receiver->video().count > 90; }));
    CHECK(receiver->video().gaps == 0);
    CHECK(receiver->audio().gaps == 0);

    // Silent: somewhere behind the first switch, so that our own plug still has its light.
    REQUIRE((silent ? town.command("ip addr flush dev house0") : cable.pull()));
    const double known = seconds_until(
        [&] { return sender.status(out).state == OutputState::Reconnecting; }, 20'000ms);
    CHECK(known <= 8);
    CHECK_FALSE(sender.status(out).reason.ja.empty());
    std::string words;
    for (int i = 0; i < 400; ++i) {  // long enough for the waits to have grown to 10 s
      std::this_thread::sleep_for(100ms);
      const OutputStatus s = sender.status(out);
      REQUIRE(s.state == OutputState::Reconnecting);
      if (!s.reason.en.empty()) words = s.reason.en;
    }
    CHECK(receiver->connections() == 1);

    REQUIRE((silent ? town.command("ip addr add 10.77.0.2/24 dev house0") : cable.plug()));
    const double back = seconds_until([&] { return receiver->connections() == 2; }, 30'000ms);
    MESSAGE(std::string(silent ? "silent" : "no light")
            << ": known after " << known << " s, back after " << back
            << " s; last said: " << words);
    CHECK(back <= 3);
    REQUIRE(wait_until([&] { return receiver->video().count > 90; }));
    CHECK(receiver->all_began_with_idr());
    CHECK(receiver->video().gaps == 0);
    CHECK(receiver->audio().gaps == 0);
    CHECK(receiver->video().late_ms() < 300);
    CHECK(sender.status(out).reconnects == 1);
  }
}

TEST_CASE("a second interface carries the spare line while the first one's cable is pulled") {
  if (!may_lay_cables()) return;
  Town town;
  const Cable first(town, 0);
  Cable second(town, 1);
  // One server, reached over both; the first one is the machine's own way.
  REQUIRE(town.command("ip addr add 10.99.9.9/32 dev lo"));
  const std::string over_first = "ip route add 10.99.9.9 via 10.77.0.2 metric 100";
  REQUIRE(shell(over_first));
  REQUIRE(shell("ip route add 10.99.9.9 via 10.77.1.2 metric 200"));
  const auto main_side = receiver_in(town), spare_side = receiver_in(town);
  Sender sender;
  OutputRunner& main = sender.add(url_at("10.99.9.9", *main_side));
  OutputRunner& spare = sender.add(url_at("10.99.9.9", *spare_side), second.here());
  sender.start();
  const auto flows = [](const Receiver& r) { return r.video().count > 90; };
  REQUIRE(wait_until([&] { return flows(*main_side) && flows(*spare_side); }));
  CHECK(sent_through(first.here()) > 500'000);
  CHECK(sent_through(second.here()) > 500'000);

  spare_side->forget();
  REQUIRE(first.pull());
  const double known = seconds_until(sender.is(main, OutputState::Reconnecting), 20'000ms);
  CHECK(known <= 8);
  std::this_thread::sleep_for(10s);
  CHECK(spare_side->video().gaps == 0);
  CHECK(spare_side->audio().gaps == 0);
  CHECK(spare_side->video().count > 400);
  CHECK(spare_side->video().late_ms() < 50);
  CHECK(sender.status(spare).reconnects == 0);
  CHECK(sender.status(spare).dropped == 0);
  MESSAGE("first cable pulled: known after " << known << " s; the spare line's pictures at most "
                                             << spare_side->video().late_ms() << " ms later");

  // The machine gives the dead route up (NetworkManager does so after some seconds): the first
  // destination finds the way that is left.
  REQUIRE(shell("ip route del 10.99.9.9 via 10.77.0.2"));
  const double other_way = seconds_until([&] { return main_side->connections() == 2; }, 30'000ms);
  MESSAGE("the first destination found the other way after " << other_way << " s");
  CHECK(other_way <= 3);
  REQUIRE(first.plug());
  REQUIRE(shell(over_first));
  REQUIRE(wait_until([&] { return flows(*main_side); }));

  SUBCASE("its own cable pulled, it waits for that one and takes no other way") {
    REQUIRE(second.pull());
    CHECK(seconds_until(sender.is(spare, OutputState::Reconnecting), 20'000ms) <= 8);
    std::this_thread::sleep_for(30s);
    CHECK(sender.status(spare).state == OutputState::Reconnecting);
    CHECK(spare_side->connections() == 1);
    REQUIRE(second.plug());
    const double back = seconds_until([&] { return spare_side->connections() == 2; }, 30'000ms);
    MESSAGE("the spare line is back " << back << " s after its cable");
    CHECK(back <= 3);
  }
  SUBCASE("its interface unplugged, that is said, and it is back with it") {
    second.take_away();
    CHECK(seconds_until(
              [&] {
                return sender.status(spare).reason.en.find("chosen network connection is not") !=
                       std::string::npos;
              },
              30'000ms) <= 12);
    CHECK(sender.status(spare).reason.ja.find("選んだ回線") != std::string::npos);
    std::this_thread::sleep_for(30s);
    second.lay();
    REQUIRE(shell("ip route add 10.99.9.9 via 10.77.1.2 metric 200"));
    const double back = seconds_until([&] { return spare_side->connections() == 2; }, 30'000ms);
    MESSAGE("the spare line is back " << back << " s after its interface");
    CHECK(back <= 3);
  }
  CHECK(spare_side->all_began_with_idr());
}
