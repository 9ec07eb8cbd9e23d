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

int open_feed(const std::string& port, int width, int height) {
  const int fd = ::open(node_at(port).c_str(), O_RDWR | O_CLOEXEC);
  INFO(port);
  REQUIRE(fd >= 0);
  v4l2_format f{};
  f.type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
  f.fmt.pix.width = static_cast<std::uint32_t>(width);
  f.fmt.pix.height = static_cast<std::uint32_t>(height);
  f.fmt.pix.pixelformat = V4L2_PIX_FMT_YUYV;
  f.fmt.pix.field = V4L2_FIELD_NONE;
  f.fmt.pix.bytesperline = 2 * f.fmt.pix.width;
  f.fmt.pix.sizeimage = f.fmt.pix.bytesperline * f.fmt.pix.height;
  const v4l2_pix_format wanted = f.fmt.pix;
  // The driver refuses another time of it, even the same.
  if (::ioctl(fd, VIDIOC_S_FMT, &f) != 0) REQUIRE(::ioctl(fd, VIDIOC_G_FMT, &f) == 0);
  REQUIRE(f.fmt.pix.width == wanted.width);
  REQUIRE(f.fmt.pix.height == wanted.height);
  REQUIRE(f.fmt.pix.pixelformat == wanted.pixelformat);
  return fd;
}

void send_hdmi(const std::string& timing) {
  enum Mode { NoSignal = 1, Selected = 4 };  // vivid's menu "DV Timings Signal Mode"
  if (timing.empty()) return set_control(kHdmi, "dv_timings_signal_mode", NoSignal);
  const std::string menus = v4l2(kHdmi, {"--list-ctrls-menus"});
  std::smatch found;
  INFO(timing);
  REQUIRE(std::regex_search(menus, found, std::regex("(\\d+): " + timing + "\n")));
  set_control(kHdmi, "dv_timings_signal_mode", Selected);
  set_control(kHdmi, "dv_timings", std::stoi(found[1]));
}

void take_scaler_out(const std::string& port) {
  for (const char* part :
       {"enable_capture_scaler", "enable_capture_cropping", "enable_capture_composing"})
    set_control(port, part, 0);
}

void unplug_cameras() { driver("vivid", "unbind", "vivid.0"); }

void plug_cameras() {
  driver("vivid", "bind", "vivid.0");
  REQUIRE(wait_until([] { return !node_at(kHdmi).empty(); }, 5s));
}

namespace {
void load_vivid(const std::vector<std::string>& options, const std::string& last) {
  shell({"modprobe", "-r", "vivid"});
  std::vector<std::string> command{"modprobe", "vivid"};
  command.insert(command.end(), options.begin(), options.end());
  shell(command);
  REQUIRE(wait_until([&] { return !node_at(last).empty(); }, 5s));
}
}  // namespace

void plug_cameras_as(const std::vector<int>& nodes) {
  std::string numbers;
  for (const int n : nodes) numbers += (numbers.empty() ? "" : ",") + std::to_string(n);
  load_vivid({"n_devs=3", "node_types=0x1,0x1,0x1", "num_inputs=1,1,1", "input_types=0x0,0x0,0x3",
              "vid_cap_nr=" + numbers},
             kHdmi);
}

void plug_grabber() {
  load_vivid({"n_devs=1", "node_types=0x1", "num_inputs=1", "input_types=0x2"}, kLeft);
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

std::unique_ptr<Process> play_channels(int card, const std::vector<int>& hz) {
  // ffmpeg gives ALSA the channels of a 7.1 in ALSA's order: its third pair is the card's second.
  REQUIRE(hz.size() == 8);
  std::string wave = "aevalsrc=exprs=";
  for (const std::size_t i : {0, 1, 4, 5, 2, 3, 6, 7})
    wave += (i ? "|" : "") + ("0.4*sin(2*PI*" + std::to_string(hz[i]) + "*t)");
  auto player =
      Process::start({"ffmpeg", "-nostdin", "-loglevel", "error", "-re", "-f", "lavfi", "-i",
                      wave + ":s=48000", "-c:a", "pcm_s32le", "-ac", std::to_string(hz.size()),
                      "-f", "alsa", "hw:" + std::to_string(card) + ",0"});
  REQUIRE(player);
  return player;
}

void shift_rate(int card, int ppm) {
  // 100000 is the system's rate; more is slower (sound/drivers/aloop.c, byte_pos).
  shell({"amixer", "-q", "-c", std::to_string(card), "cset",
         "iface=PCM,name=PCM Rate Shift 100000,device=1", std::to_string(100000 - ppm / 10)});
}

}  // namespace kakehashi::testing
