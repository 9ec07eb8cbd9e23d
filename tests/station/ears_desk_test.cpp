// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/ears_desk.h"

#include <doctest/doctest.h>

#include <cmath>
#include <optional>

#include "station/snapshot_maker.h"
#include "tests/station/hand_feed.h"
#include "tests/support/wait.h"

using namespace kakehashi;
using kakehashi::testing::HandEvent;
using kakehashi::testing::wait_until;

namespace {

// mix.audio by hand, as fast as the ears follow.
struct Rig {
  explicit Rig(bool duck = false) {
    live = initial_state(event.show);
    live.strips[0].open = true;
    publish();
    desk.emplace(moment, epoch, duck);
    snapshot.live = true;
    snapshot.inputs.push_back({.id = "mic"});
    StripStatus strip;
    strip.id = "mic";
    strip.name = {"司会マイク", "MC mic"};
    snapshot.strips.push_back(strip);
    report();
  }
  void publish() {
    event.publish(moment, live);
    mixer = std::make_unique<AudioMixer>(*moment.load()->stage->show);
    buses.assign(mixer->bus_list().size(), {});
  }
  // One block of a tone that rises by `db_per_s` from `db`; 0: silence.
  void block(double db = -120, double db_per_s = 0) {
    input[0].position = position + kBlockSamples;
    for (std::size_t i = 0; i < kBlockSamples; ++i, ++tone) {
      const double t = static_cast<double>(tone) / kSampleRate;
      const double a = db <= -120 ? 0 : std::min(std::pow(10, (db + db_per_s * t) / 20), 0.1);
      const auto v = static_cast<float>(a * std::sin(2 * M_PI * 1200 * t));
      input[0].samples[2 * i] = input[0].samples[2 * i + 1] = v;
    }
    for (AudioBlock& bus : buses) bus.position = position;
    const auto now = moment.load();
    mixer->mix(*now->stage->show, now->live, epoch + time_of_sample(position), input, buses);
    desk->hear({*now, *mixer, input, mixer->bus_list(), buses});
    position += kBlockSamples;
    ++blocks;
  }
  void play(int count, double db = -120, double db_per_s = 0) {
    for (int i = 0; i < count; ++i) {
      block(db, db_per_s);
      if (i % 16 == 15) follow();
    }
    follow();
  }
  void follow() {
    REQUIRE(wait_until([&] { return desk->heard() + desk->left_out() == blocks; }));
  }
  // Until the ears know the show: blocks before that are left out.
  void meet() {
    const auto before = desk->heard();
    REQUIRE(wait_until([&] {
      block();
      return desk->heard() > before;
    }));
    follow();
  }
  Snapshot report() {
    Snapshot s = snapshot;
    desk->report(s);
    return s;
  }
  bool strip_says(const std::string& id) {
    return wait_until([&] {
      const Snapshot s = report();
      for (const auto& f : s.strips[0].findings)
        if (f.id == id) return true;
      return false;
    });
  }
  double program_db() const {
    double sum = 0;
    for (const float v : buses[kProgramBus].samples) sum += static_cast<double>(v) * v;
    return 10 * std::log10(sum / static_cast<double>(buses[kProgramBus].samples.size()) + 1e-12);
  }

  const MediaTime epoch{1'000'000'000};
  HandEvent event{epoch};
  LiveState live;
  Published<Moment> moment;
  std::unique_ptr<AudioMixer> mixer;
  std::vector<AudioBlock> input{1}, buses;
  Snapshot snapshot;
  std::optional<EarsDesk> desk;
  std::int64_t position = 0, tone = 0;
  std::uint64_t blocks = 0;
};

}  // namespace

TEST_CASE("silence reaches the snapshot and the messages, once somebody listens") {
  Rig rig;
  rig.snapshot.live = false;
  rig.report();
  rig.meet();
  rig.play(1100);
  CHECK(rig.report().sound_findings.empty());
  rig.snapshot.live = true;
  rig.report();
  rig.play(1100);
  Snapshot s;
  REQUIRE(wait_until([&] {
    s = rig.report();
    return !s.sound_findings.empty();
  }));
  CHECK(s.sound_findings[0].id == "no_sound");
  CHECK(s.sound_findings[0].severity == Severity::Fault);
  const auto messages = messages_for(s);
  REQUIRE_FALSE(messages.empty());
  CHECK(messages[0].id == "sound.no_sound");
  CHECK(messages[0].action.ja == "「mic」のスイッチと音量を確認してください。");
}

TEST_CASE(
    "a howl is told on its strip, and its send is lowered by 12 dB only where that is wished") {
  double db[2];
  for (const bool duck : {false, true}) {
    Rig rig(duck);
    rig.meet();
    rig.tone = 0;
    rig.play(220, -70, 40);
    CHECK(rig.strip_says("howl"));
    rig.play(60, -70, 40);
    db[duck] = rig.program_db();
    rig.play(600);
    CHECK(wait_until([&] { return rig.report().strips[0].findings.empty(); }));
    rig.tone = 0;
    rig.play(30, -20, 0);  // a voice after it is as loud as ever
    if (duck) CHECK(rig.program_db() > -40);
  }
  CHECK(db[1] == doctest::Approx(db[0] - 12).epsilon(0.05));
}

TEST_CASE("ears that fall behind leave blocks out and never hold mix.audio up") {
  Rig rig;
  rig.meet();
  const auto before = rig.desk->left_out();
  for (int i = 0; i < 2000; ++i)
    rig.desk->hear({*rig.moment.load(), *rig.mixer, rig.input, rig.mixer->bus_list(), rig.buses});
  rig.blocks += 2000;
  CHECK(rig.desk->left_out() > before);
  rig.follow();
}

TEST_CASE("another show: the ears go over to it, blocks of the one before are left out") {
  Rig rig;
  rig.meet();
  rig.event.show.inputs[0].audio = true;
  rig.live = initial_state(rig.event.show);
  rig.input.resize(2);
  rig.publish();
  rig.meet();
  CHECK(rig.desk->heard() > 1);
}

TEST_CASE("what a device says already is not said twice") {
  Rig rig;
  rig.meet();
  rig.tone = 0;
  rig.play(220, -70, 40);
  CHECK(rig.strip_says("howl"));
  rig.snapshot.inputs[0].findings.push_back({"howl", Severity::Caution, {}, {}});
  CHECK(rig.report().strips[0].findings.empty());
  rig.snapshot.inputs[0].findings = {{"one_sided", Severity::Caution, {}, {}}};
  CHECK(rig.report().inputs[0].findings.size() == 1);
  rig.snapshot.strips[0].sound.mono = true;
  CHECK(rig.report().inputs[0].findings.empty());
}
