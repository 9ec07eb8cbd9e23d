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

void silence_jack() {
  using SetFunction = void (*)(void (*)(const char*));
  for (const char* name : {"jack_set_error_function", "jack_set_info_function"})
    if (auto set = reinterpret_cast<SetFunction>(dlsym(RTLD_DEFAULT, name))) set(keep_jack_quiet);
}

}  // namespace

std::mutex& port_audio_mutex() { return guard; }

void silence_sound_libraries() {
  static const bool once = snd_lib_error_set_handler(keep_quiet) == 0;
  (void)once;
}

Result<PortAudioUse> PortAudioUse::begin() {
  const std::lock_guard lock(guard);
  if (users == 0) {
    silence_sound_libraries();
    silence_jack();
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

}  // namespace kakehashi
