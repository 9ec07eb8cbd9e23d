// SPDX-License-Identifier: GPL-3.0-or-later
// Sound to listen to in tests: sentences spoken by espeak-ng in Japanese and English, and the air
// of a room. Mono, 48 kHz, full scale 1.0, the same every time on one machine. Spoken once and kept
// as WAV files in the build folder (SPEECH_CACHE). No GLib.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/audio_block.h"

namespace kakehashi::testing {

enum class Voice : std::uint8_t {
  Host,     // Japanese, low: opens the event, about half a minute
  Guest,    // Japanese, high: answers, about half a minute
  English,  // English, middle
  Visitor,  // English, high
};

// What the voice has to say, with its pauses; while it speaks the level is -26 dBFS (mean power of
// the 20 ms frames that are within 25 dB of the loudest one). Spoken at the first call, then the
// same object. Empty without espeak-ng, and standard error says what to install: tests REQUIRE it
// not to be empty.
const std::vector<float>& speech(Voice voice);

// The same from its beginning again and again, 0.8 s of silence between, for that long.
std::vector<float> speech_for(Voice voice, double seconds);

// Any sentence. `language` is espeak-ng's ("ja", "en-gb"); Japanese in kana, since it reads Chinese
// characters in English. `pitch` 0..99. Not levelled. Empty as above.
std::vector<float> spoken(std::string_view text, std::string_view language, int pitch = 50);

// The steady air of a hall: a ventilator (pink noise without its highest octaves, a faint 100 Hz).
// `db` is its mean power in dBFS.
std::vector<float> room_noise(double seconds, double db, std::uint32_t seed = 1);

// Equal power in each octave, and in each Hz.
std::vector<float> pink_noise(double seconds, double db, std::uint32_t seed = 1);
std::vector<float> white_noise(double seconds, double db, std::uint32_t seed = 1);

// As a microphone in the hall hears it: the sound itself and a diffuse tail of `rt60` seconds,
// `tail_db` under it. As long as what goes in.
std::vector<float> in_room(std::span<const float> dry, double rt60 = 0.6, double tail_db = -12);

// a + b x gain; as long as the longer one.
std::vector<float> mixed(std::span<const float> a, std::span<const float> b, double b_db = 0);

// Mean power in dBFS (a full-scale sine: -3.01); -200 for silence.
double power_db(std::span<const float> samples);
// The same of the frames in which somebody speaks, as for speech() above.
double speaking_db(std::span<const float> samples);
// One flag per 20 ms frame: somebody speaks in it.
std::vector<bool> speaking(std::span<const float> samples);

// Block `n` of a mono sound on both channels; silence beyond its end.
AudioBlock block_of(std::span<const float> mono, std::size_t n);

}  // namespace kakehashi::testing
