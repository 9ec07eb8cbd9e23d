// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "encoder/decoder.h"
#include "encoder/libav_decode.h"

namespace kakehashi {
namespace {

// One elementary stream of the file.
struct Track {
  int index = -1;
  CodecHolder codec;
  AVRational time_base{1, 1000};
  std::uint64_t amount = 0;  // pictures or samples
  std::uint64_t errors = 0;
  std::uint64_t unproven = 0;  // errors with nothing good after them: perhaps only the cut
  double first = 1e300, last = -1e300;
};

Status open_track(AVFormatContext& file, AVMediaType type, Track& t) {
  t.index = av_find_best_stream(&file, type, -1, -1, nullptr, 0);
  if (t.index < 0) return {};
  const AVStream& stream = *file.streams[t.index];
  const AVCodec* codec = avcodec_find_decoder(stream.codecpar->codec_id);
  if (!codec)
    return Error{ErrorKind::Unsupported,
                 std::string("no decoder for ") + avcodec_get_name(stream.codecpar->codec_id)};
  t.codec.reset(avcodec_alloc_context3(codec));
  t.time_base = stream.time_base;
  if (avcodec_parameters_to_context(t.codec.get(), stream.codecpar) < 0)
    return Error{ErrorKind::Bug, "libavcodec did not take the stream's parameters"};
  t.codec->thread_count = 1;
  t.codec->log_level_offset = AV_LOG_TRACE;  // errors are counted, not printed
  t.codec->pkt_timebase = t.time_base;
  if (const int fault = avcodec_open2(t.codec.get(), codec, nullptr); fault < 0)
    return Error{ErrorKind::FixInput, std::string(codec->name) + ": " + libav_words(fault)};
  return {};
}

// packet null: give out what the decoder still holds.
void decode(Track& t, const AVPacket* packet, AVFrame& frame,
            const std::function<void(const DecodedPicture&)>& on_picture) {
  if (avcodec_send_packet(t.codec.get(), packet) < 0 && packet) ++t.unproven;
  while (avcodec_receive_frame(t.codec.get(), &frame) >= 0) {
    if (frame.decode_error_flags != 0) {
      ++t.unproven;
    } else {
      t.errors += std::exchange(t.unproven, 0);
    }
    const bool sound = frame.nb_samples > 0;
    t.amount += sound ? static_cast<std::uint64_t>(frame.nb_samples) : 1;
    if (!sound && on_picture)
      on_picture({frame.data[0], frame.linesize[0], frame.width, frame.height,
                  Duration::from_seconds(static_cast<double>(frame.best_effort_timestamp) *
                                         av_q2d(t.time_base)),
                  frame.key_frame != 0});
    if (frame.best_effort_timestamp != AV_NOPTS_VALUE) {
      const double at = static_cast<double>(frame.best_effort_timestamp) * av_q2d(t.time_base);
      const double length =
          sound ? static_cast<double>(frame.nb_samples) / std::max(1, frame.sample_rate)
                : static_cast<double>(frame.pkt_duration) * av_q2d(t.time_base);
      t.first = std::min(t.first, at);
      t.last = std::max(t.last, at + length);
    }
    av_frame_unref(&frame);
  }
}

}  // namespace

Result<FileCheck> check_recording(const std::string& path,
                                  const std::function<void(const DecodedPicture&)>& on_picture) {
  AVFormatContext* raw = nullptr;
  if (const int fault = avformat_open_input(&raw, path.c_str(), nullptr, nullptr); fault < 0)
    return Error{fault == AVERROR(ENOENT) ? ErrorKind::NotFound : ErrorKind::FixInput,
                 "recording " + path + ": " + libav_words(fault)};
  const InputHolder file(raw);
  if (const int fault = avformat_find_stream_info(raw, nullptr); fault < 0)
    return Error{ErrorKind::FixInput, "recording " + path + ": " + libav_words(fault)};

  std::array<Track, 2> tracks;
  if (Status s = open_track(*raw, AVMEDIA_TYPE_VIDEO, tracks[0]); !s)
    return std::move(s.error()).context("recording " + path);
  if (Status s = open_track(*raw, AVMEDIA_TYPE_AUDIO, tracks[1]); !s)
    return std::move(s.error()).context("recording " + path);

  const PacketHolder packet(av_packet_alloc());
  const FrameHolder frame(av_frame_alloc());
  // A file that was cut off by a crash ends with an error instead of an end mark; both end here.
  while (av_read_frame(raw, packet.get()) >= 0) {
    for (Track& t : tracks)
      if (t.codec && t.index == packet->stream_index) decode(t, packet.get(), *frame, on_picture);
    av_packet_unref(packet.get());
  }
  FileCheck check;
  double first = 1e300, last = -1e300;
  for (Track& t : tracks) {
    if (!t.codec) continue;
    decode(t, nullptr, *frame, on_picture);
    // The one packet that the crash cut in two is no damage to speak of; more than one is.
    check.errors += t.errors + (t.unproven > 1 ? t.unproven : 0);
    first = std::min(first, t.first);
    last = std::max(last, t.last);
  }
  check.pictures = tracks[0].amount;
  check.sound_samples = tracks[1].amount;
  check.seconds = last > first ? last - first : 0;
  return check;
}

}  // namespace kakehashi
