// SPDX-License-Identifier: GPL-3.0-or-later
// Picture files that are painted: PNG by cairo, SVG by librsvg. Prep thread only.
#pragma once

#include <string>

#include "mixer/painter_parts.h"

namespace kakehashi {

// Which side of its box a picture narrower than the box keeps to.
enum class Side { Left, Middle, Right };

// A picture file, opened. Transparency is kept.
class Logo {
 public:
  // `file`: relative to `folder`, or absolute. The error names the file and what is wrong with it.
  static Result<Logo> open(const std::string& file, const std::string& folder);
  // Width : height.
  double aspect() const { return width_ / height_; }
  // Whole and in its own shape, as large as the box allows.
  void draw(const PaintCanvas& paint, double x, double y, double w, double h, Side side) const;
  // Where draw() puts it.
  struct Box {
    double x, y, w, h;
  };
  Box fitted(double x, double y, double w, double h, Side side) const;

 private:
  struct Free {
    void operator()(cairo_surface_t* s) const { cairo_surface_destroy(s); }
    void operator()(void* handle) const { g_object_unref(handle); }
  };
  static Result<Logo> open_png(const std::string& path);
  static Result<Logo> open_svg(const std::string& path);

  double width_ = 1, height_ = 1;
  std::unique_ptr<cairo_surface_t, Free> png_;
  std::unique_ptr<void, Free> svg_;  // RsvgHandle
};

// What to tell the operator about a logo that cannot be opened.
Text logo_trouble(const std::string& file, const Error& error);
Text logo_remedy();

}  // namespace kakehashi
