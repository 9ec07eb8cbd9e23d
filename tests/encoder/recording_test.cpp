// SPDX-License-Identifier: GPL-3.0-or-later
// What surrounds a recording's file: the second folder, the proof that it decodes, the MP4 made of
// it, its chapters.
#include "encoder/recording.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

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

EncodeSettings small_settings() {
  EncodeSettings s;
  s.video_kbps = 800;
  return s;
}

struct Recorder {
  explicit Recorder(RecordFormat format, const std::string& folder, const std::string& second = "",
                    DiskCalls disk = usual_disk_calls(), std::size_t room = DiskWriter::kRoom) {
    watch->room = room;
    watch->disk = std::move(disk);
    row = recording_kind(format, watch);
    OutputConfig config;
    config.destination.id = "record";
    config.destination.kind = row.description.name;
    config.destination.settings["folder"] = folder;
    config.destination.settings["second_folder"] = second;
    config.stream = programme.description();
    config.row = &row;
    config.clock = &clock;
    runner = std::make_unique<OutputRunner>(std::move(config));
  }
  void pictures(int n) {
    for (int i = 0; i < n; ++i)
      for (const auto& packet : programme.next()) runner->push(packet);
  }
  // Pictures at a pace that the queue never fills.
  bool until(const std::function<bool()>& what) {
    return wait_until([&] {
      if (runner->status(clock.now()).queue_ms < 4000) pictures(1);
      return what();
    });
  }
  RecordingFile newest() const {
    const auto files = watch->files();
    return files.empty() ? RecordingFile{} : files.back();
  }

  MonotonicClock clock;
  Programme programme{kCanvas, small_settings()};
  std::shared_ptr<RecordingWatch> watch = std::make_shared<RecordingWatch>();
  OutputKind row;
  std::unique_ptr<OutputRunner> runner;
};

std::string probed(const std::string& path, const std::string& entries) {
  return output_of({"ffprobe", "-v", "error", "-show_entries", entries, "-show_chapters", "-of",
                    "default=nk=1:nw=1", path});
}

// Disk of the first folder, by what its files are called.
DiskCalls failing(const std::string& folder,
                  std::function<ssize_t(int, const void*, std::size_t, off_t)> write) {
  DiskCalls calls = usual_disk_calls();
  calls.write = [folder, write = std::move(write)](int fd, const void* b, std::size_t n, off_t at) {
    std::error_code code;
    const auto path = fs::read_symlink("/proc/self/fd/" + std::to_string(fd), code);
    return path.string().starts_with(folder) ? write(fd, b, n, at) : ::pwrite(fd, b, n, at);
  };
  return calls;
}

}  // namespace

TEST_CASE("both formats: the last whole fragment decodes from the disk, a damaged one does not") {
  for (const RecordFormat format : {RecordFormat::Mkv, RecordFormat::Fmp4}) {
    CAPTURE(static_cast<int>(format));
    TempDir folder;
    Recorder r(format, folder.path());
    r.pictures(150);
    REQUIRE(wait_until([&] {
      const RecordingFile f = r.newest();
      return f.last && f.last->end == Duration::seconds(4) && f.written >= f.last->to;
    }));
    const RecordingFile file = r.newest();
    const auto well = check_fragment(file.path, *file.last);
    REQUIRE_MESSAGE(well.ok(), (well.ok() ? "" : well.error().message));
    CHECK(*well >= 15);
    CHECK(check_recording(file.path)->errors == 0);  // also while it grows
    // As a dying stick leaves it.
    const std::string copy = folder.path() + "/copy";
    fs::copy_file(file.path, copy);
    std::fstream bytes(copy, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekp(static_cast<std::streamoff>(file.last->from));
    bytes << std::string(file.last->to - file.last->from, '\0');
    bytes.close();
    CHECK_FALSE(check_fragment(copy, *file.last).ok());
    fs::resize_file(copy, file.last->from + 10);
    CHECK_FALSE(check_fragment(copy, *file.last).ok());
    r.runner->stop();
    CHECK(wait_until([&] { return r.newest().ended && r.newest().whole; }));
  }
}

TEST_CASE("a recording becomes an MP4 that starts at once, sample for sample, with chapters") {
  for (const RecordFormat format : {RecordFormat::Mkv, RecordFormat::Fmp4}) {
    CAPTURE(static_cast<int>(format));
    TempDir folder;
    Recorder r(format, folder.path());
    r.pictures(300);
    REQUIRE(wait_until([&] { return r.newest().zero.ns != 0; }));
    const MediaTime zero = r.newest().zero;
    r.watch->set_markers(
        {{MarkerKind::Chapter, zero + Duration::seconds(2), {}, "質疑"},
         {MarkerKind::OffRecord, zero + Duration::seconds(4), zero + Duration::seconds(6), ""}});
    r.runner->stop();
    const std::string path = r.runner->location();
    if (format == RecordFormat::Mkv) {  // its own chapters, without being copied
      const std::string text = probed(path, "format=duration");
      CHECK(text.find("質疑") != std::string::npos);
      CHECK(text.find("非公開区間") != std::string::npos);
    }
    const std::string mp4 = folder.path() + "/finished.mp4";
    const std::atomic<bool> stop{false};
    const auto done = finalise_recording(
        path, mp4, [&](Duration l) { return chapters_of(r.watch->markers(), zero, l); }, stop);
    REQUIRE_MESSAGE(done.ok(), (done.ok() ? "" : done.error().message));
    CHECK(done->length.to_seconds() == doctest::Approx(10).epsilon(0.01));
    CHECK(done->bytes == fs::file_size(mp4));
    const auto check = check_recording(mp4);
    CHECK(check->pictures == 300);
    CHECK(check->errors == 0);
    CHECK(check->sound_samples == check_recording(path)->sound_samples);
    const std::string text = probed(mp4, "format=duration");
    CHECK(text.find("質疑") != std::string::npos);
    CHECK(text.find("公開に戻る") != std::string::npos);
    // The index lies before the pictures.
    std::ifstream file(mp4, std::ios::binary);
    const std::string all(std::istreambuf_iterator<char>(file), {});
    CHECK(all.find("moov") < all.find("mdat"));
    CHECK_FALSE(fs::exists(mp4 + ".part"));
    // Never over what is there.
    CHECK_FALSE(finalise_recording(path, mp4, {}, stop).ok());
  }
}

TEST_CASE(
    "a cut-off recording is finalised as far as it goes, and an end asked for leaves nothing") {
  TempDir folder;
  Recorder r(RecordFormat::Mkv, folder.path());
  r.pictures(300);
  r.runner->stop();
  const std::string path = r.runner->location();
  fs::resize_file(path, fs::file_size(path) * 6 / 10);
  std::atomic<bool> stop{true};
  CHECK_FALSE(finalise_recording(path, folder.path() + "/a.mp4", {}, stop).ok());
  CHECK_FALSE(fs::exists(folder.path() + "/a.mp4.part"));
  stop = false;
  // Asked for while the index goes to the front: the second half of the work ends, too.
  const auto late = finalise_recording(
      path, folder.path() + "/a.mp4", [&](Duration) { return stop = true, std::vector<Chapter>(); },
      stop);
  CHECK_FALSE(late.ok());
  CHECK_FALSE(fs::exists(folder.path() + "/a.mp4"));
  CHECK_FALSE(fs::exists(folder.path() + "/a.mp4.part"));
  stop = false;
  const auto done = finalise_recording(path, folder.path() + "/a.mp4", {}, stop);
  REQUIRE(done.ok());
  CHECK(done->length.to_seconds() > 4);
  CHECK(check_recording(folder.path() + "/a.mp4")->errors == 0);
}

TEST_CASE("a full disk: recording goes on in the second folder, and what was written decodes") {
  TempDir first, second;
  Recorder r(RecordFormat::Mkv, first.path(), second.path(),
             failing(first.path(), [](int fd, const void* b, std::size_t n, off_t at) -> ssize_t {
               if (at < 300'000) return ::pwrite(fd, b, n, at);
               errno = ENOSPC;
               return -1;
             }));
  REQUIRE(r.until([&] { return r.newest().second && r.newest().written > 200'000; }));
  r.runner->stop();
  const auto files = r.watch->files();
  REQUIRE(files.size() == 2);
  CHECK(files[0].ended);
  CHECK_FALSE(files[0].whole);
  CHECK(files[1].path.starts_with(second.path()));
  CHECK(check_recording(files[0].path)->seconds > 1);
  CHECK(check_recording(files[1].path)->errors == 0);
  CHECK(r.runner->status(r.clock.now()).dropped == 0);
}

TEST_CASE("a disk that hangs is left for the second folder") {
  TempDir first, second;
  auto let_go = std::make_shared<std::atomic<bool>>(false);
  Recorder r(RecordFormat::Mkv, first.path(), second.path(),
             failing(first.path(), [let_go](int fd, const void* b, std::size_t n, off_t at) {
               if (at > 100'000) let_go->wait(false);
               return ::pwrite(fd, b, n, at);
             }));
  const bool moved = r.until([&] { return r.newest().second && r.newest().written > 100'000; });
  let_go->store(true);
  let_go->notify_all();
  REQUIRE(moved);
  r.runner->stop();
  CHECK(r.watch->files().front().path.starts_with(first.path()));
}

// Ten times too slow for what comes: one byte in ten.
DiskCalls slow(const std::string& folder) {
  return failing(folder, [](int fd, const void* b, std::size_t n, off_t at) {
    constexpr double kBytesPerSecond = 800'000 / 8.0 / 10;
    if (at > 0)
      std::this_thread::sleep_for(std::chrono::duration<double>(
          static_cast<double>(std::min<std::size_t>(n, 4096)) / kBytesPerSecond));
    return ::pwrite(fd, b, std::min<std::size_t>(n, 4096), at);
  });
}

TEST_CASE("a disk ten times too slow is left for the second folder before anything is lost") {
  TempDir first, second;
  Recorder r(RecordFormat::Mkv, first.path(), second.path(), slow(first.path()), 200'000);
  REQUIRE(r.until([&] { return r.newest().second && r.newest().written > 100'000; }));
  CHECK(r.runner->status(r.clock.now()).dropped == 0);
}

TEST_CASE(
    "without a second folder a slow disk costs part of the recording, and nobody waits for it") {
  TempDir folder;
  Recorder r(RecordFormat::Mkv, folder.path(), "", slow(folder.path()), 100'000);
  r.pictures(1);
  REQUIRE(wait_until([&] { return !r.runner->location().empty(); }));
  const auto begin = std::chrono::steady_clock::now();
  std::chrono::nanoseconds longest{};
  std::vector<std::vector<PacketPtr>> all;
  for (int i = 0; i < 900; ++i) all.push_back(r.programme.next());
  for (const auto& packets : all) {
    const auto before = std::chrono::steady_clock::now();
    for (const auto& packet : packets) r.runner->push(packet);
    longest = std::max(longest, std::chrono::steady_clock::now() - before);
  }
  MESSAGE("pushing 30 s took at most "
          << longest.count() / 1000 << " us at a time, "
          << (std::chrono::steady_clock::now() - begin).count() / 1000000 << " ms in all");
  CHECK(r.runner->status(r.clock.now()).dropped > 0);
  CHECK(r.runner->status(r.clock.now()).reason.ja.find("間に合わず") != std::string::npos);
}

TEST_CASE("a first folder that cannot be used at all: the second from the start") {
  TempDir first, second;
  std::ofstream(first.path() + "/rec") << "a file where the folder should be";
  Recorder r(RecordFormat::Fmp4, first.path() + "/rec", second.path());
  r.pictures(90);
  r.runner->stop();
  CHECK(r.newest().second);
  CHECK(check_recording(r.runner->location())->pictures == 90);
}
