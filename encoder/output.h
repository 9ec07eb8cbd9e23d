// SPDX-License-Identifier: GPL-3.0-or-later
// Packets -> wire and disk. `Output` is one connection or file; a kind of output is one file and
// one row. OutputRunner gives each its own thread ("out.<id>") and its own bounded queue, so that a
// wedged one costs the others nothing, and reconnects 1-2-4-8-10 s, for ever, while wanted.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "core/clock.h"
#include "core/result.h"
#include "core/secret.h"
#include "core/settings.h"
#include "core/snapshot.h"
#include "encoder/packet.h"

namespace kakehashi {

// One connection attempt or one file. Lives on its runner's thread.
class Output {
 public:
  virtual ~Output() = default;  // closes without waiting for the other side more than 1 s
  // Writes one packet, in arrival order, no interleaving wait. An error ends this connection.
  virtual Status write(const EncodedPacket& packet) = 0;
  // Clean end: trailer, unpublish. At most 1 s.
  virtual void finish() = 0;
};

struct OutputOpen {
  std::string id;
  const Settings& settings;
  const Secret& key;  // stream key, may be empty
  const StreamDescription& stream;
  const std::atomic<bool>&
      stop;  // turns true when the runner must give up at once (also while connecting)
};

struct OutputKind {
  KindDescription description;
  bool live = true;  // false: a file; never drops silently, 10 s of queue
  std::function<Result<std::unique_ptr<Output>>(const OutputOpen&)> open;  // may block some seconds
};

// rtmp (rtmp:// and rtmps://, certificates verified), mkv (survives kill -9).
const std::vector<OutputKind>& output_kinds();
const OutputKind* find_output_kind(const std::string& name);
KindTable output_kind_table();

struct OutputConfig {
  Destination destination;  // id, name, kind, settings, scope
  Secret key;
  StreamDescription stream;
  Clock* clock = nullptr;
  std::function<void()>
      want_keyframe;  // called (runner's thread) when a new connection waits for an IDR
};

class OutputRunner {
 public:
  explicit OutputRunner(OutputConfig config);  // starts the thread and connects
  ~OutputRunner();                             // stop() and join

  // Any thread; never waits. Live output: bounded by duration (3 s), over that the queued video is
  // dropped to the next keyframe, sound last. File: 10 s, then counted and reported.
  void push(PacketPtr packet);
  // Ends cleanly; returns control within 1 s also when the other side hangs.
  void stop();

  OutputStatus status(MediaTime now) const;         // any thread
  const LatencyHistogram& glass_to_socket() const;  // picture captured -> write returned

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi
