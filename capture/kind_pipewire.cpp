// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures that come by PipeWire: a camera of this desktop ("pipewire"), and the screen of a
// Wayland desktop after its user allowed it ("portal").
//
// Always copied: a picture that is held here would stop the program that draws it (it has a few
// buffers only). A screen that stands still sends nothing; the last picture is repeated.
#include <atomic>
#include <map>
#include <mutex>
#include <thread>

#include "capture/gst_pipeline.h"
#include "capture/gst_taps.h"
#include "capture/kinds.h"
#include "capture/portal_session.h"
#include "core/thread.h"

namespace kakehashi {
namespace {

constexpr double kNoLimit = 1e18;
constexpr int kKeepAlive = 500;  // ms

const KindDescription& camera_description() {
  static const KindDescription d{"pipewire",
                                 {"PipeWireのカメラ", "PipeWire camera"},
                                 {{"node",
                                   {"名前（空欄で最初のカメラ）", "Name (empty: the first camera)"},
                                   std::string(),
                                   false,
                                   -kNoLimit,
                                   kNoLimit,
                                   {}}},
                                 true,
                                 false};
  return d;
}

const KindDescription& portal_description() {
  static const KindDescription d{
      "portal", {"デスクトップの画面（Wayland）", "Desktop screen (Wayland)"}, {}, true, false};
  return d;
}

// `fd` < 0: this user's PipeWire.
Result<std::unique_ptr<GstGraph>> pipewire_graph(int fd, const std::string& target) {
  auto graph = GstGraph::parse(
      "pipewiresrc name=src always-copy=true do-timestamp=true ! videoconvert ! "
      "appsink name=video");
  if (!graph.ok())
    return Error{ErrorKind::FixSetup,
                 "PipeWire cannot be read; install the package gstreamer1.0-pipewire"};
  GstElement* src = (**graph)["src"];
  g_object_set(src, "keepalive-time", kKeepAlive, nullptr);
  if (fd >= 0) g_object_set(src, "fd", fd, nullptr);
  // 0.3.65 has no other way to name a node of a portal's remote; newer ones still take it.
  if (!target.empty())
    g_object_set(src, fd >= 0 ? "path" : "target-object", target.c_str(), nullptr);
  return graph;
}

class PipeWireCamera final : public Source {
 public:
  PipeWireCamera(std::unique_ptr<GstGraph> graph, const SourceContext& c, std::string name)
      : name_(std::move(name)),
        graph_(std::move(graph)),
        tap_((*graph_)["video"], {c.video, c.clock}) {}
  ~PipeWireCamera() override {
    tap_.close();
    graph_->stop();
  }
  Status start(MediaTime base) {
    Status s = graph_->play(base);
    if (s.ok()) s = graph_->wait(3000, [&] { return tap_.pictures() > 0; });
    if (!s.ok()) return std::move(s.error()).context(name_);
    if (tap_.pictures() > 0) return {};
    return Error{ErrorKind::NotFound,
                 name_ + " gives no pictures; check its cable and that its name is right"};
  }
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

// One question per input and run: opened again after a loss, the desktop gives the same screen.
std::string& token_of(const std::string& input) {
  static std::mutex mutex;
  static std::map<std::string, std::string> tokens;
  const std::lock_guard lock(mutex);
  return tokens[input];
}

// The user may take minutes to answer: a thread of its own waits for that, so that opening and
// closing never do.
class PortalScreen final : public Source {
 public:
  explicit PortalScreen(const SourceContext& c) : context_(c) {
    thread_ = std::thread([this] { run(); });
  }
  ~PortalScreen() override {
    stop_ = true;
    thread_.join();
  }
  Status poll() override {
    const std::lock_guard lock(mutex_);
    return failed_;
  }
  std::string format() const override {
    const std::lock_guard lock(mutex_);
    return tap_ ? tap_->format() : std::string();
  }
  bool may_rest() const override { return true; }

 private:
  void run() {
    begin_thread("src." + context_.input, Urgency::Encode);
    auto session = PortalSession::open(token_of(context_.input), stop_);
    if (!session.ok()) return fail(std::move(session).error());
    auto graph = pipewire_graph((*session)->fd(), (*session)->target());
    if (!graph.ok()) return fail(std::move(graph).error());
    {
      const std::lock_guard lock(mutex_);
      tap_ = std::make_unique<VideoTap>((**graph)["video"],
                                        VideoTap::Config{context_.video, context_.clock});
    }
    Status s = (*graph)->play(context_.clock->now());
    while (s.ok() && !stop_) {
      s = (*graph)->poll();
      if (s.ok() && ((*graph)->ended() || (*session)->closed()))
        s = Error{ErrorKind::FixInput, "sharing the screen was ended; allow it again"};
      g_usleep(50'000);
    }
    tap_->close();
    (*graph)->stop();
    if (!s.ok()) fail(std::move(s.error()));
  }
  void fail(Error e) {
    const std::lock_guard lock(mutex_);
    failed_ = std::move(e);
  }

  const SourceContext context_;
  std::atomic<bool> stop_{false};
  mutable std::mutex mutex_;
  Status failed_;
  std::unique_ptr<VideoTap> tap_;
  std::thread thread_;
};

}  // namespace

SourceKind pipewire_kind() {
  return {camera_description(), SourceNature::Device,
          [](const Settings& s, const SourceContext& c) -> Result<std::unique_ptr<Source>> {
            if (!c.video) return Error{ErrorKind::FixInput, "a PipeWire camera has no sound here"};
            const auto node = setting<std::string>(camera_description(), s, "node");
            auto graph = pipewire_graph(-1, node);
            if (!graph.ok()) return std::move(graph).error();
            auto source = std::make_unique<PipeWireCamera>(
                std::move(graph).value(), c,
                node.empty() ? "PipeWire camera" : "PipeWire camera \"" + node + "\"");
            if (Status started = source->start(c.clock->now()); !started.ok())
              return started.error();
            return std::unique_ptr<Source>(std::move(source));
          }};
}

SourceKind portal_kind() {
  return {portal_description(), SourceNature::Screen,
          [](const Settings&, const SourceContext& c) -> Result<std::unique_ptr<Source>> {
            if (!c.video) return Error{ErrorKind::FixInput, "a screen has no sound"};
            return std::unique_ptr<Source>(std::make_unique<PortalScreen>(c));
          }};
}

}  // namespace kakehashi
