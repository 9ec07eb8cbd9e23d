// SPDX-License-Identifier: GPL-3.0-or-later
// Glass to wire, side by side: a screen with stamped pictures, mixed with an inset, a title and
// sound, encoded (x264 superfast zerolatency, CBR 5 Mbit/s, a keyframe every 2 s) and sent by RTMP
// to the practice receiver, which reads the stamps back. Kakehashi, ffmpeg, GStreamer's compositor
// and a floor (glass_floor.cpp: one loop, no sound) in turn, several rounds, at 30 and at 60
// pictures a second. The latency contains the age of the painted picture itself (half a painter's
// period: 8.4 ms at 30, 4.2 at 60). Kakehashi also says where its milliseconds went.
//   glass_bench [bench.json] [rounds] [seconds] [30 | 60]
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <thread>

#include "station/ingest.h"
#include "tests/bench/bench.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

namespace {

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

using Command = std::vector<std::string>;

struct Stage {
  std::string display, url, folder;
  int fps = 30;
};
std::string rate_of(const Stage& s) { return std::to_string(s.fps); }

Command kakehashi_command(const Stage& s) {
  const std::string event = s.folder + "/event.json";
  std::ofstream(event)
      << R"({"kakehashi_event":1,"id":"bench","title":"bench","canvas":{"width":1920,"height":1080,"fps":)" +
             rate_of(s) + R"(},
    "inputs":[{"id":"screen","name":"画面","source":{"kind":"screen","display":")" +
             s.display + R"("}},
      {"id":"cam","name":"カメラ","audio":true,"source":{"kind":"test","pattern":"moving","tone_hz":440}}],
    "scenes":[{"id":"main","name":"本線","key":1,"layers":[{"input":"screen","rect":[0,0,1920,1080]},
      {"input":"cam","rect":[1400,560,480,270],"z":1}]}],
    "overlays":[{"id":"title","kind":"name_title","hold_s":0,"label":"氏名","name":"中村 さくら","kana":"なかむら さくら",
      "affiliation":"みどり区 危機管理課","rect":[0,864,1920,216]}],
    "destinations":[{"id":"out","name":"bench","kind":"rtmp","url":")" +
             s.url + R"(","scope":"practice"}],
    "encode":{"video_kbps":5000,"preset":"superfast","vbv_ms":1000,"audio_kbps":128},"record":{"with_stream":false},
    "script":[{"at_s":0.1,"overlay":"title","on":true}]})";
  return {STATION,
          "run",
          event,
          "--go-live",
          "--script",
          "--socket",
          s.folder + "/socket",
          "--stats",
          s.folder + "/run.json"};
}

Command ffmpeg_command(const Stage& s) {
  return {
      "ffmpeg",
      "-nostdin",
      "-hide_banner",
      "-loglevel",
      "error",
      "-fflags",
      "nobuffer",
      "-probesize",
      "32",
      "-analyzeduration",
      "0",
      "-thread_queue_size",
      "8",
      "-f",
      "x11grab",
      "-framerate",
      rate_of(s),
      "-video_size",
      "1920x1080",
      "-i",
      s.display + ".0+0,0",
      "-re",
      "-f",
      "lavfi",
      "-i",
      "sine=440:r=48000",
      "-filter_complex",
      "testsrc2=s=480x270:r=" + rate_of(s) +
          "[p];[0:v][p]overlay=1400:560,drawbox=0:864:1920:216:black@0.6:fill,"
          "drawtext=text=Nakamura Sakura:x=96:y=930:fontsize=72:fontcolor=white,format=yuv420p[v]",
      "-map",
      "[v]",
      "-map",
      "1:a",
      "-c:a",
      "aac",
      "-b:a",
      "128k",
      "-c:v",
      "libx264",
      "-preset",
      "superfast",
      "-tune",
      "zerolatency",
      "-profile:v",
      "high",
      "-b:v",
      "5000k",
      "-maxrate",
      "5000k",
      "-bufsize",
      "5000k",
      "-g",
      std::to_string(s.fps * 2),
      "-keyint_min",
      "30",
      "-max_interleave_delta",
      "1",
      "-flush_packets",
      "1",
      "-flvflags",
      "no_duration_filesize",
      "-tcp_nodelay",
      "1",
      "-f",
      "flv",
      s.url};
}

Command gstreamer_command(const Stage& s) {
  const std::string graph =
      "compositor name=mix background=black sink_0::zorder=0 sink_1::xpos=1400 sink_1::ypos=560 "
      "sink_1::zorder=1"
      " ! video/x-raw,format=I420,width=1920,height=1080,framerate=" +
      rate_of(s) +
      "/1"
      " ! textoverlay text=Nakamura font-desc=Sans,54 auto-resize=false valignment=bottom "
      "halignment=left"
      " shaded-background=true ! queue max-size-buffers=1 max-size-bytes=0 max-size-time=0"
      " ! x264enc tune=zerolatency speed-preset=superfast pass=cbr bitrate=5000 "
      "vbv-buf-capacity=1000 key-int-max=" +
      std::to_string(s.fps * 2) +
      " sliced-threads=true ! video/x-h264,profile=high ! h264parse ! flvmux name=f "
      "streamable=true latency=0"
      " ! rtmp2sink sync=false async=false location=" +
      s.url + " ximagesrc use-damage=0 show-pointer=false display-name=" + s.display +
      ".0 ! video/x-raw,framerate=" + rate_of(s) +
      "/1 ! videoconvert n-threads=1 ! video/x-raw,format=I420"
      " ! queue max-size-buffers=2 max-size-bytes=0 max-size-time=0 ! mix.sink_0"
      " videotestsrc is-live=true ! video/x-raw,format=I420,width=480,height=270,framerate=" +
      rate_of(s) +
      "/1"
      " ! queue max-size-buffers=2 max-size-bytes=0 max-size-time=0 ! mix.sink_1"
      " audiotestsrc is-live=true samplesperbuffer=480 ! audioconvert ! avenc_aac bitrate=128000 ! "
      "aacparse ! queue ! f.";
  Command command{"gst-launch-1.0", "-q"};
  std::string word;
  for (const char c : graph + " ")
    if (c == ' ') {
      if (!word.empty()) command.push_back(std::exchange(word, {}));
    } else {
      word += c;
    }
  return command;
}

Command floor_command(const Stage& s) { return {FLOOR, s.display, s.url, rate_of(s)}; }

// Seconds of processor time that a process has used so far, all its threads.
double cpu_seconds(pid_t pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
  std::string text((std::istreambuf_iterator<char>(in)), {});
  const auto at = text.rfind(')');
  if (at == std::string::npos) return 0;
  unsigned long user = 0, system = 0;
  std::sscanf(text.c_str() + at + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
              &system);
  return static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

struct Run {
  double median = 0, p99 = 0, cores = 0;
};

// The table that run --stats prints.
void print_stages(const std::string& output) {
  const auto at = output.find("  ms ");
  if (at == std::string::npos) return;
  std::printf("%s", output.substr(at, output.find("ended:") - at).c_str());
}

bool measure(const std::function<Command(const Stage&)>& peer, const std::string& display, int fps,
             double seconds, Run& run) {
  TempDir folder;
  IngestOptions options;
  options.listen = "rtmp://127.0.0.1:0/live";
  auto ingest = Ingest::start(options);
  if (!ingest) return false;
  const Stage stage{display,
                    "rtmp://127.0.0.1:" + std::to_string((*ingest)->port()) + "/live/bench",
                    folder.path(), fps};
  const auto program = Process::start(peer(stage), {}, folder.path() + "/errors");
  if (!wait_until([&] { return (*ingest)->report().pictures_decoded > 90 || !program->running(); },
                  30s) ||
      !program->running())
    return false;
  const double before = cpu_seconds(program->pid());
  const auto begin = std::chrono::steady_clock::now();
  std::this_thread::sleep_for(
      std::chrono::duration<double>(seconds));  // the length of the measurement
  run.cores = (cpu_seconds(program->pid()) - before) /
              std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  program->signal(SIGINT);
  const std::string said = program->read_all(5s);
  program->wait(5s);
  (*ingest)->stop();
  const IngestReport report = (*ingest)->report();
  run.median = report.latency_ms.median;
  run.p99 = report.latency_ms.p99;
  std::printf("  median %.1f ms, p99 %.1f ms, %.2f cores, %.2f fps, repeated %llu\n", run.median,
              run.p99, run.cores, report.fps, static_cast<unsigned long long>(report.repeated));
  print_stages(said);
  std::fflush(stdout);
  return report.latency_ms.count > 0;
}

double middle(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 2 ? std::atoi(argv[2]) : 3;
  const double seconds = argc > 3 ? std::atof(argv[3]) : 15;
  const int only = argc > 4 ? std::atoi(argv[4]) : 0;
  const auto screen = Xvfb::start(1920, 1080);
  if (!screen) return 1;

  const std::vector<std::pair<std::string, std::function<Command(const Stage&)>>> peers = {
      {"gstreamer", gstreamer_command},
      {"ffmpeg", ffmpeg_command},
      {"floor", floor_command},
      {"kakehashi", kakehashi_command}};
  std::vector<bench::Figure> figures;
  for (const int fps : {30, 60}) {
    if (only != 0 && only != fps) continue;
    // A little beside twice the rate: the phase against the capture drifts through all values.
    const auto painter = Process::start(
        {PAINTER, "--display", screen->display(), "--hz", fps == 30 ? "59.5" : "119"});
    if (!painter->wait_for("ready")) return 1;
    std::map<std::string, std::map<std::string, std::vector<double>>> results;  // measure -> peer
    for (int r = 0; r < rounds; ++r)
      for (const auto& [name, command] : peers) {
        std::printf("%s, %d pictures a second\n", name.c_str(), fps);
        Run run;
        if (!measure(command, screen->display(), fps, seconds, run)) {
          std::printf("  did not run\n");
          continue;
        }
        results["median_ms"][name].push_back(run.median);
        results["p99_ms"][name].push_back(run.p99);
        results["cores"][name].push_back(run.cores);
      }
    const std::string set = "glass" + std::to_string(fps) + ".";
    for (const auto& [measure_name, by_peer] : results) {
      const auto base = by_peer.find("gstreamer");
      for (const auto& [name, values] : by_peer) {
        bench::Figure f{set + measure_name + "." + name, middle(values),
                        measure_name == "cores" ? "cores" : "ms", "", 0};
        if (base != by_peer.end() && name != "gstreamer") {
          f.against = set + measure_name + ".gstreamer";
          f.ratio = f.value / middle(base->second);
        }
        figures.push_back(f);
      }
    }
  }
  return bench::report(figures, argc, argv);
}
