// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "encoder/libav.h"
#include "encoder/libav_decode.h"
#include "encoder/recording.h"

namespace kakehashi {
namespace {

namespace fs = std::filesystem;

Error copy_failed(const std::string& what, int code) {
  return {ErrorKind::TryLater, what + ": " + libav_words(code)};
}

struct OutputFile {
  Libav<AVFormatContext> format;
  ~OutputFile() {
    if (format && format->pb) avio_closep(&format->pb);
  }
};

struct Track {
  int to = -1;
  std::int64_t next = AV_NOPTS_VALUE;  // in the new file's unit
};

// Matroska counts in whole milliseconds. Sound goes on sample by sample again, as it was encoded;
// only a gap moves it.
std::int64_t place_of(const AVStream& stream, std::int64_t at, Track& track) {
  const bool sound = stream.codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
  const std::int64_t frame = stream.codecpar->frame_size > 0 ? stream.codecpar->frame_size : 1024;
  if (track.next != AV_NOPTS_VALUE) {
    const std::int64_t slack = sound ? frame / 4 : 0;
    if (at < track.next || (sound && at - track.next < slack)) at = track.next;
  }
  track.next = at + (sound ? frame : 1);
  return at;
}

class Remux {
 public:
  Remux(const std::atomic<bool>& stop) : stop_(stop) {}

  Status open(const std::string& from, const std::string& part) {
    AVFormatContext* in = nullptr;
    if (const int fault = avformat_open_input(&in, from.c_str(), nullptr, nullptr); fault < 0)
      return copy_failed("open " + from, fault);
    in_.reset(in);
    if (const int fault = avformat_find_stream_info(in, nullptr); fault < 0)
      return copy_failed("read " + from, fault);
    AVFormatContext* out = nullptr;
    if (const int fault = avformat_alloc_output_context2(&out, nullptr, "mp4", part.c_str());
        fault < 0)
      return copy_failed("make " + part, fault);
    out_.format.reset(out);
    tracks_.resize(in->nb_streams);
    for (unsigned i = 0; i < in->nb_streams; ++i) {
      const AVCodecParameters& p = *in->streams[i]->codecpar;
      const bool sound = p.codec_type == AVMEDIA_TYPE_AUDIO;
      if (!sound && p.codec_type != AVMEDIA_TYPE_VIDEO) continue;
      AVStream* stream = avformat_new_stream(out, nullptr);
      if (!stream || avcodec_parameters_copy(stream->codecpar, &p) < 0)
        return Error{ErrorKind::Bug, "out of memory"};
      stream->codecpar->codec_tag = 0;
      stream->avg_frame_rate = in->streams[i]->avg_frame_rate;
      stream->time_base = sound ? AVRational{1, p.sample_rate} : AVRational{1, 90'000};
      tracks_[i].to = stream->index;
    }
    // The index goes to the front by moving the whole file once more: that is broken off, too.
    const AVIOInterruptCB breaks{
        [](void* stop) { return static_cast<const std::atomic<bool>*>(stop)->load() ? 1 : 0; },
        const_cast<std::atomic<bool>*>(&stop_)};
    out->interrupt_callback = breaks;
    if (const int fault = avio_open2(&out->pb, part.c_str(), AVIO_FLAG_WRITE, &breaks, nullptr);
        fault < 0)
      return copy_failed("write " + part, fault);
    AVDictionary* options = nullptr;
    av_dict_set(&options, "movflags", "+faststart", 0);
    const int fault = avformat_write_header(out, &options);
    av_dict_free(&options);
    if (fault < 0) return copy_failed("write " + part, fault);
    return {};
  }

  // A recording that was cut off ends where it can no longer be read.
  Status copy() {
    const PacketHolder packet(av_packet_alloc());
    while (!stop_ && av_read_frame(in_.get(), packet.get()) >= 0) {
      Track& track = tracks_[static_cast<std::size_t>(packet->stream_index)];
      const bool torn = (packet->flags & AV_PKT_FLAG_CORRUPT) != 0;
      if (track.to < 0 || torn || packet->pts == AV_NOPTS_VALUE) {
        av_packet_unref(packet.get());
        continue;
      }
      const AVStream& from = *in_->streams[packet->stream_index];
      const AVStream& to = *out_.format->streams[track.to];
      const std::int64_t at = av_rescale_q(packet->pts, from.time_base, to.time_base);
      packet->pts = packet->dts = place_of(to, at, track);
      packet->duration = av_rescale_q(packet->duration, from.time_base, to.time_base);
      packet->stream_index = track.to;
      packet->pos = -1;
      length_ = std::max(length_, Duration{av_rescale_q(packet->pts + packet->duration,
                                                        to.time_base, {1, 1'000'000'000})});
      const int fault = av_write_frame(out_.format.get(), packet.get());
      av_packet_unref(packet.get());
      if (fault < 0) return copy_failed("write", fault);
    }
    if (stop_) return Error{ErrorKind::TryLater, "finalise: stopped"};
    if (length_ <= Duration{}) return Error{ErrorKind::FixInput, "finalise: nothing to read"};
    return {};
  }

  Status close(const std::vector<Chapter>& chapters) {
    add_chapters(*out_.format, chapters);
    const int written = av_write_trailer(out_.format.get());
    if (stop_) return Error{ErrorKind::TryLater, "finalise: stopped"};
    if (written < 0) return copy_failed("write the index", written);
    const int fault = avio_closep(&out_.format->pb);
    return fault < 0 ? Status(copy_failed("write", fault)) : Status();
  }

  Duration length() const { return length_; }

 private:
  const std::atomic<bool>& stop_;
  InputHolder in_;
  OutputFile out_;
  std::vector<Track> tracks_;
  Duration length_;
};

Status sync_and_rename(const std::string& part, const std::string& to) {
  const int fd = ::open(part.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!synced) return Error{ErrorKind::TryLater, part + ": " + std::strerror(errno)};
  // link(2) refuses to replace what is there, rename(2) would not.
  if (::link(part.c_str(), to.c_str()) == 0) {
    ::unlink(part.c_str());
    return {};
  }
  if (errno == EEXIST || fs::exists(to))
    return Error{ErrorKind::FixInput, "finalise: " + to + " is there already"};
  if (std::rename(part.c_str(), to.c_str()) != 0)  // a stick without links
    return Error{ErrorKind::TryLater, to + ": " + std::strerror(errno)};
  return {};
}

}  // namespace

Result<Finalised> finalise_recording(const std::string& from, const std::string& to,
                                     const std::function<std::vector<Chapter>(Duration)>& chapters,
                                     const std::atomic<bool>& stop) {
  install_libav_log();
  if (fs::exists(to)) return Error{ErrorKind::FixInput, "finalise: " + to + " is there already"};
  const std::string part = to + ".part";
  Duration length;
  Status done;
  {
    Remux remux(stop);
    done = remux.open(from, part);
    if (done) done = remux.copy();
    length = remux.length();
    if (done) done = remux.close(chapters ? chapters(length) : std::vector<Chapter>{});
  }
  if (done) done = sync_and_rename(part, to);
  std::error_code code;
  if (!done) {
    fs::remove(part, code);
    return std::move(done.error()).context("finalise " + from);
  }
  return Finalised{length, fs::file_size(to, code)};
}

}  // namespace kakehashi
