// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/stage_meter.h"

#include <doctest/doctest.h>

using namespace kakehashi;

namespace {

MediaTime at(double ms) { return {1'000'000'000 + static_cast<std::int64_t>(ms * 1e6)}; }

EncodedPacket picture() {
  EncodedPacket p;
  p.captured = at(0);
  p.due = at(4);
  p.mixed = at(4.8);
  p.taken = at(5);
  p.encoded = at(13);
  return p;
}

double p50(const StageMeter& meter, const std::string& id) {
  for (const StageTime& s : meter.stages())
    if (s.id == id) return s.p50_ms;
  return -1;
}

}  // namespace

TEST_CASE("every step of a picture's way has its time, and they add up") {
  StageMeter meter;
  CHECK(meter.stages().empty());
  meter.add(picture(), at(13.5), at(14));
  const double wanted[] = {4, 0.8, 0.2, 8, 0.5, 0.5, 14};
  const char* names[] = {"age", "mix", "wait", "encode", "queue", "send", "whole"};
  const auto stages = meter.stages();
  REQUIRE(stages.size() == 7);
  for (std::size_t i = 0; i < 7; ++i) {
    CHECK(stages[i].id == names[i]);
    CHECK(stages[i].p50_ms == doctest::Approx(wanted[i]).epsilon(0.001).scale(60));
    CHECK(stages[i].p99_ms == stages[i].p50_ms);
  }
}

TEST_CASE("a rare slow send shows at the end of its distribution only") {
  StageMeter meter;
  for (int i = 0; i < 97; ++i) meter.add(picture(), at(13.5), at(14));
  for (int i = 0; i < 3; ++i) meter.add(picture(), at(13.5), at(73.5));
  CHECK(p50(meter, "send") < 1);
  CHECK(meter.stages()[5].p95_ms < 1);
  CHECK(meter.stages()[5].p99_ms == doctest::Approx(60).epsilon(0.01));
  CHECK(meter.stages()[4].p99_ms < 1);
}

TEST_CASE("sound, stills and pictures of unknown origin do not count") {
  StageMeter meter;
  EncodedPacket p = picture();
  p.kind = PacketKind::Audio;
  meter.add(p, at(13.5), at(14));
  p = picture();
  p.captured = {};
  meter.add(p, at(13.5), at(14));
  p = picture();
  p.taken = {};
  meter.add(p, at(13.5), at(14));
  CHECK(meter.stages().empty());
}
