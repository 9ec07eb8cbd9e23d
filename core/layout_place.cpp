// SPDX-License-Identifier: GPL-3.0-or-later
// Where slots and overlays stand (core/layout_table.h).
#include <algorithm>
#include <cmath>

#include "core/layout_table.h"
#include "core/overlay_kind.h"

namespace kakehashi {
namespace {

constexpr double kWidest = 16.0 / 9.0;  // of a camera: more width would show nothing more

bool overlap(const Rect& a, const Rect& b) {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

int even(double v) { return static_cast<int>(v / 2) * 2; }

// What stands beside the slide: a column at its right.
struct Column {
  const Layer* slide = nullptr;
  const Layer* insets[2] = {};
  int count = 0;
  bool sign = false;
};

Column column_of(const Scene& scene) {
  Column c;
  for (const Layer& layer : scene.layers) {
    if (layer.slot == "slide")
      c.slide = &layer;
    else if (layer.slot == "sign")
      c.sign = true;
    else if (!layer.slot.empty() && c.count < 2)
      c.insets[c.count++] = &layer;
  }
  return c;
}

// The inset `which` when the slide is `slide_width` wide.
Rect grown(const Column& c, int which, int slide_width) {
  const Rect& slide = c.slide->rect;
  const Rect& own = c.insets[which]->rect;
  if (c.sign || own.x < slide.x + slide.w) return own;
  const int gap = own.x - (slide.x + slide.w);
  const int room = own.x + own.w - (slide.x + slide_width + gap);
  Rect r = own;
  if (c.count == 1) {
    r.w = std::max(own.w, std::min(room, even(own.h * kWidest)));
  } else {
    const Rect& first = c.insets[0]->rect;
    const int between = c.insets[1]->rect.y - (first.y + first.h);
    const int tallest = (slide.y + slide.h - first.y - between) / 2;
    r.w = std::max(own.w, std::min(room, even(tallest * kWidest)));
    r.h = std::max(own.h, std::min(tallest, even(r.w / kWidest)));
    if (which == 1) r.y = first.y + r.h + between;
  }
  r.x = own.x + own.w - r.w;
  return r;
}

Rect slide_rect(const Column& c, double aspect) {
  Rect r = c.slide->rect;
  const int width = even(r.h * aspect);
  if (width >= r.w) {
    const int height = std::min(r.h, std::max(2, even(r.w / aspect)));
    r.y += (r.h - height) / 2;
    r.h = height;
    return r;
  }
  int end = r.x + r.w;
  for (int i = 0; i < c.count; ++i) {
    const Rect& own = c.insets[i]->rect;
    end = std::min(end, grown(c, i, width).x - std::max(0, own.x - (r.x + r.w)));
  }
  r.x += (end - r.x - width) / 2;
  r.w = std::max(2, width);
  return r;
}

}  // namespace

Rect slot_rect(const Scene& scene, const Layer& layer, double slide_aspect) {
  if (layer.slot.empty() || layer.slot == "sign" || !(slide_aspect > 0.05 && slide_aspect < 20))
    return layer.rect;
  const Column c = column_of(scene);
  if (!c.slide || c.slide->rect.h < 2 || c.slide->rect.w < 2) return layer.rect;
  const double own = static_cast<double>(c.slide->rect.w) / c.slide->rect.h;
  if (std::abs(slide_aspect / own - 1) < 0.01) return layer.rect;  // 1366 x 768 is 16:9
  if (layer.slot == "slide") return slide_rect(c, slide_aspect);
  if (slide_aspect > own) return layer.rect;
  for (int i = 0; i < c.count; ++i)
    if (layer.slot == c.insets[i]->slot) return grown(c, i, even(c.slide->rect.h * slide_aspect));
  return layer.rect;
}

std::optional<Rect> overlay_place(const Overlay& overlay, const Scene& scene,
                                  const Canvas& canvas) {
  const OverlayKindRow* kind = find_overlay_kind(overlay.kind);
  const LayoutRow* layout = find_layout(scene.layout);
  if (overlay.rect.w > 0) {
    const NamedBox* sign = layout ? find_box(layout->slots, "sign") : nullptr;
    const NamedBox* band =
        layout && !(kind && kind->box == "caption") ? find_box(layout->text, "caption") : nullptr;
    const auto covers = [&](const NamedBox* box) {
      return box && overlap(overlay.rect, on_canvas(box->rect, canvas));
    };
    if (!covers(sign) && !covers(band)) return overlay.rect;
  }
  if (!kind) return std::nullopt;
  if (!layout) return on_canvas(usual_place_of(overlay), canvas);
  const auto place = [&](std::string_view name) -> const NamedBox* {
    if (const NamedBox* box = find_box(layout->overlays, name)) return box;
    return find_box(layout->text, name);
  };
  const NamedBox* box = nullptr;
  if (const auto side = overlay.settings.find("side");
      !is_vertical(overlay) && side != overlay.settings.end())
    if (const auto* word = std::get_if<std::string>(&side->second); word && !word->empty())
      box = place(box_of(overlay) + "_" + *word);
  if (!box && !is_vertical(overlay)) box = place(overlay.kind);
  if (!box) box = place(box_of(overlay));
  if (!box) return std::nullopt;
  return on_canvas(box->rect, canvas);
}

}  // namespace kakehashi
