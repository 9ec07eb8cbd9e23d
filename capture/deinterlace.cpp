// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/deinterlace.h"
#include "core/setting_fields.h"

#include <string_view>

namespace kakehashi {
namespace {

constexpr double kFieldRate = 45;  // from here on a program has room for every field

// The streaming thread, before the first picture of a format reaches the element.
GstPadProbeReturn caps_seen(GstPad* pad, GstPadProbeInfo* info, gpointer) {
  GstEvent* event = gst_pad_probe_info_get_event(info);
  if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return GST_PAD_PROBE_OK;
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event, &caps);
  const GstStructure* s = gst_caps_get_structure(caps, 0);
  const gchar* mode = gst_structure_get_string(s, "interlace-mode");
  const bool said = mode && std::string_view(mode) != "progressive";
  GstElement* element = gst_pad_get_parent_element(pad);
  if (!element) return GST_PAD_PROBE_OK;
  // What does not say its order is HDMI or SDI behind a stick: top first (SMPTE ST 274).
  gst_util_set_object_arg(G_OBJECT(element), "tff", said ? "auto" : "tff");
  gst_object_unref(element);
  return GST_PAD_PROBE_OK;
}

}  // namespace

SettingField deinterlace_field() {
  return choice_field("deinterlace", {"インターレース解除", "Deinterlacing"},
                      {"auto", "bob", "frame", "off"});
}

Deinterlacing deinterlacing(const std::string& setting, Rate program) {
  if (setting == "off") return {};
  Deinterlacing d;
  // Bottom: in 1080i (top first) the later of a frame's two moments. Of bottom-first material it is
  // the earlier one; taking its top fields makes the element hold a frame back.
  d.fields = setting != "frame" && program.per_second() > kFieldRate;
  d.elements = std::string("deinterlace name=fields method=linear mode=") +
               (setting == "bob" ? "interlaced" : "auto") +
               " fields=" + (d.fields ? "all" : "bottom") + " ! ";
  return d;
}

void learn_field_order(GstElement* bin) {
  GstElement* element = gst_bin_get_by_name(GST_BIN(bin), "fields");
  if (!element) return;
  GstPad* pad = gst_element_get_static_pad(element, "sink");
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, caps_seen, nullptr, nullptr);
  gst_object_unref(pad);
  gst_object_unref(element);
}

}  // namespace kakehashi
