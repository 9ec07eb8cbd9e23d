// SPDX-License-Identifier: GPL-3.0-or-later
// The shortest way from a screen to the wire that can be written, for glass_bench: one loop on one
// thread that grabs (MIT-SHM), converts and lays an inset over it (libyuv), encodes and sends. No
// sound, no queues, no second source, nothing that could fail over.
//   glass_floor DISPLAY URL FPS
#include <libyuv.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/clock.h"
#include "core/frame_pool.h"
#include "encoder/audio_encoder.h"
#include "encoder/output.h"
#include "encoder/video_encoder.h"

// Last: it makes macros of words like Status.
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XShm.h>

namespace {

using namespace kakehashi;

constexpr int kW = 1920, kH = 1080;
std::atomic<bool> stop{false};

class Desktop {
 public:
  bool open(const char* name) {
    display_ = XOpenDisplay(name);
    if (!display_) return false;
    const int screen = DefaultScreen(display_);
    image_ = XShmCreateImage(display_, DefaultVisual(display_, screen),
                             static_cast<unsigned>(DefaultDepth(display_, screen)), ZPixmap,
                             nullptr, &segment_, kW, kH);
    if (!image_) return false;
    segment_.shmid = shmget(IPC_PRIVATE, static_cast<std::size_t>(image_->bytes_per_line) * kH,
                            IPC_CREAT | 0600);
    segment_.shmaddr = image_->data = static_cast<char*>(shmat(segment_.shmid, nullptr, 0));
    shmctl(segment_.shmid, IPC_RMID, nullptr);
    return XShmAttach(display_, &segment_) != 0;
  }
  const std::uint8_t* grab() {
    XShmGetImage(display_, RootWindow(display_, DefaultScreen(display_)), image_, 0, 0, AllPlanes);
    return reinterpret_cast<const std::uint8_t*>(image_->data);
  }
  int stride() const { return image_->bytes_per_line; }

 private:
  Display* display_ = nullptr;
  XImage* image_ = nullptr;
  XShmSegmentInfo segment_{};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  std::signal(SIGINT, [](int) { stop = true; });
  std::signal(SIGPIPE, SIG_IGN);
  Desktop screen;
  if (!screen.open(argv[1])) return 1;
  EncodeSettings encode;
  encode.video_kbps = 5000;
  encode.preset = "superfast";
  encode.vbv_ms = 1000;
  const Canvas canvas{kW, kH, Rate{std::atoi(argv[3]), 1}};
  auto encoder = open_video_encoder(encode, canvas);
  auto sound = open_audio_encoder(128);  // its description only
  if (!encoder || !sound) return 1;
  const StreamDescription stream{
      kW, kH, canvas.rate, 5000, 128, (*encoder)->extradata(), (*sound)->extradata()};
  const Settings settings{{"url", std::string(argv[2])}};
  const Secret key;
  const OutputOpen opening{"floor", settings, key, stream, stop};
  auto output = find_output_kind("rtmp")->open(opening);
  if (!output) {
    std::fprintf(stderr, "%s\n", output.error().message.c_str());
    return 1;
  }
  FramePool pool(PixelFormat::I420, kW, kH, 6);
  std::vector<std::uint8_t> inset(480 * 270 * 3 / 2, 128);
  MonotonicClock clock;
  const MediaTime epoch = clock.now();
  for (std::int64_t n = 0; !stop; ++n) {
    clock.sleep_until(epoch + canvas.rate.time_of(n));
    auto builder = pool.acquire();
    if (!builder) continue;
    for (int i = 0; i < 480 * 270; ++i)  // as an inset that moves
      inset[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(40 + ((i + n * 4) & 127));
    std::uint8_t* y = builder->plane(0);
    std::uint8_t* u = builder->plane(1);
    std::uint8_t* v = builder->plane(2);
    const int sy = builder->stride(0), su = builder->stride(1), sv = builder->stride(2);
    libyuv::ARGBToI420(screen.grab(), screen.stride(), y, sy, u, su, v, sv, kW, kH);
    libyuv::I420Copy(inset.data(), 480, inset.data() + 480 * 270, 240,
                     inset.data() + 480 * 270 * 5 / 4, 240, y + 560 * sy + 1400, sy,
                     u + 280 * su + 700, su, v + 280 * sv + 700, sv, 480, 270);
    libyuv::I420Rect(y, sy, u, su, v, sv, 0, 864, kW, 216, 60, 128, 128);
    auto packet = (*encoder)->encode(std::move(*builder).publish(), n, n == 0);
    if (!packet || !*packet || !(*output)->write(**packet)) return 1;
  }
  (*output)->finish();
  return 0;
}
