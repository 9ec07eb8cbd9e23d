// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/camera_list.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <numeric>
#include <utility>

#include "capture/device_choice.h"
#include "capture/device_identity.h"
#include "capture/v4l2_node.h"

namespace kakehashi {
namespace {

namespace fs = std::filesystem;

template <std::size_t N>
std::string text_of(const __u8 (&field)[N]) {
  const auto* text = reinterpret_cast<const char*>(field);
  return clean_name(std::string(text, std::find(text, text + N, '\0')));
}

Rate rate_of(const v4l2_fract& interval) {
  const __u32 common = std::gcd(interval.numerator, interval.denominator);
  if (common == 0) return {0, 1};
  const Rate r{static_cast<std::int32_t>(interval.denominator / common),
               static_cast<std::int32_t>(interval.numerator / common)};
  return r.valid() ? r : Rate{0, 1};
}

// Usual rates within a stepless range.
constexpr std::array kUsual{Rate{60, 1}, Rate{50, 1}, Rate{30, 1}, Rate{25, 1}, Rate{15, 1}};
// Usual sizes within one.
constexpr std::array kSizes{std::array{3840, 2160}, std::array{1920, 1080}, std::array{1280, 720},
                            std::array{960, 540},   std::array{640, 480},   std::array{640, 360},
                            std::array{320, 180}};

void add_rates(const V4l2Node& node, __u32 code, CameraMode mode, std::vector<CameraMode>& to) {
  v4l2_frmivalenum e{};
  e.pixel_format = code;
  e.width = static_cast<__u32>(mode.width);
  e.height = static_cast<__u32>(mode.height);
  const std::size_t before = to.size();
  for (e.index = 0; e.index < 64 && node.ask(VIDIOC_ENUM_FRAMEINTERVALS, e); ++e.index) {
    if (e.type != V4L2_FRMIVAL_TYPE_DISCRETE) {
      const Rate fastest = rate_of(e.stepwise.min), slowest = rate_of(e.stepwise.max);
      for (const Rate r : kUsual)
        if (r.per_second() <= fastest.per_second() * 1.001 &&
            r.per_second() >= slowest.per_second() * 0.999) {
          mode.rate = r;
          to.push_back(mode);
        }
      break;
    }
    mode.rate = rate_of(e.discrete);
    if (mode.rate.numerator > 0) to.push_back(mode);
  }
  if (to.size() == before) to.push_back(mode);
}

Scan scan_of(__u32 field) {
  if (field == V4L2_FIELD_NONE || field == V4L2_FIELD_ANY) return Scan::Progressive;
  return field == V4L2_FIELD_ALTERNATE ? Scan::Fields : Scan::Interlaced;
}

// Capture cards and television inputs list no sizes: there is the one of their signal.
void add_current(const V4l2Node& node, __u32 code, const v4l2_format& current, CameraMode mode,
                 std::vector<CameraMode>& to) {
  v4l2_format f = current;
  f.fmt.pix.pixelformat = code;
  if (!node.ask(VIDIOC_TRY_FMT, f) || f.fmt.pix.pixelformat != code) return;
  mode.scan = scan_of(f.fmt.pix.field);
  mode.width = static_cast<int>(f.fmt.pix.width);
  // Of fields the driver counts the lines of one.
  mode.height = static_cast<int>(f.fmt.pix.height) * (mode.scan == Scan::Fields ? 2 : 1);
  to.push_back(mode);
}

void add_sizes(const V4l2Node& node, __u32 code, const v4l2_format& current, CameraMode mode,
               std::vector<CameraMode>& to) {
  v4l2_frmsizeenum e{};
  e.pixel_format = code;
  bool any = false;
  for (e.index = 0; e.index < 128 && node.ask(VIDIOC_ENUM_FRAMESIZES, e); ++e.index) {
    any = true;
    if (e.type == V4L2_FRMSIZE_TYPE_DISCRETE) {
      mode.width = static_cast<int>(e.discrete.width);
      mode.height = static_cast<int>(e.discrete.height);
      add_rates(node, code, mode, to);
      continue;
    }
    for (const auto& [w, h] : kSizes) {
      const auto width = static_cast<__u32>(w), height = static_cast<__u32>(h);
      if (width < e.stepwise.min_width || width > e.stepwise.max_width ||
          height < e.stepwise.min_height || height > e.stepwise.max_height)
        continue;
      mode.width = w;
      mode.height = h;
      add_rates(node, code, mode, to);
    }
    break;
  }
  if (!any) add_current(node, code, current, mode, to);
}

std::optional<Camera> camera_at(const fs::path& entry) {
  const std::string file = entry.filename();
  Camera c;
  c.node = "/dev/" + file;
  const Place place = place_of(entry / "device");
  const int index = std::atoi(first_line(entry / "index").c_str());
  const V4l2Node node(c.node);
  c.identity = {place.serial, place.port, clean_name(first_line(entry / "name"))};
  c.usb_mbit = place.usb_mbit;
  if (node) {
    v4l2_capability cap{};
    if (!node.ask(VIDIOC_QUERYCAP, cap)) return std::nullopt;
    const __u32 caps =
        (cap.capabilities & V4L2_CAP_DEVICE_CAPS) != 0 ? cap.device_caps : cap.capabilities;
    if ((caps & (V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_VIDEO_CAPTURE_MPLANE)) == 0 ||
        (caps & (V4L2_CAP_VIDEO_M2M | V4L2_CAP_VIDEO_M2M_MPLANE)) != 0)
      return std::nullopt;
    if (std::string card = text_of(cap.card); !card.empty()) c.identity.model = std::move(card);
    // Virtual cameras share one platform device; the driver's own word tells them apart.
    if (!place.usb && !place.port.starts_with("pci-"))
      if (std::string bus = text_of(cap.bus_info); !bus.empty()) c.identity.port = std::move(bus);
  } else if (node.locked() && index == 0) {
    c.locked = true;  // without asking it, only the first node is surely a camera
  } else {
    return std::nullopt;
  }
  // Several pictures on one plug: a card with four inputs, a camera with an infrared eye.
  if (index > 0 && (place.usb || place.port.starts_with("pci-")))
    c.identity.port += "-video-index" + std::to_string(index);
  if (c.identity.model.empty()) c.identity.model = "camera";
  c.name = c.identity.model;
  // "HD Webcam: HD Webcam", as the kernel writes it.
  if (const auto colon = c.name.find(": ");
      colon != std::string::npos && c.name.substr(0, colon).starts_with(c.name.substr(colon + 2)))
    c.name.resize(colon);
  return c;
}

// Empty: ask it each time. A software camera (v4l2loopback) is one only while somebody feeds it.
std::string memory_key(const std::string& file) {
  std::error_code ec;
  const std::string place = fs::canonical("/sys/class/video4linux/" + file, ec);
  struct stat node {};
  if (ec || place.starts_with("/sys/devices/virtual/") ||
      stat(("/dev/" + file).c_str(), &node) != 0)
    return {};
  return file + " " + place + " " + std::to_string(node.st_rdev) + " " +
         std::to_string(node.st_ctim.tv_sec) + "." + std::to_string(node.st_ctim.tv_nsec);
}

}  // namespace

std::vector<Camera> list_cameras(CameraMemory* memory) {
  const CameraMemory before = memory ? std::exchange(*memory, {}) : CameraMemory{};
  std::vector<Camera> found;
  std::error_code ec;
  for (const auto& entry : fs::directory_iterator("/sys/class/video4linux", ec)) {
    const std::string file = entry.path().filename();
    if (!file.starts_with("video")) continue;
    const std::string key = memory_key(file);
    const auto known = before.find(key);
    const auto camera =
        key.empty() || known == before.end() ? camera_at(entry.path()) : known->second;
    if (memory && !key.empty()) (*memory)[key] = camera;
    if (camera) found.push_back(*camera);
  }
  // By place, so that the list is the same whatever the kernel's order of numbers.
  std::sort(found.begin(), found.end(), [](const Camera& a, const Camera& b) {
    return std::tie(a.identity.port, a.identity.serial, a.node) <
           std::tie(b.identity.port, b.identity.serial, b.node);
  });
  return found;
}

Result<Camera> find_camera(const Settings& settings, const std::vector<DeviceIdentity>& others) {
  auto all = list_cameras();
  std::vector<Offered> offered;
  offered.reserve(all.size());
  for (const auto& c : all) offered.push_back({c.identity, c.name, {c.node}});
  const auto chosen = choose_device("camera", settings, offered, others);
  if (!chosen.ok()) return chosen.error();
  return std::move(all[*chosen]);
}

std::vector<CameraOffer> camera_offers(const Settings& settings,
                                       const std::vector<DeviceIdentity>& others) {
  const auto camera = find_camera(settings, others);
  if (!camera.ok()) return {};
  return offers_of(camera_modes(camera->node));
}

std::vector<CameraMode> camera_modes(const std::string& path) {
  std::vector<CameraMode> modes;
  const V4l2Node node(path);
  if (!node) return modes;
  // Asked once: what the signal is holds for all sizes, and a question for each would go over the
  // cable of a USB camera.
  v4l2_format current{};
  current.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  if (!node.ask(VIDIOC_G_FMT, current)) return modes;
  const auto known = v4l2_pixels();
  v4l2_fmtdesc e{};
  e.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  for (e.index = 0; e.index < 128 && node.ask(VIDIOC_ENUM_FMT, e); ++e.index) {
    const auto p = std::find_if(known.begin(), known.end(),
                                [&](const V4l2Pixel& x) { return x.code == e.pixelformat; });
    if (p == known.end() || (e.flags & V4L2_FMT_FLAG_EMULATED) != 0) continue;
    CameraMode mode;
    mode.media = p->media;
    mode.format = p->format;
    mode.scan = scan_of(current.fmt.pix.field);
    add_sizes(node, e.pixelformat, current, mode, modes);
  }
  return modes;
}

}  // namespace kakehashi
