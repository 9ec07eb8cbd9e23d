// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/screen_grabber.h"

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XShm.h>
#include <X11/extensions/Xfixes.h>
#undef Status  // Xlib's name for int
#include <poll.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <mutex>
#include <vector>

#include "capture/screen_window.h"

namespace kakehashi {
namespace {

constexpr std::size_t kStock = 8;  // FrameSync holds 4, the mixer and encoder a few

// A refused request (a region outside after the screen became smaller) is told by the request's own
// result; Xlib's own handler would end the process.
int on_request_error(Display*, XErrorEvent*) { return 0; }
int on_connection_error(Display*) { return 0; }
// Called after on_connection_error; returning lets the failed request, and every later one, fail.
void stay_alive(Display*, void*) {}

// XCloseDisplay waits for ever for a lock that a broken connection never gave back (libX11 1.8.4):
// of such a one only the descriptor is closed, its few kilobytes are lost.
void disconnect(Display* d) {
  pollfd p{ConnectionNumber(d), POLLIN, 0};
  if (poll(&p, 1, 0) >= 0 && (p.revents & (POLLHUP | POLLERR | POLLNVAL)) == 0)
    XCloseDisplay(d);
  else
    close(ConnectionNumber(d));
}

Result<Display*> connect(const std::string& wanted) {
  static std::once_flag once;
  std::call_once(once, [] {
    XInitThreads();
    XSetErrorHandler(on_request_error);
    XSetIOErrorHandler(on_connection_error);
  });
  std::string name = wanted;
  if (name.empty()) {
    const char* from_environment = std::getenv("DISPLAY");
    if (!from_environment || !*from_environment)
      return Error{ErrorKind::FixInput,
                   "no X display is named in the settings and DISPLAY is not set; set \"display\" "
                   "to the one to capture, for example \":0\""};
    name = from_environment;
  }
  Display* d = XOpenDisplay(name.c_str());
  if (!d)
    return Error{ErrorKind::NotFound, "X display \"" + name +
                                          "\" cannot be opened; check that the screen is on and "
                                          "that this user may read it (xhost)"};
  XSetIOErrorExitHandler(d, stay_alive, nullptr);  // libX11 1.7 and later
  return d;
}

class ShmFrame;
struct Stock {
  std::mutex mutex;
  std::vector<ShmFrame*> free;
  int in_use = 0;
  bool closed = false;
};

// The segment belongs to the frame, not to the connection: it may be read after the display died.
class ShmFrame final : public VideoFrame {
 public:
  ShmFrame(XImage* image, const XShmSegmentInfo& segment, std::shared_ptr<Stock> stock)
      : image_(image), segment_(segment), stock_(std::move(stock)) {
    info_.format = PixelFormat::BGRx;
    info_.width = image->width;
    info_.height = image->height;
    info_.range = ColorRange::Full;
    image_->obdata = reinterpret_cast<char*>(&segment_);  // where XShmGetImage looks for it
    planes_[0] = {reinterpret_cast<const std::uint8_t*>(image->data), image->bytes_per_line};
  }
  ~ShmFrame() override {
    shmdt(segment_.shmaddr);
    image_->data = nullptr;  // was the segment; XDestroyImage frees only the description
    XDestroyImage(image_);
  }
  XImage* image() { return image_; }
  void stamp(MediaTime captured, std::uint64_t sequence) {
    info_.captured = captured;
    info_.sequence = sequence;
  }
  void recycle() noexcept override {
    const std::shared_ptr<Stock> stock = stock_;
    {
      const std::lock_guard lock(stock->mutex);
      --stock->in_use;
      if (!stock->closed) {
        stock->free.push_back(this);  // reserved: never allocates
        return;
      }
    }
    delete this;
  }

 private:
  XImage* image_;
  XShmSegmentInfo segment_;
  std::shared_ptr<Stock> stock_;
};

// Premultiplied ARGB over BGRx.
void draw_pointer(XImage& image, const XFixesCursorImage& cursor, int left, int top) {
  const int x0 = cursor.x - cursor.xhot - left, y0 = cursor.y - cursor.yhot - top;
  for (int y = std::max(0, -y0); y < cursor.height && y0 + y < image.height; ++y)
    for (int x = std::max(0, -x0); x < cursor.width && x0 + x < image.width; ++x) {
      const unsigned long p = cursor.pixels[y * cursor.width + x];
      const unsigned rest = 255 - ((p >> 24) & 0xFF);
      auto* to = reinterpret_cast<std::uint8_t*>(image.data) + (y0 + y) * image.bytes_per_line +
                 (x0 + x) * 4;
      for (unsigned c = 0; c < 3; ++c)
        to[c] = static_cast<std::uint8_t>(
            std::min<unsigned long>(255, ((p >> (8 * c)) & 0xFF) + to[c] * rest / 255));
    }
}

}  // namespace

struct ScreenGrabber::Impl {
  Display* display = nullptr;
  std::string name;
  ScreenRegion region;
  bool pointer = false;
  std::unique_ptr<ScreenWindow> window;  // null: the whole screen
  Drawable from = 0;
  Visual* visual = nullptr;
  int depth = 0;
  std::shared_ptr<Stock> stock = std::make_shared<Stock>();
  std::size_t made = 0;

  ~Impl() {
    std::vector<ShmFrame*> rest;
    {
      const std::lock_guard lock(stock->mutex);
      stock->closed = true;
      rest.swap(stock->free);
    }
    for (ShmFrame* f : rest) delete f;
    if (window && broken()) window->forget();
    window.reset();
    if (display) disconnect(display);
  }
  bool broken() const {
    pollfd p{ConnectionNumber(display), POLLIN, 0};
    return poll(&p, 1, 0) >= 0 && (p.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
  }

  Status check();
  ShmFrame* make();
  ShmFrame* take() {
    {
      const std::lock_guard lock(stock->mutex);
      if (!stock->free.empty()) {
        ShmFrame* f = stock->free.back();
        stock->free.pop_back();
        ++stock->in_use;
        return f;
      }
    }
    if (made == kStock) return nullptr;
    ShmFrame* f = make();
    if (!f) return nullptr;
    ++made;
    const std::lock_guard lock(stock->mutex);
    ++stock->in_use;
    return f;
  }
};

Status ScreenGrabber::Impl::check() {
  const std::string who = "X display \"" + name + "\"";
  const int screen = DefaultScreen(display);
  int w = DisplayWidth(display, screen), h = DisplayHeight(display, screen);
  from = DefaultRootWindow(display);
  visual = DefaultVisual(display, screen);
  depth = DefaultDepth(display, screen);
  if (!region.window.empty()) {
    auto found = ScreenWindow::find(display, region.window);
    if (!found.ok()) return std::move(found.error()).context(who);
    window = std::move(found).value();
    from = window->drawable();
    visual = static_cast<Visual*>(window->visual());
    depth = window->depth();
    w = window->width() & ~1;  // colour is stored for pairs of pixels
    h = window->height() & ~1;
  }
  if (region.width == 0) region.width = w - region.x;
  if (region.height == 0) region.height = h - region.y;
  if (region.x < 0 || region.y < 0 || region.width < 2 || region.height < 2 ||
      region.x + region.width > w || region.y + region.height > h)
    return Error{ErrorKind::FixInput,
                 "the region " + std::to_string(region.width) + "x" +
                     std::to_string(region.height) + " at " + std::to_string(region.x) + "," +
                     std::to_string(region.y) + " is outside " + who + " (" + std::to_string(w) +
                     "x" + std::to_string(h) + "); correct x, y, width and height"};
  if (!XShmQueryExtension(display))
    return Error{ErrorKind::Unsupported,
                 who + " gives no shared memory; capture a screen of this machine"};
  if (ImageByteOrder(display) != LSBFirst || visual->red_mask != 0xFF0000 ||
      visual->blue_mask != 0xFF)
    return Error{ErrorKind::Unsupported, who + " has no 24 bit colour; set it to 24 bit"};
  int event = 0, error = 0;
  pointer = region.pointer && XFixesQueryExtension(display, &event, &error) != 0;
  return {};
}

ShmFrame* ScreenGrabber::Impl::make() {
  XShmSegmentInfo segment{};
  XImage* image =
      XShmCreateImage(display, visual, static_cast<unsigned>(depth), ZPixmap, nullptr, &segment,
                      static_cast<unsigned>(region.width), static_cast<unsigned>(region.height));
  if (!image) return nullptr;
  const auto bytes =
      static_cast<std::size_t>(image->bytes_per_line) * static_cast<std::size_t>(image->height);
  segment.shmid = image->bits_per_pixel == 32 ? shmget(IPC_PRIVATE, bytes, IPC_CREAT | 0600) : -1;
  segment.shmaddr =
      segment.shmid < 0 ? nullptr : static_cast<char*>(shmat(segment.shmid, nullptr, 0));
  if (segment.shmid < 0 || segment.shmaddr == reinterpret_cast<char*>(-1)) {
    if (segment.shmid >= 0) shmctl(segment.shmid, IPC_RMID, nullptr);
    XDestroyImage(image);
    return nullptr;
  }
  segment.readOnly = False;
  image->data = segment.shmaddr;
  XShmAttach(display, &segment);
  XSync(display, False);
  shmctl(segment.shmid, IPC_RMID, nullptr);  // goes when both sides have let go, also after a crash
  return new ShmFrame(image, segment, stock);
}

ScreenGrabber::ScreenGrabber(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ScreenGrabber::~ScreenGrabber() = default;

Result<std::unique_ptr<ScreenGrabber>> ScreenGrabber::open(const ScreenRegion& region) {
  auto display = connect(region.display);
  if (!display.ok()) return std::move(display).error();
  auto impl = std::make_unique<Impl>();
  impl->display = *display;
  impl->name = DisplayString(*display);
  impl->region = region;
  impl->stock->free.reserve(kStock);
  if (Status s = impl->check(); !s.ok()) return s.error();
  return std::unique_ptr<ScreenGrabber>(new ScreenGrabber(std::move(impl)));
}

Result<FramePtr> ScreenGrabber::grab(MediaTime captured, std::uint64_t sequence) {
  Impl& m = *impl_;
  ShmFrame* frame = m.take();
  if (!frame) return FramePtr();
  frame->stamp(captured, sequence);
  FramePtr owner(frame);
  if (m.window && !m.window->follow())
    return Error{ErrorKind::TryLater, "the window \"" + m.region.window +
                                          "\" was closed or has another size now; open it again"};
  if (!XShmGetImage(m.display, m.from, frame->image(), m.region.x, m.region.y, AllPlanes))
    return Error{ErrorKind::TryLater, "X display \"" + m.name +
                                          "\" went away or became smaller; check the screen and "
                                          "the region in the settings"};
  if (m.pointer)
    if (XFixesCursorImage* cursor = XFixesGetCursorImage(m.display)) {
      draw_pointer(*frame->image(), *cursor, m.region.x + (m.window ? m.window->x() : 0),
                   m.region.y + (m.window ? m.window->y() : 0));
      XFree(cursor);
    }
  return owner;
}

const std::string& ScreenGrabber::display() const { return impl_->name; }
int ScreenGrabber::width() const { return impl_->region.width; }
int ScreenGrabber::height() const { return impl_->region.height; }
int ScreenGrabber::in_use() const {
  const std::lock_guard lock(impl_->stock->mutex);
  return impl_->stock->in_use;
}

Result<ScreenSize> screen_size(const std::string& display) {
  auto d = connect(display);
  if (!d.ok()) return std::move(d).error();
  const ScreenSize size{DisplayWidth(*d, DefaultScreen(*d)), DisplayHeight(*d, DefaultScreen(*d))};
  disconnect(*d);
  return size;
}

}  // namespace kakehashi
