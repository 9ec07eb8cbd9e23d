// SPDX-License-Identifier: GPL-3.0-or-later
// Program, Clean, Venue and Aux: what each shows, and what it costs.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/mixer/stage.h"

namespace kakehashi {
namespace {

using testing::largest_difference;
using testing::sample;
using testing::Stage;
constexpr Duration ms(std::int64_t v) { return Duration::milliseconds(v); }
constexpr BusSet kAll = 0xF;

struct Rig {
  Stage s;
  VideoMixer mixer{s.show.canvas, 16};
  BusPictures buses(BusSet wanted = kAll) { return mixer.buses(s.inputs(), wanted); }
  FramePtr scene(const char* id) { return mixer.scene(s.inputs(), *find_by_id(s.show.scenes, id)); }
  void title_on() {
    s.wish(SetOverlay{"title", true});
    s.now = s.now + ms(300);
  }
};

TEST_CASE("buses that show the same are the same picture, drawn once") {
  Rig r;
  r.s.cut_to("talk");
  const BusPictures all = r.buses();
  for (std::size_t i = 1; i < kBuses; ++i) CHECK(all.frame[i] == all.frame[0]);
  const FramePtr next = r.mixer.program(r.s.inputs());
  CHECK(next->info().sequence == all[Bus::Program]->info().sequence + 1);
}

TEST_CASE("a bus nobody wants is not drawn") {
  Rig r;
  r.s.wish(SetBusScene{Bus::Venue, "slides"});
  r.s.cut_to("talk");
  const BusPictures some = r.buses(bus_bit(Bus::Program));
  CHECK(some[Bus::Program]);
  CHECK_FALSE(some[Bus::Clean]);
  CHECK_FALSE(some[Bus::Venue]);
  CHECK_FALSE(some[Bus::Aux]);
  const FramePtr next = r.mixer.program(r.s.inputs());
  CHECK(next->info().sequence == some[Bus::Program]->info().sequence + 1);
  CHECK(r.buses(bus_bit(Bus::Venue))[Bus::Venue]);
}

TEST_CASE("clean is program without what lies over it") {
  Rig r;
  r.title_on();
  for (const char* scene : {"remote", "talk"}) {
    r.s.cut_to(scene);
    const BusPictures all = r.buses();
    CHECK(largest_difference(*all[Bus::Clean], *r.scene(scene)) == 0);
    CHECK(sample(*all[Bus::Program], 0, 30, 180) != sample(*all[Bus::Clean], 0, 30, 180));
    CHECK(largest_difference(*all[Bus::Program], *r.mixer.program(r.s.inputs())) == 0);
    CHECK(all[Bus::Venue] == all[Bus::Program]);
    CHECK(all[Bus::Program]->info().captured == all[Bus::Clean]->info().captured);
  }
  r.s.show.aux_bus.overlays = false;
  const BusPictures all = r.buses();
  CHECK(all[Bus::Aux] == all[Bus::Clean]);
  r.s.wish(SetOverlay{"title", false});
  r.s.now = r.s.now + ms(300);
  const BusPictures without = r.buses();  // nothing is over it any more
  CHECK(without[Bus::Clean] == without[Bus::Program]);
}

TEST_CASE("the hall can see another scene, and goes back to program") {
  Rig r;
  r.s.cut_to("talk");
  r.s.wish(SetBusScene{Bus::Venue, "slides"});
  BusPictures all = r.buses();
  CHECK(largest_difference(*all[Bus::Venue], *r.scene("slides")) == 0);
  CHECK(all[Bus::Aux] == all[Bus::Program]);
  r.s.mix_to("remote");  // its own scene does not take part
  r.s.now = r.s.now + ms(200);
  all = r.buses();
  CHECK(largest_difference(*all[Bus::Venue], *r.scene("slides")) == 0);
  CHECK(all[Bus::Aux] == all[Bus::Program]);
  r.s.wish(SetBusScene{Bus::Venue, ""});
  all = r.buses();
  CHECK(all[Bus::Venue] == all[Bus::Program]);
  r.s.wish(SetBusScene{Bus::Venue, "remote"});
  r.s.now = r.s.now + ms(500);
  all = r.buses();
  CHECK(all[Bus::Venue] == all[Bus::Program]);  // by another way the same scene
  CHECK_FALSE(apply(r.s.show, r.s.live, SetBusScene{Bus::Venue, "x9"}, r.s.now).ok());
  CHECK_FALSE(apply(r.s.show, r.s.live, SetBusScene{Bus::Clean, "talk"}, r.s.now).ok());
}

TEST_CASE("the web meeting never gets back its own picture, not even on the way") {
  Rig r;
  find_by_id(r.s.show.scenes, "remote")->aux = "slides";
  BusPictures all = r.buses();
  CHECK(all[Bus::Program] == r.s.frames[2]);
  CHECK(largest_difference(*all[Bus::Aux], *r.scene("slides")) == 0);
  r.s.mix_to("slides");  // the same picture there before and after: no transition at all
  r.s.now = r.s.now + ms(200);
  CHECK(largest_difference(*r.buses()[Bus::Aux], *r.scene("slides")) == 0);
  r.s.now = r.s.now + ms(500);
  r.s.mix_to("talk");
  r.s.now = r.s.now + ms(600);
  r.s.mix_to("remote");
  const MediaTime start = r.s.now;
  r.s.now = start + ms(250);
  all = r.buses();
  const int talk = sample(*r.scene("talk"), 0, 396, 220),
            slide = sample(*r.scene("slides"), 0, 396, 220);
  CHECK(std::abs(sample(*all[Bus::Aux], 0, 396, 220) - (talk + slide) / 2.0) <= 1.5);
  r.s.wish(SetBusScene{Bus::Aux, "break"});
  CHECK(largest_difference(*r.buses()[Bus::Aux], *r.s.painted.cards["pause"]) == 0);
}

TEST_CASE("overlays stand where the bus's own scene has their place") {
  Rig r;
  const auto at = [&](int x, int y) {
    auto image = std::make_shared<OverlayImage>(*r.s.painted.overlays["title"][0].image);
    image->rect.x = x;
    image->rect.y = y;
    return image;
  };
  find_by_id(r.s.show.scenes, "talk")->layout = "a";
  find_by_id(r.s.show.scenes, "slides")->layout = "b";
  r.s.painted.overlays["title"] = {{"a", at(24, 170)}, {"b", at(24, 20)}, {"c", nullptr}};
  r.title_on();
  r.s.cut_to("talk");
  r.s.wish(SetBusScene{Bus::Venue, "slides"});
  const FramePtr slides = r.scene("slides");
  FramePtr venue = r.buses()[Bus::Venue];
  CHECK(sample(*venue, 0, 30, 30) != sample(*slides, 0, 30, 30));
  CHECK(sample(*venue, 0, 30, 180) == sample(*slides, 0, 30, 180));
  r.s.show.venue_bus.overlays = false;
  venue = r.buses()[Bus::Venue];
  CHECK(largest_difference(*venue, *slides) == 0);
  find_by_id(r.s.show.scenes, "slides")->layout = "c";  // no place for it there
  r.s.show.venue_bus.overlays = true;
  CHECK(largest_difference(*r.buses()[Bus::Venue], *slides) == 0);

  // Between two layouts the one title gives way to the other.
  find_by_id(r.s.show.scenes, "slides")->layout = "b";
  r.s.wish(SetBusScene{Bus::Venue, ""});
  r.s.mix_to("slides");
  const MediaTime start = r.s.now;
  const auto share = [&](int x, int y) {  // of the title at this place
    const BusPictures both = r.buses();
    const FramePtr clean = both[Bus::Clean], program = both[Bus::Program];
    const double base = sample(*clean, 0, x, y);
    return (sample(*program, 0, x, y) - base) / ((40 - base) * 217 / 255);
  };
  r.s.now = start + ms(125);
  CHECK(share(200, 30) == doctest::Approx(0.25).epsilon(0.1));
  CHECK(share(30, 180) == doctest::Approx(0.75).epsilon(0.1));
}

TEST_CASE("of two overlays in one place the later one has it, and gives it back") {
  Rig r;
  Overlay other = r.s.show.overlays[0];
  other.id = "other";
  other.hold = Duration{};
  r.s.show.overlays[0].hold = Duration{};
  r.s.show.overlays.push_back(other);
  Overlay aside = other;
  aside.id = "aside";
  r.s.show.overlays.push_back(aside);
  auto bright = std::make_shared<OverlayImage>(*r.s.painted.overlays["title"][0].image);
  std::fill(bright->y.begin(), bright->y.end(), std::uint8_t{200});
  auto elsewhere = std::make_shared<OverlayImage>(*bright);
  elsewhere->rect.y = 20;
  r.s.painted.overlays["other"] = {{"", bright}};
  r.s.painted.overlays["aside"] = {{"", elsewhere}};
  r.s.live = initial_state(r.s.show);
  const auto on = [&](const char* id, bool wish) {
    r.s.wish(SetOverlay{id, wish});
    r.s.now = r.s.now + ms(1000);
    return r.mixer.program(r.s.inputs());
  };
  const FramePtr first = on("title", true);
  const FramePtr second = on("other", true);
  CHECK(sample(*second, 0, 40, 190) > sample(*first, 0, 40, 190) + 50);
  on("title", false);
  const FramePtr alone = r.mixer.program(r.s.inputs());
  CHECK(largest_difference(*second, *alone) == 0);  // nothing of the first was left
  on("other", false);
  CHECK(largest_difference(*on("title", true), *first) == 0);
  on("other", true);
  CHECK(largest_difference(*on("other", false), *first) == 0);
  // Half way in, the first has gone half way out: both together are never read.
  r.s.wish(SetOverlay{"other", true});
  r.s.now = r.s.now + ms(125);
  const FramePtr half = r.mixer.program(r.s.inputs());
  CHECK(sample(*half, 0, 40, 190) > sample(*first, 0, 40, 190));
  CHECK(sample(*half, 0, 40, 190) < sample(*second, 0, 40, 190));
  r.s.now = r.s.now + ms(1000);
  const FramePtr both = on("aside", true);  // another place disturbs nobody
  CHECK(sample(*both, 0, 40, 190) == sample(*second, 0, 40, 190));
}

TEST_CASE("the emergency card covers every bus") {
  Rig r;
  r.s.wish(SetBusScene{Bus::Venue, "slides"});
  r.s.wish(SetBusScene{Bus::Aux, "talk"});
  r.s.wish(EmergencyOn{});
  const BusPictures all = r.buses();
  CHECK(largest_difference(*all[Bus::Program], *r.s.painted.emergency) == 0);
  for (std::size_t i = 1; i < kBuses; ++i) CHECK(all.frame[i] == all.frame[0]);
  std::vector<FramePtr> held;
  while (r.mixer.pool_exhausted() == 0) held.push_back(r.mixer.program(r.s.inputs()));
  CHECK(held.back() == r.s.painted.emergency);  // also when no memory is left to draw it
}

TEST_CASE("with an empty stock each bus repeats its own picture, never another's") {
  Rig r;
  VideoMixer small(r.s.show.canvas, 3);
  r.s.cut_to("talk");
  r.s.wish(SetBusScene{Bus::Venue, "slides"});
  const BusPictures first = small.buses(r.s.inputs(), kAll);
  std::vector<FramePtr> held;
  while (small.pool_exhausted() == 0) held.push_back(small.program(r.s.inputs()));
  held.pop_back();
  const BusPictures again = small.buses(r.s.inputs(), kAll);
  CHECK(again[Bus::Venue] == first[Bus::Venue]);
  CHECK(largest_difference(*again[Bus::Program], *first[Bus::Program]) == 0);
}

TEST_CASE("a page of moving letters is on from its moment, on cards too") {
  Rig r;
  const auto page = [&](std::int64_t at_ms, int luma, const char* layout = "") {
    auto image = std::make_shared<OverlayImage>(*r.s.painted.overlays["title"][0].image);
    image->y.assign(image->y.size(), static_cast<std::uint8_t>(luma));
    image->alpha.assign(image->alpha.size(), 255);
    return MovingLetters::Page{r.s.now + ms(at_ms), {{layout, image}}};
  };
  MovingLetters moving;
  moving.pages["title"] = {page(1000, 60), page(2000, 90),
                           MovingLetters::Page{r.s.now + ms(3000), {}}};
  moving.pages["card.pause"] = {page(0, 70), page(1000, 110)};
  moving.pages["card.other"] = {page(0, 200)};
  r.title_on();
  const MediaTime start = r.s.now - ms(300);
  const auto luma = [&](std::int64_t at_ms) {
    MixInputs in = r.s.inputs();
    in.moving = &moving;
    in.time = start + ms(at_ms);
    return static_cast<int>(sample(*r.mixer.program(in), 0, 30, 180));
  };
  const int clean = sample(*r.s.frames[2], 0, 30, 180);
  CHECK(luma(999) == clean);
  CHECK(luma(1000) == 60);
  CHECK(luma(1999) == 60);
  CHECK(luma(2000) == 90);
  CHECK(luma(3000) == clean);
  r.s.cut_to("break");
  CHECK(luma(500) == 70);
  CHECK(luma(2500) == 110);  // the card's, not the title's
  r.s.show.emergency_card = "pause";
  r.s.wish(EmergencyOn{});
  CHECK(luma(1500) == 110);
  r.s.wish(EmergencyOff{});
  r.s.mix_to("remote");  // what moves on the card goes with it
  const MediaTime mix = r.s.now;
  const double half = luma((mix - start).ns / 1'000'000 + 250);
  CHECK(std::abs(half - (70 + clean) / 2.0) <= 1.5);
}

}  // namespace
}  // namespace kakehashi
