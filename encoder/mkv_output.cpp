// SPDX-License-Identifier: GPL-3.0-or-later
// A recording that can be cut off anywhere. Matroska keeps an open cluster in memory and writes it
// when it is complete, at most 1 s later (a keyframe also closes it); from there our own write
// callback goes straight to the file, without libavformat's buffer of 256 KiB. What write(2) has
// taken outlives the process; against a power cut the file is synced every 2 s.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <filesystem>

#include "encoder/kinds.h"
#include "encoder/muxer.h"
#include "encoder/trouble.h"

extern "C" {
#include <libavformat/avformat.h>
}

namespace kakehashi {
namespace {

constexpr int kIoBuffer = 64 * 1024;
constexpr auto kSyncEvery = std::chrono::seconds(2);

class MkvOutput final : public Output {
 public:
  MkvOutput(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  ~MkvOutput() override {
    if (io_) {
      av_freep(&io_->buffer);
      avio_context_free(&io_);
    }
    ::close(fd_);
  }

  Status start(const StreamDescription& stream) {
    muxer_ = Muxer::create("matroska", stream);
    if (!muxer_) return trouble(Trouble::Internal, "libavformat has no matroska muxer");
    auto* buffer = static_cast<unsigned char*>(av_malloc(kIoBuffer));
    if (!buffer) return trouble(Trouble::Internal, "out of memory");
    io_ = avio_alloc_context(buffer, kIoBuffer, 1, this, nullptr, &MkvOutput::on_write,
                             &MkvOutput::on_seek);
    if (!io_) {
      av_free(buffer);
      return trouble(Trouble::Internal, "out of memory");
    }
    AVDictionary* options = nullptr;
    av_dict_set(&options, "cluster_time_limit", "1000", 0);  // ms
    // Room for the index at the front, so that a cleanly closed file seeks at once.
    av_dict_set(&options, "reserve_index_space", "65536", 0);
    const int code = muxer_->write_header(io_, &options);
    av_dict_free(&options);
    if (code < 0) return failed(code);
    synced_ = std::chrono::steady_clock::now();
    return {};
  }

  Status write(const EncodedPacket& packet) override {
    const int code = muxer_->write(packet);
    if (code < 0 || errno_ != 0) return failed(code);
    if (const auto now = std::chrono::steady_clock::now(); now - synced_ >= kSyncEvery) {
      synced_ = now;
      if (fdatasync(fd_) != 0 && errno != EINVAL && errno != EROFS) {
        errno_ = errno;
        return failed(0);
      }
    }
    return {};
  }

  void finish() override {
    muxer_->write_trailer();
    fdatasync(fd_);
  }

  std::string location() const override { return path_; }
  std::uint64_t bytes() const override { return static_cast<std::uint64_t>(size_); }

 private:
  static int on_write(void* opaque, std::uint8_t* data, int size) {
    auto& self = *static_cast<MkvOutput*>(opaque);
    int done = 0;
    while (done < size) {
      const ssize_t n = ::write(self.fd_, data + done, static_cast<std::size_t>(size - done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) {
        self.errno_ = errno;
        return AVERROR(self.errno_);
      }
      done += static_cast<int>(n);
    }
    self.at_ += size;
    self.size_ = std::max(self.size_, self.at_);
    return size;
  }

  static std::int64_t on_seek(void* opaque, std::int64_t offset, int whence) {
    auto& self = *static_cast<MkvOutput*>(opaque);
    if (whence == AVSEEK_SIZE) return self.size_;
    const off_t at = lseek(self.fd_, offset, whence & ~AVSEEK_FORCE);
    if (at < 0) return AVERROR(errno);
    self.at_ = at;
    return at;
  }

  Status failed(int code) const {
    const std::string why = errno_ ? std::strerror(errno_) : libav_error_text(code);
    const bool full = errno_ == ENOSPC || errno_ == EDQUOT || errno_ == EFBIG;
    return trouble(full ? Trouble::DiskFull : Trouble::DiskFailed, path_ + ": " + why);
  }

  const int fd_;
  const std::string path_;
  std::int64_t at_ = 0, size_ = 0;  // bytes
  int errno_ = 0;                   // of the first write that failed
  std::chrono::steady_clock::time_point synced_;
  AVIOContext* io_ = nullptr;
  std::unique_ptr<Muxer> muxer_;
};

void replace(std::string& text, const std::string& what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

// The pattern with its words put in; never a path out of the folder.
std::string file_name(std::string pattern, const std::string& event) {
  const std::time_t now = std::time(nullptr);  // wall time: people look for files by it
  std::tm local{};
  localtime_r(&now, &local);
  char date[16], time[16];
  std::strftime(date, sizeof date, "%Y%m%d", &local);
  std::strftime(time, sizeof time, "%H%M%S", &local);
  replace(pattern, "{event}", event);
  replace(pattern, "{date}", date);
  replace(pattern, "{time}", time);
  std::replace(pattern.begin(), pattern.end(), '/', '_');
  if (pattern.empty() || pattern[0] == '.') pattern.insert(0, "recording");
  return pattern;
}

Result<std::unique_ptr<Output>> open_mkv(const KindDescription& row, const OutputOpen& open) {
  const std::filesystem::path folder = setting<std::string>(row, open.settings, "folder");
  if (folder.empty()) return trouble(Trouble::FolderUnusable, "folder is empty");
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  if (code) return trouble(Trouble::FolderUnusable, folder.string() + ": " + code.message());
  const std::string name = file_name(setting<std::string>(row, open.settings, "name"),
                                     setting<std::string>(row, open.settings, "event"));
  for (int copy = 1; copy < 1000; ++copy) {
    const auto path =
        (folder / (name + (copy > 1 ? "-" + std::to_string(copy) : "") + ".mkv")).string();
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (fd < 0 && errno == EEXIST) continue;  // a recording is never written over
    if (fd < 0)
      return trouble(errno == ENOSPC ? Trouble::DiskFull : Trouble::FolderUnusable,
                     path + ": " + std::strerror(errno));
    auto output = std::make_unique<MkvOutput>(fd, path);
    if (auto s = output->start(open.stream); !s) {
      ::unlink(path.c_str());  // holds nothing yet
      return s.error();
    }
    return std::unique_ptr<Output>(std::move(output));
  }
  return trouble(Trouble::FolderUnusable, folder.string() + ": too many files called " + name);
}

KindDescription describe() {
  KindDescription row;
  row.name = "mkv";
  row.label = {"録画", "Recording"};
  row.has_video = row.has_audio = true;
  row.fields = {
      required(text_field("folder", {"保存するフォルダー", "Folder"})),
      text_field("event", {"行事名（ファイル名用）", "Event, for the file's name"}, "kakehashi"),
      text_field("name", {"ファイル名の形", "Pattern of the file's name"},
                 "{event}-{date}-{time}")};
  return row;
}

}  // namespace

OutputKind mkv_output_kind() {
  const KindDescription row = describe();
  OutputKind kind;
  kind.description = row;
  kind.live = false;
  kind.open = [row](const OutputOpen& open) { return open_mkv(row, open); };
  return kind;
}

}  // namespace kakehashi
