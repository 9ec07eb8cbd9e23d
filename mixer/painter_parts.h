// SPDX-License-Identifier: GPL-3.0-or-later
// The painter's own tools: a cairo surface to draw on and the way from sRGB to program pictures
// (words: mixer/painter_text.h). Prep thread only.
#pragma once

#include <pango/pangocairo.h>

#include <memory>
#include <string>

#include "core/overlay_kind.h"
#include "core/result.h"
#include "mixer/painter.h"
#include "mixer/painter_text.h"

namespace kakehashi {

inline constexpr Colour kWhite{1, 1, 1, 1};
inline const Colour kPlate = Colour::rgb(0x10141A, 0.85);  // white on it over white: above 12 : 1
inline const Colour kAccent = Colour::rgb(0xD5DEE6);
inline const Colour kSecondary = Colour::rgb(0xE6ECF2);

// A transparent ARGB32 surface with its drawing context.
class PaintCanvas {
 public:
  PaintCanvas(int width, int height);

  cairo_t* cairo() const { return cairo_.get(); }
  int width() const { return width_; }
  int height() const { return height_; }
  void set(Colour c) const { cairo_set_source_rgba(cairo(), c.r, c.g, c.b, c.a); }
  void box(double x, double y, double w, double h, Colour c) const;
  void rounded_box(double x, double y, double w, double h, double radius, Colour c) const;

  // An opaque picture (what is transparent counts as black).
  FramePtr to_frame() const;
  // Straight alpha; each chroma sample is the mean of its four pixels weighted by their alpha, so
  // that edges of letters keep their colour.
  std::shared_ptr<const OverlayImage> to_overlay(const Rect& where) const;

 private:
  struct Free {
    void operator()(cairo_surface_t* s) const { cairo_surface_destroy(s); }
    void operator()(cairo_t* c) const { cairo_destroy(c); }
  };
  int width_, height_;
  std::unique_ptr<cairo_surface_t, Free> surface_;
  std::unique_ptr<cairo_t, Free> cairo_;
};

// A switch among the overlay's own settings (a string: text_setting, core/overlay_kind.h).
bool switch_setting(const Overlay& overlay, const std::string& name);

// Tells the operator once per thing, and gives the error for the log.
Error refused(const PaintContext& context, const std::string& id, Text what, Text action);
// `what` goes on after the overlay's name: {"の文が空です", "has no text"}.
Error refused(const PaintContext& context, const Overlay& overlay, Text what, Text action);

FramePtr paint_no_signal(const Text& role, Language language, const Canvas& canvas);

}  // namespace kakehashi
