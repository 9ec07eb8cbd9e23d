// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/ears_desk.h"

#include <algorithm>
#include <chrono>

#include "core/thread.h"
#include "mixer/sound/ears_table.h"

namespace kakehashi {
namespace {

using namespace std::chrono_literals;

constexpr auto kLook = 30ms;     // a howl must be told within 500
constexpr int kDuckStays = 300;  // blocks after the howl: it would come back at once
constexpr std::size_t kMostStrips = 0xFFFFFF;

std::uint32_t packed(const SoundEars::Howl& howl) {
  if (!howl.on || howl.strip >= kMostStrips || howl.bus > 0xFF) return 0;
  return static_cast<std::uint32_t>(howl.bus << 24 | (howl.strip + 1));
}

bool says(const std::vector<InputFinding>& findings, const std::string& id) {
  return std::any_of(findings.begin(), findings.end(),
                     [&](const InputFinding& f) { return f.id == id; });
}

std::size_t strips_of(const Show& show) {
  return static_cast<std::size_t>(std::count_if(show.inputs.begin(), show.inputs.end(),
                                                [](const Input& input) { return input.audio; }));
}

}  // namespace

EarsDesk::Ring::Ring(std::shared_ptr<const Show> s)
    : show(std::move(s)),
      strips(strips_of(*show)),
      width(strips + sound_buses(*show).size()),
      blocks(width * kPlaces) {}

EarsDesk::EarsDesk(const Published<Moment>& moment, MediaTime epoch, bool duck_howls)
    : moment_(moment), epoch_(epoch), duck_howls_(duck_howls) {
  thread_ = std::thread([this] { run(); });
}

EarsDesk::~EarsDesk() {
  {
    const std::lock_guard lock(stop_mutex_);
    stop_ = true;
  }
  stop_wake_.notify_all();
  thread_.join();
}

void EarsDesk::hear(const MixedBlock& block) {
  in_hear_ = true;
  Ring* ring = ring_now_;
  bool taken = false;
  if (ring && ring->show == block.moment.stage->show && ring->strips == block.inputs.size() &&
      ring->width == block.inputs.size() + block.buses.size()) {
    const std::uint64_t at = ring->written.load(std::memory_order_relaxed);
    if (at - ring->read.load(std::memory_order_acquire) < Ring::kPlaces) {
      AudioBlock* place = &ring->blocks[at % Ring::kPlaces * ring->width];
      place = std::copy(block.inputs.begin(), block.inputs.end(), place);
      std::copy(block.buses.begin(), block.buses.end(), place);
      ring->written.store(at + 1, std::memory_order_release);
      taken = true;
    }
  }
  in_hear_ = false;
  if (!taken) left_out_.add();
  if (!duck_howls_) return;
  const std::uint32_t howl = howl_;
  if (howl == ducked_) return;
  if (ducked_ != 0) block.mixer.duck((ducked_ & kMostStrips) - 1, ducked_ >> 24, 0);
  if (howl != 0) block.mixer.duck((howl & kMostStrips) - 1, howl >> 24, ears::kHowlDuckDb);
  ducked_ = howl;
}

void EarsDesk::run() {
  begin_thread("ears", Urgency::Looking);
  std::unique_lock lock(stop_mutex_);
  while (!stop_wake_.wait_for(lock, kLook, [this] { return stop_; })) {
    lock.unlock();
    if (const auto moment = moment_.load(); moment && moment->stage && meet(*moment)) {
      listen(*moment);
      keep();
    }
    lock.lock();
  }
  ring_now_ = nullptr;
}

bool EarsDesk::meet(const Moment& moment) {
  if (ring_ && ring_->show == moment.stage->show) return true;
  auto next = std::make_unique<Ring>(moment.stage->show);
  if (next->strips != moment.live.strips.size()) return false;
  ears_ = std::make_unique<SoundEars>(*next->show);
  inputs_.assign(next->strips, {});
  howl_ = 0;
  duck_left_ = 0;
  ring_now_ = next.get();
  while (in_hear_) std::this_thread::yield();
  ring_ = std::move(next);
  return true;
}

void EarsDesk::listen(const Moment& moment) {
  Ring& ring = *ring_;
  std::uint64_t at = ring.read.load(std::memory_order_relaxed);
  const std::uint64_t end = ring.written.load(std::memory_order_acquire);
  if (at == end) return;
  ears_strips(*ring.show, moment.live,
              epoch_ + time_of_sample(ring.blocks[at % Ring::kPlaces * ring.width].position),
              strips_);
  const bool expected = strips_.talk_expected && on_air_;
  for (; at != end; ++at) {
    AudioBlock* place = &ring.blocks[at % Ring::kPlaces * ring.width];
    const std::span<const AudioBlock> buses(place + ring.strips, ring.width - ring.strips);
    ears_->hear({buses[0].position, strips_.card, expected, strips_.state, inputs_, buses});
    std::copy_n(place, ring.strips, inputs_.begin());
    ring.read.store(at + 1, std::memory_order_release);
    heard_.add();
    if (const std::uint32_t howl = packed(ears_->howl()); howl != 0) {
      howl_ = howl;
      duck_left_ = kDuckStays;
    } else if (duck_left_ > 0 && --duck_left_ == 0) {
      howl_ = 0;
    }
  }
}

void EarsDesk::keep() {
  auto found = ears_->findings();
  const std::lock_guard lock(found_mutex_);
  found_.swap(found);
}

void EarsDesk::report(Snapshot& s) {
  on_air_ = s.live || s.record.recording;
  std::vector<SoundEars::Finding> found;
  {
    const std::lock_guard lock(found_mutex_);
    found = found_;
  }
  bool one_sided_device = false;
  for (const StripStatus& strip : s.strips) {
    InputStatus* input = find_by_id(s.inputs, strip.id);
    if (!input) continue;
    if (strip.sound.mono)
      std::erase_if(input->findings, [](const InputFinding& f) { return f.id == "one_sided"; });
    one_sided_device |= says(input->findings, "one_sided");
  }
  for (SoundEars::Finding& f : found) {
    if (f.strip.empty()) {
      if (f.finding.id != "one_sided" || !one_sided_device)
        s.sound_findings.push_back(std::move(f.finding));
      continue;
    }
    InputStatus* input = find_by_id(s.inputs, f.strip);
    if (input && says(input->findings, f.finding.id)) continue;
    // The device says that nothing comes; the ears know where it comes instead.
    if (input && f.finding.id == "wrong_channel")
      std::erase_if(input->findings, [](const InputFinding& d) { return d.id == "silent"; });
    if (StripStatus* strip = find_by_id(s.strips, f.strip))
      strip->findings.push_back(std::move(f.finding));
  }
}

}  // namespace kakehashi
