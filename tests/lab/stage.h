// SPDX-License-Identifier: GPL-3.0-or-later
// What happens in front of the lab's cameras and microphones: a page that flashes and beeps, or
// hands that clap, played into v4l2loopback and snd-aloop at known moments. Each camera and each
// microphone has a lateness of its own, so an offset that is measured has a true value.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>

#include "core/time.h"

namespace kakehashi::testing {

// When light and sound happen, on CLOCK_MONOTONIC.
class Scenery {
 public:
  enum class Act { FlashPage, Claps };
  Scenery(Act act, MediaTime begin) : act_(act), begin_(begin) {}
  bool claps() const { return act_ == Act::Claps; }
  // The page's share of light between two moments, 0 to 1.
  double lit(MediaTime from, MediaTime to) const;
  // The gap between the hands, 0 to 1.
  double gap(MediaTime at) const;
  // The sound at this moment.
  float sound(MediaTime at, std::uint32_t& random) const;

 private:
  double clap(std::int64_t n) const;  // seconds after begin_
  Act act_;
  MediaTime begin_;
};

struct StageCamera {
  std::string port;
  int fps = 30;
  Duration late;  // of the middle line's exposure, against the stamp
  Duration exposure = Duration::milliseconds(12);
  Duration rolling;       // from the first line to the last
  double gain_falls = 0;  // while the light is on
};

// A camera filming the scenery until it goes away.
class CameraOnStage {
 public:
  CameraOnStage(const Scenery& scenery, const StageCamera& camera);
  ~CameraOnStage();
  CameraOnStage(const CameraOnStage&) = delete;
  CameraOnStage& operator=(const CameraOnStage&) = delete;

 private:
  void film();
  const Scenery scenery_;
  const StageCamera camera_;
  int fd_ = -1;
  std::atomic<bool> stop_{false}, wrote_{false};
  std::thread thread_;
};

// A microphone: sound card `card` of the loopback cards hears the scenery, so much later, `loud`,
// in a room with this noise (amplitude).
class MicrophoneOnStage {
 public:
  MicrophoneOnStage(const Scenery& scenery, int card, Duration late, double loud = 0.3,
                    double noise = 0.002);
  ~MicrophoneOnStage();
  MicrophoneOnStage(const MicrophoneOnStage&) = delete;
  MicrophoneOnStage& operator=(const MicrophoneOnStage&) = delete;

 private:
  void play();
  const Scenery scenery_;
  const Duration late_;
  const double loud_, noise_;
  void* pcm_ = nullptr;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace kakehashi::testing
