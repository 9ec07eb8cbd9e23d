// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures as they are -> another program on this PC. Beside Output (encoder/output.h), for kinds
// that take no packets: a virtual camera. A kind has `open_raw` instead of `open` then.
#pragma once

#include <memory>
#include <string>
#include <thread>

#include "core/clock.h"
#include "core/result.h"
#include "core/show.h"
#include "core/snapshot.h"
#include "core/video_frame.h"

namespace kakehashi {

struct OutputKind;

// One opened device. Lives on its runner's thread.
class RawOutput {
 public:
  // Closes. What the device goes on showing is black, never the last picture.
  virtual ~RawOutput() = default;
  // I420 of the canvas's size. An error ends this attempt.
  virtual Status write(const VideoFrame& picture) = 0;
  virtual std::string location() const = 0;  // for people
};

struct RawOpen {
  const Settings& settings;
  const Canvas& canvas;
};

struct RawConfig {
  Destination destination;
  Canvas canvas;
  Clock* clock = nullptr;           // outlives it; none: the machine's
  const OutputKind* row = nullptr;  // another row than the table's for destination.kind: for tests
};

// Which bus a raw destination shows, from its setting "bus".
Bus raw_bus(const Destination& destination);

// Thread "out.<id>": opens, writes, tries again each 2 s for ever. Holds one picture waiting and
// one being written; a newer one takes the waiting one's place.
class RawRunner {
 public:
  explicit RawRunner(RawConfig config);
  ~RawRunner();  // stop()

  void push(FramePtr picture);  // any thread; never waits
  void stop();                  // returns when the device is closed, or after 1 s
  OutputStatus status(MediaTime now) const;
  const Canvas& canvas() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
  std::thread thread_;
};

}  // namespace kakehashi
