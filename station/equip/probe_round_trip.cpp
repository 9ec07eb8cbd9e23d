// SPDX-License-Identifier: GPL-3.0-or-later
// The round trip of sound: a quiet measuring signal is played on an output and heard on the input
// that a cable connects to it. Only when asked for, since the hall may hear it.
#include <algorithm>

#include "capture/devices.h"
#include "core/clock.h"
#include "core/log.h"
#include "station/equip/probe_rows.h"
#include "station/equip/round_trip.h"
#include "station/equip/sound_ear.h"
#include "station/equip/stream_line.h"
#include "venue/tone_player.h"

namespace kakehashi {
namespace {

constexpr int kRate = 48000;
constexpr Duration kFirstSound = Duration::seconds(2), kSettle = Duration::milliseconds(300);
constexpr double kOpeningSeconds = 3;

bool can_hear(const Input& input) {
  return input.audio && input.source && input.source->kind == "microphone";
}

// The output that was named for this role; empty: the one beside its input.
std::optional<std::string> output_named(const ProbeTask& task, const Input& input) {
  if (task.loops.empty()) return std::string();
  for (const std::string& loop : task.loops)
    if (const auto equals = loop.find('='); loop.substr(0, equals) == input.id)
      return equals == std::string::npos ? std::string() : loop.substr(equals + 1);
  return std::nullopt;
}

Result<SoundOutput> find_output(const ProbeTask& task, const Input& input) {
  const auto present = list_sound_outputs();
  const std::string word = output_named(task, input).value_or("");
  if (!word.empty()) return choose_sound_output(word, present);
  const auto pcm = alsa_word_of(*input.source, others_of(task, input));
  if (!pcm.ok()) return pcm.error();
  return output_beside(*pcm, present);
}

class RoundTrip {
 public:
  RoundTrip(const Input& input, const ProbeTask& task, const ProbeReport& report)
      : input_(input), task_(task), report_(report), signal_(task.quick) {}

  RoundTripFigures run() {
    const auto output = find_output(task_, input_);
    RoundTripFigures f;
    if (!output.ok()) return refused(f, output.error());
    f.output = output->name;
    auto player = TonePlayer::open(*output, kRate);
    if (!player.ok()) return refused(f, player.error());
    TestEar ear(input_, task_, clock_, clock_.now());
    f.opened_input = ear.opened();
    f.why = ear.why();
    f.device = ear.device();
    f.played = true;
    if (!ear.opened()) return f;
    wait(kFirstSound, [&] { return ear.rate() > 0 && ear.sync().status(clock_.now()).flowing; });
    wait(kSettle, [] { return false; });
    ear.count_from_here(true);
    TonePlayer& tone = **player;
    if (Status s = tone.play(signal_.samples(tone.rate())); !s.ok()) return refused(f, s.error());
    const Text now{"小さな試験音を流しています。そのままお待ちください",
                   "A quiet test sound is played; please wait"};
    const MediaTime began = clock_.now();
    double told = -1;
    wait(Duration::from_seconds(signal_.seconds() + 2), [&] {
      ear.poll();
      const double part = (clock_.now() - began).to_seconds() / signal_.seconds();
      if (part - told > 0.02) report_.progress(std::min(1.0, told = part), now);
      return tone.done() || tone.broke() || ear.broke();
    });
    f.played = tone.done();
    f.broke = ear.broke();
    f.why = ear.why();
    const EarRecording heard = ear.recording();
    StreamLine out(tone.rate());
    std::int32_t before = 0;
    for (const auto& piece : tone.pieces()) {
      out.add(before, piece.at);
      before = piece.frames;
    }
    LoopRecording r{heard.channels, heard.rate,      {heard.side[0], heard.side[1]},
                    heard.began_s,  heard.drift_ppm, out.time_of(0),
                    out.ppm()};
    f.in_ppm = heard.drift_ppm;
    f.out_ppm = out.ppm();
    f.lost = heard.lost + tone.underflows();
    if (f.played && !f.broke) analyse_round_trip(signal_, r, f);
    return f;
  }

 private:
  static RoundTripFigures refused(RoundTripFigures& f, const Error& error) {
    log_warning("equip", error.message);
    f.played = false;
    f.no_output = error.kind == ErrorKind::NotFound;
    return f;
  }

  // Until `enough`, which is asked every 50 ms, at most for `longest`.
  template <class Enough>
  void wait(Duration longest, Enough enough) {
    const MediaTime end = clock_.now() + longest;
    while (!(task_.stop && *task_.stop) && clock_.now() < end && !enough())
      clock_.sleep_until(clock_.now() + Duration::milliseconds(50));
  }

  const Input& input_;
  const ProbeTask& task_;
  const ProbeReport& report_;
  MonotonicClock clock_;
  const LoopSignal signal_;
};

double seconds(const ProbeTask& task) {
  if (!task.loop) return 0;
  const bool wanted = std::any_of(task.inputs.begin(), task.inputs.end(), [&](const Input& i) {
    return can_hear(i) && output_named(task, i).has_value();
  });
  return wanted ? kOpeningSeconds + LoopSignal(task.quick).seconds() : 0;
}

void run(const ProbeTask& task, const ProbeReport& report) {
  if (!task.loop) return;
  for (const Input& input : task.inputs) {
    if (!can_hear(input) || !output_named(task, input) || (task.stop && *task.stop)) continue;
    const std::string en = input.name.pick(Language::English);
    report.progress(0, {"これから小さな試験音を流します：「" + input.name.ja + "」",
                        "A quiet test sound is about to be played: " + en});
    const RoundTripFigures figures = RoundTrip(input, task, report).run();
    if (!(task.stop && *task.stop)) report.item(judge_round_trip(input, figures));
  }
}

}  // namespace

Probe round_trip_probe() {
  return {"round_trip",
          {"音の往復を試しています", "Testing the round trip of sound"},
          can_hear,
          seconds,
          run};
}

}  // namespace kakehashi
