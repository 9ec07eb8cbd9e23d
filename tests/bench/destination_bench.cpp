// SPDX-License-Identifier: GPL-3.0-or-later
// What one more destination costs this process, at 6 Mbit/s of 1080p30: the same packets at their
// own speed into one runner and into five, RTMP to nginx and SRT to ffmpeg; processor time, so that
// a busy machine does not count. Promise: at most 1 % of a core (RTMP).
#include <cstdio>

#include "core/clock.h"
#include "tests/bench/bench.h"
#include "tests/encoder/programme.h"
#include "tests/support/nginx_rtmp.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

const Canvas kCanvas{1920, 1080, {30, 1}};
constexpr int kPictures = 60, kSeconds = 12, kMore = 4;

// Two seconds of programme, played again and again: what is measured is sending, not encoding.
class Loop {
 public:
  Loop() : programme_(kCanvas, settings()) {
    for (int n = 0; n < kPictures; ++n)
      for (const auto& p : programme_.next()) packets_.push_back(p);
  }
  const StreamDescription& description() const { return programme_.description(); }

  // Cores that this process used while `outputs` got the programme for `seconds`.
  double cores(const std::vector<OutputRunner*>& outputs, int seconds) {
    MonotonicClock clock;
    const MediaTime zero = clock.now();
    const double before = used();
    for (int turn = 0; turn * 2 < seconds; ++turn, ++turns_)
      for (const PacketPtr& p : packets_) {
        clock.sleep_until(zero + Duration::seconds(2 * turn) + (p->pts - packets_.front()->pts));
        auto again = std::make_shared<EncodedPacket>(*p);
        again->pts = p->pts + Duration::seconds(2 * turns_);
        for (OutputRunner* output : outputs) output->push(again);
      }
    return (used() - before) / (clock.now() - zero).to_seconds();
  }
  double kbps() const {
    std::size_t bytes = 0;
    for (const PacketPtr& p : packets_) bytes += p->data.size();
    return static_cast<double>(bytes) * 8e-3 / 2;
  }

 private:
  static EncodeSettings settings() {
    EncodeSettings s;
    s.video_kbps = 6000;
    s.preset = "ultrafast";
    return s;
  }
  static double used() {
    timespec t{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
  }
  Programme programme_;
  std::vector<PacketPtr> packets_;
  std::int64_t turns_ = 0;
};

double one_more(Loop& loop, const std::function<std::string(int)>& url, const std::string& kind) {
  std::vector<std::unique_ptr<OutputRunner>> runners;
  std::vector<OutputRunner*> outputs;
  const auto add = [&] {
    OutputConfig config;
    config.destination.id = "d" + std::to_string(runners.size());
    config.destination.kind = kind;
    config.destination.settings["url"] = url(static_cast<int>(runners.size()));
    if (kind == "rtmp") config.key = Secret("bench-" + config.destination.id);
    config.stream = loop.description();
    runners.push_back(std::make_unique<OutputRunner>(std::move(config)));
    outputs.push_back(runners.back().get());
    if (!wait_until([&] { return outputs.back()->status({}).state == OutputState::Live; })) {
      std::fprintf(stderr, "%s: %s\n", kind.c_str(), outputs.back()->status({}).reason.en.c_str());
      std::exit(1);
    }
  };
  add();
  const double one = loop.cores(outputs, kSeconds);
  for (int i = 0; i < kMore; ++i) add();
  const double all = loop.cores(outputs, kSeconds);
  for (const OutputRunner* o : outputs)
    if (o->status({}).dropped) std::fprintf(stderr, "%s: pictures were left out\n", kind.c_str());
  std::printf("%s: 1 destination %.4f cores, %d destinations %.4f cores\n", kind.c_str(), one,
              kMore + 1, all);
  return (all - one) / kMore * 100;
}

}  // namespace

int main(int argc, char** argv) {
  Loop loop;
  std::printf("programme: %.0f kbit/s\n", loop.kbps());
  std::vector<bench::Figure> figures;
  {
    NginxRtmp nginx;
    const double percent = one_more(
        loop, [&](int) { return nginx.url(); }, "rtmp");
    figures.push_back({"destination.rtmp", percent, "% of a core", "", 0});
  }
  {
    // Receivers call us: each runner listens at a port of its own.
    std::vector<std::unique_ptr<Process>> receivers;
    const auto url = [&](int) {
      const int port = free_port();
      receivers.push_back(
          Process::start({"ffmpeg", "-v", "quiet", "-nostdin", "-i",
                          "srt://127.0.0.1:" + std::to_string(port) + "?mode=listener", "-c",
                          "copy", "-f", "null", "-"}));
      return "srt://127.0.0.1:" + std::to_string(port);
    };
    const double percent = one_more(loop, url, "srt");
    figures.push_back({"destination.srt", percent, "% of a core", "", 0});
  }
  bench::print(figures);
  if (argc > 1 && !bench::write(figures, argv[1])) return 1;
}
