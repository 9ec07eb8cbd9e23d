// SPDX-License-Identifier: GPL-3.0-or-later
// Turning pages of a document that is a test's hand: slow, hanging, broken pages on purpose.
#include "capture/slide_show.h"

#include <doctest/doctest.h>

#include "capture/feed.h"
#include "capture/page_strip.h"
#include "tests/support/manual_clock.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

// Each page is one grey: page n has luma 20 + n. Shared by the books that one test opens.
struct Press {
  std::mutex mutex;
  std::condition_variable changed;
  int pages = 40;
  int offset = 20;
  int held = 0, broken = 0;  // this page hangs until released; this one cannot be painted
  bool unreadable = false;
  std::atomic<int> painted{0}, opened{0}, inside{0};

  void set(int& what, int value) {
    {
      const std::lock_guard lock(mutex);
      what = value;
    }
    changed.notify_all();
  }
};

class PressBook final : public PageBook {
 public:
  PressBook(std::shared_ptr<Press> press, int pages, int offset)
      : held_(std::move(press)), press_(*held_), pages_(pages), offset_(offset) {}
  int pages() const override { return pages_; }
  Result<PixelSheet> paint(int page, PictureSize box) override {
    std::unique_lock lock(press_.mutex);
    ++press_.inside;
    press_.changed.wait(lock, [&] { return press_.held != page; });
    --press_.inside;
    if (press_.broken == page) return Error{ErrorKind::Unsupported, "torn"};
    const PictureSize size = fitted_size(4, 3, box, true);
    PixelSheet sheet(size.width, size.height);
    // Grey whose luma is the number: code 16 + 219 g / 255, searched upwards.
    int grey = 0;
    while (16 + (219 * grey + 127) / 255 < offset_ + page) ++grey;
    std::fill(sheet.bytes.begin(), sheet.bytes.end(), static_cast<std::uint8_t>(grey));
    if (box.width > 300) ++press_.painted;
    return sheet;
  }

 private:
  const std::shared_ptr<Press> held_;  // a thread left behind may outlive its test
  Press& press_;
  int pages_, offset_;
};

struct Rig {
  const std::shared_ptr<Press> held = std::make_shared<Press>();
  Press& press = *held;
  ManualClock clock;
  FrameSync video{Duration{}};
  std::atomic<std::uint64_t> stamp{1};
  std::shared_ptr<SlideShow> show;

  Result<std::shared_ptr<SlideShow>> open(int first = 1) {
    SlideShowConfig c;
    c.input = "slides";
    c.name = "slides \"deck.pdf\"";
    c.canvas = {640, 360};
    c.first_page = first;
    c.open = [this]() -> Result<std::unique_ptr<PageBook>> {
      const std::lock_guard lock(press.mutex);
      if (press.unreadable) return Error{ErrorKind::Unsupported, "garbage"};
      ++press.opened;
      return std::unique_ptr<PageBook>(
          std::make_unique<PressBook>(held, press.pages, press.offset));
    };
    c.stamp = [this] { return stamp.load(); };
    c.video = &video;
    c.clock = &clock;
    return SlideShow::open(std::move(c));
  }
  void start(int first = 1) {
    auto opened = open(first);
    REQUIRE(opened.ok());
    show = *opened;
  }
  ~Rig() {
    press.set(press.held, 0);
    if (show) show->close();
  }

  // What the mixer sees at a tick now.
  FramePtr tick() { return video.at(clock.now()).frame; }
  int luma() {
    const FramePtr f = tick();
    return f ? f->plane(0).data[f->plane(0).stride * (f->height() / 2) + f->width() / 2] : -1;
  }
  bool shows(int page, int offset = 20) {
    return wait_until([&] { return luma() == offset + page; });
  }
  // Until all that will be turned to is there.
  bool warm(std::uint64_t pages) {
    return wait_until([&] { return show->figures().painted >= pages; });
  }
  void second(int polls = 10) {
    for (int i = 0; i < polls; ++i) {
      clock.advance(Duration::milliseconds(100));
      CHECK(show->poll().ok());
    }
  }
};

}  // namespace

TEST_CASE("the first page is there when the document is open, in its own shape") {
  Rig rig;
  rig.start(3);
  CHECK(rig.luma() == 23);
  const FramePtr frame = rig.tick();
  CHECK(frame->width() == 480);  // 4:3 in 640 x 360
  CHECK(frame->height() == 360);
  CHECK(frame->info().still);
  CHECK(frame->info().format == PixelFormat::I420);
  CHECK(rig.show->page_status().page == 3);
  CHECK(rig.show->page_status().pages == 40);
  CHECK(rig.show->format() == "480x360 I420");
}

TEST_CASE("a turn to the next page is on air at the next tick, without painting") {
  Rig rig;
  rig.start();
  REQUIRE(rig.warm(3));  // 1, 2, 3: there is no page before the first
  for (int page = 2; page <= 30; ++page) {
    CAPTURE(page);
    rig.clock.advance(Duration::milliseconds(33));
    const auto painted = rig.press.painted.load();
    const auto ready = rig.show->figures().turned_ready;
    rig.press.set(rig.press.held, page + 2);  // nothing more can be painted now
    rig.show->show_page(page);
    CHECK(rig.luma() == 20 + page);
    CHECK(rig.press.painted == painted);
    CHECK(rig.show->figures().turned_ready == ready + 1);
    rig.press.set(rig.press.held, 0);
    REQUIRE(rig.warm(static_cast<std::uint64_t>(page + 2)));
  }
  // And back, also without painting.
  rig.press.set(rig.press.held, 28);
  rig.show->show_page(29);
  CHECK(rig.luma() == 49);
  CHECK(rig.show->figures().turned_waited == 0);
}

TEST_CASE("a page that is not ready is painted first; the old one stays until then") {
  Rig rig;
  rig.start();
  REQUIRE(rig.warm(3));
  rig.press.set(rig.press.held, 20);
  rig.show->show_page(20);
  REQUIRE(wait_until([&] { return rig.press.inside == 1; }));
  rig.second(3);
  CHECK(rig.luma() == 21);
  CHECK(rig.show->page_status().page == 1);
  rig.press.set(rig.press.held, 0);
  CHECK(rig.shows(20));
  CHECK(rig.show->page_status().page == 20);
  CHECK(rig.show->figures().turned_waited == 1);
}

TEST_CASE("the page wanted last wins, and pages outside the document become its ends") {
  Rig rig;
  rig.start();
  for (const int page : {9, 31, 4, 17, 25}) rig.show->show_page(page);
  CHECK(rig.shows(25));
  rig.show->show_page(1000);
  CHECK(rig.shows(40));
  rig.show->show_page(-3);
  CHECK(rig.shows(1));
}

TEST_CASE("a page that stands keeps its sequence and never counts as lost") {
  Rig rig;
  rig.start();
  const std::uint64_t first = rig.tick()->info().sequence;
  const std::uint8_t* pixels = rig.tick()->plane(0).data;
  for (int i = 0; i < 5; ++i) {
    rig.second();
    const FramePtr frame = rig.tick();
    REQUIRE(frame);
    CHECK(frame->info().sequence == first);
    CHECK(frame->plane(0).data == pixels);
    CHECK(rig.clock.now() - frame->info().captured <= Duration::milliseconds(500));
  }
  REQUIRE(rig.warm(2));
  rig.show->show_page(2);
  const std::uint64_t second = rig.tick()->info().sequence;
  CHECK(second > first);
  rig.clock.advance(Duration::milliseconds(33));
  rig.show->show_page(1);
  CHECK(rig.tick()->info().sequence > second);
}

TEST_CASE("a page that hangs is given up, the show goes on and says so") {
  Rig rig;
  rig.start();
  REQUIRE(rig.warm(3));
  rig.press.set(rig.press.held, 10);
  rig.show->show_page(10);
  REQUIRE(wait_until([&] { return rig.press.inside == 1; }));
  rig.second(110);  // 11 s
  CHECK(rig.luma() == 21);
  CHECK(rig.show->figures().given_up == 1);
  CHECK(rig.show->page_status().advice.ja.find("10ページ") != std::string::npos);
  rig.show->show_page(11);
  CHECK(rig.shows(11));
  CHECK(rig.show->page_status().advice.ja.empty());
  rig.show->show_page(10);  // not tried again
  rig.second();
  CHECK(rig.luma() == 31);
  CHECK_FALSE(rig.show->page_status().advice.en.empty());
  CHECK(rig.press.opened == 2);
}

TEST_CASE("a page that cannot be painted leaves the old one") {
  Rig rig;
  rig.press.broken = 5;
  rig.start(4);
  rig.show->show_page(5);
  CHECK(wait_until([&] { return !rig.show->page_status().advice.ja.empty(); }));
  CHECK(rig.luma() == 24);
  CHECK(rig.show->page_status().page == 4);
  rig.show->show_page(6);
  CHECK(rig.shows(6));
}

TEST_CASE("a document saved anew is shown when it can be read, the former one until then") {
  Rig rig;
  rig.start(7);
  REQUIRE(rig.warm(4));
  {
    const std::lock_guard lock(rig.press.mutex);
    rig.press.unreadable = true;
  }
  rig.stamp = 2;  // being written
  rig.second(25);
  CHECK(wait_until([&] { return !rig.show->page_status().advice.ja.empty(); }));
  CHECK(rig.luma() == 27);
  REQUIRE(rig.warm(4));
  rig.show->show_page(8);  // still turns
  CHECK(rig.shows(8));
  {
    const std::lock_guard lock(rig.press.mutex);
    rig.press.unreadable = false;
    rig.press.offset = 100;
    rig.press.pages = 6;
  }
  rig.stamp = 3;
  rig.second(25);
  CHECK(rig.shows(6, 100));  // it has fewer pages now
  CHECK(rig.show->page_status().pages == 6);
  CHECK(rig.show->page_status().advice.ja.empty());
  rig.stamp = 0;  // deleted
  rig.second(30);
  CHECK(rig.luma() == 106);
}

TEST_CASE("the strip shows the pages around, whatever is turned to") {
  Rig rig;
  rig.start();
  const auto cell = [&](const FramePtr& strip, int i) {
    return static_cast<int>(
        strip->plane(0).data[strip->plane(0).stride * 72 + i * Feed::kStripPageWidth + 128]);
  };
  const auto strip_is = [&](std::vector<int> wanted) {
    return wait_until([&] {
      const FramePtr strip = rig.show->page_strip();
      if (!strip) return false;
      for (int i = 0; i < Feed::kStripPages; ++i)
        if (cell(strip, i) != (wanted[static_cast<std::size_t>(i)] > 0
                                   ? 20 + wanted[static_cast<std::size_t>(i)]
                                   : 42))
          return false;
      return true;
    });
  };
  CHECK(strip_is({0, 0, 1, 2, 3}));
  const FramePtr strip = rig.show->page_strip();
  CHECK(strip->width() == 1280);
  CHECK(strip->height() == 144);
  CHECK(rig.show->page_strip() == strip);  // not made again while nothing changes
  rig.show->show_page(18);
  CHECK(strip_is({16, 17, 18, 19, 20}));
  rig.show->show_page(40);
  CHECK(strip_is({38, 39, 40, 0, 0}));
}

TEST_CASE("what cannot be opened says why, and closing is safe at any time") {
  Rig rig;
  rig.press.unreadable = true;
  const auto refused = rig.open();
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message == "slides \"deck.pdf\": garbage");
  rig.press.unreadable = false;
  rig.start();
  const auto held = rig.show;
  rig.show->close();
  held->show_page(5);  // a desk that is late
  CHECK_FALSE(held->page_strip());
  rig.clock.advance(Duration::seconds(3));
  CHECK(held->poll().ok());
  CHECK_FALSE(rig.tick());
}

TEST_CASE("jumping about from several threads") {
  Rig rig;
  rig.start();
  std::vector<std::thread> desks;
  for (int seed = 1; seed <= 3; ++seed)
    desks.emplace_back([&, seed] {
      std::uint32_t r = static_cast<std::uint32_t>(seed) * 7919;
      for (int i = 0; i < 400; ++i) {
        r = r * 1664525 + 1013904223;
        rig.show->show_page(static_cast<int>((r >> 16) % 42));
        (void)rig.show->page_strip();
        (void)rig.show->page_status();
      }
    });
  for (auto& d : desks) d.join();
  rig.show->show_page(33);
  CHECK(rig.shows(33));
  const auto f = rig.show->figures();
  CHECK(f.turned_ready + f.turned_waited == 1201);
}

TEST_CASE("the cache keeps what is near and asks for what is next") {
  PageCache cache(4, 6);
  cache.reset(9);
  const auto paper = program_still(PixelSheet(4, 4));
  std::vector<int> order;
  while (const auto job = cache.next(5, -1)) {
    CHECK_FALSE(job->thumb);
    order.push_back(job->page);
    cache.put_page(job->page, paper, 5);
  }
  CHECK(order == std::vector<int>{5, 6, 4, 7});
  cache.put_page(8, paper, 6);  // turned to 6: 4 and 8 are equally far, the earlier goes
  CHECK_FALSE(cache.page(4));
  CHECK(cache.page(5));
  CHECK(cache.page(8));
  std::vector<int> small;
  while (const auto job = cache.next(6, 2)) {
    REQUIRE(job->thumb);
    small.push_back(job->page);
    cache.put_thumb(job->page, paper, 6);
  }
  CHECK(small == std::vector<int>{6, 7, 5, 8, 4});
  cache.reset(9);
  cache.set_bad(2);
  CHECK(cache.next(2, -1)->page == 3);
}

TEST_CASE("shrinking takes the mean of each area, at odd sizes too") {
  for (const auto& [w, h, to_w, to_h] : std::vector<std::array<int, 4>>{
           {7, 5, 3, 2}, {301, 17, 40, 4}, {64, 64, 8, 8}, {9, 9, 9, 9}}) {
    PixelSheet sheet(w, h);
    std::uint32_t r = 17;
    for (auto& b : sheet.bytes) b = static_cast<std::uint8_t>((r = r * 1664525 + 1013904223) >> 24);
    const PixelSheet small = shrunk(sheet, {to_w, to_h});
    for (int y = 0; y < to_h; ++y)
      for (int x = 0; x < to_w; ++x)
        for (int c = 0; c < 3; ++c) {
          double sum = 0, area = 0;
          for (int j = 0; j < h; ++j)
            for (int i = 0; i < w; ++i) {
              const double dx = std::min<double>(i + 1, double(x + 1) * w / to_w) -
                                std::max<double>(i, double(x) * w / to_w);
              const double dy = std::min<double>(j + 1, double(y + 1) * h / to_h) -
                                std::max<double>(j, double(y) * h / to_h);
              if (dx <= 0 || dy <= 0) continue;
              sum += dx * dy * sheet.line(j)[i * 4 + c];
              area += dx * dy;
            }
          CHECK(std::abs(small.line(y)[x * 4 + c] - sum / area) < 1.2);
        }
  }
}
