// SPDX-License-Identifier: GPL-3.0-or-later
// Interlaced cameras (1080i). Each field becomes a whole picture: its own lines as they are, the
// others the mean of their neighbours (GStreamer's deinterlace, method linear). That keeps every
// line where the camera saw it, mixes no two moments, and needs no later field: both pictures of a
// frame leave 1.1 ms after it came (full HD, measured), where the better-looking methods (greedyh,
// yadif) wait for one or two fields more. Private to capture/.
#pragma once

#include <gst/gst.h>

#include <string>

#include "core/settings.h"
#include "core/time.h"

namespace kakehashi {

// The setting "deinterlace" of kinds that can be interlaced: "auto" (what says it is interlaced),
// "bob" (also what does not say so; then top field first), "frame" (like auto, one picture per
// frame), "off".
SettingField deinterlace_field();

struct Deinterlacing {
  std::string elements;  // for a pipeline description, with " ! " at its end; may be empty
  bool fields = false;   // two pictures per frame may come together: VideoTap::Config::fields
};
// Field rate when the program has 50 or 60 pictures a second; else one field of each frame, the
// newer one of 1080i.
Deinterlacing deinterlacing(const std::string& setting, Rate program);

// Once the elements are in a bin: where the stream does not say its field order, top is first.
void learn_field_order(GstElement* bin);

}  // namespace kakehashi
