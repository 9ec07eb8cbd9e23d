// SPDX-License-Identifier: GPL-3.0-or-later
// The devices that are plugged in, and the live pictures and levels of those that play no role
// while somebody binds roles. Own thread ("devices"): the only one that opens and closes them.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "capture/devices.h"
#include "capture/feed.h"
#include "core/audio_block.h"
#include "core/clock.h"
#include "core/published.h"
#include "core/snapshot.h"
#include "station/door/server.h"
#include "venue/picture_board.h"

namespace kakehashi {

// Where the list comes from: the machine's (capture/device_watch.h), or a test's hand. Any thread.
class DeviceList {
 public:
  virtual ~DeviceList() = default;
  virtual std::vector<Device> devices() const = 0;
  virtual std::uint64_t generation() const = 0;  // 0: nothing is known yet
};

// A camera without a role that is open for its picture.
struct WatchedPicture {
  std::string id;  // the device's
  std::shared_ptr<Feed> feed;
  std::shared_ptr<PictureBoard> board;  // "device.<id>", filled by the picture desk
};
using WatchedPictures = std::vector<WatchedPicture>;

class DeviceDesk {
 public:
  static constexpr int kMostCameras = 8;  // at once: a USB controller carries no more
  static constexpr int kWidth = 320, kHeight = 180;

  struct Roads {
    // Makes the list; `changed` may be called from any thread until the list is destroyed. None:
    // this station knows no devices.
    std::function<std::unique_ptr<DeviceList>(std::function<void()> changed)> list;
    // Opens a device small and slow, beside the show. `name`: for threads and the log.
    std::function<std::shared_ptr<Feed>(const Device& device, const std::string& name)> open;
    std::function<std::vector<Input>()> inputs;  // the show's, bound; any thread
    // Levels of every channel of the device that plays a role (Feed::channel_peaks); may be empty.
    std::function<std::vector<double>(const std::string& role)> channel_peaks;
    // The list, or the set of pictures (`boards`), is another one. On a thread of the desk's.
    std::function<void(bool boards)> changed;
  };
  DeviceDesk(Clock& clock, MediaTime epoch, Roads roads);
  ~DeviceDesk();  // closes what it opened

  // Any thread, these return at once. Watching goes on with what is plugged in later.
  void watch(bool on);
  bool watching() const;
  // The programme suffers: what is open closes at once. It opens again after 10 s, each time it
  // happens twice as long, up to 80 s.
  void give_way();
  void look_again();  // the show's roles or the list changed
  std::vector<Device> devices() const;
  // Fills `devices` (levels of unbound sound devices while watching; bound ones have their
  // strip's), `watching_devices`, and the sentences about what is missing and what is not shown.
  void report(const std::vector<Input>& inputs, Snapshot& snapshot) const;
  std::vector<BoardHandle> boards() const;
  const Published<WatchedPictures>& pictures() const { return pictures_; }

  // The show takes this device: returns when the desk has closed it (at most some seconds) and
  // keeps its hands off it until give_back(). Not on the desk's own thread.
  void take(const std::string& id);
  void give_back(const std::string& id);
  // Watching ends; returns when everything is closed.
  void close_all();

 private:
  struct Open {
    Device device;
    std::shared_ptr<Feed> feed;
    std::shared_ptr<PictureBoard> board;  // cameras
    double peak_db = -120;
  };
  struct Level {
    std::string id;
    double peak_db = -120;
    std::vector<double> channels;
  };
  bool resting_locked() const { return watching_ && clock_.now() < rest_until_; }
  void run();
  void round();
  std::vector<Device> wanted_locked(int& left_out) const;
  void close_unwanted(const std::vector<Device>& wanted);
  void open_wanted(const std::vector<Device>& wanted);
  void publish_pictures();
  void listen();

  Clock& clock_;
  const MediaTime epoch_;
  const Roads roads_;
  std::vector<Open> open_;  // the thread's own
  std::int64_t heard_ = 0;  // blocks of sound listened to
  std::uint64_t told_ = 0;  // generation
  Published<WatchedPictures> pictures_{std::make_shared<const WatchedPictures>()};

  mutable std::mutex mutex_;
  std::condition_variable wake_, idle_;
  bool stop_ = false, poked_ = true, watching_ = false;
  MediaTime rest_until_;
  Duration rest_;             // the next one
  std::uint64_t rounds_ = 0;  // begun
  std::uint64_t rounds_done_ = 0;
  std::vector<std::string> taken_;  // ids
  std::vector<Level> levels_;       // by id
  int left_out_ = 0;                // cameras above the limit
  std::thread thread_;
  std::unique_ptr<DeviceList> list_;  // last: calls look_again() while it lives
};

}  // namespace kakehashi
