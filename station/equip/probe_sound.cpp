// SPDX-License-Identifier: GPL-3.0-or-later
// One sound input: some seconds of quiet, then somebody speaks. By the same road as on air.
#include "capture/source_kind.h"
#include "core/clock.h"
#include "station/equip/probe_rows.h"
#include "station/equip/sound_ear.h"
#include "station/equip/sound_listening.h"

namespace kakehashi {
namespace {

constexpr Duration kLag = Duration::milliseconds(40);  // as the mixer hears it
constexpr Duration kFirstSound = Duration::seconds(2);
constexpr Duration kSettle =
    Duration::milliseconds(600);  // a device's first click is not its noise

bool gives_sound(const Input& input) {
  if (!input.audio) return false;
  if (!input.source) return true;  // a role without a device is told
  const SourceKind* kind = find_source_kind(input.source->kind);
  return kind && kind->description.has_audio && input.source->kind != "clip";
}

double quiet_seconds(const ProbeTask& t) { return t.quick ? 2.5 : 5; }  // hum needs 2 s windows
double speaking_seconds(const ProbeTask& t) { return t.quick ? 3 : 6; }

class SoundTrial {
 public:
  SoundTrial(const Input& input, const ProbeTask& task)
      : task_(task), epoch_(clock_.now()), ear_(input, task, clock_, epoch_) {
    next_ = (clock_.now() - epoch_ - kLag).ns / 10'000'000 + 1;
  }

  bool runs() const { return ear_.opened() && !ear_.broke() && !(task_.stop && *task_.stop); }

  // Hears `length` more of it; `piece` is called for every block of 10 ms.
  template <class Tell>
  void hear(Duration length, Tell&& tell, SoundListening* into) {
    const MediaTime end = clock_.now() + length;
    for (; runs() && clock_.now() < end; ++next_) {
      const MediaTime due = epoch_ + time_of_sample(next_ * kBlockSamples) + kLag;
      clock_.sleep_until(due);
      AudioBlock block;
      block.position = next_ * kBlockSamples;
      flowed_ |= ear_.sync().read(block, due);
      if (into) into->hear(block, due - kLag + time_of_sample(kBlockSamples));
      if (next_ % 10 == 0) ear_.poll();
      tell(1 - (end - clock_.now()).to_seconds() / length.to_seconds());
    }
  }
  bool flowed() const { return flowed_; }
  // What happened to the road until now is the opening's, not the device's.
  void count_from_here() {
    gaps_before_ = gaps();
    ear_.count_from_here(false);
  }

  SoundTrialFigures figures() const {
    SoundTrialFigures f;
    f.opened = ear_.opened();
    f.broke = ear_.broke();
    f.why = ear_.why();
    f.flowed = flowed_;
    f.device = ear_.device();
    const EarRecording heard = ear_.recording();
    f.channels = heard.channels;
    f.rate = heard.rate;
    f.drift_s = heard.seconds;
    f.drift_ppm = heard.drift_ppm;
    f.gaps = gaps() - gaps_before_;
    return f;
  }

 private:
  std::uint64_t gaps() const {
    const AudioSyncStatus s = ear_.sync().status(clock_.now());
    return s.underruns + s.overruns + s.resyncs;
  }

  const ProbeTask& task_;
  MonotonicClock clock_;
  const MediaTime epoch_;
  TestEar ear_;
  bool flowed_ = false;
  std::int64_t next_ = 0;
  std::uint64_t gaps_before_ = 0;
};

void listen_to(const Input& input, const ProbeTask& task, const ProbeReport& report) {
  const std::string ja = "「" + input.name.ja + "」", en = input.name.pick(Language::English);
  const bool mouth = input.microphone || (input.source && input.source->kind == "microphone");
  const Text opening{ja + "を開いています", "Opening " + en};
  const Text quiet{ja + "：そのまま静かにしてください", en + ": please be quiet"};
  const Text speak = mouth ? Text{ja + "に向かって話してください", "Please speak into " + en}
                           : Text{ja + "で音を出してください", "Please play sound on " + en};
  report.progress(0, opening);
  SoundTrial trial(input, task);
  const auto nothing = [](double) {};
  for (int i = 0; i < 20 && trial.runs() && !trial.flowed(); ++i)
    trial.hear(kFirstSound / 20, nothing, nullptr);
  trial.hear(kSettle, nothing, nullptr);
  trial.count_from_here();
  SoundListening heard;
  double told = -1;
  const auto tell_from = [&](double from, double to, const Text& words) {
    return [&, from, to](double part) {
      const double now = from + (to - from) * part;
      if (now - told < 0.02) return;
      told = now;
      report.progress(now, words);
    };
  };
  trial.hear(Duration::from_seconds(quiet_seconds(task)), tell_from(0.1, 0.5, quiet), &heard);
  heard.begin_speaking();
  trial.hear(Duration::from_seconds(speaking_seconds(task)), tell_from(0.5, 1, speak), &heard);
  SoundTrialFigures figures = trial.figures();
  heard.tell(figures);
  report.item(judge_sound(input, figures));
}

void run(const ProbeTask& task, const ProbeReport& report) {
  for (const Input& input : task.inputs)
    if (gives_sound(input) && !(task.stop && *task.stop)) listen_to(input, task, report);
}

}  // namespace

Probe sound_probe() {
  return {"sound",
          {"音を1つずつ試しています", "Testing the sound inputs one by one"},
          gives_sound,
          [](const ProbeTask& t) { return quiet_seconds(t) + speaking_seconds(t) + 2; },
          run};
}

}  // namespace kakehashi
