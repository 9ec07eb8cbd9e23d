// SPDX-License-Identifier: GPL-3.0-or-later
// A hook of ALSA's (pcm_hooks.c) that hangs where a bad driver does, as long as a file exists:
// KAKEHASHI_HANG_OPEN in opening, KAKEHASHI_HANG_CLOSE in closing; KAKEHASHI_HANG_SET in the second
// setting of parameters after the file appeared, which is the one inside PortAudio (the first is
// our own look at the device).
#ifndef PIC
#define PIC
#endif
#include <alsa/asoundlib.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>

namespace {

bool there(const char* name) {
  const char* path = std::getenv(name);
  return path && access(path, F_OK) == 0;
}
void wait_while(const char* name) {
  while (there(name)) usleep(20'000);
}

int closing(snd_pcm_hook_t*) {
  wait_while("KAKEHASHI_HANG_CLOSE");
  return 0;
}
int setting(snd_pcm_hook_t*) {
  static std::atomic<int> times{0};
  if (!there("KAKEHASHI_HANG_SET"))
    times = 0;
  else if (++times == 2)
    wait_while("KAKEHASHI_HANG_SET");
  return 0;
}

}  // namespace

extern "C" {
int kakehashi_hang_install(snd_pcm_t* pcm, snd_config_t*) {
  wait_while("KAKEHASHI_HANG_OPEN");
  snd_pcm_hook_t* hook = nullptr;
  const int e = snd_pcm_hook_add(&hook, pcm, SND_PCM_HOOK_TYPE_CLOSE, closing, nullptr);
  return e < 0 ? e : snd_pcm_hook_add(&hook, pcm, SND_PCM_HOOK_TYPE_HW_PARAMS, setting, nullptr);
}
SND_DLSYM_BUILD_VERSION(kakehashi_hang_install, SND_PCM_DLSYM_VERSION)
}
