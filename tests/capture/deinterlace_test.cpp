// SPDX-License-Identifier: GPL-3.0-or-later
// A camera's interlaced picture, made here: a bar that moves 8 pixels per field before a vertical
// ramp that stands still. Through the elements a camera uses, into the road.
#include "capture/deinterlace.h"

#include <gst/app/gstappsrc.h>
#include <gst/video/video.h>

#include <algorithm>
#include <cmath>

#include "capture/gst_pipeline.h"
#include "capture/gst_taps.h"
#include "tests/capture/rig.h"
#include "tests/support/manual_clock.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

constexpr int kWidth = 320, kHeight = 128, kStep = 8, kBarWidth = 40;
constexpr std::int64_t kFrameNs = 33'366'667;

int ramp(int line) { return 30 + line; }
int bar_left(int field) { return field * kStep; }

// Luma of pixel (x, y) at the moment of field number `field`.
int light(int x, int y, int field) {
  const int from = bar_left(field);
  return x >= from && x < from + kBarWidth ? 230 : ramp(y);
}

struct Interlaced {
  const char* format;
  bool top_first;
  bool said = true;  // the stream says that it is interlaced

  std::string caps() const {
    std::string c = std::string("video/x-raw,format=") + format +
                    ",width=" + std::to_string(kWidth) + ",height=" + std::to_string(kHeight) +
                    ",framerate=30000/1001";
    if (said)
      c += std::string(",interlace-mode=interleaved,field-order=") +
           (top_first ? "top-field-first" : "bottom-field-first");
    return c;
  }
  GstBuffer* frame(int n) const {
    GstVideoInfo info;
    GstCaps* c = gst_caps_from_string(caps().c_str());
    REQUIRE(gst_video_info_from_caps(&info, c));
    gst_caps_unref(c);
    GstBuffer* b = gst_buffer_new_allocate(nullptr, info.size, nullptr);
    gst_buffer_memset(b, 0, 128, info.size);
    GstVideoFrame f;
    REQUIRE(gst_video_frame_map(&f, &info, b, GST_MAP_WRITE));
    for (int y = 0; y < kHeight; ++y) {
      const bool first = (y % 2 == 0) == top_first;
      auto* line = static_cast<guint8*>(GST_VIDEO_FRAME_COMP_DATA(&f, 0)) +
                   static_cast<std::ptrdiff_t>(y) * GST_VIDEO_FRAME_COMP_STRIDE(&f, 0);
      for (int x = 0; x < kWidth; ++x)
        line[x * GST_VIDEO_FRAME_COMP_PSTRIDE(&f, 0)] =
            static_cast<guint8>(light(x, y, 2 * n + (first ? 0 : 1)));
    }
    gst_video_frame_unmap(&f);
    GST_BUFFER_PTS(b) = static_cast<GstClockTime>(n * kFrameNs);
    GST_BUFFER_DURATION(b) = static_cast<GstClockTime>(kFrameNs);
    if (said) {
      GST_BUFFER_FLAG_SET(b, GST_VIDEO_BUFFER_FLAG_INTERLACED);
      if (top_first) GST_BUFFER_FLAG_SET(b, GST_VIDEO_BUFFER_FLAG_TFF);
    }
    return b;
  }
};

// Frames go in at their moments on a clock in the hand; what is on the road can be looked at.
struct Road {
  Road(const Interlaced& stream, const std::string& setting, Rate program) : made(stream) {
    REQUIRE(init_capture().ok());
    const Deinterlacing how = deinterlacing(setting, program);
    auto g = GstGraph::parse("appsrc name=src is-live=true format=time ! videoconvert ! " +
                             how.elements + "appsink name=video");
    REQUIRE(g.ok());
    graph = std::move(g).value();
    learn_field_order(graph->pipeline());
    GstCaps* caps = gst_caps_from_string(made.caps().c_str());
    g_object_set((*graph)["src"], "caps", caps, nullptr);
    gst_caps_unref(caps);
    sync.follow_pace(true);
    tap = std::make_unique<VideoTap>((*graph)["video"],
                                     VideoTap::Config{&sync, &clock, false, false, how.fields});
    REQUIRE(graph->play(base).ok());
  }
  ~Road() {
    tap->close();
    graph->stop();
  }
  // The frame has come, 34 ms after its first light; until `pictures` in all came out.
  void push(int n, std::uint64_t pictures) {
    const MediaTime at = arrival(n);
    clock.advance(at - clock.now());
    REQUIRE(gst_app_src_push_buffer(GST_APP_SRC((*graph)["src"]), made.frame(n)) == GST_FLOW_OK);
    REQUIRE(wait_until([&] { return tap->pictures() >= pictures; }));
    REQUIRE(graph->poll().ok());
  }
  MediaTime arrival(int n) const {
    return base + Duration{n * kFrameNs} + Duration::milliseconds(34);
  }

  Interlaced made;
  ManualClock clock;
  const MediaTime base = clock.now();
  std::unique_ptr<GstGraph> graph;
  FrameSync sync{Duration{}};
  std::unique_ptr<VideoTap> tap;
};

int luma(const VideoFrame& f, int x, int y) {
  const bool packed = f.info().format == PixelFormat::YUY2 || f.info().format == PixelFormat::UYVY;
  const int at = packed ? 2 * x + (f.info().format == PixelFormat::UYVY ? 1 : 0) : x;
  return f.plane(0).data[static_cast<std::ptrdiff_t>(f.plane(0).stride) * y + at];
}

// The bar's left edge on this line.
int edge(const VideoFrame& f, int y) {
  for (int x = 0; x < f.width(); ++x)
    if (luma(f, x, y) > 200) return x;
  return -1;
}
// How far the edge jumps from line to line: the teeth of the comb.
int teeth(const VideoFrame& f) {
  int worst = 0;
  for (int y = 1; y < f.height(); ++y)
    worst = std::max(worst, std::abs(edge(f, y) - edge(f, y - 1)));
  return worst;
}
// How far the still ramp is from where it stands.
int bounce(const VideoFrame& f) {
  int worst = 0;
  for (int y = 2; y < f.height() - 2; ++y)
    worst = std::max(worst, std::abs(luma(f, f.width() - 2, y) - ramp(y)));
  return worst;
}

}  // namespace

TEST_CASE("bob: every field is a picture at its own moment, in order, without a comb") {
  for (const char* format : {"UYVY", "YUY2", "NV12", "I420"})
    for (const bool top_first : {true, false}) {
      CAPTURE(format);
      CAPTURE(top_first);
      Road road({format, top_first}, "auto", {60000, 1001});
      for (int n = 0; n < 14; ++n) {
        road.push(n, static_cast<std::uint64_t>(2 * n + 2));
        for (int field = 0; field < 2; ++field) {
          // One field at once, the other a field later: no later than that.
          const MediaTime due = road.arrival(n) + Duration{field * kFrameNs / 2};
          const FramePtr shown = road.sync.newest(due + Duration::microseconds(1));
          REQUIRE(shown);
          CHECK(edge(*shown, 5) == bar_left(2 * n + field));
          CHECK(teeth(*shown) == 0);
          CHECK(bounce(*shown) <= 1);
          CHECK(shown->height() == kHeight);
          if (field == 1)  // not earlier either
            CHECK(road.sync.newest(due - Duration::milliseconds(1)) != shown);
          const double age = (due - shown->info().captured).to_milliseconds();
          CHECK(age > 33);
          CHECK(age < 35);  // its own light's age: the same for both fields
        }
        (void)road.sync.at(road.arrival(n) + Duration{kFrameNs * 3 / 4});
      }
    }
}

TEST_CASE("the pace of a bobbed camera is that of its fields") {
  Road road({"NV12", true}, "auto", {60, 1});
  for (int n = 0; n < 60; ++n) {
    road.push(n, static_cast<std::uint64_t>(2 * n + 2));
    (void)road.sync.at(road.arrival(n) + Duration::milliseconds(8));
    (void)road.sync.at(road.arrival(n) + Duration::milliseconds(25));
  }
  CHECK(road.sync.cadence().settled);
  CHECK(road.sync.figures(road.clock.now()).fps == doctest::Approx(59.94).epsilon(0.001));
}

TEST_CASE("at 30 a second one field of each frame is shown, at once: of 1080i the newer") {
  for (const bool top_first : {true, false})
    for (const char* setting : {"auto", "frame", "bob"}) {
      CAPTURE(top_first);
      CAPTURE(setting);
      Road road({"UYVY", top_first}, setting, {30, 1});
      for (int n = 0; n < 6; ++n) {
        road.push(n, static_cast<std::uint64_t>(n + 1));
        const FramePtr shown = road.sync.newest(road.arrival(n));
        REQUIRE(shown);
        CHECK(edge(*shown, 5) == bar_left(2 * n + (top_first ? 1 : 0)));
        CHECK(teeth(*shown) == 0);
        CHECK(bounce(*shown) <= 1);
        (void)road.sync.at(road.arrival(n));
      }
    }
}

TEST_CASE("one picture per frame at 60 a second when so set") {
  Road road({"UYVY", true}, "frame", {60, 1});
  for (int n = 0; n < 5; ++n) {
    road.push(n, static_cast<std::uint64_t>(n + 1));
    const FramePtr shown = road.sync.newest(road.arrival(n));
    REQUIRE(shown);
    CHECK(teeth(*shown) == 0);
    (void)road.sync.at(road.arrival(n));
  }
  CHECK(road.tap->pictures() == 5);
}

TEST_CASE("a stick that does not say it is interlaced: left alone by auto, helped by bob") {
  Road left({"YUY2", true, false}, "auto", {60, 1});
  left.push(0, 1);
  CHECK(teeth(*left.sync.newest(left.arrival(0))) == kStep);  // the measure sees a comb
  Road helped({"YUY2", true, false}, "bob", {60, 1});
  for (int n = 0; n < 4; ++n) {
    helped.push(n, static_cast<std::uint64_t>(2 * n + 2));
    const FramePtr second = helped.sync.newest(helped.arrival(n) + Duration{kFrameNs / 2 + 1000});
    REQUIRE(second);
    CHECK(edge(*second, 5) == bar_left(2 * n + 1));  // top field first
    CHECK(teeth(*second) == 0);
  }
}

TEST_CASE("off leaves every picture as it is") {
  Road road({"YUY2", true}, "off", {60, 1});
  road.push(0, 1);
  CHECK(teeth(*road.sync.newest(road.arrival(0))) == kStep);
}
