// SPDX-License-Identifier: GPL-3.0-or-later
// Where phones and encoders send their picture to: an RTMP server of our own in which every input
// waits for one stream name. Several inputs share a port. Names nobody waits for are refused, and a
// second sender under a name too, unless the first has been silent for 3 s (rtmp/server.h).
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/result.h"
#include "core/time.h"
#include "rtmp/bytes.h"

namespace kakehashi {

// One name waited for. While somebody holds it the port is listened on, and the newest pictures
// since a keyframe are kept (at most 4 MB), so that whoever looks again starts at once. Any thread.
class PushStream {
 public:
  static constexpr const char* kApplication = "live";
  // FLV (Adobe Video File Format 10.1, annex E) from its header on. Comes on the server's thread;
  // returns quickly and does not call back. Valid during the call.
  using Sink = std::function<void(rtmp::ByteView flv)>;

  // Port 0: any free one. Errors carry the operator's words: the port is taken; another input waits
  // for this name on this port.
  static Result<std::shared_ptr<PushStream>> wait_for(int port, const std::string& name);
  // Gives the name back; the last one of a port closes it and its connections.
  ~PushStream();
  PushStream(const PushStream&) = delete;
  PushStream& operator=(const PushStream&) = delete;

  int port() const;
  // Waits until somebody sends under this name (and was heard within 3 s). False at the limit.
  bool wait(Duration limit);
  // From now on `sink` gets what is sent, beginning with what is needed to decode it. False: nobody
  // sends. At most one sink.
  bool attach(Sink sink);
  void detach();  // afterwards the sink is not called any more
  // Whether the one who sends uses a picture format that cannot be decoded here (enhanced RTMP:
  // H.265, AV1, VP9; Flash's old ones).
  bool strange_pictures() const;
  // Whether the sender that was there at attach() still is.
  bool attached_sender_gone() const;

 private:
  struct Listener;
  struct Slot;
  PushStream(std::shared_ptr<Listener> listener, std::string name);
  const std::shared_ptr<Listener> listener_;
  const std::string name_;
};

}  // namespace kakehashi
