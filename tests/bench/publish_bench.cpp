// SPDX-License-Identifier: GPL-3.0-or-later
// What it costs to bring 6 Mbit/s of pictures and sound to a real server (nginx), by our publisher
// and by libavformat's, at the programme's own pace: system calls that send, bytes on the wire
// beyond the packets' own, and processor time of the sending thread, each per picture with its
// sound.
#include <dlfcn.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <random>

#include "encoder/muxer.h"
#include "encoder/output.h"
#include "tests/bench/bench.h"
#include "tests/encoder/programme.h"
#include "tests/support/nginx_rtmp.h"

extern "C" {
#include <libavformat/avformat.h>
}

namespace {

thread_local bool counting = false;
thread_local std::size_t sends = 0, wire_bytes = 0;

ssize_t note(ssize_t n) {
  if (counting && n > 0) {
    ++sends;
    wire_bytes += static_cast<std::size_t>(n);
  }
  return n;
}
template <class F>
F* next(const char* name) {
  return reinterpret_cast<F*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

// In place of the C library's, for us and for libavformat.
extern "C" ssize_t send(int fd, const void* data, size_t size, int flags) {
  static auto* real = next<ssize_t(int, const void*, size_t, int)>("send");
  return note(real(fd, data, size, flags));
}
extern "C" ssize_t sendmsg(int fd, const msghdr* message, int flags) {
  static auto* real = next<ssize_t(int, const msghdr*, int)>("sendmsg");
  return note(real(fd, message, flags));
}

namespace kakehashi {
namespace {

constexpr Canvas kCanvas{1920, 1080, {30, 1}};
constexpr int kPictures = 300, kGop = 60;

// 6 Mbit/s: IDRs of three pictures' size, others smaller; AAC of 160 kbit/s. No start codes inside.
std::vector<PacketPtr> material() {
  std::mt19937 random(1);
  std::vector<PacketPtr> packets;
  const auto add = [&](PacketKind kind, bool key, Duration pts, Duration length,
                       std::vector<std::uint8_t> bytes) {
    auto owner = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
    auto p = std::make_shared<EncodedPacket>();
    p->kind = kind;
    p->keyframe = key;
    p->pts = pts;
    p->duration = length;
    p->data = *owner;
    p->owner = owner;
    packets.push_back(std::move(p));
  };
  const auto noise = [&](std::vector<std::uint8_t> head, std::size_t size) {
    while (head.size() < size) head.push_back(static_cast<std::uint8_t>(random() | 1U));
    return head;
  };
  std::int64_t sound = 0;
  for (int n = 0; n < kPictures; ++n) {
    const bool key = n % kGop == 0;
    const std::size_t size = key ? 73'000 : 24'200;
    add(PacketKind::Video, key, kCanvas.rate.time_of(n), kCanvas.rate.period(),
        noise({0, 0, 0, 1, static_cast<std::uint8_t>(key ? 0x65 : 0x41)}, size));
    for (; time_of_sample(sound) < kCanvas.rate.time_of(n + 1); sound += 1024)
      add(PacketKind::Audio, true, time_of_sample(sound), time_of_sample(1024), noise({}, 427));
  }
  return packets;
}

struct Cost {
  double sends = 0, overhead = 0, microseconds = 0;
};

double thread_us() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_nsec) * 1e-3;
}

// At the programme's own pace.
template <class Write>
Cost play(const std::vector<PacketPtr>& packets, Write&& write) {
  MonotonicClock clock;
  const MediaTime zero = clock.now();
  std::size_t payload = 0;
  double us = 0;
  sends = wire_bytes = 0;
  for (const PacketPtr& p : packets) {
    clock.sleep_until(zero + p->pts);
    const double begin = thread_us();
    counting = true;
    write(*p);
    counting = false;
    us += thread_us() - begin;
    payload += p->data.size();
  }
  const double n = kPictures;
  return {static_cast<double>(sends) / n,
          (static_cast<double>(wire_bytes) - static_cast<double>(payload)) / n, us / n};
}

Cost ours(const std::vector<PacketPtr>& packets, const StreamDescription& stream,
          const std::string& url) {
  Settings settings;
  settings["url"] = url;
  const Secret key("bench");
  const std::atomic<bool> stop{false};
  auto output = find_output_kind("rtmp")->open({"main", settings, key, stream, stop, nullptr});
  if (!output) return {};
  const Cost c = play(packets, [&](const EncodedPacket& p) { (void)(*output)->write(p); });
  (*output)->finish();
  return c;
}

Cost libavs(const std::vector<PacketPtr>& packets, const StreamDescription& stream,
            const std::string& url) {
  auto muxer = Muxer::create("flv", stream);
  AVDictionary* options = nullptr;
  av_dict_set(&options, "rtmp_app", "live", 0);
  av_dict_set(&options, "rtmp_playpath", "bench", 0);
  av_dict_set(&options, "tcp_nodelay", "1", 0);
  AVIOContext* io = nullptr;
  if (avio_open2(&io, url.c_str(), AVIO_FLAG_WRITE, nullptr, &options) < 0) return {};
  av_dict_free(&options);
  av_dict_set(&options, "flvflags", "no_duration_filesize", 0);
  muxer->write_header(io, &options);
  av_dict_free(&options);
  const Cost c = play(packets, [&](const EncodedPacket& p) { (void)muxer->write(p); });
  muxer->write_trailer();
  avio_closep(&io);
  return c;
}

std::vector<bench::Figure> measure() {
  const testing::NginxRtmp nginx;
  const testing::Programme programme(kCanvas);
  const auto packets = material();
  const Cost us = ours(packets, programme.description(), nginx.url());
  const Cost them = libavs(packets, programme.description(), nginx.url());
  std::vector<bench::Figure> figures;
  const auto add = [&](const std::string& what, double a, double b, const char* unit) {
    figures.push_back({"publish.libavformat_" + what, b, unit, "", 0});
    figures.push_back(
        {"publish.ours_" + what, a, unit, "publish.libavformat_" + what, b > 0 ? a / b : 0});
  };
  add("sends_per_picture", us.sends, them.sends, "");
  add("overhead_per_picture", us.overhead, them.overhead, "B");
  add("cpu_per_picture", us.microseconds, them.microseconds, "us");
  return figures;
}

}  // namespace
}  // namespace kakehashi

int main(int argc, char** argv) {
  return kakehashi::bench::report(kakehashi::measure(), argc, argv);
}
