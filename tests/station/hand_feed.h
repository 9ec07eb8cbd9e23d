// SPDX-License-Identifier: GPL-3.0-or-later
// A feed held in the hand, and a small event around two of them: what the mix loops read, without
// any device.
#pragma once

#include <algorithm>

#include "mixer/switcher.h"
#include "station/stage.h"
#include "tests/mixer/frames.h"

namespace kakehashi::testing {

class HandFeed final : public Feed {
 public:
  explicit HandFeed(MediaTime epoch) : video_({}), audio_(epoch, {}) {}
  FrameSync& video() override { return video_; }
  AudioSync& audio() override { return audio_; }
  InputStatus status(MediaTime) const override {
    InputStatus s;
    s.signal = signal;
    return s;
  }
  SignalState signal = SignalState::Live;

 private:
  FrameSync video_;
  AudioSync audio_;
};

// Inputs "white" and "black" (pictures) and "mic" (a microphone), scenes of the same names, canvas
// 64 x 36, white on program.
struct HandEvent {
  explicit HandEvent(MediaTime epoch) {
    show.id = "hand";
    show.canvas = {64, 36, Rate{30, 1}};
    for (const char* id : {"white", "black", "mic"}) {
      Input input;
      input.id = id;
      input.name = {id, id};
      show.inputs.push_back(input);
      feeds.push_back(std::make_shared<HandFeed>(epoch));
    }
    show.inputs[2].video = false;
    show.inputs[2].audio = show.inputs[2].microphone = true;
    for (const char* id : {"white", "black"}) {
      Scene scene;
      scene.id = id;
      Layer whole;
      whole.input = id;
      whole.rect = {0, 0, 64, 36};
      scene.layers.push_back(whole);
      show.scenes.push_back(scene);
    }
  }

  // Pictures of both cameras as captured at `when`.
  void show_pictures(MediaTime when) {
    feeds[0]->video().push(solid(when, 0xFFFFFF));
    feeds[1]->video().push(solid(when, 0x000000));
  }
  static FramePtr solid(MediaTime when, std::uint32_t colour) {
    return make_frame({PixelFormat::I420, 64, 36, ColorMatrix::Bt709, ColorRange::Limited, when},
                      [colour](int, int) { return hex(colour); });
  }
  static int luma(const FramePtr& frame) {
    return frame->plane(0).data[frame->plane(0).stride * 18 + 32];
  }

  std::shared_ptr<const Stage> stage() const {
    auto s = std::make_shared<Stage>();
    s->show = std::make_shared<const Show>(show);
    for (const auto& f : feeds) s->feeds.push_back(f);
    s->strip_feeds = {2};
    auto painted = std::make_shared<PaintedSet>();
    painted->emergency = solid({}, 0x808080);
    for (const auto& input : show.inputs) painted->no_signal[input.id] = solid({}, 0x404040);
    s->painted = painted;
    return s;
  }
  void publish(Published<Moment>& road, const LiveState& live) const {
    road.store(std::make_shared<const Moment>(Moment{stage(), live}));
  }

  Show show;
  std::vector<std::shared_ptr<HandFeed>> feeds;
};

}  // namespace kakehashi::testing
