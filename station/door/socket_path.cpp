// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/door/socket_path.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <system_error>

#include "station/door/server.h"

namespace kakehashi {
namespace door {
namespace {

std::string words(int code) { return std::system_category().message(code); }

struct Address {
  sockaddr_un name{};
  socklen_t size = sizeof(sockaddr_un);
};

Result<Address> address_of(const std::string& path) {
  Address a;
  a.name.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof a.name.sun_path)
    return Error{ErrorKind::FixInput, "socket path \"" + path + "\": expected 1 to " +
                                          std::to_string(sizeof a.name.sun_path - 1) +
                                          " bytes; choose a shorter one with --socket"};
  std::memcpy(a.name.sun_path, path.c_str(), path.size());
  return a;
}

Result<Descriptor> new_socket() {
  Descriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd) return Error{ErrorKind::FixSetup, "a Unix socket cannot be made: " + words(errno)};
  return fd;
}

// In a folder of somebody else the socket could be replaced under our feet. Root's (/tmp, /run) are
// as safe as the machine.
Status prepare_folder(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos || slash == 0) return {};
  const std::string folder = path.substr(0, slash);
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    return Error{ErrorKind::FixSetup, "folder " + folder + " cannot be made: " + words(errno)};
  struct stat info {};
  if (::lstat(folder.c_str(), &info) != 0 || !(S_ISDIR(info.st_mode) || S_ISLNK(info.st_mode)) ||
      (info.st_uid != ::geteuid() && info.st_uid != 0))
    return Error{ErrorKind::FixSetup, "folder " + folder +
                                          " does not belong to this user: choose another with "
                                          "--socket"};
  return {};
}

// errno of a connection attempt, 0 when somebody answers.
int try_connect(int fd, const Address& a) {
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&a.name), a.size) == 0) return 0;
  return errno == EAGAIN ? 0 : errno;  // a full queue is a living, busy station
}

Status remove_dead_socket(const std::string& path, const Address& a) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return {};
  if (!S_ISSOCK(info.st_mode))
    return Error{ErrorKind::FixInput, path + " exists and is no socket: choose another --socket"};
  auto probe = new_socket();
  if (!probe) return std::move(probe.error());
  if (try_connect(probe->get(), a) == 0)
    return Error{ErrorKind::FixInput,
                 "a station already answers on " + path + ": stop it or choose another --socket"};
  if (::unlink(path.c_str()) != 0)
    return Error{ErrorKind::FixSetup, "dead socket " + path + ": " + words(errno)};
  return {};
}

}  // namespace

Result<Listener> listen_at(const std::string& path) {
  auto address = address_of(path);
  if (!address) return std::move(address.error());
  if (auto folder = prepare_folder(path); !folder) return std::move(folder.error());

  Listener door;
  const std::string lock_path = path + ".lock";
  door.lock =
      Descriptor(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!door.lock) return Error{ErrorKind::FixSetup, lock_path + ": " + words(errno)};
  if (::flock(door.lock.get(), LOCK_EX | LOCK_NB) != 0)
    return Error{ErrorKind::FixInput,
                 "a station already runs on " + path + ": stop it or choose another --socket"};
  if (auto removed = remove_dead_socket(path, *address); !removed)
    return std::move(removed.error());

  auto fd = new_socket();
  if (!fd) return std::move(fd.error());
  // The mode of the file comes from the socket's own (net/unix/af_unix.c); umask belongs to the
  // whole process and other threads make files meanwhile.
  ::fchmod(fd->get(), 0600);
  if (::bind(fd->get(), reinterpret_cast<const sockaddr*>(&address->name), address->size) != 0 ||
      ::listen(fd->get(), 64) != 0)
    return Error{ErrorKind::FixSetup, "socket " + path + ": " + words(errno)};
  door.socket = std::move(*fd);
  return door;
}

Result<Descriptor> connect_to(const std::string& path) {
  auto address = address_of(path);
  if (!address) return std::move(address.error());
  auto fd = new_socket();
  if (!fd) return std::move(fd.error());
  if (::connect(fd->get(), reinterpret_cast<const sockaddr*>(&address->name), address->size) != 0) {
    const int code = errno;
    if (code == EAGAIN)
      return Error{ErrorKind::TryLater, "the station on " + path + " is too busy to answer"};
    if (code == ENOENT || code == ECONNREFUSED)
      return Error{ErrorKind::NotFound, "no station answers on " + path};
    return Error{ErrorKind::FixSetup, "station on " + path + ": " + words(code)};
  }
  if (!peer_is_trusted(fd->get()))
    return Error{ErrorKind::FixSetup, "the station on " + path + " belongs to another user"};
  return std::move(*fd);
}

bool peer_is_trusted(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
         (peer.uid == ::geteuid() || peer.uid == 0);
}

}  // namespace door

std::string default_socket_path() {
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  // The XDG base directory specification: a relative path there is to be ignored.
  if (runtime && runtime[0] == '/') return std::string(runtime) + "/kakehashi/station.sock";
  return "/tmp/kakehashi-" + std::to_string(::geteuid()) + "/station.sock";
}

}  // namespace kakehashi
