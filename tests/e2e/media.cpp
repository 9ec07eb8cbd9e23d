// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/e2e/media.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <numbers>
#include <sstream>

#include "tests/support/process.h"

namespace kakehashi::testing {
namespace {

double number(const nlohmann::json& packet, const char* key, double otherwise) {
  return packet.contains(key) ? std::stod(packet[key].get<std::string>()) : otherwise;
}

double span(const std::vector<PacketTime>& p) {
  return p.size() < 2 ? 0 : p.back().pts - p.front().pts;
}

// Standard output of an ffmpeg that decodes `path`.
class Decoding {
 public:
  Decoding(const std::string& path, const std::string& before, const std::string& after)
      : pipe_(popen(("ffmpeg -nostdin -v error " + before + " -i '" + path + "' " + after +
                     " - 2>/dev/null")
                        .c_str(),
                    "r")) {
    REQUIRE(pipe_);
  }
  ~Decoding() { pclose(pipe_); }
  Decoding(const Decoding&) = delete;
  Decoding& operator=(const Decoding&) = delete;
  std::size_t read(void* to, std::size_t bytes) { return std::fread(to, 1, bytes, pipe_); }

 private:
  std::FILE* pipe_;
};

}  // namespace

double MediaFile::video_seconds() const { return span(video); }
double MediaFile::audio_seconds() const { return span(audio); }

MediaFile probe(const std::string& path) {
  std::string text;
  REQUIRE(run({"ffprobe", "-v", "error", "-show_streams", "-show_packets", "-show_entries",
               "packet=stream_index,pts_time,dts_time,flags", "-of", "json", path},
              &text) == 0);
  const auto j = nlohmann::json::parse(text, nullptr, false);
  REQUIRE(j.is_object());
  MediaFile f;
  int picture = -1, sound = -1;
  for (const auto& s : j["streams"]) {
    if (s["codec_type"] == "video") {
      picture = s["index"];
      f.video_codec = s["codec_name"];
      f.profile = s.value("profile", "");
      f.pixels = s.value("pix_fmt", "");
      f.width = s["width"];
      f.height = s["height"];
    } else if (s["codec_type"] == "audio") {
      sound = s["index"];
      f.audio_codec = s["codec_name"];
      f.sample_rate = std::stoi(s["sample_rate"].get<std::string>());
      f.channels = s["channels"];
    }
  }
  for (const auto& p : j["packets"]) {
    const double pts = number(p, "pts_time", 0);
    const PacketTime time{pts, number(p, "dts_time", pts),
                          p["flags"].get<std::string>().starts_with("K")};
    if (p["stream_index"] == picture) f.video.push_back(time);
    if (p["stream_index"] == sound) f.audio.push_back(time);
  }
  return f;
}

double longest_step(const std::vector<PacketTime>& p) {
  double longest = 0;
  for (std::size_t i = 1; i < p.size(); ++i) longest = std::max(longest, p[i].pts - p[i - 1].pts);
  return longest;
}

int steps_back(const std::vector<PacketTime>& p) {
  int n = 0;
  for (std::size_t i = 1; i < p.size(); ++i) n += p[i].dts <= p[i - 1].dts;
  return n;
}

std::vector<double> keyframe_steps(const std::vector<PacketTime>& video) {
  std::vector<double> steps;
  const PacketTime* last = nullptr;
  for (const auto& p : video) {
    if (!p.keyframe) continue;
    if (last) steps.push_back(p.pts - last->pts);
    last = &p;
  }
  return steps;
}

std::vector<double> tone(const std::string& path, double hz, double start, double seconds) {
  Decoding sound(path, "",
                 "-vn -ss " + std::to_string(start) + " -t " + std::to_string(seconds) +
                     " -ac 1 -ar 48000 -f f32le");
  std::vector<double> amplitudes;
  std::vector<float> samples(12'000);
  const std::size_t bytes = samples.size() * sizeof(float);
  while (sound.read(samples.data(), bytes) == bytes) {
    double re = 0, im = 0;
    for (std::size_t n = 0; n < samples.size(); ++n) {
      const double angle = 2 * std::numbers::pi * hz * static_cast<double>(n) / 48000;
      re += samples[n] * std::cos(angle);
      im += samples[n] * std::sin(angle);
    }
    amplitudes.push_back(2 * std::hypot(re, im) / static_cast<double>(samples.size()));
  }
  REQUIRE(static_cast<double>(amplitudes.size()) >= 4 * seconds - 2);
  return amplitudes;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

std::vector<LevelAt> levels_10ms(const std::string& path) {
  std::string text;
  REQUIRE(run({"ffmpeg", "-nostdin", "-v", "error", "-copyts", "-i", path, "-map", "0:a", "-af",
               "asetnsamples=480:p=0,astats=metadata=1:reset=1:measure_perchannel=none:"
               "measure_overall=Peak_level,ametadata=print:file=-",
               "-f", "null", "/dev/null"},
              &text) == 0);
  std::vector<LevelAt> levels;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (const auto at = line.find("pts_time:"); at != std::string::npos)
      levels.push_back({std::stod(line.substr(at + 9)), -200});
    else if (const auto is = line.find("Peak_level="); is != std::string::npos && !levels.empty())
      levels.back().peak_db = std::max(-200.0, std::strtod(line.c_str() + is + 11, nullptr));
  }
  return levels;
}

int each_picture(const std::string& path, int width, int height,
                 const std::function<void(int, const std::uint8_t*)>& look) {
  // "extractplanes" hands the luma over as it is; a conversion to gray would stretch its range.
  Decoding pictures(path, "", "-an -vf extractplanes=y -vsync passthrough -f rawvideo");
  std::vector<std::uint8_t> luma(static_cast<std::size_t>(width) * height);
  int n = 0;
  while (pictures.read(luma.data(), luma.size()) == luma.size()) look(n++, luma.data());
  return n;
}

double mean_luma(const std::uint8_t* luma, int width, Rect r) {
  std::int64_t sum = 0;
  for (int y = r.y; y < r.y + r.h; ++y)
    for (int x = r.x; x < r.x + r.w; ++x) sum += luma[y * width + x];
  return static_cast<double>(sum) / (static_cast<double>(r.w) * r.h);
}

}  // namespace kakehashi::testing
