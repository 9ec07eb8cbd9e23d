// SPDX-License-Identifier: GPL-3.0-or-later
// One input of the show, alive: keeps its source open whatever the device does.
//
// Two threads. "src.<input>" is the only one that calls into the driver: open, poll every 100 ms,
// close. "keep.<input>" never does, so it can give up on the other one: a driver that hangs in
// open, poll or close is left behind with the roads it may still write to, and a new thread with
// new roads tries again. At most kMostStuck are left behind at a time; then the input waits until
// one of them comes back (as they do when the device is unplugged). No feed touches another.
//
//   failed, or silent for Source::patience() -> close -> wait 0.5, 1, 1.5 s (or wake()) -> open
//
// Standard library only.
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "capture/feed.h"
#include "capture/source_kind.h"
#include "core/thread.h"

namespace kakehashi {

// How long is waited for what. Tests make it short.
struct FeedTimes {
  std::chrono::milliseconds poll{100};
  // Longer in a driver's call is hanging. A clip on a slow disk takes 10 s to open.
  std::chrono::milliseconds opening{12'000}, answering{2000}, closing{2000};
  Duration first_picture = Duration::seconds(5);  // after opening; some cameras take 3 s
  // Never long: a device that is back must be on air within 3 s, opening it included.
  std::array<std::chrono::milliseconds, 3> back_off{std::chrono::milliseconds{500},
                                                    std::chrono::milliseconds{1000},
                                                    std::chrono::milliseconds{1500}};
  std::chrono::milliseconds next_format{100};  // after a refused one
};

struct FeedConfig {
  Input input;                     // role, delay, wants video/audio
  std::optional<SourceSpec> spec;  // nothing: the role is unbound
  Canvas canvas;
  MediaTime epoch;
  std::shared_ptr<const TickGrid> grid;  // for paced sources; null: nominal
  std::string media_folder;
  Clock* clock = nullptr;              // outlives the feed
  std::vector<DeviceIdentity> others;  // what the other roles are bound to, to begin with
  // SourceContext's; copied to the feed's thread.
  std::function<std::optional<Secret>(const std::string& name)> secret = {};
  FeedTimes times = {};
  // Of its threads, and of those that its source starts. Encode: sound that is fetched too late is
  // lost, not late. Looking: nobody but an operator sees it.
  Urgency urgency = Urgency::Encode;
};

class KeptFeed : public Feed {
 public:
  static constexpr std::size_t kMostStuck = 3;

  // `kind`: the row of config.spec, living as long as the process; null: not known. Starts the
  // threads; returns at once.
  KeptFeed(FeedConfig config, const SourceKind* kind);
  ~KeptFeed() override;  // closes; at most FeedTimes::closing, then the driver is left behind

  FrameSync& video() override;
  AudioSync& audio() override;
  InputStatus status(MediaTime now) const override;
  std::vector<double> channel_peaks() const override;
  void wake() override;
  void set_others(std::vector<DeviceIdentity> others) override;
  void show_page(int page) override;
  FramePtr page_strip() override;
  void set_tap(std::shared_ptr<InputTap> tap) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi
