// SPDX-License-Identifier: GPL-3.0-or-later
// The desk over real roads and real files: markers, the lamp, the second folder, the finished MP4.
#include "station/record_desk.h"

#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

#include <doctest/doctest.h>

#include "encoder/decoder.h"
#include "tests/encoder/programme.h"
#include "tests/support/nginx_rtmp.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using namespace kakehashi::testing;
namespace fs = std::filesystem;

namespace {

Show small_show(const std::string& folder, const std::string& second = {}) {
  Show show;
  show.id = "kouza";
  show.canvas = {320, 180, {30, 1}};
  show.encode.video_kbps = 800;
  show.encode.maker = EncoderMaker::Software;
  show.encode.preset = "ultrafast";
  show.record.folder = folder;
  show.record.second_folder = second;
  return show;
}

// A programme at its own pace into the roads.
class Desk {
 public:
  explicit Desk(Show wish, DiskCalls disk = usual_disk_calls())
      : show(std::move(wish)), roads_(EncodeRoads::open(show, clock).value()) {
    RecordDesk::Config config;
    config.disk = std::move(disk);
    desk.emplace(clock, std::move(config));
    desk->set_roads(roads_.get());
    player_ = std::thread([this] {
      FramePool pool(PixelFormat::I420, 320, 180, 8);
      const MediaTime zero = clock.now();
      std::int64_t sample = 0;
      for (std::int64_t n = 0; !stop_; ++n) {
        clock.sleep_until(zero + show.canvas.rate.time_of(n));
        ProgramPicture picture;
        picture.frame = moving_picture(pool, n, clock.now());
        picture.number = n;
        picture.pts = show.canvas.rate.time_of(n);
        if (picture.frame) roads_->main().pictures().push(std::move(picture));
        for (; time_of_sample(sample) < show.canvas.rate.time_of(n + 1); sample += kBlockSamples)
          roads_->main().sound().push(tone_block(sample, 1000, 0.25));
      }
    });
  }
  ~Desk() {
    stop_ = true;
    player_.join();
    desk.reset();
  }
  RecordStatus look() {
    desk->tidy();
    Snapshot s;
    desk->report(show, clock.now(), s);
    return s.record;
  }
  bool until(const std::function<bool(const RecordStatus&)>& what) {
    return wait_until([&] { return what(look()); });
  }

  MonotonicClock clock;
  Show show;

 private:
  std::unique_ptr<EncodeRoads> roads_;

 public:
  std::optional<RecordDesk> desk;

 private:
  std::atomic<bool> stop_{false};
  std::thread player_;
};

}  // namespace

TEST_CASE("the lamp: it grows and decodes; markers; an MP4 with chapters beside it afterwards") {
  TempDir folder;
  Desk d(small_show(folder.path()));
  CHECK_FALSE(d.desk->mark({}).ok());  // nothing is recorded
  REQUIRE(d.desk->start(d.show).ok());
  CHECK_FALSE(d.look().proven);
  REQUIRE(d.until([](const RecordStatus& r) { return r.proven; }));
  CHECK(d.look().proven_seconds > 1);
  CHECK(d.look().hours_left > 0);
  REQUIRE(d.desk->mark({MarkerKind::Chapter, true, "質疑"}).ok());
  REQUIRE(d.desk->mark({MarkerKind::OffRecord, true, ""}).ok());
  REQUIRE(d.desk->mark({MarkerKind::OffRecord, true, ""}).ok());  // a second desk
  CHECK(d.look().off_record);
  CHECK_FALSE(d.desk->mark({MarkerKind::Incident, true, std::string(201, 'a')}).ok());
  REQUIRE(d.until([](const RecordStatus& r) { return r.seconds > 5; }));
  REQUIRE(d.desk->mark({MarkerKind::OffRecord, false, ""}).ok());
  RecordStatus r = d.look();
  CHECK_FALSE(r.off_record);
  REQUIRE(r.markers.size() == 2);
  CHECK(r.markers[0].note == "質疑");
  CHECK(r.markers[1].until_seconds > r.markers[1].at_seconds);
  const std::string path = r.path;
  // The journal lies beside it from the start.
  REQUIRE(wait_until([&] {
    const auto s = read_sidecar(sidecar_path(path));
    return s.ok() && s->markers.size() == 2 && s->markers[1].until_seconds > 0;
  }));
  CHECK(read_sidecar(sidecar_path(path))->state == "recording");
  d.desk->stop();
  const std::string mp4 = fs::path(path).replace_extension(".mp4").string();
  REQUIRE(d.until([&](const RecordStatus& s) { return fs::exists(mp4) && s.finalising.empty(); }));
  REQUIRE(wait_until([&] { return read_sidecar(sidecar_path(path))->state == "finalised"; }));
  CHECK(check_recording(mp4)->errors == 0);
  CHECK(check_recording(mp4)->pictures == check_recording(path)->pictures);
  const std::string chapters =
      output_of({"ffprobe", "-v", "error", "-show_chapters", "-of", "csv", mp4});
  CHECK(chapters.find("質疑") != std::string::npos);
  CHECK(chapters.find("非公開区間") != std::string::npos);
}

TEST_CASE("what is off the record stays so when recording is stopped and begun again") {
  TempDir folder;
  Show show = small_show(folder.path());
  show.record.finalise = false;
  Desk d(show);
  REQUIRE(d.desk->start(d.show).ok());
  REQUIRE(d.desk->mark({MarkerKind::OffRecord, true, ""}).ok());
  d.desk->stop();
  REQUIRE(d.desk->start(d.show).ok());
  CHECK(d.look().off_record);
  REQUIRE(d.desk->mark({MarkerKind::OffRecord, false, ""}).ok());
  d.desk->stop();
  REQUIRE(d.desk->start(d.show).ok());
  CHECK_FALSE(d.look().off_record);
}

TEST_CASE(
    "a disk that fails: the second folder, said so, proven again; each file its own sidecar") {
  TempDir first, second;
  Show show = small_show(first.path(), second.path());
  show.record.finalise = false;
  DiskCalls disk = usual_disk_calls();
  disk.write = [first = first.path()](int fd, const void* b, std::size_t n, off_t at) -> ssize_t {
    std::error_code code;
    const auto path = fs::read_symlink("/proc/self/fd/" + std::to_string(fd), code).string();
    if (!path.starts_with(first) || at < 500'000) return ::pwrite(fd, b, n, at);
    errno = EIO;
    return -1;
  };
  Desk d(show, disk);
  REQUIRE(d.desk->start(d.show).ok());
  REQUIRE(d.until([](const RecordStatus& r) { return r.proven; }));
  REQUIRE(d.desk->mark({MarkerKind::Chapter, true, "a"}).ok());
  REQUIRE(d.until([](const RecordStatus& r) { return r.on_second_folder && r.proven; }));
  CHECK(d.look().path.starts_with(second.path()));
  REQUIRE(d.desk->mark({MarkerKind::Chapter, true, "b"}).ok());
  const std::string path = d.look().path;
  d.desk->stop();
  REQUIRE(d.until([&](const RecordStatus&) {
    const auto s = read_sidecar(sidecar_path(path));
    return s.ok() && s->state == "closed";
  }));
  const auto newer = read_sidecar(sidecar_path(path));
  REQUIRE(newer->markers.size() == 1);
  CHECK(newer->markers[0].note == "b");
  for (const auto& entry : fs::directory_iterator(first.path()))
    if (entry.path().extension() == ".json") {
      const auto older = read_sidecar(entry.path().string());
      REQUIRE(older.ok());
      REQUIRE(older->markers.size() == 1);
      CHECK(older->markers[0].note == "a");
    }
}

TEST_CASE(
    "a recording cut off by a crash is finished at the next start; one in work is left alone") {
  TempDir folder;
  Show show = small_show(folder.path());
  std::string path;
  {
    Desk d(show);
    REQUIRE(d.desk->start(d.show).ok());
    REQUIRE(d.desk->mark({MarkerKind::Chapter, true, "質疑"}).ok());
    REQUIRE(d.until([](const RecordStatus& r) { return r.proven; }));
    path = d.look().path;
  }
  // As a power cut leaves it.
  fs::resize_file(path, fs::file_size(path) * 8 / 10);
  RecordSidecar sidecar = read_sidecar(sidecar_path(path)).value();
  const fs::path mp4 = fs::path(path).replace_extension(".mp4");
  fs::remove(mp4);
  sidecar.state = "recording";
  std::ofstream(sidecar_path(path)) << to_json(sidecar);
  const std::string busy = folder.path() + "/busy.mkv";
  fs::copy_file(path, busy);
  sidecar.recording = "busy.mkv";
  std::ofstream(sidecar_path(busy)) << to_json(sidecar);
  const int held = ::open(busy.c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(::flock(held, LOCK_EX | LOCK_NB) == 0);

  Desk next(show);
  next.desk->recover(show);
  REQUIRE(wait_until([&] { return read_sidecar(sidecar_path(path))->state == "finalised"; }));
  CHECK(check_recording(mp4.string())->errors == 0);
  CHECK(read_sidecar(sidecar_path(busy))->state == "recording");
  CHECK_FALSE(fs::exists(folder.path() + "/busy.mp4"));
  ::close(held);
}
