// SPDX-License-Identifier: GPL-3.0-or-later
// How far one gets towards a destination, without publishing: name, TCP, TLS, RTMP greeting,
// connect; and how much a test server takes. Measuring is in check_line(), the words are pure.
#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "core/equipment_test.h"
#include "core/result.h"
#include "core/show.h"
#include "rtmp/line.h"

namespace kakehashi {

enum class LineStep : std::uint8_t { Address, Name, Tcp, Tls, Greeting, Connect, Upload, Done };

struct LineTestWish {
  std::string url;  // "rtmp://server[:port]/app" or rtmps; no key
  std::string ca_file = "/etc/ssl/certs/ca-certificates.crt";
  bool with_key = true;  // false: the last part of the path is the stream's name
  Duration patience = Duration::seconds(6);  // per step
  int plain_port = 1935, tls_port = 443;     // what is compared when a port is blocked
};

struct LineReport {
  LineStep reached = LineStep::Address;  // the first step that failed; Done: none
  rtmp::LineTrouble trouble = rtmp::LineTrouble::None;
  std::string host;
  int port = 0;
  bool tls = false;
  std::string said;     // the other side's own words; may be empty
  double tcp_ms = 0;    // until connected: about one round trip
  double ready_ms = 0;  // until "connect" was answered
  // Asked when TCP did not come through.
  bool other_asked = false, other_answers = false;
  int other_port = 0;
};

// Blocks; ends soon after `stop`.
LineReport check_line(const LineTestWish& wish, const std::atomic<bool>& stop);

struct UploadTrial {
  LineReport line;
  rtmp::UploadFigures figures;
};
// Connects to `wish.url` and sends `kbps` for `length`; the stream's name is the last part of its
// path, or "line-test".
UploadTrial try_upload(const LineTestWish& wish, double kbps, Duration length,
                       const std::atomic<bool>& stop, const std::function<void(double)>& tell);

// Pure from here.
EquipmentItem judge_line(const Destination& destination, const LineReport& report);
// `needed_kbps`: what the event sends in all. `tried_kbps`: what was attempted.
EquipmentItem judge_upload(const UploadTrial& trial, double needed_kbps, double tried_kbps);
EquipmentItem upload_not_tested();

}  // namespace kakehashi
