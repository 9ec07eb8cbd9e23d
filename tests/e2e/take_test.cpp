// SPDX-License-Identifier: GPL-3.0-or-later
// Takes on the wire: what viewers get, read back picture by picture from the received stream. Two
// test sources stand in different corners, so where a code stands tells which scene it is.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

#include "core/clock.h"
#include "core/frame_code.h"
#include "station/ingest.h"
#include "tests/e2e/media.h"
#include "tests/e2e/received.h"
#include "tests/e2e/station.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

constexpr int kWidth = 1280, kHeight = 720;
constexpr std::int64_t kPeriod = 33'333;  // us
constexpr std::array<Rect, 2> kCorners{Rect{0, 0, 640, 360}, Rect{640, 360, 640, 360}};
const std::array<std::string, 2> kScenes{"s_left", "s_right"};

const char* const kEvent = R"({
  "kakehashi_event": 1, "id": "take", "title": "take",
  "canvas": {"width": 1280, "height": 720, "fps": 30},
  "inputs": [{"id": "left", "audio": true, "source": {"kind": "test", "pattern": "moving", "hue": 30}},
             {"id": "right", "source": {"kind": "test", "pattern": "moving", "hue": 200}}],
  "scenes": [{"id": "s_left", "layers": [{"input": "left", "rect": [0, 0, 640, 360]}]},
             {"id": "s_right", "layers": [{"input": "right", "rect": [640, 360, 640, 360]}]}],
  "encode": {"video_kbps": 4000, "preset": "superfast"},
  "destinations": [{"id": "main", "name": "main", "kind": "rtmp", "url": "@URL@"}]
})";

Rect code_in(Rect corner) {
  const Rect all = frame_code_rect(kWidth, kHeight);
  return {corner.x + all.x / 2, corner.y + all.y / 2, all.w / 2, all.h / 2};
}

struct Cut {
  std::int64_t before_us, after_us;  // around the command, as the operator's side knows them
  int place;                         // that must show from then on
};

Cut take(Station& station, int scene) {
  station.wish(SelectPreview{kScenes[static_cast<std::size_t>(scene)]});
  Cut cut{now_us(), 0, scene};
  station.wish(Take{});
  cut.after_us = now_us();
  return cut;
}

// Which of the scenes a picture shows: 0, 1, 2 for the emergency card; -1: none of them or a
// mixture. A scene shows its code in its own corner and black in the other.
int scene_of(const std::uint8_t* luma) {
  std::array<bool, 2> code{}, black{};
  for (std::size_t i = 0; i < 2; ++i) {
    code[i] = read_frame_code(luma, kWidth, kWidth, kHeight, code_in(kCorners[i])).has_value();
    const Rect c = kCorners[i];
    // Clear of the border, where the codec's filter may bleed.
    black[i] = mean_luma(luma, kWidth, {c.x + 16, c.y + 16, c.w - 32, c.h - 32}) < 18;
  }
  if (code[0] && black[1]) return 0;
  if (code[1] && black[0]) return 1;
  return !code[0] && !code[1] && !black[0] && !black[1] ? 2 : -1;
}

void shows_one_scene_each(const std::string& recording, std::size_t changes_wanted) {
  int mixed = 0;
  std::vector<int> scenes;  // in order, without repeats
  const int n = each_picture(recording, kWidth, kHeight, [&](int, const std::uint8_t* luma) {
    const int scene = scene_of(luma);
    mixed += scene < 0;
    if (scenes.empty() || scenes.back() != scene) scenes.push_back(scene);
  });
  CHECK(n > 300);
  CHECK(mixed == 0);
  CHECK(scenes.size() == changes_wanted + 1);
}

// The worst offset may be as large as a flash picture was late at the tick.
double worst_allowed(const Received& r) {
  std::int64_t latest = 0;
  bool before = false;
  for (const auto& p : r.pictures) {
    if (p.flash && !before) latest = std::max(latest, (p.program + r.first_code) % 30);
    before = p.flash;
  }
  return 20 + static_cast<double>(latest) * 1000 / 30;
}

}  // namespace

TEST_CASE("a take is on the wire within two ticks, whole, and sound stays with picture") {
  const TempDir folder;
  IngestOptions options;
  options.listen = "rtmp://127.0.0.1:0/live";
  for (const Rect corner : kCorners) options.code_rects.push_back(code_in(corner));
  options.frames_file = folder / "frames.csv";
  auto ingest = Ingest::start(options);
  REQUIRE(ingest.ok());

  Station station(folder, filled(kEvent, {{"URL", (*ingest)->url() + "/take"}}));
  station.wish(GoLive{});
  const auto received_more = [&](std::uint64_t n) {
    const std::uint64_t wanted = (*ingest)->report().pictures_received + n;
    return wait_until([&] { return (*ingest)->report().pictures_received >= wanted; }, 20s);
  };
  REQUIRE(received_more(60));

  MonotonicClock clock;
  std::vector<Cut> cuts;
  for (int i = 0; i < 12; ++i) {
    REQUIRE(received_more(20));
    // Pictures arrive in step with the ticks; the operator's finger does not.
    clock.sleep_until(clock.now() + Duration::microseconds(i * kPeriod / 12));
    cuts.push_back(take(station, (i + 1) % 2));
  }
  REQUIRE(received_more(20));
  // The card, too, comes whole; nothing gets past it.
  const std::int64_t card_from = now_us();
  station.wish(EmergencyOn{});
  CHECK_FALSE(station.desk().send(Take{}).ok());
  REQUIRE(received_more(30));
  const std::int64_t card_to = now_us();
  station.wish(EmergencyOff{});
  REQUIRE(received_more(60));

  const Snapshot last = station.look();
  station.end();
  (*ingest)->stop();
  const IngestReport report = (*ingest)->report();
  const Received r = read_frames(folder / "frames.csv");
  const auto lost = static_cast<std::int64_t>(lost_pictures(last));
  MESSAGE(r.pictures.size() << " pictures, lost " << lost << ", repeated by late sources "
                            << report.repeated << ", glass to wire median "
                            << report.latency_ms.median << " p99 " << report.latency_ms.p99
                            << " ms");

  CHECK(report.decode_errors == 0);
  CHECK(report.dts_backwards == 0);
  CHECK(r.missing() <= lost);  // whatever is not there was counted by the station

  int late = 0;
  std::vector<double> ticks;
  for (const Cut& cut : cuts) {
    const auto first = std::find_if(r.pictures.begin(), r.pictures.end(), [&](const auto& p) {
      return p.tick_us > cut.before_us - kPeriod && p.place == cut.place;
    });
    REQUIRE(first != r.pictures.end());
    ticks.push_back(static_cast<double>(first->tick_us - cut.before_us) / kPeriod);
    // From the answer on it is certain that the next tick knows; before that, this machine may
    // have let the command wait.
    CHECK(first->tick_us <=
          std::max(cut.before_us + 2 * kPeriod, cut.after_us + (1 + lost) * kPeriod));
    late += first->tick_us > cut.before_us + 2 * kPeriod;
    // Not before it was asked for, and it stays.
    CHECK(first->tick_us >= cut.before_us - kPeriod);
    for (auto p = first; p != r.pictures.end() && p < first + 15; ++p) CHECK(p->place == cut.place);
  }
  std::sort(ticks.begin(), ticks.end());
  MESSAGE("take to tick, in ticks: median " << ticks[ticks.size() / 2] << ", worst "
                                            << ticks.back());
  CHECK(ticks[ticks.size() / 2] <= 2);
  CHECK(late <= 2);

  for (const auto& p : r.pictures)
    if (p.tick_us < card_from || p.tick_us > card_to + 2 * kPeriod + lost * kPeriod)
      CHECK(p.place >= 0);
  // 12 takes, card on, card off.
  shows_one_scene_each(last.record.path, 14);

  MESSAGE("sound against picture: median "
          << report.av_offset_ms.median << " ms, worst " << report.av_offset_ms.worst << " of "
          << report.av_offset_ms.count << "; allowed " << worst_allowed(r));
  CHECK(report.av_offset_ms.count >= 8);
  CHECK(std::abs(report.av_offset_ms.median) <= 20);
  CHECK(std::abs(report.av_offset_ms.worst) <= worst_allowed(r));
}
