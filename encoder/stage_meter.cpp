// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/stage_meter.h"

namespace kakehashi {
namespace {

constexpr std::array kNames = {"age", "mix", "wait", "encode", "queue", "send", "whole"};

}  // namespace

void StageMeter::add(const EncodedPacket& packet, MediaTime begin, MediaTime end) {
  if (packet.kind != PacketKind::Video || packet.captured.ns == 0 || packet.taken.ns == 0) return;
  const std::array<MediaTime, kSteps + 1> at = {
      packet.captured, packet.due, packet.mixed, packet.taken, packet.encoded, begin, end};
  for (std::size_t i = 0; i < kSteps; ++i) times_[i].add(at[i + 1] - at[i]);
  times_[kSteps].add(end - packet.captured);
}

std::vector<StageTime> StageMeter::stages() const {
  std::vector<StageTime> stages;
  if (times_[kSteps].count() == 0) return stages;
  for (std::size_t i = 0; i <= kSteps; ++i)
    stages.push_back({kNames[i], times_[i].quantile(0.5).to_milliseconds(),
                      times_[i].quantile(0.95).to_milliseconds(),
                      times_[i].quantile(0.99).to_milliseconds()});
  return stages;
}

}  // namespace kakehashi
