// SPDX-License-Identifier: GPL-3.0-or-later
// The line: every destination as far as "connect", without publishing and without its key; then
// what a test server takes in.
#include <algorithm>
#include <cstdlib>

#include "encoder/output.h"
#include "station/equip/line_check.h"
#include "station/equip/probe_rows.h"

namespace kakehashi {
namespace {

constexpr double kTriedRatio = 3;  // of what the event needs

double upload_seconds(const ProbeTask& t) { return t.quick ? 8 : 30; }

// Loopback proves nothing about a line, so there is no default.
std::string test_server(const ProbeTask& task) {
  if (!task.test_server.empty()) return task.test_server;
  const char* named = std::getenv("KAKEHASHI_TEST_SERVER");
  return named ? named : "";
}

std::vector<const Destination*> live_destinations(const Show& show) {
  std::vector<const Destination*> all;
  for (const Destination& d : show.destinations) {
    const OutputKind* kind = find_output_kind(d.kind);
    if (d.enabled && kind && kind->live) all.push_back(&d);
  }
  return all;
}

LineTestWish wish_for(const Destination& d) {
  const KindDescription& row = find_output_kind(d.kind)->description;
  LineTestWish wish;
  wish.url = setting<std::string>(row, d.settings, "url");
  if (const auto file = setting<std::string>(row, d.settings, "ca_file"); !file.empty())
    wish.ca_file = file;
  wish.with_key = !d.key_name.empty();
  return wish;
}

void run(const ProbeTask& task, const ProbeReport& report) {
  static const std::atomic<bool> never{false};
  const std::atomic<bool>& stop = task.stop ? *task.stop : never;
  const auto destinations = live_destinations(task.show);
  const std::string server = test_server(task);
  const double parts = static_cast<double>(destinations.size()) + (server.empty() ? 0 : 4);
  double done = 0;
  for (const Destination* d : destinations) {
    if (stop) return;
    const std::string& ja = d->name.ja.empty() ? d->id : d->name.ja;
    report.progress(done++ / parts, {"「" + ja + "」への接続を試しています（配信はしません）",
                                     "Connecting to " + d->name.pick(Language::English) +
                                         " (nothing is published)"});
    report.item(judge_line(*d, check_line(wish_for(*d), stop)));
  }
  if (destinations.empty() && server.empty()) return;
  if (server.empty()) {
    report.item(upload_not_tested());
    return;
  }
  const EncodeSettings& e = task.show.encode;
  const double needed = (e.video_kbps + e.audio_kbps) *
                        static_cast<double>(std::max<std::size_t>(1, destinations.size()));
  LineTestWish wish;
  wish.url = server;
  wish.with_key = false;
  double told = -1;
  const UploadTrial trial =
      try_upload(wish, kTriedRatio * needed, Duration::from_seconds(upload_seconds(task)), stop,
                 [&](double part) {
                   if (part - told < 0.02) return;
                   told = part;
                   report.progress((done + 4 * part) / parts,
                                   {"回線の速さを測っています（試験サーバーへ送信）",
                                    "Measuring the line with the test server"});
                 });
  report.item(judge_upload(trial, needed, kTriedRatio * needed));
}

}  // namespace

Probe network_probe() {
  return {"network",
          {"配信先への回線を試しています", "Testing the line to the destinations"},
          nullptr,
          [](const ProbeTask& t) {
            const auto n = static_cast<double>(live_destinations(t.show).size());
            const bool upload = !test_server(t).empty();
            return n == 0 && !upload ? 0.0 : 4 * n + 2 + (upload ? upload_seconds(t) : 0);
          },
          run};
}

}  // namespace kakehashi
