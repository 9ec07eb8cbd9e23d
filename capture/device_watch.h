// SPDX-License-Identifier: GPL-3.0-or-later
// The list of devices, kept current by itself: what is plugged in appears, what is pulled out goes.
// Own thread ("devices"): the kernel's folders of device nodes tell when to look (inotify), and
// every 2 s it looks anyway, for what makes no node. No device is opened for streaming and no
// running stream is touched: sound devices are listed by ALSA, since PortAudio's list is frozen
// while it runs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "capture/devices.h"

namespace kakehashi {

class DeviceWatch {
 public:
  // `changed` is called on the watching thread after each change, the first list included; it must
  // return soon and must not destroy the watch.
  explicit DeviceWatch(std::function<void()> changed = {});  // returns at once
  ~DeviceWatch();  // at most the time of one look, usually at once
  DeviceWatch(const DeviceWatch&) = delete;
  DeviceWatch& operator=(const DeviceWatch&) = delete;

  // Any thread. In the order cameras, sound inputs, displays; empty before the first look.
  std::vector<Device> devices() const;
  // 0 before the first look, then one more with each list that differs from the one before.
  std::uint64_t generation() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi
