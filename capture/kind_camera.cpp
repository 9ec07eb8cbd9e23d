// SPDX-License-Identifier: GPL-3.0-or-later
// A V4L2 camera or HDMI capture stick.
#include <filesystem>

#include "capture/camera_list.h"
#include "capture/deinterlace.h"
#include "capture/gst_pipeline.h"
#include "capture/gst_taps.h"
#include "capture/kinds.h"

namespace kakehashi {
namespace {

const KindDescription& description() {
  static const KindDescription d{
      "camera",
      {"カメラ", "Camera"},
      {
          {"device",
           {"カメラ（IDまたは名前の一部）", "Camera (id or part of its name)"},
           std::string(),
           true,
           -1e18,
           1e18,
           {}},
          {"width",
           {"幅（0で番組と同じ）", "Width (0: as the program)"},
           std::int64_t{0},
           false,
           0,
           7680,
           {}},
          {"height",
           {"高さ（0で番組と同じ）", "Height (0: as the program)"},
           std::int64_t{0},
           false,
           0,
           4320,
           {}},
          {"fps",
           {"毎秒の枚数（0で番組と同じ）", "Pictures per second (0: as the program)"},
           0.0,
           false,
           0,
           120,
           {}},
          {"format",
           {"映像形式", "Format"},
           std::string("auto"),
           false,
           -1e18,
           1e18,
           {"auto", "raw", "mjpg"}},
          deinterlace_field(),
      },
      true,
      false};
  return d;
}

Result<Camera> find_camera(const std::string& wanted) {
  const auto all = list_cameras();
  std::string list;
  for (const auto& c : all) {
    if (c.id == wanted || c.node == wanted || c.name == wanted) return c;
    list += (list.empty() ? "\"" : ", \"") + c.name + "\"";
  }
  for (const auto& c : all)
    if (!wanted.empty() && c.name.find(wanted) != std::string::npos) return c;
  std::error_code ec;
  if (wanted.starts_with("/dev/") && std::filesystem::exists(wanted, ec))
    return Error{ErrorKind::FixSetup,
                 "camera \"" + wanted +
                     "\" gives no pictures; check that it is a camera and that this user may read "
                     "it (group video)"};
  return Error{ErrorKind::NotFound, "camera \"" + wanted + "\" does not exist; " +
                                        (list.empty() ? "no camera was found, check the USB cable"
                                                      : "connect it or choose one of " + list)};
}

class CameraSource final : public Source {
 public:
  CameraSource(std::unique_ptr<GstGraph> graph, const SourceContext& c, std::string name,
               bool fields)
      : name_(std::move(name)),
        graph_(std::move(graph)),
        tap_((*graph_)["video"], {c.video, c.clock, false, false, fields}) {}
  ~CameraSource() override {
    tap_.close();
    graph_->stop();
  }
  Status start(MediaTime base) { return graph_->play(base); }
  Status poll() override {
    Status s = graph_->poll();
    if (!s.ok()) return std::move(s.error()).context(name_);
    if (graph_->ended()) return Error{ErrorKind::TryLater, name_ + ": it ended"};
    return s;
  }
  std::string format() const override { return tap_.format(); }
  bool own_pace() const override { return true; }

 private:
  const std::string name_;
  std::unique_ptr<GstGraph> graph_;
  VideoTap tap_;
};

Result<std::unique_ptr<Source>> open(const Settings& s, const SourceContext& c) {
  if (!c.video)
    return Error{ErrorKind::FixInput,
                 "a camera's sound is an input of its own: choose "
                 "its microphone"};
  auto camera = find_camera(setting<std::string>(description(), s, "device"));
  if (!camera.ok()) return std::move(camera).error();
  const std::string name = "camera \"" + camera->name + "\"";
  const auto number = [&](const char* field, int otherwise) {
    const auto v = setting<std::int64_t>(description(), s, field);
    return v > 0 ? static_cast<int>(v) : otherwise;
  };
  const CameraMode* mode =
      choose_mode(camera->modes, number("width", c.canvas.width), number("height", c.canvas.height),
                  rate_or_canvas(setting<double>(description(), s, "fps"), c.canvas.rate),
                  setting<std::string>(description(), s, "format"));
  if (!mode)
    return Error{ErrorKind::Unsupported,
                 name + " has no mode of that format; set \"format\" to \"auto\""};
  // jpegdec gives I420 at 7.8 ms per full-HD picture where avdec_mjpeg takes 10.7 (Y42B).
  const bool jpeg = mode->media == "image/jpeg";
  const Deinterlacing interlaced =
      deinterlacing(setting<std::string>(description(), s, "deinterlace"), c.canvas.rate);
  auto graph = GstGraph::parse(
      std::string("v4l2src name=src io-mode=mmap ! capsfilter name=mode ! ") +
      (jpeg ? "jpegdec ! " : "") + "videoconvert ! " + interlaced.elements + "appsink name=video");
  if (!graph.ok()) return std::move(graph).error();
  learn_field_order((*graph)->pipeline());
  g_object_set((**graph)["src"], "device", camera->node.c_str(), nullptr);
  GstCaps* caps = gst_caps_new_simple(
      mode->media.c_str(), "width", G_TYPE_INT, mode->width, "height", G_TYPE_INT, mode->height,
      "framerate", GST_TYPE_FRACTION, mode->rate.numerator, mode->rate.denominator, nullptr);
  if (!jpeg) gst_caps_set_simple(caps, "format", G_TYPE_STRING, mode->format.c_str(), nullptr);
  g_object_set((**graph)["mode"], "caps", caps, nullptr);
  gst_caps_unref(caps);
  auto source =
      std::make_unique<CameraSource>(std::move(graph).value(), c, name, interlaced.fields);
  if (Status started = source->start(c.clock->now()); !started.ok())
    return std::move(started.error()).context(name);
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace

SourceKind camera_kind() { return {description(), open}; }

}  // namespace kakehashi
