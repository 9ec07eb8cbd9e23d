// SPDX-License-Identifier: GPL-3.0-or-later
// Encoding pictures that nobody sees, to know what an encoder holds back and how long it takes.
#include <algorithm>
#include <cstring>

#include "core/clock.h"
#include "core/frame_pool.h"
#include "encoder/x264.h"

namespace kakehashi {
namespace {

// A texture under a steady pan: every block changes and none is flat, which is more work than a
// hall gives.
FramePtr trial_picture(FramePool& pool, int n) {
  auto builder = pool.acquire();
  if (!builder) return {};
  const FrameInfo info = builder->info();
  for (int y = 0; y < info.height; ++y) {
    std::uint8_t* line = builder->plane(0) + static_cast<std::ptrdiff_t>(y) * builder->stride(0);
    for (int x = 0; x < info.width; ++x) {
      const auto u = static_cast<unsigned>(x + 3 * n), v = static_cast<unsigned>(y);
      line[x] = static_cast<std::uint8_t>(40 + ((u * u / 64 + v * v / 32) & 127U));
    }
  }
  for (int p = 1; p < 3; ++p)
    for (int y = 0; y < info.height / 2; ++y)
      std::memset(builder->plane(p) + static_cast<std::ptrdiff_t>(y) * builder->stride(p),
                  100 + (y + n) % 56, static_cast<std::size_t>(info.width / 2));
  return std::move(*builder).publish();
}

}  // namespace

Result<EncoderFigures> try_video_encoder(VideoEncoder& encoder, const Canvas& canvas,
                                         int pictures) {
  constexpr int kWarm = 4;  // the first is an IDR and has cold caches: one in sixty on air
  FramePool pool(PixelFormat::I420, canvas.width, canvas.height, 20);
  const MonotonicClock clock;
  std::vector<Duration> times;
  int out = 0;
  for (int n = 0; n < pictures; ++n) {
    const FramePtr picture = trial_picture(pool, n);
    if (!picture) return Error{ErrorKind::Bug, "an encoder keeps twenty pictures"};
    const MediaTime begin = clock.now();
    const auto packet = encoder.encode(picture, n, n == 0);
    if (!packet) return Error(packet.error());
    if (*packet) ++out;
    if (n >= kWarm) times.push_back(clock.now() - begin);
  }
  std::sort(times.begin(), times.end());
  return EncoderFigures{pictures - out,
                        times.empty() ? Duration{} : times[(times.size() - 1) * 95 / 100]};
}

}  // namespace kakehashi
