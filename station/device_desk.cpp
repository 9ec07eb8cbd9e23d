// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/device_desk.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/log.h"
#include "core/sound_kind.h"
#include "core/thread.h"
#include "station/device_roles.h"

namespace kakehashi {
namespace {

using namespace std::chrono_literals;

constexpr auto kListen = 50ms;         // while sound devices are open
constexpr auto kLook = 1000ms;         // for what nobody told
constexpr double kFallPerSecond = 20;  // dB; a tap stays to be seen
constexpr Duration kFirstRest = Duration::seconds(10), kLongestRest = Duration::seconds(80);
constexpr std::int64_t kBlockNs = 10'000'000;
constexpr std::int64_t kLagBlocks = 6;  // as the program: devices deliver in buffers

bool is_sound(const Device& device) { return is_sound_kind(device.kind); }
bool can_watch(const Device& device) { return device.nature == SourceNature::Device; }

double peak_of(const AudioBlock& block) {
  float most = 0;
  for (const float s : block.samples) most = std::max(most, std::abs(s));
  return most > 1e-6F ? 20 * std::log10(static_cast<double>(most)) : -120;
}

bool same(const Device& a, const Device& b) { return a.id == b.id && a.spec == b.spec; }

}  // namespace

DeviceDesk::DeviceDesk(Clock& clock, MediaTime epoch, Roads roads)
    : clock_(clock), epoch_(epoch), roads_(std::move(roads)) {
  if (roads_.list) list_ = roads_.list([this] { look_again(); });
  thread_ = std::thread([this] { run(); });
}

DeviceDesk::~DeviceDesk() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  thread_.join();
  list_.reset();  // may still poke
}

void DeviceDesk::look_again() {
  const std::lock_guard lock(mutex_);
  poked_ = true;
  wake_.notify_all();
}

void DeviceDesk::watch(bool on) {
  const std::lock_guard lock(mutex_);
  if (watching_ == on) return;
  watching_ = on;
  rest_ = kFirstRest;
  rest_until_ = {};
  poked_ = true;
  wake_.notify_all();
}

void DeviceDesk::give_way() {
  const std::lock_guard lock(mutex_);
  if (!watching_ || resting_locked()) return;
  rest_until_ = clock_.now() + rest_;
  rest_ = std::min(rest_ * 2, kLongestRest);
  poked_ = true;
  wake_.notify_all();
}

bool DeviceDesk::watching() const {
  const std::lock_guard lock(mutex_);
  return watching_;
}

std::vector<Device> DeviceDesk::devices() const {
  return list_ ? list_->devices() : std::vector<Device>();
}

void DeviceDesk::take(const std::string& id) {
  std::unique_lock lock(mutex_);
  taken_.push_back(id);
  poked_ = true;
  wake_.notify_all();
  const std::uint64_t next = rounds_ + 1;  // the one under way may have begun without knowing
  idle_.wait(lock, [&] { return rounds_done_ >= next || stop_; });
}

void DeviceDesk::give_back(const std::string& id) {
  const std::lock_guard lock(mutex_);
  std::erase(taken_, id);
  poked_ = true;
  wake_.notify_all();
}

void DeviceDesk::close_all() {
  std::unique_lock lock(mutex_);
  watching_ = false;
  poked_ = true;
  wake_.notify_all();
  const std::uint64_t next = rounds_ + 1;
  idle_.wait(lock, [&] { return rounds_done_ >= next || stop_; });
}

void DeviceDesk::run() {
  begin_thread("device desk", Urgency::Looking);
  std::unique_lock lock(mutex_);
  while (!stop_) {
    poked_ = false;
    ++rounds_;
    lock.unlock();
    round();
    lock.lock();
    rounds_done_ = rounds_;
    idle_.notify_all();
    const bool ears =
        std::any_of(open_.begin(), open_.end(), [](const Open& o) { return is_sound(o.device); });
    const auto next_look = std::chrono::steady_clock::now() + kLook;
    while (!stop_ && !poked_ && std::chrono::steady_clock::now() < next_look) {
      wake_.wait_for(lock, ears ? kListen : kLook, [this] { return stop_ || poked_; });
      lock.unlock();
      listen();
      lock.lock();
    }
  }
  idle_.notify_all();
  lock.unlock();
  close_unwanted({});
}

// Opens and closes until what is open is what is wanted now.
void DeviceDesk::round() {
  std::vector<Device> wanted;
  int left_out = 0;
  {
    const std::lock_guard lock(mutex_);
    wanted = wanted_locked(left_out);
    left_out_ = left_out;
  }
  const std::uint64_t generation = list_ ? list_->generation() : 0;
  const auto ids = [this] {
    std::vector<std::string> out;
    for (const auto& o : open_) out.push_back(o.device.id);
    return out;
  };
  const auto before = ids();
  close_unwanted(wanted);
  open_wanted(wanted);
  const bool other_pictures = ids() != before;
  if (other_pictures || generation != told_) roads_.changed(other_pictures);
  told_ = generation;
}

std::vector<Device> DeviceDesk::wanted_locked(int& left_out) const {
  std::vector<Device> wanted;
  if (!watching_ || !list_ || resting_locked()) return wanted;
  const auto all = list_->devices();
  const auto inputs = roads_.inputs();
  const auto roles = role_devices(inputs, all);
  int cameras = 0;
  for (std::size_t d = 0; d < all.size(); ++d) {
    const bool plays = std::any_of(roles.begin(), roles.end(), [&](const RoleDevice& r) {
      return r.asked && r.match == DeviceMatch::Found && r.index == d;
    });
    const bool taken = std::find(taken_.begin(), taken_.end(), all[d].id) != taken_.end();
    if (plays || taken || !can_watch(all[d])) continue;
    if (!is_sound(all[d]) && ++cameras > kMostCameras) {
      ++left_out;
      continue;
    }
    wanted.push_back(all[d]);
  }
  return wanted;
}

void DeviceDesk::close_unwanted(const std::vector<Device>& wanted) {
  std::vector<Open> closing;
  for (auto it = open_.begin(); it != open_.end();) {
    const bool stays = std::any_of(wanted.begin(), wanted.end(),
                                   [&](const Device& d) { return same(d, it->device); });
    if (stays) {
      ++it;
    } else {
      closing.push_back(std::move(*it));
      it = open_.erase(it);
    }
  }
  if (closing.empty()) return;
  publish_pictures();
  // The picture desk may be looking at one; only the last to let go closes it.
  for (const Open& o : closing)
    while (o.feed && o.feed.use_count() > 1) std::this_thread::sleep_for(1ms);
}

void DeviceDesk::open_wanted(const std::vector<Device>& wanted) {
  bool any = false;
  for (const Device& device : wanted) {
    const bool there = std::any_of(open_.begin(), open_.end(),
                                   [&](const Open& o) { return same(device, o.device); });
    if (there) continue;
    Open open{device, roads_.open(device, "device." + device.id), {}, -120};
    if (!is_sound(device)) {
      auto board = PictureBoard::create("device." + device.id, kWidth, kHeight);
      if (board)
        open.board = std::move(*board);
      else
        log_warning("devices", board.error().message);
    }
    open_.push_back(std::move(open));
    any = true;
  }
  if (any) publish_pictures();
}

void DeviceDesk::publish_pictures() {
  auto pictures = std::make_shared<WatchedPictures>();
  for (const Open& o : open_)
    if (o.board) pictures->push_back({o.device.id, o.feed, o.board});
  pictures_.store(std::move(pictures));
}

void DeviceDesk::listen() {
  const std::int64_t now = (clock_.now() - epoch_).ns / kBlockNs - kLagBlocks;
  const std::int64_t blocks = std::clamp<std::int64_t>(now - heard_, 0, 20);
  if (blocks == 0) return;
  std::vector<Level> levels;
  for (Open& o : open_) {
    if (!is_sound(o.device)) continue;
    o.peak_db = std::max(-120.0, o.peak_db - kFallPerSecond * 0.01 * static_cast<double>(blocks));
    for (std::int64_t n = now - blocks; n < now; ++n) {
      AudioBlock block;
      block.position = n * kBlockSamples;
      if (o.feed->audio().read(block, clock_.now()))
        o.peak_db = std::max(o.peak_db, peak_of(block));
    }
    levels.push_back({o.device.id, o.peak_db, o.feed->channel_peaks()});
    for (const double peak : levels.back().channels)
      levels.back().peak_db = std::max(levels.back().peak_db, peak);
  }
  heard_ = now;
  const std::lock_guard lock(mutex_);
  levels_ = std::move(levels);
}

std::vector<BoardHandle> DeviceDesk::boards() const {
  std::vector<BoardHandle> out;
  const auto pictures = pictures_.load();  // held: the desk's thread may publish others meanwhile
  for (const auto& p : *pictures)
    out.push_back({"device." + p.id, p.board->fd(), kWidth, kHeight, p.board});
  return out;
}

void DeviceDesk::report(const std::vector<Input>& inputs, Snapshot& snapshot) const {
  if (!list_ || list_->generation() == 0) return;
  const auto all = list_->devices();
  snapshot.devices = describe_devices(inputs, all);
  add_missing_devices(inputs, all, snapshot);
  const std::lock_guard lock(mutex_);
  snapshot.watching_devices = watching_;
  if (!watching_) return;
  for (DeviceStatus& d : snapshot.devices) {
    if (!is_sound_kind(d.kind)) continue;
    std::vector<double> channels;
    for (const Level& level : levels_)
      if (level.id == d.id) {
        d.peak_db = level.peak_db;
        channels = level.channels;
      }
    if (!d.role.empty() && roads_.channel_peaks) channels = roads_.channel_peaks(d.role);
    const auto at =
        std::find_if(all.begin(), all.end(), [&](const Device& a) { return a.id == d.id; });
    if (at != all.end())
      d.channels =
          describe_channels(inputs, all, static_cast<std::size_t>(at - all.begin()), channels);
    if (d.role.empty()) continue;
    if (const auto* strip = find_by_id(snapshot.strips, d.role))
      d.peak_db = std::max(strip->peak_db[0], strip->peak_db[1]);
  }
  if (resting_locked())
    snapshot.messages.push_back(
        {"devices.rest",
         Severity::Notice,
         {"本番の映像と音を優先して、空いている機材の表示を休んでいます。",
          "Free devices are not shown for now: the programme needs the computer."},
         {"少しお待ちください。ほかのソフトを閉じると早く戻ります。",
          "Please wait a little. Closing other programs helps."}});
  if (left_out_ > 0)
    snapshot.messages.push_back(
        {"devices.limit",
         Severity::Notice,
         {"空いているカメラが多いため、" + std::to_string(left_out_) + "台は映していません。",
          "Too many free cameras: " + std::to_string(left_out_) + " of them are not shown."},
         {"映っているカメラを先に割り当てるか、使わないカメラを抜いてください。",
          "Assign the ones shown first, or unplug those not used."}});
}

}  // namespace kakehashi
