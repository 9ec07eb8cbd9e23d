// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/port_audio.h"

#include <alsa/asoundlib.h>
#include <dlfcn.h>
#include <portaudio.h>

#include <mutex>
#include <utility>

namespace kakehashi {
namespace {

std::mutex guard;
int users = 0;

void keep_quiet(const char*, int, const char*, int, const char*, ...) {}
void keep_jack_quiet(const char*) {}

// PortAudio asks every card of ALSA's configuration and a JACK server that is not there; their
// complaints would fill the log at each opening.
void silence_libraries() {
  snd_lib_error_set_handler(keep_quiet);
  using SetFunction = void (*)(void (*)(const char*));
  for (const char* name : {"jack_set_error_function", "jack_set_info_function"})
    if (auto set = reinterpret_cast<SetFunction>(dlsym(RTLD_DEFAULT, name))) set(keep_jack_quiet);
}

}  // namespace

std::mutex& port_audio_mutex() { return guard; }

Result<PortAudioUse> PortAudioUse::begin() {
  const std::lock_guard lock(guard);
  if (users == 0) {
    silence_libraries();
    if (const PaError e = Pa_Initialize(); e != paNoError)
      return Error{ErrorKind::FixSetup,
                   std::string("PortAudio does not start: ") + Pa_GetErrorText(e)};
  }
  ++users;
  return PortAudioUse();
}
PortAudioUse::PortAudioUse(PortAudioUse&& o) noexcept : held_(std::exchange(o.held_, false)) {}
PortAudioUse::~PortAudioUse() {
  if (!held_) return;
  const std::lock_guard lock(guard);
  if (--users == 0) Pa_Terminate();
}

std::vector<SoundInput> sound_inputs() {
  std::vector<SoundInput> found;
  for (int i = 0; i < Pa_GetDeviceCount(); ++i) {
    const PaDeviceInfo* d = Pa_GetDeviceInfo(i);
    if (d && d->maxInputChannels > 0)
      found.push_back({i, d->name, d->maxInputChannels, d->defaultSampleRate});
  }
  return found;
}

Result<SoundInput> find_sound_input(const std::string& wanted) {
  const auto all = sound_inputs();
  std::string list;
  const SoundInput* part = nullptr;
  for (const auto& d : all) {
    if (d.name == wanted) return d;
    if (!part && !wanted.empty() && d.name.find(wanted) != std::string::npos) part = &d;
    list += (list.empty() ? "\"" : ", \"") + d.name + "\"";
  }
  if (part) return *part;
  if (wanted.empty() || wanted == "default") {
    const int index = Pa_GetDefaultInputDevice();
    for (const auto& d : all)
      if (d.index == index) return d;
  }
  return Error{ErrorKind::NotFound, "sound input \"" + wanted + "\" does not exist; " +
                                        (list.empty() ? "no sound input was found, connect one"
                                                      : "connect it or choose one of " + list)};
}

}  // namespace kakehashi
