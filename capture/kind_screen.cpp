// SPDX-License-Identifier: GPL-3.0-or-later
// A region of an X11 screen, grabbed by ximagesrc. It paces itself: it waits until running time
// n * (frame duration) and grabs then. So the base time decides when in a program tick the grab
// falls; chosen as epoch - phase_lead (plus whole seconds), each picture is taken phase_lead before
// the tick that shows it instead of anywhere in the 33 ms before (gstximagesrc.c, create()).
#include <algorithm>

#include "capture/gst_pipeline.h"
#include "capture/gst_taps.h"
#include "capture/kinds.h"
#include "capture/x_guard.h"

namespace kakehashi {
namespace {

const KindDescription& description() {
  static const KindDescription d{
      "screen",
      {"画面の取り込み", "Screen"},
      {
          {"display", {"Xディスプレイ（空欄で既定）", "X display (empty: DISPLAY)"},
           std::string(), false, -1e18, 1e18, {}},
          {"x", {"左端", "Left"}, std::int64_t{0}, false, 0, 32767, {}},
          {"y", {"上端", "Top"}, std::int64_t{0}, false, 0, 32767, {}},
          {"width", {"幅（0で右端まで）", "Width (0: to the right edge)"}, std::int64_t{0}, false, 0,
           32767, {}},
          {"height", {"高さ（0で下端まで）", "Height (0: to the bottom)"}, std::int64_t{0}, false, 0,
           32767, {}},
          {"fps", {"毎秒の枚数（0で番組と同じ）", "Pictures per second (0: as the program)"}, 0.0,
           false, 0, 120, {}},
          {"show_pointer", {"マウスの矢印を写す", "Show the mouse pointer"}, true, false, -1e18,
           1e18, {}},
      },
      true,
      false};
  return d;
}

class ScreenSource final : public Source {
 public:
  ScreenSource(std::unique_ptr<GstGraph> graph, const SourceContext& c, std::string display)
      : display_(std::move(display)),
        troubles_(x_troubles(display_)),
        graph_(std::move(graph)),
        tap_((*graph_)["video"], {c.video, c.clock, Stamp::Arrival, false, false}) {}
  ~ScreenSource() override {
    tap_.close();
    graph_->stop();
  }

  Status start(MediaTime base) { return graph_->play(base); }
  Status poll() override {
    // ximagesrc does not look at the answer of XShmGetImage: without this a dead display would
    // look like a still picture for ever.
    if (x_troubles(display_) != troubles_)
      return Error{ErrorKind::TryLater, "X display \"" + display_ +
                                            "\" went away or became smaller; check the screen "
                                            "and the region in the settings"};
    Status s = graph_->poll();
    if (!s.ok()) return std::move(s.error()).context("X display \"" + display_ + "\"");
    return s;
  }
  std::string format() const override { return tap_.format(); }

 private:
  const std::string display_;
  const std::uint64_t troubles_;
  std::unique_ptr<GstGraph> graph_;
  VideoTap tap_;
};

// The latest moment before now at which a program tick's grab would fall, in whole seconds of
// pictures: running time 0.
MediaTime grid_before(MediaTime now, const SourceContext& c, Rate rate) {
  const MediaTime first = c.epoch - c.phase_lead;
  const std::int64_t lap = std::int64_t{rate.denominator} * 1'000'000'000;  // `numerator` pictures
  std::int64_t laps = (now - first).ns / lap;
  if ((now - first).ns < 0) --laps;
  return first + Duration{laps * lap} - Duration{lap};
}

Result<std::unique_ptr<Source>> open(const Settings& s, const SourceContext& c) {
  if (!c.video) return Error{ErrorKind::FixInput, "a screen has no sound; this input wants only sound"};
  auto screen = XScreen::open(setting<std::string>(description(), s, "display"));
  if (!screen.ok()) return std::move(screen).error();
  const std::string display = screen->name();
  const int screen_w = screen->width(), screen_h = screen->height();
  const auto number = [&](const char* name) {
    return static_cast<int>(setting<std::int64_t>(description(), s, name));
  };
  const int x = number("x"), y = number("y");
  const int w = number("width") > 0 ? number("width") : screen_w - x;
  const int h = number("height") > 0 ? number("height") : screen_h - y;
  if (w < 2 || h < 2 || x + w > screen_w || y + h > screen_h)
    return Error{ErrorKind::FixInput,
                 "the region " + std::to_string(w) + "x" + std::to_string(h) + " at " +
                     std::to_string(x) + "," + std::to_string(y) + " is outside X display \"" +
                     display + "\" (" + std::to_string(screen_w) + "x" +
                     std::to_string(screen_h) + "); correct x, y, width and height"};
  // videoconvert passes 24 and 32 bit screens through untouched.
  auto graph = GstGraph::parse("capsfilter name=rate ! videoconvert ! appsink name=video");
  if (!graph.ok()) return std::move(graph).error();
  const Rate rate = rate_or_canvas(setting<double>(description(), s, "fps"), c.canvas.rate);
  GstCaps* caps = gst_caps_new_simple("video/x-raw", "framerate", GST_TYPE_FRACTION, rate.numerator,
                                      rate.denominator, nullptr);
  g_object_set((**graph)["rate"], "caps", caps, nullptr);
  gst_caps_unref(caps);
  const gboolean pointer = setting<bool>(description(), s, "show_pointer");
  // Linked before its display is named, ximagesrc would open $DISPLAY and stay there.
  Status linked = (*graph)->prepend("ximagesrc", "rate", [&](GstElement* src) {
    g_object_set(src, "display-name", display.c_str(), "use-damage", FALSE, "show-pointer", pointer,
                 "startx", x, "starty", y, "endx", x + w - 1, "endy", y + h - 1, nullptr);
  });
  if (!linked.ok()) return std::move(linked.error()).context("X display \"" + display + "\"");
  auto source = std::make_unique<ScreenSource>(std::move(graph).value(), c, display);
  Status started = source->start(grid_before(c.clock->now(), c, rate));
  if (!started.ok()) return std::move(started.error()).context("X display \"" + display + "\"");
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace

SourceKind screen_kind() { return {description(), open}; }

}  // namespace kakehashi
