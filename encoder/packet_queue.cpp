// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/packet_queue.h"

#include <algorithm>
#include <utility>

namespace kakehashi {
namespace {

// Lateness of the pictures from which sound goes first. Below, arrival order is what servers
// expect.
constexpr Duration kSoundFirst = Duration::milliseconds(350);
constexpr Duration kSoundKept = Duration::seconds(6);

}  // namespace

void PacketQueue::push(PacketPtr packet) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_ || !accepting_) return;
    if (waits_for_keyframe_ && packet->kind == PacketKind::Video) {
      if (!packet->keyframe) {
        ++dropped_;
        return;
      }
      waits_for_keyframe_ = false;
    }
    bytes_ += packet->data.size();
    items_.push_back(std::move(packet));
    trim();
  }
  arrived_.notify_one();
}

PacketPtr PacketQueue::pop(std::chrono::nanoseconds limit) {
  std::unique_lock lock(mutex_);
  arrived_.wait_for(lock, limit, [this] { return !items_.empty() || closed_; });
  if (items_.empty()) return nullptr;
  return take(next_to_go());
}

PacketPtr PacketQueue::take(std::size_t at) {
  PacketPtr packet = std::move(items_[at]);
  items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(at));
  bytes_ -= packet->data.size();
  return packet;
}

std::size_t PacketQueue::next_to_go() const {
  if (policy_ == Policy::File || items_.front()->kind == PacketKind::Audio ||
      span(PacketKind::Video) <= kSoundFirst)
    return 0;
  const auto sound = std::find_if(items_.begin(), items_.end(),
                                  [](const PacketPtr& p) { return p->kind == PacketKind::Audio; });
  return sound == items_.end() ? 0 : static_cast<std::size_t>(sound - items_.begin());
}

void PacketQueue::accept(bool on) {
  std::deque<PacketPtr> old;  // dies after the lock
  const std::lock_guard lock(mutex_);
  accepting_ = on;
  if (!on) {
    old.swap(items_);
    bytes_ = 0;
  }
  waits_for_keyframe_ = wants_keyframe_ = false;
}

void PacketQueue::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  arrived_.notify_all();
}

Duration PacketQueue::held() const {
  const std::lock_guard lock(mutex_);
  return std::max(span(PacketKind::Video), span(PacketKind::Audio));
}
std::uint64_t PacketQueue::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}
std::uint64_t PacketQueue::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}
bool PacketQueue::take_wants_keyframe() {
  const std::lock_guard lock(mutex_);
  return std::exchange(wants_keyframe_, false);
}

Duration PacketQueue::span(PacketKind kind) const {
  const auto is = [kind](const PacketPtr& p) { return p->kind == kind; };
  const auto oldest = std::find_if(items_.begin(), items_.end(), is);
  if (oldest == items_.end()) return {};
  return (*std::find_if(items_.rbegin(), items_.rend(), is))->pts - (*oldest)->pts;
}

std::size_t PacketQueue::next_keyframe() const {
  bool seen = false;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (items_[i]->kind != PacketKind::Video) continue;
    if (seen && items_[i]->keyframe) return i;
    seen = true;
  }
  return items_.size();
}

template <class Goes>
void PacketQueue::drop_before(std::size_t end, Goes goes) {
  const auto last = items_.begin() + static_cast<std::ptrdiff_t>(end);
  const auto kept = std::remove_if(items_.begin(), last, [&](const PacketPtr& p) {
    const bool gone = goes(p);
    if (gone) bytes_ -= p->data.size();
    return gone;
  });
  dropped_ += static_cast<std::uint64_t>(last - kept);
  items_.erase(kept, last);
}

void PacketQueue::trim() {
  const bool file = policy_ == Policy::File;
  while (span(PacketKind::Video) > limit_) {
    const std::size_t keyframe = next_keyframe();
    if (keyframe == items_.size()) waits_for_keyframe_ = wants_keyframe_ = true;
    drop_before(keyframe, [&](const PacketPtr& p) { return file || p->kind == PacketKind::Video; });
  }
  const Duration sound_limit = file ? limit_ : std::max(kSoundKept, limit_ * 2);
  while (span(PacketKind::Audio) > sound_limit) {
    const auto oldest = std::find_if(items_.begin(), items_.end(), [](const PacketPtr& p) {
      return p->kind == PacketKind::Audio;
    });
    take(static_cast<std::size_t>(oldest - items_.begin()));
    ++dropped_;
  }
}

}  // namespace kakehashi
