// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/video_mixer.h"

#include <doctest/doctest.h>

#include "tests/mixer/stage.h"

namespace kakehashi {
namespace {

using testing::largest_difference;
using testing::Stage;
constexpr Duration ms(std::int64_t v) { return Duration::milliseconds(v); }

TEST_CASE("a full-screen opaque source passes through without a copy") {
  Stage s;
  VideoMixer mixer(s.show.canvas, 3);
  CHECK(mixer.program(s.inputs()) == s.frames[2]);
  s.wish(SelectPreview{"remote"});
  CHECK(mixer.preview(s.inputs()) == s.frames[2]);
  CHECK(mixer.scene(s.inputs(), s.show.scenes[0]) == s.frames[2]);
}

TEST_CASE("with an overlay above it is copied, and the source stays as it was") {
  Stage s;
  VideoMixer mixer(s.show.canvas, 3);
  const FramePtr before =
      testing::make_frame({PixelFormat::I420, 480, 270}, testing::remote_picture);
  s.wish(SetOverlay{"title", true});
  s.now = s.now + ms(300);
  const FramePtr out = mixer.program(s.inputs());
  CHECK_FALSE(out == s.frames[2]);
  CHECK(largest_difference(*s.frames[2], *before) == 0);
  CHECK(testing::sample(*out, 0, 30, 180) != testing::sample(*before, 0, 30, 180));
  CHECK(testing::sample(*out, 0, 30, 100) == testing::sample(*before, 0, 30, 100));
  // Preview and scenes show no overlay.
  CHECK(mixer.scene(s.inputs(), s.show.scenes[0]) == s.frames[2]);
}

TEST_CASE("captured is the oldest picture shown, and pictures are numbered") {
  Stage s;
  VideoMixer mixer(s.show.canvas, 4);
  s.cut_to("talk");
  const FramePtr talk = mixer.program(s.inputs());
  CHECK(talk->info().captured.ns == 900'000'000);
  s.cut_to("slides");
  const FramePtr slides = mixer.program(s.inputs());
  CHECK(slides->info().captured.ns == 950'000'000);
  CHECK(slides->info().sequence == talk->info().sequence + 1);
  CHECK(slides->info().matrix == ColorMatrix::Bt709);
  CHECK(slides->info().range == ColorRange::Limited);

  SUBCASE("a hidden layer does not count") {
    s.show.scenes[1].layers.push_back(Stage::layer("cam", {10, 10, 40, 40}, -1));
    CHECK(mixer.program(s.inputs())->info().captured.ns == 950'000'000);
  }
  SUBCASE("a mix counts both") {
    s.mix_to("remote");
    s.now = s.now + ms(100);
    CHECK(mixer.program(s.inputs())->info().captured.ns == 950'000'000);
  }
  SUBCASE("cards and stand-ins are of this tick") {
    s.wish(EmergencyOn{});
    CHECK(mixer.program(s.inputs())->info().captured == s.now);
    s.wish(EmergencyOff{});
    s.cut_to("break");
    CHECK(mixer.program(s.inputs())->info().captured == s.now);
    s.cut_to("slides");
    s.frames[1] = {};
    CHECK(mixer.program(s.inputs())->info().captured == s.now);
  }
}

TEST_CASE("a missing input is replaced by its no-signal picture in its place") {
  Stage s;
  VideoMixer mixer(s.show.canvas, 3);
  s.cut_to("talk");
  s.frames[0] = {};
  FramePtr out = mixer.program(s.inputs());
  const int stand_in = testing::sample(*s.painted.no_signal["cam"], 0, 0, 0);
  CHECK(testing::sample(*out, 0, 396, 220) == stand_in);
  CHECK(testing::sample(*out, 0, 100, 20) != stand_in);

  s.painted.no_signal.clear();  // not even that is painted: a plain field
  out = mixer.program(s.inputs());
  CHECK(std::abs(testing::sample(*out, 0, 396, 220) - 42) <= 2);

  s.show.inputs.clear();  // a layer of an input that is not there
  CHECK(mixer.program(s.inputs()));
}

TEST_CASE("the emergency card covers everything at once, and nothing else") {
  Stage s;
  VideoMixer mixer(s.show.canvas, 3);
  s.wish(SetOverlay{"title", true});
  s.now = s.now + ms(300);
  s.mix_to("talk");
  s.now = s.now + ms(200);
  s.wish(EmergencyOn{});
  CHECK(largest_difference(*mixer.program(s.inputs()), *s.painted.emergency) == 0);
  // Even when it was never painted there is a card's field, not the hall.
  s.painted.emergency = {};
  const FramePtr out = mixer.program(s.inputs());
  CHECK(largest_difference(*out, *testing::plain(480, 270, 0x22384A)) <= 1);
  s.wish(EmergencyOff{});
  CHECK(largest_difference(*out, *mixer.program(s.inputs())) > 50);
}

TEST_CASE("a card scene shows its card, in its colour when it is not painted yet, no overlay") {
  Stage s;
  VideoMixer mixer(s.show.canvas, 3);
  s.wish(SetOverlay{"title", true});
  s.now = s.now + ms(300);
  s.cut_to("break");
  CHECK(largest_difference(*mixer.program(s.inputs()), *s.painted.cards["pause"]) == 0);
  s.painted.cards.clear();
  CHECK(largest_difference(*mixer.program(s.inputs()), *testing::plain(480, 270, 0x22384A)) <= 1);
}

TEST_CASE("a cut is never half-mixed: every picture is wholly the old or the new one") {
  Stage s;
  VideoMixer mixer(s.show.canvas, 8);
  const char* order[] = {"talk", "slides", "remote", "talk", "break", "slides"};
  const Rate rate{30, 1};
  const MediaTime zero = s.now;
  std::int64_t tick = 0;
  FramePtr old_picture = mixer.program(s.inputs());
  for (const char* next : order) {
    const FramePtr new_picture = mixer.scene(s.inputs(), *find_by_id(s.show.scenes, next));
    REQUIRE(largest_difference(*old_picture, *new_picture) > 50);
    for (int before = 0; before < 3; ++before) {
      s.now = zero + rate.time_of(++tick);
      REQUIRE(largest_difference(*mixer.program(s.inputs()), *old_picture) == 0);
    }
    s.cut_to(next);
    for (int after = 0; after < 3; ++after) {
      s.now = zero + rate.time_of(++tick);  // the very next tick is the whole new scene
      REQUIRE(largest_difference(*mixer.program(s.inputs()), *new_picture) == 0);
    }
    old_picture = new_picture;
  }
}

TEST_CASE("a mix goes from wholly old to wholly new, straight, by time alone") {
  Stage s;
  VideoMixer mixer(s.show.canvas, 8);
  const FramePtr from = mixer.scene(s.inputs(), s.show.scenes[0]);
  const FramePtr to = mixer.scene(s.inputs(), s.show.scenes[2]);
  s.mix_to("talk");
  const MediaTime start = s.now;
  for (const int percent : {0, 10, 25, 50, 75, 90, 100}) {
    s.now = start + ms(5 * percent);
    const FramePtr out = mixer.program(s.inputs());
    CAPTURE(percent);
    for (int y = 3; y < 270; y += 7)
      for (int x = 1; x < 480; x += 5) {
        const double want = testing::sample(*from, 0, x, y) * (100 - percent) / 100.0 +
                            testing::sample(*to, 0, x, y) * percent / 100.0;
        REQUIRE(std::abs(testing::sample(*out, 0, x, y) - want) <= 1.2);
      }
  }
  CHECK(largest_difference(*mixer.program(s.inputs()), *to) == 0);
  s.now = start;  // time is a parameter: going back gives the first picture again
  CHECK(largest_difference(*mixer.program(s.inputs()), *from) == 0);
}

TEST_CASE("on the way to a card the title fades with its scene") {
  Stage s;
  VideoMixer mixer(s.show.canvas, 8);
  s.wish(SetOverlay{"title", true});
  s.now = s.now + ms(300);
  s.mix_to("break");
  s.now = s.now + ms(250);
  const FramePtr half = mixer.program(s.inputs());
  const int card = testing::sample(*s.painted.cards["pause"], 0, 0, 0);
  const int base = (testing::sample(*s.frames[2], 0, 30, 180) + card + 1) / 2;
  const double want = base + (40 - base) * 0.5 * 217 / 255;
  CHECK(std::abs(testing::sample(*half, 0, 30, 180) - want) <= 1.5);
}

TEST_CASE("there is always a picture: with an empty stock the last one again") {
  Stage s;
  s.cut_to("talk");
  VideoMixer mixer(s.show.canvas, 2);
  std::vector<FramePtr> held;
  for (int i = 0; i < 3; ++i) held.push_back(mixer.program(s.inputs()));
  CHECK(mixer.pool_exhausted() == 0);
  const FramePtr again = mixer.program(s.inputs());
  CHECK(again == held[2]);
  CHECK(mixer.pool_exhausted() == 1);
  held.clear();
  CHECK_FALSE(mixer.program(s.inputs()) == again);
}

TEST_CASE("a show without scenes is black, and odd live states do no harm") {
  Stage s;
  VideoMixer mixer(s.show.canvas, 2);
  s.live.program = "no such scene";
  s.live.transition = ActiveTransition{TransitionKind::Mix, "gone", s.now, ms(500)};
  CHECK(largest_difference(*mixer.program(s.inputs()), *testing::plain(480, 270, 0)) == 0);
  s.show.scenes.clear();
  CHECK(largest_difference(*mixer.program(s.inputs()), *testing::plain(480, 270, 0)) == 0);
}

TEST_CASE("a smaller canvas shows the same scene small, without overlays") {
  Stage s;
  s.cut_to("talk");
  s.wish(SetOverlay{"title", true});
  s.now = s.now + ms(300);
  Canvas small = s.show.canvas;
  small.width = 160;
  small.height = 90;
  VideoMixer large(s.show.canvas, 2), mixer(small, 2);
  const FramePtr out = mixer.program(s.inputs());
  REQUIRE(out->width() == 160);
  const FramePtr whole = large.scene(s.inputs(), s.show.scenes[2]);
  for (const auto& [x, y] : {std::pair{30, 60}, std::pair{150, 30}, std::pair{130, 72}})
    CHECK(std::abs(testing::sample(*out, 0, x, y) - testing::sample(*whole, 0, 3 * x, 3 * y)) <= 6);
}

TEST_CASE("higher z is nearer, equal ones in list order") {
  Stage s;
  VideoMixer mixer(s.show.canvas, 2);
  const Scene scene = Stage::scene(
      "z", {Stage::layer("remote", {0, 0, 480, 270}, 5),
            Stage::layer("slides", {0, 0, 480, 270}, 4), Stage::layer("cam", {0, 0, 480, 270}, 4)});
  CHECK(mixer.scene(s.inputs(), scene) == s.frames[2]);
  Scene equal = scene;
  equal.layers[0].z = 4;
  equal.layers[2].rect = {0, 0, 20, 20};
  CHECK_FALSE(mixer.scene(s.inputs(), equal) == s.frames[2]);
}

TEST_CASE("a thumbnail keeps the picture whole, with bars") {
  Stage s;
  FramePool pool(PixelFormat::I420, 160, 90, 1);
  const FramePtr small = make_thumbnail(*s.frames[0], pool);
  REQUIRE(small);
  CHECK(testing::sample(*small, 0, 4, 45) == 16);
  CHECK(testing::sample(*small, 0, 155, 45) == 16);
  CHECK(testing::sample(*small, 0, 80, 48) > 100);
  CHECK(small->info().captured == s.frames[0]->info().captured);
  CHECK_FALSE(make_thumbnail(*s.frames[0], pool));  // the stock is empty
}

}  // namespace
}  // namespace kakehashi
