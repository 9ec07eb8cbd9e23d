// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/code_places.h"

#include <algorithm>

#include "core/frame_code.h"

namespace kakehashi {
namespace {

// A test picture has the canvas's size; this is where all of it lands.
Rect whole_picture(const Canvas& canvas, const Layer& layer) {
  if (layer.fit == FitMode::Stretch) return layer.rect;
  const double by_width = static_cast<double>(layer.rect.w) / canvas.width;
  const double by_height = static_cast<double>(layer.rect.h) / canvas.height;
  const double scale =
      layer.fit == FitMode::Fit ? std::min(by_width, by_height) : std::max(by_width, by_height);
  const int w = static_cast<int>(canvas.width * scale), h = static_cast<int>(canvas.height * scale);
  return {layer.rect.x + (layer.rect.w - w) / 2, layer.rect.y + (layer.rect.h - h) / 2, w, h};
}

bool inside(const Rect& inner, const Rect& outer) {
  return inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.w <= outer.x + outer.w &&
         inner.y + inner.h <= outer.y + outer.h;
}

}  // namespace

std::vector<Rect> code_places(const Show& show) {
  std::vector<Rect> places;
  const Rect code = frame_code_rect(show.canvas.width, show.canvas.height);
  for (const auto& scene : show.scenes)
    for (const auto& layer : scene.layers) {
      const Input* input = find_by_id(show.inputs, layer.input);
      if (!input || !input->source || input->source->kind != "test" || layer.crop != Crop{})
        continue;
      const Rect all = whole_picture(show.canvas, layer);
      const auto along = [](int at, int from, int to) {
        return static_cast<int>(static_cast<std::int64_t>(at) * to / from);
      };
      const Rect place{all.x + along(code.x, show.canvas.width, all.w),
                       all.y + along(code.y, show.canvas.height, all.h),
                       along(code.w, show.canvas.width, all.w),
                       along(code.h, show.canvas.height, all.h)};
      if (inside(place, layer.rect) &&
          std::find(places.begin(), places.end(), place) == places.end())
        places.push_back(place);
    }
  return places;
}

}  // namespace kakehashi
