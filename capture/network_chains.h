// SPDX-License-Identifier: GPL-3.0-or-later
// From what a demuxer or a depayloader offers to pictures and sound: the explicit chains of
// network sources. decodebin3 would put a multiqueue before each decoder, and frame threads in the
// decoder would hold one picture per thread back. Private to capture/.
#pragma once

#include <gst/gst.h>

#include <string>

namespace kakehashi {

struct Chain {
  const char* caps;  // what it takes
  bool picture;
  const char* elements;  // ends in raw pictures or sound
};

// Nothing when these caps are not among those we decode.
const Chain* chain_for(const GstCaps* caps);
// A stream of pictures or sound, whether we decode it or not.
bool is_picture(const GstCaps* caps);

// The demuxer for what typefind saw; null for what has none here.
const char* demuxer_for(const GstCaps* caps);

// The first element of a pipeline description that is not installed; empty when all are.
std::string missing_element(const std::string& description);

}  // namespace kakehashi
