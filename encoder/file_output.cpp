// SPDX-License-Identifier: GPL-3.0-or-later
// A recording that can be cut off anywhere. Both containers keep the open cluster or fragment in
// memory and give it out whole, at most half a second later (a keyframe also closes it); from there
// our own write callback hands it to the file's thread, without libavformat's buffer of 256 KiB.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>

#include "encoder/kinds.h"
#include "encoder/muxer.h"
#include "encoder/recording.h"
#include "encoder/trouble.h"

extern "C" {
#include <libavformat/avformat.h>
}

namespace kakehashi {
namespace {

using Wait = DiskWriter::Wait;
constexpr int kIoBuffer = 64 * 1024;
constexpr std::uint64_t kLeastSpace = 8 << 20;  // less is a full disk: not even a start
constexpr auto kSwitchAfter = Wait(2000);       // of no room, where there is another folder
constexpr auto kLook = Wait(100);

struct Container {
  const char* muxer;
  const char* extension;
  std::vector<std::pair<const char*, const char*>> options;
};

const Container& container_of(RecordFormat format) {
  // Half a second: with what the encoder and the queue hold, less than 1 s is lost by a kill. The
  // index gets room at the front, so that a cleanly closed file seeks at once.
  static const Container mkv{
      "matroska", ".mkv", {{"cluster_time_limit", "500"}, {"reserve_index_space", "65536"}}};
  static const Container fmp4{
      "mp4",
      ".mp4",
      {{"movflags", "+frag_keyframe+empty_moov+default_base_moof"},
       {"frag_duration", "500000"},
       {"strict", "experimental"}}};  // what libavformat 5.1 still calls FLAC in MP4
  return format == RecordFormat::Fmp4 ? fmp4 : mkv;
}

struct Place {
  int fd = -1;
  std::string path;
  int folder = 0;        // 0 first, 1 second
  bool another = false;  // there is a second folder to go to
};

class FileOutput final : public Output {
 public:
  FileOutput(Place place, const OutputOpen& open, std::shared_ptr<RecordingWatch> watch)
      : place_(std::move(place)),
        stop_(open.stop),
        stream_(open.stream),
        watch_(std::move(watch)),
        disk_(place_.fd, open.id, watch_ ? watch_->room : DiskWriter::kRoom,
              watch_ ? watch_->disk : usual_disk_calls()) {}

  ~FileOutput() override {
    if (io_) {
      av_freep(&io_->buffer);
      avio_context_free(&io_);
    }
    if (!watch_ || !opened_) return;
    if (!started_ && errno_ != 0) {
      ::unlink(place_.path.c_str());  // holds nothing
      watch_->drop_file();
    } else {
      watch_->change([this](RecordingFile& f) {
        f.ended = true;
        f.whole = whole_;
      });
    }
  }

  Status start(const StreamDescription& stream, RecordFormat format) {
    const Container& container = container_of(format);
    muxer_ = Muxer::create(container.muxer, stream);
    if (!muxer_) return trouble(Trouble::Internal, "libavformat lacks a muxer for recordings");
    auto* buffer = static_cast<unsigned char*>(av_malloc(kIoBuffer));
    if (!buffer) return trouble(Trouble::Internal, "out of memory");
    // fMP4 is never gone back into, so that what was written stays as it is.
    io_ = avio_alloc_context(buffer, kIoBuffer, 1, this, nullptr, &FileOutput::on_write,
                             format == RecordFormat::Fmp4 ? nullptr : &FileOutput::on_seek);
    if (!io_) {
      av_free(buffer);
      return trouble(Trouble::Internal, "out of memory");
    }
    AVDictionary* options = nullptr;
    for (const auto& [name, value] : container.options) av_dict_set(&options, name, value, 0);
    const int code = muxer_->write_header(io_, &options);
    av_dict_free(&options);
    if (code < 0) return failed(code);
    if (watch_) watch_->opened(place_.path, place_.folder == 1);
    opened_ = true;
    return {};
  }

  Status write(const EncodedPacket& packet) override {
    const bool keyframe = stream_.begins(packet);
    if (keyframe && !started_) begin(packet);
    const int code = muxer_->write(packet);
    if (code < 0 || errno_ != 0) return failed(code);
    if (watch_ && started_) tell(packet, keyframe);
    return {};
  }

  Status idle() override {
    tell_disk();
    return {};
  }

  void finish() override {
    if (watch_ && started_) {
      const auto file = watch_->files();
      if (!file.empty())
        muxer_->set_chapters(chapters_of(watch_->markers(), file.back().zero, length_));
    }
    const int code = muxer_->write_trailer();
    // A slow disk gets its time: the runner has long given control back.
    const int fault = disk_.drain(std::chrono::minutes(5));
    whole_ = code >= 0 && errno_ == 0 && fault == 0;
    tell_disk();
  }

  std::string location() const override { return place_.path; }
  std::uint64_t bytes() const override { return disk_.written(); }

 private:
  void begin(const EncodedPacket& packet) {
    started_ = true;
    zero_ = packet.pts;
    header_ = fragment_ = static_cast<std::uint64_t>(at_);
    if (!watch_) return;
    const bool counted = watch_->epoch.ns != 0;
    const MediaTime zero = counted ? watch_->epoch + packet.pts : packet.encoded;
    watch_->change([&](RecordingFile& f) { f.zero = zero; });
  }

  void tell_disk() {
    if (watch_ && started_)
      watch_->change([this](RecordingFile& f) {
        f.written = disk_.written();
        f.behind = disk_.behind();
      });
  }

  // After the muxer took a keyframe, all before it has been given out: a whole fragment.
  void tell(const EncodedPacket& packet, bool keyframe) {
    length_ = std::max(length_, packet.pts + packet.duration - zero_);
    const auto here = static_cast<std::uint64_t>(at_);
    watch_->change([&](RecordingFile& f) {
      f.length = length_;
      f.written = disk_.written();
      f.behind = disk_.behind();
      if (keyframe && here > fragment_)
        f.last = Fragment{header_, fragment_, here, packet.pts - zero_};
    });
    if (keyframe) fragment_ = here;
  }

  static int on_write(void* opaque, std::uint8_t* data, int size) {
    auto& self = *static_cast<FileOutput*>(opaque);
    if (const int fault = self.put({data, static_cast<std::size_t>(size)}); fault != 0) {
      self.errno_ = fault;
      return AVERROR(fault);
    }
    self.at_ += size;
    self.size_ = std::max(self.size_, self.at_);
    return size;
  }

  // Without another folder a disk that is behind is waited for: the queue counts what is lost.
  int put(std::span<const std::uint8_t> bytes) {
    Wait waited{};
    for (;;) {
      const int fault = disk_.put(static_cast<std::uint64_t>(at_), bytes, kLook);
      if (fault != EAGAIN) return fault;
      waited += kLook;
      if (stop_ || (place_.another && waited >= kSwitchAfter)) return EAGAIN;
    }
  }

  static std::int64_t on_seek(void* opaque, std::int64_t offset, int whence) {
    auto& self = *static_cast<FileOutput*>(opaque);
    if (whence == AVSEEK_SIZE) return self.size_;
    switch (whence & ~AVSEEK_FORCE) {
      case SEEK_CUR:
        offset += self.at_;
        break;
      case SEEK_END:
        offset += self.size_;
        break;
      default:
        break;
    }
    return self.at_ = offset;
  }

  Status failed(int code) {
    if (errno_ == 0) errno_ = EIO;
    if (watch_ && place_.another) watch_->give_up(place_.folder);
    const std::string why = code < 0 ? libav_error_text(code) : std::strerror(errno_);
    const bool full = errno_ == ENOSPC || errno_ == EDQUOT || errno_ == EFBIG;
    return trouble(full               ? Trouble::DiskFull
                   : errno_ == EAGAIN ? Trouble::DiskSlow
                                      : Trouble::DiskFailed,
                   place_.path + ": " + why);
  }

  const Place place_;
  const std::atomic<bool>& stop_;
  const StreamDescription& stream_;
  const std::shared_ptr<RecordingWatch> watch_;
  DiskWriter disk_;
  std::int64_t at_ = 0, size_ = 0;  // bytes
  int errno_ = 0;                   // of the first write that failed
  bool opened_ = false, started_ = false, whole_ = false;
  Duration zero_, length_;
  std::uint64_t header_ = 0, fragment_ = 0;  // bytes
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

Result<Place> create_file(const std::filesystem::path& folder, const std::string& name,
                          const char* extension) {
  if (folder.empty()) return trouble(Trouble::FolderUnusable, "folder is empty");
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  if (code) return trouble(Trouble::FolderUnusable, folder.string() + ": " + code.message());
  struct statvfs disk {};
  if (statvfs(folder.c_str(), &disk) == 0 && disk.f_bavail * disk.f_frsize < kLeastSpace)
    return trouble(Trouble::DiskFull, folder.string());
  for (int copy = 1; copy < 1000; ++copy) {
    const auto path =
        (folder / (name + (copy > 1 ? "-" + std::to_string(copy) : "") + extension)).string();
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (fd < 0 && errno == EEXIST) continue;  // a recording is never written over
    if (fd < 0)
      return trouble(errno == ENOSPC ? Trouble::DiskFull : Trouble::FolderUnusable,
                     path + ": " + std::strerror(errno));
    // Says to a station that starts meanwhile that this one is not to be finalised yet.
    (void)::flock(fd, LOCK_EX | LOCK_NB);
    return Place{fd, path, 0, false};
  }
  return trouble(Trouble::FolderUnusable, folder.string() + ": too many files called " + name);
}

Result<std::unique_ptr<Output>> open_file(const KindDescription& row, const OutputOpen& open,
                                          RecordFormat format,
                                          const std::shared_ptr<RecordingWatch>& watch) {
  const std::string folders[2] = {setting<std::string>(row, open.settings, "folder"),
                                  setting<std::string>(row, open.settings, "second_folder")};
  const bool another = !folders[1].empty();
  const int first = watch && another ? watch->folder() : 0;
  const std::string name = file_name(setting<std::string>(row, open.settings, "name"),
                                     setting<std::string>(row, open.settings, "event"));
  std::optional<Error> why;
  for (int i = 0; i < (another ? 2 : 1); ++i) {
    const int at = (first + i) % 2;
    auto place = create_file(folders[at], name, container_of(format).extension);
    if (!place) {
      if (!why) why = std::move(place.error());
      continue;
    }
    place->folder = at;
    place->another = another;
    const std::string path = place->path;
    auto output = std::make_unique<FileOutput>(std::move(*place), open, watch);
    if (auto s = output->start(open.stream, format); !s) {
      ::unlink(path.c_str());  // holds nothing yet
      if (!why) why = s.error();
      continue;
    }
    return std::unique_ptr<Output>(std::move(output));
  }
  return *why;
}

KindDescription describe(RecordFormat format) {
  const bool fmp4 = format == RecordFormat::Fmp4;
  KindDescription row;
  row.name = fmp4 ? "fmp4" : "mkv";
  row.label =
      fmp4 ? Text{"録画（MP4の断片）", "Recording, fragmented MP4"} : Text{"録画", "Recording"};
  row.has_video = row.has_audio = true;
  row.fields = {
      required(text_field("folder", {"保存するフォルダー", "Folder"})),
      text_field("second_folder", {"予備のフォルダー", "Folder it goes on in"}, ""),
      text_field("event", {"行事名（ファイル名用）", "Event, for the file's name"}, "kakehashi"),
      text_field("name", {"ファイル名の形", "Pattern of the file's name"},
                 "{event}-{date}-{time}")};
  return row;
}

}  // namespace

OutputKind recording_kind(RecordFormat format, std::shared_ptr<RecordingWatch> watch) {
  OutputKind kind;
  kind.description = describe(format);
  kind.live = false;
  kind.open = [row = kind.description, format, watch = std::move(watch)](const OutputOpen& open) {
    return open_file(row, open, format, watch);
  };
  return kind;
}

OutputKind mkv_output_kind() { return recording_kind(RecordFormat::Mkv, nullptr); }
OutputKind fmp4_output_kind() { return recording_kind(RecordFormat::Fmp4, nullptr); }

}  // namespace kakehashi
