// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device.h"

#include <algorithm>

namespace kakehashi {

namespace {

using Test = bool (*)(const DeviceIdentity& wanted, const DeviceIdentity& there);

bool same_serial(const DeviceIdentity& a, const DeviceIdentity& b) { return a.serial == b.serial; }
bool same_port(const DeviceIdentity& a, const DeviceIdentity& b) {
  return a.port == b.port && (a.model.empty() || a.model == b.model);
}
bool same_model(const DeviceIdentity& a, const DeviceIdentity& b) { return a.model == b.model; }

}  // namespace

DeviceChoice find_device(const DeviceIdentity& wanted, const std::vector<DeviceIdentity>& present,
                         const std::vector<DeviceIdentity>& others) {
  if (wanted.empty()) return {};
  std::vector<std::size_t> free;
  for (std::size_t i = 0; i < present.size(); ++i) {
    if (present[i] == wanted) return {DeviceMatch::Found, i};
    if (std::find(others.begin(), others.end(), present[i]) == others.end()) free.push_back(i);
  }
  const auto those = [&](Test test) {
    std::vector<std::size_t> found;
    for (const std::size_t i : free)
      if (test(wanted, present[i])) found.push_back(i);
    return found;
  };
  const Test deciding = !wanted.serial.empty() ? same_serial
                        : !wanted.port.empty() ? same_port
                                               : same_model;
  const auto found = those(deciding);
  if (found.size() == 1) return {DeviceMatch::Found, found.front()};
  if (found.size() > 1) {
    for (const std::size_t i : found)
      if (!wanted.port.empty() && same_port(wanted, present[i])) return {DeviceMatch::Found, i};
    return {DeviceMatch::Ambiguous, found.front()};
  }
  if (wanted.model.empty()) return {};
  const auto alike = those(same_model);
  return alike.empty() ? DeviceChoice{} : DeviceChoice{DeviceMatch::Elsewhere, alike.front()};
}

}  // namespace kakehashi
