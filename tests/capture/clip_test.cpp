// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/capture/rig.h"

#include <fstream>

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

// As mix.video: each tick takes its picture and holds it until the next one.
class Mixing {
 public:
  explicit Mixing(SourceRig& rig)
      : thread_([this, &rig] {
          FramePtr held;
          while (!stop_) {
            const PictureAt now = rig.video.at(rig.clock.now());
            if (now.fresh) ++fresh;
            if (!now.frame && fresh > 0) ++dark;
            held = now.frame;
            rig.clock.sleep_until(rig.clock.now() + Duration::milliseconds(33));
          }
        }) {}
  ~Mixing() {
    stop_ = true;
    thread_.join();
  }
  std::atomic<int> fresh{0}, dark{0};

 private:
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace

TEST_CASE("a clip loops without a gap in pictures and sound, in step with the program") {
  TempDir dir;
  SourceRig rig;
  rig.context.media_folder = dir.path();
  make_clip(dir, "short.mp4", 1.0);
  auto source = rig.open("clip", {{"file", "short.mp4"}});
  if (!source.ok()) MESSAGE(source.error().message);
  REQUIRE(source.ok());
  std::vector<FrameInfo> seen;
  double longest = 0, phase_least = 1e9, phase_most = -1e9;
  CHECK(in_good_time([&] {
    Heard heard;
    std::thread ear([&] { heard = listen(rig, rig.audio, 3.5); });
    seen = rig.watch(**source, 100);  // more than three rounds
    ear.join();
    REQUIRE(seen.size() == 100);
    longest = 0;
    for (std::size_t i = 1; i < seen.size(); ++i)
      longest = std::max(longest, (seen[i].captured - seen[i - 1].captured).to_milliseconds());
    // At most one picture short at the seam, never a hole. ffmpeg's sine has an amplitude of 1/8;
    // its phase jumps at the seams.
    return longest < 75 && heard.flowing > heard.blocks - 30 && heard.share(440, 0.11) > 0.85;
  }));
  CAPTURE(longest);
  const Rate rate = rig.context.canvas.rate;
  for (std::size_t i = 0; i < 25; ++i) {
    const Duration at = seen[i].captured - rig.context.epoch;
    const double before = (rate.time_of(rate.index_at(at) + 1) - at).to_milliseconds();
    phase_least = std::min(phase_least, before);
    phase_most = std::max(phase_most, before);
  }
  CHECK(phase_least > 3.9);  // each picture falls 4 ms before the tick that shows it
  CHECK(phase_most < 4.1);
  CHECK((*source)->format().find("320x180") != std::string::npos);
  source = Error{};  // closes; its last picture stands for two seconds
  CHECK(rig.video.newest(rig.clock.now()));
  CHECK_FALSE(rig.video.newest(rig.clock.now() + Duration::seconds(3)));
}

TEST_CASE("a clip that plays once rests on its last picture") {
  TempDir dir;
  SourceRig rig;
  make_clip(dir, "once.mp4", 0.5, false);
  auto source = rig.open("clip", {{"file", dir / "once.mp4"}, {"loop", false}});
  REQUIRE(source.ok());
  CHECK_FALSE((*source)->may_rest());
  CHECK(wait_until([&] {
    CHECK((*source)->poll().ok());
    return (*source)->may_rest();
  }));
  const MediaTime end = rig.clock.now();
  CHECK(wait_until([&] {  // still shown, three seconds later
    CHECK((*source)->poll().ok());
    (void)rig.video.at(rig.clock.now());
    return rig.clock.now() - end > Duration::seconds(3);
  }));
  CHECK(rig.video.at(rig.clock.now()).frame);
}

TEST_CASE("a clip plays from its cue-in to its cue-out, its loop too") {
  TempDir dir;
  SourceRig rig;
  make_clip(dir, "long.mp4", 4.0, false);
  const auto length_of = [&](const Settings& settings) {
    auto source = rig.open("clip", settings);
    REQUIRE_MESSAGE(source.ok(), (source.ok() ? "" : source.error().message));
    std::size_t pictures = 0;
    std::uint64_t last = 0;
    CHECK(wait_until([&] {
      CHECK((*source)->poll().ok());
      const auto at = rig.video.captured();
      pictures = at - last;
      return (*source)->may_rest();
    }));
    return pictures;
  };
  const auto before = rig.video.captured();
  length_of({{"file", dir / "long.mp4"}, {"loop", false}, {"in_s", 1.0}, {"out_s", 2.0}});
  const auto shown = rig.video.captured() - before;
  CHECK(shown >= 28);  // a second at 30, and at most one repeat of the last one
  CHECK(shown <= 33);
  auto wrong = rig.open("clip", {{"file", dir / "long.mp4"}, {"in_s", 2.0}, {"out_s", 1.0}});
  REQUIRE_FALSE(wrong.ok());
  CHECK(wrong.error().message.find("out_s") != std::string::npos);
}

TEST_CASE("no tick is dark while one clip of a list takes over from another") {
  TempDir dir;
  SourceRig rig;
  make_clip(dir, "a.mp4", 3.0, false);
  make_clip(dir, "b.mp4", 3.0, false);
  std::ofstream(dir / "clips.csv") << "a.mp4\nb.mp4\n";
  auto source = rig.open("clip", {{"file", dir / "clips.csv"}, {"loop", false}});
  REQUIRE_MESSAGE(source.ok(), (source.ok() ? "" : source.error().message));
  const auto pages = (*source)->pages();
  REQUIRE(pages);
  Mixing mix(rig);
  const auto polled = [&](auto done) {
    return wait_until([&] {
      CHECK((*source)->poll().ok());
      return done();
    });
  };
  CHECK(polled([&] { return mix.fresh > 2; }));
  for (const int page : {2, 1, 2, 1}) {
    pages->show_page(page);
    CHECK(polled([&] { return pages->page_status().page == page; }));
    const int before = mix.fresh;
    CHECK(polled([&] { return mix.fresh > before + 2; }));  // the new one's pictures
  }
  CHECK(mix.dark == 0);
}

TEST_CASE("of a list the clip that is called plays; the old one stays until it can") {
  TempDir dir;
  SourceRig rig;
  make_clip(dir, "a.mp4", 1.0, false);
  make_clip(dir, "b.mp4", 1.0, false);
  std::ofstream(dir / "clips.csv")
      << "ファイル,頭出し,終わり\na.mp4,0:00,0:00.5\nb.mp4\nmissing.mp4\n";
  auto source = rig.open("clip", {{"file", dir / "clips.csv"}, {"loop", false}});
  REQUIRE_MESSAGE(source.ok(), (source.ok() ? "" : source.error().message));
  const auto pages = (*source)->pages();
  REQUIRE(pages);
  const Mixing mix(rig);
  CHECK(pages->page_status().page == 1);
  CHECK(pages->page_status().pages == 3);
  const auto polled = [&](auto done) {
    return wait_until([&] {
      CHECK((*source)->poll().ok());
      return done();
    });
  };
  CHECK(polled([&] { return (*source)->may_rest(); }));  // it waits to be called
  CHECK(pages->page_status().page == 1);
  pages->show_page(2);
  CHECK(polled([&] { return pages->page_status().page == 2 && !(*source)->may_rest(); }));
  pages->show_page(3);
  CHECK(polled([&] { return !pages->page_status().advice.ja.empty(); }));
  CHECK(rig.video.newest(rig.clock.now()));  // b.mp4 is still there
  pages->show_page(1);
  CHECK(polled([&] { return pages->page_status().page == 1; }));
  CHECK(pages->page_status().advice.ja.empty());
  CHECK(mix.dark == 0);
}
