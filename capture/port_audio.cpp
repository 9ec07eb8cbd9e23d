// SPDX-License-Identifier: GPL-3.0-or-later
#include "capture/port_audio.h"

#include <alsa/asoundlib.h>
#include <dlfcn.h>
#include <portaudio.h>

#include <atomic>
#include <string>

namespace kakehashi {
namespace {

std::atomic<bool> started{false};

void keep_quiet(const char*, int, const char*, int, const char*, ...) {}
void keep_jack_quiet(const char*) {}

void silence_jack() {
  using SetFunction = void (*)(void (*)(const char*));
  for (const char* name : {"jack_set_error_function", "jack_set_info_function"})
    if (auto set = reinterpret_cast<SetFunction>(dlsym(RTLD_DEFAULT, name))) set(keep_jack_quiet);
}

// PortAudio opens every card and every name of ALSA's configuration when it starts, to make a list
// that we do not use. One that hangs would take all others with it, and one in use elsewhere may be
// disturbed. So it starts while ALSA's configuration knows a single device of nothing (with none at
// all it asserts, pa_linux_alsa.c: BuildDeviceList).
PaError start_without_devices() {
  snd_config_update();
  snd_config_t *whole = snd_config, *bare = nullptr;
  snd_input_t* text = nullptr;
  constexpr char kBare[] = "pcm.default { type null }";
  if (snd_config_top(&bare) < 0) return paInsufficientMemory;
  const bool read = snd_input_buffer_open(&text, kBare, sizeof kBare - 1) >= 0 &&
                    snd_config_load(bare, text) >= 0;
  if (text) snd_input_close(text);
  if (read) snd_config = bare;
  const PaError e = Pa_Initialize();
  if (read) snd_config = whole;
  snd_config_delete(bare);
  return e;
}

}  // namespace

void silence_sound_libraries() {
  static const bool once = snd_lib_error_set_handler(keep_quiet) == 0;
  (void)once;
}

Status start_port_audio(const std::string& who) {
  if (started) return {};
  PaError e = paNoError;
  if (Status s = port_audio_turn().take(who, DriverTurn::Needs::Whole, kTurnPatience,
                                        [&] {
                                          if (started) return;
                                          silence_sound_libraries();
                                          silence_jack();
                                          e = start_without_devices();
                                          started = e == paNoError;
                                        });
      !s.ok())
    return s;
  if (e == paNoError) return {};
  return Error{ErrorKind::FixSetup, std::string("PortAudio does not start: ") + Pa_GetErrorText(e)};
}

}  // namespace kakehashi
