// SPDX-License-Identifier: GPL-3.0-or-later
// What the audience sees in the place of an input that is lost.
#include "mixer/stand_in.h"

#include <doctest/doctest.h>

#include "tests/mixer/stage.h"

using namespace kakehashi;
using kakehashi::testing::plain;
using kakehashi::testing::sample;

namespace {

Duration ms(int n) { return Duration::milliseconds(n); }

// "cam" is lost, "remote" is its backup.
struct Lost : testing::Stage {
  Lost() {
    show.inputs[0].backup = "remote";
    scenes_of_cam();
    frames[0] = {};
    age(2, ms(30));
    painted.no_signal["cam"] = plain(480, 270, 0x1A1D21);
  }
  void scenes_of_cam() {
    show.scenes.push_back(scene("cam", {layer("cam", {0, 0, 480, 270})}));
    live = initial_state(show);
    cut_to("cam");
  }
  void age(std::size_t i, Duration age) {
    frames[i] = testing::make_frame(
        {PixelFormat::I420, 480, 270, ColorMatrix::Bt709, ColorRange::Limited, now - age},
        testing::remote_picture);
  }
  int card() const { return sample(*painted.no_signal.at("cam"), 0, 0, 0); }
};

}  // namespace

TEST_CASE("own picture, then the backup's, then the card") {
  Lost s;
  const auto shown = [&] { return shown_input(s.show, s.frames, 0, s.now); };
  CHECK(shown() == 2);
  SUBCASE("own comes first, however late: FrameSync lets go of it after 2 s") {
    s.age(0, ms(1900));
    CHECK(shown() == 0);
  }
  SUBCASE("a backup that is about to be lost as well does not flash up") {
    s.age(2, ms(1001));
    CHECK(shown() == std::nullopt);
    s.age(2, ms(1000));
    CHECK(shown() == 2);
    s.show.inputs[2].delay = ms(500);
    s.age(2, ms(1500));
    CHECK(shown() == 2);
  }
  SUBCASE("a still one is as good as new") {
    FramePool pool(PixelFormat::I420, 480, 270, 1);
    FrameBuilder builder = std::move(*pool.acquire());
    builder.info().still = true;
    s.frames[2] = std::move(builder).publish();
    CHECK(shown() == 2);
  }
  SUBCASE("one step only") {
    s.frames[2] = {};
    s.show.inputs[2].backup = "slides";
    CHECK(shown() == std::nullopt);
  }
  SUBCASE("no backup, a strange one, itself, a short list of frames") {
    s.show.inputs[0].backup = "";
    CHECK(shown() == std::nullopt);
    s.show.inputs[0].backup = "nobody";
    CHECK(shown() == std::nullopt);
    s.show.inputs[0].backup = "cam";
    CHECK(shown() == std::nullopt);
    s.show.inputs[0].backup = "remote";
    s.frames.resize(1);
    CHECK(shown() == std::nullopt);
    CHECK(shown_input(s.show, s.frames, 9, s.now) == std::nullopt);
  }
}

TEST_CASE("the backup's picture is program's, uncopied, and it goes by itself") {
  Lost s;
  VideoMixer mixer(s.show.canvas, 3);
  CHECK(mixer.program(s.inputs()) == s.frames[2]);
  CHECK(mixer.preview({s.show,
                       [&] {
                         LiveState l = s.live;
                         l.preview = "cam";
                         return l;
                       }(),
                       s.frames, s.painted, s.now}) == s.frames[2]);
  const FramePtr backup = s.frames[2];
  s.frames[2] = {};
  CHECK(sample(*mixer.program(s.inputs()), 0, 100, 100) == s.card());
  s.frames[2] = backup;
  s.age(0, ms(10));
  CHECK(mixer.program(s.inputs()) == s.frames[0]);
}

TEST_CASE("a backup is shown with its own masks and without what was made for the other camera") {
  Lost s;
  Mask hide;
  hide.x = 0.5, hide.y = 0, hide.w = 0.5, hide.h = 1;
  hide.colour = 0xFFFFFF;
  s.show.inputs[2].masks = {hide};
  Mask other = hide;
  other.x = 0;
  other.colour = 0x000000;
  s.show.inputs[0].masks = {other};
  Layer& layer = s.show.scenes.back().layers[0];
  layer.crop = {0.4, 0, 0, 0};
  layer.look.flip_horizontal = true;
  layer.look.turn = Turn::Half;
  layer.look.key.on = true;
  VideoMixer mixer(s.show.canvas, 3);
  const FramePtr out = mixer.program(s.inputs());
  CHECK(sample(*out, 0, 400, 100) == 235);  // hidden by the backup's mask
  // The rest is the backup's left half as it is.
  for (const int x : {10, 70, 130, 200})
    CHECK(std::abs(sample(*out, 0, x, 100) - sample(*s.frames[2], 0, x, 100)) <= 1);

  SUBCASE("nothing beneath the mask reaches any bus, whatever is drawn around it") {
    const auto with = [&](std::uint32_t secret) {
      s.frames[2] = testing::make_frame(
          {PixelFormat::I420, 480, 270, ColorMatrix::Bt709, ColorRange::Limited, s.now - ms(20)},
          [&](int x, int y) {
            return x >= 240 ? testing::hex(secret) : testing::remote_picture(x, y);
          });
      return mixer.buses(s.inputs(), 0xF);
    };
    const BusPictures a = with(0xFF0000), b = with(0x00FF00);
    for (std::size_t i = 0; i < kBuses; ++i)
      CHECK(testing::largest_difference(*a.frame[i], *b.frame[i]) == 0);
  }
  SUBCASE("back: everything is the camera's own again") {
    s.age(0, ms(10));
    layer.look.key.on = false;
    layer.look.turn = Turn::Upright;
    layer.look.flip_horizontal = false;
    layer.crop = {};
    CHECK(sample(*mixer.program(s.inputs()), 0, 100, 100) == 16);  // its own mask
    CHECK(sample(*mixer.program(s.inputs()), 0, 400, 240) == sample(*s.frames[0], 0, 400, 240));
  }
}

TEST_CASE("in a layout a backup keeps its own shape in the other's place") {
  Lost s;
  s.show.scenes.back().layers.clear();
  s.show.scenes.back().layout = "full";
  s.show.scenes.back().layers = {testing::Stage::layer("cam", {0, 0, 480, 270})};
  s.show.scenes.back().layers[0].slot = "slide";
  s.frames[2] = testing::make_frame(
      {PixelFormat::I420, 360, 270, ColorMatrix::Bt709, ColorRange::Limited, s.now - ms(20)},
      [](int, int) { return testing::hex(0xFFFFFF); });
  VideoMixer mixer(s.show.canvas, 3);
  const FramePtr out = mixer.program(s.inputs());
  CHECK(sample(*out, 0, 240, 135) == 235);
  CHECK(sample(*out, 0, 10, 135) < 100);  // 4:3 in 16:9: what is beside it is not stretched
  CHECK(sample(*out, 0, 470, 135) < 100);
}
