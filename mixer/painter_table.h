// SPDX-License-Identifier: GPL-3.0-or-later
// The table of overlay painters: one row for each kind of core/overlay_kind.h. Prep thread only.
#pragma once

#include <string_view>

#include "mixer/painter.h"

namespace kakehashi {

// `rect`: where it stands, pixels of the canvas, even, not empty. The image lies inside it and may
// be narrower. Settings that are missing or wrong are an Error (its sentence names the setting);
// words that do not fit are painted as legibly as they can be.
using PaintOverlay = Result<std::shared_ptr<const OverlayImage>> (*)(const Overlay& overlay,
                                                                     const Rect& rect,
                                                                     const Canvas& canvas,
                                                                     const PaintContext& context);

// nullptr: nobody paints this kind.
PaintOverlay find_overlay_painter(std::string_view kind);

// The rows. Each is in the file named after its family: painter_names.cpp, ...
Result<std::shared_ptr<const OverlayImage>> paint_name_title(const Overlay&, const Rect&,
                                                             const Canvas&, const PaintContext&);
Result<std::shared_ptr<const OverlayImage>> paint_name_row(const Overlay&, const Rect&,
                                                           const Canvas&, const PaintContext&);
// painter_plates.cpp
Result<std::shared_ptr<const OverlayImage>> paint_corner_title(const Overlay&, const Rect&,
                                                               const Canvas&, const PaintContext&);
Result<std::shared_ptr<const OverlayImage>> paint_agenda_title(const Overlay&, const Rect&,
                                                               const Canvas&, const PaintContext&);
Result<std::shared_ptr<const OverlayImage>> paint_notice(const Overlay&, const Rect&, const Canvas&,
                                                         const PaintContext&);
// painter_qr.cpp, painter_logo.cpp
Result<std::shared_ptr<const OverlayImage>> paint_qr(const Overlay&, const Rect&, const Canvas&,
                                                     const PaintContext&);
Result<std::shared_ptr<const OverlayImage>> paint_logo(const Overlay&, const Rect&, const Canvas&,
                                                       const PaintContext&);
// painter_captions.cpp: the lines of PaintContext::moving_text, oldest first; without, a sample.
Result<std::shared_ptr<const OverlayImage>> paint_caption(const Overlay&, const Rect&,
                                                          const Canvas&, const PaintContext&);
// painter_timers.cpp. Without PaintContext::moving_text a sample is painted.
Result<std::shared_ptr<const OverlayImage>> paint_timer(const Overlay&, const Rect&, const Canvas&,
                                                        const PaintContext&);

}  // namespace kakehashi
