// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/camera_choice.h"

#include <cmath>
#include <cstdlib>
#include <tuple>

namespace kakehashi {
namespace {

std::vector<std::string> strings_of(const GValue* v) {
  std::vector<std::string> found;
  if (!v) return found;
  if (G_VALUE_HOLDS_STRING(v)) found.emplace_back(g_value_get_string(v));
  if (GST_VALUE_HOLDS_LIST(v))
    for (guint i = 0; i < gst_value_list_get_size(v); ++i)
      for (auto& s : strings_of(gst_value_list_get_value(v, i))) found.push_back(std::move(s));
  return found;
}

std::vector<Rate> rates_of(const GValue* v) {
  std::vector<Rate> found;
  if (!v) return found;
  if (GST_VALUE_HOLDS_FRACTION(v))
    found.push_back({gst_value_get_fraction_numerator(v), gst_value_get_fraction_denominator(v)});
  if (GST_VALUE_HOLDS_FRACTION_RANGE(v))  // stepless: offer the usual ones inside
    for (const Rate r : {Rate{60, 1}, Rate{50, 1}, Rate{30, 1}, Rate{25, 1}, Rate{15, 1}}) {
      const GValue* lo = gst_value_get_fraction_range_min(v);
      const GValue* hi = gst_value_get_fraction_range_max(v);
      const auto per_second = [](const GValue* f) {
        return static_cast<double>(gst_value_get_fraction_numerator(f)) /
               gst_value_get_fraction_denominator(f);
      };
      if (r.per_second() >= per_second(lo) && r.per_second() <= per_second(hi)) found.push_back(r);
    }
  if (GST_VALUE_HOLDS_LIST(v))
    for (guint i = 0; i < gst_value_list_get_size(v); ++i)
      for (const Rate r : rates_of(gst_value_list_get_value(v, i))) found.push_back(r);
  std::erase_if(found, [](Rate r) { return !r.valid(); });
  return found;
}

}  // namespace

std::vector<CameraMode> camera_modes(const GstCaps* caps) {
  std::vector<CameraMode> modes;
  for (guint i = 0; caps && i < gst_caps_get_size(caps); ++i) {
    const GstStructure* s = gst_caps_get_structure(caps, i);
    CameraMode m;
    m.media = gst_structure_get_name(s);
    if (!gst_structure_get_int(s, "width", &m.width) ||
        !gst_structure_get_int(s, "height", &m.height))
      continue;
    std::vector<std::string> formats;
    if (m.media == "image/jpeg") formats = {"MJPG"};
    if (m.media == "video/x-raw") formats = strings_of(gst_structure_get_value(s, "format"));
    for (const auto& format : formats)
      for (const Rate rate : rates_of(gst_structure_get_value(s, "framerate"))) {
        m.format = format;
        m.rate = rate;
        modes.push_back(m);
      }
  }
  return modes;
}

const CameraMode* choose_mode(const std::vector<CameraMode>& modes, int width, int height,
                              Rate rate, const std::string& format) {
  const auto cost = [&](const CameraMode& m) {
    const double want = rate.per_second(), has = m.rate.per_second();
    const bool slow = has < want * 0.98;  // 29.97 is good enough for 30
    const bool small = m.width < width || m.height < height;
    const int distance = std::abs(m.width - width) + std::abs(m.height - height);
    const bool odd = m.format != "YUY2" && m.format != "NV12" && m.format != "I420" &&
                     m.format != "YU12" && m.format != "UYVY" && m.format != "MJPG";
    return std::make_tuple(slow, slow ? want - has : 0.0, small, distance, odd, m.format == "MJPG",
                           std::abs(has - want));
  };
  const CameraMode* best = nullptr;
  for (const auto& m : modes) {
    const bool jpeg = m.media == "image/jpeg";
    if ((format == "raw" && jpeg) || (format == "mjpg" && !jpeg)) continue;
    if (!best || cost(m) < cost(*best)) best = &m;
  }
  return best;
}

}  // namespace kakehashi
