// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/probe_command.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <mutex>
#include <ostream>

#include "capture/devices.h"
#include "capture/source_kind.h"
#include "presets/venue_file.h"
#include "station/equip/probe.h"
#include "station/equip/wire.h"
#include "station/open_event.h"
#include "station/run_command.h"

namespace kakehashi {
namespace {

struct Opened {
  ProbeTask task;
  PlannedShow told;
  bool good = true;
};

std::string plain_word(const std::string& text) {
  std::string word;
  for (const char c : text)
    word += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_';
  return word.substr(0, 48);
}

// The inputs of a venue without an event: each role that is bound there.
void add_bindings(const Venue& venue, Show& show) {
  for (const auto& [role, source] : venue.bindings) {
    Input input;
    input.id = role;
    input.name = {role, role};
    const SourceKind* kind = find_source_kind(source.kind);
    input.video = kind && kind->description.has_video;
    input.audio = kind && kind->description.has_audio;
    input.microphone = source.kind == "microphone";
    input.source = source;
    if (const auto at = venue.delays.find(role); at != venue.delays.end()) input.delay = at->second;
    show.inputs.push_back(std::move(input));
  }
}

// Neither event nor venue: what is plugged in, under its own name.
void add_plugged_in(Show& show) {
  const auto devices = list_devices();
  if (!devices) return;
  for (const Device& d : *devices) {
    if (d.kind == "screen") continue;
    Input input;
    input.id = plain_word(d.id);
    for (int n = 2; find_by_id(show.inputs, input.id); ++n)
      input.id = plain_word(d.id).substr(0, 44) + "_" + std::to_string(n);
    input.name = {d.name, d.name};
    const SourceKind* kind = find_source_kind(d.kind);
    input.video = kind && kind->description.has_video;
    input.audio = kind && kind->description.has_audio;
    input.microphone = d.kind == "microphone";
    input.source = d.spec;
    show.inputs.push_back(std::move(input));
  }
}

Opened open_task(const ProbeOptions& o, std::ostream& err) {
  Opened opened;
  ProbeTask& task = opened.task;
  std::string venue = o.venue;
  if (!o.event.empty()) {
    OpenedEvent event = open_event(o.event, o.venue, o.secrets);
    print_faults(err, o.event, event.faults, Language::Japanese);
    opened.good = event.faults.empty();
    if (!opened.good) return opened;
    task.show = std::move(event.show);
    task.media_folder = std::move(event.media_folder);
    opened.told.event = task.show.title.ja;
    if (venue.empty() && !task.show.venue.empty())
      venue = (std::filesystem::path(task.media_folder) / task.show.venue).string();
  }
  if (!venue.empty()) {
    const VenueReading place = load_venue(venue, source_kind_table());
    print_faults(err, venue, place.faults, Language::Japanese);
    opened.good = place.ok();
    if (!opened.good) return opened;
    opened.told.venue = place.venue.name;
    if (o.write_delays) task.delays = venue;
    task.test_server = place.venue.test_server;
    opened.told.venue_id = std::filesystem::path(venue).stem().string();
    if (o.event.empty()) add_bindings(place.venue, task.show);
  }
  if (o.event.empty() && venue.empty()) add_plugged_in(task.show);
  task.quick = o.quick;
  task.clap = o.clap;
  task.burn_in_minutes = o.burn_in_minutes;
  task.folder = o.folder;
  task.keys = o.secrets.empty() ? default_secrets_path() : o.secrets;
  return opened;
}

int print_plan(Opened& opened, std::ostream& out) {
  out << write_line(opened.told) << '\n';
  ProbeTask& task = opened.task;
  for (const Probe& row : probes()) {
    PlannedProbe planned{row.name, "", row.title, row.title, 0};
    if (!row.each) {
      task.inputs = task.show.inputs;
      planned.seconds = row.seconds(task);
      if (planned.seconds > 0) out << write_line(planned) << '\n';
      continue;
    }
    for (const Input& input : task.show.inputs) {
      if (!row.each(input)) continue;
      task.inputs = {input};
      planned.role = input.id;
      planned.item = input.name;
      planned.seconds = row.seconds(task);
      if (planned.seconds > 0) out << write_line(planned) << '\n';
    }
  }
  out.flush();
  return kExitOk;
}

}  // namespace

int run_probe(const ProbeOptions& options, const std::atomic<bool>& stop, std::ostream& out,
              std::ostream& err) {
  if (options.parent > 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a probe is nothing without its runner
    if (::getppid() != options.parent) return kExitDevice;
  }
  Opened opened = open_task(options, err);
  if (!opened.good) return kExitBadEvent;
  if (options.name == "plan") return print_plan(opened, out);

  const auto& rows = probes();
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [&](const Probe& p) { return p.name == options.name; });
  if (row == rows.end()) {
    err << "no probe is called \"" << options.name << "\"\n";
    return kExitUsage;
  }
  opened.task.stop = &stop;
  for (const Input& input : opened.task.show.inputs)
    if (options.role.empty() || input.id == options.role) opened.task.inputs.push_back(input);
  std::mutex mutex;  // a probe may measure on several threads
  const auto say = [&](const ProbeLine& line) {
    const std::lock_guard lock(mutex);
    out << write_line(line) << std::endl;
  };
  row->run(opened.task, {[&](double progress, const Text& now) {
                           say(ProbeStep{progress, now});
                         },
                         [&](const EquipmentItem& item) { say(item); }});
  return kExitOk;
}

}  // namespace kakehashi
