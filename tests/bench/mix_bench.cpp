// SPDX-License-Identifier: GPL-3.0-or-later
// What one tick of the mixer costs at 1080p, as a multiple of copying one program frame, beside the
// least that libyuv alone needs for the same pixels (its RGB conversion is BT.601: a floor for
// speed, not a substitute).
#include <libyuv/convert.h>
#include <libyuv/scale.h>

#include <cstring>

#include "mixer/convert.h"
#include "mixer/switcher.h"
#include "mixer/video_mixer.h"
#include "tests/bench/bench.h"
#include "tests/bench/mix_costs.h"
#include "tests/bench/mix_grid.h"
#include "tests/bench/mix_peers.h"
#include "tests/bench/mix_threads.h"
#include "tests/mixer/frames.h"

namespace {

using namespace kakehashi;

constexpr int kW = 1920, kH = 1080;
constexpr int kDifferent = 4;  // pictures per source, so that no source stays in the inner caches

std::vector<FramePtr> source(PixelFormat format, int w, int h, ColorMatrix matrix) {
  std::vector<FramePtr> frames;
  for (int i = 0; i < kDifferent; ++i)
    frames.push_back(testing::make_frame({format, w, h, matrix}, [i](int x, int y) {
      return testing::Rgb{((x + 37 * i) & 255) / 255.0, ((y + 91 * i) & 255) / 255.0,
                          ((x ^ y) & 255) / 255.0};
    }));
  return frames;
}

struct Studio {
  Show show;
  LiveState live;
  PaintedSet painted;
  std::vector<std::vector<FramePtr>> sources;
  std::vector<FramePtr> now;
  int tick = 0;

  Studio() {
    sources = {source(PixelFormat::BGRx, kW, kH, ColorMatrix::Bt709),
               source(PixelFormat::I420, kW, kH, ColorMatrix::Bt709),
               source(PixelFormat::YUY2, 1280, 720, ColorMatrix::Bt601)};
    for (const char* id : {"screen", "camera", "usb"}) {
      Input i;
      i.id = id;
      show.inputs.push_back(i);
    }
    add("full", {layer("camera", {0, 0, kW, kH})});
    add("two", {layer("screen", {0, 0, kW, kH}), layer("camera", {1400, 760, 480, 270})});
    add("side", {layer("screen", {0, 120, 1280, 720}), layer("usb", {1300, 200, 600, 540})});
    add("quad", {layer("camera", {0, 0, 960, 540}), layer("camera", {960, 0, 960, 540}),
                 layer("camera", {0, 540, 960, 540}), layer("screen", {960, 540, 960, 540})});
    Overlay title;
    title.people.resize(1);
    title.id = "title";
    title.hold = Duration{};  // stays
    show.overlays.push_back(title);
    auto image = std::make_shared<OverlayImage>();
    image->rect = {96, 684, 912, 144};
    image->stride_y = 928;
    image->stride_uv = 464;
    image->y.assign(928 * 144, 30);
    image->alpha.assign(928 * 144, 217);
    image->u.assign(464 * 72, 128);
    image->v.assign(464 * 72, 128);
    painted.overlays["title"] = {{"", image}};
    live = initial_state(show);
    now.resize(3);
  }

  static Layer layer(const char* input, Rect rect) {
    Layer l;
    l.input = input;
    l.rect = rect;
    return l;
  }
  void add(const char* id, std::vector<Layer> layers) {
    Scene s;
    s.id = id;
    s.layers = std::move(layers);
    show.scenes.push_back(s);
  }

  void run(VideoMixer& mixer, const char* scene, bool title, const char* from = nullptr) {
    const MediaTime t{10'000'000'000};
    live.program = scene;
    live.overlays[0] = {"title", title, MediaTime{0}};
    live.transition.reset();
    if (from)
      live.transition = ActiveTransition{TransitionKind::Mix, from, t - Duration::milliseconds(200),
                                         Duration::milliseconds(500)};
    ++tick;
    for (std::size_t i = 0; i < now.size(); ++i)
      now[i] = sources[i][static_cast<std::size_t>(tick % kDifferent)];
    (void)mixer.program({show, live, now, painted, t});
  }
};

}  // namespace

// mix_bench [bench.json] [--quick] [--only=grids|costs|peers|quality|threads|ticks]: quick measures
// few rounds and leaves out the other programs.
int main(int argc, char** argv) {
  bool quick = false;
  std::string only, json, photo;
  for (int i = 1; i < argc; ++i) {
    const std::string a = argv[i];
    if (a == "--quick")
      quick = true;
    else if (a.rfind("--only=", 0) == 0)
      only = a.substr(7);
    else if (a.rfind("--photo=", 0) == 0)
      photo = a.substr(8);
    else
      json = a;
  }
  const auto wanted = [&](const char* part) { return only.empty() || only == part; };
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  std::vector<bench::Figure> all;
  const auto keep = [&](const std::vector<bench::Figure>& more) {
    all.insert(all.end(), more.begin(), more.end());
    return json.empty() || bench::write(all, json);
  };
  bool written = true;
  if (only != "ticks") {
    bench::GridStudio studio;
    // The peers are measured against the grids.
    if (wanted("grids") || wanted("peers"))
      written = keep(bench::measure_grids(studio, quick || !wanted("grids") ? 6 : 20,
                                          quick || !wanted("grids") ? 8 : bench::kMostInputs));
    if (wanted("costs")) written = keep(bench::measure_costs(studio, quick ? 6 : 20)) && written;
    if (!quick && (wanted("peers") || wanted("quality") || wanted("threads"))) {
      const bench::PeerFiles files(studio);
      if (files.ok() && wanted("peers"))
        written = keep(bench::measure_peers(files, all)) && written;
      if (files.ok() && wanted("quality"))
        written = keep(bench::measure_quality(files, studio, photo)) && written;
      if (files.ok() && wanted("threads"))
        written = keep(bench::measure_threads(files, studio)) && written;
    }
  }
  if (!wanted("ticks")) return written ? 0 : 1;
  Studio s;
  VideoMixer mixer(s.show.canvas, 6);
  FramePool pool(PixelFormat::I420, kW, kH, 6);
  std::vector<std::uint8_t> copy(static_cast<std::size_t>(kW * kH * 3 / 2));
  int turn = 0;
  const auto next = [&](std::size_t source) -> const VideoFrame& {
    return *s.sources[source][static_cast<std::size_t>(++turn % kDifferent)];
  };
  const auto libyuv_scaled = [](const VideoFrame& f, FrameBuilder& b, Rect r) {
    libyuv::I420Scale(
        f.plane(0).data, f.plane(0).stride, f.plane(1).data, f.plane(1).stride, f.plane(2).data,
        f.plane(2).stride, f.width(), f.height(), b.plane(0) + r.y * b.stride(0) + r.x, b.stride(0),
        b.plane(1) + r.y / 2 * b.stride(1) + r.x / 2, b.stride(1),
        b.plane(2) + r.y / 2 * b.stride(2) + r.x / 2, b.stride(2), r.w, r.h, libyuv::kFilterBox);
  };
  const auto libyuv_rgb = [](const VideoFrame& f, FrameBuilder& b) {
    libyuv::ARGBToI420(f.plane(0).data, f.plane(0).stride, b.plane(0), b.stride(0), b.plane(1),
                       b.stride(1), b.plane(2), b.stride(2), f.width(), f.height());
  };

  bench::Comparison c;
  c.add("mix.memcpy_1080p_i420", [&] {
    const VideoFrame& f = next(1);
    std::uint8_t* to = copy.data();
    for (int p = 0; p < 3; ++p) {
      const auto bytes = static_cast<std::size_t>(p ? kW * kH / 4 : kW * kH);
      std::memcpy(to, f.plane(p).data, bytes);
      to += bytes;
    }
  });
  c.add("mix.passthrough", [&] { s.run(mixer, "full", false); });
  c.add("mix.passthrough_title", [&] { s.run(mixer, "full", true); });
  c.add("mix.two_layers", [&] { s.run(mixer, "two", false); });
  c.add("mix.two_layers_title", [&] { s.run(mixer, "two", true); });
  c.add("mix.side_by_side_any_ratio", [&] { s.run(mixer, "side", false); });
  c.add("mix.quad_title", [&] { s.run(mixer, "quad", true); });
  c.add("mix.transition_two_layers", [&] { s.run(mixer, "two", true, "full"); });
  c.add("kernel.bgrx_to_i420_bt709", [&] {
    auto b = pool.acquire();
    convert_part(next(0), 0, 0, picture_of(*b));
  });
  c.add("libyuv.argb_to_i420_bt601", [&] {
    auto b = pool.acquire();
    libyuv_rgb(next(0), *b);
  });
  c.add("libyuv.two_layers_floor", [&] {
    auto b = pool.acquire();
    libyuv_rgb(next(0), *b);
    libyuv_scaled(next(1), *b, {1400, 760, 480, 270});
  });
  c.add("libyuv.quad_floor", [&] {
    auto b = pool.acquire();
    for (int i = 0; i < 4; ++i) libyuv_scaled(next(1), *b, {i % 2 * 960, i / 2 * 540, 960, 540});
  });
  const auto ticks = c.measure(quick ? 6 : 40);
  bench::print(ticks);
  written = keep(ticks) && written;
  if (!written) std::fprintf(stderr, "cannot write %s\n", json.c_str());
  return written ? 0 : 1;
}
