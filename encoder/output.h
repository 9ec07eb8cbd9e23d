// SPDX-License-Identifier: GPL-3.0-or-later
// Packets -> wire and disk. `Output` is one connection or file; a kind of output is one file and
// one row. OutputRunner gives each its own bounded queue and its own threads, so that a wedged one
// costs the others nothing: "out.<id>" opens and writes, one for each attempt; "keep.<id>" starts
// them, 1-2-4-8-10 s apart, for ever, while wanted, and leaves behind what hangs.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "core/secret.h"
#include "core/settings.h"
#include "core/snapshot.h"
#include "core/stats.h"
#include "encoder/packet.h"
#include "encoder/rate_control.h"
#include "encoder/raw_output.h"
#include "encoder/wire_meter.h"

namespace kakehashi {

// One connection attempt or one file. Lives on its runner's thread.
class Output {
 public:
  virtual ~Output() = default;  // closes without waiting for the other side more than 1 s
  // Writes one packet, in arrival order, no interleaving wait. An error ends this connection.
  virtual Status write(const EncodedPacket& packet) = 0;
  // Called while there is nothing to write, at least every 100 ms: answers the other side, stores
  // the line's figures. An error ends this connection.
  virtual Status idle() { return {}; }
  // Clean end: trailer, unpublish. At most 1 s.
  virtual void finish() = 0;

  virtual std::string location() const { return {}; }  // a file's path; empty for a connection
  virtual std::uint64_t bytes() const { return 0; }    // written so far
};

struct OutputOpen {
  std::string id;
  const Settings& settings;
  const Secret& key;  // stream key, may be empty
  const StreamDescription& stream;
  const std::atomic<bool>&
      stop;  // turns true when the runner must give up at once (also while connecting)
  WireMeter* wire = nullptr;  // for live kinds to store their figures in; none: nobody looks
};

struct OutputKind {
  KindDescription description;
  bool live = true;  // false: a file; never drops silently, 10 s of queue
  std::function<Result<std::unique_ptr<Output>>(const OutputOpen&)> open;  // may block some seconds
  // For servers: does the port answer (one bare TCP connection, nothing sent, at most 1 s)? Asked
  // once a second while the runner waits between attempts: a port that was closed and answers again
  // ends the wait, so a server that returns is found at once and not after up to 10 s. Empty: never
  // asked. A port that answers all along (a refused key) does not shorten the wait.
  std::function<bool(const OutputOpen&)> answers;
  // Words for a destination that `open` keeps Connecting until somebody calls, for as long as it
  // takes; empty words: it does not wait. No function: none of this kind does.
  std::function<Text(const Settings&)> waiting;
  // Of a kind that takes pictures instead of packets; `open` is empty then. Runs while its event is
  // open and it is switched on, on air or not.
  std::function<Result<std::unique_ptr<RawOutput>>(const RawOpen&)> open_raw;
};

// rtmp (rtmp:// and rtmps://, certificates verified), srt, hls (a folder), virtual_camera (raw),
// mkv and fmp4 (files, survive kill -9).
const std::vector<OutputKind>& output_kinds();
const OutputKind* find_output_kind(const std::string& name);
// `row` if given, else the destination's row of the table, if it has one. A copy: who hangs in a
// call of it may outlive what it was copied from.
std::optional<OutputKind> kind_of(const Destination& destination, const OutputKind* row);
KindTable output_kind_table();

struct OutputConfig {
  Destination destination;  // id, name, kind, settings, scope
  Secret key;
  StreamDescription stream;
  Clock* clock = nullptr;
  std::function<void()>
      want_keyframe;  // called (runner's thread) when a new connection waits for an IDR
  // A live output's call that takes longer hangs: it is told to stop (OutputOpen::stop), a second
  // later it is left behind and a fresh attempt is made. Dead lines end sooner, by themselves.
  std::chrono::milliseconds open_limit{30'000}, call_limit{12'000};
  // Bytes on the way and none of them confirmed for so long: the line is dead (known in 8 s).
  std::chrono::milliseconds deaf_limit{7'500};
  const OutputKind* row = nullptr;  // another row than the table's for destination.kind: for tests
};

class OutputRunner {
 public:
  explicit OutputRunner(OutputConfig config);  // starts the thread and connects
  ~OutputRunner();                             // stop(), then join

  // Any thread; never waits. Live output: bounded by duration (1 s), over that the queued video is
  // dropped to the next keyframe; sound is kept 6 s, and goes first once pictures are late. While
  // not connected, packets are let go (what was not sent then is told by the state, not counted as
  // dropped). File: 10 s, also while no file could be opened, then the oldest to the next keyframe
  // is dropped, counted and reported.
  //
  // Time on a connection or in a file starts at 0 with its first picture, an IDR; packets before it
  // are left out. Video and sound of one connection share that zero.
  void push(PacketPtr packet);
  // Ends cleanly (a file's queue is written out); returns control within 1 s also when the other
  // side hangs. What then still hangs (a name look-up, a dead disk) ends by itself in the
  // background and calls nobody any more.
  void stop();

  OutputStatus status(MediaTime now) const;         // any thread
  LineSample line(MediaTime now) const;             // any thread: for the rate control
  std::string location() const;                     // any thread: path of the file; "" for servers
  std::uint64_t bytes() const;                      // any thread: of this connection or file
  const LatencyHistogram& glass_to_socket() const;  // picture captured -> write returned
  std::vector<StageTime> stages() const;            // any thread: where the time of a picture went

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
  std::thread thread_;
};

}  // namespace kakehashi
