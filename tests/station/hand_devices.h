// SPDX-License-Identifier: GPL-3.0-or-later
// Devices plugged in and pulled out by hand.
#pragma once

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "station/device_desk.h"

namespace kakehashi::testing {

// Shared with the desk's list, which the desk destroys.
struct Plugs {
  void set(std::vector<Device> now) {
    std::function<void()> tell;
    {
      const std::lock_guard lock(mutex);
      devices = std::move(now);
      ++generation;
      tell = changed;
    }
    if (tell) tell();
  }
  std::mutex mutex;
  std::vector<Device> devices;
  std::uint64_t generation = 0;
  std::function<void()> changed;
};

class HandList final : public DeviceList {
 public:
  HandList(Plugs& plugs, std::function<void()> changed) : plugs_(plugs) {
    const std::lock_guard lock(plugs_.mutex);
    plugs_.changed = std::move(changed);
  }
  ~HandList() override {
    const std::lock_guard lock(plugs_.mutex);
    plugs_.changed = nullptr;
  }
  std::vector<Device> devices() const override {
    const std::lock_guard lock(plugs_.mutex);
    return plugs_.devices;
  }
  std::uint64_t generation() const override {
    const std::lock_guard lock(plugs_.mutex);
    return plugs_.generation;
  }

 private:
  Plugs& plugs_;
};

}  // namespace kakehashi::testing
