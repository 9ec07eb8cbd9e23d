// SPDX-License-Identifier: GPL-3.0-or-later
// What our road costs over libavcodec alone: encoding 1080p30 superfast of moving pictures, and the
// way of a packet from push() to the socket of a real server. One JSON object per line:
// {name, value, unit, against, ratio}.
#include <algorithm>
#include <cstdio>

#include "encoder/x264.h"
#include "tests/encoder/programme.h"
#include "tests/support/nginx_rtmp.h"
#include "tests/support/wait.h"

extern "C" {
#include <libavcodec/avcodec.h>
}

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

constexpr Canvas kCanvas{1920, 1080, {30, 1}};
constexpr int kStock = 60;   // pictures, shown forth and back so that nothing jumps
constexpr int kRound = 150;  // pictures per turn
constexpr int kRounds = 3;

double quantile(std::vector<double> v, double q) {
  std::sort(v.begin(), v.end());
  return v[static_cast<std::size_t>(q * static_cast<double>(v.size() - 1))];
}
void print(const char* name, double value, const char* unit, const char* against, double ratio) {
  std::printf(
      "{\"name\": \"%s\", \"value\": %.3f, \"unit\": \"%s\", \"against\": \"%s\", "
      "\"ratio\": %.3f}\n",
      name, value, unit, against, ratio);
}
// Processor time of all threads: what it costs also on a machine that is busy with other things.
double cpu_ms() {
  timespec t{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) * 1e-6;
}
double ms_since(MediaTime t) { return (MonotonicClock().now() - t).to_milliseconds(); }

// The plain way: a frame of libavcodec's own, filled by copying.
class Plain {
 public:
  explicit Plain(const EncodeSettings& settings)
      : context_(open_x264(settings, kCanvas, {}).value()),
        frame_(av_frame_alloc()),
        packet_(av_packet_alloc()) {
    frame_->format = AV_PIX_FMT_YUV420P;
    frame_->width = kCanvas.width;
    frame_->height = kCanvas.height;
    av_frame_get_buffer(frame_.get(), 0);
  }
  void encode(const FramePtr& f, std::int64_t n) {
    av_frame_make_writable(frame_.get());
    for (int i = 0; i < 3; ++i)
      for (int y = 0; y < (i ? kCanvas.height / 2 : kCanvas.height); ++y)
        std::memcpy(frame_->data[i] + y * frame_->linesize[i],
                    f->plane(i).data + y * f->plane(i).stride,
                    static_cast<std::size_t>(i ? kCanvas.width / 2 : kCanvas.width));
    frame_->pts = n;
    avcodec_send_frame(context_.get(), frame_.get());
    while (avcodec_receive_packet(context_.get(), packet_.get()) == 0)
      av_packet_unref(packet_.get());
  }

 private:
  Libav<AVCodecContext> context_;
  Libav<AVFrame> frame_;
  Libav<AVPacket> packet_;
};

void bench_encode(const EncodeSettings& settings, const std::vector<FramePtr>& stock) {
  auto ours = open_video_encoder(settings, kCanvas, 2).value();
  Plain plain(settings);
  std::vector<double> ours_ms, plain_ms;
  std::int64_t a = 0, b = 0;
  double ours_cpu = 0, plain_cpu = 0;
  const auto picture = [&](std::int64_t n) {
    const auto k = static_cast<int>(n % (2 * kStock - 2));
    return stock[static_cast<std::size_t>(k < kStock ? k : 2 * kStock - 2 - k)];
  };
  for (int round = 0; round < kRounds; ++round) {  // by turns: both get the same machine
    const double start = cpu_ms();
    for (int i = 0; i < kRound; ++i, ++a) {
      const MediaTime t = MonotonicClock().now();
      (void)ours->encode(picture(a), a, false);
      ours_ms.push_back(ms_since(t));
    }
    const double middle = cpu_ms();
    for (int i = 0; i < kRound; ++i, ++b) {
      const MediaTime t = MonotonicClock().now();
      plain.encode(picture(b), b);
      plain_ms.push_back(ms_since(t));
    }
    ours_cpu += middle - start;
    plain_cpu += cpu_ms() - middle;
  }
  const char* against = "libavcodec with a copied frame";
  print("encode 1080p superfast median", quantile(ours_ms, 0.5), "ms", against,
        quantile(ours_ms, 0.5) / quantile(plain_ms, 0.5));
  print("encode 1080p superfast p95", quantile(ours_ms, 0.95), "ms", against,
        quantile(ours_ms, 0.95) / quantile(plain_ms, 0.95));
  print("processor time per picture", ours_cpu / kRound / kRounds, "ms", against,
        ours_cpu / plain_cpu);
  print("pictures held", ours->held_frames(), "pictures", "the promise", 0);
}

void bench_sound() {
  auto encoder = open_audio_encoder(160).value();
  std::vector<PacketPtr> packets;
  const double start = cpu_ms();
  for (int b = 0; b < 3000; ++b)
    (void)encoder->encode(tone_block(b * kBlockSamples, 440 + b % 700, 0.3), packets);
  print("AAC, one core's share", (cpu_ms() - start) / 30'000 * 100, "percent", "real time",
        (cpu_ms() - start) / 30'000);
}

void bench_push_to_socket(const EncodeSettings& settings, const std::vector<FramePtr>& stock) {
  NginxRtmp nginx;
  auto encoder = open_video_encoder(settings, kCanvas, 2).value();
  OutputConfig config;
  config.destination.id = "bench";
  config.destination.settings["url"] = nginx.url();
  config.stream = {kCanvas.width,
                   kCanvas.height,
                   kCanvas.rate,
                   settings.video_kbps,
                   0,
                   encoder->extradata(),
                   {}};
  OutputRunner runner(std::move(config));
  MonotonicClock clock;
  wait_until([&] { return runner.status(clock.now()).state == OutputState::Live; });
  std::vector<double> encode_ms;
  const MediaTime zero = clock.now();
  for (std::int64_t n = 0; n < 300; ++n) {
    clock.sleep_until(zero + kCanvas.rate.time_of(n));
    const MediaTime t = clock.now();
    const auto packet = *encoder->encode(stock[static_cast<std::size_t>(n % kStock)], n, false);
    encode_ms.push_back(ms_since(t));
    const auto stamped = std::make_shared<EncodedPacket>(*packet);
    stamped->captured = clock.now();  // so that the histogram begins at push()
    runner.push(stamped);
  }
  const auto& h = runner.glass_to_socket();
  print("encode 1080p superfast paced at 30/s median", quantile(encode_ms, 0.5), "ms",
        "picture period", quantile(encode_ms, 0.5) / 33.333);
  print("encode 1080p superfast paced at 30/s p95", quantile(encode_ms, 0.95), "ms",
        "picture period", quantile(encode_ms, 0.95) / 33.333);
  print("push to socket median", h.quantile(0.5).to_milliseconds(), "ms", "picture period",
        h.quantile(0.5).to_milliseconds() / 33.333);
  print("push to socket p95", h.quantile(0.95).to_milliseconds(), "ms", "picture period",
        h.quantile(0.95).to_milliseconds() / 33.333);
  print("push to socket worst", h.max().to_milliseconds(), "ms", "picture period",
        h.max().to_milliseconds() / 33.333);
}

}  // namespace

int main() {
  EncodeSettings settings;  // 6 Mbit/s, superfast, 2 s, 500 ms
  FramePool pool(PixelFormat::I420, kCanvas.width, kCanvas.height, kStock);
  std::vector<FramePtr> stock;
  for (int n = 0; n < kStock; ++n) stock.push_back(moving_picture(pool, n));
  bench_encode(settings, stock);
  bench_push_to_socket(settings, stock);
  bench_sound();
}
