// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a tick should be split over two threads: how long a picture takes to be ready, and what
// that does to an x264 that works beside it.
#pragma once

#include "tests/bench/mix_peers.h"

namespace kakehashi::bench {

// Wall clock, so only of use on a machine that does nothing else. threads.<n>.*: ms until four
// inputs are mixed, alone and beside x264 (superfast, zerolatency, two sliced threads); and how
// long x264 takes per picture meanwhile.
std::vector<Figure> measure_threads(const PeerFiles& files, GridStudio& studio);

}  // namespace kakehashi::bench
