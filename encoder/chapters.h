// SPDX-License-Identifier: GPL-3.0-or-later
// Markers as the chapters of one file, in the order of its time.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/marker.h"

namespace kakehashi {

struct Chapter {
  Duration from, until;  // of the file
  std::string title;
};

// Each lasts until the next one, so that every player shows them; the end of an off-record span is
// a chapter too (「公開に戻る」). `zero`: when the file's time began. Markers from outside the file
// are left out, a span that reaches into it begins with it.
std::vector<Chapter> chapters_of(std::span<const Marker> markers, MediaTime zero, Duration length);

}  // namespace kakehashi
