// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/camera_choice.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <string_view>
#include <tuple>

namespace kakehashi {
namespace {

// Milliseconds of work for a full HD picture (measured for JPEG and conversion), and for H.264 the
// delay that its encoder and decoder add, so that it comes last whatever else it saves.
constexpr double kJpegMs = 7.8, kConvertMs = 2.5, kH264Ms = 6.0, kH264DelayMs = 1000;
// USB leaves about this share of a cable to pictures.
constexpr double kUsable = 0.8;
// Raw pictures cost memory bandwidth: as much as 15 ms of work per 100 MB.
constexpr double kMsPerMegabyte = 0.15;

// A rate that is not the program's costs repeated or dropped pictures.
constexpr double kMsPerRate = 10;

struct RawFormat {
  std::string_view name;
  double bytes;  // per pixel
  bool direct;   // the mixer reads it as it is
};
constexpr std::array kRaw{
    RawFormat{"I420", 1.5, true},  RawFormat{"NV12", 1.5, true}, RawFormat{"YV12", 1.5, false},
    RawFormat{"NV21", 1.5, false}, RawFormat{"YUY2", 2, true},   RawFormat{"UYVY", 2, true},
    RawFormat{"Y42B", 2, true},    RawFormat{"YVYU", 2, false},  RawFormat{"NV16", 2, false},
    RawFormat{"RGB", 3, false},    RawFormat{"BGR", 3, false},   RawFormat{"GRAY8", 1, false},
    RawFormat{"BGRx", 4, true}};

const RawFormat* raw_format(const std::string& name) {
  const auto* const found =
      std::find_if(kRaw.begin(), kRaw.end(), [&](const RawFormat& f) { return f.name == name; });
  return found == kRaw.end() ? nullptr : found;
}

bool grey(const CameraMode& m) { return m.format.starts_with("GRAY"); }

double raw_megabytes(const CameraMode& m, Rate rate) {
  const RawFormat* f = raw_format(m.format);
  return (f ? f->bytes : 4) * m.width * m.height * rate.per_second() / 1e6;
}

double cost(const CameraMode& m, const CameraWish& wish) {
  const Rate rate = m.rate.numerator > 0 ? m.rate : wish.rate;
  const double full_hd_a_second =
      double{1} * m.width * m.height * rate.per_second() / (1920.0 * 1080.0);
  if (m.media == "image/jpeg") return kJpegMs * full_hd_a_second;
  if (m.media == "video/x-h264") return kH264DelayMs + kH264Ms * full_hd_a_second;
  const RawFormat* f = raw_format(m.format);
  const double megabytes = raw_megabytes(m, rate);
  double ms = kMsPerMegabyte * megabytes;
  if (!f || !f->direct) ms += kConvertMs * full_hd_a_second * (f ? 1 : 2);
  // It fills the cable: one more camera on the same hub and both lose pictures.
  if (wish.bus_mbit > 0 && megabytes * 8 > wish.bus_mbit * kUsable * 0.75) ms += 500;
  return ms;
}

bool wanted(const CameraMode& m, const CameraWish& wish) {
  if (wish.format == "raw") return m.media == "video/x-raw";
  if (wish.format == "mjpg") return m.media == "image/jpeg";
  if (wish.format == "h264") return m.media == "video/x-h264";
  return true;
}

// Offered, but more than the cable carries: such a mode gives torn or no pictures.
bool goes_through(const CameraMode& m, const CameraWish& wish) {
  return m.media != "video/x-raw" || wish.bus_mbit <= 0 || m.rate.numerator <= 0 ||
         raw_megabytes(m, m.rate) * 8 <= wish.bus_mbit * kUsable;
}

auto rank(const CameraMode& m, const CameraWish& wish) {
  const double want = wish.rate.per_second(),
               has = m.rate.numerator > 0 ? m.rate.per_second() : want;
  const bool slow = has < want * 0.98;  // 29.97 is good enough for 30
  const bool small = m.width < wish.width || m.height < wish.height;
  const int distance = std::abs(m.width - wish.width) + std::abs(m.height - wish.height);
  return std::make_tuple(!goes_through(m, wish), grey(m), slow, slow ? want - has : 0.0, small,
                         distance, m.scan, cost(m, wish) + kMsPerRate * std::abs(has - want));
}

}  // namespace

std::string words_of(const CameraMode& m) {
  std::string words = std::to_string(m.width) + "x" + std::to_string(m.height) +
                      (m.scan == Scan::Progressive ? "" : "i");
  if (m.rate.numerator > 0)
    words += " " + std::to_string(m.rate.numerator) + "/" + std::to_string(m.rate.denominator);
  return words + " " + m.format;
}

std::vector<CameraOffer> offers_of(const std::vector<CameraMode>& modes) {
  std::vector<CameraOffer> offers;
  for (const CameraMode& m : modes) {
    CameraOffer o{m.media == "image/jpeg"     ? "MJPEG"
                  : m.media == "video/x-h264" ? "H.264"
                                              : m.format,
                  m.media == "image/jpeg"     ? "mjpg"
                  : m.media == "video/x-h264" ? "h264"
                                              : "raw",
                  m.width,
                  m.height,
                  m.scan != Scan::Progressive,
                  {}};
    auto same = std::find_if(offers.begin(), offers.end(), [&](const CameraOffer& other) {
      return other.format == o.format && other.width == o.width && other.height == o.height &&
             other.interlaced == o.interlaced;
    });
    if (same == offers.end()) same = offers.insert(offers.end(), std::move(o));
    const double rate = m.rate.numerator > 0 ? m.rate.per_second() : 0;
    auto& rates = same->rates;
    if (rate > 0 && std::find(rates.begin(), rates.end(), rate) == rates.end())
      rates.insert(std::upper_bound(rates.begin(), rates.end(), rate, std::greater<>()), rate);
  }
  return offers;
}

const CameraMode* choose_mode(const std::vector<CameraMode>& modes, const CameraWish& wish) {
  const CameraMode* best = nullptr;
  for (const auto& m : modes)
    if (wanted(m, wish) && m.width > 0 && m.height > 0 &&
        (!best || rank(m, wish) < rank(*best, wish)))
      best = &m;
  return best;
}

}  // namespace kakehashi
