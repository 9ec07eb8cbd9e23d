// SPDX-License-Identifier: GPL-3.0-or-later
// From a role's settings to the one device that is meant, or a sentence that says why there is
// none. Pure. Private to capture/.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/device.h"
#include "core/result.h"
#include "core/settings.h"

namespace kakehashi {

// A device that could be opened now.
struct Offered {
  DeviceIdentity identity;
  std::string name;                // for people
  std::vector<std::string> words;  // what else setting "device" may say: "/dev/video0", "hw:1,0"
};

// By "serial", "port" and "model" where one of them is set (core/device.h tells how), else by
// "device": a serial, port, model, name or word, or a part of a name when only one device has it.
// `what`: "camera", for the sentence. NotFound: missing, elsewhere, or not to be told apart;
// FixInput: nothing was asked for.
Result<std::size_t> choose_device(const std::string& what, const Settings& settings,
                                  const std::vector<Offered>& present,
                                  const std::vector<DeviceIdentity>& others);

// The settings that choose_device reads, in the forms of both kinds.
std::vector<SettingField> device_fields(const Text& device_label, const std::string& fallback);

}  // namespace kakehashi
