// SPDX-License-Identifier: GPL-3.0-or-later
// The desk's line to the station: connects, subscribes, maps the pictures, and when the station is
// gone tries again each second. Never waits long: a poll is a matter of microseconds, a try to
// connect at most of some milliseconds. One thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/command.h"
#include "core/snapshot.h"
#include "station/door/client.h"

namespace kakehashi {

class Connection {
 public:
  // `bus`: for a window that shows only that bus.
  Connection(std::string socket, double snapshot_hz, std::optional<Bus> bus = {});

  // Reads what has come. `now` in seconds. A new snapshot, if there is one.
  std::optional<Snapshot> poll(double now);
  bool connected() const { return client_ != nullptr; }
  int fd() const { return client_ ? client_->fd() : -1; }
  // Posted without waiting; lost when not connected.
  void send(const Command& command);
  std::vector<std::string> take_refusals(Language language);

  // For each board that has a newer picture than last time: name, packed I420, width, height.
  using OnPicture = std::function<void(const std::string&, const std::uint8_t*, int, int)>;
  // `wanted` says which boards are worth copying now.
  int read_pictures(const std::function<bool(const std::string&)>& wanted, const OnPicture& on);

 private:
  void connect(double now);
  void map_pictures();

  std::string socket_;
  double hz_;
  std::optional<Bus> bus_;
  std::unique_ptr<DoorClient> client_;
  struct Seen {
    std::unique_ptr<PictureView> view;
    std::uint64_t number = 0;
  };
  std::vector<Seen> boards_;
  std::vector<std::uint8_t> buffer_;
  double next_try_ = 0;
  std::uint64_t mapped_ = 0;  // Snapshot::boards that boards_ belongs to
  double next_map_ = 0;
  double now_ = 0;
};

// Starts `program` run EVENT --socket PATH in a session of its own, so that it outlives the desk.
// Its output goes to the file `log_path`.
Status start_station(const std::string& program, const std::string& event,
                     const std::string& socket, const std::string& log_path);
// The station beside this program: same folder, ../station, else looked up in PATH.
std::string find_station(const std::string& own_path);

}  // namespace kakehashi
