// SPDX-License-Identifier: GPL-3.0-or-later
// False alarms: at most one in four hours of clean speech, music and applause. Virtual time; some
// minutes of it by default, KAKEHASHI_EARS_HOURS=4 for all of it, KAKEHASHI_EARS_SEED for another
// evening. Every minute is another one: voices, room, pauses, pieces and hands by a seed.
#include <doctest/doctest.h>

#include <cstdlib>
#include <random>

#include "tests/mixer/sound/ears_material.h"
#include "tests/mixer/sound/ears_rig.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using Rig = EarsRig;

namespace {

// The sanitizers are ten times as slow: their minutes are shorter.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double kMinute = 15;
#else
constexpr double kMinute = 60;
#endif

double hours() {
  const char* wanted = std::getenv("KAKEHASHI_EARS_HOURS");
  return wanted ? std::atof(wanted) : 0.1;
}

class Evening {
 public:
  explicit Evening(unsigned seed) : engine_(seed) {}

  // A minute of what an event is made of, as its sound snapshots set the strips.
  void set(Rig& rig, unsigned minute) {
    for (std::size_t i = 0; i < Rig::kStrips; ++i) {
      rig.close(i);
      rig.silence(i);
    }
    rig.card = false;
    switch (minute % 6) {
      case 0:
        return talk(rig);
      case 1:
        return panel(rig);
      case 2:
        return meeting(rig);
      case 3:
        return film(rig);
      case 4:
        return concert(rig);
      default:
        return pause(rig);
    }
  }

 private:
  std::uint32_t random_() { return static_cast<std::uint32_t>(engine_()); }
  Voice any_voice() { return static_cast<Voice>(random_() % 4); }
  double between(double a, double b) {
    return a + (b - a) * static_cast<double>(random_() % 1000) / 1000;
  }

  // From anywhere in it, at another pace (a tape run faster is higher, too), with pauses of its
  // own.
  std::vector<float> voice(Voice who) {
    const auto& all = speech(who);
    REQUIRE_FALSE(all.empty());
    const double pace = between(0.85, 1.2);
    std::vector<float> out(static_cast<std::size_t>(kMinute * kSampleRate));
    double at = between(0, static_cast<double>(all.size() - 1));
    std::size_t rest = 0;
    for (float& v : out) {
      if (rest > 0) {
        --rest;
        continue;
      }
      const auto i = static_cast<std::size_t>(at);
      const double part = at - static_cast<double>(i);
      v = static_cast<float>(all[i] * (1 - part) + all[(i + 1) % all.size()] * part);
      at += pace;
      if (at >= static_cast<double>(all.size() - 1)) {
        at = 0;
        rest = static_cast<std::size_t>(between(0.3, 2.5) * kSampleRate);
      }
    }
    return in_room(out, between(0.3, 0.9), between(-18, -10));
  }

  void talk(Rig& rig) {
    rig.open(Rig::kMc);
    rig.open(Rig::kSpeaker);
    rig.mute(Rig::kMc);
    const auto speaker = voice(any_voice());
    rig.put(Rig::kSpeaker, speaker, between(-6, 8));
    rig.put(Rig::kMc, speaker, between(-24, -14), static_cast<std::size_t>(between(200, 900)));
  }
  // Two microphones: who speaks into one is heard in the other, lower and later.
  void panel(Rig& rig) {
    rig.open(Rig::kMc);
    rig.open(Rig::kSpeaker);
    auto a = voice(Voice::Host), b = voice(any_voice());
    const auto late = static_cast<std::size_t>(between(100, 500));
    std::vector<float> in_a(a.size()), in_b(a.size());
    const auto bleed = static_cast<float>(std::pow(10, between(-24, -16) / 20));
    for (std::size_t i = late; i < a.size(); ++i) {
      const bool first = i / (kSampleRate * 7U) % 2 == 0;
      (first ? b : a)[i] *= 0.02F;
      in_a[i] = a[i] + bleed * b[i - late];
      in_b[i] = b[i] + bleed * a[i - late];
    }
    rig.put(Rig::kMc, std::move(in_a));
    rig.put(Rig::kSpeaker, std::move(in_b));
  }
  void meeting(Rig& rig) {
    rig.open(Rig::kMc);
    rig.open(Rig::kRemote);
    rig.put(Rig::kMc, voice(any_voice()));
    rig.put(Rig::kRemote, voice(any_voice()));
  }
  void film(Rig& rig) {
    rig.open(Rig::kClip);
    rig.put(Rig::kClip, music(kMinute, between(-30, -14), random_()));
    rig.put(Rig::kMc, applause(kMinute, -45, random_()));
  }
  void concert(Rig& rig) {
    rig.open(Rig::kLine);
    rig.open(Rig::kAmbience);
    const auto piece = music(kMinute, between(-28, -16), random_(), random_() % 2 == 0);
    rig.put(Rig::kLine, piece);
    rig.put(Rig::kAmbience, mixed(piece, applause(kMinute, -30, random_())), -8, 48 * 20);
    rig.put(Rig::kMc, in_room(piece), -10, 300);
  }
  // A card: the audience chats near the closed microphones, break music runs, then applause into
  // an open one.
  void pause(Rig& rig) {
    rig.card = true;
    rig.open(Rig::kClip);
    rig.open(Rig::kLine);
    rig.put(Rig::kClip, music(kMinute, -26, random_()));
    rig.put(Rig::kLine, music(kMinute, -30, random_()));
    rig.put(Rig::kMc, voice(any_voice()), -10);
    rig.state[Rig::kMc].card = true;
  }

  std::mt19937 engine_;
};

}  // namespace

TEST_CASE("clean speech, music and applause raise at most one false alarm in four hours") {
  const auto minutes = static_cast<unsigned>(hours() * 60);
  Rig rig;
  const char* seed = std::getenv("KAKEHASHI_EARS_SEED");
  Evening evening(seed ? static_cast<unsigned>(std::atoi(seed)) : 20);
  std::vector<std::string> alarms, standing;
  for (unsigned minute = 0; minute < minutes; ++minute) {
    evening.set(rig, minute);
    rig.play(kMinute, [&, n = 0](double) mutable {
      if (++n % 25 != 0) return false;
      std::vector<std::string> now;
      for (const auto& f : rig.ears.findings()) now.push_back(f.strip + f.bus + ":" + f.finding.id);
      for (const auto& id : now)
        if (std::find(standing.begin(), standing.end(), id) == standing.end())
          alarms.push_back("minute " + std::to_string(minute) + " " + id);
      standing = std::move(now);
      return false;
    });
  }
  std::string all;
  for (const auto& a : alarms) all += a + "; ";
  CAPTURE(all);
  MESSAGE("minutes heard: " << minutes << ", false alarms: " << alarms.size());
  CHECK(alarms.size() <= (minutes >= 240 ? 1 : 0));
}
