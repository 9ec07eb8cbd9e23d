// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/device_watch.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <mutex>
#include <thread>

#include "core/thread.h"

namespace kakehashi {
namespace {

constexpr int kLookAnyway = 2000;  // ms
constexpr int kSettle = 60;        // ms: udev gives a new node its rights just after it appears

// Nodes that come, go, or change their rights. Where inotify is refused only the clock is left.
class NodeFolders {
 public:
  NodeFolders() : fd_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) { follow(); }
  ~NodeFolders() {
    if (fd_ >= 0) close(fd_);
  }
  NodeFolders(const NodeFolders&) = delete;
  NodeFolders& operator=(const NodeFolders&) = delete;
  int fd() const { return fd_; }

  void drain() {
    alignas(inotify_event) std::array<char, 4096> buffer;
    while (fd_ >= 0 && read(fd_, buffer.data(), buffer.size()) > 0) {
    }
  }
  // Again at each look: /dev/snd comes with the first sound card and goes with the last. A folder
  // that is followed already stays so.
  void follow() {
    for (const char* folder : {"/dev", "/dev/snd", "/tmp/.X11-unix"})
      if (fd_ >= 0)
        inotify_add_watch(fd_, folder,
                          IN_CREATE | IN_DELETE | IN_MOVED_TO | IN_MOVED_FROM | IN_ATTRIB);
  }

 private:
  int fd_;
};

}  // namespace

struct DeviceWatch::Impl {
  std::function<void()> changed;
  int wake = eventfd(0, EFD_CLOEXEC);
  std::atomic<bool> stop{false};
  mutable std::mutex mutex;
  std::vector<Device> devices;
  std::uint64_t generation = 0;
  std::thread thread;

  // False: it is time to end.
  bool wait(NodeFolders& folders, int limit) const {
    std::array<pollfd, 2> fds{{{wake, POLLIN, 0}, {folders.fd(), POLLIN, 0}}};
    (void)poll(fds.data(), fds.size(), limit);
    return !stop;
  }

  void look(DeviceScan& scan) {
    auto now = scan.look();
    {
      const std::lock_guard lock(mutex);
      if (generation > 0 && now == devices) return;
      devices = std::move(now);
      ++generation;
    }
    if (changed) changed();
  }

  void run() {
    NodeFolders folders;
    DeviceScan scan;
    do {
      folders.drain();
      folders.follow();
      look(scan);
      if (!wait(folders, kLookAnyway)) break;
      // Only `wake` is waited for: more nodes follow the first one within milliseconds.
      pollfd ended{wake, POLLIN, 0};
      (void)poll(&ended, 1, kSettle);
    } while (!stop);
  }
};

DeviceWatch::DeviceWatch(std::function<void()> changed) : impl_(std::make_unique<Impl>()) {
  impl_->changed = std::move(changed);
  impl_->thread = std::thread([impl = impl_.get()] {
    begin_thread("devices", Urgency::Looking);
    impl->run();
  });
}

DeviceWatch::~DeviceWatch() {
  impl_->stop = true;
  (void)eventfd_write(impl_->wake, 1);
  impl_->thread.join();
  close(impl_->wake);
}

std::vector<Device> DeviceWatch::devices() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->devices;
}

std::uint64_t DeviceWatch::generation() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->generation;
}

}  // namespace kakehashi
