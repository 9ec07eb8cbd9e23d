// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever a thousand hands do on the desk: a guest never hears himself, what is for the hall only
// never leaves it, and the hall's microphones never sound in the hall.
#include <doctest/doctest.h>

#include <functional>
#include <random>

#include "core/sound_rule.h"
#include "tests/mixer/sound_desk_rig.h"

namespace kakehashi {
namespace {

using testing::Rig;

constexpr int kActions = 1000;

Show hall(bool second) {
  std::vector<std::string> ids{"mic_a", "mic_b", "line", "film", "bgm", "guest", "guest_pc"};
  if (second) ids = {"guest_pc", "bgm", "mic_b", "new_line", "line", "guest", "mic_a"};
  Show show = testing::sound_show(ids);
  for (Input& input : show.inputs) {
    if (input.microphone) input.sound = settings_of(ProcessingSet::Speech);
    if (input.id == "line" || input.id == "new_line")
      input.sound = settings_of(ProcessingSet::Line);
    if (input.id == "bgm") input.sound.rights = Rights::VenueOnly;
    if (input.id.rfind("guest", 0) == 0) {
      input.partner = "tokyo";
      input.sound = settings_of(ProcessingSet::Remote);
    }
  }
  show.sound.venue = ids;  // too much of it: the rule holds all the same
  const std::vector<std::string> all = ids;
  show.sound.snapshots = {{"all", {"全部", "All"}, all, false, false, all},
                          {"none", {"無音", "None"}, {}, true, false, std::nullopt},
                          {"talk", {"話", "Talk"}, {"mic_a", "line", "guest"}, false, true, {}}};
  return show;
}

class Hands {
 public:
  explicit Hands(unsigned seed) : dice_(seed) {}

  // One action; refused ones count too.
  void act(Rig& rig) {
    if (below(40) == 0) {
      second_ = !second_;
      rig.show = hall(second_);
      rig.live = initial_state(rig.show);
      rig.mixer->arrange(rig.show);
      rig.in.assign(rig.live.strips.size(), {});
      rig.out.assign(rig.mixer->bus_list().size(), {});
    }
    if (auto next = apply(rig.show, rig.live, command(rig), rig.at)) rig.live = *next;
  }

 private:
  int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(dice_); }
  template <class List>
  const std::string& one_of(const List& list) {
    return list[static_cast<std::size_t>(below(static_cast<int>(list.size())))].id;
  }
  StripSettings settings(const StripState& strip) {
    StripSettings s = settings_of(static_cast<ProcessingSet>(below(kProcessingSets)));
    s.rights = static_cast<Rights>(below(3));
    s.automix = below(2) == 0;
    s.rider_db = below(13);
    s.duck_db = below(20);
    s.group = below(2) == 0 ? "talkers" : "";
    s.delay_ms = below(4) == 0 ? below(30) : strip.sound.delay_ms;
    s.pan = below(3) - 1;
    s.invert = below(2) == 0;
    s.follow_picture = below(8) == 0;
    return s;
  }
  Command command(const Rig& rig) {
    const Show& show = rig.show;
    const std::string& strip = one_of(rig.live.strips);
    const std::string& bus = one_of(rig.mixer->bus_list());
    switch (below(14)) {
      case 0:
        return SelectPreview{one_of(show.scenes)};
      case 1:
        return Take{};
      case 2:
        return RecallSound{one_of(show.sound.snapshots)};
      case 3:
        return SetGain{strip, {static_cast<double>(below(73) - 60)}};
      case 4:
        return SetMute{strip, below(3) == 0};
      case 5:
        return Listen{strip, below(2) == 0};
      case 6:
        return SetSoundBus{bus, {static_cast<double>(below(30) - 15)}, below(4) == 0};
      case 7:
        return SetStrip{strip, settings(*find_by_id(rig.live.strips, strip))};
      case 8:
        return below(4) == 0 ? Command{EmergencyOn{}} : Command{EmergencyOff{{strip}}};
      case 9:
        return EmergencyOff{{strip}};
      default:
        return SetSend{strip, bus, below(4) != 0};
    }
  }

  std::mt19937 dice_;
  bool second_ = false;
};

double energy(const AudioBlock& block) {
  double sum = 0;
  for (const float s : block.samples) sum += static_cast<double>(s) * s;
  return sum;
}

struct Heard {
  double worst = 0;   // energy of a block on a forbidden bus, against that of the block put in
  int elsewhere = 0;  // blocks heard on a bus where it may be
};

// Only the strips of `who` sound, loudly, all the time.
Heard listen(unsigned seed, const std::function<bool(const Input&)>& who,
             const std::function<bool(const SoundBus&)>& forbidden) {
  Rig rig({"none"});
  rig.show = hall(false);
  rig.begin();
  Hands hands(seed);
  std::mt19937 noise(seed);
  Heard heard;
  for (int action = 0; action < kActions; ++action) {
    hands.act(rig);
    for (int block = 0; block < 2; ++block) {
      double in = 0;
      std::size_t strip = 0;
      for (const Input& input : rig.show.inputs) {
        AudioBlock& b = rig.in[strip++];
        b.silence();
        if (!who(input)) continue;
        for (float& s : b.samples) s = std::uniform_real_distribution<float>(-0.5F, 0.5F)(noise);
        in = energy(b);
      }
      rig.run();
      for (std::size_t b = 0; b < rig.out.size(); ++b) {
        const double out = energy(rig.out[b]);
        if (forbidden(rig.mixer->bus_list()[b]))
          heard.worst = std::max(heard.worst, out / in);
        else if (out > 1e-3 * in)
          ++heard.elsewhere;
      }
    }
  }
  return heard;
}

constexpr double kSixtyDb = 1e-6;  // of energy

TEST_CASE("a guest's own energy in its return is at most -60 dB") {
  const Heard heard = listen(
      1, [](const Input& i) { return i.partner == "tokyo"; },
      [](const SoundBus& b) { return b.kind == SoundBusKind::MixMinus; });
  CHECK(heard.worst <= kSixtyDb);
  CHECK(heard.elsewhere > kActions / 4);  // he was there all the time
}

TEST_CASE("what is for the hall only never reaches program, recording or a return") {
  const Heard heard = listen(
      2, [](const Input& i) { return i.sound.rights == Rights::VenueOnly; },
      [](const SoundBus& b) {
        return b.kind != SoundBusKind::Venue && b.kind != SoundBusKind::Monitor;
      });
  CHECK(heard.worst <= kSixtyDb);
  CHECK(heard.elsewhere > kActions / 4);
}

TEST_CASE("the hall's microphones and its desk never sound in the hall") {
  const Heard heard = listen(
      3, [](const Input& i) { return is_hall_sound(i, i.sound); },
      [](const SoundBus& b) { return b.kind == SoundBusKind::Venue; });
  CHECK(heard.worst <= kSixtyDb);
  CHECK(heard.elsewhere > kActions / 4);
}

}  // namespace
}  // namespace kakehashi
