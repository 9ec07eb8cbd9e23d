// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/devices_command.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <ostream>

#include "capture/device_watch.h"
#include "station/run_command.h"

namespace kakehashi {
namespace {

nlohmann::json to_json(const Device& d) {
  nlohmann::json settings = nlohmann::json::object();
  for (const auto& [name, value] : d.spec.settings)
    std::visit([&, key = name](const auto& v) { settings[key] = v; }, value);
  settings["kind"] = d.spec.kind;
  return {{"id", d.id},
          {"name", d.name},
          {"kind", d.kind},
          {"serial", d.identity.serial},
          {"port", d.identity.port},
          {"model", d.identity.model},
          {"formats", d.formats},
          {"source", settings}};
}

void print(const std::vector<Device>& devices, const DevicesOptions& options, std::ostream& out) {
  if (options.json) {
    nlohmann::json list = nlohmann::json::array();
    for (const auto& d : devices) list.push_back(to_json(d));
    out << list.dump(options.watch ? -1 : 2) << '\n' << std::flush;
    return;
  }
  if (devices.empty()) out << "機材が見つかりません。／No devices found.\n";
  for (const auto& d : devices) {
    out << d.kind << "  " << d.name << "  [" << d.id << "]\n";
    if (!d.identity.serial.empty()) out << "    製造番号 serial  " << d.identity.serial << '\n';
    if (!d.identity.port.empty()) out << "    端子 port  " << d.identity.port << '\n';
    if (!d.identity.model.empty()) out << "    機種 model  " << d.identity.model << '\n';
    for (const auto& f : d.formats) out << "    " << f << '\n';
  }
  if (options.watch) out << "--\n";
  out << std::flush;
}

}  // namespace

int run_devices(const DevicesOptions& options, const std::atomic<bool>& stop, std::ostream& out,
                std::ostream& err) {
  if (!options.watch) {
    const auto devices = list_devices();
    if (!devices) {
      err << devices.error().message << '\n';
      return kExitDevice;
    }
    print(*devices, options, out);
    return kExitOk;
  }
  std::mutex mutex;
  std::condition_variable changed;
  DeviceWatch watch([&] {
    const std::lock_guard lock(mutex);
    changed.notify_all();
  });
  std::uint64_t shown = 0;
  while (!stop && out) {
    {
      std::unique_lock lock(mutex);  // a signal does not wake it
      changed.wait_for(lock, std::chrono::milliseconds(200),
                       [&] { return watch.generation() != shown; });
    }
    if (watch.generation() == shown) continue;
    shown = watch.generation();
    print(watch.devices(), options, out);
  }
  return kExitOk;
}

}  // namespace kakehashi
