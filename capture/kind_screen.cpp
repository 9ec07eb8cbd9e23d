// SPDX-License-Identifier: GPL-3.0-or-later
// A region of an X11 screen, or one window. Each grab falls right before the program tick that
// shows it, not anywhere in the 33 ms before: the picture on program is as fresh as the grab
// allows (grab_lead.h).
#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "capture/grab_lead.h"
#include "capture/kinds.h"
#include "capture/screen_grabber.h"
#include "core/thread.h"

namespace kakehashi {
namespace {

const KindDescription& description() {
  static const KindDescription d{
      "screen",
      {"画面の取り込み", "Screen"},
      {
          text_field("display", {"Xディスプレイ（空欄で既定）", "X display (empty: DISPLAY)"}),
          text_field("window", {"窓の題名の一部（空欄で画面全体）",
                                "Part of a window's title (empty: the screen)"}),
          whole_field("x", {"左端", "Left"}, 0, 0, 32767),
          whole_field("y", {"上端", "Top"}, 0, 0, 32767),
          whole_field("width", {"幅（0で右端まで）", "Width (0: to the right edge)"}, 0, 0, 32767),
          whole_field("height", {"高さ（0で下端まで）", "Height (0: to the bottom)"}, 0, 0, 32767),
          number_field("fps",
                       {"毎秒の枚数（0で番組と同じ）", "Pictures per second (0: as the program)"},
                       0.0, 0, 120),
          switch_field("show_pointer", {"マウスの矢印を写す", "Show the mouse pointer"}, true),
      },
      true,
      false};
  return d;
}

class ScreenSource final : public Source {
 public:
  ScreenSource(std::unique_ptr<ScreenGrabber> grabber, const SourceContext& c, Rate rate)
      : context_(c),
        rate_(rate),
        grid_(c.grid && rate == c.canvas.rate ? c.grid
                                              : std::make_shared<const TickGrid>(c.epoch, rate)),
        grabber_(std::move(grabber)) {
    thread_ = std::thread([this] { run(); });
  }
  ~ScreenSource() override {
    stop_ = true;
    thread_.join();  // within one picture
    context_.video->clear();
  }
  Status poll() override {
    const std::lock_guard lock(mutex_);
    return failed_;
  }
  std::string format() const override {
    return std::to_string(grabber_->width()) + "x" + std::to_string(grabber_->height()) + " " +
           std::to_string(rate_.numerator) + "/" + std::to_string(rate_.denominator) + " BGRx";
  }

 private:
  // The latest tick whose grab is due.
  MediaTime due(MediaTime now) const { return grid_->at_or_before(now + lead_.now()); }
  void run() {
    begin_thread("src." + context_.input, Urgency::Mix);
    Clock& clock = *context_.clock;
    MediaTime tick = grid_->after(due(clock.now()));
    std::uint64_t sequence = 0;
    for (;;) {
      const MediaTime planned = grid_->again(tick) - lead_.now();
      clock.sleep_until(planned);
      if (stop_) return;
      // The moment of asking: what is grabbed is not older, however late this thread woke up.
      const MediaTime now = clock.now();
      auto frame = grabber_->grab(now, sequence);
      if (!frame.ok()) {
        const std::lock_guard lock(mutex_);
        failed_ = frame.error();
        return;
      }
      if (*frame) {
        ++sequence;
        context_.video->push(std::move(*frame));
      }
      lead_.learn(clock.now() - planned);
      tick = grid_->after(std::max(grid_->again(tick), due(clock.now())));
    }
  }

  const SourceContext context_;
  const Rate rate_;
  const std::shared_ptr<const TickGrid> grid_;
  const std::unique_ptr<ScreenGrabber> grabber_;
  GrabLead lead_{context_.phase_lead, rate_.period()};  // the thread's
  std::mutex mutex_;
  Status failed_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

Result<std::unique_ptr<Source>> open(const Settings& s, const SourceContext& c) {
  if (!c.video)
    return Error{ErrorKind::FixInput, "a screen has no sound; this input wants only sound"};
  const auto number = [&](const char* name) {
    return static_cast<int>(setting<std::int64_t>(description(), s, name));
  };
  ScreenRegion region;
  region.display = setting<std::string>(description(), s, "display");
  region.window = setting<std::string>(description(), s, "window");
  region.x = number("x");
  region.y = number("y");
  region.width = number("width");
  region.height = number("height");
  region.pointer = setting<bool>(description(), s, "show_pointer");
  auto grabber = ScreenGrabber::open(region);
  if (!grabber.ok()) return std::move(grabber).error();
  const Rate rate = rate_or_canvas(setting<double>(description(), s, "fps"), c.canvas.rate);
  return std::unique_ptr<Source>(
      std::make_unique<ScreenSource>(std::move(grabber).value(), c, rate));
}

}  // namespace

SourceKind screen_kind() { return {description(), SourceNature::Screen, open}; }

}  // namespace kakehashi
