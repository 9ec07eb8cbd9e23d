// SPDX-License-Identifier: GPL-3.0-or-later
#include <doctest/doctest.h>

#include "station/equip/cpu_trial.h"

using namespace kakehashi;

namespace {

const std::atomic<bool> kNever{false};

Show two_scenes() {
  Show show;
  show.canvas = {640, 360, {30, 1}};
  for (const char* id : {"cam", "slide"}) {
    Input input;
    input.id = id;
    show.inputs.push_back(input);
  }
  const auto layer = [](const char* input, Rect r) {
    Layer l;
    l.input = input;
    l.rect = r;
    return l;
  };
  Scene card, full, both;
  card.id = "pause";
  card.card = "pause";
  full.id = "full";
  full.layers = {layer("cam", {0, 0, 640, 360})};
  both.id = "both";
  both.layers = {layer("slide", {0, 0, 640, 360}), layer("cam", {20, 20, 600, 320}),
                 layer("slide", {40, 40, 560, 280}), layer("cam", {60, 60, 520, 240})};
  show.scenes = {card, full, both};
  return show;
}

CpuFigures figures(double mix, double encode) {
  CpuFigures f;
  f.period_ms = 33.3;
  f.pictures = 300;
  f.mix_p95_ms = mix;
  f.encode_p95_ms = encode;
  return f;
}

}  // namespace

TEST_CASE("the heaviest scene of the event is mixed and encoded at its own pace") {
  const Show show = two_scenes();
  MonotonicClock clock;
  const MediaTime began = clock.now();
  const auto f = measure_cpu(show, PaintedSet{}, {show.canvas, show.encode, Duration::seconds(1)},
                             clock, kNever, [](double) {});
  REQUIRE(f.ok());
  CHECK(f->scene == "both");
  CHECK(f->pictures == 30);
  CHECK(clock.now() - began >= Duration::milliseconds(950));
  CHECK(f->mix_p95_ms > 0);
  CHECK(f->encode_p95_ms > 0);
  CHECK(f->encode_max_ms >= f->encode_p95_ms * 0.9);
  CHECK(f->encoder.find("x264") != std::string::npos);
}

TEST_CASE("a test that is stopped is skipped, not failed") {
  const Show show = two_scenes();
  MonotonicClock clock;
  const std::atomic<bool> stop{true};
  const auto f = measure_cpu(show, PaintedSet{}, {show.canvas, show.encode, Duration::seconds(60)},
                             clock, stop, [](double) {});
  REQUIRE(f.ok());
  CHECK(judge_cpu(*f, {}).verdict == Verdict::Skipped);
}

TEST_CASE("the verdict goes by the busier of mixing and encoding") {
  CHECK(judge_cpu(figures(5, 15), {}).verdict == Verdict::Pass);
  CHECK(judge_cpu(figures(5, 25), {}).verdict == Verdict::Caution);
  CHECK(judge_cpu(figures(25, 5), {}).verdict == Verdict::Caution);
  CHECK(judge_cpu(figures(5, 31), {}).verdict == Verdict::Fail);
  CpuFigures lost = figures(5, 15);
  lost.skipped = 30;
  CHECK(judge_cpu(lost, {}).verdict == Verdict::Fail);
}

TEST_CASE("what is proposed is lighter, and named in the action") {
  Show show = two_scenes();
  show.canvas = {1920, 1080, {30, 1}};
  const auto lighter = lighter_settings(show, Duration::seconds(2));
  REQUIRE(lighter.size() == 3);
  CHECK(lighter[0].wish.encode.preset == "ultrafast");
  CHECK(lighter[1].wish.canvas.height == 720);
  CHECK(lighter[2].wish.encode.preset == "ultrafast");
  const EquipmentItem item = judge_cpu(figures(5, 40), lighter[1]);
  CHECK(item.verdict == Verdict::Fail);
  CHECK(item.action.ja.find("1280×720") != std::string::npos);
  show.canvas.height = 720;
  show.encode.preset = "ultrafast";
  CHECK(lighter_settings(show, Duration::seconds(2)).empty());
}
