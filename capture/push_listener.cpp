// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/push_listener.h"

#include <array>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "capture/network_words.h"
#include "core/clock.h"
#include "core/log.h"
#include "rtmp/server.h"

namespace kakehashi {
namespace {

using rtmp::Bytes;
using rtmp::ByteView;
using rtmp::PublisherId;

constexpr std::size_t kMostKept = 4 * 1024 * 1024;
constexpr Duration kSilent = Duration::seconds(3);
constexpr std::uint8_t kAudioTag = 8, kVideoTag = 9;

// E.2: "FLV", version 1, sound and picture, 9 bytes of header; then the size of no tag before.
constexpr std::array<std::uint8_t, 13> kFlvHeader{'F', 'L', 'V', 1, 5, 0, 0, 0, 9, 0, 0, 0, 0};

// E.4.1; the timestamp's highest byte comes after the other three.
void put_tag(Bytes& out, std::uint8_t type, std::uint32_t timestamp, ByteView body) {
  const auto size = static_cast<std::uint32_t>(body.size());
  out.push_back(type);
  rtmp::put_be24(out, size);
  rtmp::put_be24(out, timestamp & 0xFFFFFF);
  out.push_back(static_cast<std::uint8_t>(timestamp >> 24));
  rtmp::put_be24(out, 0);
  out.insert(out.end(), body.begin(), body.end());
  rtmp::put_be32(out, size + 11);
}

// E.4.3.1 and E.4.2.1: AVC and AAC send what the decoder must know first as packet type 0.
bool begins_decoder(std::uint8_t type, ByteView body) {
  if (body.size() < 2 || body[1] != 0) return false;
  return type == kVideoTag ? (body[0] & 0x0F) == 7 : body[0] >> 4 == 10;
}
// E.4.3.1: only codec 7 is AVC. The first bit says that a name of four letters follows instead
// (Enhanced RTMP 1, "ExVideoTagHeader").
bool is_strange(std::uint8_t type, ByteView body) {
  return type == kVideoTag && !body.empty() && ((body[0] & 0x80) != 0 || (body[0] & 0x0F) != 7);
}
bool is_keyframe(std::uint8_t type, ByteView body) {
  return type == kVideoTag && !body.empty() && (body[0] >> 4 & 7) == 1 &&
         !begins_decoder(type, body);
}

}  // namespace

struct PushStream::Slot {
  bool claimed = false;
  PublisherId sender = 0;    // 0: nobody sends
  PublisherId attached = 0;  // who sent when the sink was attached
  MediaTime heard;
  Bytes video_header, audio_header;  // whole tags
  Bytes kept;                        // tags since the last keyframe
  Sink sink;
  bool strange = false;

  void begin(PublisherId id, MediaTime now) {
    sender = id;
    heard = now;
    video_header.clear();
    audio_header.clear();
    kept.clear();
    strange = false;
  }

  void take(std::uint8_t type, std::uint32_t timestamp, ByteView body) {
    // E.4.3.1: frame type 5 is a command to players, and has no codec that matters.
    if (is_strange(type, body) && (body[0] >> 4 & 7) != 5) strange = true;
    Bytes tag;
    tag.reserve(body.size() + 15);
    put_tag(tag, type, timestamp, body);
    if (begins_decoder(type, body))
      (type == kVideoTag ? video_header : audio_header) = tag;
    else if (is_keyframe(type, body))
      kept = tag;
    else if (!kept.empty() && kept.size() + tag.size() <= kMostKept)
      kept.insert(kept.end(), tag.begin(), tag.end());
    else
      kept.clear();  // pictures without those before them are of no use
    if (sink && attached == sender) sink(tag);
  }
};

struct PushStream::Listener {
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::string, Slot> slots;
  std::map<PublisherId, std::string> senders;
  MonotonicClock clock;
  int port = 0;
  // Last, so that its thread has ended before the rest goes.
  std::unique_ptr<rtmp::Server> server;

  Status listen(int wanted) {
    rtmp::ServerCallbacks callbacks;
    callbacks.publish = [this](PublisherId id, const std::string&, const std::string& name) {
      return admit(id, name);
    };
    callbacks.video = [this](PublisherId id, std::uint32_t at, MediaTime now, ByteView body) {
      take(id, kVideoTag, at, now, body);
    };
    callbacks.audio = [this](PublisherId id, std::uint32_t at, MediaTime now, ByteView body) {
      take(id, kAudioTag, at, now, body);
    };
    callbacks.closed = [this](PublisherId id, const std::string& reason) { leave(id, reason); };
    auto opened = rtmp::Server::listen(
        "rtmp://0.0.0.0:" + std::to_string(wanted) + "/" + kApplication, std::move(callbacks));
    if (!opened) return std::move(opened.error());
    server = std::move(*opened);
    port = server->port();
    return {};
  }

  std::optional<std::string> admit(PublisherId id, const std::string& name) {
    const std::lock_guard lock(mutex);
    const auto it = slots.find(name.substr(0, name.find('?')));
    if (it == slots.end() || !it->second.claimed) {
      log_warning("rtmp.push", "refused a sender: no input waits for its stream name");
      return "no input waits for this stream name";
    }
    if (it->second.sender != 0) return "somebody is already sending under this name";
    it->second.begin(id, clock.now());
    senders[id] = it->first;
    changed.notify_all();
    log_info("rtmp.push", "a sender has come");
    return std::nullopt;
  }

  void take(PublisherId id, std::uint8_t type, std::uint32_t at, MediaTime now, ByteView body) {
    const std::lock_guard lock(mutex);
    const auto it = senders.find(id);
    if (it == senders.end()) return;
    Slot& slot = slots[it->second];
    slot.heard = now;
    slot.take(type, at, body);
  }

  void leave(PublisherId id, const std::string& reason) {
    const std::lock_guard lock(mutex);
    const auto it = senders.find(id);
    if (it == senders.end()) return;
    const auto slot = slots.find(it->second);
    senders.erase(it);
    log_info("rtmp.push", "a sender has gone: " + reason);
    if (slot == slots.end()) return;
    slot->second.sender = 0;
    if (!slot->second.claimed) slots.erase(slot);
  }

  // With the lock held.
  bool sending(const Slot& slot) const {
    return slot.sender != 0 && clock.now() - slot.heard < kSilent;
  }

  static std::mutex& all_mutex() {
    static std::mutex m;
    return m;
  }
  static std::map<int, std::weak_ptr<Listener>>& all() {
    static std::map<int, std::weak_ptr<Listener>> listeners;
    return listeners;
  }
};

PushStream::PushStream(std::shared_ptr<Listener> listener, std::string name)
    : listener_(std::move(listener)), name_(std::move(name)) {}

Result<std::shared_ptr<PushStream>> PushStream::wait_for(int port, const std::string& name) {
  const std::lock_guard all_lock(Listener::all_mutex());
  auto& all = Listener::all();
  std::erase_if(all, [](const auto& l) { return l.second.expired(); });
  std::shared_ptr<Listener> listener;
  if (const auto it = all.find(port); it != all.end()) listener = it->second.lock();
  if (!listener) {
    listener = std::make_shared<Listener>();
    if (Status s = listener->listen(port); !s.ok())
      return network_error(NetworkTrouble::Port,
                           "RTMP port " + std::to_string(port) + ": " + s.error().message,
                           std::to_string(port));
    all[listener->port] = listener;
  }
  const std::lock_guard lock(listener->mutex);
  Slot& slot = listener->slots[name];
  if (slot.claimed)
    return Error{ErrorKind::FixInput,
                 "another input already waits for this stream name on port " +
                     std::to_string(listener->port) + "; give each its own",
                 {"同じ受信名の入力が二つあります。→ 会場の設定で受信名を変える",
                  "Two inputs have the same stream name. -> Change one in the venue's settings"}};
  slot.claimed = true;
  return std::shared_ptr<PushStream>(new PushStream(listener, name));
}

PushStream::~PushStream() {
  const std::lock_guard lock(listener_->mutex);
  Slot& slot = listener_->slots[name_];
  slot.claimed = false;
  slot.sink = nullptr;
  if (slot.sender == 0) listener_->slots.erase(name_);
}

int PushStream::port() const { return listener_->port; }

bool PushStream::wait(Duration limit) {
  std::unique_lock lock(listener_->mutex);
  return listener_->changed.wait_for(lock, std::chrono::nanoseconds(limit.ns), [this] {
    return listener_->sending(listener_->slots[name_]);
  });
}

bool PushStream::attach(Sink sink) {
  const std::lock_guard lock(listener_->mutex);
  Slot& slot = listener_->slots[name_];
  if (!listener_->sending(slot)) return false;
  sink(kFlvHeader);
  for (const Bytes* part : {&slot.video_header, &slot.audio_header, &slot.kept})
    if (!part->empty()) sink(*part);
  slot.attached = slot.sender;
  slot.sink = std::move(sink);
  return true;
}

void PushStream::detach() {
  const std::lock_guard lock(listener_->mutex);
  listener_->slots[name_].sink = nullptr;
}

bool PushStream::strange_pictures() const {
  const std::lock_guard lock(listener_->mutex);
  return listener_->slots[name_].strange;
}

bool PushStream::attached_sender_gone() const {
  const std::lock_guard lock(listener_->mutex);
  const Slot& slot = listener_->slots[name_];
  return slot.sender == 0 || slot.sender != slot.attached;
}

}  // namespace kakehashi
