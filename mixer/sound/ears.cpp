// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/sound/ears.h"

#include <algorithm>

#include "mixer/sound/ears_echo.h"
#include "mixer/sound/ears_flat.h"
#include "mixer/sound/ears_holes.h"
#include "mixer/sound/ears_howl.h"
#include "mixer/sound/ears_silence.h"
#include "mixer/sound/ears_sketch.h"
#include "mixer/sound/ears_states.h"
#include "mixer/sound/ears_stereo.h"
#include "mixer/sound/ears_table.h"
#include "mixer/sound/ears_talk.h"
#include "mixer/sound/ears_words.h"

namespace kakehashi {

using namespace ears;

namespace {

// Stays for some seconds after it was last so.
struct Stay {
  int left = 0;
  void look(bool so) {
    left = so ? static_cast<int>(kGoneSeconds * kSecond) : std::max(left - 1, 0);
  }
  bool on() const { return left > 0; }
};

struct StripEars {
  std::string id;
  Text name;
  std::string partner;
  Sketcher sketcher;
  SoundSketch sketch;
  StereoWatch stereo;
  HoleWatch holes;
  FlatWatch flat;
  HowlWatch howl;
  Stay dropouts, clipping, phase;
  ProcessingSet set = ProcessingSet::Speech;
  bool open = false, wanted = false, muted = false, mono = false;
  std::uint32_t buses = 0;
};

struct BusEars {
  SoundBus bus;
  bool heard = false;  // program and returns; nothing is looked for on the others
  Sketcher sketcher;
  SoundSketch sketch;
};

bool is_voice(ProcessingSet set) {
  return set == ProcessingSet::Speech || set == ProcessingSet::Line || set == ProcessingSet::Remote;
}
// A meeting sends nothing at all between two words; a film may have holes of its own.
bool has_no_gaps(ProcessingSet set) {
  return set != ProcessingSet::Remote && set != ProcessingSet::Media;
}
constexpr std::uint32_t bit(std::size_t bus) { return std::uint32_t{1} << bus; }

std::vector<StripEars> strips_of(const Show& show) {
  std::vector<StripEars> strips;
  for (const Input& input : show.inputs)
    if (input.audio) {
      StripEars& s = strips.emplace_back();
      s.id = input.id;
      s.name = input.name;
      s.partner = input.partner;
    }
  return strips;
}

std::vector<BusEars> buses_of(const Show& show) {
  std::vector<BusEars> buses;
  for (SoundBus& bus : sound_buses(show)) {
    BusEars& b = buses.emplace_back();
    b.heard = bus.kind == SoundBusKind::Program || bus.kind == SoundBusKind::MixMinus;
    b.bus = std::move(bus);
  }
  return buses;
}

// Every two strips, and every partner against what is sent to him.
std::vector<EchoWatch::Pair> pairs_of(const std::vector<StripEars>& strips,
                                      const std::vector<BusEars>& buses) {
  std::vector<EchoWatch::Pair> pairs;
  for (std::size_t a = 0; a < strips.size(); ++a)
    for (std::size_t b = a + 1; b < strips.size(); ++b) pairs.push_back({a, b, false});
  for (std::size_t b = 0; b < buses.size(); ++b)
    for (std::size_t s = 0; s < strips.size(); ++s)
      if (buses[b].bus.kind == SoundBusKind::MixMinus && strips[s].partner == buses[b].bus.partner)
        pairs.push_back({strips.size() + b, s, true});
  return pairs;
}

}  // namespace

struct SoundEars::Impl {
  explicit Impl(const Show& show)
      : strips(strips_of(show)),
        buses(buses_of(show)),
        senses(strips.size()),
        states(strips.size()),
        fourier(HowlWatch::kLength),
        echo(strips.size() + buses.size(), pairs_of(strips, buses)),
        asked(echo.pairs().size()) {}

  void hear_strip(std::size_t i, const EarsStrip& state, const AudioBlock& block) {
    StripEars& s = strips[i];
    s.set = state.set;
    s.open = state.open;
    s.wanted = state.wanted;
    s.muted = state.muted;
    s.mono = state.mono;
    s.buses = state.buses;
    s.sketcher.draw(block, s.sketch);
    senses[i].add(s.sketch);
    s.stereo.add(s.sketch);
    s.phase.look(!s.mono && s.stereo.inverted());
    s.holes.add(s.sketch);
    s.dropouts.look(has_no_gaps(s.set) && s.holes.found());
    // A desk's line may carry an organ, which has no peaks either.
    const bool voice = s.set == ProcessingSet::Line ? senses[i].talks() : is_voice(s.set);
    if (voice) s.flat.add(s.sketch);
    s.clipping.look(voice && s.flat.flat());
    const bool turn = (block_number + static_cast<std::int64_t>(i)) % HowlWatch::kEvery == 0;
    s.howl.add(s.sketch, turn && s.set != ProcessingSet::Media && s.buses != 0, fourier);
    echo.add(i, s.sketch);
  }

  void hear_buses(const EarsMoment& moment) {
    for (std::size_t b = 0; b < std::min(buses.size(), moment.buses.size()); ++b) {
      if (!buses[b].heard) continue;
      buses[b].sketcher.draw(moment.buses[b], buses[b].sketch);
      echo.add(strips.size() + b, buses[b].sketch);
    }
    if (moment.buses.empty()) return;
    silence.add(buses[kProgramBus].sketch, moment.talk_expected);
    stereo.add(buses[kProgramBus].sketch);
    one_sided.look(stereo.dead_side() >= 0);
    if (stereo.dead_side() >= 0) dead_side = stereo.dead_side();
    phase.look(stereo.inverted());
  }

  void listen_for_echo() {
    for (std::size_t i = 0; i < asked.size(); ++i) {
      const auto& pair = echo.pairs()[i];
      const auto may = [&](std::size_t voice) {
        return voice >= strips.size() ||
               (strips[voice].open && strips[voice].set != ProcessingSet::Ambience);
      };
      asked[i] = may(pair.first) && may(pair.second);
    }
    echo.next(asked);
  }

  // The send that closes the loop: the hall's before a partner's, since that is the nearer hand.
  void find_howl() {
    howl = {};
    for (std::size_t i = 0; i < strips.size(); ++i) {
      const StripEars& s = strips[i];
      if (!s.howl.on() || s.buses == 0) continue;
      const std::size_t bus = send_of(s);
      const auto rank = [](std::size_t b) { return b == kVenueBus ? 2 : b == kProgramBus ? 0 : 1; };
      if (howl.on && rank(bus) <= rank(howl.bus)) continue;
      howl = {true, i, bus, s.howl.hz()};
    }
  }

  std::size_t send_of(const StripEars& s) const {
    if (s.buses & bit(kVenueBus)) return kVenueBus;
    // A microphone of the hall loops through a partner only when the partner is heard in the hall
    // or howls himself.
    for (std::size_t b = 0; b < buses.size(); ++b) {
      if (buses[b].bus.kind != SoundBusKind::MixMinus || !(s.buses & bit(b))) continue;
      for (const StripEars& other : strips)
        if (other.partner == buses[b].bus.partner &&
            (other.howl.on() || (other.buses & bit(kVenueBus))))
          return b;
    }
    return kProgramBus;
  }

  void tell_strip(std::size_t i, double silent, std::vector<Finding>& out) const {
    const StripEars& s = strips[i];
    const auto say = [&](InputFinding f) { out.push_back({s.id, "", std::move(f)}); };
    if (s.howl.on() && s.buses != 0) {
      const std::size_t bus = send_of(s);
      const bool through = bus != kProgramBus;
      say(howl_words(s.howl.hz(), through ? buses[bus].bus.name : Text{},
                     buses[bus].bus.kind == SoundBusKind::MixMinus));
    }
    if (states.card(i) != CardLeak::None) say(card_words(states.card(i)));
    if (states.muted_talk(i)) say(muted_talk_words(silent));
    if (const int other = states.instead(i); other >= 0)
      say(wrong_channel_words(strips[static_cast<std::size_t>(other)].name, silent));
    if (s.clipping.on()) say(clipping_words());
    if (s.dropouts.on()) say(dropouts_words());
    if (s.phase.on()) say(phase_words(false));
  }

  void tell_echoes(std::vector<Finding>& out) const {
    for (const auto& found : echo.found()) {
      const auto& pair = echo.pairs()[found.pair];
      const bool returned = pair.first >= strips.size();
      out.push_back(
          {strips[pair.second].id, "",
           echo_words(returned ? Text{} : strips[pair.first].name, found.lag_ms, returned)});
    }
  }

  void tell_program(double silent, std::vector<Finding>& out) const {
    const auto say = [&](InputFinding f) {
      out.push_back({"", buses[kProgramBus].bus.id, std::move(f)});
    };
    const bool explained = std::any_of(out.begin(), out.end(), [](const Finding& f) {
      return f.finding.id == "muted_talk" || f.finding.id == "wrong_channel";
    });
    if (silent >= kSilentCaution && !explained) {
      std::vector<Text> talk, who;
      for (std::size_t i = 0; i < strips.size(); ++i) {
        if (strips[i].wanted && is_voice(strips[i].set)) who.push_back(strips[i].name);
        if (strips[i].open && senses[i].talks()) talk.push_back(strips[i].name);
      }
      say(no_sound_words(silent, talk.empty() ? who : talk, !talk.empty()));
    }
    if (one_sided.on()) {
      Text of;
      for (const StripEars& s : strips)
        if (s.open && !s.mono && s.stereo.dead_side() == dead_side) of = s.name;
      say(one_sided_words(dead_side, of));
    }
    const bool of_strip = std::any_of(strips.begin(), strips.end(),
                                      [](const StripEars& s) { return s.open && s.phase.on(); });
    if (phase.on() && !of_strip) say(phase_words(true));
  }

  std::vector<StripEars> strips;
  std::vector<BusEars> buses;
  std::vector<TalkSense> senses;
  StateWatch states;
  Fourier fourier;
  EchoWatch echo;
  std::vector<std::uint8_t> asked;
  SilenceWatch silence;
  StereoWatch stereo;
  Stay one_sided, phase;
  int dead_side = 0;
  Howl howl;
  std::int64_t block_number = 0;
};

SoundEars::SoundEars(const Show& show) : impl_(std::make_unique<Impl>(show)) {}
SoundEars::~SoundEars() = default;

void SoundEars::hear(const EarsMoment& moment) {
  Impl& m = *impl_;
  if (moment.strips.size() != m.strips.size() || moment.state.size() != m.strips.size()) return;
  ++m.block_number;
  for (std::size_t i = 0; i < m.strips.size(); ++i)
    m.hear_strip(i, moment.state[i], moment.strips[i]);
  m.hear_buses(moment);
  m.states.judge(moment, m.senses);
  m.listen_for_echo();
  m.find_howl();
}

std::vector<SoundEars::Finding> SoundEars::findings() const {
  std::vector<Finding> out;
  const double silent = impl_->silence.seconds();
  for (std::size_t i = 0; i < impl_->strips.size(); ++i) impl_->tell_strip(i, silent, out);
  impl_->tell_echoes(out);
  impl_->tell_program(silent, out);
  std::stable_sort(out.begin(), out.end(), [](const Finding& a, const Finding& b) {
    return a.finding.severity > b.finding.severity;
  });
  return out;
}

SoundEars::Howl SoundEars::howl() const { return impl_->howl; }

}  // namespace kakehashi
