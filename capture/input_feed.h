// SPDX-License-Identifier: GPL-3.0-or-later
// One input of the show, alive: keeps its source open whatever the device does. Own thread
// ("src.<input>"): open, poll every 100 ms, watch for silence, close, wait 0.5-1-1.5 s, open
// again. A driver that hangs while closing holds up this feed only.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "capture/feed.h"
#include "capture/source_kind.h"

namespace kakehashi {

struct FeedConfig {
  Input input;                     // role, delay, wants video/audio
  std::optional<SourceSpec> spec;  // nothing: the role is unbound
  Canvas canvas;
  MediaTime epoch;
  std::shared_ptr<const TickGrid> grid;  // for paced sources; null: nominal
  std::string media_folder;
  Clock* clock = nullptr;              // outlives the feed
  std::vector<DeviceIdentity> others;  // what the other roles are bound to; see SourceContext
};

class InputFeed final : public Feed {
 public:
  explicit InputFeed(FeedConfig config);  // starts the thread; returns at once
  ~InputFeed() override;  // closes; at most 2 s, then the source is left to a reaper thread

  FrameSync& video() override;
  AudioSync& audio() override;
  InputStatus status(MediaTime now) const override;
  void show_page(int page) override;
  FramePtr page_strip() override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi
