// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/mix_costs.h"

#include <cstring>

#include "mixer/convert.h"
#include "tests/bench/mix_content.h"

namespace kakehashi::bench {
namespace {

void keep(std::vector<Figure>& all, const std::vector<Figure>& more) {
  print(more);
  all.insert(all.end(), more.begin(), more.end());
}

// One picture in another format, for the tiles.
FramePtr converted(const VideoFrame& from, PixelFormat format) {
  FramePool pool(format, from.width(), from.height(), 1);
  FrameBuilder b = std::move(*pool.acquire());
  const PictureView v = view_of(from);
  for (int y = 0; y < from.height(); ++y) {
    std::uint8_t* out = b.plane(0) + static_cast<std::ptrdiff_t>(y) * b.stride(0);
    const std::uint8_t* luma = v.y + static_cast<std::ptrdiff_t>(y) * v.stride_y;
    for (int x = 0; x < from.width(); ++x) {
      const std::ptrdiff_t c = static_cast<std::ptrdiff_t>(y / 2) * v.stride_u + x / 2;
      if (format == PixelFormat::YUY2) {
        out[2 * x] = luma[x];
        out[2 * x + 1] = x % 2 ? v.v[c] : v.u[c];
      } else if (format == PixelFormat::BGRx) {
        out[4 * x] = v.u[c];
        out[4 * x + 1] = luma[x];
        out[4 * x + 2] = v.v[c];
      } else {
        out[x] = luma[x];
        if (y % 2 == 0)
          b.plane(1)[static_cast<std::ptrdiff_t>(y / 2) * b.stride(1) + x] =
              x % 2 ? v.v[c] : v.u[c];
      }
    }
  }
  return std::move(b).publish();
}

std::vector<FramePtr> converted(const std::vector<FramePtr>& from, PixelFormat format) {
  std::vector<FramePtr> out;
  for (const FramePtr& f : from) out.push_back(converted(*f, format));
  return out;
}

}  // namespace

std::vector<Figure> measure_costs(GridStudio& s, int rounds) {
  std::vector<Figure> all;
  VideoMixer mixer(s.show.canvas, 8), other(s.show.canvas, 8);
  std::vector<std::uint8_t> copy(static_cast<std::size_t>(kWidth * kHeight * 3 / 2));
  int turn = 0;
  const auto next = [&](const std::vector<FramePtr>& f) -> const VideoFrame& {
    return *f[static_cast<std::size_t>(++turn) % f.size()];
  };
  {
    Comparison c;
    c.add("cost.memcpy_1080p_i420", [&] {
      std::string none;
      const VideoFrame& f = next(s.sources[0]);
      std::uint8_t* to = copy.data();
      for (int p = 0; p < 3; ++p) {
        const auto bytes = static_cast<std::size_t>(p ? kWidth * kHeight / 4 : kWidth * kHeight);
        std::memcpy(to, f.plane(p).data, bytes);
        to += bytes;
      }
    });
    c.add("cost.passthrough", [&] { (void)s.run(mixer, "n1", false); });
    c.add("cost.still_slide_rgb_title", [&] { (void)s.run(mixer, "slide", true); });
    c.add("cost.still_slide_rgb_title_moving_inset",
          [&] { (void)s.run(mixer, "slide_pip", true); });
    c.add("cost.moving_inset_alone", [&] { (void)s.run(mixer, "inset", false); });
    keep(all, c.measure(rounds));
  }
  for (const auto& [from, to] :
       {std::pair{"pip", "pip_other"}, std::pair{"n4", "n4_other"}, std::pair{"n1", "n1_other"}}) {
    Comparison c;
    c.add(std::string("cost.scene.") + to, [&, to = to] { (void)s.run(mixer, to, true); });
    c.add(std::string("cost.mix.") + from + "_to_" + to,
          [&, from = from, to = to] { (void)s.run(mixer, to, true, from); });
    keep(all, c.measure(rounds));
  }
  {
    Comparison c;
    const auto buses = [&](VideoMixer& m, const char* program, const char* venue, BusSet wanted) {
      s.tune(program, false);
      s.live.venue_scene = venue;
      (void)m.buses({s.show, s.live, s.now, s.painted, MediaTime{10'000'000'000}}, wanted);
    };
    const BusSet program = bus_bit(Bus::Program), venue = bus_bit(Bus::Venue);
    c.add("cost.program_n4_alone", [&] { buses(mixer, "n4", "pip", program); });
    c.add("cost.venue_pip_alone", [&] { buses(mixer, "n4", "pip", venue); });
    c.add("cost.program_n4_and_venue_pip", [&] { buses(mixer, "n4", "pip", program | venue); });
    c.add("cost.program_n4_and_venue_the_same", [&] { buses(mixer, "n4", "", program | venue); });
    auto figures = c.measure(rounds);
    const double sum = figures[0].value + figures[1].value;
    figures.push_back({"cost.two_buses_against_their_sum", figures[2].value, "ms",
                       "cost.program_n4_alone + cost.venue_pip_alone", figures[2].value / sum});
    keep(all, figures);
  }
  {
    FramePool tiles(PixelFormat::I420, 320, 180, 2);
    Comparison c;
    c.add("cost.on_air_full", [&] { (void)s.run(mixer, "n1", true); });
    std::vector<std::pair<std::string, std::vector<FramePtr>>> formats = {
        {"i420", s.sources[2]},
        {"nv12", converted(s.sources[3], PixelFormat::NV12)},
        {"yuy2", converted(s.sources[4], PixelFormat::YUY2)},
        {"bgrx", converted(s.sources[5], PixelFormat::BGRx)}};
    for (const auto& [name, frames] : formats)
      c.add("cost.tile_" + name,
            [&, &frames = frames] { (void)make_thumbnail(next(frames), tiles); });
    auto figures = c.measure(rounds);
    const double on_air = figures[0].value * 30;
    for (std::size_t i = 1; i <= formats.size(); ++i)
      figures.push_back({figures[i].name + "_10_per_second", figures[i].value * 10, "ms/s",
                         "cost.on_air_full 30 per second", figures[i].value * 10 / on_air});
    keep(all, figures);
  }
  return all;
}

}  // namespace kakehashi::bench
