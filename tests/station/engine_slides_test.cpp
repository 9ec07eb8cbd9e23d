// SPDX-License-Identifier: GPL-3.0-or-later
// Slides in a running station: turned by command, seen by a desk.
#include <doctest/doctest.h>

#include "station/door/client.h"
#include "station/engine.h"
#include "tests/capture/pdf.h"
#include "tests/mixer/frames.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

// One sample of a packed I420 picture.
int sample_of(const PictureView& view, const std::vector<std::uint8_t>& i420, int plane, double x,
              double y) {
  const int half = plane ? 2 : 1, w = view.width() / half, h = view.height() / half;
  const std::size_t luma = static_cast<std::size_t>(view.width()) * view.height();
  const std::size_t at = plane == 0 ? 0 : plane == 1 ? luma : luma + luma / 4;
  return i420[at + static_cast<std::size_t>(y * h) * w + static_cast<std::size_t>(x * w)];
}

}  // namespace

TEST_CASE("a desk turns the pages, sees them on program and in the strip") {
  TempDir dir;
  write_deck(dir / "deck.pdf", 12, 960, 540);
  Show show;
  show.id = "lecture";
  show.title = {"講座", "Lecture"};
  show.canvas = {320, 180, Rate{30, 1}};
  Input input;
  input.id = "slide_pc";
  input.name = {"資料", "Slides"};
  input.source = SourceSpec{"slides", {{"file", std::string("deck.pdf")}}};
  show.inputs = {input};
  Scene scene;
  scene.id = "slides";
  Layer layer;
  layer.input = "slide_pc";
  layer.rect = {0, 0, 320, 180};
  scene.layers = {layer};
  show.scenes = {scene};
  show.encode.video_kbps = 500;

  EngineOptions options;
  options.socket_path = dir / "door";
  options.media_folder = dir.path();
  options.record.folder = dir.path();
  MonotonicClock clock;
  auto engine = Engine::open(show, options, clock);
  REQUIRE_MESSAGE(engine.ok(), (engine.ok() ? "" : engine.error().message));
  auto desk = DoorClient::connect(options.socket_path);
  REQUIRE(desk.ok());
  REQUIRE((*desk)->subscribe(20).ok());
  auto views = (*desk)->pictures();
  REQUIRE(views.ok());
  const auto view = [&](const std::string& name) -> const PictureView* {
    for (const auto& v : *views)
      if (v->name() == name) return v.get();
    return nullptr;
  };
  const PictureView *program = view("program"), *strip = view("pages.slide_pc");
  REQUIRE(program);
  REQUIRE(strip);
  CHECK(strip->width() == 1280);
  CHECK(strip->height() == 144);

  std::vector<std::uint8_t> picture;
  const auto is = [&](const PictureView& v, int page, double x, double y) {
    std::uint64_t seen = 0;
    if (!v.read(picture, seen)) return false;
    const auto wanted = codes(hex(deck_colour(page)), ColorMatrix::Bt709, ColorRange::Limited);
    for (int plane = 0; plane < 3; ++plane)
      if (std::abs(sample_of(v, picture, plane, x, y) -
                   code8(wanted[static_cast<std::size_t>(plane)])) > 2)
        return false;
    return true;
  };
  for (const int page : {1, 2, 9, 8, 12}) {
    CAPTURE(page);
    CHECK((*desk)->send(ShowPage{"slide_pc", page}).ok());
    CHECK(wait_until([&] { return is(*program, page, 0.9, 0.9); }));
    CHECK(wait_until([&] {
      const auto s = (*engine)->snapshot();
      return s.inputs[0].page == page && s.inputs[0].pages == 12;
    }));
    CHECK(wait_until([&] { return is(*strip, page, 2.86 / 5, 0.86); }));  // the middle one
  }
  CHECK_FALSE((*desk)->send(ShowPage{"nobody", 1}).ok());
}
