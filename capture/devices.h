// SPDX-License-Identifier: GPL-3.0-or-later
// What is plugged in: cameras (V4L2), sound inputs (ALSA), X11 displays. For
// `kakehashi-station devices`, for the desk's list (capture/device_watch.h) and for binding roles.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/device.h"
#include "core/result.h"
#include "core/show.h"

namespace kakehashi {

struct Device {
  std::string id;           // serial, else port, else model; unique among those listed together
  std::string name;         // for people, with its port: "HD Webcam (USB 3)"
  DeviceIdentity identity;  // what a role is bound by
  std::string kind;         // the source kind that opens it
  SourceNature nature = SourceNature::Device;  // of that kind
  std::vector<std::string> formats;  // each size at its best: "1920x1080 30/1 MJPG"; may be empty
  SourceSpec spec;                   // ready to be written into a venue file
  friend bool operator==(const Device&, const Device&) = default;
};

// Looks, and remembers between looks what need not be asked again. One thread.
class DeviceScan {
 public:
  DeviceScan();
  ~DeviceScan();
  DeviceScan(const DeviceScan&) = delete;
  DeviceScan& operator=(const DeviceScan&) = delete;
  // Some milliseconds. Opens no stream: a device in use is listed like any other.
  std::vector<Device> look();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// One look. An empty list is not an error.
Result<std::vector<Device>> list_devices();

// What a binding asks for: its settings "serial", "port" and "model", else "device" as the model.
// Empty for a source that is no device. Pure.
DeviceIdentity identity_of(const SourceSpec& spec);
// The settings that bind to this device. Pure.
Settings binding_settings(const DeviceIdentity& identity);
// Ids where there are none yet, and ports into the names; both become unique. Pure.
void tell_apart(std::vector<Device>& devices);

}  // namespace kakehashi
