// SPDX-License-Identifier: GPL-3.0-or-later
// One open input stream of a sound device, with all its channels. A card can be open only once, so
// the roles that hear different channels of an interface share its stream. Private to capture/.
//
//   PortAudio's thread -> SoundArrival -> our carrier thread -> every ear
#pragma once

#include <semaphore.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "capture/channel_peaks.h"
#include "capture/sound_arrival.h"
#include "capture/source_kind.h"

namespace kakehashi {

// Who hears a stream. On the carrier's thread: microseconds, no waiting.
class SoundEar {
 public:
  virtual ~SoundEar() = default;
  virtual void hear(const SoundArrival::Piece& piece, const ChannelPeaks& peaks) = 0;
};

class SoundStream {
 public:
  struct Wish {
    std::string pcm;    // ALSA's word
    std::string name;   // for sentences
    bool card = false;  // hardware: one stream for all; else each role has its own at the server
    int rate = 48000;
    int channels = 2;    // at least so many are needed: the last channel heard
    int buffer_ms = 20;  // what the kernel keeps while this computer is busy elsewhere
  };
  // The one that is open already, or a new one. May block as long as the driver likes. Whoever
  // opens a card first decides rate and buffer; a card is opened with all its channels, but for the
  // kernel's loopback, whose other side would be bound to that number.
  static Result<std::shared_ptr<SoundStream>> open(const Wish& wish, const SourceContext& context);

  SoundStream(std::string name, int channels, int rate);
  ~SoundStream();  // closes; a driver may hang in it
  SoundStream(const SoundStream&) = delete;
  SoundStream& operator=(const SoundStream&) = delete;

  int channels() const { return arrival_.channels(); }
  int rate() const { return arrival_.rate(); }
  bool active() const;                          // false: the device is gone
  std::uint64_t gaps() const { return gaps_; }  // places where the device lost something
  // Any thread. After remove() the ear is not called any more.
  void add(SoundEar* ear);
  void remove(SoundEar* ear);

 private:
  static Result<std::shared_ptr<SoundStream>> open_new(const Wish& wish,
                                                       const SourceContext& context);
  Status start(const Wish& wish, const SourceContext& context, int& error);
  void carry();

  const std::string name_;
  void* stream_ = nullptr;  // PaStream
  SoundArrival arrival_;
  ChannelPeaks peaks_;
  std::atomic<std::uint64_t> gaps_{0};
  sem_t arrived_{};
  std::atomic<bool> stop_{false};
  std::mutex mutex_;  // ears_; never taken by the callback
  std::vector<SoundEar*> ears_;
  std::thread carrier_;
};

}  // namespace kakehashi
