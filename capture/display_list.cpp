// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/display_list.h"

#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <X11/extensions/Xrandr.h>
#undef Status  // Xlib's name for int

#include <memory>

namespace kakehashi {
namespace {

constexpr long kMostEdid = 256 / 4;  // in units of 32 bits

std::optional<Edid> edid_of(Display* x, RROutput output) {
  const Atom name = XInternAtom(x, "EDID", True);
  if (name == None) return {};
  Atom type = None;
  int bits = 0;
  unsigned long count = 0, left = 0;
  unsigned char* data = nullptr;
  XRRGetOutputProperty(x, output, name, 0, kMostEdid, False, False, AnyPropertyType, &type, &bits,
                       &count, &left, &data);
  std::optional<Edid> edid;
  if (data && type == XA_INTEGER && bits == 8) edid = parse_edid({data, count});
  if (data) XFree(data);
  return edid;
}

std::optional<DisplayMode> mode_of(const XRRScreenResources& all, RRMode id) {
  for (int i = 0; i < all.nmode; ++i) {
    const XRRModeInfo& m = all.modes[i];
    if (m.id != id) continue;
    DisplayMode mode{static_cast<int>(m.width), static_cast<int>(m.height), 0,
                     (m.modeFlags & RR_Interlace) != 0};
    if (m.hTotal > 0 && m.vTotal > 0)
      mode.hz = static_cast<double>(m.dotClock) / (static_cast<double>(m.hTotal) * m.vTotal);
    if (mode.interlaced) mode.hz *= 2;
    return mode;
  }
  return {};
}

std::optional<DisplayList> x_displays() {
  const std::unique_ptr<Display, int (*)(Display*)> x(XOpenDisplay(nullptr), XCloseDisplay);
  int event = 0, error = 0;
  if (!x || !XRRQueryExtension(x.get(), &event, &error)) return {};
  const std::unique_ptr<XRRScreenResources, void (*)(XRRScreenResources*)> all(
      XRRGetScreenResourcesCurrent(x.get(), DefaultRootWindow(x.get())), XRRFreeScreenResources);
  if (!all) return {};
  DisplayList list;
  list.modes_known = true;
  for (int i = 0; i < all->noutput; ++i) {
    const std::unique_ptr<XRROutputInfo, void (*)(XRROutputInfo*)> output(
        XRRGetOutputInfo(x.get(), all.get(), all->outputs[i]), XRRFreeOutputInfo);
    if (!output || output->connection != RR_Connected) continue;
    ShownDisplay d;
    d.connector = output->name;
    d.edid = edid_of(x.get(), all->outputs[i]);
    if (output->crtc != None) {
      const std::unique_ptr<XRRCrtcInfo, void (*)(XRRCrtcInfo*)> crtc(
          XRRGetCrtcInfo(x.get(), all.get(), output->crtc), XRRFreeCrtcInfo);
      if (crtc && crtc->mode != None) {
        d.on = true;
        d.now = mode_of(*all, crtc->mode);
      }
    }
    list.displays.push_back(std::move(d));
  }
  return list;
}

}  // namespace

DisplayList list_displays() {
  if (auto shown = x_displays()) return *shown;
  return {kernel_displays(""), false};
}

}  // namespace kakehashi
