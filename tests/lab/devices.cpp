// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/lab/devices.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <regex>

#include "tests/support/wait.h"

namespace kakehashi::testing {
namespace {

using namespace std::chrono_literals;

std::string bus_of(const std::string& node) {
  const int fd = ::open(node.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return {};
  v4l2_capability c{};
  const bool ok = ::ioctl(fd, VIDIOC_QUERYCAP, &c) == 0;
  ::close(fd);
  return ok ? reinterpret_cast<const char*>(c.bus_info) : "";
}

void driver(const std::string& name, const std::string& what, const std::string& device) {
  const std::string path = "/sys/bus/platform/drivers/" + name + "/" + what;
  std::ofstream file(path);
  file << device << std::flush;
  INFO(path << " " << device);
  REQUIRE(file.good());
}

std::string shell(const std::vector<std::string>& command) {
  std::string out;
  const int code = run(command, &out);
  INFO(command.front() << ": " << out);
  REQUIRE(code == 0);
  return out;
}

}  // namespace

std::string node_at(const std::string& port) {
  std::error_code ec;
  for (const auto& entry : std::filesystem::directory_iterator("/dev", ec)) {
    const std::string node = entry.path();
    if (node.starts_with("/dev/video") && bus_of(node) == port) return node;
  }
  return {};
}

std::string v4l2(const std::string& port, const std::vector<std::string>& arguments) {
  const std::string node = node_at(port);
  INFO(port);
  REQUIRE_FALSE(node.empty());
  std::vector<std::string> command{"v4l2-ctl", "-d", node};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return shell(command);
}

void set_control(const std::string& port, const std::string& control, int value) {
  v4l2(port, {"--set-ctrl", control + "=" + std::to_string(value)});
}

void show(const std::string& port, Shown colour) {
  set_control(port, "test_pattern", static_cast<int>(colour));
  set_control(port, "osd_text_mode", 2);  // nothing written into the picture
}

void set_timing(int width, int height, int fps, bool interlaced) {
  // "Index: 3", "Active width: 1920", "Active height: 1080", "Frame format: progressive",
  // "Pixelclock: ... (30.00 frames per second)"; interlaced ones tell fields.
  const std::string list = v4l2(kHdmi, {"--list-dv-timings"});
  static const std::regex entry(
      R"(Index: (\d+)[\s\S]*?Active width: (\d+)[\s\S]*?Active height: (\d+)[\s\S]*?Frame format: (\w+)[\s\S]*?\((\d+)\.\d+ (?:frames|fields))");
  for (std::sregex_iterator it(list.begin(), list.end(), entry), end; it != end; ++it) {
    const auto& m = *it;
    if (std::stoi(m[2]) != width || std::stoi(m[3]) != height || std::stoi(m[5]) != fps) continue;
    if ((m[4] == "interlaced") != interlaced) continue;
    v4l2(kHdmi, {"--set-dv-bt-timings", "index=" + m[1].str()});
    return;
  }
  FAIL("the driver has no such timing: " << list);
}

void unplug_cameras() { driver("vivid", "unbind", "vivid.0"); }

void plug_cameras() {
  driver("vivid", "bind", "vivid.0");
  REQUIRE(wait_until([] { return !node_at(kHdmi).empty(); }, 5s));
}

void plug_cameras_as(const std::vector<int>& nodes) {
  std::string numbers;
  for (const int n : nodes) numbers += (numbers.empty() ? "" : ",") + std::to_string(n);
  shell({"modprobe", "-r", "vivid"});
  shell({"modprobe", "vivid", "n_devs=3", "node_types=0x1,0x1,0x1", "num_inputs=1,1,1",
         "input_types=0x0,0x0,0x3", "vid_cap_nr=" + numbers});
  REQUIRE(wait_until([] { return !node_at(kHdmi).empty(); }, 5s));
}

void unplug_card(int card) { driver("snd_aloop", "unbind", "snd_aloop." + std::to_string(card)); }

void plug_card(int card) { driver("snd_aloop", "bind", "snd_aloop." + std::to_string(card)); }

std::unique_ptr<Process> play(int card, int hz) {
  auto player =
      Process::start({"ffmpeg", "-nostdin", "-loglevel", "error", "-re", "-f", "lavfi", "-i",
                      "sine=frequency=" + std::to_string(hz) + ":sample_rate=48000,volume=4", "-ac",
                      "2", "-f", "alsa", "plughw:" + std::to_string(card) + ",0"});
  REQUIRE(player);
  return player;
}

void shift_rate(int card, int ppm) {
  // 100000 is the system's rate; more is slower (sound/drivers/aloop.c, byte_pos).
  shell({"amixer", "-q", "-c", std::to_string(card), "cset",
         "iface=PCM,name=PCM Rate Shift 100000,device=1", std::to_string(100000 - ppm / 10)});
}

}  // namespace kakehashi::testing
