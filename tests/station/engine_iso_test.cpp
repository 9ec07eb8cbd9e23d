// SPDX-License-Identifier: GPL-3.0-or-later
// Inputs recorded by themselves, in a whole station: what is in their files, where it stands
// against the program's, and that a disk that hangs under them costs the programme nothing.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>

#include "core/frame_code.h"
#include "encoder/decoder.h"
#include "engine_rig.h"
#include "station/record_sidecar.h"

using namespace kakehashi;
using namespace kakehashi::testing;
namespace fs = std::filesystem;

namespace {

const IsoStatus& iso_of(const Snapshot& s, const std::string& id) {
  static const IsoStatus none;
  for (const auto& iso : s.record.iso)
    if (iso.input == id) return iso;
  return none;
}

// A camera with sound on program, another one, and a microphone, all recorded by themselves.
Show three_inputs() {
  Show show = small_show("iso", {"個別録画", "By themselves"});
  show.inputs = {test_input("cam", SourceSpec{"test", {{"pattern", "moving"}}}),
                 test_input("desk", test_pattern("lecture")),
                 test_input("mic", SourceSpec{"test", {}})};
  show.inputs[0].audio = true;
  show.inputs[0].masks = {{Mask::Shape::Rectangle, Mask::Cover::Solid, 0.5, 0.5, 0.4, 0.4}};
  show.inputs[2].video = false;
  show.inputs[2].audio = show.inputs[2].microphone = true;
  show.scenes = {whole_scene("cam", "cam")};
  show.record.iso = {"cam", "desk", "mic"};
  show.record.finalise = false;
  return show;
}

struct Rig : EngineRig {
  explicit Rig(const Show& show, DiskCalls disk = usual_disk_calls()) {
    EngineOptions options = without_door();
    options.record.disk = std::move(disk);
    options.record.iso_rest = Duration::milliseconds(50);  // this machine may be busy
    open(show, options);
    REQUIRE(comes(all_live));
  }
  ~Rig() { engine.reset(); }
};

// When (of the file's time) the picture of each code stands in it.
std::map<std::int64_t, double> codes_of(const std::string& path) {
  std::map<std::int64_t, double> at;
  const auto read = [&at](const DecodedPicture& p) {
    const auto code =
        read_frame_code(p.luma, p.stride, p.width, p.height, frame_code_rect(p.width, p.height));
    if (code) at.emplace(code->captured_us, p.pts.to_seconds());
  };
  const auto check = check_recording(path, read);
  REQUIRE_MESSAGE(check.ok(), (check.ok() ? "" : check.error().message));
  CHECK(check->errors == 0);
  return at;
}

// When the beeps of each second begin, as a part of a second of the file's time.
double beep_of(const std::string& path) {
  std::string bytes;
  REQUIRE(run({"ffmpeg", "-v", "error", "-i", path, "-map", "0:a:0", "-af",
               "aresample=async=1:first_pts=0", "-f", "f32le", "-ac", "1", "-ar", "48000", "-"},
              &bytes) == 0);
  std::vector<float> sound(bytes.size() / sizeof(float));
  std::memcpy(sound.data(), bytes.data(), sound.size() * sizeof(float));
  // The burst of 100 ms that a window over all seconds at once finds.
  std::vector<double> folded(1000);
  for (std::size_t i = 0; i < sound.size(); ++i)
    folded[i / 48 % 1000] += static_cast<double>(sound[i]) * static_cast<double>(sound[i]);
  std::size_t best = 0;
  double most = -1;
  for (std::size_t from = 0; from < 1000; ++from) {
    double sum = 0;
    for (std::size_t i = 0; i < 100; ++i) sum += folded[(from + i) % 1000];
    if (sum > most) most = sum, best = from;
  }
  CHECK(most > 1);
  return static_cast<double>(best) / 1000;
}

double part_of_second(double t) { return t - std::floor(t + 0.5); }

std::string streams_of(const std::string& path) {
  std::string out;
  REQUIRE(
      run({"ffprobe", "-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0", path},
          &out) == 0);
  return out;
}

}  // namespace

TEST_CASE("inputs by themselves: as they came, masked, and in the program's time") {
  Rig rig(three_inputs());
  rig.wish(StartRecord{});
  // The moment the last of them has begun, and six seconds more.
  REQUIRE(rig.comes([](const Snapshot& s) {
    return s.record.iso.size() == 3 &&
           std::all_of(s.record.iso.begin(), s.record.iso.end(),
                       [](const IsoStatus& i) { return i.bytes > 5000; });
  }));
  REQUIRE(rig.runs_on(180));
  const Snapshot s = rig.engine->snapshot();
  CHECK(s.record.hours_left > 0);
  const std::string cam = iso_of(s, "cam").path, desk = iso_of(s, "desk").path,
                    mic = iso_of(s, "mic").path;
  CHECK(cam.ends_with("-cam.mkv"));
  rig.wish(Mark{MarkerKind::Chapter, true, "質疑"});
  REQUIRE(rig.runs_on(30));
  rig.wish(StopRecord{});
  const std::string program = rig.engine->last_recording();
  for (const std::string& path : {program, cam, desk, mic})
    REQUIRE(wait_until([&] {
      const auto sidecar = read_sidecar(sidecar_path(path));
      return sidecar.ok() && sidecar->state == "closed";
    }));
  CHECK(rig.engine->snapshot().record.iso.empty());

  CHECK(streams_of(cam) == "h264\nflac\n");
  CHECK(streams_of(desk) == "h264\n");
  CHECK(streams_of(mic) == "flac\n");

  const auto on_program = codes_of(program);
  for (const std::string& path : {cam, desk}) {
    CAPTURE(path);
    const auto sidecar = read_sidecar(sidecar_path(path)).value();
    CHECK(sidecar.program == fs::path(program).filename().string());
    CHECK(sidecar.finalise == false);
    REQUIRE(sidecar.starts_at.has_value());
    REQUIRE(sidecar.markers.size() == 1);
    CHECK(sidecar.markers[0].note == "質疑");
    const auto codes = codes_of(path);
    CHECK(codes.size() > 30);
    // Each picture carries the microsecond it was made at; the program's shows it at its tick.
    int same = 0;
    double worst = 0;
    for (const auto& [us, pts] : on_program) {
      const auto it = codes.find(us);
      if (path == desk || it == codes.end()) continue;
      ++same;
      worst = std::max(worst, std::abs(it->second + *sidecar.starts_at - pts));
    }
    if (path == cam) CHECK(same > 30);
    CHECK(worst < 1.0 / 30);
    // What is not on program, by its codes' own time against the program's.
    const double skew = static_cast<double>(codes.begin()->first - on_program.begin()->first) / 1e6;
    CHECK(std::abs(codes.begin()->second + *sidecar.starts_at - on_program.begin()->second - skew) <
          1.0 / 30);
  }
  const double beep = beep_of(program);
  for (const std::string& path : {cam, mic}) {
    CAPTURE(path);
    const auto sidecar = read_sidecar(sidecar_path(path)).value();
    CHECK(sidecar.input == (path == cam ? "cam" : "mic"));
    const double apart = beep_of(path) + sidecar.starts_at.value() - beep;
    CHECK(std::abs(part_of_second(apart)) < 0.005);
  }

  // Nothing of what the mask hides.
  int seen = 0;
  const auto hidden = check_recording(cam, [&seen](const DecodedPicture& p) {
    int least = 255, most = 0;
    for (int y = p.height / 2; y < p.height * 9 / 10; ++y)
      for (int x = p.width / 2; x < p.width * 9 / 10; ++x) {
        const int luma = p.luma[static_cast<std::ptrdiff_t>(y) * p.stride + x];
        least = std::min(least, luma);
        most = std::max(most, luma);
      }
    if (most - least > 6) ++seen;
  });
  CHECK(hidden.ok());
  CHECK(seen == 0);
}

TEST_CASE("a disk that hangs under single inputs: the programme goes on, and they say so") {
  std::atomic<bool> hangs{false};
  std::atomic<int> held{0};
  DiskCalls disk = usual_disk_calls();
  const auto of_an_input = [](int fd) {
    char path[512] = {};
    const std::string link = "/proc/self/fd/" + std::to_string(fd);
    const ssize_t n = ::readlink(link.c_str(), path, sizeof path - 1);
    return n > 0 && (std::strstr(path, "-cam.mkv") || std::strstr(path, "-mic.mkv"));
  };
  disk.write = [&, write = disk.write](int fd, const void* bytes, std::size_t size, off_t at) {
    if (hangs && of_an_input(fd)) {
      ++held;
      while (hangs) ::usleep(1000);
      --held;
    }
    return write(fd, bytes, size, at);
  };
  Show show = three_inputs();
  show.record.iso = {"cam", "mic"};
  Rig rig(show, disk);
  rig.wish(StartRecord{});
  REQUIRE(rig.comes([](const Snapshot& s) {
    return iso_of(s, "cam").bytes > 0 && iso_of(s, "mic").bytes > 0 && s.record.proven;
  }));
  const Health well = rig.engine->snapshot().health;
  const MediaTime began = rig.clock.now();
  REQUIRE(rig.runs_on(150));
  const Health before = rig.engine->snapshot().health;
  const MediaTime since = rig.clock.now();
  hangs = true;
  REQUIRE(wait_until([&] { return held == 2; }));
  // Longer than their queues: what does not fit is left out and counted, here only.
  REQUIRE(rig.comes(
      [](const Snapshot& s) {
        const IsoStatus& cam = iso_of(s, "cam");
        return cam.dropped > 0 && cam.reason.ja.find("ディスク") != std::string::npos;
      },
      std::chrono::seconds(60)));
  const Snapshot s = rig.engine->snapshot();
  CHECK(s.record.recording);
  CHECK_MESSAGE(s.record.reason.ja.empty(), s.record.reason.ja);
  CHECK(rig.comes([](const Snapshot& now) { return now.record.proven; }));
  const auto message = std::find_if(s.messages.begin(), s.messages.end(),
                                    [](const Message& m) { return m.id == "record.iso.cam"; });
  CHECK(message != s.messages.end());
  // The mix loops never waited for it: what a busy machine costs is the same before.
  const double seconds = (rig.clock.now() - since).to_seconds();
  const auto share = [seconds](std::uint64_t now, std::uint64_t then, double per_second) {
    return static_cast<double>(now - then) / (per_second * seconds);
  };
  const Health after = rig.engine->snapshot().health;
  CHECK(share(after.ticks, before.ticks, 30) > 0.95);
  CHECK(share(after.blocks, before.blocks, 100) > 0.95);
  const auto per_second = [](std::uint64_t n, Duration d) {
    return static_cast<double>(n) / d.to_seconds();
  };
  MESSAGE("late ticks a second " << per_second(before.late_ticks - well.late_ticks, since - began)
                                 << " before, "
                                 << static_cast<double>(after.late_ticks - before.late_ticks) /
                                        seconds
                                 << " while it hangs");
  const auto begun = std::chrono::steady_clock::now();
  rig.wish(StopRecord{});
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::milliseconds(500));
  const std::string program = rig.engine->last_recording();
  REQUIRE(wait_until([&] {
    const auto sidecar = read_sidecar(sidecar_path(program));
    return sidecar.ok() && sidecar->state == "closed";
  }));
  CHECK(check_recording(program)->errors == 0);
  CHECK(rig.runs_on(10));
  hangs = false;
  CHECK(wait_until([&] { return held == 0; }));
}
