// SPDX-License-Identifier: GPL-3.0-or-later
// Plays a 1 kHz tone on one PortAudio device while recording another, and says
// how much of the tone came back.  usage: pa_roundtrip OUT IN [FRAMES [SECONDS]]
// where OUT and IN are parts of device names, e.g. "(hw:0,0)" "(hw:0,1)".
#include <portaudio.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {
constexpr double kRate = 48000, kStep = 2 * M_PI * 1000 / kRate;
struct State {
  std::vector<float> heard;
  size_t n = 0;
  double phase = 0;
  long underflows = 0, overflows = 0;
} s;

int play(const void*, void* out, unsigned long frames, const PaStreamCallbackTimeInfo*,
         PaStreamCallbackFlags flags, void*) {
  s.underflows += (flags & paOutputUnderflow) != 0;
  auto* p = static_cast<float*>(out);
  for (unsigned long i = 0; i < frames; ++i, s.phase += kStep)
    *p++ = 0.5F * static_cast<float>(std::sin(s.phase));
  return paContinue;
}

int record(const void* in, void*, unsigned long frames, const PaStreamCallbackTimeInfo*,
           PaStreamCallbackFlags flags, void*) {
  s.overflows += (flags & paInputOverflow) != 0;
  auto* p = static_cast<const float*>(in);
  for (unsigned long i = 0; i < frames && s.n < s.heard.size(); ++i) s.heard[s.n++] = p[i];
  return paContinue;
}

int check(PaError e, const char* what) {
  if (e == paNoError) return 0;
  std::printf("%s: %s\n", what, Pa_GetErrorText(e));
  std::exit(1);
}
}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return std::puts("usage: pa_roundtrip OUT IN [FRAMES [SECONDS]]"), 2;
  const int frames = argc > 3 ? std::atoi(argv[3]) : 480;
  const int seconds = argc > 4 ? std::atoi(argv[4]) : 3;
  check(Pa_Initialize(), "start");
  PaStreamParameters out{paNoDevice, 1, paFloat32, 0, nullptr}, in = out;
  for (int i = 0; i < Pa_GetDeviceCount(); ++i) {
    const PaDeviceInfo* d = Pa_GetDeviceInfo(i);
    std::printf("%2d: %3d in %3d out  %s\n", i, d->maxInputChannels, d->maxOutputChannels, d->name);
    if (out.device == paNoDevice && d->maxOutputChannels > 0 && std::strstr(d->name, argv[1]))
      out.device = i, out.suggestedLatency = d->defaultLowOutputLatency;
    if (in.device == paNoDevice && d->maxInputChannels > 0 && std::strstr(d->name, argv[2]))
      in.device = i, in.suggestedLatency = d->defaultLowInputLatency;
  }
  if (out.device == paNoDevice || in.device == paNoDevice) return std::puts("no such device"), 2;
  s.heard.resize(static_cast<size_t>(kRate) * seconds);
  PaStream *player = nullptr, *recorder = nullptr;
  check(Pa_OpenStream(&player, nullptr, &out, kRate, frames, 0, play, nullptr), "open output");
  check(Pa_OpenStream(&recorder, &in, nullptr, kRate, frames, 0, record, nullptr), "open input");
  check(Pa_StartStream(player), "start output");
  check(Pa_StartStream(recorder), "start input");
  const auto begin = std::chrono::steady_clock::now();
  std::chrono::duration<double> took{};
  while (s.n < s.heard.size() && took.count() < 3 * seconds) {
    Pa_Sleep(20);
    took = std::chrono::steady_clock::now() - begin;
  }
  Pa_AbortStream(recorder);
  Pa_AbortStream(player);
  Pa_Terminate();
  // The tone's strength in blocks of 100 ms, past the first half second: a
  // gap or a slip in the stream lowers the block it falls in.
  const size_t block = static_cast<size_t>(kRate / 10);
  double low = 1, high = 0;
  for (size_t at = 5 * block; at + block <= s.n; at += block) {
    double a = 0, b = 0;
    for (size_t i = at; i < at + block; ++i)
      a += s.heard[i] * std::sin(kStep * i), b += s.heard[i] * std::cos(kStep * i);
    const double amp = 2 * std::hypot(a, b) / block;
    low = std::fmin(low, amp), high = std::fmax(high, amp);
  }
  std::printf("%zu samples in %.2f s (%.0f Hz), tone %.3f to %.3f, %ld underflows, %ld overflows\n",
              s.n, took.count(), s.n / took.count(), low, high, s.underflows, s.overflows);
  return s.n == s.heard.size() && low > 0.45 && high < 0.55 ? 0 : 1;
}
