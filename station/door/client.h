// SPDX-License-Identifier: GPL-3.0-or-later
// A desk's side of the door. Used by the desk, the hall's screen, `send`, `snapshot` and tests.
// Thread: one owner, except where said.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/command.h"
#include "core/result.h"
#include "core/snapshot.h"
#include "core/text.h"
#include "core/time.h"

namespace kakehashi {

// A board mapped read-only.
class PictureView {
 public:
  ~PictureView();
  PictureView(const PictureView&) = delete;
  PictureView& operator=(const PictureView&) = delete;

  const std::string& name() const;
  int width() const;
  int height() const;
  // Copies the newest picture (packed I420, width*height*3/2 bytes) into `out` if it is newer than
  // `seen` (which is updated). False: nothing new, or the writer was faster twice in a row.
  bool read(std::vector<std::uint8_t>& out, std::uint64_t& seen) const;
  // Tick time of the newest picture (CLOCK_MONOTONIC); 0 before the first.
  MediaTime newest_time() const;

 private:
  friend class DoorClient;
  PictureView() = default;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

class DoorClient {
 public:
  // Connects; NotFound when no station answers there. `patience`: how long any question below waits
  // for its answer where nothing else is said.
  static Result<std::unique_ptr<DoorClient>> connect(
      const std::string& path, std::chrono::milliseconds patience = std::chrono::seconds(2));
  ~DoorClient();

  // Sends and waits for the answer, at most `limit`. The station's refusal is the error (its
  // sentence).
  Status send(const Command& command, std::optional<std::chrono::milliseconds> limit = {});
  // Sends without waiting; a refusal shows up in take_refusals(). For the desk's keys.
  Status post(const Command& command);
  // One raw line in, the answer's line out. For `send` on the command line.
  Result<std::string> exchange(const std::string& line,
                               std::optional<std::chrono::milliseconds> limit = {});

  Result<Snapshot> snapshot(std::optional<std::chrono::milliseconds> limit = {});
  // `bus`: this is a window that shows only that bus. Without it, a desk: it sees program, preview,
  // inputs and scenes.
  Status subscribe(double hz, std::optional<Bus> bus = {});
  // Reads what has arrived (no waiting); the newest snapshot if a new one came. Error: the station
  // is gone.
  Result<std::optional<Snapshot>> poll();
  // Sentences of posted commands that were refused, since the last call.
  std::vector<std::string> take_refusals(Language language = Language::English);

  // The boards as they are now, mapped. A view stays readable when its board or the station is
  // gone (its picture then stands still); ask again after a new connection.
  Result<std::vector<std::unique_ptr<PictureView>>> pictures();

  int fd() const;  // to wait on

 private:
  struct Impl;
  explicit DoorClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace kakehashi
