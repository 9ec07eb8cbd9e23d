// SPDX-License-Identifier: GPL-3.0-or-later
// `kakehashi-station devices`: what is plugged in, once or again with each change.
#pragma once

#include <atomic>
#include <iosfwd>

namespace kakehashi {

struct DevicesOptions {
  bool json = false;   // an array; while watching one line for each list
  bool watch = false;  // until stopped
};
// init_capture() has been called. Returns an exit code.
int run_devices(const DevicesOptions& options, const std::atomic<bool>& stop, std::ostream& out,
                std::ostream& err);

}  // namespace kakehashi
