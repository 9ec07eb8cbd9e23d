// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/x_guard.h"

#include <X11/Xlib.h>

#include <cstdlib>
#include <map>
#include <mutex>

#include "core/log.h"

namespace kakehashi {
namespace {

struct Troubles {
  std::mutex mutex;
  std::map<std::string, std::uint64_t> count;
};
Troubles& troubles() {
  static auto* t = new Troubles;  // outlives every streaming thread
  return *t;
}
void note(Display* d) {
  const std::lock_guard lock(troubles().mutex);
  ++troubles().count[DisplayString(d)];
}

int on_request_error(Display* d, XErrorEvent*) {
  note(d);
  return 0;
}

// Called after on_connection_error; Xlib's own would call exit(1). Returning lets the failed
// request return, and every later one fail at once.
void stay_alive(Display*, void*) {}

int on_connection_error(Display* d) {
  XSetIOErrorExitHandler(d, stay_alive, nullptr);  // libX11 1.7 and later
  note(d);
  log_warning("capture", std::string("the connection to X display ") + DisplayString(d) + " broke");
  return 0;
}

}  // namespace

void install_x_guard() {
  static std::once_flag once;
  std::call_once(once, [] {
    XInitThreads();
    XSetErrorHandler(on_request_error);
    XSetIOErrorHandler(on_connection_error);
  });
}

std::uint64_t x_troubles(const std::string& display) {
  const std::lock_guard lock(troubles().mutex);
  const auto it = troubles().count.find(display);
  return it == troubles().count.end() ? 0 : it->second;
}

Result<XScreen> XScreen::open(const std::string& wanted) {
  install_x_guard();
  std::string display = wanted;
  if (display.empty()) {
    const char* from_environment = std::getenv("DISPLAY");
    if (!from_environment || !*from_environment)
      return Error{ErrorKind::FixInput,
                   "no X display is named in the settings and DISPLAY is not set; set \"display\" "
                   "to the one to capture, for example \":0\""};
    display = from_environment;
  }
  Display* d = XOpenDisplay(display.c_str());
  if (!d)
    return Error{ErrorKind::NotFound, "X display \"" + display +
                                          "\" cannot be opened; check that the screen is on and "
                                          "that this user may read it (xhost)"};
  return XScreen(d);
}

XScreen::~XScreen() {
  if (display_) XCloseDisplay(static_cast<Display*>(display_));
}
std::string XScreen::name() const { return DisplayString(static_cast<Display*>(display_)); }
int XScreen::width() const {
  auto* d = static_cast<Display*>(display_);
  return DisplayWidth(d, DefaultScreen(d));
}
int XScreen::height() const {
  auto* d = static_cast<Display*>(display_);
  return DisplayHeight(d, DefaultScreen(d));
}

}  // namespace kakehashi
