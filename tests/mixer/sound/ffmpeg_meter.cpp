// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/mixer/sound/ffmpeg_meter.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/support/process.h"

namespace kakehashi::testing {
namespace {

constexpr auto kPatience = std::chrono::minutes(5);  // beside a build with all its compilers

bool there() {
  static const bool found = [] {
    std::string printed;  // not into the test's own output
    if (run({"ffmpeg", "-version"}, &printed, {}, kPatience) == 0) return true;
    std::fprintf(stderr, "skipped: the program ffmpeg is missing (apt-get install ffmpeg)\n");
    return false;
  }();
  return found;
}

}  // namespace

std::optional<FfmpegReading> measured_by_ffmpeg(std::span<const float> stereo) {
  if (!there()) return std::nullopt;
  const TempDir folder;
  {
    std::ofstream file(folder / "sound.f32", std::ios::binary);
    file.write(reinterpret_cast<const char*>(stereo.data()),
               static_cast<std::streamsize>(stereo.size_bytes()));
  }
  std::string printed;
  if (run({"ffmpeg", "-hide_banner", "-nostats", "-loglevel", "error", "-f", "f32le", "-ar",
           "48000", "-ac", "2", "-i", folder / "sound.f32", "-af",
           "ebur128=metadata=1:peak=true,ametadata=mode=print:file=-", "-f", "null", "-"},
          &printed, {}, kPatience) != 0)
    return FfmpegReading{};

  FfmpegReading reading;
  std::istringstream lines(printed);
  for (std::string line; std::getline(lines, line);) {
    const auto value = [&](const char* key) -> std::optional<double> {
      const std::string begin = std::string("lavfi.r128.") + key + "=";
      if (line.rfind(begin, 0) != 0) return std::nullopt;
      return std::atof(line.c_str() + begin.size());
    };
    if (const auto m = value("M")) reading.momentary.push_back(*m);
    if (const auto s = value("S")) reading.short_term.push_back(*s);
    if (const auto i = value("I")) reading.integrated.push_back(*i);
    if (const auto peak = value("true_peak"); peak && *peak > 0)
      reading.true_peak_db = std::max(reading.true_peak_db, 20 * std::log10(*peak));
  }
  return reading;
}

}  // namespace kakehashi::testing
