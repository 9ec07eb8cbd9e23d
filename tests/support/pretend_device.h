// SPDX-License-Identifier: GPL-3.0-or-later
// A device in the test's hand: it works, is unplugged, busy, refuses, stalls, sends nonsense, or
// its driver hangs. A source kind of it can be given to a KeptFeed.
#pragma once

#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "capture/source_kind.h"
#include "core/frame_pool.h"

namespace kakehashi::testing {

enum class Mood {
  Well,
  Missing,  // not plugged in
  Busy,
  Forbidden,
  PickyFormat,   // refuses the first two choices
  OpensHanging,  // open() does not return
  Fails,         // an error in the stream
  Silent,        // delivers nothing more, no error
  WrongTimes,    // stamps of another day
  Bursts,        // ten pictures at once, then a pause
  PollsHanging,  // poll() does not return; nothing is delivered
  DeafButWell,   // poll() does not return; it delivers
};
inline constexpr int kMoods = static_cast<int>(Mood::DeafButWell) + 1;

class PretendDevice {
 public:
  std::atomic<Mood> mood{Mood::Well};
  std::atomic<bool> closing_hangs{false};  // and what runs goes on delivering meanwhile
  std::atomic<int> opened{0}, closed{0};
  std::atomic<int> asked{0}, answered{0};  // open() was called, has returned
  std::atomic<std::uint8_t> luma{100};     // of its pictures
  std::atomic<std::uint64_t> lost{0};
  Duration period = Duration::milliseconds(3);
  Duration patience = Duration::milliseconds(150);
  std::vector<int> refusals() const {
    const std::lock_guard lock(mutex_);
    return refusals_;
  }

  // What it was told not to be, at each opening.
  std::vector<std::vector<DeviceIdentity>> others() const {
    const std::lock_guard lock(mutex_);
    return others_;
  }

  ~PretendDevice() { let_go(); }
  // Nobody is inside it any more.
  bool at_rest() const { return answered == asked && closed == opened; }
  // Every call that hangs returns, and none hangs any more until hold().
  void let_go() {
    const std::lock_guard lock(mutex_);
    free_ = true;
    changed_.notify_all();
  }
  void hold() {
    const std::lock_guard lock(mutex_);
    free_ = false;
  }

  const SourceKind* kind(bool video = true, bool audio = false) {
    kind_.description.name = "camera";  // with a camera's words
    kind_.description.has_video = video;
    kind_.description.has_audio = audio;
    kind_.open = [this](const Settings&, const SourceContext& c) { return open(c); };
    return &kind_;
  }

 private:
  class Running;

  void hang() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return free_; });
  }
  Result<std::unique_ptr<Source>> open(const SourceContext& c);

  SourceKind kind_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool free_ = false;
  std::vector<int> refusals_;
  std::vector<std::vector<DeviceIdentity>> others_;
};

class PretendDevice::Running final : public Source {
 public:
  Running(PretendDevice& device, const SourceContext& c, int refused)
      : device_(device), c_(c), refused_(refused) {
    thread_ = std::thread([this] { stream(); });
  }
  ~Running() override {
    if (device_.closing_hangs) device_.hang();
    stop_ = true;
    thread_.join();
    if (c_.video) c_.video->clear();
    ++device_.closed;
  }
  Status poll() override {
    switch (device_.mood.load()) {
      case Mood::Fails:
        return Error{ErrorKind::TryLater, "it failed"};
      case Mood::Missing:
        return c_.blame(Trouble::Gone, Error{ErrorKind::TryLater, "it went away"});
      case Mood::PollsHanging:
      case Mood::DeafButWell:
        device_.hang();
        return {};
      default:
        return {};
    }
  }
  std::string format() const override { return "pretended " + std::to_string(refused_); }
  std::string device() const override { return "Pretend 1"; }
  std::uint64_t lost() const override { return device_.lost; }
  Duration patience() const override { return device_.patience; }

 private:
  bool delivers() const {
    switch (device_.mood.load()) {
      case Mood::Missing:
      case Mood::Fails:
      case Mood::Silent:
      case Mood::PollsHanging:
        return false;
      default:
        return true;
    }
  }
  void picture(MediaTime captured) {
    FrameBuilder b = std::move(*pool_.acquire());
    for (int p = 0; p < 3; ++p)
      for (int i = 0; i < b.stride(p) * (p == 0 ? 36 : 18); ++i)
        b.plane(p)[i] = p == 0 ? luma_ : 128;
    b.info().captured = captured;
    b.info().sequence = sequence_++;
    c_.video->push(std::move(b).publish());
  }
  // 10 ms of 440 Hz, on the session's axis.
  void sound(MediaTime captured) {
    std::array<float, 480> block{};
    for (float& s : block)
      s = 0.5F * static_cast<float>(std::sin(2 * 3.14159265358979 * 440 *
                                             static_cast<double>(samples_++) / 48000));
    c_.audio->push(block, 1, 48000, captured);
  }
  void stream() {
    MediaTime next_sound = c_.clock->now();
    while (!stop_) {
      std::this_thread::sleep_for(std::chrono::nanoseconds(device_.period.ns));
      const MediaTime now = c_.clock->now();
      if (!delivers()) {
        next_sound = now;
        continue;
      }
      if (c_.video) {
        const Mood mood = device_.mood;
        if (mood == Mood::WrongTimes)
          picture(now + Duration::seconds(sequence_ % 2 ? 90'000 : -90'000));
        else
          for (int i = 0; i < (mood == Mood::Bursts ? 10 : 1); ++i) picture(now);
        if (mood == Mood::Bursts) std::this_thread::sleep_for(std::chrono::milliseconds(30));
      }
      if (now - next_sound > Duration::milliseconds(200)) next_sound = now;  // it did not run
      for (; c_.audio && next_sound + Duration::milliseconds(10) <= now;
           next_sound = next_sound + Duration::milliseconds(10))
        sound(next_sound);
    }
  }

  PretendDevice& device_;
  const SourceContext c_;
  const int refused_;
  const std::uint8_t luma_ = device_.luma;
  FramePool pool_{PixelFormat::I420, 64, 36, 40};
  std::uint64_t sequence_ = 0, samples_ = 0;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

inline Result<std::unique_ptr<Source>> PretendDevice::open(const SourceContext& c) {
  ++asked;
  // As a camera does: what was refused is remembered between openings, not by the device. An
  // opening that hung and was given up may come back beside the next one.
  std::shared_ptr<void> unkept;
  std::shared_ptr<void>& kept = c.kept ? *c.kept : unkept;
  if (!kept) kept = std::make_shared<std::atomic<int>>(0);
  std::atomic<int>& refused = *std::static_pointer_cast<std::atomic<int>>(kept);
  struct Answer {
    std::atomic<int>& count;
    ~Answer() { ++count; }
  } const answer{answered};
  {
    const std::lock_guard lock(mutex_);
    refusals_.push_back(refused);
    others_.push_back(c.others);
  }
  switch (mood.load()) {
    case Mood::Missing:
      refused = 0;
      return Error{ErrorKind::NotFound, "not there"};
    case Mood::Busy:
      return c.blame(Trouble::Busy, Error{ErrorKind::FixSetup, "busy"});
    case Mood::Forbidden:
      return c.blame(Trouble::Forbidden, Error{ErrorKind::FixSetup, "forbidden"});
    case Mood::PickyFormat:
      if (refused % 4 < 2) {
        ++refused;
        return c.blame(Trouble::Format, Error{ErrorKind::Unsupported, "not this format"});
      }
      break;
    case Mood::OpensHanging:
      hang();
      break;
    default:
      break;
  }
  ++opened;
  return std::unique_ptr<Source>(std::make_unique<Running>(*this, c, refused));
}

}  // namespace kakehashi::testing
