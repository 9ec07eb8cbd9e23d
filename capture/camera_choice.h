// SPDX-License-Identifier: GPL-3.0-or-later
// Which of a camera's many modes to use. Pure, so that it is tested with lists of real cameras.
// Private to capture/.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "capture/camera_offers.h"
#include "core/show.h"

namespace kakehashi {

// How lines come: whole pictures; both fields woven into one picture; each field by itself.
enum class Scan : std::uint8_t { Progressive, Interlaced, Fields };

struct CameraMode {
  std::string media;   // "video/x-raw", "image/jpeg", "video/x-h264"
  std::string format;  // GStreamer's: "YUY2", "NV12"; "MJPG", "H264"
  int width = 0, height = 0;
  Rate rate{0, 1};  // 0: it tells none (a capture card follows its signal)
  Scan scan = Scan::Progressive;
  friend bool operator==(const CameraMode&, const CameraMode&) = default;
};
std::string words_of(const CameraMode& mode);  // "1920x1080i 30/1 UYVY"

// The modes as a technician reads them: each size of each format once, with its rates.
std::vector<CameraOffer> offers_of(const std::vector<CameraMode>& modes);

struct CameraWish {
  int width = 1920, height = 1080;
  Rate rate{30, 1};
  std::string format = "auto";  // or "raw", "mjpg", "h264"
  double bus_mbit = 0;          // of the USB device; 0: not USB, or unknown
};

// The mode nearest to the wish. What the audience sees comes first: in colour, fast enough, large
// enough, near in size, progressive. Among those that are equal in this the cheapest for
// the computer and the delay: raw up to 720p, JPEG (7.8 ms to decode in full HD) where raw does not
// go through the cable or would fill it, H.264 only when nothing else gives the size and rate: the
// camera's encoder itself delays by some pictures. Null when no mode has the wanted format.
const CameraMode* choose_mode(const std::vector<CameraMode>& modes, const CameraWish& wish);

}  // namespace kakehashi
