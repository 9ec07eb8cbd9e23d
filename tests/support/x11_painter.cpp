// SPDX-License-Identifier: GPL-3.0-or-later
// A screen with something on it: fills an X display with a still picture, a window full of moving
// texture, and the machine-readable frame code (core/frame_code.h) stamped right before it is put
// on screen. What the end-to-end tests and the latency bench capture.
//   x11_painter --display :77 [--hz 59.5] [--width 1920] [--height 1080] [--for SECONDS]
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XShm.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/frame_code.h"

namespace {

using namespace kakehashi;

std::atomic<bool> stop{false};

struct Options {
  std::string display;
  double hz = 59.5;  // not the capture's rate: the phase between both drifts through all values
  int width = 1920, height = 1080;
  double seconds = 0;
};

Options parse(int argc, char** argv) {
  Options o;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i], value = argv[i + 1];
    if (name == "--display") o.display = value;
    if (name == "--hz") o.hz = std::atof(value.c_str());
    if (name == "--width") o.width = std::atoi(value.c_str());
    if (name == "--height") o.height = std::atoi(value.c_str());
    if (name == "--for") o.seconds = std::atof(value.c_str());
  }
  return o;
}

void still_background(std::uint32_t* pixels, const Options& o) {
  for (int y = 0; y < o.height; ++y)
    for (int x = 0; x < o.width; ++x) {
      const int grain = (x * 7919 ^ y * 104729) & 15;
      pixels[y * o.width + x] =
          static_cast<std::uint32_t>(((40 + x * 120 / o.width + grain) << 16) |
                                     ((60 + y * 100 / o.height + grain) << 8) | (90 + grain));
    }
}

// A texture that slides and turns over every frame: something for an encoder to do.
void moving_window(std::uint32_t* pixels, const Options& o, int n) {
  const int x0 = o.width / 4, y0 = o.height / 4, w = o.width / 2, h = o.height / 2;
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x) {
      const int u = x + n * 3, v = y + n;
      const int wave = ((u >> 3) ^ (v >> 3)) * 5 + ((u * v) >> 9);
      pixels[(y0 + y) * o.width + x0 + x] = static_cast<std::uint32_t>(
          ((wave & 255) << 16) | (((wave * 2) & 255) << 8) | ((u >> 2) & 255));
    }
}

void stamp(std::uint32_t* pixels, const Options& o, std::vector<std::uint8_t>& strip,
           std::int64_t us, int n) {
  const Rect r = frame_code_rect(o.width, o.height);
  strip.resize(static_cast<std::size_t>(r.w * r.h));
  paint_frame_code(strip.data(), r.w, {0, 0, r.w, r.h}, {us, static_cast<std::uint32_t>(n), false});
  for (int y = 0; y < r.h; ++y)
    for (int x = 0; x < r.w; ++x)
      pixels[(r.y + y) * o.width + r.x + x] =
          strip[static_cast<std::size_t>(y * r.w + x)] > 128 ? 0xFFFFFF : 0;
}

}  // namespace

int main(int argc, char** argv) {
  const Options o = parse(argc, argv);
  std::signal(SIGTERM, [](int) { stop = true; });
  std::signal(SIGINT, [](int) { stop = true; });
  Display* display = XOpenDisplay(o.display.empty() ? nullptr : o.display.c_str());
  if (!display) {
    std::fprintf(stderr, "no X display %s\n", o.display.c_str());
    return 1;
  }
  XSetWindowAttributes attributes{};
  attributes.override_redirect = True;
  const int screen = DefaultScreen(display);
  const Window window =
      XCreateWindow(display, RootWindow(display, screen), 0, 0, static_cast<unsigned>(o.width),
                    static_cast<unsigned>(o.height), 0, CopyFromParent, InputOutput, CopyFromParent,
                    CWOverrideRedirect, &attributes);
  XMapRaised(display, window);
  const GC gc = XCreateGC(display, window, 0, nullptr);
  XShmSegmentInfo segment{};
  segment.shmid =
      shmget(IPC_PRIVATE, static_cast<std::size_t>(o.width) * o.height * 4, IPC_CREAT | 0600);
  segment.shmaddr = static_cast<char*>(shmat(segment.shmid, nullptr, 0));
  XShmAttach(display, &segment);
  XSync(display, False);
  shmctl(segment.shmid, IPC_RMID, nullptr);
  XImage* image = XShmCreateImage(display, DefaultVisual(display, screen),
                                  static_cast<unsigned>(DefaultDepth(display, screen)), ZPixmap,
                                  segment.shmaddr, &segment, static_cast<unsigned>(o.width),
                                  static_cast<unsigned>(o.height));
  auto* pixels = reinterpret_cast<std::uint32_t*>(segment.shmaddr);
  still_background(pixels, o);

  MonotonicClock clock;
  std::vector<std::uint8_t> strip;
  const MediaTime start = clock.now();
  const auto period = static_cast<std::int64_t>(1e9 / o.hz);
  const Rect code = frame_code_rect(o.width, o.height);
  for (int n = 0; !stop; ++n) {
    const MediaTime due = start + Duration{period * n};
    clock.sleep_until(due);
    if (o.seconds > 0 && (due - start).to_seconds() > o.seconds) break;
    // The texture moves 30 times a second, as a played video does; the code every time.
    const bool move = n % 2 == 0;
    if (move) moving_window(pixels, o, n / 2);
    stamp(pixels, o, strip, clock.now().ns / 1000, n);
    if (n == 0) {
      XShmPutImage(display, window, gc, image, 0, 0, 0, 0, static_cast<unsigned>(o.width),
                   static_cast<unsigned>(o.height), False);
    } else {
      if (move)
        XShmPutImage(display, window, gc, image, o.width / 4, o.height / 4, o.width / 4,
                     o.height / 4, static_cast<unsigned>(o.width / 2),
                     static_cast<unsigned>(o.height / 2), False);
      XShmPutImage(display, window, gc, image, code.x, code.y, code.x, code.y,
                   static_cast<unsigned>(code.w), static_cast<unsigned>(code.h), False);
    }
    XSync(display, False);
    if (n == 0) {
      std::puts("ready");
      std::fflush(stdout);
    }
  }
  return 0;
}
