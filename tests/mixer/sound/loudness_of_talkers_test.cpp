// SPDX-License-Identifier: GPL-3.0-or-later
// The whole sound desk as it is delivered: people speak one after another, loud and quiet, and what
// leaves is even, by its figures and by its word.
#include <doctest/doctest.h>

#include "tests/mixer/sound/crowd.h"
#include "tests/mixer/sound_desk_rig.h"
#include "tests/support/speech_material.h"

namespace kakehashi {
namespace {

using testing::Rig;
using testing::Voice;

struct Panel {
  Panel() : rig({"mic_1", "mic_2", "mic_3"}) {
    for (Input& i : rig.show.inputs) i.sound = settings_of(ProcessingSet::Speech);
    rig.begin();
    for (std::uint32_t i = 0; i < 3; ++i) air.push_back(testing::room_noise(4, -66, i + 1));
  }
  // That microphone is spoken into, the others overhear it by -15 dB, from a metre away.
  void speak(std::size_t mic, const std::vector<float>& sound, double db) {
    std::vector<float> overheard(140, 0.0F);
    overheard.insert(overheard.end(), sound.begin(), sound.end());
    for (std::size_t n = 0; n < sound.size() / kBlockSamples; ++n) {
      for (std::size_t i = 0; i < 3; ++i) {
        rig.in[i] = testing::block_of(air[i], n % 400);
        const AudioBlock voice = testing::block_of(i == mic ? sound : overheard, n);
        const auto gain = static_cast<float>(std::pow(10, (i == mic ? db : db - 15) / 20));
        for (std::size_t k = 0; k < voice.samples.size(); ++k)
          rig.in[i].samples[k] += gain * voice.samples[k];
      }
      rig.run();
      const ProgramSound& now = program();
      peak = std::max(peak, now.true_peak_dbtp);
      ++words[static_cast<std::size_t>(now.word)];
    }
  }
  const ProgramSound& program() const { return rig.mixer->meters().program; }
  // From here on.
  void measure() {
    rig.mixer->begin_programme();
    words = {};
  }
  double share(LoudnessWord word) const {
    int all = 0;
    for (const int w : words) all += w;
    return static_cast<double>(words[static_cast<std::size_t>(word)]) / all;
  }

  Rig rig;
  std::vector<std::vector<float>> air;
  double peak = -120;
  std::array<int, 4> words{};
};

TEST_CASE("talker after talker leaves at the target, just right by its word") {
  Panel panel;
  struct Turn {
    std::size_t mic;
    Voice voice;
    double db;  // against -26 dBFS
  };
  for (const Turn& turn : {Turn{0, Voice::Host, 0}, Turn{1, Voice::Guest, -5},
                           Turn{2, Voice::English, 8}, Turn{0, Voice::Host, 0}}) {
    CAPTURE(turn.mic);
    panel.speak(turn.mic, testing::speech_for(turn.voice, 15), turn.db);
    panel.measure();
    panel.speak(turn.mic, testing::speech_for(turn.voice, 20), turn.db);
    CHECK(std::abs(panel.program().integrated_lufs - panel.program().target.lufs) <= 2);
    CHECK(panel.share(LoudnessWord::Good) > 0.9);
  }
  CHECK(panel.peak <= panel.rig.show.sound.most_dbtp);
}

TEST_CASE("words for what is wrong: much too faint, much too loud, nothing") {
  Panel panel;
  for (StripState& s : panel.rig.live.strips) s.sound.rider_db = 0;
  panel.speak(1, testing::speech_for(Voice::Guest, 4), -20);
  CHECK(panel.program().word == LoudnessWord::Quiet);
  panel.rig.live.strips[1].gain = {12};
  panel.speak(1, testing::speech_for(Voice::Guest, 4), 12);
  CHECK(panel.program().word == LoudnessWord::Loud);
  panel.rig.live.strips[0].muted = panel.rig.live.strips[1].muted = panel.rig.live.strips[2].muted =
      true;
  panel.speak(1, testing::speech_for(Voice::Guest, 4), 0);
  CHECK(panel.program().word == LoudnessWord::Silent);
}

TEST_CASE("the target is the snapshot's: music has its own") {
  Panel panel;
  panel.rig.show.sound.snapshots.push_back({"concert", {}, {"mic_1"}, false, true, {}});
  panel.rig.live.sound_snapshot = "concert";
  panel.rig.run();
  CHECK(panel.program().target == panel.rig.show.sound.music);
}

}  // namespace
}  // namespace kakehashi
