// SPDX-License-Identifier: GPL-3.0-or-later
// What the operator reads about a finding: what is seen and its likely cause, and one thing to do.
// One table; a PC, a camera and a mixer need different hands. Pure.
#pragma once

#include "capture/detect_plan.h"
#include "core/snapshot.h"

namespace kakehashi {

// `never_heard`: of Silent, that something hisses there but nobody has spoken yet.
InputFinding finding_words(Finding f, InputSort sort, bool never_heard = false);

}  // namespace kakehashi
