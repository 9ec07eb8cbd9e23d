// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings: whole after a clean end, playable after a kill, patient with a folder that is not
// there.
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cctype>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <sstream>

#include <doctest/doctest.h>

#include "encoder/decoder.h"
#include "programme.h"
#include "tests/support/nginx_rtmp.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;
namespace fs = std::filesystem;

namespace {

const Canvas kCanvas{320, 180, {30, 1}};

OutputConfig config_for(const Programme& programme, const std::string& folder) {
  OutputConfig config;
  config.destination.id = "record";
  config.destination.kind = "mkv";
  config.destination.settings["folder"] = folder;
  config.destination.settings["event"] = std::string("kouza");
  config.stream = programme.description();
  return config;
}

EncodeSettings small_settings() {
  EncodeSettings s;
  s.video_kbps = 800;
  return s;
}

// Decodes one stream to the end; the time of its last picture or sound, -1 if there is none.
double last_decoded_seconds(const std::string& path, const std::string& stream) {
  std::istringstream lines(output_of({"ffprobe", "-v", "quiet", "-select_streams", stream,
                                      "-show_entries", "frame=pts_time", "-of", "csv=p=0", path}));
  double last = -1;
  for (std::string line; std::getline(lines, line);)
    if (!line.empty() && line[0] != 'N') last = std::max(last, std::stod(line));
  return last;
}

double duration_seconds(const std::string& path) {
  const std::string text = output_of(
      {"ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path});
  return text.empty() || text[0] == 'N' ? -1 : std::stod(text);
}

struct Writer {
  Writer(const std::string& folder, const char* kind) {
    int ends[2];
    REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
    pid = fork();
    if (pid == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      dup2(ends[1], STDOUT_FILENO);
      execl(MKV_WRITER, MKV_WRITER, folder.c_str(), kind, nullptr);
      _exit(127);
    }
    close(ends[1]);
    out = fdopen(ends[0], "r");
  }
  ~Writer() {
    end();
    std::fclose(out);
  }
  std::string line() {
    char buffer[512];
    if (!std::fgets(buffer, sizeof buffer, out)) return {};
    std::string text(buffer);
    text.pop_back();
    return text;
  }
  void end() {
    if (pid <= 0) return;
    ::kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    pid = -1;
  }
  pid_t pid = -1;
  std::FILE* out = nullptr;
};

}  // namespace

TEST_CASE("a recording that ends cleanly is whole and can be sought in") {
  TempDir folder;
  Programme programme(kCanvas, small_settings());
  const std::string deep = folder.path() + "/録画/令和";  // made when it is not there
  OutputRunner runner(config_for(programme, deep));
  for (int i = 0; i < 150; ++i)
    for (const auto& packet : programme.next()) runner.push(packet);
  runner.stop();
  const std::string path = runner.location();
  std::string shape = fs::path(path).filename().string();
  for (char& c : shape)
    if (std::isdigit(static_cast<unsigned char>(c))) c = '9';
  CHECK(shape == "kouza-99999999-999999.mkv");
  CHECK(runner.bytes() == fs::file_size(path));
  CHECK(duration_seconds(path) == doctest::Approx(5.0).epsilon(0.02));
  CHECK(last_decoded_seconds(path, "v") == doctest::Approx(149.0 / 30).epsilon(0.001));
  CHECK(last_decoded_seconds(path, "a") > 4.9);
  // The index lies at the front, in the room kept for it.
  std::ifstream file(path, std::ios::binary);
  std::string head(70'000, '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  CHECK(head.find("\x1C\x53\xBB\x6B") != std::string::npos);  // Cues (RFC 9559, 5.1.5)
}

TEST_CASE("two recordings begun in the same second are two files") {
  TempDir folder;
  Programme programme(kCanvas, small_settings());
  const auto packets = programme.next();
  std::vector<std::string> paths;
  for (int i = 0; i < 3; ++i) {
    OutputRunner runner(config_for(programme, folder.path()));
    for (const auto& packet : packets) runner.push(packet);
    runner.stop();
    paths.push_back(runner.location());
  }
  CHECK(paths[0] != paths[1]);
  CHECK(paths[1] != paths[2]);
  for (const auto& path : paths) CHECK(last_decoded_seconds(path, "v") == 0);
}

// All at once, each killed at a moment of its own; KAKEHASHI_KILLS asks for more of them.
TEST_CASE("killed at any moment, all but the last second decodes") {
  const char* wish = std::getenv("KAKEHASHI_KILLS");
  const int kills = wish ? std::atoi(wish) : 10;
  TempDir folder;
  std::mt19937 random(std::random_device{}());
  std::uniform_int_distribution<int> moment(1500, 7500);
  std::vector<int> moments;  // ms
  for (int i = 0; i < kills; ++i) moments.push_back(moment(random));
  std::sort(moments.begin(), moments.end());
  std::vector<std::unique_ptr<Writer>> writers;
  std::vector<std::string> paths;
  for (int i = 0; i < kills; ++i)
    writers.push_back(std::make_unique<Writer>(folder.path(), i % 2 == 0 ? "mkv" : "fmp4"));
  for (auto& writer : writers) {
    paths.push_back(writer->line());
    REQUIRE(fs::exists(paths.back()));
  }
  double worst = 0;
  for (std::size_t i = 0; i < writers.size(); ++i) {
    const int kill_after = moments[i];
    CAPTURE(paths[i]);
    CAPTURE(kill_after);
    int pushed = 0;
    while (pushed < kill_after) {
      const std::string line = writers[i]->line();
      REQUIRE_FALSE(line.empty());
      pushed = std::stoi(line);
    }
    writers[i]->end();
    for (std::string line = writers[i]->line(); !line.empty(); line = writers[i]->line())
      pushed = std::stoi(line);
    double last = -1;
    const auto check =
        check_recording(paths[i], [&](const DecodedPicture& p) { last = p.pts.to_seconds(); });
    REQUIRE(check.ok());
    CHECK(check->errors == 0);
    const double lost = pushed / 1000.0 - last;
    worst = std::max(worst, lost);
    CHECK(lost <= 1);
    CHECK(static_cast<double>(check->sound_samples) / kSampleRate >= pushed / 1000.0 - 1);
  }
  MESSAGE(kills << " kills, most lost: " << worst << " s");
}

TEST_CASE("a folder that cannot be written to is told, and recording begins when it can") {
  TempDir folder;
  Programme programme(kCanvas, small_settings());
  const std::string place = folder.path() + "/rec";
  std::ofstream(place) << "a file where the folder should be";
  MonotonicClock clock;
  OutputRunner runner(config_for(programme, place));
  REQUIRE(wait_until([&] { return !runner.status(clock.now()).reason.ja.empty(); }));
  CHECK(runner.status(clock.now()).state == OutputState::Reconnecting);
  CHECK(runner.status(clock.now()).reason.ja.find("録画フォルダー") != std::string::npos);
  for (int i = 0; i < 30; ++i)
    for (const auto& packet : programme.next()) runner.push(packet);
  fs::remove(place);
  REQUIRE(wait_until([&] { return runner.status(clock.now()).state == OutputState::Live; }));
  runner.stop();
  // What came in while there was no file is in it.
  CHECK(last_decoded_seconds(runner.location(), "v") == doctest::Approx(29.0 / 30).epsilon(0.01));
}

TEST_CASE("a full disk is told, and recording goes on in a new file when there is room") {
  TempDir folder;
  Programme programme(kCanvas, small_settings());
  MonotonicClock clock;
  // A limit on file size stands in for the full disk: write(2) fails the same way.
  signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  getrlimit(RLIMIT_FSIZE, &old);
  const rlimit small{200'000, old.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  OutputRunner runner(config_for(programme, folder.path()));
  const bool told = wait_until([&] {
    for (const auto& packet : programme.next()) runner.push(packet);
    return runner.status(clock.now()).reason.ja.find("ディスクがいっぱい") != std::string::npos;
  });
  setrlimit(RLIMIT_FSIZE, &old);
  REQUIRE(told);
  const std::string first = runner.location();
  REQUIRE(wait_until([&] {
    for (const auto& packet : programme.next()) runner.push(packet);
    return runner.status(clock.now()).state == OutputState::Live;
  }));
  REQUIRE(wait_until([&] {
    for (const auto& packet : programme.next()) runner.push(packet);
    return runner.bytes() > 300'000;
  }));
  runner.stop();
  CHECK(runner.location() != first);
  CHECK(last_decoded_seconds(first, "v") > 0.5);
  CHECK(last_decoded_seconds(runner.location(), "v") > 1);
}
