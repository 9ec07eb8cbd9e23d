// SPDX-License-Identifier: GPL-3.0-or-later
// Can this PC hold the event? Mixes the event's own heaviest scene and encodes it with its own
// settings, paced as on air, with moving, noisy pictures in place of every input.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/clock.h"
#include "core/equipment_test.h"
#include "core/result.h"
#include "core/show.h"
#include "mixer/painter.h"

namespace kakehashi {

struct CpuFigures {
  std::string scene;    // the heaviest one, by id
  std::string encoder;  // "libx264 superfast zerolatency, 2 slices"
  double period_ms = 0;
  double mix_p95_ms = 0, encode_p95_ms = 0, encode_max_ms = 0;
  std::uint64_t pictures = 0;
  std::uint64_t late = 0;     // ticks that began after the next one was due
  std::uint64_t skipped = 0;  // pictures the encoder did not come to
  // The busier of the two roads, as part of a picture's time.
  double load() const {
    const double busier = mix_p95_ms > encode_p95_ms ? mix_p95_ms : encode_p95_ms;
    return period_ms > 0 ? busier / period_ms : 0;
  }
};

struct CpuWish {
  Canvas canvas;
  EncodeSettings encode;
  Duration length = Duration::seconds(10);
};

// `show`: of the event; need not be arranged. `painted`: its letters. Blocks for about
// wish.length; `tell`: the part done. Errors: no encoder.
Result<CpuFigures> measure_cpu(const Show& show, const PaintedSet& painted, const CpuWish& wish,
                               Clock& clock, const std::atomic<bool>& stop,
                               const std::function<void(double)>& tell);

// What is lighter than the event's own settings, the smallest loss first.
struct CpuProposal {
  CpuWish wish;
  Text words;  // "画質の設定を「ultrafast」にしてください。"
};
std::vector<CpuProposal> lighter_settings(const Show& show, Duration length);

// Pure. `proposal`: the first lighter one that was measured to hold; nothing: none does.
EquipmentItem judge_cpu(const CpuFigures& figures, const std::optional<CpuProposal>& proposal);
inline constexpr double kCpuGood = 0.60, kCpuEnough = 0.85;  // of a picture's time

}  // namespace kakehashi
