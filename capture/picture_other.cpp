// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures that only GStreamer knows: GIF and the like, the first one in the file.
#include <gst/app/gstappsink.h>
#include <gst/video/video.h>

#include <cstring>

#include "capture/gst_pipeline.h"
#include "capture/picture_formats.h"

namespace kakehashi {

Result<PixelSheet> decode_other(const std::string& path) {
  auto graph = GstGraph::parse(
      "filesrc name=src ! decodebin ! videoconvert dither=none ! "
      "appsink name=video sync=false max-buffers=1 drop=false enable-last-sample=false "
      "caps=video/x-raw,format=BGRA");
  if (!graph.ok()) return std::move(graph).error();
  g_object_set((**graph)["src"], "location", path.c_str(), nullptr);
  if (Status s = (*graph)->preroll(10); !s.ok()) return s.error();
  const Error nothing{ErrorKind::Unsupported, "it holds no picture"};
  GstSample* sample = gst_app_sink_try_pull_preroll(GST_APP_SINK((**graph)["video"]), GST_SECOND);
  if (!sample) return nothing;
  Result<PixelSheet> result = nothing;
  GstVideoInfo info;
  GstVideoFrame frame;
  if (gst_video_info_from_caps(&info, gst_sample_get_caps(sample)) &&
      check_size(static_cast<std::uint64_t>(GST_VIDEO_INFO_WIDTH(&info)),
                 static_cast<std::uint64_t>(GST_VIDEO_INFO_HEIGHT(&info)))
          .ok() &&
      gst_video_frame_map(&frame, &info, gst_sample_get_buffer(sample), GST_MAP_READ)) {
    PixelSheet sheet(GST_VIDEO_INFO_WIDTH(&info), GST_VIDEO_INFO_HEIGHT(&info));
    const auto* pixels = static_cast<const std::uint8_t*>(GST_VIDEO_FRAME_PLANE_DATA(&frame, 0));
    for (int y = 0; y < sheet.height; ++y)
      std::memcpy(sheet.line(y),
                  pixels + static_cast<std::ptrdiff_t>(y) * GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0),
                  static_cast<std::size_t>(sheet.width) * 4);
    gst_video_frame_unmap(&frame);
    lay_over_black(sheet);
    result = std::move(sheet);
  }
  gst_sample_unref(sample);
  return result;
}

}  // namespace kakehashi
