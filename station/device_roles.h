// SPDX-License-Identifier: GPL-3.0-or-later
// Devices that are plugged in, and the roles they play. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "capture/devices.h"
#include "core/device.h"
#include "core/show.h"
#include "core/snapshot.h"

namespace kakehashi {

// Which of `devices` an input's source is.
struct RoleDevice {
  bool asked = false;  // its source means a device that could be in the list
  DeviceMatch match = DeviceMatch::Missing;
  std::size_t index = 0;  // Found: the device; Elsewhere: the nearest one
};
// One for each of `inputs`, in their order.
std::vector<RoleDevice> role_devices(const std::vector<Input>& inputs,
                                     const std::vector<Device>& devices);

// The devices as a desk reads them; levels are left out. One that several roles share (channels of
// a sound device) names the first of them.
std::vector<DeviceStatus> describe_devices(const std::vector<Input>& inputs,
                                           const std::vector<Device>& devices);
// The channels of a sound device with their levels, and the role that hears each; empty for a
// device of one channel, whose level says it all.
std::vector<DeviceChannel> describe_channels(const std::vector<Input>& inputs,
                                             const std::vector<Device>& devices, std::size_t device,
                                             const std::vector<double>& peaks_db);
// "1920x1080 60 MJPG, 1280x720 60 YUY2": the fastest of its three largest sizes.
std::string short_formats(const std::vector<std::string>& formats);

// What binds `device` to a role whose source was `before`: of the same kind it keeps its other
// settings (size, rate, format, deinterlacing, channels).
SourceSpec binding_of(const Device& device, const std::optional<SourceSpec>& before);

// Inputs other than `role` that play `device` so that `role`, bound by `spec`, cannot: all, but for
// sound devices only those that use a channel which `spec` uses too.
std::vector<std::string> displaced_roles(const std::vector<Input>& inputs,
                                         const std::vector<Device>& devices, std::size_t device,
                                         const std::string& role, const SourceSpec& spec);

// Roles whose device is not there: what is missing and what to do. Takes the place of the plainer
// "no picture" of the same input in `snapshot.messages`, unless viewers see it. A role that has a
// signal all the same is not missing.
void add_missing_devices(const std::vector<Input>& inputs, const std::vector<Device>& devices,
                         Snapshot& snapshot);

}  // namespace kakehashi
