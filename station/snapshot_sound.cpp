// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "mixer/sound/recall.h"
#include "mixer/sound/routing.h"
#include "station/snapshot_maker.h"

namespace kakehashi {
namespace {

StripStatus describe_strip(const Moment& moment, std::size_t place,
                           const std::vector<SoundBus>& buses, MediaTime now) {
  const Show& show = *moment.stage->show;
  const StripState& strip = moment.live.strips[place];
  const Input* input = find_by_id(show.inputs, strip.id);
  StripStatus status;
  status.id = strip.id;
  status.name = input ? input->name : Text{strip.id, ""};
  status.microphone = input && input->microphone;
  status.gain_db = strip.gain.value;
  status.muted = strip.muted;
  status.open = strip.open;
  status.listen = strip.listen;
  status.sound = strip.sound;
  for (const SoundBus& bus : buses)
    if (barred(show, moment.live, place, bus, now) == SoundBar::None)
      status.buses.push_back(bus.id);
  const SoundBar bar = barred(show, moment.live, place, buses[kProgramBus], now);
  status.heard = bar == SoundBar::None;
  if (input && !status.heard && !strip.muted) status.closed = bar_words(bar, show, *input);
  return status;
}

void add_meter(const StripMeter& meter, StripStatus& status) {
  std::copy_n(meter.peak_db, 2, status.peak_db);
  status.level_db = meter.level_db;
  status.automix_db = meter.automix_db;
  status.rider_db = meter.rider_db;
  status.duck_db = meter.duck_db;
  status.compressor_db = meter.compressor_db;
  status.gate_db = meter.gate_db;
  status.talks = meter.talks;
}

}  // namespace

void describe_sound(const Moment& moment, const AudioMeters& meters, MediaTime now, Snapshot& s) {
  const Show& show = *moment.stage->show;
  const LiveState& live = moment.live;
  const std::vector<SoundBus> buses = sound_buses(show);
  for (std::size_t i = 0; i < live.strips.size(); ++i) {
    s.strips.push_back(describe_strip(moment, i, buses, now));
    if (i < meters.strips.size()) add_meter(meters.strips[i], s.strips.back());
  }
  for (std::size_t b = 0; b < buses.size(); ++b) {
    SoundBusStatus status;
    status.id = buses[b].id;
    status.kind = buses[b].kind;
    status.name = buses[b].name;
    if (const auto* state = find_by_id(live.sound_buses, status.id)) {
      status.gain_db = state->gain.value;
      status.muted = state->muted;
    }
    if (b < meters.buses.size()) {
      std::copy_n(meters.buses[b].peak_db, 2, status.peak_db);
      status.limiter_db = meters.buses[b].limiter_db;
    }
    s.sound_buses.push_back(std::move(status));
  }
  for (const SoundSnapshot& snapshot : show.sound.snapshots) {
    SoundSnapshotStatus status{snapshot.id, snapshot.name, {}};
    for (const std::string& id : snapshot.open) {
      const Input* input = find_by_id(show.inputs, id);
      if (input && opens(&snapshot, *input)) status.open.push_back(id);
    }
    s.sound_snapshots.push_back(std::move(status));
  }
  s.sound_snapshot = live.sound_snapshot;
  s.microphones_live = microphones_under_card(show, live, now);
  s.sound = meters.program;
}

}  // namespace kakehashi
