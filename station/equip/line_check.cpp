// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/line_check.h"

#include <algorithm>
#include <chrono>

#include "encoder/network.h"

namespace kakehashi {
namespace {

using rtmp::LineTrouble;
using SteadyClock = std::chrono::steady_clock;

double ms_since(SteadyClock::time_point t) {
  return std::chrono::duration<double, std::milli>(SteadyClock::now() - t).count();
}

struct Place {
  std::string app, name, tc_url;
};
Place place_of(const RtmpAddress& a, bool with_key) {
  Place p{a.app, "line-test", {}};
  const auto slash = a.app.substr(0, a.app.find('?')).rfind('/');
  if (!with_key && slash != std::string::npos) {
    p.app = a.app.substr(0, slash);
    p.name = a.app.substr(slash + 1);
  }
  const std::string host = a.host.find(':') == std::string::npos ? a.host : "[" + a.host + "]";
  p.tc_url = std::string(a.tls ? "rtmps://" : "rtmp://") + host + ":" + std::to_string(a.port) +
             "/" + p.app;
  return p;
}

// One of several addresses (IPv6 and IPv4) is enough; the last one's trouble is told.
LineTrouble connect_any(std::unique_ptr<rtmp::Line>& line, const std::vector<Endpoint>& endpoints,
                        Duration patience, const std::atomic<bool>& stop) {
  LineTrouble trouble = LineTrouble::Unreachable;
  for (const Endpoint& e : endpoints) {
    line = std::make_unique<rtmp::Line>(stop);
    trouble = line->connect(e.family, e.address, patience);
    if (trouble == LineTrouble::None || trouble == LineTrouble::Stopped) break;
  }
  return trouble;
}

struct Walk {
  LineReport report;
  std::unique_ptr<rtmp::Line> line;
  Place place;
};

Walk walk(const LineTestWish& wish, const std::atomic<bool>& stop) {
  Walk w;
  LineReport& r = w.report;
  const auto address = parse_rtmp_address(wish.url);
  if (!address) return w;
  r.host = address->host;
  r.port = address->port;
  r.tls = address->tls;
  w.place = place_of(*address, wish.with_key);
  r.reached = LineStep::Name;
  const auto endpoints = look_up(r.host, r.port, stop, wish.patience);
  if (!endpoints) {
    r.trouble = stop ? LineTrouble::Stopped : LineTrouble::Unreachable;
    return w;
  }
  const auto began = SteadyClock::now();
  r.reached = LineStep::Tcp;
  r.trouble = connect_any(w.line, *endpoints, wish.patience, stop);
  r.tcp_ms = ms_since(began);
  if (r.trouble != LineTrouble::None) {
    r.other_port = r.port == wish.tls_port ? wish.plain_port : wish.tls_port;
    if (r.trouble == LineTrouble::Stopped) return w;
    r.other_asked = true;
    const auto others = look_up(r.host, r.other_port, stop, wish.patience);
    r.other_answers = others && port_answers(*others, "", stop, wish.patience);
    return w;
  }
  const auto step = [&](LineStep next, auto action) {
    r.reached = next;
    r.trouble = action();
    return r.trouble == LineTrouble::None;
  };
  bool good = !r.tls || step(LineStep::Tls, [&] {
    return w.line->start_tls(r.host, wish.ca_file, wish.patience);
  });
  good = good && step(LineStep::Greeting, [&] { return w.line->greet(wish.patience); });
  good = good && step(LineStep::Connect, [&] {
           return w.line->connect_app(w.place.app, w.place.tc_url, wish.patience);
         });
  r.said = w.line->said();
  r.ready_ms = ms_since(began);
  if (good) r.reached = LineStep::Done;
  return w;
}

}  // namespace

LineReport check_line(const LineTestWish& wish, const std::atomic<bool>& stop) {
  return walk(wish, stop).report;
}

UploadTrial try_upload(const LineTestWish& wish, double kbps, Duration length,
                       const std::atomic<bool>& stop, const std::function<void(double)>& tell) {
  Walk w = walk(wish, stop);
  UploadTrial trial{w.report, {}};
  if (w.report.reached != LineStep::Done) return trial;
  trial.figures = w.line->upload(w.place.name, kbps, length, tell);
  trial.line.said = w.line->said();
  if (trial.figures.trouble != LineTrouble::None) {
    trial.line.reached = LineStep::Upload;
    trial.line.trouble = trial.figures.trouble;
  }
  return trial;
}

}  // namespace kakehashi
