// SPDX-License-Identifier: GPL-3.0-or-later
// One part of an equipment test: a row of a table, run as a process of its own (`kakehashi-station
// probe NAME ...`), so that a driver that hangs or dies takes no show with it. A probe opens its
// devices, measures, says what it found and ends with every device closed.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "core/equipment_test.h"
#include "core/show.h"
#include "core/text.h"

namespace kakehashi {

struct ProbeTask {
  Show show;                  // inputs already bound by the venue
  std::vector<Input> inputs;  // the ones this probe is about, bound
  bool clap = false;          // picture against sound: by claps instead of the flash page
  bool quick = false;         // a third of the time; figures are coarser
  double burn_in_minutes = 0;
  std::string folder;        // pictures go here; exists
  std::string media_folder;  // relative paths of sources start here (the event file's folder)
  std::string keys;          // path of the secrets file, for destinations
  std::string delays;        // venue file to keep measured delays in; empty: they are only told
  std::string test_server;   // rtmp address that takes uploads for measuring; empty: none
  const std::atomic<bool>* stop = nullptr;  // somebody cancelled: end soon
};

// Where a probe tells. Thread: the probe's own.
struct ProbeReport {
  std::function<void(double progress, const Text& now)> progress;  // 0..1 of this probe
  std::function<void(const EquipmentItem&)> item;  // again with the same id replaces it
};

struct Probe {
  const char* name;  // "camera", "cameras_together", "sound", "offset", "screens", ...
  Text title;        // "カメラを1台ずつ試しています"
  // Which inputs get a process each; null: one process for all (task.inputs holds all of them).
  bool (*each)(const Input&);
  double (*seconds)(const ProbeTask&);  // how long it takes, for the progress bar; x3 is its limit
  void (*run)(const ProbeTask&, const ProbeReport&);
};

const std::vector<Probe>& probes();

}  // namespace kakehashi
