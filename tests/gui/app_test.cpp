// SPDX-License-Identifier: GPL-3.0-or-later
// The two programs as a person meets them: real windows on an X server of the test's own, real keys
// (xdotool), a door with a fixture behind it instead of a station.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <fstream>
#include <memory>
#include <mutex>
#include <new>
#include <sstream>

#include "core/shared_picture.h"
#include "display.h"
#include "fixture.h"
#include "station/door/server.h"
#include "tests/support/wait.h"

namespace kakehashi::testing {
namespace {

OwnDisplay& display() {
  static OwnDisplay one;
  return one;
}

// A board of one flat colour, as the station would show it.
class FlatBoard {
 public:
  FlatBoard(std::string board_name, int w, int h) : handle{std::move(board_name), -1, w, h} {
    const auto total =
        shared_picture_total(static_cast<std::uint32_t>(w), static_cast<std::uint32_t>(h));
    handle.fd = memfd_create("board", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    REQUIRE(ftruncate(handle.fd, static_cast<off_t>(total)) == 0);
    fcntl_seal(handle.fd);
    memory_ = static_cast<std::uint8_t*>(
        mmap(nullptr, total, PROT_READ | PROT_WRITE, MAP_SHARED, handle.fd, 0));
    header_ = new (memory_) SharedPictureHeader{};
    header_->magic = kSharedPictureMagic;
    header_->slots = kSharedPictureSlots;
    header_->width = static_cast<std::uint32_t>(w);
    header_->height = static_cast<std::uint32_t>(h);
  }
  ~FlatBoard() { close(handle.fd); }
  void show(std::uint8_t y, std::uint8_t u, std::uint8_t v) {
    const auto w = header_->width, h = header_->height;
    const std::uint64_t n = header_->newest.load();
    SharedPictureSlot& slot = header_->slot[n % kSharedPictureSlots];
    slot.lock.fetch_add(1);
    std::uint8_t* p =
        memory_ + shared_picture_slot_offset(w, h, static_cast<int>(n % kSharedPictureSlots));
    std::memset(p, y, static_cast<std::size_t>(w) * h);
    std::memset(p + w * h, u, static_cast<std::size_t>(w) * h / 4);
    std::memset(p + w * h * 5 / 4, v, static_cast<std::size_t>(w) * h / 4);
    slot.number.store(n + 1);
    slot.time_ns.store(static_cast<std::int64_t>(n + 1));
    slot.lock.fetch_add(1);
    header_->newest.store(n + 1);
  }
  BoardHandle handle;

 private:
  static void fcntl_seal(int fd) {
    REQUIRE(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) == 0);
  }
  std::uint8_t* memory_ = nullptr;
  SharedPictureHeader* header_ = nullptr;
};

class FakeStation {
 public:
  explicit FakeStation(std::string path, Snapshot s)
      : path_(std::move(path)),
        snapshot_(std::move(s)),
        program_("program", 640, 360),
        venue_("venue", 640, 360) {
    program_.show(120, 128, 128);
    open();
  }
  void open() {
    auto server =
        DoorServer::open(path_, {[this](const Command& c) {
                                   const std::lock_guard lock(mutex_);
                                   commands_.push_back(c);
                                   return Status();
                                 },
                                 [this] {
                                   const std::lock_guard lock(mutex_);
                                   return std::make_shared<const Snapshot>(snapshot_);
                                 },
                                 [this] {
                                   return std::vector<BoardHandle>{program_.handle, venue_.handle};
                                 },
                                 [this](int n) { desks_ = n; }});
    REQUIRE_MESSAGE(server.ok(), (server.ok() ? "" : server.error().message));
    server_ = std::move(server).value();
  }
  void close() {
    server_.reset();
    desks_ = 0;
  }
  void change(const std::function<void(Snapshot&)>& how) {
    {
      const std::lock_guard lock(mutex_);
      how(snapshot_);
      ++snapshot_.sequence;
    }
    if (server_) server_->snapshot_changed();
  }
  Commands commands() {
    const std::lock_guard lock(mutex_);
    return commands_;
  }
  int desks() const { return desks_; }
  FlatBoard& venue() { return venue_; }

 private:
  std::string path_;
  std::mutex mutex_;
  Snapshot snapshot_;
  Commands commands_;
  FlatBoard program_, venue_;
  std::atomic<int> desks_{0};
  std::unique_ptr<DoorServer> server_;
};

class Program {
 public:
  explicit Program(std::vector<std::string> words, const char* map = nullptr) {
    if (map) setenv("KAKEHASHI_ITEM_MAP", map, 1);
    std::vector<char*> argv;
    for (std::string& w : words) argv.push_back(w.data());
    argv.push_back(nullptr);
    REQUIRE(posix_spawn(&pid_, argv[0], nullptr, nullptr, argv.data(), environ) == 0);
  }
  ~Program() { end(SIGKILL); }
  int end(int signal) {
    if (pid_ <= 0) return -1;
    kill(pid_, signal);
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  bool alive() const { return pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == 0; }

 private:
  pid_t pid_ = 0;
};

std::string shell(const std::string& line) {
  std::string out;
  if (FILE* p = popen((line + " 2>/dev/null").c_str(), "r")) {
    char b[256];
    while (const std::size_t n = fread(b, 1, sizeof b, p)) out.append(b, n);
    pclose(p);
  }
  return out;
}

// The middle of a control, read from the desk's item map.
bool place_of(const std::string& map, const std::string& id, int& x, int& y) {
  std::ifstream in(map);
  for (std::string line; std::getline(in, line);) {
    int w = 0, h = 0;
    if (line.find("\"id\":\"" + id + "\"") == std::string::npos) continue;
    const auto at = line.find("\"x\"");
    if (std::sscanf(line.c_str() + at, "\"x\":%d,\"y\":%d,\"w\":%d,\"h\":%d", &x, &y, &w, &h) != 4)
      return false;
    x += w / 2;
    y += h / 2;
    return true;
  }
  return false;
}

template <class T>
bool got(FakeStation& station, std::size_t count = 1) {
  return wait_until([&] {
    const Commands c = station.commands();
    return static_cast<std::size_t>(std::count_if(c.begin(), c.end(), [](const Command& x) {
             return std::holds_alternative<T>(x);
           })) >= count;
  });
}

std::string folder() {
  static const std::string made = [] {
    std::string f = std::string(KAKEHASHI_SCREENS) + "/app";
    shell("mkdir -p " + f);
    char socket_folder[] = "/tmp/kkguiXXXXXX";
    REQUIRE(mkdtemp(socket_folder));
    return std::string(socket_folder);
  }();
  return made;
}

}  // namespace

TEST_CASE("keys and clicks of a real window reach the station") {
  display();
  setenv("XDG_CONFIG_HOME", folder().c_str(), 1);
  const std::string socket = folder() + "/desk.sock", map = folder() + "/map";
  FakeStation station(socket, lecture());
  Program desk({KAKEHASHI_DESK, "--socket", socket, "--size", "1366x768"}, map.c_str());
  REQUIRE(wait_until([&] { return station.desks() == 1; }));
  int x = 0, y = 0;
  REQUIRE(wait_until([&] { return place_of(map, "take", x, y); }));
  const std::string window = shell("xdotool search --onlyvisible --name Kakehashi | head -1");
  REQUIRE_FALSE(window.empty());
  shell("xdotool windowfocus " + window);

  shell("xdotool key 4");
  REQUIRE(got<SelectPreview>(station));
  CHECK(std::get<SelectPreview>(station.commands().at(0)).scene == "slide_speaker");
  shell("xdotool key space");
  REQUIRE(got<Take>(station));
  shell("xdotool key t");
  REQUIRE(got<SetOverlay>(station));

  // A click on a scene; then the hold on stop.
  REQUIRE(place_of(map, "scene.wide", x, y));
  shell("xdotool mousemove " + std::to_string(x) + " " + std::to_string(y) + " click 1");
  REQUIRE(got<SelectPreview>(station, 2));
  REQUIRE(place_of(map, "stop_live", x, y));
  shell("xdotool mousemove " + std::to_string(x) + " " + std::to_string(y) + " mousedown 1");
  CHECK(got<StopLive>(station));
  shell("xdotool mouseup 1");

  shell("xdotool key Escape");
  REQUIRE(got<EmergencyOn>(station));
  station.change([](Snapshot& s) { s.emergency = true; });
  REQUIRE(wait_until([&] { return place_of(map, "return.confirm", x, y); }));
  shell("import -window root " + std::string(KAKEHASHI_SCREENS) + "/app/card.png");
  shell("xdotool key Return");
  shell("xdotool keydown Escape");
  CHECK(got<EmergencyOff>(station));
  shell("xdotool keyup Escape");

  // The station goes and comes back; the window stays and takes up the work again.
  station.close();
  REQUIRE(wait_until([&] { return !place_of(map, "take", x, y); }));
  CHECK(desk.alive());
  shell("import -window root " + std::string(KAKEHASHI_SCREENS) + "/app/lost.png");
  station.open();
  REQUIRE(wait_until([&] { return station.desks() == 1; }));
  CHECK(wait_until([&] { return place_of(map, "take", x, y); }));
  CHECK(desk.alive());
}

TEST_CASE("the hall's screen shows its own bus, and black when the station is gone") {
  display();
  const std::string socket = folder() + "/screen.sock";
  FakeStation station(socket, lecture());
  station.venue().show(235, 128, 128);  // white
  Program screen({KAKEHASHI_SCREEN, "--socket", socket, "--windowed"});
  std::string window;
  REQUIRE(wait_until([&] {
    window = shell("xdotool search --onlyvisible --name 架け橋 | head -1");
    return !window.empty();
  }));
  window.erase(window.find_last_not_of("\n") + 1);
  const auto middle = [&] {
    return shell("import -window " + window +
                 " -crop 1x1+480+270 -depth 8 rgb:- | od -An -tu1 | tr -s ' '");
  };
  CHECK(wait_until([&] { return middle().find("255 255 255") != std::string::npos; }));
  // BT.709 limited red: 63, 102, 240.
  station.venue().show(63, 102, 240);
  CHECK(wait_until([&] {
    std::istringstream in(middle());
    int r = -1, g = -1, b = -1;
    in >> r >> g >> b;
    return r >= 250 && g >= 0 && g <= 5 && b <= 5;
  }));
  station.close();
  CHECK(wait_until([&] { return middle().find("0 0 0") != std::string::npos; }));
  CHECK(screen.alive());
  station.open();
  CHECK(wait_until([&] {
    std::istringstream in(middle());
    int r = -1;
    in >> r;
    return r >= 250;
  }));
  CHECK(screen.end(SIGTERM) == 0);
}

}  // namespace kakehashi::testing
