// SPDX-License-Identifier: GPL-3.0-or-later
// What a poor machine lacks, for programs started with this in LD_PRELOAD: the lab's kernel has
// neither USB nor disks.
//   KAKEHASHI_LAB_DISK_MB_S=4     files take so much a second
//   KAKEHASHI_LAB_BUS_MBIT=300    cameras that stream at once share so much, uncompressed; the one
//                                 that wants more than is left gets ENOSPC from VIDIOC_STREAMON, as
//                                 from uvcvideo (uvc_video.c, uvc_video_start_transfer)
#include <dlfcn.h>
#include <linux/videodev2.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <ctime>
#include <map>
#include <mutex>

namespace {

double limit(const char* name) {
  const char* text = std::getenv(name);
  return text ? std::atof(text) : 0;
}

template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

std::mutex mutex;
std::map<int, double> streaming;  // Mbit/s by descriptor

using Ioctl = int(int, unsigned long, void*);

// What the camera's present format and rate are on the wire; 0: not known.
double wanted(Ioctl* real, int fd) {
  v4l2_format format{};
  format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  v4l2_streamparm rate{};
  rate.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
  if (real(fd, VIDIOC_G_FMT, &format) != 0 || real(fd, VIDIOC_G_PARM, &rate) != 0) return 0;
  const v4l2_fract& period = rate.parm.capture.timeperframe;
  if (period.numerator == 0) return 0;
  return 8e-6 * format.fmt.pix.sizeimage * period.denominator / period.numerator;
}

int stream_on(Ioctl* real, int fd, void* argument) {
  const double all = limit("KAKEHASHI_LAB_BUS_MBIT");
  if (all <= 0) return real(fd, VIDIOC_STREAMON, argument);
  const std::lock_guard lock(mutex);
  const double mine = wanted(real, fd);
  double used = 0;
  for (const auto& [other, mbit] : streaming) used += other == fd ? 0 : mbit;
  if (used + mine > all) {
    errno = ENOSPC;
    return -1;
  }
  const int done = real(fd, VIDIOC_STREAMON, argument);
  if (done == 0) streaming[fd] = mine;
  return done;
}

}  // namespace

extern "C" {

int ioctl(int fd, unsigned long request, ...) {
  std::va_list more;
  va_start(more, request);
  void* argument = va_arg(more, void*);
  va_end(more);
  static Ioctl* const real = next<Ioctl>("ioctl");
  if (request == VIDIOC_STREAMON) return stream_on(real, fd, argument);
  if (request == VIDIOC_STREAMOFF) {
    const std::lock_guard lock(mutex);
    streaming.erase(fd);
  }
  return real(fd, request, argument);
}

int close(int fd) {
  static auto* const real = next<int(int)>("close");
  {
    const std::lock_guard lock(mutex);
    streaming.erase(fd);
  }
  return real(fd);
}

ssize_t write(int fd, const void* data, std::size_t bytes) {
  static auto* const real = next<ssize_t(int, const void*, std::size_t)>("write");
  const ssize_t done = real(fd, data, bytes);
  struct stat file {};
  const double speed = limit("KAKEHASHI_LAB_DISK_MB_S");
  if (speed > 0 && done > 0 && ::fstat(fd, &file) == 0 && S_ISREG(file.st_mode)) {
    const double seconds = static_cast<double>(done) * 1e-6 / speed;
    timespec t{static_cast<time_t>(seconds), 0};
    t.tv_nsec = static_cast<long>((seconds - static_cast<double>(t.tv_sec)) * 1e9);
    ::nanosleep(&t, nullptr);
  }
  return done;
}

}  // extern "C"
