// SPDX-License-Identifier: GPL-3.0-or-later
// The roads from program to packets: several at once, what happens when an encoder is too slow or
// fails, and that nothing waits for anything else.
#include "station/encode_road.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <thread>

#include "core/frame_pool.h"
#include "station/encode_roads.h"
#include "tests/station/basket.h"
#include "tests/support/manual_clock.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using kakehashi::testing::Basket;
using kakehashi::testing::BasketOutput;
using kakehashi::testing::ManualClock;
using kakehashi::testing::wait_until;

namespace {

const Canvas kCanvas{320, 180, {30, 1}};

// One output of a road, as long as it lives.
class Taker {
 public:
  explicit Taker(EncodeRoad& road, Basket& basket, bool practice = false) : road_(road) {
    row_.description.name = "basket";
    row_.live = false;
    row_.open = [&basket](const OutputOpen&) -> Result<std::unique_ptr<Output>> {
      return std::unique_ptr<Output>(std::make_unique<BasketOutput>(basket));
    };
    OutputConfig config;
    config.destination.id = "basket";
    config.stream = road.stream();
    config.want_keyframe = [this] { road_.want_keyframe(); };
    config.row = &row_;
    runner_ = std::make_shared<OutputRunner>(std::move(config));
    road.attach(runner_, practice);
    REQUIRE(wait_until([&] { return runner_->status({}).state == OutputState::Live; }));
  }
  ~Taker() {
    road_.detach(runner_.get());
    runner_->stop();
  }

 private:
  EncodeRoad& road_;
  OutputKind row_;
  std::shared_ptr<OutputRunner> runner_;
};

struct Source {
  ProgramPicture next(std::uint64_t cuts = 0) {
    auto builder = pool.acquire();
    REQUIRE(builder);
    for (int p = 0; p < 3; ++p)
      for (int y = 0; y < (p ? 90 : 180); ++y)
        for (int x = 0; x < (p ? 160 : 320); ++x)
          builder->plane(p)[y * builder->stride(p) + x] =
              static_cast<std::uint8_t>(p ? 128 : 40 + (x + y + number * 5) % 160);
    const std::int64_t n = number++;
    const Duration pts = kCanvas.rate.time_of(n);
    return {std::move(*builder).publish(), n, MediaTime{pts.ns}, pts, cuts};
  }
  FramePool pool{PixelFormat::I420, 320, 180, 40};
  std::int64_t number = 0;
};

// Takes as long as its preset says, on a clock moved by hand; says what it was told.
struct Pretended {
  struct Told {
    std::mutex mutex;
    std::vector<std::pair<int, int>> rates;
    std::vector<std::string> opened;
    std::vector<std::int64_t> keyframes;
  };
  ManualClock& clock;
  Told told{};
  std::map<std::string, int> picture_ms{};
  std::string fails{};  // this preset does
  std::atomic<bool> stuck{false};

  class Encoder final : public VideoEncoder {
   public:
    Encoder(Pretended& all, const EncodeSettings& settings, const Canvas& canvas)
        : all_(all),
          preset_(settings.preset),
          rate_(canvas.rate),
          headers_(1, settings.preset[0]) {}
    Result<PacketPtr> encode(const FramePtr&, std::int64_t number, Duration pts,
                             bool keyframe) override {
      while (all_.stuck) std::this_thread::yield();
      if (preset_ == all_.fails) return Error{ErrorKind::Bug, "the device is gone"};
      if (const int ms = all_.picture_ms[preset_]) all_.clock.advance(Duration::milliseconds(ms));
      auto packet = std::make_shared<EncodedPacket>();
      packet->keyframe = keyframe || !started_;
      started_ = true;
      packet->pts = pts;
      packet->data = headers_;
      if (packet->keyframe) {
        packet->headers = std::make_shared<const std::vector<std::uint8_t>>(
            repeated_ ? std::vector<std::uint8_t>{'!'} : headers_);
        const std::lock_guard lock(all_.told.mutex);
        all_.told.keyframes.push_back(number);
      }
      return PacketPtr(packet);
    }
    Rate rate() const override { return rate_; }
    void set_bitrate(int kbps, int vbv_ms) override {
      const std::lock_guard lock(all_.told.mutex);
      all_.told.rates.emplace_back(kbps, vbv_ms);
    }
    void set_captions(std::span<const std::uint8_t>) override {}
    bool carries_captions() const override { return false; }
    void repeat_headers() override { repeated_ = true; }
    int held_frames() const override { return 0; }
    const std::string& name() const override { return preset_; }
    const std::vector<std::uint8_t>& extradata() const override { return headers_; }

   private:
    Pretended& all_;
    const std::string preset_;
    const Rate rate_;
    const std::vector<std::uint8_t> headers_;
    bool started_ = false, repeated_ = false;
  };

  EncodeRoadOptions options(EncoderMaker maker = EncoderMaker::Software) {
    EncodeRoadOptions o;
    o.choose = [maker](const EncodeSettings& wish, const Canvas&, Duration) {
      EncoderChoice choice;
      choice.settings = wish;
      choice.settings.maker = maker;
      return choice;
    };
    o.open_video = [this](const EncodeSettings& s,
                          const Canvas& c) -> Result<std::unique_ptr<VideoEncoder>> {
      const std::lock_guard lock(told.mutex);
      told.opened.push_back(s.preset);
      return std::unique_ptr<VideoEncoder>(std::make_unique<Encoder>(*this, s, c));
    };
    return o;
  }
};

EncodeSettings preset(const char* name) {
  EncodeSettings s;
  s.preset = name;
  s.video_kbps = 1000;
  return s;
}

Show two_encodes() {
  Show show;
  show.canvas = kCanvas;
  show.encode = preset("superfast");
  NamedEncode light;
  light.id = "light";
  light.name = {"軽い配信", "Light"};
  light.settings = preset("superfast");
  light.settings.height = 90;
  light.settings.video_kbps = 300;
  show.encodes = {light};
  return show;
}

}  // namespace

TEST_CASE("a further encode is opened when it is needed, fed with the same pictures, and closed") {
  MonotonicClock clock;
  auto roads = EncodeRoads::open(two_encodes(), clock);
  REQUIRE(roads);
  CHECK((*roads)->status().size() == 1);
  CHECK_FALSE((*roads)->road("light"));
  CHECK_FALSE((*roads)->use("none"));
  {
    auto light = (*roads)->use("light");
    REQUIRE(light);
    CHECK((*roads)->use("light").value() == *light);
    CHECK(&*(*roads)->use("").value() == &(*roads)->main());
    CHECK((*light)->stream().width == 160);
    CHECK((*light)->stream().height == 90);
    const auto further = (*roads)->further().load();
    REQUIRE(further->pictures.size() == 1);
    REQUIRE(further->sound.size() == 1);
    Basket large, small;
    Taker large_taker((*roads)->main(), large), small_taker(**light, small);
    Source source;
    for (int n = 0; n < 60; ++n) {
      const auto picture = source.next();
      (*roads)->main().pictures().push(picture);
      further->pictures[0]->push(picture);
      REQUIRE(wait_until([&] {
        return large.count() > static_cast<std::size_t>(n) &&
               small.count() > static_cast<std::size_t>(n);
      }));
    }
    CHECK(large.numbers(kCanvas.rate) == small.numbers(kCanvas.rate));
    const auto status = (*roads)->status();
    REQUIRE(status.size() == 2);
    CHECK(status[1].id == "light");
    CHECK(status[1].name.en == "Light");
    CHECK(status[1].width == 160);
    CHECK(status[1].target_kbps == 300);
    CHECK(status[1].held_frames == 0);
    CHECK(status[1].encode_p95_ms > 0);
  }
  CHECK((*roads)->further().load()->pictures.empty());
  CHECK_FALSE((*roads)->further_in_use());
}

TEST_CASE("no more encodes at once than mix.video has pictures for; a road outlives the set") {
  MonotonicClock clock;
  Show show = two_encodes();
  show.encodes.clear();
  for (int i = 0; i < 5; ++i)
    show.encodes.push_back({"e" + std::to_string(i), {}, preset("superfast")});
  auto roads = EncodeRoads::open(show, clock);
  REQUIRE(roads);
  std::vector<std::shared_ptr<EncodeRoad>> held;
  for (int i = 0; i < 4; ++i) held.push_back((*roads)->use("e" + std::to_string(i)).value());
  const auto fifth = (*roads)->use("e4");
  REQUIRE_FALSE(fifth);
  CHECK(fifth.error().words.ja.find("→") != std::string::npos);
  held.erase(held.begin());
  CHECK((*roads)->use("e4"));
  roads->reset();
  held.clear();
}

TEST_CASE("an encoder that is too slow is replaced on air: no picture is missing, sound goes on") {
  ManualClock clock;
  Pretended pretended{clock};
  pretended.picture_ms = {{"superfast", 31}, {"ultrafast+", 10}};
  auto road = EncodeRoad::open(preset("superfast"), kCanvas, clock, pretended.options());
  REQUIRE(road);
  Basket basket;
  Taker taker(**road, basket);
  Source source;
  const auto play = [&](int pictures) {
    for (int n = 0; n < pictures; ++n) {
      const std::size_t before = basket.count();
      (*road)->pictures().push(source.next());
      REQUIRE(wait_until([&] { return basket.count() > before; }));
    }
  };
  play(60);
  REQUIRE(wait_until([&] {
    const std::lock_guard lock(pretended.told.mutex);
    return pretended.told.opened.size() == 2;
  }));
  REQUIRE(wait_until([&] {
    play(1);
    return (*road)->status().steps_down == 1;
  }));
  const auto stepped = source.number - 1;
  play(130);
  std::vector<std::int64_t> all(static_cast<std::size_t>(source.number));
  for (std::size_t n = 0; n < all.size(); ++n) all[n] = static_cast<std::int64_t>(n);
  CHECK(basket.numbers(kCanvas.rate) == all);
  const auto status = (*road)->status();
  CHECK(status.encoder == "ultrafast+");
  CHECK(status.why.en.find("too slow") != std::string::npos);
  CHECK(status.steps_down == 1);  // fast enough now
  const std::lock_guard lock(pretended.told.mutex);
  CHECK(std::count(pretended.told.keyframes.begin(), pretended.told.keyframes.end(), stepped) == 1);
  const std::lock_guard pictures(basket.mutex);
  const auto& first = basket.pictures[static_cast<std::size_t>(stepped)];
  REQUIRE(first->headers);
  CHECK(*first->headers == std::vector<std::uint8_t>{'!'});  // other headers, and it says so
}

TEST_CASE("a GPU that fails is replaced by the processor with the next picture") {
  ManualClock clock;
  Pretended pretended{clock};
  auto road =
      EncodeRoad::open(preset("gpu"), kCanvas, clock, pretended.options(EncoderMaker::Vaapi));
  REQUIRE(road);
  Basket basket;
  Taker taker(**road, basket);
  Source source;
  const auto push = [&] { (*road)->pictures().push(source.next()); };
  push();
  REQUIRE(wait_until([&] { return basket.count() == 1; }));
  pretended.stuck = true;
  push();
  pretended.fails = "gpu";
  pretended.stuck = false;
  REQUIRE(wait_until([&] { return (*road)->encode_errors() == 1; }));
  push();
  REQUIRE(wait_until([&] { return basket.count() == 2; }));
  CHECK((*road)->status().encoder == "superfast");
  CHECK((*road)->status().why.en.find("GPU") != std::string::npos);
}

TEST_CASE("an IDR at a cut, where the encode wants that") {
  for (const bool wanted : {true, false}) {
    ManualClock clock;
    Pretended pretended{clock};
    EncodeSettings settings = preset("superfast");
    settings.keyframe_on_take = wanted;
    auto road = EncodeRoad::open(settings, kCanvas, clock, pretended.options());
    REQUIRE(road);
    Basket basket;
    Taker taker(**road, basket);
    Source source;
    for (int n = 0; n < 10; ++n) {
      (*road)->pictures().push(source.next(n < 6 ? 0 : 1));
      REQUIRE(wait_until([&] { return basket.count() == static_cast<std::size_t>(n + 1); }));
    }
    const std::lock_guard lock(basket.mutex);
    CHECK(basket.pictures[6]->keyframe == wanted);
    CHECK_FALSE(basket.pictures[7]->keyframe);
  }
}

TEST_CASE("the practice note goes to practices only, also while it is on") {
  ManualClock clock;
  auto road = EncodeRoad::open(preset("ultrafast"), kCanvas, clock);
  REQUIRE(road);
  (*road)->set_practice_code(true);
  Basket practice, audience;
  Taker receiver(**road, practice, true);
  Taker viewers(**road, audience);
  Source source;
  constexpr std::size_t kPictures = 5;
  for (std::size_t n = 0; n < kPictures; ++n) {
    (*road)->pictures().push(source.next());
    REQUIRE(wait_until([&] { return practice.count() == n + 1 && audience.count() == n + 1; }));
  }
  const auto noted = [](const EncodedPacket& packet) {
    for (std::size_t i = 0; i + 3 < packet.data.size(); ++i)
      if (packet.data[i] == 0 && packet.data[i + 1] == 0 && packet.data[i + 2] == 1 &&
          read_practice_sei(packet.data.subspan(i + 3)))
        return true;
    return false;
  };
  const std::scoped_lock lock(practice.mutex, audience.mutex);
  for (std::size_t n = 0; n < kPictures; ++n) {
    CHECK(noted(*practice.pictures[n]));
    CHECK_FALSE(noted(*audience.pictures[n]));
  }
}

TEST_CASE("half the pictures, the same bytes a second") {
  ManualClock clock;
  Pretended pretended{clock};
  auto road = EncodeRoad::open(preset("superfast"), kCanvas, clock, pretended.options());
  REQUIRE(road);
  Basket basket;
  Taker taker(**road, basket);
  Source source;
  (*road)->pictures().push(source.next());
  REQUIRE(wait_until([&] { return basket.count() == 1; }));
  (*road)->set_bitrate(400);
  (*road)->set_half_rate(true);
  for (int n = 1; n < 7; ++n) {
    (*road)->pictures().push(source.next());
    REQUIRE(wait_until([&] { return (*road)->pictures().size() == 0; }));
  }
  REQUIRE(wait_until([&] { return basket.count() == 4; }));
  CHECK(basket.numbers(kCanvas.rate) == std::vector<std::int64_t>{0, 2, 4, 6});
  CHECK((*road)->status().half_rate);
  CHECK((*road)->status().target_kbps == 400);
  CHECK((*road)->status().most_kbps == 1000);
  const std::lock_guard lock(pretended.told.mutex);
  CHECK(pretended.told.rates.back() == std::pair{800, 125});  // of 500 ms: half, half as long
}

TEST_CASE("sound leaves while a picture is stuck in its encoder") {
  ManualClock clock;
  Pretended pretended{clock};
  auto road = EncodeRoad::open(preset("superfast"), kCanvas, clock, pretended.options());
  REQUIRE(road);
  Basket basket;
  Taker taker(**road, basket);
  Source source;
  (*road)->pictures().push(source.next());
  REQUIRE(wait_until([&] { return basket.count() == 1; }));
  pretended.stuck = true;
  (*road)->pictures().push(source.next());
  AudioBlock block;
  for (int n = 0; n < 50; ++n, block.position += kBlockSamples) {
    (*road)->sound().push(block);
    REQUIRE(wait_until([&] { return (*road)->sound().size() == 0; }));
  }
  CHECK(wait_until([&] {
    const std::lock_guard lock(basket.mutex);
    return basket.sounds > 15;
  }));
  CHECK(basket.count() == 1);
  pretended.stuck = false;
}
