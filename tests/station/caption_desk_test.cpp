// SPDX-License-Identifier: GPL-3.0-or-later
// Captions of a show, from commands and feeds to the pages the mixer gets, under a clock in the
// hand.
#include "station/caption_desk.h"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/support/manual_clock.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

Show lecture() {
  Show show;
  show.id = "lecture";
  Overlay caption;
  caption.id = "o_caption";
  caption.kind = "caption";
  caption.settings["prepared"] =
      std::string("式辞を申し上げます。\n\n本日は、お集まりいただきありがとうございます。\n");
  show.overlays = {caption};
  for (const char* layout : {"full", "slide_speaker_sign"}) {
    Scene scene;
    scene.id = std::string("s_") + layout;
    scene.layout = layout;
    show.scenes.push_back(scene);
  }
  return show;
}

struct Rig {
  ManualClock clock;
  TempDir dir;
  CaptionDesk desk{clock, dir.path()};
  std::vector<std::string> painted;
  std::unique_ptr<PageSource> pages =
      desk.pages([this](const Overlay& o, const Show&, const std::string& words) {
        painted.push_back(std::to_string(o.rect.w) + ": " + words);
        return Result<std::shared_ptr<const OverlayImage>>(std::make_shared<OverlayImage>());
      });
  Moment moment;

  explicit Rig(const Show& show = lecture()) { use(show); }
  void use(const Show& show) {
    auto stage = std::make_shared<Stage>();
    stage->show = std::make_shared<const Show>(show);
    moment.stage = stage;
    moment.live.overlays.clear();
    for (const auto& o : show.overlays) moment.live.overlays.push_back({o.id, true});
    moment.live.program = show.scenes[0].id;
    desk.set_show(stage->show);
  }
  std::vector<MovingThing> things() {
    std::vector<MovingThing> out;
    pages->add(moment, {}, clock.now(), clock.now() + Duration::milliseconds(2500), out);
    return out;
  }
  CaptionStatus status() { return desk.status(moment.live.program, clock.now()).at(0); }
};

}  // namespace

TEST_CASE("prepared lines are shown one by one") {
  Rig rig;
  CHECK(rig.status().lines == 2);
  CHECK(rig.status().line == 0);
  CHECK(rig.status().next == "式辞を申し上げます。");
  REQUIRE(rig.desk.show_line("o_caption", 1).ok());
  CHECK(rig.status().shown == std::vector<std::string>{"式辞を申し上げます。"});
  CHECK(rig.status().line == 1);
  CHECK(rig.status().next == "本日は、お集まりいただきありがとうございます。");
  rig.clock.advance(Duration::seconds(60));
  REQUIRE(rig.desk.show_line("o_caption", 2).ok());
  CHECK(rig.status().shown.size() == 2);
  CHECK(rig.status().next.empty());
  REQUIRE(rig.desk.show_line("o_caption", 0).ok());
  CHECK(rig.status().shown.empty());
  CHECK(rig.status().line == 2);  // the next press begins after it
  CHECK_FALSE(rig.desk.show_line("o_caption", 3).ok());
  CHECK_FALSE(rig.desk.show_line("o_caption", -1).ok());
  CHECK_FALSE(rig.desk.show_line("nobody", 1).ok());
  CHECK_FALSE(rig.desk.add("nobody", "x").ok());
}

TEST_CASE("pages for the letter desk: broken for each band, known before they begin") {
  Rig rig;
  const std::string text =
      "本日は区民センターの講座「地域で支える子育て」にお越しいただき、まことにありがとうございます"
      "。"
      "後ろの席の方も、どうぞ前へお進みください。";
  REQUIRE(rig.desk.add("o_caption", text).ok());
  auto things = rig.things();
  REQUIRE(things.size() == 1);
  CHECK(things[0].key == "o_caption");
  REQUIRE(things[0].pages.size() >= 2);
  CHECK(things[0].pages[0].words.empty());
  CHECK(things[0].pages[1].from == rig.clock.now() + CaptionRoll::kLead);
  CHECK(things[0].places.size() >= 2);
  // Asked again a little later: the same pages.
  const auto first = things[0].pages;
  rig.clock.advance(Duration::milliseconds(15));
  CHECK(rig.things()[0].pages == first);
  rig.clock.advance(Duration::milliseconds(200));
  const auto later = rig.things();  // a moving thing's painter lives as long as it
  for (const auto& place : later[0].places)
    if (place.rect) CHECK(later[0].paint(later[0].pages[0].words, *place.rect).ok());
  int wide = 0, narrow = 0;
  for (const auto& words : rig.painted) {
    const auto lines = std::count(words.begin(), words.end(), '\n') + 1;
    if (words.find("1728: ") == 0) wide = static_cast<int>(lines);
    if (words.find("1200: ") == 0) narrow = static_cast<int>(lines);
  }
  CHECK(wide == 2);
  CHECK(narrow == 3);
  CHECK(rig.status().shown.size() == 2);
  rig.moment.live.program = "s_slide_speaker_sign";
  CHECK(rig.status().shown.size() == 3);
}

TEST_CASE("captions that are off are not painted, and go on when switched on") {
  Rig rig;
  rig.moment.live.overlays[0].on = false;
  rig.clock.advance(Duration::seconds(5));
  REQUIRE(rig.desk.add("o_caption", "聞こえていますか。").ok());
  rig.clock.advance(Duration::seconds(1));
  CHECK(rig.things().empty());
  rig.moment.live.overlays[0].on = true;
  REQUIRE(rig.things().size() == 1);
  CHECK(rig.things()[0].pages[0].words.find("聞こえていますか。") != std::string::npos);
  rig.clock.advance(Duration::seconds(60));
  CHECK(rig.things()[0].pages[0].words.empty());
}

TEST_CASE("another show keeps what is the same and closes what is not") {
  Show show = lecture();
  show.overlays[0].settings["feed"] = std::string("tcp:0");
  Rig rig(show);
  REQUIRE(wait_until([&] { return rig.desk.feed_port("o_caption") > 0; }));
  const int port = rig.desk.feed_port("o_caption");
  REQUIRE(rig.desk.show_line("o_caption", 1).ok());
  show.id = "second";
  rig.use(show);
  CHECK(rig.desk.feed_port("o_caption") == port);
  CHECK(rig.status().shown.size() == 1);
  show.overlays[0].settings["feed"] = std::string();
  rig.use(show);
  CHECK(rig.desk.feed_port("o_caption") == 0);
  CHECK(rig.status().shown.empty());
  show.overlays.clear();
  rig.use(show);
  CHECK(rig.desk.status("s_full", rig.clock.now()).empty());
  CHECK_FALSE(rig.desk.add("o_caption", "x").ok());
}

TEST_CASE("faults of the settings are told in words") {
  Show show = lecture();
  show.overlays[0].settings["feed"] = std::string("udp:9");
  Rig wrong(show);
  CHECK(wrong.status().reason.ja.find("字幕の入口") == 0);
  show.overlays[0].settings["feed"] = std::string();
  show.overlays[0].settings["file"] = std::string("ceremony.txt");
  Rig missing(show);
  CHECK(missing.status().reason.en.find("cannot be read") != std::string::npos);
  Rig rig;
  std::ofstream(rig.dir / "ceremony.txt") << "\xEF\xBB\xBF一枚目\r\n二枚目\r\n";
  rig.use(show);
  CHECK(rig.status().reason.ja.empty());
  CHECK(rig.status().lines == 4);
  REQUIRE(rig.desk.show_line("o_caption", 3).ok());
  CHECK(rig.status().shown == std::vector<std::string>{"一枚目"});
}
