// SPDX-License-Identifier: GPL-3.0-or-later
// One input's own recording without a station: the road to it, the masks, its file.
#include <sys/stat.h>

#include <atomic>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <numbers>
#include <thread>

#include <doctest/doctest.h>

#include "capture/feed.h"
#include "encoder/decoder.h"
#include "mixer/colour.h"
#include "station/iso_desk.h"
#include "station/record_sidecar.h"
#include "station/record_take.h"
#include "tests/mixer/frames.h"
#include "tests/support/manual_clock.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;
namespace fs = std::filesystem;

namespace {

FramePtr grey(int width, int height, MediaTime captured, PixelFormat format = PixelFormat::I420) {
  return make_frame({format, width, height, ColorMatrix::Bt709, ColorRange::Limited, captured},
                    [width](int x, int y) {
                      return hex(((x / 8 + y / 8) % 2 ? 0xE0E0E0 : 0x202020) ^
                                 static_cast<std::uint32_t>(width & 1));
                    });
}

Input input_of(bool video, bool audio) {
  Input input;
  input.id = "one";
  input.name = {"一台目", "One"};
  input.video = video;
  input.audio = audio;
  return input;
}

// A lane under a clock in the test's hand, so that a busy machine is no slow source.
struct Lane {
  explicit Lane(bool video, bool audio, DiskCalls disk = usual_disk_calls(),
                RecordFormat format = RecordFormat::Mkv) {
    config.format = format;
    config.clock = &clock;
    config.epoch = begun - Duration::seconds(100);
    config.nominal = {25, 1};
    config.folder = folder / "first";
    config.second_folder = folder / "second";
    config.event = "event";
    config.disk = std::move(disk);
    fs::create_directories(config.folder);
    fs::create_directories(config.second_folder);
    lane.emplace(config, input_of(video, audio));
  }
  // Until `done`: 25 pictures a second, sound in chunks of 10 ms, never faster than the file takes
  // them.
  template <class Done>
  bool play(int width, int height, Done done) {
    for (int n = 0; n < 3000 && !done(); ++n) {
      if (width > 0) lane->tap()->picture(grey(width, height, clock.now()));
      for (int i = 0; i < 4; ++i, position += kBlockSamples) {
        std::vector<float> stereo;
        for (int k = 0; k < kBlockSamples; ++k) {
          const double t = static_cast<double>(position + k) / kSampleRate;
          const auto v = static_cast<float>(0.25 * std::sin(2 * std::numbers::pi * 1000 * t));
          stereo.insert(stereo.end(), {v, -v});
        }
        lane->tap()->sound(stereo, 2, kSampleRate, begun + time_of_sample(position));
        clock.advance(Duration::milliseconds(10));
      }
      REQUIRE(wait_until([&] { return lane->tap()->empty() && taken() > seconds() - 5; }));
    }
    return done();
  }
  double taken() const {
    Duration length;
    for (const auto& file : lane->watch()->files()) length = length + file.length;
    return length.to_seconds();
  }
  IsoStatus status() const { return lane->status(clock.now()); }
  IsoStatus end() {
    lane->stop();
    CHECK(wait_until([&] {
      clock.advance(Duration::milliseconds(10));
      return lane->ended();
    }));
    return status();
  }
  double seconds() const { return (clock.now() - begun).to_seconds(); }

  TempDir folder;
  ManualClock clock{MediaTime{200'000'000'000}};
  IsoLane::Config config;
  MediaTime begun = clock.now();
  std::optional<IsoLane> lane;
  std::int64_t position = 0;
};

std::string probe(const std::string& path, const std::string& entries) {
  std::string out;
  REQUIRE(run({"ffprobe", "-v", "error", "-show_entries", entries, "-of", "csv=p=0", path}, &out) ==
          0);
  return out;
}

}  // namespace

TEST_CASE("two sources' threads and a lane: every picture arrives once, in order, or is counted") {
  IsoTap tap;
  constexpr int kMany = 20'000;
  std::atomic<bool> done{false};
  std::thread source([&] {
    FramePool pool(PixelFormat::I420, 16, 16, 8);
    for (int i = 0; i < kMany; ++i) {
      auto builder = pool.acquire();
      builder->info().sequence = static_cast<std::uint64_t>(i);
      tap.picture(std::move(*builder).publish());
    }
    done = true;
  });
  std::uint64_t taken = 0;
  std::int64_t last = -1;
  bool in_order = true;
  const auto take = [&] {
    while (const FramePtr frame = tap.take_picture()) {
      const auto number = static_cast<std::int64_t>(frame->info().sequence);
      in_order = in_order && number > last;
      last = number;
      ++taken;
    }
  };
  while (!done) {
    tap.wait(std::chrono::milliseconds(1));
    take();
  }
  source.join();
  take();
  CHECK(in_order);
  CHECK(taken + tap.left_out() == kMany);
}

TEST_CASE("what a mask hides is in no picture, whatever its form; the rest is as it came") {
  const Mask solid{Mask::Shape::Rectangle, Mask::Cover::Solid, 0.25, 0.25, 0.5, 0.5, 0x1E1E1E};
  Mask blur = solid;
  blur.cover = Mask::Cover::Blur;
  IsoPicture maker;
  for (const PixelFormat format :
       {PixelFormat::I420, PixelFormat::NV12, PixelFormat::YUY2, PixelFormat::BGRx}) {
    CAPTURE(static_cast<int>(format));
    const FramePtr from = grey(320, 180, MediaTime{5}, format);
    const FramePtr plain = maker.make(*from, {});
    const FramePtr hidden = maker.make(*from, std::span(&solid, 1));
    const FramePtr blurred = maker.make(*from, std::span(&blur, 1));
    REQUIRE(plain);
    CHECK(plain->info().captured == MediaTime{5});
    const auto contrast = [](const FramePtr& f, int x0, int y0, int w, int h) {
      int least = 255, most = 0;
      for (int y = y0; y < y0 + h; ++y)
        for (int x = x0; x < x0 + w; ++x) {
          const int v = f->plane(0).data[f->plane(0).stride * y + x];
          least = std::min(least, v);
          most = std::max(most, v);
        }
      return most - least;
    };
    CHECK(contrast(plain, 80, 45, 160, 90) > 150);
    CHECK(contrast(hidden, 80, 45, 160, 90) == 0);
    CHECK(hidden->plane(0).data[hidden->plane(0).stride * 90 + 160] == program_colour(0x1E1E1E).y);
    CHECK(contrast(blurred, 80, 45, 160, 90) < 60);
    CHECK(contrast(hidden, 0, 0, 60, 30) > 150);
  }
  // A picture made before a mask came is hidden by it like any other.
  const FramePtr before = maker.make(*grey(320, 180, {}), {});
  const FramePtr after = maker.make(*before, std::span(&solid, 1));
  CHECK(after->plane(0).data[after->plane(0).stride * 90 + 160] == program_colour(0x1E1E1E).y);
  CHECK(maker.make(*grey(321, 181, {}), {})->width() == 320);
  CHECK_FALSE(maker.make(*grey(8, 8, {}), {}));
}

TEST_CASE("the pace of a source") {
  CHECK(usual_rate(0, {30, 1}) == Rate{30, 1});
  CHECK(usual_rate(59.94, {30, 1}) == Rate{60000, 1001});
  CHECK(usual_rate(25.01, {30, 1}) == Rate{25, 1});
  CHECK(usual_rate(7.5, {30, 1}) == Rate{7500, 1000});
}

TEST_CASE("a camera's own file: its size and pace, its sound; another size is another file") {
  RecordFormat format = RecordFormat::Mkv;
  SUBCASE("mkv") {}
  SUBCASE("fmp4") { format = RecordFormat::Fmp4; }
  Lane d(true, true, usual_disk_calls(), format);
  REQUIRE(d.play(320, 180, [&] { return d.seconds() > 3; }));
  const std::string first = d.status().path;
  CHECK(first.ends_with(format == RecordFormat::Mkv ? "-one.mkv" : "-one.mp4"));
  REQUIRE(d.play(160, 120, [&] { return d.status().path != first && d.seconds() > 5; }));
  const IsoStatus s = d.end();
  CHECK(s.bytes > 10'000);
  CHECK(s.reason.ja.empty());
  CHECK(
      probe(first, "stream=codec_name,width,height,r_frame_rate").starts_with("h264,320,180,25/1"));
  CHECK(probe(s.path, "stream=width,height").starts_with("160,120"));
  const auto check = check_recording(first);
  REQUIRE(check.ok());
  CHECK(check->errors == 0);
  CHECK(check->seconds > 2);
  // Began at the moment its first picture was taken.
  const auto files = d.lane->watch()->files();
  REQUIRE(files.size() == 2);
  CHECK(std::abs((files[0].zero - d.begun).to_seconds()) < 0.5);
  CHECK(files[0].whole);
  CHECK(files[1].whole);
}

TEST_CASE("a microphone's own file is what it gave, to the last of 24 bits") {
  RecordFormat format = RecordFormat::Mkv;
  SUBCASE("mkv") {}
  SUBCASE("fmp4") { format = RecordFormat::Fmp4; }
  Lane d(false, true, usual_disk_calls(), format);
  REQUIRE(d.play(0, 0, [&] { return d.seconds() > 2.5; }));
  const IsoStatus s = d.end();
  CHECK(s.dropped == 0);
  CHECK(probe(s.path, "stream=codec_name,bits_per_raw_sample,sample_rate") == "flac,48000,24\n");
  std::string bytes;
  REQUIRE(run({"ffmpeg", "-v", "error", "-i", s.path, "-f", "f32le", "-"}, &bytes) == 0);
  std::vector<float> sound(bytes.size() / sizeof(float));
  std::memcpy(sound.data(), bytes.data(), sound.size() * sizeof(float));
  REQUIRE(sound.size() > 2 * 2 * 48'000);
  // A pure tone in antiphase, after its first half second, with nothing missing: what is left when
  // the tone is taken away is 100 dB down.
  const std::size_t from = 48'000, count = 72'000;
  double in = 0, quadrature = 0, all = 0, sides = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double left = sound[2 * (from + i)], right = sound[2 * (from + i) + 1];
    const double phase = 2 * std::numbers::pi * 1000 * static_cast<double>(i) / 48'000;
    in += left * std::sin(phase);
    quadrature += left * std::cos(phase);
    all += left * left;
    sides = std::max(sides, std::abs(left + right));
  }
  const double n = static_cast<double>(count);
  const double tone = (in * in + quadrature * quadrature) * 2 / n;
  CHECK(all / n == doctest::Approx(0.25 * 0.25 / 2).epsilon(0.01));
  CHECK(std::abs(all - tone) / all < 1e-4);
  CHECK(sides < 1e-6);
}

TEST_CASE("pictures rest while the programme needs the machine, and come back; sound goes on") {
  Lane d(true, true);
  REQUIRE(d.play(320, 180, [&] { return d.status().bytes > 0; }));
  d.lane->rest_until(d.clock.now() + Duration::seconds(2));
  const MediaTime rested = d.clock.now();
  const IsoStatus resting = d.lane->status(rested);
  CHECK(resting.reason.ja.find("優先") != std::string::npos);
  REQUIRE(d.play(320, 180, [&] { return d.clock.now() - rested > Duration::seconds(4); }));
  const IsoStatus s = d.end();
  CHECK(s.dropped >= 30);
  CHECK(s.reason.ja.empty());
  const auto check = check_recording(s.path);
  REQUIRE(check.ok());
  CHECK(check->errors == 0);
  CHECK(static_cast<double>(check->sound_samples) / 48'000 >
        static_cast<double>(check->pictures) / 25 + 1);
}

TEST_CASE("a disk that fails: it goes on in the second folder") {
  std::atomic<bool> fails{false};
  DiskCalls disk = usual_disk_calls();
  disk.write = [&, write = disk.write](int fd, const void* bytes, std::size_t size, off_t at) {
    struct stat s {};
    if (fails && at > 0 && ::fstat(fd, &s) == 0 && s.st_size > 0) {
      errno = EIO;
      return static_cast<ssize_t>(-1);
    }
    return write(fd, bytes, size, at);
  };
  Lane d(true, false, disk);
  REQUIRE(d.play(320, 180, [&] {
    const auto files = d.lane->watch()->files();
    return !files.empty() && files[0].last && files[0].written >= files[0].last->to;
  }));
  const std::string first = d.status().path;
  fails = true;
  REQUIRE(d.play(320, 180, [&] { return d.lane->watch()->folder() == 1; }));
  fails = false;
  REQUIRE(d.play(320, 180, [&] {
    const auto files = d.lane->watch()->files();
    return files.size() == 2 && files[1].second && files[1].written > 0;
  }));
  const IsoStatus s = d.end();
  CHECK(s.path != first);
  CHECK(s.path.find("/second/") != std::string::npos);
  CHECK(check_recording(s.path)->errors == 0);
  CHECK(check_recording(first)->pictures > 0);
}

TEST_CASE("all rest at once and come back one after another, later each time") {
  MonotonicClock clock;
  TempDir folder;
  IsoLane::Config config;
  config.clock = &clock;
  config.epoch = clock.now();
  config.folder = folder.path();
  Show show;
  for (const char* id : {"a", "b", "mic"}) {
    Input input = input_of(std::string(id) != "mic", true);
    input.id = id;
    show.inputs.push_back(input);
  }
  show.record.iso = {"a", "mic", "nobody", "b"};
  IsoDesk desk;
  CHECK(desk.start(show, config, Duration::seconds(10)).size() == 3);
  const auto resting = [&](MediaTime at) {
    std::string ids;
    for (const IsoStatus& s : desk.status(at))
      if (s.reason.ja.find("優先") != std::string::npos) ids += s.input;
    return ids;
  };
  const MediaTime now = clock.now();
  desk.spare_programme(now);
  CHECK(resting(now + Duration::seconds(9)) == "ab");
  desk.spare_programme(now + Duration::seconds(5));  // not theirs: they rest
  CHECK(resting(now + Duration::seconds(15)) == "b");
  CHECK(resting(now + Duration::seconds(21)).empty());
  desk.spare_programme(now + Duration::seconds(21));
  CHECK(resting(now + Duration::seconds(40)) == "ab");
  CHECK(resting(now + Duration::seconds(45)) == "b");
  CHECK(resting(now + Duration::seconds(62)).empty());
  desk.stop();
  desk.tidy(true);
  CHECK(desk.status(now).empty());
}

TEST_CASE("the sidecar says whose it is and where on the program's time it begins") {
  RecordTake take;
  take.input = "cam";
  take.finalise = false;
  take.program = std::make_shared<RecordingWatch>();
  take.watches = {std::make_shared<RecordingWatch>()};
  take.watches[0]->opened("/r/e-cam.mkv", false);
  take.watches[0]->change([](RecordingFile& f) { f.zero = MediaTime{5'250'000'000}; });
  auto read = [&] {
    TempDir folder;
    const auto sidecar = take.sidecars().at(0);
    CHECK(sidecar.path == "/r/e-cam.mkv.json");
    const std::string path = folder / "x.json";
    FILE* file = std::fopen(path.c_str(), "w");
    REQUIRE(file);
    std::fwrite(sidecar.json.data(), 1, sidecar.json.size(), file);
    std::fclose(file);
    return read_sidecar(path).value();
  };
  CHECK_FALSE(read().starts_at.has_value());  // the program has no picture yet
  take.program->opened("/r/e.mkv", false);
  CHECK_FALSE(read().starts_at.has_value());
  take.program->change([](RecordingFile& f) { f.zero = MediaTime{5'500'000'000}; });
  const RecordSidecar s = read();
  CHECK(s.input == "cam");
  CHECK(s.program == "e.mkv");
  CHECK(s.starts_at.value() == doctest::Approx(-0.25));
}
