// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/compositor.h"
#include "mixer/video_mixer.h"

namespace kakehashi {

FramePtr make_thumbnail(const VideoFrame& frame, FramePool& pool, std::span<const Mask> masks) {
  auto builder = pool.acquire();
  if (!builder) return {};
  const Picture out = picture_of(*builder);
  thread_local Compositor compositor(out.width, out.height);
  CompositorItem item;
  item.frame = &frame;
  item.rect = {0, 0, out.width, out.height};
  item.input_masks = masks;
  compositor.draw({&item, 1}, out);
  builder->info().captured = frame.info().captured;
  builder->info().sequence = frame.info().sequence;
  return std::move(*builder).publish();
}

}  // namespace kakehashi
