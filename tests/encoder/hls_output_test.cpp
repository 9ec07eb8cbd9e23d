// SPDX-License-Identifier: GPL-3.0-or-later
// The overflow room's folder: playable at any moment, never more than its last segments, whole
// after the end; a folder that cannot be written to.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <regex>

#include <doctest/doctest.h>

#include "programme.h"
#include "tests/support/process.h"
#include "tests/support/tcp_server.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;
namespace fs = std::filesystem;

namespace {

const Canvas kCanvas{320, 180, {30, 1}};

EncodeSettings settings_with(int keyframe_seconds) {
  EncodeSettings s;
  s.video_kbps = 800;
  s.keyframe_seconds = keyframe_seconds;
  return s;
}

struct Opened {
  const std::atomic<bool> stop{false};
  Secret none;
  Settings settings;
  std::unique_ptr<Output> output;

  Opened(const Programme& programme, const std::string& folder, std::int64_t segments = 3,
         double seconds = 1) {
    settings["folder"] = folder;
    settings["segments"] = segments;
    settings["segment_seconds"] = seconds;
    auto made = find_output_kind("hls")->open(
        {"hall_b", settings, none, programme.description(), stop, nullptr});
    REQUIRE(made);
    output = std::move(*made);
  }
};

std::size_t files_in(const std::string& folder, const std::string& extension) {
  return static_cast<std::size_t>(
      std::count_if(fs::directory_iterator(folder), {},
                    [&](const auto& e) { return e.path().extension() == extension; }));
}

double longest_name_number(const std::string& playlist, const char* what) {
  const std::regex number(std::string(what) + ":([0-9]+)");
  std::smatch found;
  REQUIRE(std::regex_search(playlist, found, number));
  return std::stod(found[1]);
}

}  // namespace

TEST_CASE("a player reads the folder at any moment, and every segment stands by itself") {
  TempDir folder;
  Programme programme(kCanvas, settings_with(1));
  Opened hls(programme, folder.path());
  CHECK(hls.output->location() == folder / "live.m3u8");
  while (programme.picture() < 30 * 8)
    for (const auto& packet : programme.next()) REQUIRE(hls.output->write(*packet));
  const std::string playlist = contents_of(folder / "live.m3u8");
  CHECK(longest_name_number(playlist, "#EXT-X-TARGETDURATION") == 1);
  CHECK(std::count(playlist.begin(), playlist.end(), '\n') == 5 + 3 * 2);
  CHECK(playlist.find("ENDLIST") == std::string::npos);
  CHECK(files_in(folder.path(), ".ts") == 6);    // three listed, three a player may be reading
  CHECK(files_in(folder.path(), ".part") == 1);  // the one being written
  for (const auto& e : fs::directory_iterator(folder.path())) {
    if (e.path().extension() != ".ts") continue;
    std::string out;
    run({"sh", "-c", "ffmpeg -v error -i " + e.path().string() + " -f null - 2>&1"}, &out);
    CHECK(out == "");
    run({"ffprobe", "-v", "error", "-select_streams", "v", "-count_frames", "-show_entries",
         "stream=nb_read_frames", "-of", "csv=p=0", e.path().string()},
        &out);
    CHECK(std::stoi(out) == 30);
  }
}

TEST_CASE("time goes on over the segments, and the end is said") {
  TempDir folder;
  Programme programme(kCanvas, settings_with(1));
  Opened hls(programme, folder.path(), 10);
  while (programme.picture() < 30 * 5 + 15)
    for (const auto& packet : programme.next()) REQUIRE(hls.output->write(*packet));
  hls.output->finish();
  CHECK(contents_of(folder / "live.m3u8").find("#EXT-X-ENDLIST") != std::string::npos);
  CHECK(files_in(folder.path(), ".part") == 0);
  std::string out;
  run({"ffprobe", "-v", "error", "-select_streams", "v", "-count_frames", "-show_entries",
       "stream=nb_read_frames", "-of", "csv=p=0", folder / "live.m3u8"},
      &out);
  CHECK(std::stoi(out) == 30 * 5 + 15);
  run({"ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0",
       folder / "live.m3u8"},
      &out);
  CHECK(std::stod(out) == doctest::Approx(5.5).epsilon(0.02));
}

TEST_CASE("begun again, the old segments are gone and the numbers go on") {
  TempDir folder;
  Programme programme(kCanvas, settings_with(1));
  std::ofstream(folder / "notes.ts") << "somebody else's";
  const auto play = [&](int pictures) {
    Opened hls(programme, folder.path());
    programme.want_keyframe = true;
    for (int n = 0; n < pictures; ++n)
      for (const auto& packet : programme.next()) REQUIRE(hls.output->write(*packet));
    hls.output->finish();
    return longest_name_number(contents_of(folder / "live.m3u8"), "#EXT-X-MEDIA-SEQUENCE");
  };
  const double before = play(75);
  CHECK(play(30) >= before);
  CHECK(files_in(folder.path(), ".ts") == 2);  // its own one and what is not ours
  CHECK(fs::exists(folder / "notes.ts"));
}

TEST_CASE("a folder that cannot be made or written to is said in words") {
  TempDir folder;
  Programme programme(kCanvas, settings_with(1));
  std::ofstream(folder / "file") << "in the way";
  OutputConfig config;
  config.destination.id = "hall_b";
  config.destination.kind = "hls";
  config.destination.settings["folder"] = folder / "file/below";
  config.stream = programme.description();
  OutputRunner runner(std::move(config));
  REQUIRE(wait_until([&] { return runner.status({}).state == OutputState::Reconnecting; }));
  CHECK(runner.status({}).reason.ja.find("別会場") != std::string::npos);
}

TEST_CASE("a folder that goes away under it ends the attempt, and the next one makes it again") {
  TempDir folder;
  Programme programme(kCanvas, settings_with(1));
  Opened hls(programme, folder / "out");
  fs::remove_all(folder / "out");
  Status ended;
  for (int n = 0; n < 60 && ended; ++n)
    for (const auto& packet : programme.next())
      if (ended) ended = hls.output->write(*packet);
  CHECK(!ended);
  Opened again(programme, folder / "out");
  programme.want_keyframe = true;
  for (int n = 0; n < 60; ++n)
    for (const auto& packet : programme.next()) REQUIRE(again.output->write(*packet));
  CHECK(files_in(folder / "out", ".ts") == 1);
}
