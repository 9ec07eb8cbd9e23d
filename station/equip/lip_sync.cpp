// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/lip_sync.h"

#include <algorithm>
#include <cmath>

namespace kakehashi {
namespace {

constexpr int kRounds = 500;  // of relaxation; a few inputs settle within some dozens

// Of each sound device the channel that heard best.
std::vector<OffsetPair> nearest_only(const std::vector<Input>& inputs,
                                     const std::vector<OffsetPair>& pairs) {
  std::vector<OffsetPair> kept;
  for (const OffsetPair& p : pairs) {
    const Input* mine = find_by_id(inputs, p.microphone);
    const bool beaten = std::any_of(pairs.begin(), pairs.end(), [&](const OffsetPair& q) {
      const Input* theirs = find_by_id(inputs, q.microphone);
      return q.microphone != p.microphone && mine && theirs && same_sound_device(*mine, *theirs) &&
             (q.level > p.level || (q.level == p.level && q.microphone < p.microphone));
    });
    if (!beaten) kept.push_back(p);
  }
  return kept;
}

// The measured microphone that is another channel of the same device.
const Input* speaks_for(const std::vector<Input>& inputs, const std::vector<OffsetPair>& pairs,
                        const Input& other) {
  for (const OffsetPair& p : pairs)
    if (const Input* measured = find_by_id(inputs, p.microphone);
        measured && measured->id != other.id && same_sound_device(*measured, other))
      return measured;
  return nullptr;
}

// A role of today that was measured before too, a microphone if there is one.
std::string bridge_to(const std::set<std::string>& known, const std::vector<OffsetPair>& pairs) {
  std::string camera;
  for (const OffsetPair& p : pairs) {
    if (known.contains(p.microphone)) return p.microphone;
    if (known.contains(p.camera)) camera = p.camera;
  }
  return camera;
}

}  // namespace

bool same_sound_device(const Input& a, const Input& b) {
  if (!a.source || !b.source || a.source->kind != b.source->kind) return false;
  Settings one = a.source->settings, other = b.source->settings;
  for (Settings* s : {&one, &other}) {
    s->erase("channels");
    s->erase("first_channel");
  }
  return one == other;
}

std::map<std::string, Duration> lip_sync_delays(const std::vector<Input>& inputs,
                                                const std::vector<OffsetPair>& all,
                                                const std::set<std::string>& known) {
  const std::vector<OffsetPair> pairs = nearest_only(inputs, all);
  // How late each is, seconds: what fits all pairs best. `group`: those that pairs connect.
  std::map<std::string, double> late;
  std::map<std::string, std::string> group;
  for (const OffsetPair& p : pairs)
    for (const std::string& role : {p.camera, p.microphone}) late[role] = 0, group[role] = role;
  for (int round = 0; round < kRounds; ++round)
    for (auto& [role, value] : late) {
      double sum = 0;
      int count = 0;
      for (const OffsetPair& p : pairs) {
        const double by = p.offset.to_seconds();
        if (p.camera == role) sum += late[p.microphone] + by, ++count;
        if (p.microphone == role) sum += late[p.camera] - by, ++count;
        group[p.camera] = group[p.microphone] = std::min(group[p.camera], group[p.microphone]);
      }
      value = sum / count;
    }
  // Without the delays that are in effect now.
  const auto delay_of = [&](const std::string& role) {
    const Input* input = find_by_id(inputs, role);
    return input ? input->delay.to_seconds() : 0.0;
  };
  for (auto& [role, value] : late) value -= delay_of(role);
  // What was measured another time stood together with this one.
  if (const auto bridge = bridge_to(known, pairs); !bridge.empty())
    for (const Input& input : inputs)
      if (known.contains(input.id) && !late.contains(input.id) &&
          !speaks_for(inputs, pairs, input)) {
        late[input.id] = late[bridge] + delay_of(bridge) - input.delay.to_seconds();
        group[input.id] = group[bridge];
      }
  std::map<std::string, double> slowest;
  for (const auto& [role, value] : late) {
    const auto [at, first] = slowest.try_emplace(group[role], value);
    if (!first) at->second = std::max(at->second, value);
  }
  std::map<std::string, Duration> delays;
  for (const auto& [role, value] : late)
    delays[role] = Duration::milliseconds(std::llround(1000 * (slowest[group[role]] - value)));
  for (const Input& other : inputs)
    if (const Input* measured = speaks_for(inputs, pairs, other);
        measured && !late.contains(other.id))
      delays[other.id] = delays[measured->id];
  return delays;
}

}  // namespace kakehashi
