// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/v4l2_node.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace kakehashi {
namespace {

constexpr const char *kRaw = "video/x-raw", *kJpeg = "image/jpeg", *kH264 = "video/x-h264";
constexpr std::array kPixels{
    V4l2Pixel{V4L2_PIX_FMT_MJPEG, kJpeg, "MJPG"}, V4l2Pixel{V4L2_PIX_FMT_JPEG, kJpeg, "MJPG"},
    V4l2Pixel{V4L2_PIX_FMT_H264, kH264, "H264"},  V4l2Pixel{V4L2_PIX_FMT_YUYV, kRaw, "YUY2"},
    V4l2Pixel{V4L2_PIX_FMT_UYVY, kRaw, "UYVY"},   V4l2Pixel{V4L2_PIX_FMT_YVYU, kRaw, "YVYU"},
    V4l2Pixel{V4L2_PIX_FMT_NV12, kRaw, "NV12"},   V4l2Pixel{V4L2_PIX_FMT_NV21, kRaw, "NV21"},
    V4l2Pixel{V4L2_PIX_FMT_NV16, kRaw, "NV16"},   V4l2Pixel{V4L2_PIX_FMT_YUV420, kRaw, "I420"},
    V4l2Pixel{V4L2_PIX_FMT_YVU420, kRaw, "YV12"}, V4l2Pixel{V4L2_PIX_FMT_YUV422P, kRaw, "Y42B"},
    V4l2Pixel{V4L2_PIX_FMT_XBGR32, kRaw, "BGRx"}, V4l2Pixel{V4L2_PIX_FMT_BGR32, kRaw, "BGRx"},
    V4l2Pixel{V4L2_PIX_FMT_RGB24, kRaw, "RGB"},   V4l2Pixel{V4L2_PIX_FMT_BGR24, kRaw, "BGR"},
    V4l2Pixel{V4L2_PIX_FMT_GREY, kRaw, "GRAY8"}};

constexpr std::uint32_t kCapture = V4L2_BUF_TYPE_VIDEO_CAPTURE;
// As many buffers as v4l2src asks for at least.
constexpr std::uint32_t kBuffers = 4;

// Of one input; bits of the colour decoder alone (V4L2_IN_ST_COLOR_KILL) are no loss of a picture.
constexpr std::uint32_t kDark = V4L2_IN_ST_NO_POWER | V4L2_IN_ST_NO_SIGNAL | V4L2_IN_ST_NO_H_LOCK |
                                V4L2_IN_ST_NO_SYNC | V4L2_IN_ST_NO_CARRIER;

bool current_input(int fd, v4l2_input& input) {
  int number = 0;
  input = {};
  if (!V4l2Node::ask_v4l2(fd, VIDIOC_G_INPUT, number)) return false;
  input.index = static_cast<std::uint32_t>(number);
  return V4l2Node::ask_v4l2(fd, VIDIOC_ENUMINPUT, input);
}

// Pixel clocks are measured, not told: a thousandth is the same signal.
bool same(const v4l2_bt_timings& a, const v4l2_bt_timings& b) {
  const auto clock = static_cast<double>(a.pixelclock), other = static_cast<double>(b.pixelclock);
  return a.width == b.width && a.height == b.height && a.interlaced == b.interlaced &&
         std::max(clock, other) * 0.999 <= std::min(clock, other) + 1;
}

struct Stop {  // the queue is empty and the stream ends whatever happens in between
  int fd;
  ~Stop() {
    int type = static_cast<int>(kCapture);
    V4l2Node::ask_v4l2(fd, VIDIOC_STREAMOFF, type);
    v4l2_requestbuffers none{};
    none.type = kCapture;
    none.memory = V4L2_MEMORY_MMAP;
    V4l2Node::ask_v4l2(fd, VIDIOC_REQBUFS, none);
  }
};

int start_as(const V4l2Node& node, const CameraMode& mode, std::uint32_t code) {
  v4l2_format f{};
  f.type = kCapture;
  if (!node.ask(VIDIOC_G_FMT, f)) return errno;
  f.fmt.pix.pixelformat = code;
  f.fmt.pix.width = static_cast<std::uint32_t>(mode.width);
  // Of fields the driver counts the lines of one.
  f.fmt.pix.height = static_cast<std::uint32_t>(mode.height / (mode.scan == Scan::Fields ? 2 : 1));
  f.fmt.pix.bytesperline = f.fmt.pix.sizeimage = 0;
  if (!node.ask(VIDIOC_S_FMT, f)) return errno;
  if (f.fmt.pix.pixelformat != code) return EINVAL;
  if (mode.rate.numerator > 0) {
    v4l2_streamparm rate{};
    rate.type = kCapture;
    rate.parm.capture.timeperframe = {static_cast<std::uint32_t>(mode.rate.denominator),
                                      static_cast<std::uint32_t>(mode.rate.numerator)};
    node.ask(VIDIOC_S_PARM, rate);  // a card that follows its signal has none
  }
  v4l2_requestbuffers room{};
  room.count = kBuffers;
  room.type = kCapture;
  room.memory = V4L2_MEMORY_MMAP;
  if (!node.ask(VIDIOC_REQBUFS, room)) return errno;
  const Stop stop{node.fd()};
  for (std::uint32_t i = 0; i < room.count; ++i) {
    v4l2_buffer buffer{};
    buffer.index = i;
    buffer.type = kCapture;
    buffer.memory = V4L2_MEMORY_MMAP;
    if (!node.ask(VIDIOC_QUERYBUF, buffer) || !node.ask(VIDIOC_QBUF, buffer)) return errno;
  }
  int type = static_cast<int>(kCapture);
  return node.ask(VIDIOC_STREAMON, type) ? 0 : errno;
}

}  // namespace

V4l2Node::V4l2Node(const std::string& path)
    : fd_(open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC)), refused_(fd_ < 0 ? errno : 0) {}

V4l2Node::~V4l2Node() {
  if (fd_ >= 0) close(fd_);
}

std::span<const V4l2Pixel> v4l2_pixels() { return kPixels; }

PlugSignal plug_signal(int fd) {
  v4l2_input input{};
  if (!current_input(fd, input)) return PlugSignal::There;
  const bool dark = (input.status & kDark) != 0;
  const PlugSignal otherwise = dark ? PlugSignal::None : PlugSignal::There;
  if ((input.capabilities & V4L2_IN_CAP_DV_TIMINGS) == 0) return otherwise;
  v4l2_dv_timings seen{}, taken{};
  if (!V4l2Node::ask_v4l2(fd, VIDIOC_QUERY_DV_TIMINGS, seen))
    return errno == ENOLINK || errno == ENOLCK ? PlugSignal::None
           : errno == ERANGE                   ? PlugSignal::TooMuch
                                               : otherwise;
  if (dark) return PlugSignal::None;
  if (!V4l2Node::ask_v4l2(fd, VIDIOC_G_DV_TIMINGS, taken) || same(seen.bt, taken.bt))
    return PlugSignal::There;
  return PlugSignal::Another;
}

void follow_signal(int fd) {
  v4l2_dv_timings seen{};
  if (plug_signal(fd) == PlugSignal::Another &&
      V4l2Node::ask_v4l2(fd, VIDIOC_QUERY_DV_TIMINGS, seen))
    V4l2Node::ask_v4l2(fd, VIDIOC_S_DV_TIMINGS, seen);
}

int start_refusal(const std::string& path, const CameraMode& mode) {
  const V4l2Node node(path);
  if (!node) return node.refused();
  int why = EINVAL;
  for (const V4l2Pixel& p : kPixels)
    if (mode.media == p.media && mode.format == p.format)
      if (why = start_as(node, mode, p.code); why == 0) break;
  return why;
}

}  // namespace kakehashi
