// SPDX-License-Identifier: GPL-3.0-or-later
// A Blackmagic DeckLink card, where GStreamer's element and the maker's driver are installed. The
// card is named by its own number, never by its place among the cards.
#include "capture/deinterlace.h"
#include "capture/gst_pipeline.h"
#include "capture/gst_taps.h"
#include "capture/kinds.h"

namespace kakehashi {
namespace {

constexpr double kNoLimit = 1e18;

const KindDescription& description() {
  static const KindDescription d{
      "decklink",
      {"DeckLinkカード", "DeckLink card"},
      {{"serial",
        {"カードの番号（persistent id）", "The card's number (persistent id)"},
        std::string(),
        true,
        -kNoLimit,
        kNoLimit,
        {}},
       {"connection",
        {"端子", "Connector"},
        std::string("auto"),
        false,
        -kNoLimit,
        kNoLimit,
        {"auto", "sdi", "hdmi", "optical-sdi", "component", "composite", "svideo"}},
       deinterlace_field()},
      true,
      true};
  return d;
}

class DeckLinkSource final : public Source {
 public:
  DeckLinkSource(std::unique_ptr<GstGraph> graph, const SourceContext& c, std::string name,
                 bool fields)
      : name_(std::move(name)), graph_(std::move(graph)) {
    if (c.video)
      video_ = std::make_unique<VideoTap>((*graph_)["video"],
                                          VideoTap::Config{c.video, c.clock, false, false, fields});
    if (c.audio) audio_ = std::make_unique<AudioTap>((*graph_)["audio"], c.audio, c.clock, false);
  }
  ~DeckLinkSource() override {
    if (video_) video_->close();
    if (audio_) audio_->close();
    graph_->stop();
  }
  Status start(MediaTime base) { return graph_->play(base); }
  Status poll() override {
    Status s = graph_->poll();
    if (!s.ok()) return std::move(s.error()).context(name_);
    if (graph_->ended()) return Error{ErrorKind::TryLater, name_ + ": it ended"};
    // The card goes on with black while its cable is out: that is no picture.
    if (video_) {
      gboolean signal = TRUE;
      g_object_get((*graph_)["vsrc"], "signal", &signal, nullptr);
      if (!signal && video_->pictures() > 0)
        return Error{ErrorKind::TryLater, name_ + ": no signal; check the cable and the camera"};
    }
    return {};
  }
  std::string format() const override { return video_ ? video_->format() : std::string("sound"); }
  bool own_pace() const override { return true; }
  std::string device() const override { return name_; }

 private:
  const std::string name_;
  std::unique_ptr<GstGraph> graph_;
  std::unique_ptr<VideoTap> video_;
  std::unique_ptr<AudioTap> audio_;
};

Result<std::unique_ptr<Source>> open(const Settings& s, const SourceContext& c) {
  const auto serial = setting<std::string>(description(), s, "serial");
  const std::string name = "DeckLink card \"" + serial + "\"";
  char* end = nullptr;
  const long long id = std::strtoll(serial.c_str(), &end, 10);
  if (serial.empty() || *end != '\0')
    return Error{ErrorKind::FixInput, name +
                                          ": its persistent id is a number; look it up in "
                                          "Desktop Video Setup"};
  const Deinterlacing interlaced =
      deinterlacing(setting<std::string>(description(), s, "deinterlace"), c.canvas.rate);
  // The card's sound comes with its picture: the video source runs even for sound alone.
  std::string text = "decklinkvideosrc name=vsrc mode=auto ! ";
  text += c.video ? "videoconvert ! " + interlaced.elements + "appsink name=video" : "fakesink";
  if (c.audio) text += " decklinkaudiosrc name=asrc ! audioconvert ! appsink name=audio";
  auto graph = GstGraph::parse(text);
  if (!graph.ok())
    return Error{ErrorKind::FixSetup,
                 name + ": GStreamer has no DeckLink element; install gstreamer1.0-plugins-bad"};
  if (c.video) learn_field_order((*graph)->pipeline());
  const auto connection = setting<std::string>(description(), s, "connection");
  gst_util_set_object_arg(G_OBJECT((**graph)["vsrc"]), "connection", connection.c_str());
  g_object_set((**graph)["vsrc"], "persistent-id", static_cast<gint64>(id), nullptr);
  if (c.audio) g_object_set((**graph)["asrc"], "persistent-id", static_cast<gint64>(id), nullptr);
  auto source =
      std::make_unique<DeckLinkSource>(std::move(graph).value(), c, name, interlaced.fields);
  if (Status started = source->start(c.clock->now()); !started.ok())
    return Error{ErrorKind::FixSetup,
                 name +
                     " does not open; install Blackmagic Desktop Video and check that the card "
                     "is in this PC (" +
                     started.error().message + ")"};
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace

SourceKind decklink_kind() { return {description(), SourceNature::Device, open}; }

}  // namespace kakehashi
