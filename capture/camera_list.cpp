// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/camera_list.h"

namespace kakehashi {
namespace {

std::string text_of(const GstStructure* s, const char* name) {
  const gchar* v = s ? gst_structure_get_string(s, name) : nullptr;
  return v ? v : "";
}

}  // namespace

std::vector<Camera> list_cameras() {
  std::vector<Camera> found;
  GstDeviceMonitor* monitor = gst_device_monitor_new();
  gst_device_monitor_add_filter(monitor, "Video/Source", nullptr);
  // Without start() the providers are probed once, here.
  GList* devices = gst_device_monitor_get_devices(monitor);
  for (GList* d = devices; d; d = d->next) {
    auto* device = GST_DEVICE(d->data);
    GstStructure* p = gst_device_get_properties(device);
    Camera c;
    c.node = text_of(p, "device.path");
    if (c.node.starts_with("/dev/video")) {
      gchar* name = gst_device_get_display_name(device);
      c.name = name ? name : c.node;
      g_free(name);
      const std::string serial = text_of(p, "device.serial"), port = text_of(p, "device.bus_path");
      c.id = !serial.empty() ? serial : !port.empty() ? port : c.name;
      GstCaps* caps = gst_device_get_caps(device);
      c.modes = camera_modes(caps);
      if (caps) gst_caps_unref(caps);
      // UVC cameras have a second node for metadata; it offers no pictures.
      if (!c.modes.empty()) found.push_back(std::move(c));
    }
    if (p) gst_structure_free(p);
  }
  g_list_free_full(devices, gst_object_unref);
  gst_object_unref(monitor);
  return found;
}

}  // namespace kakehashi
