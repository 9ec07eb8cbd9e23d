// SPDX-License-Identifier: GPL-3.0-or-later
// Each accident is heard in its time and told with a cause and one action; what only looks like it
// is not.
#include "mixer/sound/ears.h"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <random>

#include "mixer/sound/ears_table.h"
#include "tests/mixer/sound/ears_material.h"
#include "tests/mixer/sound/ears_rig.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using Rig = EarsRig;

namespace {

std::vector<float> talk(Voice voice = Voice::Host, double seconds = 20) {
  auto dry = speech_for(voice, seconds);
  REQUIRE_FALSE(dry.empty());
  return in_room(dry, 0.6, -14);
}

}  // namespace

TEST_CASE("silence while talk is expected: caution after 5 s, fault after 10 s, with names") {
  Rig rig;
  rig.open(Rig::kMc);
  rig.open(Rig::kSpeaker);
  rig.put(Rig::kMc, talk());
  rig.play(8);
  CHECK(rig.all() == "");
  rig.silence(Rig::kMc);
  const double caution = rig.until("no_sound", 8);
  CHECK(caution >= 4.5);
  CHECK(caution <= 5.5);
  const auto* f = rig.find("no_sound");
  REQUIRE(f);
  CHECK(f->bus == "program");
  CHECK(f->finding.severity == Severity::Caution);
  CHECK(f->finding.action.ja.find("「司会マイク」「講師マイク」") != std::string::npos);
  CHECK(f->finding.action.en.find("\"MC mic\" and \"Speaker mic\"") != std::string::npos);
  rig.play(5.2);
  CHECK(rig.find("no_sound")->finding.severity == Severity::Fault);
  rig.put(Rig::kMc, talk());
  CHECK(rig.play(3, [&](double) { return !rig.has("no_sound"); }) < 1.5);
}

TEST_CASE("silence is in order while a film runs, under a card, and just after it") {
  Rig rig;
  rig.open(Rig::kClip);
  CHECK(rig.until("no_sound", 15) == -1);
  rig.open(Rig::kMc);
  rig.card = true;
  CHECK(rig.until("no_sound", 15) == -1);
  rig.card = false;
  CHECK(rig.until("no_sound", 4.5) == -1);  // the speaker draws breath after the card
  CHECK(rig.until("no_sound", 1) > 0);
}

TEST_CASE("a voice that arrives and does not get through: the fault is the bus") {
  Rig rig;
  rig.open(Rig::kMc);
  rig.put(Rig::kMc, talk());
  rig.bus_change = [](std::size_t b, AudioBlock& block) {
    if (b == kProgramBus) block.silence();
  };
  CHECK(rig.until("no_sound", 7) > 0);
  CHECK(rig.find("no_sound")->finding.what.ja.find("「司会マイク」の音は来ています") !=
        std::string::npos);
}

TEST_CASE("talking into a muted microphone is said within 6 s, for a man and a woman") {
  for (const Voice voice : {Voice::Host, Voice::Guest, Voice::English, Voice::Visitor}) {
    CAPTURE(static_cast<int>(voice));
    Rig rig;
    rig.open(Rig::kMc);
    rig.open(Rig::kSpeaker);
    rig.mute(Rig::kSpeaker);
    rig.put(Rig::kMc, talk(voice), -18);  // what his neighbour's microphone hears of him
    rig.put(Rig::kSpeaker, talk(voice));
    CHECK(rig.until("muted_talk", 6.5) > 0);
    const auto* f = rig.find("muted_talk");
    REQUIRE(f);
    CHECK(f->strip == "mic_speaker");
    rig.open(Rig::kSpeaker);  // unmuted
    rig.play(0.1);
    CHECK_FALSE(rig.has("muted_talk"));
  }
}

TEST_CASE("a muted microphone beside an open one hears his neighbour, and that is nothing") {
  Rig rig;
  rig.open(Rig::kMc);
  rig.open(Rig::kSpeaker);
  rig.mute(Rig::kSpeaker);
  rig.put(Rig::kMc, talk());
  rig.put(Rig::kSpeaker, talk(), -10);
  CHECK(rig.until("muted_talk", 20) == -1);
  rig.silence(Rig::kMc);
  rig.put(Rig::kSpeaker, applause(20, -26, 3));
  CHECK(rig.until("muted_talk", 20) == -1);
}

TEST_CASE("who chatted under a card and is muted when the talk begins has said nothing since") {
  Rig rig;
  rig.card = true;
  rig.put(Rig::kMc, talk());
  rig.play(10);
  rig.card = false;
  rig.open(Rig::kMc);
  rig.mute(Rig::kMc);
  rig.open(Rig::kSpeaker);
  rig.put(Rig::kSpeaker, talk(Voice::Guest), 0, 3 * kSampleRate);
  CHECK(rig.until("muted_talk", 0.8) == -1);  // the end of his sentence
  rig.silence(Rig::kMc);
  CHECK(rig.until("muted_talk", 15) == -1);
}

TEST_CASE("silence whose cause is known is told once") {
  Rig rig;
  rig.open(Rig::kSpeaker);
  rig.mute(Rig::kSpeaker);
  rig.put(Rig::kSpeaker, talk());
  rig.play(12);
  const auto* f = rig.find("muted_talk");
  REQUIRE(f);
  CHECK(f->finding.severity == Severity::Fault);
  CHECK_FALSE(rig.has("no_sound"));
}

TEST_CASE("a microphone that lives under a card") {
  Rig rig;
  rig.card = true;
  rig.open(Rig::kMc);
  rig.put(Rig::kMc, talk());
  SUBCASE("nobody opened it on purpose") {
    CHECK(rig.until("card_microphone", 5) > 0);
    CHECK(rig.find("card_microphone")->finding.severity == Severity::Fault);
  }
  SUBCASE("a cue did, and it is left open after the announcement") {
    rig.state[Rig::kMc].cued = true;
    CHECK(rig.until("card_microphone", 20) == -1);
    rig.silence(Rig::kMc);
    const double found = rig.until("card_microphone", 40);
    CHECK(found > 28);
    CHECK(found < 36);
  }
  SUBCASE("closed by the card") {
    rig.close(Rig::kMc);
    rig.state[Rig::kMc].card = true;
    CHECK(rig.until("card_microphone", 15) == -1);
  }
}

TEST_CASE("the hall's line under a card: a voice is told, break music is not") {
  Rig rig;
  rig.card = true;
  rig.open(Rig::kLine);
  rig.put(Rig::kLine, music(40, -24, 5));
  CHECK(rig.until("card_microphone", 40) == -1);
  rig.put(Rig::kLine, talk(Voice::Guest, 30));
  const double found = rig.until("card_microphone", 20);
  CHECK(found > 7);
  CHECK(found < 18);
}

TEST_CASE("music that comes and goes as often as syllables do is no voice") {
  std::vector<float> piece(40 * kSampleRate);
  std::mt19937 random(8);
  const auto add = [&](std::size_t from, double seconds,
                       const std::function<double(double)>& wave) {
    const auto length = static_cast<std::size_t>(seconds * kSampleRate);
    for (std::size_t i = 0; i < length && from + i < piece.size(); ++i) {
      const double t = static_cast<double>(i) / kSampleRate;
      const double edge = std::min({1.0, t / 0.005, (seconds - t) / 0.02});
      piece[from + i] += static_cast<float>(0.1 * edge * wave(t));
    }
  };
  const auto part = [&] { return static_cast<double>(random()) / 4294967296.0; };
  SUBCASE("a drum: strokes at a steady pace, accents, some left out") {
    const auto hiss = white_noise(1, 0, 4);
    for (int beat = 0; beat < 160; ++beat) {
      const double loud = 0.4 + 0.6 * part();
      if (part() < 0.15) continue;
      add(static_cast<std::size_t>(beat) * kSampleRate / 4, 0.09, [&](double t) {
        return loud * hiss[static_cast<std::size_t>(t * kSampleRate)] * std::exp(-t / 0.05);
      });
    }
  }
  SUBCASE("a melody without any pace: notes and rests as they come") {
    for (double at = 0; at < 39;) {
      const double hz = 220 * std::pow(2, std::floor(13 * part()) / 12),
                   length = 0.12 + 0.2 * part();
      add(static_cast<std::size_t>(at * kSampleRate), length, [&](double t) {
        double sum = 0;
        for (int h = 1; h <= 5; ++h) sum += std::sin(2 * std::numbers::pi * hz * h * t) / h;
        return sum;
      });
      at += length + 0.05 + 0.25 * part();
    }
  }
  Rig rig;
  rig.card = true;
  rig.open(Rig::kLine);
  rig.put(Rig::kLine, piece);
  CHECK(rig.until("card_microphone", 40) == -1);
}

TEST_CASE("the open microphone is dead and the closed one carries the voice") {
  Rig rig;
  rig.open(Rig::kSpeaker);
  rig.put(Rig::kMc, talk());
  const double found = rig.until("wrong_channel", 10);
  CHECK(found > 3);
  const auto* f = rig.find("wrong_channel");
  REQUIRE(f);
  CHECK(f->strip == "mic_speaker");
  CHECK(f->finding.what.ja.find("「司会マイク」に声が入っています") != std::string::npos);
  rig.put(Rig::kSpeaker, talk(), -20);  // it lives: he is only far away
  CHECK(rig.play(10, [&](double) { return !rig.has("wrong_channel"); }) < 8);
}

TEST_CASE("bent before it came to us, below full scale") {
  for (const auto place : {Rig::kMc, Rig::kLine}) {
    CAPTURE(place);
    Rig rig;
    rig.open(place);
    auto bent = place == Rig::kMc ? talk() : speech_for(Voice::Host, 20);
    rig.put(place, bent);
    CHECK(rig.until("clipping", 12) == -1);
    for (float& v : bent) v = std::clamp(v * 12, -0.3F, 0.3F);
    rig.put(place, bent);
    CHECK(rig.until("clipping", 12) > 0);
    REQUIRE(rig.find("clipping"));
    CHECK(rig.find("clipping")->strip == Rig::show().inputs[place].id);
  }
}

TEST_CASE("a tone has no peaks either, and is not bent") {
  using Wave = std::vector<float>;
  const auto sine = [](double hz, double top, std::size_t on = kSampleRate) {
    Wave wave(10 * kSampleRate);
    for (std::size_t i = 0; i < wave.size(); ++i)
      if (const std::size_t into = i % kSampleRate; into < on)
        wave[i] = static_cast<float>(
            top * std::sin(2 * std::numbers::pi * hz * static_cast<double>(into) / kSampleRate));
    return wave;
  };
  // As the test source: its tone, and its beep of 100 ms that begins and ends at once.
  const Wave tone = sine(440, 0.1), beep = sine(1000, 0.5, kSampleRate / 10);
  Wave both = tone, late = tone, broken = tone, noisy = tone, bent = tone;
  for (std::size_t i = 0; i < both.size(); ++i) both[i] += beep[i];
  // Late delivery: 20 ms missing ten times a second, faded within 1 ms or cut off.
  for (std::size_t i = 0; i < late.size(); ++i) {
    const double into = static_cast<double>(i % 4801), edge = std::min(into, 959 - into) / 48;
    if (into >= 960) continue;
    late[i] *= static_cast<float>(1 - std::clamp(edge, 0.0, 1.0));
    broken[i] = 0;
  }
  const Wave hiss = room_noise(10, -50);
  for (std::size_t i = 0; i < noisy.size(); ++i) noisy[i] += hiss[i % hiss.size()];

  // Three at once: wherever the ears' frames of 50 ms happen to begin. A beep a second fills the
  // forty loud frames they judge by in 20 s.
  for (const Wave& wave :
       {tone, beep, both, late, broken, noisy, sine(100, 0.3), sine(3000, 0.3), sine(12000, 0.3)}) {
    CAPTURE(wave[100]);
    Rig rig;
    std::size_t shift = 0;
    for (const auto place : {Rig::kMc, Rig::kSpeaker, Rig::kRemote}) {
      rig.open(place);
      rig.put(place, wave, 0, shift);
      shift = shift * 2 + 333;
    }
    CHECK(rig.until("clipping", 22) == -1);
  }

  for (float& v : bent) v = std::clamp(v * 30, -0.3F, 0.3F);
  Rig rig;
  rig.open(Rig::kMc);
  rig.put(Rig::kMc, bent);
  CHECK(rig.until("clipping", 8) > 0);
}

TEST_CASE("holes that the device did not make") {
  Rig rig;
  rig.open(Rig::kMc);
  rig.put(Rig::kMc, talk());
  int n = 0;
  rig.change[Rig::kMc] = [&n](AudioBlock& block) {
    if (n++ % 130 < 4) block.silence();
  };
  CHECK(rig.until("dropouts", 15) > 0);
}

TEST_CASE("program on one side only, and the input that makes it so") {
  Rig rig;
  rig.open(Rig::kLine);
  rig.put(Rig::kLine, talk());
  const auto left_only = [](AudioBlock& block) {
    for (std::size_t i = 1; i < block.samples.size(); i += 2) block.samples[i] = 0;
  };
  SUBCASE("the input") {
    rig.change[Rig::kLine] = left_only;
    const double found = rig.until("one_sided", 20);
    CHECK(found > 4.5);
    REQUIRE(rig.find("one_sided"));
    CHECK(rig.find("one_sided")->finding.action.ja ==
          "「会場PAライン」をモノラルに設定してください。");
  }
  SUBCASE("its pan") {
    rig.bus_change = [&](std::size_t b, AudioBlock& block) {
      if (b == kProgramBus) left_only(block);
    };
    CHECK(rig.until("one_sided", 20) > 4.5);
    CHECK(rig.find("one_sided")->finding.action.ja.find("中央") != std::string::npos);
  }
}

TEST_CASE("left and right turned against each other") {
  Rig rig;
  rig.open(Rig::kLine);
  rig.put(Rig::kLine, talk());
  rig.change[Rig::kLine] = [](AudioBlock& block) {
    for (std::size_t i = 1; i < block.samples.size(); i += 2) block.samples[i] *= -1;
  };
  const double found = rig.until("phase", 15);
  CHECK(found > 3);
  REQUIRE(rig.find("phase"));
  CHECK(rig.find("phase")->strip == "pa_line");
  CHECK(rig.all() == "pa_line:phase ");  // not the program's too
  rig.state[Rig::kLine].mono = true;
  rig.change[Rig::kLine] = nullptr;
  CHECK(rig.play(12, [&](double) { return !rig.has("phase"); }) < 9);
}
