// SPDX-License-Identifier: GPL-3.0-or-later
// What /sys tells about a piece of hardware, in the words of udev's usb_id and path_id but read by
// ourselves, so that a device is the same one with and without udev (containers, rescue systems).
// Standard library only. For capture/ and the list of sound outputs (station/machine_outputs.h).
#pragma once

#include <string>

#include "core/device.h"

namespace kakehashi {

struct Place {
  std::string serial;  // "046d:0892:A1B2C3"; empty: it has none, or one that says nothing
  std::string port;    // "pci-0000:00:14.0-usb-0:3:1.0"; empty: it hangs nowhere (virtual)
  bool usb = false;
  double usb_mbit = 0;  // 480, 5000; 0: unknown
};

// `folder`: the device's link, "/sys/class/video4linux/video0/device". Missing: an empty Place.
Place place_of(const std::string& folder);

// False for what makers write when they number nothing: "", "0", "00000000", "SN0001", …
bool tells_apart(const std::string& serial);
// First line of a small file of /sys or /proc, trimmed; empty when it cannot be read.
std::string first_line(const std::string& path);
// Valid UTF-8 without control characters and outer blanks: names come from the devices themselves.
std::string clean_name(const std::string& raw);
// Where it is plugged in, for people: "USB 3", "USB 1.4"; "PCI 03:00.0"; else the port's last part.
std::string port_words(const std::string& port);
// "HD Webcam (USB 3)"
std::string device_words(const std::string& name, const DeviceIdentity& identity);

}  // namespace kakehashi
