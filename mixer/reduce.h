// SPDX-License-Identifier: GPL-3.0-or-later
// A plane to a half, a third or a quarter of its size: what grids and insets of full-HD cameras ask
// for. Each loop exists as a plain reference and as AVX2 with the same bytes. Pure; any thread.
#pragma once

#include <cstdint>

#include "core/show.h"
#include "core/video_frame.h"

namespace kakehashi {

// Source lines that will be read soon, as many as one step goes down. Only hinted at, never read:
// they may lie anywhere. Sources come from other threads
// and lie in no near cache; the processor itself does not look ahead past a page of 4 KiB, which is
// two lines. Asking for them while there is work to do takes a quarter to a third off the time.
struct Ahead {
  const std::uint8_t* first = nullptr;
  int stride = 0;
};

// Whether the first or the last result of a line lies at the side of the plane.
struct Sides {
  bool left = false, right = false;
};

struct Reducers {
  // n samples of result lines. `lines` are the source lines they are made of, each at the first
  // sample of the first result.
  //
  // Half: two result lines at once, out of six; weights 1 7 7 1 (of 16) along both axes. The lines
  // are also read one sample before and one behind what the results stand for, except at a side of
  // the plane, where the outermost sample counts once more. Nearer to Lanczos
  // than the mean of 2 x 2 (1.3 dB on photographs) and than GStreamer's four taps (0.9 dB), and
  // with no ringing beside letters. `out0` may be `out1`: then the second one stays.
  void (*half)(const std::uint8_t* const lines[6], std::uint8_t* out0, std::uint8_t* out1, int n,
               Sides at, const Ahead& ahead);
  // Mean of 3 x 3 and of 4 x 4, to the nearest code.
  void (*third)(const std::uint8_t* const lines[3], std::uint8_t* out, int n, const Ahead& ahead);
  void (*quarter)(const std::uint8_t* const lines[4], std::uint8_t* out, int n, const Ahead& ahead);
};

const Reducers& reference_reducers();
const Reducers* avx2_reducers();  // null when this processor or this build has no AVX2
const Reducers& reducers();       // the fastest this machine has

// `source` is exactly `ratio` (2, 3 or 4) times as wide and high as the result, of which `part` is
// written at `out`. Beyond the plane's edges its outermost samples go on.
void reduce_plane(PlaneView source, int width, int height, int ratio, const Rect& part,
                  std::uint8_t* out, int out_stride);

// always_inline: g++ 12 takes a function of nothing but prefetches for one without effect and drops
// the calls.
__attribute__((always_inline)) inline void fetch_ahead(const std::uint8_t* p, int n) {
  for (int i = 0; i < n; i += 64) __builtin_prefetch(p + i);
}

}  // namespace kakehashi
