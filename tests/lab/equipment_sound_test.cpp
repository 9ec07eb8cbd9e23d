// SPDX-License-Identifier: GPL-3.0-or-later
// The equipment test's ears on real sound cards: a good one and each kind of bad one. Exactly the
// right item fails, with the right words. And the round trip from one card's output to its input.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <numbers>
#include <random>
#include <thread>

#include "tests/e2e/equipment.h"
#include "tests/lab/devices.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

const char* const kEvent = R"({
  "kakehashi_event": 1, "id": "sound", "title": "sound",
  "canvas": {"width": 1280, "height": 720, "fps": 30},
  "inputs": [{"id": "picture", "audio": false, "source": {"kind": "test"}},
             {"id": "mic_mc", "video": false, "audio": true, "microphone": true,
              "source": {"kind": "microphone", "device": "hw:0,1"}},
             {"id": "mic_b", "video": false, "audio": true, "microphone": true,
              "source": {"kind": "microphone", "device": "hw:1,1"}}],
  "scenes": [{"id": "s", "layers": [{"input": "picture"}]}]
})";

struct Stereo {
  double left = 0, right = 0;
};
using Room = std::function<Stereo(double t, bool speaking)>;

double noise(std::mt19937& random, double db) {
  return std::normal_distribution<double>()(random) * std::pow(10, db / 20);
}
double voice(double t) {  // syllables, four a second
  return 0.1 * std::max(0.0, std::sin(2 * std::numbers::pi * 4 * t)) *
         (std::sin(2 * std::numbers::pi * 180 * t) +
          0.5 * std::sin(2 * std::numbers::pi * 950 * t));
}
Room good_room() {
  return [random = std::mt19937(2)](double t, bool speaking) mutable {
    return Stereo{(speaking ? voice(t) : 0) + noise(random, -65),
                  (speaking ? 0.9 * voice(t) : 0) + noise(random, -65)};
  };
}

// What is before a card's microphones, played into it until this ends.
class Sounding {
 public:
  Sounding(int card, const TempDir& folder, std::atomic<bool>& speaking, Room room) {
    const std::string pipe = folder / ("card" + std::to_string(card));
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    player_ =
        Process::start({"aplay", "-q", "-t", "raw", "-f", "S16_LE", "-r", "48000", "-c", "2",
                        "--buffer-time=100000", "-D", "hw:" + std::to_string(card) + ",0", pipe});
    REQUIRE(player_);
    pipe_ = ::open(pipe.c_str(), O_WRONLY | O_CLOEXEC);
    REQUIRE(pipe_ >= 0);
    ::fcntl(pipe_, F_SETPIPE_SZ, 4096);
    thread_ = std::thread([this, &speaking, room = std::move(room)]() mutable {
      std::vector<std::int16_t> piece(2 * 480);
      for (std::int64_t n = 0; !stop_; n += 480) {
        for (std::size_t i = 0; i < 480; ++i) {
          const Stereo s =
              room(static_cast<double>(n + static_cast<std::int64_t>(i)) / 48000, speaking);
          piece[2 * i] = sample(s.left);
          piece[2 * i + 1] = sample(s.right);
        }
        if (::write(pipe_, piece.data(), piece.size() * 2) < 0) return;
      }
    });
  }
  ~Sounding() {
    stop_ = true;
    thread_.join();
    ::close(pipe_);
    player_.reset();
  }

 private:
  static std::int16_t sample(double v) {
    return static_cast<std::int16_t>(std::lround(std::clamp(v, -1.0, 1.0) * 32767));
  }
  std::unique_ptr<Process> player_;
  int pipe_ = -1;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

struct Test {
  std::vector<std::string> options;
  bool failed = false;  // what its exit code must say
  Room mc = good_room(), b = good_room();
};

// Runs the equipment test; people speak when it asks them to.
Items run_test(const Test& test) {
  ::signal(SIGPIPE, SIG_IGN);
  const TempDir folder;
  std::atomic<bool> speaking{false};
  std::unique_ptr<Sounding> mc, b;
  if (test.mc) mc = std::make_unique<Sounding>(0, folder, speaking, test.mc);
  if (test.b) b = std::make_unique<Sounding>(1, folder, speaking, test.b);
  EquipTest wish;
  wish.event = kEvent;
  wish.quick = false;
  wish.options = test.options;
  wish.told = [&](const std::string& line) {
    if (line.find("speak into") != std::string::npos) speaking = true;
    if (line.find("Opening") != std::string::npos) speaking = false;
  };
  EquipRun done = run_equip_test(wish);
  INFO(done.out);
  CHECK(done.code == (test.failed ? 1 : 0));
  CHECK_FALSE(done.items.empty());
  MESSAGE(done.out.substr(done.out.find("Equipment test")));
  return std::move(done.items);
}

Items listen_with(Test test) {
  test.options.insert(test.options.end(), {"--only", "sound"});
  return run_test(test);
}
Items loop_with(const std::string& output, bool failed) {
  Test test;
  test.mc = test.b = nullptr;
  test.failed = failed;
  test.options = {"--only", "round_trip", "--loop", "mic_mc=" + output};
  return run_test(test);
}

}  // namespace

TEST_CASE("good microphones pass, and their figures are right") {
  const Items items = listen_with({});
  for (const char* id : {"sound.mic_mc", "sound.mic_b"}) {
    const EquipmentItem& item = items.at(id);
    passes(item);
    CHECK(figure(item, "channels") == 2);
    CHECK(figure(item, "rate") == 48000);
    CHECK(std::abs(figure(item, "noise_dbfs") + 65) < 1.5);
    CHECK(std::abs(figure(item, "level_dbfs") + 22) < 4);
    CHECK(figure(item, "clips") == 0);
    CHECK(figure(item, "dropouts") == 0);
    CHECK(figure(item, "hum_mains") == 0);
    CHECK(std::abs(figure(item, "drift_ppm")) < 30);
  }
}

TEST_CASE("one that gives nothing") {
  Test test;
  test.mc = nullptr;
  test.failed = true;
  test.options = {"--quick"};
  const Items items = listen_with(test);
  says(items.at("sound.mic_mc"), Verdict::Fail, "The device runs, but no sound at all comes in.");
  passes(items.at("sound.mic_b"));
}

TEST_CASE("one with a cable on one side only, one that clips") {
  Test test;
  test.options = {"--quick"};
  test.mc = [room = good_room()](double t, bool speaking) mutable {
    return Stereo{room(t, speaking).left, 0};
  };
  test.b = [room = good_room()](double t, bool speaking) mutable {
    const Stereo s = room(t, speaking);
    return speaking ? Stereo{20 * s.left, 20 * s.right} : s;
  };
  const Items items = listen_with(test);
  says(items.at("sound.mic_mc"), Verdict::Caution, "Sound comes from the left side only.");
  says(items.at("sound.mic_b"), Verdict::Caution, "The sound is clipped: the input is too loud.");
}

TEST_CASE("hum of either mains") {
  const auto humming = [](int mains) -> Room {
    return [mains, room = good_room()](double t, bool speaking) mutable {
      const Stereo s = room(t, speaking);
      const double h = 0.003 * std::sin(2 * std::numbers::pi * mains * t) +
                       0.003 * std::sin(2 * std::numbers::pi * 2 * mains * t);
      return Stereo{s.left + h, s.right + h};
    };
  };
  Test test;
  test.options = {"--quick"};
  test.mc = humming(50);
  test.b = humming(60);
  const Items items = listen_with(test);
  says(items.at("sound.mic_mc"), Verdict::Caution, "Mains hum (50 Hz) is in the sound.");
  says(items.at("sound.mic_b"), Verdict::Caution, "Mains hum (60 Hz) is in the sound.");
}

TEST_CASE("clocks that are off are told within 30 ppm, the worst one is a caution") {
  shift_rate(0, 300);
  shift_rate(1, -300);
  Items items = listen_with({});
  CHECK(std::abs(figure(items.at("sound.mic_mc"), "drift_ppm") - 300) < 30);
  CHECK(std::abs(figure(items.at("sound.mic_b"), "drift_ppm") + 300) < 30);
  shift_rate(0, 0);
  shift_rate(1, -600);
  items = listen_with({});
  passes(items.at("sound.mic_mc"));
  says(items.at("sound.mic_b"), Verdict::Caution,
       "The device's clock is far off (it is corrected automatically).");
  shift_rate(1, 0);
}

TEST_CASE("one that is not there") {
  unplug_card(0);
  Test test;
  test.mc = nullptr;
  test.failed = true;
  test.options = {"--quick"};
  const Items items = listen_with(test);
  plug_card(0);
  says(items.at("sound.mic_mc"), Verdict::Fail, "The sound device of this role is not there.");
  passes(items.at("sound.mic_b"));
}

TEST_CASE("the round trip through a card, whatever its clock does") {
  for (const int ppm : {0, 300}) {
    CAPTURE(ppm);
    shift_rate(0, ppm);
    const Items items = loop_with("hw:0,0", false);
    REQUIRE(items.size() == 1);
    const EquipmentItem& item = items.at("round_trip.mic_mc");
    passes(item);
    CHECK(figure(item, "delay_ms") > 1);
    CHECK(figure(item, "delay_ms") < 100);
    CHECK(std::abs(figure(item, "left_db")) < 0.5);
    CHECK(std::abs(figure(item, "right_db")) < 0.5);
    CHECK(figure(item, "distortion") < 0.2);
    CHECK(figure(item, "dropouts") == 0);
    CHECK(std::abs(figure(item, "apart_ppm")) < 5);
    CHECK(std::abs(figure(item, "in_ppm") - ppm) < 30);
    CHECK(std::abs(figure(item, "out_ppm") - ppm) < 30);
  }
  shift_rate(0, 0);
}

TEST_CASE("a round trip without a cable, and without an output") {
  says(loop_with("hw:1,0", true).at("round_trip.mic_mc"), Verdict::Fail,
       "What was played does not come back.");
  says(loop_with("no such", true).at("round_trip.mic_mc"), Verdict::Fail,
       "There is no output to play the test's sound on.");
}
