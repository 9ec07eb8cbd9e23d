// SPDX-License-Identifier: GPL-3.0-or-later
#include "mixer/audio_mixer.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "mixer/sound/automix.h"
#include "mixer/sound/levels.h"
#include "mixer/sound/limiter.h"
#include "mixer/sound/loudness.h"
#include "mixer/sound/rider.h"
#include "mixer/sound/routing.h"
#include "mixer/sound/send.h"
#include "mixer/sound/strip.h"

namespace kakehashi {
namespace {

float fader(double db) { return db <= kFaderShut ? 0.0F : Decibel{db}.to_linear(); }
float linear(double db) { return db == 0 ? 1.0F : Decibel{db}.to_linear(); }

// What a person says; a talking film must not push the music under it away.
bool is_voice(ProcessingSet set) {
  return set == ProcessingSet::Speech || set == ProcessingSet::Line || set == ProcessingSet::Remote;
}

void show_peaks(const Levels& levels, double (&peak_db)[2]) {
  for (int c = 0; c < 2; ++c) peak_db[c] = Decibel::from_linear(levels.peak[c]).value;
}

StripMeter meter_of(const AudioBlock& block) {
  const Levels levels = levels_of(block);
  StripMeter m;
  show_peaks(levels, m.peak_db);
  m.level_db = Decibel::from_linear(std::sqrt(levels.power)).value;
  return m;
}

struct Place {
  std::string id;
  std::unique_ptr<SoundStrip> strip = std::make_unique<SoundStrip>();
  LoudnessRider rider;
  Ducker ducker;
  std::vector<Send> sends;  // by bus
  // Of this block:
  const Input* input = nullptr;
  const Place* leader = nullptr;  // whose rider levels it; null: nobody's
  float fader = 0;                // 0: not heard on program
  float automix = 1, rider_gain = 1, duck = 1;
};

struct BusPlace {
  std::unique_ptr<TruePeakLimiter> limiter = std::make_unique<TruePeakLimiter>();
  float gain = 0;
};

}  // namespace

struct AudioMixer::Impl {
  std::vector<SoundBus> buses;
  std::vector<BusPlace> bus_places;
  std::vector<Place> places, leaving;
  std::optional<Automix> automix;
  LoudnessMeter loudness;
  AudioMeters meters;
  // Of a block, kept so that none is allocated:
  std::vector<AudioBlock> processed;
  std::vector<AutomixPlace> shares;
  std::vector<float> gains;
  AudioBlock group;
  bool faded = true;  // what leaves has gone

  void arrange(const Show& show);
  void name_inputs(const Show& show, const LiveState& live, std::size_t count);
  void process(const LiveState& live, std::span<const AudioBlock> inputs, std::size_t count);
  void share(const Show& show, const LiveState& live, const SoundSituation& now, MediaTime at,
             std::size_t count);
  void ride(const LiveState& live, const LoudnessTarget& target, std::size_t count);
  void lower(const LiveState& live, std::size_t count);
  void send(const Show& show, const LiveState& live, const SoundSituation& now, MediaTime at,
            std::size_t count, std::span<AudioBlock> out);
  void fade_out(std::span<AudioBlock> out);
};

void AudioMixer::Impl::arrange(const Show& show) {
  std::vector<SoundBus> next_buses = sound_buses(show);
  std::vector<const Input*> inputs;
  for (const Input& input : show.inputs)
    if (input.audio) inputs.push_back(&input);
  const bool same_buses =
      std::equal(buses.begin(), buses.end(), next_buses.begin(), next_buses.end(),
                 [](const SoundBus& a, const SoundBus& b) { return a.id == b.id; });
  const bool same_strips = std::equal(places.begin(), places.end(), inputs.begin(), inputs.end(),
                                      [](const Place& a, const Input* b) { return a.id == b->id; });
  if (same_buses && same_strips && automix) {
    buses = std::move(next_buses);
    return;
  }
  std::vector<BusPlace> next_places(next_buses.size());
  const auto was = [&](std::size_t bus) {  // its place before; buses.size(): new
    return static_cast<std::size_t>(
        std::find_if(buses.begin(), buses.end(),
                     [&](const SoundBus& b) { return b.id == next_buses[bus].id; }) -
        buses.begin());
  };
  const auto move_sends = [&](Place& place) {
    std::vector<Send> sends(next_buses.size());
    for (std::size_t b = 0; b < sends.size(); ++b)
      if (const std::size_t old = was(b); old < place.sends.size()) sends[b] = place.sends[old];
    place.sends = std::move(sends);
  };
  for (std::size_t b = 0; b < next_places.size(); ++b)
    if (const std::size_t old = was(b); old < bus_places.size())
      next_places[b] = std::move(bus_places[old]);

  std::vector<Place> next;
  next.reserve(inputs.size());
  for (const Input* input : inputs) {
    const auto old = std::find_if(places.begin(), places.end(),
                                  [&](const Place& p) { return p.id == input->id; });
    if (old != places.end()) {
      next.push_back(std::move(*old));
      places.erase(old);
    } else {
      next.emplace_back();
      next.back().id = input->id;
    }
    move_sends(next.back());
  }
  if (faded) leaving.clear();
  for (Place& place : places) leaving.push_back(std::move(place));
  for (Place& place : leaving) move_sends(place);
  faded = leaving.empty();

  buses = std::move(next_buses);
  bus_places = std::move(next_places);
  places = std::move(next);
  automix.emplace(places.size());
  processed.resize(places.size());
  shares.resize(places.size());
  gains.resize(places.size());
  meters.strips.resize(places.size());
  meters.buses.resize(buses.size());
}

// The strips of the show, the mixer and the live state are the same ones in the same order. One
// that is not (a caller's mistake) has no input, and is silent rather than overheard.
void AudioMixer::Impl::name_inputs(const Show& show, const LiveState& live, std::size_t count) {
  std::size_t i = 0;
  for (Place& place : places) place.input = nullptr;
  for (const Input& input : show.inputs) {
    if (!input.audio) continue;
    if (i >= count) break;
    if (places[i].id == input.id && live.strips[i].id == input.id) places[i].input = &input;
    ++i;
  }
}

void AudioMixer::Impl::process(const LiveState& live, std::span<const AudioBlock> inputs,
                               std::size_t count) {
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (i < count) {
      processed[i] = inputs[i];
      places[i].strip->set(live.strips[i].sound);
    } else {
      processed[i].silence();
    }
    StripMeter meter = meter_of(processed[i]);
    places[i].strip->process(processed[i]);
    const StripWork& work = places[i].strip->work();
    meter.compressor_db = work.compressor_db;
    meter.gate_db = work.gate_db;
    meters.strips[i] = meter;
  }
}

void AudioMixer::Impl::share(const Show& show, const LiveState& live, const SoundSituation& now,
                             MediaTime at, std::size_t count) {
  for (std::size_t i = 0; i < places.size(); ++i) {
    Place& place = places[i];
    place.fader = 0;
    shares[i] = {};
    if (i >= count || !place.input) continue;
    const StripState& strip = live.strips[i];
    const bool seen =
        !strip.sound.follow_picture || picture_on_program(show, live, place.input->id, at);
    const SoundBus& program = buses[kProgramBus];
    if (barred_now(now, never(show, *place.input, strip.sound, program), *place.input, strip,
                   program, seen) == SoundBar::None)
      place.fader = fader(strip.gain.value);
    meters.strips[i].heard = place.fader > 0;
    shares[i] = {strip.sound.automix, place.fader, strip.sound.priority_db};
  }
  automix->share(processed, shares, gains);
  for (std::size_t i = 0; i < places.size(); ++i) {
    places[i].automix = gains[i];
    meters.strips[i].talks = automix->talks(i);
    meters.strips[i].automix_db = Decibel::from_linear(gains[i]).value;
  }
}

void AudioMixer::Impl::ride(const LiveState& live, const LoudnessTarget& target,
                            std::size_t count) {
  for (std::size_t i = 0; i < places.size(); ++i) {
    places[i].leader = nullptr;
    places[i].rider_gain = 1;
  }
  for (std::size_t i = 0; i < count; ++i) {
    Place& leader = places[i];
    if (leader.leader) continue;  // another one's
    leader.leader = &leader;
    const StripSettings& sound = live.strips[i].sound;
    double most_db = sound.rider_db;
    bool talks = meters.strips[i].talks && leader.fader > 0;
    bool alone = true;
    if (!sound.group.empty())
      for (std::size_t j = i + 1; j < count; ++j) {
        if (live.strips[j].sound.group != sound.group) continue;
        alone = false;
        places[j].leader = &leader;
        most_db = std::max(most_db, live.strips[j].sound.rider_db);
        talks |= meters.strips[j].talks && places[j].fader > 0;
      }
    if (most_db <= 0 && leader.rider.gain_db() == 0) continue;
    if (talks) {  // it rests else, whatever it is given
      group.silence();
      for (std::size_t j = i; j < count; ++j) {
        if (places[j].leader != &leader) continue;
        const float gain = places[j].fader * places[j].automix;
        Send{gain, 1}.add(processed[j], gain, 1, group);
        if (alone) break;
      }
    }
    const float gain = leader.rider.ride(group, talks, target, most_db);
    for (std::size_t j = i; j < count; ++j)
      if (places[j].leader == &leader) {
        places[j].rider_gain = gain;
        meters.strips[j].rider_db = leader.rider.gain_db();
      }
  }
}

void AudioMixer::Impl::lower(const LiveState& live, std::size_t count) {
  const auto talks = [&](std::size_t i) {
    return places[i].fader > 0 && meters.strips[i].talks && is_voice(live.strips[i].sound.set);
  };
  std::size_t talkers = 0;
  for (std::size_t i = 0; i < count; ++i) talkers += talks(i) ? 1 : 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t others = talkers - (talks(i) ? 1 : 0);
    meters.strips[i].duck_db = places[i].ducker.step(others > 0, live.strips[i].sound.duck_db);
    places[i].duck = linear(meters.strips[i].duck_db);
  }
}

void AudioMixer::Impl::send(const Show& show, const LiveState& live, const SoundSituation& now,
                            MediaTime at, std::size_t count, std::span<AudioBlock> out) {
  for (std::size_t i = 0; i < places.size(); ++i) {
    Place& place = places[i];
    const StripState* strip = i < count && place.input ? &live.strips[i] : nullptr;
    const float own = strip ? fader(strip->gain.value) : 0.0F;
    const bool seen = !strip || !strip->sound.follow_picture ||
                      picture_on_program(show, live, place.input->id, at);
    const float on_air = place.automix * place.rider_gain * place.duck;
    for (std::size_t b = 0; b < out.size(); ++b) {
      const SoundBus& bus = buses[b];
      const bool alone = bus.kind == SoundBusKind::Monitor && now.listening;
      float gate = 0;
      if (strip &&
          barred_now(now, never(show, *place.input, strip->sound, bus), *place.input, *strip, bus,
                     seen) == SoundBar::None &&
          (bus.kind != SoundBusKind::Monitor || alone || place.fader > 0))
        gate = (alone ? 1.0F : own) * place.sends[b].howl;
      float level = on_air;
      if (bus.kind == SoundBusKind::RecordClean) level = place.automix;
      // The hall's desk sets how loud the hall is; a rider would pull at its gain before feedback.
      if (bus.kind == SoundBusKind::Venue) level = place.duck;
      if (alone) level = 1;
      place.sends[b].add(processed[i], gate, level, out[b]);
    }
  }
}

// The strip's own latency is as long as the ramp: what is still in it is all there is to fade.
void AudioMixer::Impl::fade_out(std::span<AudioBlock> out) {
  if (faded) return;
  for (Place& place : leaving) {
    group.silence();
    place.strip->process(group);
    for (std::size_t b = 0; b < out.size(); ++b)
      place.sends[b].add(group, 0, place.sends[b].level, out[b]);
  }
  faded = true;
}

AudioMixer::AudioMixer(const Show& show) : impl_(std::make_unique<Impl>()) { impl_->arrange(show); }
AudioMixer::~AudioMixer() = default;

void AudioMixer::arrange(const Show& show) { impl_->arrange(show); }
const std::vector<SoundBus>& AudioMixer::bus_list() const { return impl_->buses; }
const AudioMeters& AudioMixer::meters() const { return impl_->meters; }
void AudioMixer::begin_programme() { impl_->loudness.begin_programme(); }

void AudioMixer::duck(std::size_t strip, std::size_t bus, double db) {
  if (strip < impl_->places.size() && bus < impl_->buses.size())
    impl_->places[strip].sends[bus].howl = linear(-db);
}

void AudioMixer::mix(const Show& show, const LiveState& live, MediaTime at,
                     std::span<const AudioBlock> inputs, std::span<AudioBlock> buses) {
  Impl& m = *impl_;
  const std::size_t count = std::min({m.places.size(), live.strips.size(), inputs.size()});
  const std::span<AudioBlock> out = buses.first(std::min(buses.size(), m.buses.size()));
  for (AudioBlock& bus : buses) bus.silence();
  const SoundSituation now = sound_situation(show, live);
  const SoundSnapshot* snapshot = find_by_id(show.sound.snapshots, live.sound_snapshot);
  const LoudnessTarget& target = snapshot && snapshot->music ? show.sound.music : show.sound.speech;

  m.name_inputs(show, live, count);
  m.process(live, inputs, count);
  m.share(show, live, now, at, count);
  m.ride(live, target, count);
  m.lower(live, count);
  m.send(show, live, now, at, count, out);
  m.fade_out(out);

  for (std::size_t b = 0; b < out.size(); ++b) {
    const SoundBusState* state = b < live.sound_buses.size() ? &live.sound_buses[b] : nullptr;
    ramp(out[b], m.bus_places[b].gain,
         !state         ? 1.0F
         : state->muted ? 0.0F
                        : fader(state->gain.value));
    m.bus_places[b].limiter->process(out[b], show.sound.most_dbtp);
    SoundBusMeter& shown = m.meters.buses[b];
    show_peaks(levels_of(out[b]), shown.peak_db);
    shown.limiter_db = m.bus_places[b].limiter->reduction_db();
  }

  ProgramSound& program = m.meters.program;
  if (!out.empty()) {
    m.loudness.add(out[kProgramBus]);
    std::copy_n(m.meters.buses[kProgramBus].peak_db, 2, program.peak_db);
  }
  program.momentary_lufs = m.loudness.momentary_lufs();
  program.short_term_lufs = m.loudness.short_term_lufs();
  program.integrated_lufs = m.loudness.integrated_lufs();
  program.true_peak_dbtp = m.loudness.true_peak_dbtp();
  program.target = target;
  program.word = loudness_word(m.loudness.heard_lufs(), target, program.word);
}

}  // namespace kakehashi
