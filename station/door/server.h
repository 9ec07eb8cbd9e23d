// SPDX-License-Identifier: GPL-3.0-or-later
// The station's side of the door: a Unix socket for several desks at once. Own thread ("door"),
// epoll, non-blocking: a desk that does not read is dropped when its 4 MiB of unsent lines are
// full, and nobody else notices. At most 64 desks; only programs of the same user or of root
// (SO_PEERCRED). A line that is no JSON object of ours, or longer than 1 MiB, is answered with an
// error; after 16 such lines in a row the connection is closed.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/command.h"
#include "core/result.h"
#include "core/snapshot.h"

namespace kakehashi {

// A picture board as the door hands it out. The fd belongs to the board's owner and outlives the
// server, or the handle holds on to it.
struct BoardHandle {
  std::string
      name;  // a bus's name, "preview", "input.<id>", "scene.<id>", "device.<id>", "check.<item>"
  int fd = -1;
  int width = 0, height = 0;
  std::shared_ptr<const void> keeps = {};  // the fd open, where its owner may go at any time
};

struct DoorHandlers {
  // All called on the door's thread; must return quickly.
  std::function<Status(const Command&)> command;
  std::function<std::shared_ptr<const Snapshot>()> snapshot;
  std::function<std::vector<BoardHandle>()> boards;
  std::function<void(int desks)> desks_changed;  // how many connections are subscribed
  // What they look at: desks (they see the small pictures and Program), and buses with a window.
  std::function<void(bool desks, BusSet buses)> looks_changed;
};

class DoorServer {
 public:
  // Creates the folder (0700) and the socket (0600). An answering station on that path is an error
  // (FixInput); a dead socket file is replaced.
  static Result<std::unique_ptr<DoorServer>> open(const std::string& path, DoorHandlers handlers);
  ~DoorServer();  // closes every desk, removes the socket

  // Any thread: subscribers get the newest snapshot as soon as their rate allows.
  void snapshot_changed();

 private:
  struct Impl;
  explicit DoorServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// $XDG_RUNTIME_DIR/kakehashi/station.sock, else /tmp/kakehashi-<uid>/station.sock.
std::string default_socket_path();

}  // namespace kakehashi
