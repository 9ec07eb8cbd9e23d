// SPDX-License-Identifier: GPL-3.0-or-later
// Which piece of hardware plays a role. A role is bound by what the hardware is and where it is
// plugged in, never by /dev/videoN or an index: those change with the order of plugging.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace kakehashi {

// As the kernel and udev tell it. Empty: unknown, or not asked for.
struct DeviceIdentity {
  std::string serial;  // udev ID_SERIAL_SHORT with vendor and product: "046d:0892:A1B2C3"
  std::string port;    // udev ID_PATH: "pci-0000:00:14.0-usb-0:3:1.0"; where it is plugged in
  std::string model;   // "HD Pro Webcam C920"; what it calls itself
  bool empty() const { return serial.empty() && port.empty() && model.empty(); }
  friend bool operator==(const DeviceIdentity&, const DeviceIdentity&) = default;
};

enum class DeviceMatch : unsigned char {
  Found,
  Missing,    // nothing like it is plugged in
  Elsewhere,  // one of the same model is there, at another port or with another serial: a person
              // must say that it is meant
  Ambiguous,  // several devices answer to the wish (a model that is there twice)
};

struct DeviceChoice {
  DeviceMatch match = DeviceMatch::Missing;
  std::size_t index = 0;  // Found: the device; Elsewhere: the nearest one
};

// The device that `wanted` means. Its strongest known key decides, the weaker ones are not asked
// then: serial (two devices with the same serial, as cheap ones have: the port among them), else
// port and model, else model alone and only when exactly one is there. `others` is what the other
// roles are bound to: a device that is exactly one of them is theirs, so that of two cameras that
// differ by nothing but their port, the one left over never takes both parts. Pure.
DeviceChoice find_device(const DeviceIdentity& wanted, const std::vector<DeviceIdentity>& present,
                         const std::vector<DeviceIdentity>& others = {});

}  // namespace kakehashi
