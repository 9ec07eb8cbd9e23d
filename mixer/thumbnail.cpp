// SPDX-License-Identifier: GPL-3.0-or-later
#include <libyuv/convert.h>
#include <libyuv/planar_functions.h>

#include <cstring>

#include "mixer/compositor.h"
#include "mixer/convert.h"
#include "mixer/kernels.h"
#include "mixer/reduce.h"
#include "mixer/video_mixer.h"

namespace kakehashi {
namespace {

constexpr std::size_t kTables = 24;  // two per size of source
constexpr int kSlack = 64;           // what scale_columns may read past its line

// One line of the source per line of the result, the one in the middle of what it stands for; along
// the line nothing is left out. A tile costs what those few lines cost to read, a sixth of a
// full-HD picture, and inputs that nobody looks at closely cost next to nothing.
class Thumbnailer {
 public:
  // `to` is what of the result the whole frame fills.
  void draw(const VideoFrame& frame, const Picture& to) {
    const FrameInfo& info = frame.info();
    const int w = info.width, half = (w + 1) / 2;
    for (auto* line : {&y_, &u_, &v_, &narrow_})
      if (line->size() < static_cast<std::size_t>(w + kSlack))
        line->resize(static_cast<std::size_t>(w + kSlack));
    for (int y = 0; y < to.height; ++y) {
      const bool colour = y % 2 == 0;
      const int line = (2 * y + 1) * info.height / (2 * to.height);
      const int soon = std::min(line + info.height / to.height, info.height - 1);
      unpack(frame, line, soon, colour);
      squeeze(luma_, w, to.y + static_cast<std::ptrdiff_t>(y) * to.stride_y, to.width);
      if (!colour) continue;
      const std::ptrdiff_t at = y / 2;
      squeeze(blue_, half, to.u + at * to.stride_u, to.width / 2);
      squeeze(red_, half, to.v + at * to.stride_v, to.width / 2);
    }
    if (info.format != PixelFormat::BGRx && !is_program_colour(info))
      recolour_in_place(to, info.matrix, info.range);
  }

 private:
  const AxisTable& table(int source, int result) {
    const AxisTable::Key key{source, result, AxisTable::Use::Columns};
    for (const AxisTable& t : tables_)
      if (t.key == key) return t;
    AxisTable& oldest = tables_[next_];
    next_ = (next_ + 1) % kTables;
    oldest.build(key);
    return oldest;
  }

  // n samples to fewer: first in whole steps, which is cheap and leaves the rest to few taps.
  void squeeze(const std::uint8_t* from, int n, std::uint8_t* out, int result) {
    if (n >= 3 * result) {
      const std::uint8_t* lines[] = {from, from, from, from};
      const bool far = n >= 8 * result;
      n /= far ? 4 : 3;  // up to three samples at the end do not count
      (far ? reducers().quarter : reducers().third)(lines, narrow_.data(), n, {from, 0});
      from = narrow_.data();
    } else if (from != y_.data() && from != u_.data() && from != v_.data()) {
      std::memcpy(narrow_.data(), from, static_cast<std::size_t>(n));  // it is read past its end
      from = narrow_.data();
    }
    kernels().scale_columns(from, table(n, result), 0, out, result);
  }

  // Line `line` of the frame as three lines, in place or copied; chroma only where it is wanted.
  // Line `soon` comes next.
  void unpack(const VideoFrame& f, int line, int soon, bool colour) {
    const int w = f.width(), half = (w + 1) / 2;
    const auto at = [&](int plane, int l) {
      const PlaneView p = f.plane(plane);
      return p.data + static_cast<std::ptrdiff_t>(l) * p.stride;
    };
    luma_ = y_.data();
    blue_ = u_.data();
    red_ = v_.data();
    const auto planes = [&](int chroma_line) {
      luma_ = at(0, line);
      blue_ = at(1, chroma_line);
      red_ = at(2, chroma_line);
    };
    const Kernels& k = kernels();
    switch (f.info().format) {
      case PixelFormat::I420:
        fetch_ahead(at(0, soon), w);
        if (!colour) {  // the next one has colour
          fetch_ahead(at(1, soon / 2), half);
          fetch_ahead(at(2, soon / 2), half);
        }
        return planes(line / 2);
      case PixelFormat::Y42B:
        fetch_ahead(at(0, soon), w);
        return planes(line);
      case PixelFormat::NV12:
        fetch_ahead(at(0, soon), w);
        luma_ = at(0, line);
        if (colour)
          libyuv::SplitUVPlane(at(1, line / 2), 0, u_.data(), 0, v_.data(), 0, half, 1);
        else
          fetch_ahead(at(1, soon / 2), w);
        return;
      case PixelFormat::YUY2:
        fetch_ahead(at(0, soon), 2 * w);
        libyuv::YUY2ToI422(at(0, line), 0, y_.data(), 0, u_.data(), 0, v_.data(), 0, w, 1);
        return;
      case PixelFormat::UYVY:
        fetch_ahead(at(0, soon), 2 * w);
        libyuv::UYVYToI422(at(0, line), 0, y_.data(), 0, u_.data(), 0, v_.data(), 0, w, 1);
        return;
      case PixelFormat::BGRx:
        fetch_ahead(at(0, soon), 4 * w);
        k.bgrx_to_y(at(0, line), y_.data(), w);
        if (!colour) return;
        k.bgrx_to_uv(at(0, line), at(0, line), u_.data(), v_.data(), w / 2);
        if (w % 2) {  // the last pixel twice
          const std::uint8_t* last = at(0, line) + 4 * (w - 1);
          std::uint8_t twice[8];
          std::memcpy(twice, last, 4);
          std::memcpy(twice + 4, last, 4);
          k.bgrx_to_uv(twice, twice, u_.data() + w / 2, v_.data() + w / 2, 1);
        }
        return;
    }
  }

  std::vector<AxisTable> tables_ = std::vector<AxisTable>(kTables);
  std::size_t next_ = 0;
  std::vector<std::uint8_t> y_, u_, v_, narrow_;
  const std::uint8_t *luma_ = nullptr, *blue_ = nullptr, *red_ = nullptr;
};

}  // namespace

FramePtr make_thumbnail(const VideoFrame& frame, FramePool& pool, std::span<const Mask> masks) {
  auto builder = pool.acquire();
  if (!builder) return {};
  const Picture out = picture_of(*builder);
  const Rect whole{0, 0, out.width, out.height};
  const Placement at = place(frame.info(), whole, FitMode::Fit, {});
  // Where the tile is not much smaller than the picture, leaving out lines would show.
  if (masks.empty() && 2 * at.picture.h <= frame.height() && at.picture.w > 0) {
    thread_local Thumbnailer thumbnailer;
    if (at.picture != whole) fill(out, kBlack);
    thumbnailer.draw(frame, out.part(at.picture));
  } else {
    thread_local Compositor compositor(out.width, out.height);
    CompositorItem item;
    item.frame = &frame;
    item.rect = whole;
    item.input_masks = masks;
    compositor.draw({&item, 1}, out);
  }
  builder->info().captured = frame.info().captured;
  builder->info().sequence = frame.info().sequence;
  return std::move(*builder).publish();
}

}  // namespace kakehashi
