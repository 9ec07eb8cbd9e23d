// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of one size from a fixed stock: after the first lap the mix loop allocates nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "core/video_frame.h"

namespace kakehashi {

namespace detail {
class PooledFrame;
struct PoolState;
}  // namespace detail

// A frame being painted: the one moment at which its bytes may be written. Move-only; dropped
// unpublished it goes back to the stock.
class FrameBuilder {
 public:
  FrameBuilder(FrameBuilder&& o) noexcept;
  FrameBuilder& operator=(FrameBuilder&&) = delete;
  ~FrameBuilder();

  // Format and size are the pool's; time, sequence, matrix, range and aspect may be set.
  FrameInfo& info();
  std::uint8_t* plane(int i);
  int stride(int i) const;

  // From now on nobody writes. The builder is empty afterwards.
  FramePtr publish() &&;

 private:
  friend class FramePool;
  explicit FrameBuilder(detail::PooledFrame* frame) : frame_(frame) {}
  detail::PooledFrame* frame_;
};

// Planes start on 64 byte boundaries and strides are multiples of 64 (AVX-512 loads, cache lines).
// Any thread may acquire; frames may outlive the pool object.
class FramePool {
 public:
  FramePool(PixelFormat format, int width, int height, int capacity);

  // Nothing when all `capacity` frames are still in use; counted in exhausted().
  std::optional<FrameBuilder> acquire();

  int capacity() const;
  int in_use() const;
  std::uint64_t exhausted() const;

 private:
  std::shared_ptr<detail::PoolState> state_;
};

}  // namespace kakehashi
