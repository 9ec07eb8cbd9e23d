// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/frame_pool.h"

#include <cassert>
#include <cstdlib>
#include <mutex>
#include <new>
#include <vector>

namespace kakehashi {
namespace detail {

struct PoolState {
  std::mutex mutex;
  std::vector<std::unique_ptr<PooledFrame>> all;
  std::vector<PooledFrame*> free;  // reserved to `capacity`: returning a frame never allocates
  FrameInfo shape;
  int capacity = 0;
  std::uint64_t exhausted = 0;
};

class PooledFrame final : public VideoFrame {
 public:
  explicit PooledFrame(const FrameInfo& shape) {
    info_ = shape;
    const int w = shape.width, h = shape.height, cw = (w + 1) / 2, ch = (h + 1) / 2;
    switch (shape.format) {
      case PixelFormat::I420:
        set_planes({{{w, h}, {cw, ch}, {cw, ch}}});
        break;
      case PixelFormat::NV12:
        set_planes({{{w, h}, {cw * 2, ch}, {0, 0}}});
        break;
      case PixelFormat::Y42B:
        set_planes({{{w, h}, {cw, h}, {cw, h}}});
        break;
      case PixelFormat::YUY2:
      case PixelFormat::UYVY:
        set_planes({{{cw * 4, h}, {0, 0}, {0, 0}}});
        break;
      case PixelFormat::BGRx:
        set_planes({{{w * 4, h}, {0, 0}, {0, 0}}});
        break;
    }
  }
  ~PooledFrame() override { std::free(memory_); }

  std::uint8_t* writable(int i) {
    return const_cast<std::uint8_t*>(planes_[static_cast<std::size_t>(i)].data);
  }
  FrameInfo& mutable_info() { return info_; }

  void lend(std::shared_ptr<PoolState> home) { home_ = std::move(home); }
  void recycle() noexcept override {
    const std::shared_ptr<PoolState> home = std::move(home_);  // may be the pool's last owner
    home_.reset();
    const std::lock_guard lock(home->mutex);
    home->free.push_back(this);
  }

 private:
  struct Extent {
    int bytes;
    int lines;
  };
  void set_planes(const std::array<Extent, 3>& extents) {
    std::size_t total = 0;
    std::array<std::size_t, 3> offset{};
    for (std::size_t i = 0; i < 3; ++i) {
      planes_[i].stride = (extents[i].bytes + 63) / 64 * 64;
      offset[i] = total;
      total +=
          static_cast<std::size_t>(planes_[i].stride) * static_cast<std::size_t>(extents[i].lines);
    }
    memory_ = static_cast<std::uint8_t*>(std::aligned_alloc(64, total + 64));
    if (!memory_) throw std::bad_alloc();
    for (std::size_t i = 0; i < 3; ++i)
      planes_[i].data = extents[i].lines ? memory_ + offset[i] : nullptr;
  }

  std::uint8_t* memory_ = nullptr;
  std::shared_ptr<PoolState> home_;
};

}  // namespace detail

FrameBuilder::FrameBuilder(FrameBuilder&& o) noexcept : frame_(std::exchange(o.frame_, nullptr)) {}
FrameBuilder::~FrameBuilder() {
  if (frame_) frame_->recycle();
}
FrameInfo& FrameBuilder::info() { return frame_->mutable_info(); }
std::uint8_t* FrameBuilder::plane(int i) { return frame_->writable(i); }
int FrameBuilder::stride(int i) const { return frame_->plane(i).stride; }
FramePtr FrameBuilder::publish() && { return FramePtr(std::exchange(frame_, nullptr)); }

FramePool::FramePool(PixelFormat format, int width, int height, int capacity)
    : state_(std::make_shared<detail::PoolState>()) {
  assert(width > 0 && height > 0 && capacity > 0 && "a pool needs a size and a stock");
  state_->shape.format = format;
  state_->shape.width = width;
  state_->shape.height = height;
  state_->capacity = capacity;
  state_->all.reserve(static_cast<std::size_t>(capacity));
  state_->free.reserve(static_cast<std::size_t>(capacity));
}

std::optional<FrameBuilder> FramePool::acquire() {
  detail::PooledFrame* frame = nullptr;
  {
    const std::lock_guard lock(state_->mutex);
    if (!state_->free.empty()) {
      frame = state_->free.back();  // last returned, warmest in the cache
      state_->free.pop_back();
    } else if (static_cast<int>(state_->all.size()) < state_->capacity) {
      state_->all.push_back(std::make_unique<detail::PooledFrame>(state_->shape));
      frame = state_->all.back().get();
    } else {
      ++state_->exhausted;
      return std::nullopt;
    }
    frame->mutable_info() = state_->shape;
  }
  frame->lend(state_);
  return FrameBuilder(frame);
}

int FramePool::capacity() const { return state_->capacity; }
int FramePool::in_use() const {
  const std::lock_guard lock(state_->mutex);
  return static_cast<int>(state_->all.size() - state_->free.size());
}
std::uint64_t FramePool::exhausted() const {
  const std::lock_guard lock(state_->mutex);
  return state_->exhausted;
}

}  // namespace kakehashi
