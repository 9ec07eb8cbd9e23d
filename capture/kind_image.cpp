// SPDX-License-Identifier: GPL-3.0-or-later
// A still: decoded once to I420 in the program's colours, made no larger than the canvas, then
// handed over again every half second so that it never counts as lost.
#include <gst/app/gstappsink.h>

#include <algorithm>
#include <filesystem>

#include "capture/gst_frame.h"
#include "capture/gst_pipeline.h"
#include "capture/kinds.h"

namespace kakehashi {
namespace {

constexpr Duration kAgain = Duration::milliseconds(500);

const KindDescription& description() {
  static const KindDescription d{"image",
                                 {"静止画", "Still image"},
                                 {{"file",
                                   {"ファイル（PNG、JPEG）", "File (PNG, JPEG)"},
                                   std::string(),
                                   true,
                                   -1e18,
                                   1e18,
                                   {}}},
                                 true,
                                 false};
  return d;
}

class ImageSource final : public Source {
 public:
  ImageSource(FramePtr picture, const SourceContext& c)
      : picture_(std::move(picture)), context_(c) {
    show();
  }
  ~ImageSource() override { context_.video->clear(); }
  Status poll() override {
    if (context_.clock->now() - shown_ >= kAgain) show();
    return {};
  }
  std::string format() const override {
    return std::to_string(picture_->width()) + "x" + std::to_string(picture_->height()) + " I420";
  }
  bool may_rest() const override { return true; }

 private:
  void show() {
    shown_ = context_.clock->now();
    context_.video->push(with_time(picture_, shown_, sequence_++));
  }
  const FramePtr picture_;
  const SourceContext context_;
  MediaTime shown_{};
  std::uint64_t sequence_ = 0;
};

// The picture's size inside the canvas, never enlarged, even numbers.
GstCaps* still_caps(const GstVideoInfo& info, const Canvas& canvas) {
  const double shrink =
      std::min({1.0, static_cast<double>(canvas.width) / GST_VIDEO_INFO_WIDTH(&info),
                static_cast<double>(canvas.height) / GST_VIDEO_INFO_HEIGHT(&info)});
  const auto even = [&](int v) { return std::max(2, static_cast<int>(v * shrink + 0.5) / 2 * 2); };
  return gst_caps_new_simple("video/x-raw", "format", G_TYPE_STRING, "I420", "width", G_TYPE_INT,
                             even(GST_VIDEO_INFO_WIDTH(&info)), "height", G_TYPE_INT,
                             even(GST_VIDEO_INFO_HEIGHT(&info)), "colorimetry", G_TYPE_STRING,
                             "bt709", nullptr);
}

Result<FramePtr> decode(const std::string& path, const Canvas& canvas) {
  auto graph = GstGraph::parse(
      "filesrc name=src ! decodebin ! videoconvert ! appsink name=video sync=false max-buffers=1 "
      "drop=false enable-last-sample=false");
  if (!graph.ok()) return std::move(graph).error();
  g_object_set((**graph)["src"], "location", path.c_str(), nullptr);
  if (Status s = (*graph)->preroll(10); !s.ok()) return s.error();
  GstSample* raw = gst_app_sink_try_pull_preroll(GST_APP_SINK((**graph)["video"]), GST_SECOND);
  if (!raw) return Error{ErrorKind::Unsupported, "it holds no picture"};
  GstVideoInfo info;
  if (!gst_video_info_from_caps(&info, gst_sample_get_caps(raw))) {
    gst_sample_unref(raw);
    return Error{ErrorKind::Unsupported, "it holds no picture"};
  }
  GstCaps* caps = still_caps(info, canvas);
  GError* error = nullptr;
  GstSample* done = gst_video_convert_sample(raw, caps, 10 * GST_SECOND, &error);
  gst_caps_unref(caps);
  gst_sample_unref(raw);
  if (!done) {
    Error e{ErrorKind::Unsupported, error ? error->message : "it cannot be converted"};
    g_clear_error(&error);
    return e;
  }
  FramePtr frame;
  if (gst_video_info_from_caps(&info, gst_sample_get_caps(done)))
    if (const auto as = frame_info_of(info))
      frame = wrap_buffer(gst_sample_get_buffer(done), info, *as,
                          std::make_shared<std::atomic<int>>(0));
  gst_sample_unref(done);
  if (!frame) return Error{ErrorKind::Unsupported, "it cannot be converted"};
  return frame;
}

}  // namespace

SourceKind image_kind() {
  return {description(),
          [](const Settings& s, const SourceContext& c) -> Result<std::unique_ptr<Source>> {
            const std::string path =
                media_path(c.media_folder, setting<std::string>(description(), s, "file"));
            if (!c.video) return Error{ErrorKind::FixInput, "a still image has no sound"};
            std::error_code ec;
            if (!std::filesystem::is_regular_file(path, ec))
              return Error{ErrorKind::NotFound, "image file \"" + path +
                                                    "\" does not exist; put it there or correct "
                                                    "\"file\""};
            auto picture = decode(path, c.canvas);
            if (!picture.ok())
              return std::move(picture.error()).context("image file \"" + path + "\"");
            return std::unique_ptr<Source>(
                std::make_unique<ImageSource>(std::move(picture).value(), c));
          }};
}

}  // namespace kakehashi
