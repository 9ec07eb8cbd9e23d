// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/mix_peers.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "mixer/compositor.h"
#include "mixer/convert.h"
#include "tests/bench/lanczos.h"
#include "tests/bench/mix_content.h"

extern char** environ;

namespace kakehashi::bench {

double run_program(const std::string& command) {
  std::vector<std::string> words;
  std::istringstream in(command);
  for (std::string w; in >> w;) words.push_back(w);
  std::vector<char*> argv;
  for (auto& w : words) argv.push_back(w.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, argv[0], &files, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (failed) return -1;
  int status = 0;
  rusage used{};
  if (wait4(child, &status, 0, &used) != child || status != 0) return -1;
  const auto ms = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_usec) * 1e-3;
  };
  return ms(used.ru_utime) + ms(used.ru_stime);
}

namespace {

constexpr int kFrames = 150;  // of output per run
constexpr int kInputs = 8;
constexpr int kRuns = 3;  // the median counts

std::string number(int n) { return std::to_string(n); }

struct Place {
  int input;
  Rect rect;
};

std::string ffmpeg_inputs(const PeerFiles& files, const std::vector<Place>& places) {
  std::string c = "ffmpeg -nostdin -v error -threads 1";
  for (const Place& p : places)
    c += " -f rawvideo -pix_fmt yuv420p -s 1920x1080 -r 30 -stream_loop -1 -i " +
         files.video(p.input);
  return c;
}

std::string ffmpeg_reads(const PeerFiles& files, const std::vector<Place>& places) {
  std::string c = ffmpeg_inputs(files, places);
  for (std::size_t i = 0; i < places.size(); ++i) c += " -map " + std::to_string(i) + ":v";
  return c + " -frames:v " + number(kFrames) + " -f null -";
}

std::string ffmpeg_mixes(const PeerFiles& files, const std::vector<Place>& places, bool inset) {
  std::string c = ffmpeg_inputs(files, places) + " -i " + files.title();
  std::string graph, stacked, layout;
  const std::string n = std::to_string(places.size());
  if (places.size() == 1) {
    graph = "[0:v]null[q];";
  } else if (inset) {
    const Rect& r = places[1].rect;
    graph = "[1:v]scale=" + number(r.w) + ":" + number(r.h) +
            ":flags=bilinear[i];[0:v][i]overlay=" + number(r.x) + ":" + number(r.y) +
            ":format=yuv420[q];";
  } else {
    for (std::size_t i = 0; i < places.size(); ++i) {
      const Rect& r = places[i].rect;
      const std::string k = std::to_string(i);
      graph +=
          "[" + k + ":v]scale=" + number(r.w) + ":" + number(r.h) + ":flags=bilinear[a" + k + "];";
      stacked += "[a" + k + "]";
      layout += (i ? "|" : "") + number(r.x) + "_" + number(r.y);
    }
    graph += stacked + "xstack=inputs=" + n + ":layout=" + layout + ":fill=black";
    graph += places.size() == 2 ? "[p];[p]pad=1920:1080:0:0[q];" : "[q];";
  }
  graph += "[q][" + n + ":v]overlay=0:864:format=yuv420[o]";
  return c + " -filter_complex_threads 1 -filter_threads 1 -filter_complex " + graph +
         " -map [o] -c:v wrapped_avframe -frames:v " + number(kFrames) + " -f null -";
}

std::string gst_input(const PeerFiles& files, int input) {
  return " multifilesrc location=" + files.pictures(input) +
         " loop=true start-index=0 stop-index=" + number(kPictures - 1) +
         " num-buffers=" + number(kFrames) +
         " ! rawvideoparse format=i420 width=1920 height=1080 framerate=30/1 !";
}

std::string gst_reads(const PeerFiles& files, const std::vector<Place>& places) {
  std::string c = "gst-launch-1.0 -q";
  for (const Place& p : places) c += gst_input(files, p.input) + " queue ! fakesink sync=false";
  return c;
}

std::string gst_mixes(const PeerFiles& files, const std::vector<Place>& places) {
  std::string c = "gst-launch-1.0 -q compositor name=mix background=black max-threads=1";
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Rect& r = places[i].rect;
    const std::string pad = " sink_" + std::to_string(i) + "::";
    c += pad + "xpos=" + number(r.x) + pad + "ypos=" + number(r.y) + pad + "width=" + number(r.w) +
         pad + "height=" + number(r.h);
  }
  c += " ! video/x-raw,format=I420,width=1920,height=1080,framerate=30/1 ! gdkpixbufoverlay "
       "location=" +
       files.title() + " offset-y=864 ! fakesink sync=false";
  for (std::size_t i = 0; i < places.size(); ++i)
    c += gst_input(files, places[i].input) + " queue max-size-buffers=3 ! mix.sink_" +
         std::to_string(i);
  return c;
}

double median_of(const std::vector<double>& all) {
  auto v = all;
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

double figure(const std::vector<Figure>& all, const std::string& name) {
  for (const Figure& f : all)
    if (f.name == name) return f.value;
  return 0;
}

std::vector<std::uint8_t> first_luma(const std::string& path, int w, int h) {
  std::vector<std::uint8_t> luma(static_cast<std::size_t>(w * h));
  std::ifstream in(path, std::ios::binary);
  in.read(reinterpret_cast<char*>(luma.data()), static_cast<std::streamsize>(luma.size()));
  if (!in) luma.clear();
  return luma;
}

}  // namespace

PeerFiles::PeerFiles(const GridStudio& studio) {
  // In memory where there is room for it, so that no disk is measured.
  for (const char* place : {"/dev/shm", "/tmp"}) {
    std::error_code none;
    const auto space = std::filesystem::space(place, none);
    if (none || space.available < (std::uintmax_t{1} << 30)) continue;
    std::string name = std::string(place) + "/kakehashi-bench-XXXXXX";
    if (!mkdtemp(name.data())) continue;
    folder_ = name;
    break;
  }
  if (folder_.empty()) return;
  for (int i = 0; i < kInputs; ++i) {
    std::ofstream all(video(i), std::ios::binary);
    std::filesystem::create_directory(folder_ + "/s" + number(i));
    for (int k = 0; k < kPictures; ++k) {
      std::string raw;
      append_raw(*studio.sources[static_cast<std::size_t>(i)][static_cast<std::size_t>(k)], raw);
      all << raw;
      std::ofstream(folder_ + "/s" + number(i) + "/f" + number(k), std::ios::binary) << raw;
    }
  }
  const auto rgba = title_rgba();
  std::ofstream(folder_ + "/title.rgba", std::ios::binary)
      .write(reinterpret_cast<const char*>(rgba.data()), static_cast<std::streamsize>(rgba.size()));
  if (run_program("ffmpeg -nostdin -v error -f rawvideo -pix_fmt rgba -s 1920x216 -i " + folder_ +
                  "/title.rgba " + title()) < 0) {
    std::filesystem::remove_all(folder_);
    folder_.clear();
  }
}

PeerFiles::~PeerFiles() {
  std::error_code none;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, none);
}

std::string PeerFiles::video(int input) const { return folder_ + "/in" + number(input) + ".yuv"; }
std::string PeerFiles::pictures(int input) const { return folder_ + "/s" + number(input) + "/f%d"; }
std::string PeerFiles::title() const { return folder_ + "/title.png"; }

std::vector<Figure> measure_peers(const PeerFiles& files, const std::vector<Figure>& ours) {
  struct Case {
    std::string name;
    std::vector<Place> places;
    bool inset;
  };
  std::vector<Case> cases;
  for (const int n : {1, 2, 4, 8}) {
    Case c{"n" + number(n), {}, false};
    for (const Rect& r : grid(n)) c.places.push_back({static_cast<int>(c.places.size()), r});
    cases.push_back(c);
  }
  cases.push_back({"pip", {{0, {0, 0, kWidth, kHeight}}, {1, kInset}}, true});

  std::vector<Figure> all;
  for (const Case& c : cases) {
    const std::string commands[] = {ffmpeg_mixes(files, c.places, c.inset),
                                    ffmpeg_reads(files, c.places), gst_mixes(files, c.places),
                                    gst_reads(files, c.places)};
    std::vector<double> ms[4];
    for (int r = 0; r < kRuns; ++r)  // in turn, so that a busy machine slows all alike
      for (int i = 0; i < 4; ++i) ms[i].push_back(run_program(commands[i]) / kFrames);
    const double mine = figure(ours, "mix." + c.name);
    double best = 0;
    for (int peer = 0; peer < 2; ++peer) {
      const char* name = peer == 0 ? "peer.ffmpeg." : "peer.gstreamer.";
      if (median_of(ms[2 * peer]) < 0 || median_of(ms[2 * peer + 1]) < 0) {
        std::fprintf(stderr, "%s%s cannot be run here\n", name, c.name.c_str());
        continue;
      }
      const double mixing = median_of(ms[2 * peer]) - median_of(ms[2 * peer + 1]);
      if (best == 0 || mixing < best) best = mixing;
      all.push_back({name + c.name, mixing, "ms", "mix." + c.name, mine > 0 ? mixing / mine : 0});
      all.push_back({name + c.name + ".reading", median_of(ms[2 * peer + 1]), "ms", "", 0});
    }
    if (best > 0 && mine > 0)
      all.push_back(
          {"mix." + c.name + ".of_better_peer", mine, "ms", "the better peer", mine / best});
  }
  print(all);
  return all;
}

std::vector<Figure> measure_quality(const PeerFiles& files, GridStudio& studio,
                                    const std::string& photo) {
  std::vector<Figure> all;
  const std::string path = photo.empty() ? files.video(0) : photo;
  const std::vector<std::uint8_t> luma = first_luma(path, kWidth, kHeight);
  if (luma.empty()) {
    std::fprintf(stderr, "%s: not a raw I420 picture of 1920 x 1080\n", path.c_str());
    return {};
  }
  FramePool still(PixelFormat::I420, kWidth, kHeight, 1);
  FrameBuilder copy = std::move(*still.acquire());
  convert_part(*studio.sources[0][0], 0, 0, picture_of(copy));
  for (int y = 0; y < kHeight; ++y)
    std::copy_n(luma.begin() + static_cast<std::ptrdiff_t>(y) * kWidth, kWidth,
                copy.plane(0) + static_cast<std::ptrdiff_t>(y) * copy.stride(0));
  const FramePtr source = std::move(copy).publish();
  for (const auto& [w, h] : {std::pair{960, 540}, std::pair{640, 360}, std::pair{480, 270},
                             std::pair{1280, 720}, std::pair{1344, 756}}) {
    const auto exact = lanczos(luma, kWidth, kHeight, w, h);
    FramePool pool(PixelFormat::I420, w, h, 1);
    FrameBuilder b = std::move(*pool.acquire());
    CompositorItem item;
    item.frame = source.get();
    item.rect = {0, 0, w, h};
    Compositor(w, h).draw({&item, 1}, picture_of(b));
    std::vector<std::uint8_t> mine;
    for (int y = 0; y < h; ++y)
      mine.insert(mine.end(), b.plane(0) + static_cast<std::ptrdiff_t>(y) * b.stride(0),
                  b.plane(0) + static_cast<std::ptrdiff_t>(y) * b.stride(0) + w);
    const std::string size = number(w) + "x" + number(h);
    const double ours = psnr(mine, exact);
    all.push_back({"quality." + size, ours, "dB", "", 0});
    const std::string out = files.folder() + "/scaled.yuv";
    const auto against = [&, w = w, h = h](const std::string& name, const std::string& command) {
      if (run_program(command) < 0) return;
      const auto theirs = first_luma(out, w, h);
      if (theirs.empty()) return;
      const double db = psnr(theirs, exact);
      all.push_back({"quality." + size + "." + name, db, "dB", "quality." + size, db / ours});
    };
    against("ffmpeg_bilinear",
            "ffmpeg -nostdin -y -v error -f rawvideo -pix_fmt yuv420p -s 1920x1080 -i " + path +
                " -frames:v 1 -vf scale=" + number(w) + ":" + number(h) +
                ":flags=bilinear -f rawvideo " + out);
    against(
        "gstreamer",
        "gst-launch-1.0 -q filesrc location=" + path +
            " blocksize=3110400 num-buffers=1 ! rawvideoparse format=i420 width=1920 height=1080"
            " framerate=30/1 ! compositor background=black max-threads=1 sink_0::width=" +
            number(w) + " sink_0::height=" + number(h) + " ! video/x-raw,format=I420,width=" +
            number(w) + ",height=" + number(h) + " ! filesink location=" + out);
  }
  print(all);
  return all;
}

}  // namespace kakehashi::bench
