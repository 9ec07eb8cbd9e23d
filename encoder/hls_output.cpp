// SPDX-License-Identifier: GPL-3.0-or-later
// A folder that a player in an overflow room reads (HTTP Live Streaming, RFC 8216): segments of
// MPEG-TS that begin with a keyframe, and the playlist live.m3u8. Everything appears whole: it is
// written under another name and then renamed. The folder holds the last segments only.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <ctime>
#include <deque>
#include <filesystem>

#include "encoder/kinds.h"
#include "encoder/trouble.h"
#include "encoder/ts_stream.h"

namespace kakehashi {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kPrefix = "kakehashi-";
constexpr const char* kPlaylist = "live.m3u8";
// What a player may still be reading stays beyond the playlist.
constexpr std::size_t kKept = 3;

Error failed(const std::string& what) {
  return trouble(Trouble::HlsFolder, what + ": " + std::strerror(errno));
}

bool write_all(int fd, std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return true;
}

bool is_segment(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.rfind(kPrefix, 0) == 0 && (path.extension() == ".ts" || path.extension() == ".part");
}

struct Segment {
  std::string name;
  double seconds = 0;
};

class HlsOutput final : public Output {
 public:
  HlsOutput(fs::path folder, Duration length, std::size_t listed)
      : folder_(std::move(folder)), length_(length), listed_(listed) {
    // Grows from one run to the next, so that a player goes on when the station was started again.
    sequence_ = static_cast<std::uint64_t>(std::time(nullptr));
  }
  ~HlsOutput() override {
    if (fd_ >= 0) ::close(fd_);
  }

  Status start(const StreamDescription& stream) {
    std::error_code code;
    fs::create_directories(folder_, code);
    if (code) return trouble(Trouble::HlsFolder, folder_.string() + ": " + code.message());
    for (fs::directory_iterator at(folder_, code), end; !code && at != end; at.increment(code))
      if (is_segment(at->path())) {
        std::error_code ignored;
        fs::remove(at->path(), ignored);
      }
    ts_ = TsStream::create(stream, [this](std::span<const std::uint8_t> c) { return take(c); });
    if (!ts_) return trouble(Trouble::Internal, "libavformat has no mpegts muxer");
    return write_playlist(false);  // tells at once whether the folder can be written to
  }

  Status write(const EncodedPacket& packet) override {
    if (packet.kind == PacketKind::Video && packet.keyframe) {
      if (fd_ >= 0 && packet.pts - begun_ >= length_)
        if (auto s = close_segment(packet.pts); !s) return s;
      if (fd_ < 0)
        if (auto s = open_segment(packet.pts); !s) return s;
    }
    end_ = std::max(end_, packet.pts + packet.duration);
    if (ts_->write(packet)) return {};
    return errno_ ? (errno = errno_, failed(part_)) : trouble(Trouble::Internal, "mpegts");
  }

  void finish() override {
    if (fd_ >= 0) (void)close_segment(end_);
    (void)write_playlist(true);
  }

  std::string location() const override { return (folder_ / kPlaylist).string(); }
  std::uint64_t bytes() const override { return ts_->bytes(); }

 private:
  bool take(std::span<const std::uint8_t> chunk) {
    // The muxer's tables come with the header too, before the first segment: a keyframe repeats
    // them.
    if (fd_ < 0) return true;
    if (write_all(fd_, chunk)) return true;
    errno_ = errno;
    return false;
  }

  Status open_segment(Duration at) {
    name_ = std::string(kPrefix) + std::to_string(sequence_ + segments_made_) + ".ts";
    part_ = (folder_ / (name_ + ".part")).string();
    fd_ = ::open(part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd_ < 0) return failed(part_);
    begun_ = at;
    return {};
  }

  Status close_segment(Duration at) {
    const bool closed = ::close(std::exchange(fd_, -1)) == 0;
    if (!closed || ::rename(part_.c_str(), (folder_ / name_).c_str()) != 0) return failed(part_);
    ++segments_made_;
    segments_.push_back({name_, (at - begun_).to_seconds()});
    longest_ = std::max(longest_, segments_.back().seconds);
    while (segments_.size() > listed_ + kKept) {
      std::error_code ignored;
      fs::remove(folder_ / segments_.front().name, ignored);
      segments_.pop_front();
    }
    return write_playlist(false);
  }

  Status write_playlist(bool ended) {
    const std::size_t first = segments_.size() - std::min(segments_.size(), listed_);
    const std::size_t target = static_cast<std::size_t>(
        std::ceil(std::max(longest_, length_.to_seconds())));  // never less than a segment
    std::string text = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-INDEPENDENT-SEGMENTS\n";
    text += "#EXT-X-TARGETDURATION:" + std::to_string(target) + "\n";
    text += "#EXT-X-MEDIA-SEQUENCE:" +
            std::to_string(sequence_ + segments_made_ - (segments_.size() - first)) + "\n";
    for (std::size_t i = first; i < segments_.size(); ++i) {
      char length[32];
      std::snprintf(length, sizeof length, "#EXTINF:%.3f,\n", segments_[i].seconds);
      text += length + segments_[i].name + "\n";
    }
    if (ended) text += "#EXT-X-ENDLIST\n";
    const std::string path = location(), part = path + ".part";
    const int fd = ::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) return failed(part);
    const bool written =
        write_all(fd, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    if (::close(fd) != 0 || !written || ::rename(part.c_str(), path.c_str()) != 0)
      return failed(part);
    return {};
  }

  const fs::path folder_;
  const Duration length_;     // a segment's least
  const std::size_t listed_;  // segments in the playlist
  std::unique_ptr<TsStream> ts_;
  std::uint64_t sequence_ = 0, segments_made_ = 0;
  std::deque<Segment> segments_;  // whole ones, also the kept
  double longest_ = 0;            // seconds; RFC 8216 4.3.3.1: the target must not change
  std::string name_, part_;
  int fd_ = -1, errno_ = 0;
  Duration begun_, end_;
};

Result<std::unique_ptr<Output>> open_hls(const KindDescription& row, const OutputOpen& open) {
  const fs::path folder = setting<std::string>(row, open.settings, "folder");
  if (folder.empty()) return trouble(Trouble::HlsFolder, "folder is empty");
  auto output = std::make_unique<HlsOutput>(
      folder, Duration::from_seconds(setting<double>(row, open.settings, "segment_seconds")),
      static_cast<std::size_t>(setting<std::int64_t>(row, open.settings, "segments")));
  if (auto s = output->start(open.stream); !s) return s.error();
  return std::unique_ptr<Output>(std::move(output));
}

KindDescription describe() {
  KindDescription row;
  row.name = "hls";
  row.label = {"別会場用フォルダー（HLS）", "Folder for an overflow room (HLS)"};
  row.has_video = row.has_audio = true;
  row.fields = {
      required(text_field("folder", {"書き込むフォルダー", "Folder"})),
      number_field("segment_seconds", {"1区切りの長さ（秒）", "Length of a segment (s)"}, 2, 1, 10),
      whole_field("segments", {"一覧に残す区切りの数", "Segments listed"}, 6, 3, 60)};
  return row;
}

}  // namespace

OutputKind hls_output_kind() {
  const KindDescription row = describe();
  OutputKind kind;
  kind.description = row;
  kind.live = true;
  kind.open = [row](const OutputOpen& open) { return open_hls(row, open); };
  return kind;
}

}  // namespace kakehashi
