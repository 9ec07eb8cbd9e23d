// SPDX-License-Identifier: GPL-3.0-or-later
// Where sound goes. Four buses stand in every event; each remote partner has one more, made by
// itself: everything but the partner (mix-minus, N-1), so that nobody hears himself come back.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/text.h"

namespace kakehashi {

struct Show;

enum class SoundBusKind : std::uint8_t {
  Program,      // PGM: the stream and the recording
  RecordClean,  // the clean recording: as PGM, without rider and ducking, for cutting afterwards
  Venue,        // the hall's loudspeakers: what the show allows there, no microphone of the hall
  Monitor,      // headphones: program, or the strips that are listened to
  MixMinus,     // one partner's return
};

struct SoundBus {
  std::string id;  // "program", "record_clean", "venue", "monitor", "return.<partner>"
  SoundBusKind kind = SoundBusKind::Program;
  std::string partner;  // MixMinus: Input::partner of those it leaves out
  Text name;
  friend bool operator==(const SoundBus&, const SoundBus&) = default;
};

inline constexpr std::size_t kProgramBus = 0, kRecordCleanBus = 1, kVenueBus = 2, kMonitorBus = 3;

// The four, at these places, then the partners' in input order.
std::vector<SoundBus> sound_buses(const Show& show);

}  // namespace kakehashi
