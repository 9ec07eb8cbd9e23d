// SPDX-License-Identifier: GPL-3.0-or-later
// A V4L2 camera or HDMI capture stick.
#include <gst/video/video.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "capture/camera_list.h"
#include "capture/camera_past.h"
#include "capture/deinterlace.h"
#include "capture/device_choice.h"
#include "capture/device_identity.h"
#include "capture/gst_pipeline.h"
#include "capture/gst_taps.h"
#include "capture/kinds.h"
#include "capture/loss_count.h"
#include "capture/v4l2_node.h"

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

Result<Camera> camera_of(const Settings& settings, const SourceContext& context) {
  auto camera = find_camera(settings, context.others);
  if (camera.ok() && camera->locked)
    return context.blame(
        Trouble::Forbidden,
        Error{ErrorKind::FixSetup, "camera \"" + camera->name +
                                       "\" may not be read by this user; add the user to the "
                                       "group video"});
  return camera;
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
  DevicePad(GstElement* source, Clock& clock, bool later_fields)
      : source_(source),
        clock_(clock),
        pad_(gst_element_get_static_pad(source, "src")),
        later_fields_(later_fields) {
    probe_ = gst_pad_add_probe(pad_, GST_PAD_PROBE_TYPE_BUFFER, &DevicePad::look, this, nullptr);
  }
  ~DevicePad() {
    gst_pad_remove_probe(pad_, probe_);
    gst_object_unref(pad_);
  }
  DevicePad(const DevicePad&) = delete;
  DevicePad& operator=(const DevicePad&) = delete;

  std::uint64_t lost() const { return lost_; }
  std::uint64_t fetched_late() const { return fetched_late_; }
  bool began() const { return began_; }
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
    began_ = true;
    if (!GST_BUFFER_OFFSET_IS_VALID(buffer) || !GST_BUFFER_PTS_IS_VALID(buffer)) return;
    if (period_.ns == 0)
      if (GstCaps* caps = gst_pad_get_current_caps(pad_)) {
        if (const Rate rate = mode_of(caps).rate; rate.valid()) period_ = rate.period();
        gst_caps_unref(caps);
      }
    // v4l2src's segment begins at 0.
    const MediaTime taken{
        static_cast<std::int64_t>(gst_element_get_base_time(source_) + GST_BUFFER_PTS(buffer))};
    losses_.picture(GST_BUFFER_OFFSET(buffer), clock_.now() - taken, period_);
    lost_ = losses_.lost();
    fetched_late_ = losses_.fetched_late();
  }

  GstElement* const source_;
  Clock& clock_;
  GstPad* pad_;
  const bool later_fields_;
  gulong probe_ = 0;
  LossCount losses_;  // streaming thread only
  Duration period_;
  std::atomic<std::uint64_t> lost_{0}, fetched_late_{0};
  std::atomic<bool> began_{false};
};

// A capture card whose plug gives no signal often goes on delivering: noise, a card of its own, the
// last picture.
class PlugWatch {
 public:
  // Every 100 ms, on the source's own thread. A signal that only blinks is let pass.
  PlugSignal look(int fd) {
    if (fd < 0 || ++polls_ % kEvery != 0) return PlugSignal::There;
    const PlugSignal now = plug_signal(fd);
    return now == std::exchange(before_, now) ? now : PlugSignal::There;
  }

 private:
  static constexpr int kEvery = 3;
  int polls_ = 0;
  PlugSignal before_ = PlugSignal::There;
};

// Why a card gives no picture that anybody wants; Ok: it gives one.
Status signal_status(PlugSignal signal, const SourceContext& c) {
  switch (signal) {
    case PlugSignal::None:
      return c.blame(Trouble::NoSignal,
                     Error{ErrorKind::TryLater, "no signal comes in at its plug"});
    case PlugSignal::TooMuch:
      return c.blame(Trouble::NoSignal,
                     Error{ErrorKind::TryLater,
                           "the signal at its plug is more than it can take",
                           {"つないだ機材の解像度が高すぎます。→ 1920×1080（60Hz）に下げる",
                            "What is plugged in sends too large a picture. -> Set it to 1920x1080 "
                            "at 60 Hz"}});
    case PlugSignal::Another:
      return Error{ErrorKind::TryLater,
                   "the signal at its plug has another size now",
                   {"つないだ機材の解像度が変わりました。→ 数秒お待ちください",
                    "What is plugged in sends another size. -> Wait some seconds"}};
    case PlugSignal::There:
      break;
  }
  return {};
}

class CameraSource final : public Source {
 public:
  CameraSource(std::unique_ptr<GstGraph> graph, const SourceContext& c, const Camera& camera,
               const CameraMode& mode, std::shared_ptr<CameraPast> past, bool both_fields)
      : context_(c),
        device_(device_words(camera.name, camera.identity)),
        mode_(mode),
        past_(std::move(past)),
        graph_(std::move(graph)),
        pad_((*graph_)["src"], *c.clock, mode.scan == Scan::Fields && !both_fields),
        // Fields by themselves come half a picture apart already.
        tap_((*graph_)["video"],
             {c.video, c.clock, false, false, both_fields && mode.scan != Scan::Fields}) {}
  ~CameraSource() override {
    tap_.close();
    graph_->stop();
  }
  Status start(MediaTime base) { return blamed(graph_->play(base)); }
  Status poll() override {
    Status s = blamed(graph_->poll());
    if (s.ok()) {
      if (pad_.began() && !std::exchange(works_, true)) past_->works();
      int fd = -1;
      g_object_get((*graph_)["src"], "device-fd", &fd, nullptr);
      s = signal_status(plug_.look(fd), context_);
    }
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
  std::uint64_t fetched_late() const override { return pad_.fetched_late(); }
  bool own_pace() const override { return true; }
  // It sends all the time or not at all; a device that is back is to be on air within 5 s.
  Duration patience() const override { return Duration::milliseconds(1500); }

 private:
  Status blamed(Status s) {
    if (s.ok()) return s;
    const Trouble why = graph_->trouble();
    if (why != Trouble::Gone && why != Trouble::NoSignal && !std::exchange(told_, true))
      pad_.began() ? past_->died() : past_->failed(mode_);
    return context_.blame(why, std::move(s.error()));
  }

  const SourceContext context_;
  const std::string device_;
  const CameraMode mode_;
  const std::shared_ptr<CameraPast> past_;
  bool works_ = false, told_ = false;
  PlugWatch plug_;
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

std::shared_ptr<CameraPast> past_of(const SourceContext& c) {
  if (c.kept && *c.kept) return std::static_pointer_cast<CameraPast>(*c.kept);
  auto past = std::make_shared<CameraPast>();
  if (c.kept) *c.kept = past;
  return past;
}

Result<std::unique_ptr<Source>> open(const Settings& s, const SourceContext& c) {
  if (!c.video)
    return Error{ErrorKind::FixInput,
                 "a camera's sound is an input of its own: choose "
                 "its microphone"};
  const auto camera = camera_of(s, c);
  if (!camera.ok()) return camera.error();
  const std::string name = "camera \"" + device_words(camera->name, camera->identity) + "\"";
  const auto number = [&](const char* field, int otherwise) {
    const auto v = setting<std::int64_t>(description(), s, field);
    return v > 0 ? static_cast<int>(v) : otherwise;
  };
  const CameraWish wish{number("width", c.canvas.width), number("height", c.canvas.height),
                        rate_or_canvas(setting<double>(description(), s, "fps"), c.canvas.rate),
                        setting<std::string>(description(), s, "format"), camera->usb_mbit};
  if (const V4l2Node node(camera->node); node) {
    const PlugSignal signal = plug_signal(node.fd());
    if (signal == PlugSignal::Another)
      follow_signal(node.fd());
    else if (Status there = signal_status(signal, c); !there.ok())
      return std::move(there.error()).context(name);
  }
  const auto modes = camera_modes(camera->node);
  const auto past = past_of(c);
  const auto [mode, refusal] = past->choose(
      modes, wish, [&](const CameraMode& m) { return start_refusal(camera->node, m); });
  if (refusal != 0 && !mode)
    return c.blame(trouble_of_errno(refusal),
                   Error{refusal == EBUSY ? ErrorKind::FixSetup : ErrorKind::TryLater,
                         name + " refuses to start: " + std::strerror(refusal)});
  if (!mode && modes.empty())
    return c.blame(
        Trouble::NoSignal,
        Error{ErrorKind::TryLater,
              name + " offers no picture; check the signal at its input, or plug it in again"});
  if (!mode)
    return Error{ErrorKind::Unsupported,
                 name + " has no mode of that format; set \"format\" to \"auto\"",
                 {"このカメラは設定した形式を出せません。→ 会場設定の形式を「自動」にする",
                  "This camera does not offer the format that is set. -> Set its format to "
                  "automatic"}};
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
  auto source = std::make_unique<CameraSource>(std::move(graph).value(), c, *camera, *mode, past,
                                               interlaced.fields);
  if (Status started = source->start(c.clock->now()); !started.ok())
    return std::move(started.error()).context(name);
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace

SourceKind camera_kind() { return {description(), SourceNature::Device, open}; }

}  // namespace kakehashi
