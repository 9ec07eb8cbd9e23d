// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/mix_grid.h"

#include <libyuv/convert.h>
#include <libyuv/planar_functions.h>
#include <libyuv/scale.h>

#include "mixer/convert.h"
#include "mixer/switcher.h"
#include "tests/bench/mix_content.h"

namespace kakehashi::bench {

std::vector<Rect> grid(int n) {
  const int side = n == 1 ? 1 : n <= 4 ? 2 : n <= 9 ? 3 : 4;
  const int w = kWidth / side, h = kHeight / side / 2 * 2;
  std::vector<Rect> places;
  for (int i = 0; i < n; ++i) places.push_back({i % side * w, i / side * h, w, h});
  return places;
}

GridStudio::GridStudio() {
  for (int i = 0; i < kMostInputs; ++i) {
    Input input;
    input.id = "in" + std::to_string(i);
    show.inputs.push_back(input);
    sources.push_back(contents(i));
  }
  Input input;
  input.id = "slides";
  show.inputs.push_back(input);
  sources.emplace_back(static_cast<std::size_t>(kPictures), slide());
  input.id = "small";
  show.inputs.push_back(input);
  sources.push_back(contents(20, 1280, 720));

  for (int n = 1; n <= kMostInputs; ++n) {
    std::vector<std::pair<std::string, Rect>> layers;
    for (const Rect& r : grid(n)) layers.emplace_back("in" + std::to_string(layers.size()), r);
    scene("n" + std::to_string(n), layers);
  }
  const Rect whole{0, 0, kWidth, kHeight};
  scene("pip", {{"in0", whole}, {"in1", kInset}});
  scene("inset", {{"in1", kInset}});
  scene("n1_other", {{"in4", whole}});
  scene("pip_other", {{"in4", whole}, {"in5", kInset}});
  scene("n4_other",
        {{"in4", grid(4)[0]}, {"in5", grid(4)[1]}, {"in6", grid(4)[2]}, {"in7", grid(4)[3]}});
  scene("slide", {{"slides", whole}});
  scene("slide_pip", {{"slides", whole}, {"in1", kInset}});
  scene("up_720", {{"small", whole}});
  scene("down_3_2", {{"in0", {0, 0, 1280, 720}}});
  scene("any_ratio", {{"in0", {0, 0, 1344, 756}}});
  scene("sixth", {{"in0", {0, 0, 320, 180}}});

  Overlay title;
  title.id = "title";
  title.hold = Duration{};  // stays
  title.people.resize(1);
  show.overlays.push_back(title);
  painted.overlays["title"] = {{"", bench::title()}};
  live = initial_state(show);
  now.resize(show.inputs.size());
}

void GridStudio::scene(const std::string& id,
                       const std::vector<std::pair<std::string, Rect>>& layers) {
  Scene s;
  s.id = id;
  for (const auto& [input, rect] : layers) {
    Layer l;
    l.input = input;
    l.rect = rect;
    s.layers.push_back(l);
  }
  show.scenes.push_back(s);
}

void GridStudio::tune(const std::string& id, bool with_title) {
  live.program = id;
  live.overlays[0] = {"title", with_title, MediaTime{0}};
  live.transition.reset();
  ++tick;
  for (std::size_t i = 0; i < now.size(); ++i)
    now[i] = sources[i][static_cast<std::size_t>(tick % kPictures)];
}

FramePtr GridStudio::run(VideoMixer& mixer, const std::string& id, bool with_title,
                         const std::string& mixed_from) {
  const MediaTime t{10'000'000'000};
  tune(id, with_title);
  if (!mixed_from.empty())
    live.transition =
        ActiveTransition{TransitionKind::Mix, mixed_from, t - Duration::milliseconds(200),
                         Duration::milliseconds(500)};
  return mixer.program({show, live, now, painted, t});
}

namespace {

// libyuv alone. Writes four pictures in turn, as a program with pictures on the way would.
class Floor {
 public:
  explicit Floor(const GridStudio& studio) : studio_(studio), title_(title()) {
    for (auto& p : out_) fill(p.view(kWidth, kHeight), kBlack);
  }

  void run(const std::vector<std::pair<int, Rect>>& layers, libyuv::FilterMode filter,
           bool with_title = true) {
    ++tick_;
    const Picture out = out_[static_cast<std::size_t>(tick_ % 4)].view(kWidth, kHeight);
    for (const auto& [input, rect] : layers) {
      const VideoFrame& f = *studio_.sources[static_cast<std::size_t>(input)]
                                            [static_cast<std::size_t>(tick_ % kPictures)];
      const Picture to = out.part(rect);
      const PictureView from = view_of(f);
      if (rect.w == f.width() && rect.h == f.height())
        libyuv::I420Copy(from.y, from.stride_y, from.u, from.stride_u, from.v, from.stride_v, to.y,
                         to.stride_y, to.u, to.stride_u, to.v, to.stride_v, rect.w, rect.h);
      else
        libyuv::I420Scale(from.y, from.stride_y, from.u, from.stride_u, from.v, from.stride_v,
                          f.width(), f.height(), to.y, to.stride_y, to.u, to.stride_u, to.v,
                          to.stride_v, rect.w, rect.h, filter);
    }
    if (!with_title) return;
    const Picture to = out.part(title_->rect);
    libyuv::I420Blend(title_->y.data(), title_->stride_y, title_->u.data(), title_->stride_uv,
                      title_->v.data(), title_->stride_uv, to.y, to.stride_y, to.u, to.stride_u,
                      to.v, to.stride_v, title_->alpha.data(), title_->stride_y, to.y, to.stride_y,
                      to.u, to.stride_u, to.v, to.stride_v, to.width, to.height);
  }

 private:
  const GridStudio& studio_;
  std::shared_ptr<const OverlayImage> title_;
  ScratchPicture out_[4];
  int tick_ = 0;
};

}  // namespace

std::vector<Figure> measure_grids(GridStudio& studio, int rounds, int most) {
  std::vector<Figure> all;
  VideoMixer mixer(studio.show.canvas, 4);
  Floor floor(studio);
  const auto one = [&](const std::string& scene, bool with_title,
                       const std::vector<std::pair<int, Rect>>& layers) {
    Comparison c;
    c.add("floor." + scene + ".box", [&] { floor.run(layers, libyuv::kFilterBox, with_title); });
    c.add("floor." + scene + ".bilinear",
          [&] { floor.run(layers, libyuv::kFilterBilinear, with_title); });
    c.add("mix." + scene, [&] { (void)studio.run(mixer, scene, with_title); });
    const auto figures = c.measure(rounds);
    print(figures);
    all.insert(all.end(), figures.begin(), figures.end());
  };
  for (int n = 1; n <= most; ++n) {
    if (most <= 8 && n != 1 && n != 2 && n != 4 && n != 8) continue;
    std::vector<std::pair<int, Rect>> layers;
    for (const Rect& r : grid(n)) layers.emplace_back(static_cast<int>(layers.size()), r);
    one("n" + std::to_string(n), true, layers);
  }
  one("pip", true, {{0, {0, 0, kWidth, kHeight}}, {1, kInset}});
  one("up_720", false, {{17, {0, 0, kWidth, kHeight}}});
  one("down_3_2", false, {{0, {0, 0, 1280, 720}}});
  one("any_ratio", false, {{0, {0, 0, 1344, 756}}});
  one("sixth", false, {{0, {0, 0, 320, 180}}});
  return all;
}

}  // namespace kakehashi::bench
