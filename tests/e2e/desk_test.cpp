// SPDX-License-Identifier: GPL-3.0-or-later
// A person at the real desk with the real station behind it: real windows, keys and a held mouse
// button (xdotool); what came of it is read back through the door.
#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "station/ingest.h"
#include "tests/e2e/station.h"

namespace kakehashi::testing {
namespace {

using namespace std::chrono_literals;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

// The shipped demo with places that hold from any folder and a receiver of the test's own.
std::string demo_event(int port) {
  std::string text = read_text(shipped("presets/events/demo.json"));
  text = replaced(text, "\"../", "\"" + shipped("presets/"));
  return replaced(text, "127.0.0.1:19350", "127.0.0.1:" + std::to_string(port));
}

// Same canvas and encode, one scene, one input that the demo does not have.
std::string second_event(const std::string& demo) {
  const std::string from = demo.substr(demo.find("\"canvas\""));
  const auto encode = from.find("\"encode\"");
  return R"({"kakehashi_event": 1, "id": "second", "title": {"ja": "二つめの行事", "en": "Second"},
    "canvas": {"width": 1920, "height": 1080, "fps": 30},
    "inputs": [{"id": "cam_new", "name": {"ja": "新しいカメラ", "en": "New camera"},
                "source": {"kind": "test", "pattern": "bars"}}],
    "scenes": [{"id": "s_new", "name": {"ja": "新しい場面", "en": "New scene"}, "key": 1,
                "layers": [{"input": "cam_new", "rect": [0, 0, 1920, 1080]}]}],
    "cards": [{"id": "c", "title": "しばらくお待ちください"}], "emergency_card": "c",
    )" + from.substr(encode, from.find("\"record\"") - encode) +
         R"("record": {"with_stream": false}})";
}

struct Box {
  int x = 0, y = 0, w = 0, h = 0;
};

// The desk window on its own display; ends the station that the desk started.
class DeskSeat {
 public:
  explicit DeskSeat(const TempDir& folder)
      : folder_(folder), socket_(folder / "door"), xvfb_(Xvfb::start(1920, 1080)) {
    REQUIRE(xvfb_);
    environment_ = {{"DISPLAY", xvfb_->display()},
                    {"XDG_CONFIG_HOME", folder.path()},
                    {"KAKEHASHI_ITEM_MAP", folder / "map"}};
  }
  ~DeskSeat() {
    desk_.reset();
    auto client = DoorClient::connect(socket_);
    if (!client) return;
    (void)(*client)->send(StopLive{}, 5s);
    (void)(*client)->send(StopRecord{}, 5s);
    (void)(*client)->send(Quit{}, 5s);
    CHECK(wait_until([&] { return !DoorClient::connect(socket_).ok(); }, 15s));
  }

  void sit_down(const std::vector<std::string>& arguments) {
    std::filesystem::remove(folder_ / "map");
    std::vector<std::string> words{DESK,        "--socket",  socket_,          "--size",
                                   "1920x1080", "--station", station_program()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    desk_ = Process::start(words, environment_, folder_ / "desk.log");
    REQUIRE(desk_);
    REQUIRE_MESSAGE(wait_until([&] { return shows("take"); }, 30s), read_text(folder_ / "desk.log"),
                    read_text(socket_ + ".log"));
    focus();
  }
  void kill() {
    desk_->signal(SIGKILL);
    REQUIRE(desk_->wait());
  }
  bool alive() { return desk_->running(); }

  void xdo(const std::string& words) const {
    std::vector<std::string> command{"xdotool"};
    std::istringstream in(words);
    for (std::string w; in >> w;) command.push_back(w);
    REQUIRE(run(command, nullptr, environment_) == 0);
  }
  void point_at(const std::string& item) const {
    Box b;
    REQUIRE_MESSAGE(place(item, b), item);
    xdo("mousemove " + std::to_string(b.x + b.w / 2) + " " + std::to_string(b.y + b.h / 2));
  }
  bool shows(const std::string& item) const {
    Box b;
    return place(item, b);
  }
  // Where the desk drew it; the file is written anew about once a second.
  bool place(const std::string& item, Box& b) const {
    const std::string map = read_text(folder_ / "map");
    const auto at = map.find("\"id\":\"" + item + "\",");
    return at != std::string::npos &&
           std::sscanf(map.c_str() + map.find("\"x\"", at), R"("x":%d,"y":%d,"w":%d,"h":%d)", &b.x,
                       &b.y, &b.w, &b.h) == 4;
  }
  // Part of coloured pixels in what is drawn there.
  double colourful(const std::string& item) const {
    Box b;
    if (!place(item, b)) return 0;
    const std::string crop = std::to_string(b.w) + "x" + std::to_string(b.h) + "+" +
                             std::to_string(b.x) + "+" + std::to_string(b.y);
    std::string rgb;
    if (run({"import", "-window", "root", "-crop", crop, "-depth", "8", "rgb:-"}, &rgb,
            environment_) != 0 ||
        rgb.size() < 3)
      return 0;
    std::size_t strong = 0;
    for (std::size_t i = 0; i + 2 < rgb.size(); i += 3) {
      const auto [least, most] =
          std::minmax({static_cast<unsigned char>(rgb[i]), static_cast<unsigned char>(rgb[i + 1]),
                       static_cast<unsigned char>(rgb[i + 2])});
      strong += most - least > 40 ? 1 : 0;  // the desk itself is grey
    }
    return 3.0 * static_cast<double>(strong) / static_cast<double>(rgb.size());
  }
  void photograph(const std::string& name) const {
    std::filesystem::create_directories(SCREENS);
    CHECK(run({"import", "-window", "root", std::string(SCREENS) + "/e2e-" + name + ".png"},
              nullptr, environment_) == 0);
  }
  const std::string& socket() const { return socket_; }
  const Environment& environment() const { return environment_; }

 private:
  void focus() const {
    std::string window;
    REQUIRE(wait_until([&] {
      window.clear();
      run({"xdotool", "search", "--onlyvisible", "--name", "Kakehashi"}, &window, environment_);
      return !window.empty();
    }));
    xdo("windowfocus --sync " + window.substr(0, window.find('\n')));
  }

  const TempDir& folder_;
  std::string socket_;
  std::unique_ptr<Xvfb> xvfb_;
  Environment environment_;
  std::unique_ptr<Process> desk_;
};

class Witness {
 public:
  explicit Witness(const std::string& socket) {
    auto client = DoorClient::connect(socket);
    REQUIRE(client.ok());
    client_ = std::move(*client);
  }
  Snapshot look() {
    auto s = client_->snapshot(5s);
    REQUIRE(s.ok());
    return std::move(*s);
  }
  template <class Condition>
  bool until(Condition condition, std::chrono::milliseconds limit = 10s) {
    return wait_until([&] { return condition(look()); }, limit);
  }
  DoorClient& door() { return *client_; }

 private:
  std::unique_ptr<DoorClient> client_;
};

}  // namespace

TEST_CASE("an operator at the desk: keys, the card, a killed desk, another event, practice") {
  const TempDir folder;
  IngestOptions listen;
  listen.listen = "rtmp://127.0.0.1:0/live";
  auto ingest = Ingest::start(listen);
  REQUIRE(ingest.ok());
  const std::string demo = replaced(demo_event((*ingest)->port()), "\"folder\": \"\"",
                                    "\"folder\": \"" + (folder / "recordings") + "\"");
  write_text(folder / "event.json", demo);
  DeskSeat seat(folder);
  seat.sit_down({folder / "event.json"});  // it starts the station itself
  Witness station(seat.socket());
  CHECK(station.look().event_id == "demo");
  CHECK(station.look().practice);
  seat.photograph("standby");

  seat.xdo("key 4");
  REQUIRE(station.until([](const Snapshot& s) { return s.preview == "s_slide_sp"; }));
  seat.xdo("key space");
  REQUIRE(station.until([](const Snapshot& s) { return s.program == "s_slide_sp"; }));
  CHECK(station.look().takes == 1);
  seat.xdo("key t");
  REQUIRE(station.until([](const Snapshot& s) {
    return std::any_of(s.overlays.begin(), s.overlays.end(),
                       [](const OverlayStatus& o) { return o.kind == "name_title" && o.on; });
  }));
  seat.photograph("title");
  // A presenter's clicker turns the slides; the other transitions are a press away.
  seat.xdo("key Next");
  REQUIRE(station.until([](const Snapshot& s) {
    return std::any_of(s.inputs.begin(), s.inputs.end(),
                       [](const InputStatus& i) { return i.pages > 1 && i.page == 2; });
  }));
  seat.point_at("transition.more");
  seat.xdo("click 1");
  REQUIRE(wait_until([&] { return seat.shows("effect.wipe_left"); }));
  seat.point_at("effect.wipe_left");
  seat.xdo("click 1");
  REQUIRE(station.until([](const Snapshot& s) { return s.next_kind == TransitionKind::WipeLeft; }));
  seat.point_at("transition.cut");
  seat.xdo("click 1");
  REQUIRE(station.until([](const Snapshot& s) { return s.next_kind == TransitionKind::Cut; }));
  seat.point_at("drawer.close");
  seat.xdo("click 1");

  // Half a second on the button is not two; what is pressed after it is answered after it.
  seat.point_at("go_live");
  seat.xdo("mousedown 1 sleep 0.5 mouseup 1");
  seat.xdo("key 5");
  REQUIRE(station.until([](const Snapshot& s) { return s.preview == "s_slide"; }));
  CHECK_FALSE(station.look().live);
  seat.xdo("mousedown 1");
  REQUIRE(station.until([](const Snapshot& s) { return s.live; }));
  seat.xdo("mouseup 1");
  REQUIRE(station.until([](const Snapshot& s) { return s.outputs.at(0).video_packets > 30; }, 15s));
  CHECK(station.look().record.recording);
  CHECK(wait_until([&] { return (*ingest)->receiving(); }));
  REQUIRE(wait_until([&] { return seat.shows("stop_live"); }));
  seat.photograph("practice");

  seat.xdo("key Escape");
  REQUIRE(station.until([](const Snapshot& s) { return s.emergency; }));
  CHECK(station.look().live);
  REQUIRE(wait_until([&] { return seat.shows("return.confirm"); }));
  seat.photograph("card");
  seat.xdo("key Return");
  seat.xdo("keydown Escape");
  CHECK(station.until([](const Snapshot& s) { return !s.emergency; }, 15s));
  seat.xdo("keyup Escape");

  // The desk dies: every tick comes all the same, and what viewers get goes on.
  const Health before = station.look().health;
  const std::int64_t killed = now_us();
  seat.kill();
  REQUIRE(station.until([&](const Snapshot& s) { return s.health.ticks >= before.ticks + 60; }));
  const double ticks = static_cast<double>(station.look().health.ticks - before.ticks);
  const double due = static_cast<double>(now_us() - killed) * 30e-6;
  CHECK(ticks == doctest::Approx(due).epsilon(0.1));
  CHECK(station.look().live);
  CHECK((*ingest)->receiving());

  // What a new desk waits for: from its wish to the first full state.
  const std::int64_t asked = now_us();
  auto late = DoorClient::connect(seat.socket());
  REQUIRE(late.ok());
  REQUIRE((*late)->subscribe(25).ok());
  Snapshot first;
  REQUIRE(wait_until([&] {
    auto news = (*late)->poll();
    if (news.ok() && *news) first = std::move(**news);
    return first.sequence > 0;
  }));
  const double waited_ms = static_cast<double>(now_us() - asked) / 1e3;
  MESSAGE("a new desk had the state after " << waited_ms << " ms");
  CHECK(waited_ms < 1000);
  CHECK(first.scenes.size() == 12);
  seat.sit_down({});
  CHECK(seat.shows("scene.s_slide_sp"));
  CHECK(seat.shows("stop_live"));
  CHECK(wait_until([&] { return seat.colourful("scene.s_wide") > 0.1; }));
  seat.photograph("again");

  seat.point_at("stop_live");
  seat.xdo("mousedown 1");
  REQUIRE(station.until([](const Snapshot& s) { return !s.live; }));
  seat.xdo("mouseup 1");
  CHECK(station.door().send(StopRecord{}, 5s).ok());

  // Another event under the attached desk: its scene comes, with a moving picture in it.
  const std::uint64_t boards = station.look().boards;
  write_text(folder / "second.json", second_event(demo));
  const Status loaded = station.door().send(LoadEvent{folder / "second.json"}, 10s);
  REQUIRE_MESSAGE(loaded.ok(), (loaded.ok() ? "" : loaded.error().message));
  REQUIRE(station.until([](const Snapshot& s) { return s.event_id == "second"; }));
  CHECK(station.until([&](const Snapshot& s) { return s.boards != boards; }));
  REQUIRE(wait_until([&] { return seat.shows("scene.s_new") && !seat.shows("scene.s_wide"); }));
  CHECK(wait_until([&] { return seat.colourful("scene.s_new") > 0.1; }));
  seat.photograph("second-event");
  CHECK(seat.alive());
}

TEST_CASE("the hall's screen comes with the station and comes back when it is killed") {
  const TempDir folder;
  auto xvfb = Xvfb::start(1280, 720);
  REQUIRE(xvfb);
  const Environment environment{{"DISPLAY", xvfb->display()}};
  Station station(folder, demo_event(free_port()), {"--screen"}, environment);
  const auto window_process = [&] {
    std::string window, pid;
    run({"xdotool", "search", "--onlyvisible", "--name", "架け橋"}, &window, environment);
    window = window.substr(0, window.find('\n'));
    if (window.empty()) return 0;
    run({"xdotool", "getwindowpid", window}, &pid, environment);
    return std::atoi(pid.c_str());
  };
  int first = 0;
  REQUIRE_MESSAGE(wait_until([&] { return (first = window_process()) > 1; }, 20s), station.log());
  CHECK(station.until([](const Snapshot& s) { return s.screen_running; }));
  REQUIRE(kill(first, SIGKILL) == 0);
  int second = 0;
  CHECK(wait_until(
      [&] {
        second = window_process();
        return second > 1 && second != first;
      },
      20s));
  CHECK(station.until([](const Snapshot& s) { return s.screen_running; }));
  std::filesystem::create_directories(SCREENS);
  run({"import", "-window", "root", std::string(SCREENS) + "/e2e-screen.png"}, nullptr,
      environment);
  station.end();
}

}  // namespace kakehashi::testing
