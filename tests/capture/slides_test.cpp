// SPDX-License-Identifier: GPL-3.0-or-later
// PDF slides with the real painter: shapes, colours, faults, and how long a page takes.
#include <filesystem>

#include "capture/input_feed.h"
#include "capture/pdf_book.h"
#include "capture/slide_show.h"
#include "tests/capture/pdf.h"
#include "tests/capture/rig.h"
#include "tests/mixer/frames.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

// Largest difference between a page's corner field and the reference arithmetic.
int off_colour(const VideoFrame& frame, std::uint32_t rgb) {
  const auto wanted = codes(hex(rgb), ColorMatrix::Bt709, ColorRange::Limited);
  int most = 0;
  for (const double y : {0.80, 0.9, 0.97})
    for (const double x : {0.80, 0.9, 0.97}) {
      const int px = static_cast<int>(frame.width() * x), py = static_cast<int>(frame.height() * y);
      for (int plane = 0; plane < 3; ++plane) {
        const int half = plane ? 2 : 1;
        most = std::max(most, std::abs(sample(frame, plane, px / half, py / half) -
                                       code8(wanted[static_cast<std::size_t>(plane)])));
      }
    }
  return most;
}

Error refusal(SourceRig& rig, const std::string& file) {
  auto opened = rig.open("slides", {{"file", file}});
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().message.find(file) != std::string::npos);
  return opened.error();
}

}  // namespace

TEST_CASE("pages have their own shape and exact colours") {
  TempDir dir;
  write_deck(dir / "wide.pdf", 3, 960, 540);
  write_deck(dir / "old.pdf", 3, 720, 540);
  write_deck(dir / "paper.pdf", 3, 595, 842);
  SourceRig rig({1280, 720, {30, 1}});
  rig.context.media_folder = dir.path();
  const std::vector<std::pair<std::string, PictureSize>> decks{
      {"wide.pdf", {1280, 720}}, {"old.pdf", {960, 720}}, {"paper.pdf", {508, 720}}};
  for (const auto& deck : decks) {
    CAPTURE(deck.first);
    auto source = rig.open("slides", {{"file", deck.first}, {"page", std::int64_t{2}}});
    REQUIRE(source.ok());
    const FramePtr frame = rig.video.newest(rig.clock.now());
    REQUIRE(frame);
    CHECK(frame->width() == deck.second.width);
    CHECK(frame->height() == deck.second.height);
    CHECK(off_colour(*frame, deck_colour(2)) <= 2);
    CHECK(sample(*frame, 0, frame->width() / 2, 3) == 235);  // paper
    int darkest = 255;
    for (int x = 0; x < frame->width() / 2; ++x)
      darkest = std::min<int>(darkest, sample(*frame, 0, x, frame->height() / 9));
    CHECK(darkest < 80);  // the title's letters
    CHECK((*source)->may_rest());
  }
}

TEST_CASE("turning a deck of forty pages through its feed") {
  TempDir dir;
  write_deck(dir / "deck.pdf", 40, 960, 540);
  SourceRig rig;
  FeedConfig c;
  c.input.id = "slides";
  c.spec = SourceSpec{"slides", {{"file", dir / "deck.pdf"}}};
  c.canvas = {640, 360, {30, 1}};
  c.epoch = rig.clock.now();
  c.clock = &rig.clock;
  InputFeed feed(c);
  const auto shows = [&](int page) {
    return wait_until([&] {
      const FramePtr f = feed.video().at(rig.clock.now()).frame;
      return f && off_colour(*f, deck_colour(page)) <= 2;
    });
  };
  REQUIRE(shows(1));
  CHECK(wait_until([&] { return feed.status(rig.clock.now()).signal == SignalState::Live; }));
  CHECK(feed.status(rig.clock.now()).pages == 40);
  CHECK(feed.status(rig.clock.now()).format == "640x360 I420");
  std::uint32_t r = 5;
  for (int i = 0; i < 12; ++i) {
    r = r * 1664525 + 1013904223;
    const int page = 1 + static_cast<int>((r >> 16) % 40);
    CAPTURE(page);
    feed.show_page(page);
    CHECK(shows(page));
    CHECK(feed.status(rig.clock.now()).page == page);
  }
  feed.show_page(20);
  REQUIRE(shows(20));
  // The strip: each page's corner field, in its cell of 256 x 144 (page 248 x 140).
  CHECK(wait_until([&] {
    const FramePtr strip = feed.page_strip();
    if (!strip) return false;
    for (int i = 0; i < Feed::kStripPages; ++i) {
      const auto wanted = codes(hex(deck_colour(18 + i)), ColorMatrix::Bt709, ColorRange::Limited);
      if (std::abs(sample(*strip, 0, i * 256 + 220, 124) - code8(wanted[0])) > 2) return false;
      if (std::abs(sample(*strip, 1, i * 128 + 110, 62) - code8(wanted[1])) > 2) return false;
    }
    return true;
  }));
}

TEST_CASE("the next page is painted before it is wanted") {
  TempDir dir;
  write_deck(dir / "deck.pdf", 40, 960, 540);
  SourceRig rig({1920, 1080, {30, 1}});
  SlideShowConfig c;
  c.input = "slides";
  c.name = "deck";
  c.canvas = {1920, 1080};
  c.open = [&] { return open_pdf(dir / "deck.pdf"); };
  c.stamp = [] { return 1; };
  c.video = &rig.video;
  c.clock = &rig.clock;
  auto opened = SlideShow::open(c);
  REQUIRE(opened.ok());
  SlideShow& show = **opened;
  for (int page = 2; page <= 12; ++page) {
    REQUIRE(wait_until([&] { return show.figures().painted >= static_cast<std::uint64_t>(page); }));
    const MediaTime pressed = rig.clock.now();
    show.show_page(page);
    const FramePtr frame = rig.video.newest(rig.clock.now());
    const Duration took = rig.clock.now() - pressed;
    REQUIRE(frame);
    CHECK(off_colour(*frame, deck_colour(page)) <= 2);
    CHECK(took < Duration::milliseconds(33));
  }
  CHECK(show.figures().turned_ready == 11);
  CHECK(show.figures().turned_waited == 0);
  MESSAGE("1080p page painted in " << show.figures().paint_p50.to_milliseconds() << " ms (p95 "
                                   << show.figures().paint_p95.to_milliseconds() << " ms)");
  show.close();
}

TEST_CASE("documents that cannot be shown say why") {
  TempDir dir;
  SourceRig rig;
  rig.context.media_folder = dir.path();
  std::ofstream(dir / "empty.pdf") << "";
  std::ofstream(dir / "garbage.pdf") << "%PDF-1.7\n" << std::string(4000, 'x');
  write_objects(dir / "nothing.pdf",
                {"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 0>>"}, "");
  const std::string key(64, '5');
  write_objects(dir / "locked.pdf",
                {"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                 "<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>",
                 "<</Filter/Standard/V 1/R 2/Length 40/P -4/O<" + key + ">/U<" + key + ">>>"},
                "/Encrypt 4 0 R/ID[<01020304><01020304>]");
  CHECK(refusal(rig, "missing.pdf").kind == ErrorKind::NotFound);
  CHECK(refusal(rig, "empty.pdf").kind == ErrorKind::Unsupported);
  CHECK(refusal(rig, "garbage.pdf").kind == ErrorKind::Unsupported);
  CHECK(refusal(rig, "nothing.pdf").kind == ErrorKind::Unsupported);
  CHECK(refusal(rig, "locked.pdf").kind == ErrorKind::FixInput);
  // Cut off in the middle: poppler mends the table; it is shown or refused, it does not crash.
  write_deck(dir / "whole.pdf", 5, 960, 540);
  std::filesystem::resize_file(dir / "whole.pdf",
                               std::filesystem::file_size(dir / "whole.pdf") / 2);
  (void)rig.open("slides", {{"file", "whole.pdf"}});
}

TEST_CASE("a page of any size on paper becomes a page of the canvas") {
  TempDir dir;
  SourceRig rig;
  rig.context.media_folder = dir.path();
  for (const std::string box : {"0 0 14400 8100", "0 0 2 1", "0 0 100000 1", "-50 -50 50 50"}) {
    CAPTURE(box);
    write_objects(dir / "size.pdf",
                  {"<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
                   "<</Type/Page/Parent 2 0 R/MediaBox[" + box + "]>>"},
                  "");
    auto source = rig.open("slides", {{"file", "size.pdf"}});
    REQUIRE(source.ok());
    const FramePtr frame = rig.video.newest(rig.clock.now());
    REQUIRE(frame);
    CHECK(frame->width() <= 640);
    CHECK(frame->height() <= 360);
    CHECK((frame->width() == 640 || frame->height() == 360));
  }
}

TEST_CASE("two decks are painted at the same time") {
  TempDir dir;
  write_deck(dir / "a.pdf", 30, 960, 540);
  write_deck(dir / "b.pdf", 30, 720, 540);
  std::vector<std::thread> readers;
  std::atomic<int> good{0};
  for (const std::string name : {"a.pdf", "b.pdf"})
    readers.emplace_back([&, name] {
      auto book = open_pdf(dir / name);
      if (!book) return;
      for (int page = 1; page <= 30; ++page) {
        const auto sheet = (*book)->paint(page, {480, 270});
        if (sheet && off_colour(*program_still(*sheet), deck_colour(page)) <= 2) ++good;
      }
    });
  for (auto& r : readers) r.join();
  CHECK(good == 60);
}
