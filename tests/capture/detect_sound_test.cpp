// SPDX-License-Identifier: GPL-3.0-or-later
// Each sound detector on the trouble it is for, and on sound as it should be: one row per sound.
#include "capture/detect_sound.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <random>
#include <set>
#include <string>

using namespace kakehashi;

namespace {

using Said = std::set<std::string>;
using Stereo = std::array<double, 2>;

double linear(double db) { return std::pow(10.0, db / 20); }
double wave(double hz, double t) { return std::sin(2 * std::numbers::pi * hz * t); }

struct Sound {
  std::function<double(double t)> left;
  std::function<double(double t)> right{};  // none: mono, one channel
  double seconds = 20;
  double noise_db = -70;  // RMS of the room and the microphone; -200: none
  int rate = 48000;
};

// 16 bit, as devices give it.
float device(double v) {
  return static_cast<float>(std::round(std::clamp(v * 32768, -32768.0, 32767.0)) / 32768);
}

Said said(const Sound& sound, InputSort sort = InputSort::Microphone,
          SoundFigures* last = nullptr) {
  SoundDetector detector(sort);
  std::mt19937 random(5);
  std::normal_distribution<double> bell;
  Said all;
  const int channels = sound.right ? 2 : 1;
  const double noise = sound.noise_db < -150 ? 0 : linear(sound.noise_db);
  std::vector<float> chunk;
  // Chunks as no 10 ms fit in, as devices have them.
  const long count = static_cast<long>(sound.seconds * sound.rate), at_once = 1024;
  for (long at = 0; at < count; at += at_once) {
    chunk.clear();
    for (long i = at; i < at + at_once; ++i) {
      const double t = static_cast<double>(i) / sound.rate;
      chunk.push_back(device(sound.left(t) + noise * bell(random)));
      if (sound.right) chunk.push_back(device(sound.right(t) + noise * bell(random)));
    }
    detector.hear(chunk, channels, sound.rate,
                  MediaTime{} + Duration::from_seconds(1 + static_cast<double>(at) / sound.rate));
    for (std::size_t i = 0; i < kFindings; ++i)
      if (const auto f = static_cast<Finding>(i); detector.found(f)) all.insert(finding_id(f));
  }
  if (last) *last = detector.figures();
  return all;
}

std::string list(const Said& said) {
  std::string all;
  for (const auto& id : said) all += id + " ";
  return all;
}

// Syllables of 180 ms over a falling voice, words of 0.8 s, pauses of 20 to 500 ms.
double speech(double t, double db = -14, double voice = 120) {
  const double pause = 0.02 + 0.48 * std::fmod(std::floor(t / 1.3) * 0.37, 1.0);
  if (std::fmod(t, 1.3) > 1.3 - pause) return 0;
  const double syllable = 0.5 + 0.5 * std::sin(2 * std::numbers::pi * t / 0.18);
  const double pitch = voice * (1 + 0.1 * std::sin(1.1 * t));
  double v = 0;
  for (int h = 1; h <= 12; ++h) v += wave(pitch * h, t) / h;
  return linear(db) * 0.5 * syllable * v;
}

double applause(double t) {
  // Claps: short bursts, many people.
  static thread_local std::mt19937 random(9);
  std::uniform_real_distribution<double> any(-1, 1);
  return linear(-12) * any(random) * (0.4 + 0.6 * std::pow(std::abs(wave(7.3, t)), 8));
}

double piano(double t) {
  const double note = std::fmod(t, 4.0), hz = 196 * std::pow(2, std::floor(t / 4) / 12);
  double v = 0;
  for (int h = 1; h <= 8; ++h) v += wave(hz * h, t) / h * std::exp(-note * (0.6 + 0.3 * h));
  return linear(-10) * 0.6 * v;
}

double bass(double t) {
  // A line around G1 (49.0 Hz), which is as near to the mains as music comes.
  static constexpr std::array<double, 8> kNotes{49.00, 49.00, 58.27, 65.41,
                                                49.00, 73.42, 61.74, 55.00};
  const double hz = kNotes[static_cast<std::size_t>(t / 0.5) % 8], note = std::fmod(t, 0.5);
  double v = 0;
  for (int h = 1; h <= 6; ++h) v += wave(hz * h, t) / h;
  const double drum = std::fmod(t, 0.5) < 0.08 ? wave(60 - 200 * std::fmod(t, 0.5), t) : 0;
  return linear(-12) * 0.5 * (v * std::exp(-note * 3) + drum);
}

double hum(double t, double mains, double db) {
  return linear(db) * std::numbers::sqrt2 *
         (wave(mains, t) + 0.5 * wave(2 * mains, t) + 0.4 * wave(3 * mains, t));
}

}  // namespace

TEST_CASE("nothing comes in") {
  Sound nothing{[](double) { return 0.0; }, {}, 12, -200};
  CHECK(said(nothing) == Said{"silent"});
  CHECK(said(nothing, InputSort::Camera) == Said{"silent"});
  CHECK(said(nothing, InputSort::Film).empty());
  CHECK(said(nothing, InputSort::Computer).empty());
  nothing.seconds = 62;
  CHECK(said(nothing, InputSort::Computer) == Said{"silent"});
  nothing.seconds = 9.9;
  CHECK(said(nothing).empty());
  // A hiss, and nobody was ever heard.
  Sound hiss{[](double) { return 0.0; }, {}, 62, -68};
  CHECK(said(hiss) == Said{"silent"});
  CHECK(said(hiss, InputSort::Line).empty());
}

TEST_CASE("one side") {
  const Sound left{[](double t) { return speech(t); }, [](double) { return 0.0; }, 14, -75};
  SoundFigures figures;
  CHECK(said(left, InputSort::Microphone, &figures) == Said{"one_sided"});
  CHECK(figures.dead_channel == 1);
  const Sound right{[](double) { return 0.0; }, [](double t) { return speech(t); }, 14, -75};
  CHECK(said(right, InputSort::Camera, &figures) == Said{"one_sided"});
  CHECK(figures.dead_channel == 0);
}

TEST_CASE("clipped: flat tops count, loudness does not") {
  SoundFigures figures;
  const Sound clipped{[](double t) { return std::clamp(4 * speech(t, -3), -1.0, 1.0); }, {}, 5};
  CHECK(said(clipped, InputSort::Microphone, &figures) == Said{"clipping"});
  const Sound loud{[](double t) { return 0.999 * wave(440, t); }, {}, 5, -200};
  CHECK(said(loud, InputSort::Microphone, &figures).empty());
  CHECK(figures.peak_db > -0.1);
  // Five in a second are an accident of a cough.
  const Sound few{
      [](double t) { return std::fmod(t, 0.25) < 0.001 ? 1.0 : 0.1 * wave(440, t); }, {}, 5, -200};
  CHECK(said(few).empty());
}

TEST_CASE("hum of either mains, under noise and between words, at other rates") {
  for (const double mains : {50.0, 60.0})
    for (const int rate : {48000, 44100, 16000}) {
      CAPTURE(mains);
      CAPTURE(rate);
      const Sound quiet{[&](double t) { return hum(t, mains * 1.001, -45); }, {}, 14, -65, rate};
      SoundFigures figures;
      CHECK(list(said(quiet, InputSort::Line, &figures)) == "hum ");
      CHECK(figures.hum_mains == static_cast<int>(mains));
      CHECK(figures.hum_over_db > 20);
      CHECK(figures.hum_db == doctest::Approx(-45).epsilon(0.03));
    }
  // Somebody talks for a while: found in the long pauses, and it stays found.
  const Sound talked{
      [](double t) { return hum(t, 50, -48) + (std::fmod(t, 10) < 5 ? speech(t) : 0); },
      {},
      40,
      -66};
  CHECK(list(said(talked)) == "hum ");
}

TEST_CASE("holes in the sound of a wireless microphone") {
  for (const double length : {0.02, 0.1, 0.45}) {
    CAPTURE(length);
    const Sound holes{[&](double t) {
                        return std::fmod(t, 2) < length ? 0.0
                                                        : speech(t) + linear(-40) * wave(300, t);
                      },
                      {},
                      16,
                      -200};
    SoundFigures figures;
    CHECK(list(said(holes, InputSort::Microphone, &figures)) == "dropouts ");
    CHECK(figures.dropouts >= 3);
  }
}

TEST_CASE("figures of a plain tone") {
  SoundFigures f;
  said({[](double t) { return linear(-20) * wave(1000, t); },
        [](double t) { return linear(-26) * wave(1000, t); }, 12, -200},
       InputSort::Line, &f);
  CHECK(f.channels == 2);
  CHECK(f.peak_db == doctest::Approx(-20).epsilon(0.005));
  CHECK(f.level_db[0] == doctest::Approx(-23).epsilon(0.005));
  CHECK(f.level_db[1] == doctest::Approx(-29).epsilon(0.005));
  said({[](double t) { return std::fmod(t, 2) < 1.5 ? speech(t) : 0.0; }, {}, 12, -58},
       InputSort::Microphone, &f);
  CHECK(f.noise_db == doctest::Approx(-58).epsilon(0.02));
}

TEST_CASE("sound as it should be is left in peace") {
  struct Row {
    const char* name;
    Sound sound;
  };
  const auto both = [](auto f) { return Sound{f, f, 20, -62}; };
  std::vector<Row> rows{
      {"speech, pauses of 20 to 500 ms over -45 dB",
       {[](double t) { return speech(t); }, {}, 30, -45}},
      {"speech, quiet room", both([](double t) { return speech(t, -20); })},
      {"a low voice", {[](double t) { return speech(t, -14, 98); }, {}, 30, -65}},
      {"a voice on 100 Hz", {[](double t) { return speech(t, -14, 100); }, {}, 30, -65}},
      {"quiet hall", {[](double) { return 0.0; }, {}, 40, -56}},
      {"speech, then a very quiet hall",
       {[](double t) { return t < 5 ? speech(t) : 0; }, {}, 80, -72}},
      {"applause", both([](double t) { return applause(t); })},
      {"piano, notes die away", {[](double t) { return piano(t); }, {}, 24, -70}},
      {"piano through a device that goes to nothing",
       {[](double t) { return piano(t); }, {}, 24, -200}},
      {"bass music", both([](double t) { return bass(t); })},
      {"organ at 100 Hz",
       {[](double t) {
          return linear(-24) * (wave(100, t) + 0.5 * wave(200, t) + 0.3 * wave(300, t));
        },
        {},
        30,
        -65}},
      {"organ, G below the bass clef (49 Hz)",
       {[](double t) {
          return linear(-30) * (wave(49, t) + 0.6 * wave(98, t) + 0.4 * wave(147, t));
        },
        {},
        30,
        -65}},
      {"metronome beeps out of nothing",
       {[](double t) { return std::fmod(t, 0.7) < 0.1 ? linear(-12) * wave(1000, t) : 0; },
        {},
        9,
        -70}},
      {"a gate that closes between words",
       {[](double t) {
          const double in = std::fmod(t, 1.0);
          const double gate = in < 0.6 ? 1 : std::pow(10, -(in - 0.6) * 40);  // 80 dB in 100 ms
          return gate < 1e-4 ? 0 : gate * linear(-16) * wave(180, t);
        },
        {},
        20,
        -200}},
      {"loud stereo music, one side louder",
       {[](double t) { return 1.6 * bass(t); }, [](double t) { return 0.1 * bass(t); }, 20, -70}},
      {"ventilation: low rumble",
       {[](double t) { return linear(-46) * (wave(23.7, t) + wave(41.3, t) * wave(0.7, t)); },
        {},
        30,
        -58}},
  };
  for (const Row& row : rows)
    for (const InputSort sort : {InputSort::Microphone, InputSort::Line}) {
      CAPTURE(row.name);
      SoundFigures figures;
      CHECK(list(said(row.sound, sort, &figures)) == "");
    }
}

TEST_CASE("random noise of any level says nothing") {
  for (const double db : {-58.0, -40.0, -25.0, -14.0}) {
    CAPTURE(db);
    const Sound noise{[](double) { return 0.0; }, [](double) { return 0.0; }, 20, db};
    CHECK(list(said(noise)) == "");
  }
}
