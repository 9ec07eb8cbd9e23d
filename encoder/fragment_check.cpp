// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "encoder/libav.h"
#include "encoder/libav_decode.h"
#include "encoder/recording.h"

namespace kakehashi {
namespace {

constexpr std::uint64_t kMost = 64 << 20;  // bytes
constexpr int kEnough = 15;  // pictures: half a second tells, and costs a tenth of a second at most

struct Bytes {
  std::vector<std::uint8_t> all;
  std::size_t at = 0;
  static int read(void* opaque, std::uint8_t* to, int size) {
    auto& self = *static_cast<Bytes*>(opaque);
    const std::size_t n = std::min(static_cast<std::size_t>(size), self.all.size() - self.at);
    if (n == 0) return AVERROR_EOF;
    std::memcpy(to, self.all.data() + self.at, n);
    self.at += n;
    return static_cast<int>(n);
  }
};

Status read_part(int fd, std::uint64_t from, std::uint64_t to, Bytes& bytes) {
  const std::size_t begin = bytes.all.size();
  bytes.all.resize(begin + (to - from));
  std::size_t done = 0;
  while (done < to - from) {
    const ssize_t n = ::pread(fd, bytes.all.data() + begin + done, to - from - done,
                              static_cast<off_t>(from + done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0)
      return Error{ErrorKind::TryLater, n == 0 ? "the recording is shorter than what was written"
                                               : std::strerror(errno)};
    done += static_cast<std::size_t>(n);
  }
  return {};
}

struct MemoryIo {
  explicit MemoryIo(Bytes& bytes)
      : io(avio_alloc_context(static_cast<unsigned char*>(av_malloc(32 * 1024)), 32 * 1024, 0,
                              &bytes, &Bytes::read, nullptr, nullptr)) {}
  ~MemoryIo() {
    if (!io) return;
    av_freep(&io->buffer);
    avio_context_free(&io);
  }
  MemoryIo(const MemoryIo&) = delete;
  MemoryIo& operator=(const MemoryIo&) = delete;
  AVIOContext* io;
};

Result<int> decode_some(AVFormatContext& file) {
  const int track = av_find_best_stream(&file, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  if (track < 0) return Error{ErrorKind::FixSetup, "no pictures in the fragment"};
  const AVCodecParameters& parameters = *file.streams[track]->codecpar;
  const AVCodec* codec = avcodec_find_decoder(parameters.codec_id);
  if (!codec) return Error{ErrorKind::Unsupported, "no decoder for this recording"};
  CodecHolder decoder(avcodec_alloc_context3(codec));
  avcodec_parameters_to_context(decoder.get(), &parameters);
  decoder->thread_count = 1;
  decoder->log_level_offset = AV_LOG_TRACE;
  if (const int fault = avcodec_open2(decoder.get(), codec, nullptr); fault < 0)
    return Error{ErrorKind::FixSetup, libav_words(fault)};
  const PacketHolder packet(av_packet_alloc());
  const FrameHolder frame(av_frame_alloc());
  int pictures = 0;
  const auto take = [&] {
    while (avcodec_receive_frame(decoder.get(), frame.get()) >= 0) {
      if (frame->decode_error_flags != 0) return false;
      ++pictures;
    }
    return true;
  };
  bool well = true;
  // The rest is still read, so that a hole in the container is found.
  while (well && av_read_frame(&file, packet.get()) >= 0) {
    if (packet->stream_index == track && pictures < kEnough)
      well = avcodec_send_packet(decoder.get(), packet.get()) >= 0 && take();
    av_packet_unref(packet.get());
  }
  if (well) {
    avcodec_send_packet(decoder.get(), nullptr);
    well = take();
  }
  if (!well || pictures == 0)
    return Error{ErrorKind::FixSetup, "what was recorded last does not decode"};
  return pictures;
}

}  // namespace

Result<int> check_fragment(const std::string& path, const Fragment& fragment) {
  install_libav_log();
  if (fragment.from < fragment.header || fragment.to <= fragment.from ||
      fragment.header + fragment.to - fragment.from > kMost)
    return Error{ErrorKind::Bug, "check of a recording: impossible fragment"};
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Error{ErrorKind::FixSetup, path + ": " + std::strerror(errno)};
  Bytes bytes;
  Status read = read_part(fd, 0, fragment.header, bytes);
  if (read) read = read_part(fd, fragment.from, fragment.to, bytes);
  ::close(fd);
  if (!read) return std::move(read.error()).context(path);
  MemoryIo memory(bytes);
  AVFormatContext* context = avformat_alloc_context();
  if (!memory.io || !context) return Error{ErrorKind::Bug, "out of memory"};
  context->pb = memory.io;
  context->flags |= AVFMT_FLAG_CUSTOM_IO;
  if (const int fault = avformat_open_input(&context, nullptr, nullptr, nullptr); fault < 0)
    return Error{ErrorKind::FixSetup, path + ": " + libav_words(fault)};
  const InputHolder file(context);
  return decode_some(*file);
}

}  // namespace kakehashi
