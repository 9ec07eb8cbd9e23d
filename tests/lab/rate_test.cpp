// SPDX-License-Identifier: GPL-3.0-or-later
// A stream over a line whose capacity falls and returns: our publisher with the rate desk, and
// beside it what ffmpeg and GStreamer do on the same line. Loopback, made thin by tbf and bad by
// netem; runs in the lab (virtual time, so the machine's load has no part in it) and by hand in a
// namespace:
//   unshare -rn build/dev/tests/lab/rate_line_test
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

#include <doctest/doctest.h>

#include "encoder/output.h"
#include "station/rate_desk.h"
#include "tests/lab/line_stream.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

constexpr RateLimits kLimits{4000, 600, 160};

// A camera's 30 pictures a second at the bitrate decided, IDRs three times as large, with sound.
class Sender {
 public:
  Sender(const std::string& url, bool adapts = true) : adapts_(adapts) {
    OutputConfig config;
    config.destination.id = "main";
    config.destination.settings["url"] = url;
    config.key = Secret("a-key-of-the-lab");
    config.stream.width = 1280;
    config.stream.height = 720;
    config.stream.rate = {30, 1};
    config.stream.video_kbps = kLimits.most_kbps;
    config.stream.audio_kbps = kLimits.audio_kbps;
    config.stream.video_extradata = {0, 0, 0, 1, 0x67, 0x64, 0, 0x1f, 0, 0, 0, 1, 0x68, 0xee};
    config.stream.audio_extradata = {0x11, 0x90};
    config.clock = &clock_;
    config.want_keyframe = [this] { idr_ = true; };
    runner_ = std::make_unique<OutputRunner>(std::move(config));
    desk_.start();
    maker_ = std::thread([this] { make(); });
  }
  ~Sender() {
    stop_ = true;
    maker_.join();
  }
  RateDecision decision() const {
    const std::lock_guard lock(mutex_);
    return decided_;
  }
  OutputStatus status() const {
    Snapshot s;
    s.outputs.push_back(runner_->status(clock_.now()));
    desk_.report(s);
    return s.outputs[0];
  }

 private:
  static PacketPtr packet(PacketKind kind, bool idr, Duration pts, std::size_t size,
                          MediaTime made) {
    auto bytes = std::make_shared<std::vector<std::uint8_t>>(size, 0xAA);
    if (kind == PacketKind::Video) {
      const std::uint8_t start[] = {0, 0, 0, 1, static_cast<std::uint8_t>(idr ? 0x65 : 0x41)};
      std::copy(std::begin(start), std::end(start), bytes->begin());
    }
    auto p = std::make_shared<EncodedPacket>();
    p->kind = kind;
    p->keyframe = idr;
    p->pts = pts;
    p->captured = p->encoded = made;
    p->data = *bytes;
    p->owner = bytes;
    return p;
  }
  void make() {
    const MediaTime zero = clock_.now();
    const Rate pictures{30, 1}, pieces{48'000, 1024};
    std::int64_t piece = 0;
    for (std::int64_t n = 0, since_idr = 0; !stop_; ++n, ++since_idr) {
      const Duration at = pictures.time_of(n);
      clock_.sleep_until(zero + at);
      const RateDecision d = decision();
      for (; pieces.time_of(piece) <= at; ++piece)
        runner_->push(packet(PacketKind::Audio, false, pieces.time_of(piece), 426, clock_.now()));
      if (d.half_rate && n % 2 != 0) continue;
      const bool idr = idr_.exchange(false) || since_idr >= 60;
      if (idr) since_idr = 0;
      const double usual = (d.half_rate ? 2 : 1) * d.video_kbps / 8.0 / 30 * 1000 / (62 / 60.0);
      runner_->push(packet(PacketKind::Video, idr, at,
                           static_cast<std::size_t>(usual * (idr ? 3 : 1)), clock_.now()));
    }
  }
  // What the control sees, ten times a second: for whoever changes it.
  void trace(const LineSample& s) {
    traced_.look(s);
    std::fprintf(
        stderr, "%8.3f queued %7llu unacked %7llu rtt %5.1f takes %6.0f late %5.0f -> %d%s\n",
        static_cast<double>(s.at.ns % 1'000'000'000'000) * 1e-9,
        static_cast<unsigned long long>(s.queued), static_cast<unsigned long long>(s.wire.unacked),
        s.wire.rtt_ms, traced_.delivered_kbps(), traced_.late().to_milliseconds(),
        decision().video_kbps, decision().half_rate ? " half" : "");
  }
  std::vector<RateLine> lines() {
    RateLine line;
    line.id = "main";
    line.limits = kLimits;
    line.look = [this](MediaTime now) {
      const LineSample s = runner_->line(now);
      if (std::getenv("KAKEHASHI_TRACE")) trace(s);
      return s;
    };
    line.apply = [this](const RateDecision& d) {
      const std::lock_guard lock(mutex_);
      if (adapts_) decided_ = d;
    };
    return {line};
  }

  const bool adapts_;
  LineWatch traced_;  // the rate desk's thread
  mutable MonotonicClock clock_;
  mutable std::mutex mutex_;
  RateDecision decided_{kLimits.most_kbps, false};
  std::atomic<bool> idr_{true}, stop_{false};
  std::unique_ptr<OutputRunner> runner_;
  RateDesk desk_{clock_, [this] { return lines(); }};
  std::thread maker_;
};

}  // namespace

TEST_CASE("10 to 2 to 10 Mbit/s under 4: noticed, never late, nothing dropped, back") {
  if (!ready()) return;
  Receiver receiver;
  Sender sender(receiver.url());
  REQUIRE(wait_until([&] { return receiver.video().count > 150; }));
  CHECK(sender.decision() == RateDecision{4000, false});
  CHECK(sender.status().line == LineWord::Ample);
  receiver.forget();

  REQUIRE(capacity(2));
  const double noticed = seconds_until([&] { return sender.decision().video_kbps < 4000; }, 5000ms);
  std::this_thread::sleep_for(12s);
  const OutputStatus thin = sender.status();
  const auto video = receiver.video(), audio = receiver.audio();
  MESSAGE("noticed after " << noticed << " s; pictures at most " << video.late_ms()
                           << " ms later, sound " << audio.late_ms() << " ms; "
                           << sender.decision().video_kbps << " kbit/s held, "
                           << thin.delivered_kbps << " delivered, round trip " << thin.rtt_ms
                           << " ms");
  CHECK(noticed <= 0.5);
  CHECK(video.late_ms() <= 500);
  CHECK(audio.late_ms() <= 500);
  CHECK(thin.line == LineWord::Tight);

  REQUIRE(capacity(10));
  const double back = seconds_until([&] { return sender.decision().video_kbps >= 3600; }, 20'000ms);
  MESSAGE("back to 90 % after " << back << " s");
  CHECK(back <= 5);
  std::this_thread::sleep_for(3s);
  CHECK(sender.decision() == RateDecision{4000, false});
  const OutputStatus end = sender.status();
  CHECK(end.dropped == 0);
  CHECK(end.reconnects == 0);
  CHECK(end.line == LineWord::Ample);
  CHECK(receiver.video().gaps == 0);
  CHECK(receiver.audio().gaps == 0);
}

TEST_CASE("without the rate desk whole GOPs go, and not one piece of sound") {
  if (!ready()) return;
  Receiver receiver;
  Sender sender(receiver.url(), false);
  REQUIRE(wait_until([&] { return receiver.video().count > 150; }));
  receiver.forget();
  REQUIRE(capacity(2));
  std::this_thread::sleep_for(12s);
  const auto video = receiver.video(), audio = receiver.audio();
  MESSAGE("pictures at most " << video.late_ms() << " ms later, sound " << audio.late_ms()
                              << " ms; " << sender.status().dropped << " packets given up in "
                              << video.gaps << " places");
  CHECK(sender.status().dropped > 30);
  CHECK(video.late_ms() < 2600);  // a second with us, the rest in the bottleneck's own buffer
  CHECK(audio.gaps == 0);
  CHECK(audio.count > 500);
}

TEST_CASE("far below the floor: every second picture, sound whole") {
  if (!ready()) return;
  Receiver receiver;
  Sender sender(receiver.url());
  REQUIRE(wait_until([&] { return receiver.video().count > 150; }));
  REQUIRE(shape("tbf rate 650kbit burst 8kb limit 200kb"));
  CHECK(wait_until([&] { return sender.decision().half_rate; }));
  std::this_thread::sleep_for(5s);
  receiver.forget();
  std::this_thread::sleep_for(10s);
  const auto video = receiver.video(), audio = receiver.audio();
  MESSAGE("pictures at most " << video.late_ms() << " ms later, sound " << audio.late_ms()
                              << " ms, " << video.count / 10 << " pictures a second");
  CHECK(sender.status().line == LineWord::Short);
  CHECK(audio.gaps == 0);
  CHECK(video.count > 100);
  REQUIRE(capacity(10));
  CHECK(wait_until([&] { return sender.decision() == RateDecision{4000, false}; }));
}

TEST_CASE("a line far away that loses one packet in a hundred") {
  if (!ready()) return;
  if (!shape("netem delay 20ms 3ms loss 1% rate 10mbit limit 200")) {
    MESSAGE("skipped: no netem in this kernel");
    return;
  }
  Receiver receiver;
  Sender sender(receiver.url());
  REQUIRE(wait_until([&] { return receiver.video().count > 300; }));
  receiver.forget();
  int least = 4000;
  double sum = 0;
  for (int i = 0; i < 300; ++i) {
    std::this_thread::sleep_for(100ms);
    const int kbps = sender.decision().video_kbps;
    least = std::min(least, kbps);
    sum += kbps;
  }
  const auto video = receiver.video(), audio = receiver.audio();
  const OutputStatus end = sender.status();
  MESSAGE("40 ms round trip, 1 % lost: " << sum / 300 << " kbit/s on average, least " << least
                                         << "; pictures at most " << video.late_ms()
                                         << " ms later, " << end.retransmits << " sent again, "
                                         << end.dropped << " dropped");
  CHECK(end.dropped == 0);
  CHECK(audio.gaps == 0);
  CHECK(end.reconnects == 0);
  CHECK(video.late_ms() < 1000);
}

TEST_CASE("what ffmpeg and GStreamer do on the same line") {
  if (!ready()) return;
  const std::vector<std::pair<std::string, std::string>> peers = {
      {"ffmpeg",
       "exec ffmpeg -v error -re -f lavfi -i testsrc2=size=640x360:rate=30 -f lavfi -i "
       "sine=sample_rate=48000 -c:v libx264 -preset ultrafast -tune zerolatency -threads 1 -b:v 4M "
       "-maxrate 4M -bufsize 2M -g 60 -x264-params nal-hrd=cbr -c:a aac -b:a 160k -f flv "},
      {"GStreamer",
       "exec gst-launch-1.0 -q flvmux name=m streamable=true ! rtmp2sink videotestsrc is-live=true "
       "pattern=snow ! video/x-raw,width=640,height=360,framerate=30/1 ! x264enc tune=zerolatency "
       "speed-preset=ultrafast bitrate=4000 vbv-buf-capacity=500 key-int-max=60 threads=1 ! queue "
       "! m. audiotestsrc is-live=true ! avenc_aac bitrate=160000 ! queue ! m. name=sink "
       "location="}};
  for (const auto& [name, command] : peers) {
    REQUIRE(capacity(10));
    Receiver receiver;
    std::string line = command + receiver.url() + "/peer";
    if (name == "GStreamer") {
      line = command.substr(0, command.find("rtmp2sink")) + "rtmp2sink location=" + receiver.url() +
             "/peer" +
             command.substr(command.find("rtmp2sink") + 9,
                            command.find(" name=sink") - command.find("rtmp2sink") - 9);
    }
    const auto peer = Process::start({"sh", "-c", line}, {}, "/dev/null");
    if (!wait_until([&] { return receiver.video().count > 150; }, 60s)) {
      MESSAGE("skipped: " << name << " cannot stream here");
      continue;
    }
    receiver.forget();
    REQUIRE(capacity(2));
    std::this_thread::sleep_for(12s);
    const auto video = receiver.video(), audio = receiver.audio();
    MESSAGE(name << ": pictures up to " << video.late_ms() << " ms later after 12 s, sound "
                 << audio.late_ms() << " ms, " << video.gaps << " gaps");
    CHECK(video.late_ms() > 500);  // none of them lowers its bitrate
  }
}
