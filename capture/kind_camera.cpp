// SPDX-License-Identifier: GPL-3.0-or-later
// A V4L2 camera or HDMI capture stick.
#include <gst/video/video.h>

#include <algorithm>

#include "capture/camera_list.h"
#include "capture/deinterlace.h"
#include "capture/device_choice.h"
#include "capture/device_identity.h"
#include "capture/gst_pipeline.h"
#include "capture/gst_taps.h"
#include "capture/kinds.h"
#include "capture/next_mode.h"

namespace kakehashi {
namespace {

const KindDescription& description() {
  static const KindDescription d = [] {
    KindDescription k{"camera", {"カメラ", "Camera"}, {}, true, false};
    k.fields = device_fields({"カメラ（名前の一部でも可）", "Camera (or part of its name)"}, "");
    k.fields.push_back(
        whole_field("width", {"幅（0で番組と同じ）", "Width (0: as the program)"}, 0, 0, 7680));
    k.fields.push_back(
        whole_field("height", {"高さ（0で番組と同じ）", "Height (0: as the program)"}, 0, 0, 4320));
    k.fields.push_back(number_field(
        "fps", {"毎秒の枚数（0で番組と同じ）", "Pictures per second (0: as the program)"}, 0.0, 0,
        120));
    k.fields.push_back(
        choice_field("format", {"映像形式", "Format"}, {"auto", "raw", "mjpg", "h264"}));
    k.fields.push_back(deinterlace_field());
    return k;
  }();
  return d;
}

Result<Camera> find_camera(const Settings& settings, const SourceContext& context) {
  auto all = list_cameras();
  std::vector<Offered> offered;
  offered.reserve(all.size());
  for (const auto& c : all) offered.push_back({c.identity, c.name, {c.node}});
  const auto chosen = choose_device("camera", settings, offered, context.others);
  if (!chosen.ok()) return chosen.error();
  if (all[*chosen].locked)
    return context.blame(
        Trouble::Forbidden,
        Error{ErrorKind::FixSetup, "camera \"" + all[*chosen].name +
                                       "\" may not be read by this user; add the user to the "
                                       "group video"});
  return std::move(all[*chosen]);
}

// "YUY2", "MJPG", … with size and rate, as the device and v4l2src agreed.
CameraMode mode_of(const GstCaps* caps) {
  const GstStructure* s = gst_caps_get_structure(caps, 0);
  CameraMode m;
  m.media = gst_structure_get_name(s);
  gst_structure_get_int(s, "width", &m.width);
  gst_structure_get_int(s, "height", &m.height);
  gst_structure_get_fraction(s, "framerate", &m.rate.numerator, &m.rate.denominator);
  const gchar* format = gst_structure_get_string(s, "format");
  m.format = format ? format : m.media == "image/jpeg" ? "MJPG" : "H264";
  const gchar* mode = gst_structure_get_string(s, "interlace-mode");
  const std::string scan = mode ? mode : "progressive";
  m.scan = scan == "progressive" ? Scan::Progressive
           : scan == "alternate" ? Scan::Fields
                                 : Scan::Interlaced;
  return m;
}

// What leaves the device, before any decoding: its format, and the pictures it counted but did not
// deliver (v4l2src keeps the driver's numbers as offsets).
class DevicePad {
 public:
  // `later_fields`: of a card that sends fields by themselves only the second of each picture.
  DevicePad(GstElement* source, bool later_fields)
      : pad_(gst_element_get_static_pad(source, "src")), later_fields_(later_fields) {
    probe_ = gst_pad_add_probe(pad_, GST_PAD_PROBE_TYPE_BUFFER, &DevicePad::look, this, nullptr);
  }
  ~DevicePad() {
    gst_pad_remove_probe(pad_, probe_);
    gst_object_unref(pad_);
  }
  DevicePad(const DevicePad&) = delete;
  DevicePad& operator=(const DevicePad&) = delete;

  std::uint64_t lost() const { return lost_; }
  std::string format() const {
    GstCaps* caps = gst_pad_get_current_caps(pad_);
    if (!caps) return {};
    std::string words = words_of(mode_of(caps));
    gst_caps_unref(caps);
    return words;
  }

 private:
  static GstPadProbeReturn look(GstPad*, GstPadProbeInfo* info, gpointer self) {
    auto& me = *static_cast<DevicePad*>(self);
    GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    me.count(buffer);
    const bool top = GST_BUFFER_FLAG_IS_SET(buffer, GST_VIDEO_BUFFER_FLAG_TFF);
    return me.later_fields_ && top ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
  }
  void count(GstBuffer* buffer) {
    if (!GST_BUFFER_OFFSET_IS_VALID(buffer)) return;
    const guint64 number = GST_BUFFER_OFFSET(buffer);
    // Drivers skip a number while they start; one that starts to count anew lost nothing.
    if (++seen_ > kStarting && number > next_ && number - next_ < 10'000) lost_ += number - next_;
    next_ = number + 1;
  }

  GstPad* pad_;
  const bool later_fields_;
  gulong probe_ = 0;
  static constexpr int kStarting = 5;
  guint64 next_ = 0, seen_ = 0;  // streaming thread only
  std::atomic<std::uint64_t> lost_{0};
};

class CameraSource final : public Source {
 public:
  CameraSource(std::unique_ptr<GstGraph> graph, const SourceContext& c, const Camera& camera,
               Scan scan, bool both_fields)
      : context_(c),
        device_(device_words(camera.name, camera.identity)),
        graph_(std::move(graph)),
        pad_((*graph_)["src"], scan == Scan::Fields && !both_fields),
        // Fields by themselves come half a picture apart already.
        tap_((*graph_)["video"],
             {c.video, c.clock, false, false, both_fields && scan != Scan::Fields}) {}
  ~CameraSource() override {
    tap_.close();
    graph_->stop();
  }
  Status start(MediaTime base) { return blamed(graph_->play(base)); }
  Status poll() override {
    Status s = blamed(graph_->poll());
    if (!s.ok()) return std::move(s.error()).context("camera \"" + device_ + "\"");
    if (graph_->ended()) return Error{ErrorKind::TryLater, "camera \"" + device_ + "\": it ended"};
    return s;
  }
  std::string format() const override {
    const std::string words = pad_.format(), colour = tap_.colour();
    return colour.empty() ? words : words + " " + colour;
  }
  std::string device() const override { return device_; }
  std::uint64_t lost() const override { return pad_.lost(); }
  bool own_pace() const override { return true; }
  // It sends all the time or not at all; a device that is back is to be on air within 5 s.
  Duration patience() const override { return Duration::milliseconds(1500); }

 private:
  Status blamed(Status s) const {
    if (!s.ok()) return context_.blame(graph_->trouble(), std::move(s.error()));
    return s;
  }

  const SourceContext context_;
  const std::string device_;
  std::unique_ptr<GstGraph> graph_;
  const DevicePad pad_;
  VideoTap tap_;
};

GstCaps* caps_of(const CameraMode& mode) {
  GstCaps* caps = gst_caps_new_simple(mode.media.c_str(), "width", G_TYPE_INT, mode.width, "height",
                                      G_TYPE_INT, mode.height, nullptr);
  // A capture card goes at the rate of its signal; asking for another one would only be refused.
  if (mode.rate.numerator > 0)
    gst_caps_set_simple(caps, "framerate", GST_TYPE_FRACTION, mode.rate.numerator,
                        mode.rate.denominator, nullptr);
  if (mode.media == "video/x-raw")
    gst_caps_set_simple(caps, "format", G_TYPE_STRING, mode.format.c_str(), nullptr);
  if (mode.scan == Scan::Fields) {
    gst_caps_set_simple(caps, "interlace-mode", G_TYPE_STRING, "alternate", nullptr);
    gst_caps_set_features(caps, 0,
                          gst_caps_features_new(GST_CAPS_FEATURE_FORMAT_INTERLACED, nullptr));
  }
  return caps;
}

// jpegdec gives I420 at 7.8 ms per full-HD picture where avdec_mjpeg takes 10.7 (Y42B). Frame
// threads of avdec_h264 would hold one picture back per thread.
const char* decoder_of(const CameraMode& mode) {
  if (mode.media == "image/jpeg") return "jpegdec ! ";
  if (mode.media == "video/x-h264") return "h264parse ! avdec_h264 thread-type=slice ! ";
  return "";
}

Result<std::unique_ptr<Source>> open(const Settings& s, const SourceContext& c) {
  if (!c.video)
    return Error{ErrorKind::FixInput,
                 "a camera's sound is an input of its own: choose "
                 "its microphone"};
  const auto camera = find_camera(s, c);
  if (!camera.ok()) return camera.error();
  const std::string name = "camera \"" + device_words(camera->name, camera->identity) + "\"";
  const auto number = [&](const char* field, int otherwise) {
    const auto v = setting<std::int64_t>(description(), s, field);
    return v > 0 ? static_cast<int>(v) : otherwise;
  };
  const CameraWish wish{number("width", c.canvas.width), number("height", c.canvas.height),
                        rate_or_canvas(setting<double>(description(), s, "fps"), c.canvas.rate),
                        setting<std::string>(description(), s, "format"), camera->usb_mbit};
  const auto modes = camera_modes(camera->node);
  const auto mode = mode_after_refusals(modes, wish, c.refused);
  if (!mode && modes.empty())
    return c.blame(
        Trouble::NoSignal,
        Error{ErrorKind::TryLater,
              name + " offers no picture; check the signal at its input, or plug it in again"});
  if (!mode)
    return Error{ErrorKind::Unsupported,
                 name + " has no mode of that format; set \"format\" to \"auto\""};
  const Deinterlacing interlaced =
      deinterlacing(setting<std::string>(description(), s, "deinterlace"), c.canvas.rate);
  auto graph = GstGraph::parse(
      std::string("v4l2src name=src io-mode=mmap ! capsfilter name=mode ! ") + decoder_of(*mode) +
      "videoconvert ! " +
      // A field by itself is shown as a picture of half the lines, at once.
      (mode->scan == Scan::Fields ? "" : interlaced.elements) + "appsink name=video");
  if (!graph.ok()) return std::move(graph).error();
  learn_field_order((*graph)->pipeline());
  g_object_set((**graph)["src"], "device", camera->node.c_str(), nullptr);
  GstCaps* caps = caps_of(*mode);
  g_object_set((**graph)["mode"], "caps", caps, nullptr);
  gst_caps_unref(caps);
  auto source = std::make_unique<CameraSource>(std::move(graph).value(), c, *camera, mode->scan,
                                               interlaced.fields);
  if (Status started = source->start(c.clock->now()); !started.ok())
    return std::move(started.error()).context(name);
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace

SourceKind camera_kind() { return {description(), SourceNature::Device, open}; }

}  // namespace kakehashi
