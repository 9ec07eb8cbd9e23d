// SPDX-License-Identifier: GPL-3.0-or-later
// A camera that web-meeting programs on this PC open: v4l2loopback, fed with a bus's pictures. The
// driver is a camera only while somebody writes (exclusive_caps=1), and gives its last picture to
// whoever opens it later, so a black one is left behind.
#include <fcntl.h>
#include <linux/videodev2.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

#include "encoder/kinds.h"
#include "encoder/raw_output.h"
#include "encoder/trouble.h"

namespace kakehashi {
namespace {

namespace fs = std::filesystem;

int control(int fd, unsigned long request, void* argument) {
  int result;
  do result = ::ioctl(fd, request, argument);
  while (result < 0 && errno == EINTR);
  return result;
}

struct Node {
  int fd = -1;
  std::string path, label;
};

// Only nodes without hardware are opened: looking must not wake a real camera.
Node find(const std::string& wish) {
  std::error_code code;
  std::vector<std::string> names;
  for (const auto& e : fs::directory_iterator("/sys/devices/virtual/video4linux", code))
    names.push_back(e.path().filename().string());
  std::sort(names.begin(), names.end(), [](const auto& a, const auto& b) {
    return std::pair(a.size(), a) < std::pair(b.size(), b);  // video2 before video10
  });
  for (const std::string& name : names) {
    Node node{-1, "/dev/" + name, {}};
    node.fd = ::open(node.path.c_str(), O_RDWR | O_CLOEXEC);
    if (node.fd < 0) continue;
    v4l2_capability about{};
    if (control(node.fd, VIDIOC_QUERYCAP, &about) == 0 &&
        std::strcmp(reinterpret_cast<const char*>(about.driver), "v4l2 loopback") == 0) {
      node.label = reinterpret_cast<const char*>(about.card);
      if (wish.empty() || wish == node.label || wish == node.path) return node;
    }
    ::close(node.fd);
  }
  return {};
}

class VirtualCamera final : public RawOutput {
 public:
  explicit VirtualCamera(Node node) : node_(std::move(node)) {}
  ~VirtualCamera() override {
    if (!packed_.empty()) {
      for (std::size_t i = 0; i < packed_.size(); i += 2) {
        packed_[i] = 16;
        packed_[i + 1] = 128;
      }
      (void)put();
    }
    ::close(node_.fd);
  }

  Status start(const Canvas& canvas) {
    v4l2_format f{};
    f.type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
    f.fmt.pix.width = static_cast<unsigned>(canvas.width);
    f.fmt.pix.height = static_cast<unsigned>(canvas.height);
    f.fmt.pix.pixelformat = V4L2_PIX_FMT_YUYV;  // every meeting program takes it
    f.fmt.pix.field = V4L2_FIELD_NONE;
    f.fmt.pix.bytesperline = f.fmt.pix.width * 2;
    f.fmt.pix.sizeimage = f.fmt.pix.bytesperline * f.fmt.pix.height;
    f.fmt.pix.colorspace = V4L2_COLORSPACE_REC709;
    if (control(node_.fd, VIDIOC_S_FMT, &f) < 0)
      return trouble(errno == EBUSY ? Trouble::CameraTaken : Trouble::CameraMissing,
                     node_.path + ": " + std::strerror(errno));
    // A program that is still reading keeps the format it began with.
    if (f.fmt.pix.width != static_cast<unsigned>(canvas.width) ||
        f.fmt.pix.height != static_cast<unsigned>(canvas.height) ||
        f.fmt.pix.pixelformat != V4L2_PIX_FMT_YUYV)
      return trouble(Trouble::CameraTaken, node_.path + " keeps another size");
    v4l2_streamparm rate{};
    rate.type = V4L2_BUF_TYPE_VIDEO_OUTPUT;
    rate.parm.output.timeperframe = {static_cast<unsigned>(canvas.rate.denominator),
                                     static_cast<unsigned>(canvas.rate.numerator)};
    (void)control(node_.fd, VIDIOC_S_PARM, &rate);  // what readers are told; nothing depends on it
    width_ = static_cast<std::size_t>(canvas.width);
    height_ = static_cast<std::size_t>(canvas.height);
    packed_.resize(width_ * height_ * 2);
    return {};
  }

  Status write(const VideoFrame& picture) override {
    if (picture.info().format != PixelFormat::I420 ||
        static_cast<std::size_t>(picture.width()) != width_ ||
        static_cast<std::size_t>(picture.height()) != height_)
      return trouble(Trouble::Internal, "a picture of another shape");
    pack(picture);
    return put();
  }
  std::string location() const override { return node_.label + " (" + node_.path + ")"; }

 private:
  // I420 to Y0 U Y1 V; two lines share a line of colour.
  void pack(const VideoFrame& picture) {
    const auto [luma, luma_stride] = picture.plane(0);
    const auto [blue, blue_stride] = picture.plane(1);
    const auto [red, red_stride] = picture.plane(2);
    for (std::size_t y = 0; y < height_; ++y) {
      const std::uint8_t* l = luma + y * static_cast<std::size_t>(luma_stride);
      const std::uint8_t* u = blue + y / 2 * static_cast<std::size_t>(blue_stride);
      const std::uint8_t* v = red + y / 2 * static_cast<std::size_t>(red_stride);
      std::uint8_t* out = packed_.data() + y * width_ * 2;
      for (std::size_t x = 0; x < width_ / 2; ++x) {
        out[4 * x] = l[2 * x];
        out[4 * x + 1] = u[x];
        out[4 * x + 2] = l[2 * x + 1];
        out[4 * x + 3] = v[x];
      }
    }
  }

  Status put() {
    const ssize_t n = ::write(node_.fd, packed_.data(), packed_.size());
    if (n == static_cast<ssize_t>(packed_.size())) return {};
    return trouble(Trouble::CameraMissing,
                   node_.path + ": " + (n < 0 ? std::strerror(errno) : "took a part only"));
  }

  const Node node_;
  std::size_t width_ = 0, height_ = 0;
  std::vector<std::uint8_t> packed_;
};

KindDescription describe() {
  KindDescription row;
  row.name = "virtual_camera";
  row.label = {"仮想カメラ（Web会議用）", "Virtual camera (web meetings)"};
  row.has_video = true;
  row.fields = {choice_field("bus", {"映すもの", "Shows"}, {"aux", "program", "clean", "venue"}),
                text_field("device", {"仮想カメラの名前（空欄：最初のもの）",
                                      "Its name (empty: the first one)"})};
  return row;
}

}  // namespace

OutputKind virtual_camera_output_kind() {
  const KindDescription row = describe();
  OutputKind kind;
  kind.description = row;
  kind.open_raw = [row](const RawOpen& open) -> Result<std::unique_ptr<RawOutput>> {
    Node node = find(setting<std::string>(row, open.settings, "device"));
    if (node.fd < 0) return trouble(Trouble::CameraMissing, "no v4l2loopback device");
    auto camera = std::make_unique<VirtualCamera>(std::move(node));
    if (auto s = camera->start(open.canvas); !s) return s.error();
    return std::unique_ptr<RawOutput>(std::move(camera));
  };
  return kind;
}

}  // namespace kakehashi
