// SPDX-License-Identifier: GPL-3.0-or-later
// What each way over the network adds: from the moment a picture is painted at the sender (its
// frame code) to the moment a tick could show it. Encoder (x264, zerolatency, 720p30), loopback and
// decoder included; the sender's own muxer too.
//   network_bench bench.json [seconds [only those whose name contains this]]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "capture/source_kind.h"
#include "core/frame_code.h"
#include "tests/bench/bench.h"
#include "tests/support/nginx_rtmp.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

struct Way {
  std::string name;
  std::vector<std::string> sender;  // arguments of rtsp_camera
  std::string kind;
  Settings settings;
  bool sound;
};

// Appends to `figures`; nothing when it could not be measured.
void measure(const Way& way, double seconds, std::vector<bench::Figure>& figures) {
  MonotonicClock clock;
  FrameSync video{Duration{}};
  AudioSync audio(clock.now(), {});
  SourceContext c;
  c.input = "in";
  c.canvas = {1280, 720, {30, 1}};
  c.epoch = clock.now();
  c.video = &video;
  c.audio = way.sound ? &audio : nullptr;
  c.clock = &clock;
  std::shared_ptr<void> kept;
  c.kept = &kept;
  std::vector<std::string> command{RTSP_CAMERA};
  command.insert(command.end(), way.sender.begin(), way.sender.end());
  if (way.sound) command.insert(command.end(), {"--tone", "440"});
  if (way.kind == "rtmp_push") (void)find_source_kind(way.kind)->open(way.settings, c);
  const auto sender = Process::start(command, {}, "/dev/null");
  std::unique_ptr<Source> source;
  wait_until([&] {
    auto opened = find_source_kind(way.kind)->open(way.settings, c);
    if (opened.ok()) source = std::move(opened).value();
    return source != nullptr;
  });
  if (!source) {
    std::fprintf(stderr, "%s did not open\n", way.name.c_str());
    return;
  }
  std::vector<double> ages;
  const MediaTime start = clock.now();
  const Rect place = frame_code_rect(1280, 720);
  while (clock.now() - start < Duration::from_seconds(seconds)) {
    clock.sleep_until(clock.now() + Duration::milliseconds(1));
    const MediaTime now = clock.now();
    const PictureAt got = video.at(now);
    if (!got.frame || !got.fresh || now - start < Duration::seconds(2)) continue;
    const auto code =
        read_frame_code(got.frame->plane(0).data, got.frame->plane(0).stride, 1280, 720, place);
    if (code) ages.push_back(static_cast<double>(now.ns / 1000 - code->captured_us) / 1000);
  }
  source.reset();
  video.clear();
  std::sort(ages.begin(), ages.end());
  if (ages.empty()) {
    std::fprintf(stderr, "%s: no picture could be read\n", way.name.c_str());
    return;
  }
  figures.push_back({"network." + way.name + ".p50", ages[ages.size() / 2], "ms", "", 0});
  figures.push_back({"network." + way.name + ".p95", ages[ages.size() * 95 / 100], "ms", "", 0});
}

}  // namespace

int main(int argc, char** argv) {
  if (!init_capture().ok()) return 1;
  const double seconds = argc > 2 ? std::atof(argv[2]) : 8;
  const auto port = [] { return std::to_string(free_port()); };
  NginxRtmp nginx;
  std::vector<bench::Figure> figures;
  for (const bool sound : {false, true}) {
    const std::string with = sound ? "_with_sound" : "";
    const std::string rtsp = port(), caller = port(), listener = port(), push = port();
    const std::int64_t push_port = std::stoll(push);
    const std::vector<Way> ways{
        {"rtsp" + with,
         {"--port", rtsp},
         "network",
         {{"uri", "rtsp://127.0.0.1:" + rtsp + "/cam"}},
         sound},
        {"srt_caller" + with,
         {"--send", "mpegtsmux name=mux alignment=7 ! srtsink latency=20 uri=srt://127.0.0.1:" +
                        caller + "?mode=listener"},
         "network",
         {{"uri", "srt://127.0.0.1:" + caller}},
         sound},
        {"srt_listener" + with,
         {"--send", "mpegtsmux name=mux alignment=7 ! srtsink latency=20 uri=srt://127.0.0.1:" +
                        listener + "?mode=caller"},
         "network",
         {{"uri", "srt://:" + listener}},
         sound},
        {"rtmp_pull" + with,
         {"--send", "flvmux name=mux streamable=true ! rtmp2sink location=" + nginx.url() + "/a" +
                        (sound ? "s" : "v")},
         "network",
         {{"uri", nginx.url() + "/a" + (sound ? "s" : "v")}},
         sound},
        {"rtmp_push" + with,
         {"--send", "flvmux name=mux streamable=true ! rtmp2sink location=rtmp://127.0.0.1:" +
                        push + "/live/phone"},
         "rtmp_push",
         {{"stream", "phone"}, {"port", push_port}},
         sound},
    };
    for (const Way& way : ways)
      if (argc < 4 || way.name.find(argv[3]) != std::string::npos) measure(way, seconds, figures);
  }
  return bench::report(figures, argc, argv);
}
