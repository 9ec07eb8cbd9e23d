// SPDX-License-Identifier: GPL-3.0-or-later
// The practice receiver end to end: a real ffmpeg encodes and publishes pictures and sound whose
// truth is known.
#include "station/ingest.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numbers>

#include "core/clock.h"
#include "core/frame_code.h"
#include "station/ingest_main.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using testing::wait_until;

namespace {

constexpr int kW = 640, kH = 360, kSeconds = 7;
constexpr double kBeepLate = 0.120;

std::filesystem::path scratch(const std::string& name) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("kakehashi-ingest-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  return folder / name;
}

// Raw 48 kHz mono: a quiet hum, a 1 kHz beep 120 ms after each full second, silence 4.5 s..6 s.
void write_sound(const std::filesystem::path& path) {
  std::ofstream out(path, std::ios::binary);
  for (int i = 0; i < kSeconds * 48000; ++i) {
    const double t = i / 48000.0, into = std::fmod(t, 1.0) - kBeepLate;
    double v = 0.05 * std::sin(2 * std::numbers::pi * 300 * t);
    if (t >= 1 && into >= 0 && into < 0.1) v += 0.5 * std::sin(2 * std::numbers::pi * 1000 * into);
    if (t >= 4.5 && t < 6) v = 0;
    const auto s = static_cast<std::int16_t>(v * 32767);
    out.write(reinterpret_cast<const char*>(&s), sizeof s);
  }
}

// Pictures in real time; a flash in the first three of each second; the picture stands 3.0..4.0 s.
void feed_pictures(std::FILE* pipe) {
  MonotonicClock clock;
  const MediaTime begin = clock.now();
  std::vector<std::uint8_t> picture(kW * kH * 3 / 2, 128);
  FrameCode code;
  for (int n = 0; n < kSeconds * 30; ++n) {
    clock.sleep_until(begin + Rate{30, 1}.time_of(n));
    if (n < 90 || n >= 120)
      code = {clock.now().ns / 1000, static_cast<std::uint32_t>(n), n % 30 < 3 && n >= 30};
    std::fill_n(picture.begin(), kW * kH, static_cast<std::uint8_t>(90));
    paint_frame_code(picture.data(), kW, frame_code_rect(kW, kH), code);
    std::fwrite(picture.data(), 1, picture.size(), pipe);
  }
}

std::string publish_command(const std::string& inputs, const std::string& url) {
  return "ffmpeg -hide_banner -loglevel error -nostdin " + inputs +
         " -c:v libx264 -preset ultrafast -tune zerolatency -g 60 -b:v 2M -pix_fmt yuv420p"
         " -c:a aac -b:a 128k -f flv '" +
         url + "/practice'";
}

}  // namespace

TEST_CASE("What ffmpeg publishes is measured as it is") {
  std::signal(SIGPIPE, SIG_IGN);
  const auto sound = scratch("sound.raw"), frames = scratch("frames.csv");
  write_sound(sound);
  IngestOptions options;
  options.listen = "rtmp://127.0.0.1:0/live";
  options.frames_file = frames.string();
  auto ingest = Ingest::start(options);
  REQUIRE(ingest.ok());

  const std::string inputs =
      "-probesize 32 -f rawvideo -pix_fmt yuv420p -s 640x360 -r 30 -i pipe:0"
      " -f s16le -ar 48000 -ac 1 -i " +
      sound.string();
  std::FILE* pipe = ::popen(publish_command(inputs, (*ingest)->url()).c_str(), "w");
  REQUIRE(pipe != nullptr);
  feed_pictures(pipe);
  CHECK(::pclose(pipe) == 0);
  REQUIRE(wait_until([&] { return !(*ingest)->report().last_disconnect.empty(); }));
  (*ingest)->stop();
  const IngestReport r = (*ingest)->report();
  INFO(ingest_report_json(r));

  CHECK(r.publisher_sessions == 1);
  CHECK(r.pictures_received == kSeconds * 30);
  CHECK(r.pictures_decoded == r.pictures_received);
  CHECK(r.decode_errors == 0);
  CHECK(r.dts_backwards == 0);
  CHECK(r.width == kW);
  CHECK(r.fps == doctest::Approx(30).epsilon(0.003));
  CHECK(r.seconds == doctest::Approx(kSeconds).epsilon(0.02));
  CHECK(r.keyframe_interval_s == doctest::Approx(2.0).epsilon(0.01));
  CHECK(r.codes_unread == 0);
  CHECK(r.missing == 30);  // the numbers not shown while the picture stood
  CHECK(r.repeated == 30);
  CHECK(r.latency_ms.median > 1);
  CHECK(r.latency_ms.median < 2000);  // ffmpeg's own start-up and interleaving
  CHECK(r.av_offset_ms.count == 3);   // 1, 2 and 6 s; at 3 and 4 it stands, at 5 it is silent
  CHECK(std::abs(r.av_offset_ms.median - kBeepLate * 1000) < 5);
  CHECK(r.tone_dbfs == doctest::Approx(-6).epsilon(0.1));
  CHECK(r.longest_freeze_s == doctest::Approx(1.03).epsilon(0.05));
  CHECK(r.longest_silence_s == doctest::Approx(1.5).epsilon(0.05));

  std::ifstream list(frames);
  std::string line;
  int lines = 0;
  while (std::getline(list, line)) ++lines;
  CHECK(lines == kSeconds * 30 + 1);
  std::filesystem::remove_all(sound.parent_path());
}

TEST_CASE("Several streams at once; a key that is in use is refused until it is free again") {
  IngestOptions options;
  options.listen = "rtmp://127.0.0.1:0/live";
  auto ingest = Ingest::start(options);
  REQUIRE(ingest.ok());
  const std::string endless = publish_command(
      "-re -f lavfi -i testsrc2=s=320x180:r=30 -re -f lavfi -i sine=1000", (*ingest)->url());
  std::FILE* first = ::popen(("exec timeout -s INT 4 " + endless).c_str(), "r");
  REQUIRE(first != nullptr);
  CHECK(wait_until([&] { return (*ingest)->report().pictures_decoded > 0; }));
  CHECK(std::system((endless + " 2>/dev/null").c_str()) != 0);
  std::string other = publish_command(
      "-t 1 -f lavfi -i testsrc2=s=640x360:r=30 -t 1 -f lavfi -i sine=1000", (*ingest)->url());
  other.replace(other.rfind("/practice"), 9, "/another");
  CHECK(std::system(other.c_str()) == 0);
  REQUIRE(wait_until([&] {
    const auto reports = (*ingest)->reports();
    return reports.size() == 2 && reports[1].pictures_decoded == 30;
  }));
  CHECK((*ingest)->reports()[0].width == 320);
  CHECK((*ingest)->reports()[1].width == 640);
  ::pclose(first);
  CHECK(wait_until([&] { return !(*ingest)->receiving(); }));
  CHECK((*ingest)->report().publisher_sessions == 1);

  const std::string brief = publish_command(
      "-t 1 -f lavfi -i testsrc2=s=320x180:r=30 -t 1 -f lavfi -i sine=1000", (*ingest)->url());
  CHECK(std::system(brief.c_str()) == 0);
  CHECK(wait_until([&] { return (*ingest)->report().publisher_sessions == 2; }));
}

TEST_CASE("The program: ends by its stop flag, writes whole statistics, names a wrong address") {
  const auto stats = scratch("stats.json");
  std::atomic<bool> stop{true};
  IngestOptions options;
  options.listen = "rtmp://127.0.0.1:0/live";
  options.stats_file = stats.string();
  options.stop = &stop;
  CHECK(run_ingest(options) == 0);
  std::ifstream in(stats);
  CHECK(nlohmann::json::parse(in)["pictures_received"] == 0);

  options.listen = "http://127.0.0.1/";
  CHECK(run_ingest(options) == 2);
  options.listen = "rtmp://127.0.0.1:0/live";
  options.stats_file = "/nowhere/at/all.json";
  CHECK(run_ingest(options) == 4);
  std::filesystem::remove_all(stats.parent_path());
}
