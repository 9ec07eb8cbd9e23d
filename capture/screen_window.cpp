// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/screen_window.h"

#include <X11/Xatom.h>
#include <X11/Xlib.h>
#include <X11/extensions/Xcomposite.h>
#undef Status  // Xlib's name for int

#include <utility>
#include <vector>

namespace kakehashi {
namespace {

// Extended Window Manager Hints 1.5: _NET_WM_NAME is UTF-8; older programs only have WM_NAME.
std::string title_of(Display* d, Window w) {
  const Atom utf8 = XInternAtom(d, "UTF8_STRING", False);
  for (const auto& [name, type] : {std::pair{XInternAtom(d, "_NET_WM_NAME", False), utf8},
                                   std::pair{Atom{XA_WM_NAME}, Atom{AnyPropertyType}}}) {
    Atom real = 0;
    int format = 0;
    unsigned long count = 0, rest = 0;
    unsigned char* text = nullptr;
    if (XGetWindowProperty(d, w, name, 0, 256, False, type, &real, &format, &count, &rest, &text) ==
            0 &&
        text) {
      std::string found(reinterpret_cast<char*>(text), format == 8 ? count : 0);
      XFree(text);
      if (!found.empty()) return found;
    }
  }
  return {};
}

// Visible windows with a title, the topmost first. A window manager puts them two or three deep.
void collect(Display* d, Window from, int depth, std::vector<std::pair<Window, std::string>>& out) {
  Window root = 0, parent = 0, *children = nullptr;
  unsigned count = 0;
  if (!XQueryTree(d, from, &root, &parent, &children, &count)) return;
  for (unsigned i = count; i-- > 0;) {
    XWindowAttributes a;
    if (!XGetWindowAttributes(d, children[i], &a) || a.map_state != IsViewable) continue;
    std::string title = title_of(d, children[i]);
    if (!title.empty() && a.c_class == InputOutput)
      out.emplace_back(children[i], std::move(title));
    else if (depth > 0)
      collect(d, children[i], depth - 1, out);
  }
  if (children) XFree(children);
}

}  // namespace

Result<std::unique_ptr<ScreenWindow>> ScreenWindow::find(_XDisplay* display,
                                                         const std::string& title) {
  int event = 0, error = 0;
  if (!XCompositeQueryExtension(display, &event, &error))
    return Error{ErrorKind::Unsupported,
                 "this X display cannot give single windows; capture a region of the screen"};
  std::vector<std::pair<Window, std::string>> all;
  collect(display, DefaultRootWindow(display), 3, all);
  std::string names;
  for (const auto& [window, name] : all) {
    if (name.find(title) == std::string::npos) {
      names += (names.empty() ? "\"" : ", \"") + name + "\"";
      continue;
    }
    std::unique_ptr<ScreenWindow> found(new ScreenWindow(display, window));
    XWindowAttributes a;
    if (!XGetWindowAttributes(display, window, &a)) continue;
    found->width_ = a.width;
    found->height_ = a.height;
    found->depth_ = a.depth;
    found->visual_ = a.visual;
    XSelectInput(display, window, StructureNotifyMask);
    XCompositeRedirectWindow(display, window, CompositeRedirectAutomatic);
    found->pixmap_ = XCompositeNameWindowPixmap(display, window);
    found->locate();
    return found;
  }
  return Error{ErrorKind::NotFound,
               "no window is called \"" + title + "\"; " +
                   (names.empty() ? "open it first" : "open it or choose one of " + names)};
}

ScreenWindow::~ScreenWindow() {
  if (!display_) return;
  if (pixmap_) XFreePixmap(display_, pixmap_);
  XCompositeUnredirectWindow(display_, window_, CompositeRedirectAutomatic);
  XFlush(display_);
}

void ScreenWindow::locate() {
  Window child = 0;
  XTranslateCoordinates(display_, window_, DefaultRootWindow(display_), 0, 0, &x_, &y_, &child);
}

bool ScreenWindow::follow() {
  bool moved = false;
  while (XPending(display_) > 0) {
    XEvent e;
    XNextEvent(display_, &e);
    if (e.type == DestroyNotify || e.type == UnmapNotify) return false;
    if (e.type != ConfigureNotify) continue;
    if (e.xconfigure.width != width_ || e.xconfigure.height != height_) return false;
    moved = true;
  }
  if (moved) locate();
  return true;
}

}  // namespace kakehashi
