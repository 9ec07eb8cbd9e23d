// SPDX-License-Identifier: GPL-3.0-or-later
// Colour bars, made and coded by GStreamer from RGB in every way a device delivers them, through
// the elements of a camera, the road and the mixer, against the numbers of BT.709 limited range.
#include <gst/app/gstappsrc.h>

#include <doctest/doctest.h>

#include <array>
#include <cstring>
#include <tuple>

#include "capture/deinterlace.h"
#include "capture/gst_frame.h"
#include "capture/gst_pipeline.h"
#include "capture/gst_taps.h"
#include "mixer/switcher.h"
#include "mixer/video_mixer.h"
#include "tests/capture/rig.h"
#include "tests/mixer/frames.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

constexpr std::array<std::uint32_t, 12> kBars{0xFFFFFF, 0xBFBFBF, 0xBFBF00, 0x00BFBF,
                                              0x00BF00, 0xBF00BF, 0xBF0000, 0x0000BF,
                                              0x000000, 0xFF4B00, 0x03AF7A, 0x22384A};
constexpr int kBar = 32, kWidth = kBar * 12, kHeight = 96;

GstBuffer* bars_rgb() {
  const gsize size = static_cast<gsize>(kWidth) * kHeight * 4;
  GstBuffer* b = gst_buffer_new_allocate(nullptr, size, nullptr);
  GstMapInfo map;
  REQUIRE(gst_buffer_map(b, &map, GST_MAP_WRITE));
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x) {
      guint8* p = map.data + (static_cast<gsize>(y) * kWidth + static_cast<gsize>(x)) * 4;
      const std::uint32_t c = kBars[static_cast<std::size_t>(x / kBar)];
      p[0] = static_cast<guint8>(c);
      p[1] = static_cast<guint8>(c >> 8);
      p[2] = static_cast<guint8>(c >> 16);
      p[3] = 255;
    }
  gst_buffer_unmap(b, &map);
  GST_BUFFER_PTS(b) = 0;
  return b;
}

// What the capture road hands over when a device delivers `coded` (the elements between RGB and
// the camera's own chain).
FramePtr captured(const std::string& coded, std::string* format) {
  REQUIRE(init_capture().ok());
  MonotonicClock clock;
  FrameSync sync{Duration{}};
  auto g =
      GstGraph::parse("appsrc name=src is-live=true format=time ! " + coded + " ! videoconvert ! " +
                      deinterlacing("auto", {30, 1}).elements + "appsink name=video");
  if (!g.ok()) MESSAGE(g.error().message);
  REQUIRE(g.ok());
  GstGraph& graph = **g;
  GstCaps* caps = gst_caps_new_simple("video/x-raw", "format", G_TYPE_STRING, "BGRx", "width",
                                      G_TYPE_INT, kWidth, "height", G_TYPE_INT, kHeight,
                                      "framerate", GST_TYPE_FRACTION, 30, 1, nullptr);
  g_object_set(graph["src"], "caps", caps, nullptr);
  gst_caps_unref(caps);
  VideoTap tap(graph["video"], {&sync, &clock, false, false, false});
  REQUIRE(graph.play(clock.now()).ok());
  REQUIRE(gst_app_src_push_buffer(GST_APP_SRC(graph["src"]), bars_rgb()) == GST_FLOW_OK);
  REQUIRE(wait_until([&] { return tap.pictures() >= 1 || !graph.poll().ok(); }));
  if (Status s = graph.poll(); !s.ok()) MESSAGE(s.error().message);
  const FramePtr frame = sync.newest(clock.now());
  REQUIRE(frame);
  *format = tap.format();
  // A copy in our own memory, so that the pipeline can go.
  FramePool pool(frame->info().format, frame->width(), frame->height(), 1);
  FrameBuilder copy = std::move(*pool.acquire());
  const MediaTime when = frame->info().captured;
  const int per_pixel =
      frame->info().format == PixelFormat::BGRx                                                ? 4
      : frame->info().format == PixelFormat::YUY2 || frame->info().format == PixelFormat::UYVY ? 2
                                                                                               : 1;
  for (int p = 0; p < plane_count(frame->info().format); ++p) {
    const bool half_high = p > 0 && frame->info().format != PixelFormat::Y42B;
    const int lines = half_high ? kHeight / 2 : kHeight;
    const int bytes =
        p > 0 && frame->info().format != PixelFormat::NV12 ? kWidth / 2 : kWidth * per_pixel;
    for (int y = 0; y < lines; ++y)
      std::memcpy(copy.plane(p) + static_cast<std::ptrdiff_t>(copy.stride(p)) * y,
                  frame->plane(p).data + static_cast<std::ptrdiff_t>(frame->plane(p).stride) * y,
                  static_cast<std::size_t>(bytes));
  }
  copy.info() = frame->info();
  copy.info().captured = when;
  return std::move(copy).publish();
}

// On program, at this size; the middle of every bar within `most` codes.
void check_on_program(const FramePtr& frame, int width, int height, int most) {
  CAPTURE(width);
  Show show;
  show.canvas = {width, height, {30, 1}};
  Input input;
  input.id = "camera";
  show.inputs.push_back(input);
  Scene scene;
  scene.id = "all";
  Layer layer;
  layer.input = "camera";
  layer.rect = {0, 0, width, height};
  layer.fit = FitMode::Stretch;
  scene.layers.push_back(layer);
  show.scenes.push_back(scene);
  VideoMixer mixer(show.canvas, 2);
  const std::array<FramePtr, 1> frames{frame};
  const PaintedSet painted;
  const LiveState live = initial_state(show);
  const FramePtr out = mixer.program({show, live, frames, painted, frame->info().captured});
  REQUIRE(out);
  for (std::size_t i = 0; i < kBars.size(); ++i) {
    const auto want = codes(hex(kBars[i]), ColorMatrix::Bt709, ColorRange::Limited);
    const int x = (2 * static_cast<int>(i) + 1) * width / 24, y = height / 2;
    CAPTURE(i);
    for (int p = 0; p < 3; ++p) {
      CAPTURE(p);
      const int got = p == 0 ? sample(*out, 0, x, y) : sample(*out, p, x / 2, y / 2);
      CHECK(std::abs(got - code8(want[static_cast<std::size_t>(p)])) <= most);
    }
  }
}

void check_everywhere(const std::string& coded, const std::string& expected, int most = 2) {
  CAPTURE(coded);
  std::string format;
  const FramePtr frame = captured(coded, &format);
  CAPTURE(format);
  CHECK(format.find(expected) != std::string::npos);
  check_on_program(frame, kWidth, kHeight, most);
  check_on_program(frame, kWidth / 2, kHeight / 2, most);
  check_on_program(frame, kWidth * 3 / 2, kHeight * 3 / 2, most);
  check_on_program(frame, 640, 360, most);
}

}  // namespace

TEST_CASE("YCbCr of both matrices and both ranges in every layout reaches program within 2 codes") {
  // range:matrix:transfer:primaries, as GStreamer writes them.
  for (const char* colour : {"2:4:16:4", "2:3:5:1", "1:4:0:0", "1:3:5:1", "bt601", "bt709"})
    for (const char* format : {"I420", "NV12", "YUY2", "UYVY", "Y42B"})
      check_everywhere(std::string("videoconvert dither=none ! video/x-raw,format=") + format +
                           ",colorimetry=(string)" + colour,
                       format);
}

TEST_CASE("what comes in another layout is converted before, within 2 codes") {
  for (const char* format : {"YV12", "NV21", "YVYU", "NV16"})
    for (const char* colour : {"bt601", "bt709"})
      check_everywhere(std::string("videoconvert dither=none ! video/x-raw,format=") + format +
                           ",colorimetry=(string)" + colour,
                       "");
}

TEST_CASE("4:4:4 goes through RGB, which rounds once more") {
  for (const char* colour : {"bt601", "bt709"})
    check_everywhere(
        std::string("videoconvert dither=none ! video/x-raw,format=Y444,colorimetry=(string)") +
            colour,
        "BGRx", 4);
}

TEST_CASE("RGB reaches program within 2 codes") {
  check_everywhere("identity", "BGRx");
  for (const char* format : {"RGB", "BGR", "RGBx", "xRGB", "BGRA"})
    check_everywhere(std::string("videoconvert dither=none ! video/x-raw,format=") + format, "");
}

TEST_CASE("JPEG is full range BT.601, whatever its size") {
  for (const char* format : {"I420", "Y42B", "Y444"})
    check_everywhere(std::string("videoconvert dither=none ! video/x-raw,format=") + format +
                         ",colorimetry=(string)1:4:0:0 ! jpegenc quality=100 ! jpegdec",
                     "");
}

TEST_CASE(
    "a device that says nothing of its colour: BT.601 below 720 lines, BT.709 from there on") {
  for (const auto& [width, height, matrix] :
       {std::tuple{640, 480, ColorMatrix::Bt601}, std::tuple{720, 576, ColorMatrix::Bt601},
        std::tuple{1280, 720, ColorMatrix::Bt709}, std::tuple{1920, 1080, ColorMatrix::Bt709}}) {
    const int lines = height;
    CAPTURE(lines);
    GstCaps* caps = gst_caps_new_simple("video/x-raw", "format", G_TYPE_STRING, "NV12", "width",
                                        G_TYPE_INT, width, "height", G_TYPE_INT, height, nullptr);
    GstVideoInfo info;
    REQUIRE(gst_video_info_from_caps(&info, caps));
    gst_caps_unref(caps);
    const auto as = frame_info_of(info);
    REQUIRE(as);
    CHECK(as->matrix == matrix);
    CHECK(as->range == ColorRange::Limited);
  }
}
