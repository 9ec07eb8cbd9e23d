// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/equip/pc_load.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

namespace kakehashi {
namespace {

std::string text_of(const char* path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

bool too_busy(const PcLoad& load, double period_ms) {
  // A driver holds four pictures for us: held up for longer, some are lost.
  if (period_ms > 0 && (load.late_ms > period_ms / 2 || load.latest_ms > 3 * period_ms))
    return true;
  // Pressure stall information tells of waiting; without it only a processor that never rests does.
  return load.waiting >= 0 ? load.waiting >= 0.5 : load.busy >= 0.95;
}

std::optional<CpuTimes> parse_cpu_times(std::string_view stat) {
  // user nice system idle iowait irq softirq steal; what a hypervisor took counts as used.
  unsigned long long v[8] = {};
  const std::string line(stat.substr(0, std::min(stat.find('\n'), stat.size())));
  if (std::sscanf(line.c_str(), "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &v[0], &v[1], &v[2],
                  &v[3], &v[4], &v[5], &v[6], &v[7]) < 5)
    return std::nullopt;
  CpuTimes t;
  for (const auto part : v) t.all += part;
  t.used = t.all - v[3] - v[4];
  return t;
}

std::optional<std::uint64_t> parse_pressure(std::string_view pressure) {
  if (!pressure.starts_with("some ")) return std::nullopt;
  const std::string line(pressure.substr(0, pressure.find('\n')));
  const std::size_t at = line.find("total=");
  unsigned long long total = 0;
  if (at == std::string::npos || std::sscanf(line.c_str() + at, "total=%llu", &total) != 1)
    return std::nullopt;
  return total;
}

PcLoadWatch::PcLoadWatch(MediaTime now)
    : begin_(now),
      times_(parse_cpu_times(text_of("/proc/stat"))),
      pressure_(parse_pressure(text_of("/proc/pressure/cpu"))) {}

void PcLoadWatch::woke(Duration late) {
  ++woken_;
  ++lates_[std::clamp<std::int64_t>(late.ns / 1'000'000, 0, kSteps - 1)];
  latest_ = std::max(latest_, late);
}

PcLoad PcLoadWatch::tell(MediaTime now) const {
  PcLoad load;
  const auto times = parse_cpu_times(text_of("/proc/stat"));
  if (times && times_ && times->all > times_->all && times->used >= times_->used)
    load.busy = static_cast<double>(times->used - times_->used) /
                static_cast<double>(times->all - times_->all);
  const auto pressure = parse_pressure(text_of("/proc/pressure/cpu"));
  if (const double us = (now - begin_).to_seconds() * 1e6; pressure && pressure_ && us > 0)
    load.waiting = std::clamp(static_cast<double>(*pressure - *pressure_) / us, 0.0, 1.0);
  std::uint64_t above = 0;
  for (int i = kSteps - 1; i >= 0 && above * 100 <= woken_; --i) {
    load.late_ms = i;
    above += lates_[i];
  }
  load.latest_ms = latest_.to_milliseconds();
  return load;
}

}  // namespace kakehashi
