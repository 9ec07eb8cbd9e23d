// SPDX-License-Identifier: GPL-3.0-or-later
// Which bus sounds where in this hall: loudspeakers, headphones and the partners' returns on the
// outputs that are plugged in. Opens each device on a thread of its own ("play.<device>"), so that
// one that hangs in its driver keeps neither the others nor the show; opens it again by itself when
// it comes back (<= 3 s). Own threads: "sound desk" (plans), "outputs" (looks what is plugged in).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "core/audio_block.h"
#include "core/command.h"
#include "core/device.h"
#include "core/result.h"
#include "core/show.h"
#include "core/snapshot.h"
#include "core/sound_bus.h"
#include "core/sound_output.h"
#include "venue/sound_road.h"

namespace kakehashi {

// A sound output that is plugged in.
struct PresentOutput {
  std::string id;    // unique in the list, the same after plugging it in again
  std::string name;  // for people, with its port
  std::string pcm;   // what ALSA opens; good until the next plugging
  DeviceIdentity identity;
  int channels = 2;  // as far as known without opening it
};

// One open device. Made and destroyed on the device's own thread, either may hang in its driver.
class OpenOutput {
 public:
  virtual ~OpenOutput() = default;
  virtual SoundRoad& road() = 0;
  virtual bool running() const = 0;             // false: it stopped by itself, unplugged for one
  virtual Duration device_latency() const = 0;  // fetched -> heard, as its driver tells
  virtual int channels_most() const = 0;
};

class SoundDesk {
 public:
  // When a driver is given up, and how often it is looked.
  struct Times {
    std::chrono::milliseconds opening{12000}, closing{2000}, look{500}, again{500};
  };
  static constexpr std::size_t kMostStuck = 3;  // threads left behind, of all devices
  struct Roads {
    // What is plugged in. On the "outputs" thread; may hang.
    std::function<std::vector<PresentOutput>()> list;
    // `first_channels`: counted from 0, one lane each.
    std::function<Result<std::unique_ptr<OpenOutput>>(const PresentOutput& device,
                                                      const std::vector<int>& first_channels)>
        open;
    std::function<void()> changed;  // list or state is another one; on a thread of the desk's
  };
  explicit SoundDesk(Roads roads, Times times);
  explicit SoundDesk(Roads roads) : SoundDesk(std::move(roads), Times{}) {}
  // At most some seconds; a driver that hangs is left behind with all it uses.
  ~SoundDesk();

  // mix.audio only, once per block: hands each bus to its device. Wait-free, no allocation.
  // `order`: sound_buses() of the show that was mixed, one block each.
  void take(std::span<const SoundBus> order, std::span<const AudioBlock> blocks);

  // Any thread; these return at once. Devices of buses that the show does not have, and outputs
  // that one of its inputs would hear, stay closed.
  void set_show(std::shared_ptr<const Show> show);
  void set_bindings(SoundOutputBindings bindings);  // of this hall
  SoundOutputBindings bindings() const;
  // What BindSoundOutput makes of the bindings; nothing is changed yet. NotFound: no such bus or
  // device. FixInput: the device lacks these channels, another bus has them, or an input of the
  // show hears what it plays (station/sound_loop.h): a loop.
  Result<SoundOutputBindings> plan(const Show& show, const BindSoundOutput& wish) const;
  // The devices are lent to somebody else (the equipment test) or come back. Going away returns
  // when they are closed, after at most some seconds.
  void let_go(bool away);

  // Fills Snapshot::sound_outputs, the device side of each SoundBusStatus that is there, and says
  // in `messages` which bus is silent and why.
  void report(Snapshot& snapshot) const;

  struct State;  // station/sound_plays.h

 private:
  std::shared_ptr<State> state_;
  std::thread tender_, looker_;
};

}  // namespace kakehashi
