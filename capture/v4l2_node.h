// SPDX-License-Identifier: GPL-3.0-or-later
// The kernel's own interface to cameras (linux/videodev2.h), as far as we ask it ourselves beside
// GStreamer. Private to capture/. A question may hang as long as the driver likes: on the source's
// own thread only.
#pragma once

#include <linux/videodev2.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <cstdint>
#include <span>
#include <string>

#include "capture/camera_choice.h"

namespace kakehashi {

// An open node; closes itself.
class V4l2Node {
 public:
  explicit V4l2Node(const std::string& path);
  ~V4l2Node();
  V4l2Node(const V4l2Node&) = delete;
  V4l2Node& operator=(const V4l2Node&) = delete;
  explicit operator bool() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  int refused() const { return refused_; }  // errno of opening; 0: it is open
  bool locked() const { return refused_ == EACCES || refused_ == EPERM; }
  template <class Request>
  bool ask(unsigned long what, Request& request) const {
    return ask_v4l2(fd_, what, request);
  }

  // True: answered; else errno says why not.
  template <class Request>
  static bool ask_v4l2(int fd, unsigned long what, Request& request) {
    int r = 0;
    do r = ioctl(fd, what, &request);
    while (r < 0 && errno == EINTR);
    return r == 0;
  }

 private:
  int fd_, refused_;
};

// The pixel formats that v4l2src takes, in its own words (gstv4l2object.c). What is not here cannot
// be used, Bayer pictures for one.
struct V4l2Pixel {
  std::uint32_t code;
  const char* media;
  const char* format;
};
std::span<const V4l2Pixel> v4l2_pixels();

// What comes in at the plug of a capture card, by its driver's word.
enum class PlugSignal : std::uint8_t {
  There,    // or a device that cannot tell: a webcam, a stick that hides behind USB video
  None,     // V4L2_IN_ST_NO_SIGNAL and the like, ENOLINK, ENOLCK: no cable, no power, not settled
  TooMuch,  // ERANGE: more than the card can take
  Another,  // another timing than the one that is being taken
};
PlugSignal plug_signal(int fd);

// Has the card take what comes in (S_DV_TIMINGS); nothing where it does already, cannot tell, or
// somebody streams.
void follow_signal(int fd);

// Starts the camera in this mode and stops it at once, everything given back. 0: it would stream;
// else errno of what was refused. Some drivers hold on to what a failing v4l2src leaves, so a
// device that has refused once is asked this way first.
int start_refusal(const std::string& node, const CameraMode& mode);

}  // namespace kakehashi
