// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/chroma_key.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace kakehashi {
namespace {

constexpr double kFullest = 112;  // chroma codes from grey to the fullest colour
constexpr double kDimmest = 0.55, kBrightest = 2.0;
constexpr double kUneven = 0.15, kSurelyDark = 0.20;  // shares of the wall's luma

double share(double v, double otherwise) {
  return std::isfinite(v) ? std::clamp(v, 0.0, 1.0) : otherwise;
}

// R'G'B' from chroma codes alone (luma is the same in all three), BT.709-6 §3.
constexpr std::array<std::array<double, 2>, 3> kFromChroma{{
    {0, 1.5748 / 224},
    {-0.1873 / 224, -0.4681 / 224},
    {1.8556 / 224, 0},
}};
constexpr std::array<double, 3> kLuma{0.2126, 0.7152, 0.0722};

}  // namespace

KeyNumbers key_numbers(const ChromaKey& key) {
  const ChromaKey defaults;
  const std::array<double, 3> rgb{((key.colour >> 16) & 0xFF) / 255.0,
                                  ((key.colour >> 8) & 0xFF) / 255.0, (key.colour & 0xFF) / 255.0};
  const double y = kLuma[0] * rgb[0] + kLuma[1] * rgb[1] + kLuma[2] * rgb[2];
  const double u = 224 * (rgb[2] - y) / 1.8556, v = 224 * (rgb[0] - y) / 1.5748;
  const double similarity = share(key.similarity, defaults.similarity);
  const double smoothness = std::max(share(key.smoothness, defaults.smoothness), 1.0 / 255);
  const double length = std::sqrt(u * u + v * v);

  KeyNumbers k;
  k.u = static_cast<float>(u);
  k.v = static_cast<float>(v);
  // Wall seen in its own light is not darker than this by more than its unevenness and noise.
  k.y = static_cast<float>((1 - kUneven) * 219 * y);
  k.dark_scale = static_cast<float>(1 / std::max(kSurelyDark * 219 * y, 1.0));
  k.per_length = static_cast<float>(1 / std::max(length * length, 1.0));
  // See-through down to the dimmest light, but never so far that grey is not opaque.
  const double reach = kFullest / std::max(length, 1.0);
  k.nearest = static_cast<float>(std::clamp(
      std::max(kDimmest + similarity * reach, (similarity + smoothness) * reach), 0.0, 1.0));
  k.farthest = static_cast<float>(kBrightest);
  k.scale = static_cast<float>(255 / (smoothness * kFullest));
  k.offset = static_cast<float>(-255 * similarity / smoothness);

  const auto wall =
      static_cast<std::size_t>(std::max_element(rgb.begin(), rgb.end()) - rgb.begin());
  for (std::size_t other = 0, i = 0; other < 3; ++other) {
    if (other == wall) continue;
    k.excess_u[i] = static_cast<float>(kFromChroma[wall][0] - kFromChroma[other][0]);
    k.excess_v[i] = static_cast<float>(kFromChroma[wall][1] - kFromChroma[other][1]);
    ++i;
  }
  k.spill = static_cast<float>(share(key.spill, defaults.spill));
  // More than a wall throws on a face is an edge that is half wall.
  k.spill_left = std::pow(1 - k.spill, 4.0F);
  k.spill_y = static_cast<float>(219 * kLuma[wall]);
  k.spill_u = static_cast<float>(224 * ((wall == 2 ? 1 : 0) - kLuma[wall]) / 1.8556);
  k.spill_v = static_cast<float>(224 * ((wall == 0 ? 1 : 0) - kLuma[wall]) / 1.5748);
  return k;
}

ChromaKeyer::ChromaKeyer(int width)
    : line_(static_cast<std::size_t>(width) / 2 + 2),
      full_u_(static_cast<std::size_t>(width)),
      full_v_(static_cast<std::size_t>(width)) {}

void ChromaKeyer::apply(const KeyNumbers& key, const Picture& p, std::uint8_t* alpha,
                        int alpha_stride) {
  const EffectKernels& k = effect_kernels();
  const int half = p.width / 2, lines = p.height / 2;
  if (line_.size() < static_cast<std::size_t>(half) + 2)
    line_.resize(static_cast<std::size_t>(half) + 2);
  if (full_u_.size() < static_cast<std::size_t>(p.width)) {
    full_u_.resize(static_cast<std::size_t>(p.width));
    full_v_.resize(static_cast<std::size_t>(p.width));
  }
  // Between the centres of chroma samples: nine, three, three and one sixteenth of the four around.
  const auto full = [&](const std::uint8_t* plane, int stride, int line, std::uint8_t* out) {
    const int near = line / 2, far = std::clamp(near + (line % 2 ? 1 : -1), 0, lines - 1);
    std::uint16_t* mid = line_.data() + 1;
    k.chroma_lines(plane + static_cast<std::ptrdiff_t>(near) * stride,
                   plane + static_cast<std::ptrdiff_t>(far) * stride, mid, half);
    mid[-1] = mid[0];
    mid[half] = mid[half - 1];
    k.chroma_columns(mid, out, half);
  };
  for (int line = 0; line < p.height; ++line) {
    full(p.u, p.stride_u, line, full_u_.data());
    full(p.v, p.stride_v, line, full_v_.data());
    k.key_luma(p.y + static_cast<std::ptrdiff_t>(line) * p.stride_y, full_u_.data(), full_v_.data(),
               alpha + static_cast<std::ptrdiff_t>(line) * alpha_stride, p.width, key);
  }
  for (int line = 0; line < lines; ++line)
    k.key_chroma(p.u + static_cast<std::ptrdiff_t>(line) * p.stride_u,
                 p.v + static_cast<std::ptrdiff_t>(line) * p.stride_v, half, key);
}

}  // namespace kakehashi
