// SPDX-License-Identifier: GPL-3.0-or-later
#include "presets/file_io.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <thread>

namespace kakehashi {

namespace {

class File {
 public:
  explicit File(int fd) : fd_(fd) {}
  ~File() { close(); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }
  bool close() {
    const int fd = fd_;
    fd_ = -1;
    return fd < 0 || ::close(fd) == 0;
  }

 private:
  int fd_;
};

Error system_error(ErrorKind kind, const std::string& doing) {
  return {kind, doing + ": " + std::strerror(errno)};
}

// Created by open() and not by mkstemp(), so that the user's umask decides who may read a new file.
int create_beside(const std::string& path, std::string& temporary) {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  static std::atomic<unsigned> count{0};
  temporary = path + "." + std::to_string(::getpid()) + "-" + std::to_string(++count) + ".part";
  const int fd = ::open(temporary.c_str(), kFlags, 0666);
  if (fd >= 0 || errno != EEXIST) return fd;
  ::unlink(temporary.c_str());  // left by a process of the same number that was killed
  return ::open(temporary.c_str(), kFlags, 0666);
}

// Where a symbolic link leads to.
std::string target_of(const std::string& path) {
  char resolved[PATH_MAX];
  return ::realpath(path.c_str(), resolved) != nullptr ? resolved : path;
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

bool write_all(int fd, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    done += static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace

Result<std::string> read_text_file(const std::string& path, std::size_t most, Readers readers) {
  // O_NONBLOCK: a named pipe in its place must not hang the caller.
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.fd() < 0) {
    const bool missing = errno == ENOENT || errno == ENOTDIR;
    return system_error(missing ? ErrorKind::NotFound : ErrorKind::FixSetup, "cannot open " + path);
  }
  struct stat info {};
  if (::fstat(file.fd(), &info) != 0)
    return system_error(ErrorKind::FixSetup, "cannot look at " + path);
  if (!S_ISREG(info.st_mode)) return Error{ErrorKind::FixInput, path + " is not a regular file"};
  if (readers == Readers::OwnerOnly && (info.st_mode & 077) != 0)
    return Error{ErrorKind::FixSetup,
                 path + " may be read by others; run: chmod 600 '" + path + "'"};
  if (static_cast<std::uintmax_t>(info.st_size) > most)
    return Error{ErrorKind::FixInput, path + " has " + std::to_string(info.st_size / 1'000'000) +
                                          " MB; at most " + std::to_string(most / 1'000'000) +
                                          " MB are read"};
  std::string text;
  char buffer[65536];
  for (;;) {
    const ssize_t n = ::read(file.fd(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error(ErrorKind::FixSetup, "cannot read " + path);
    if (n == 0) return text;
    text.append(buffer, static_cast<std::size_t>(n));
    if (text.size() > most)
      return Error{ErrorKind::FixInput, path + " grew beyond the limit while it was read"};
  }
}

FileTurn::FileTurn(const std::string& given) {
  const std::string path = target_of(given);
  fd_ = ::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  while (fd_ >= 0 && ::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return;
    if (std::chrono::steady_clock::now() > end) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

FileTurn::~FileTurn() {
  if (fd_ >= 0) ::close(fd_);
}

Status write_text_file(const std::string& given, const std::string& text) {
  const std::string path = target_of(given);

  std::string temporary;
  File file(create_beside(path, temporary));
  if (file.fd() < 0) return system_error(ErrorKind::FixSetup, "cannot write beside " + path);

  struct stat old {};
  const bool replaces = ::stat(path.c_str(), &old) == 0;
  const auto fail = [&](const char* doing) -> Status {
    const Error error = system_error(ErrorKind::FixSetup, std::string(doing) + " " + path);
    ::unlink(temporary.c_str());
    return error;
  };
  if (replaces && ::fchmod(file.fd(), old.st_mode & 0777) != 0)
    return fail("cannot set the rights of");
  if (!write_all(file.fd(), text) || ::fsync(file.fd()) != 0 || !file.close())
    return fail("cannot write");
  if (::rename(temporary.c_str(), path.c_str()) != 0) return fail("cannot replace");

  // Without this the new name may be lost with the power, though never the old content.
  const File folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.fd() >= 0) ::fsync(folder.fd());
  return {};
}

}  // namespace kakehashi
