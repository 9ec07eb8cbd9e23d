// SPDX-License-Identifier: GPL-3.0-or-later
#include "encoder/packet_queue.h"

#include <algorithm>
#include <utility>

namespace kakehashi {

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
    items_.push_back(std::move(packet));
    trim();
  }
  arrived_.notify_one();
}

PacketPtr PacketQueue::pop(std::chrono::nanoseconds limit) {
  std::unique_lock lock(mutex_);
  arrived_.wait_for(lock, limit, [this] { return !items_.empty() || closed_; });
  if (items_.empty()) return nullptr;
  PacketPtr packet = std::move(items_.front());
  items_.pop_front();
  return packet;
}

void PacketQueue::accept(bool on) {
  std::deque<PacketPtr> old;  // dies after the lock
  const std::lock_guard lock(mutex_);
  accepting_ = on;
  if (!on) old.swap(items_);
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
  const auto kept = std::remove_if(items_.begin(), last, goes);
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
  const Duration sound_limit = file ? limit_ : limit_ * 2;
  while (span(PacketKind::Audio) > sound_limit) {
    const auto oldest = std::find_if(items_.begin(), items_.end(), [](const PacketPtr& p) {
      return p->kind == PacketKind::Audio;
    });
    items_.erase(oldest);
    ++dropped_;
  }
}

}  // namespace kakehashi
