// SPDX-License-Identifier: GPL-3.0-or-later
// The sound desk without a window: words, sets, one strip's details, outputs, and a microphone set
// up by talking.
#include <doctest/doctest.h>

#include <algorithm>

#include "fixture.h"
#include "gui/sound_panels.h"

namespace kakehashi::testing {

TEST_CASE("what keeps a strip silent comes before how loud it is") {
  Snapshot s = lecture();
  StripStatus& strip = s.strips[1];
  const auto says = [&] { return look_of(s, strip, LevelWord::Loud).word; };
  CHECK(says() == Word::Loud);
  strip.heard = false;
  CHECK(says() == Word::Closed);
  CHECK(look_of(s, strip, LevelWord::Loud).quiet);
  strip.gain_db = -60;
  CHECK(says() == Word::FaderDown);
  strip.muted = true;
  CHECK(says() == Word::Muted);
  strip.findings = {finding("hum", Severity::Notice, name("音", "Sound"), {})};
  CHECK(says() == Word::Muted);  // a notice asks for no hand
  strip.findings.push_back(finding("muted_talk", Severity::Caution, name("声", "Voice"), {}));
  CHECK(says() == Word::HearMutedTalk);
  strip.findings.push_back(finding("something_new", Severity::Fault, name("音", "Sound"), {}));
  CHECK(says() == Word::HearOther);
  s.microphones_live = {strip.id};
  CHECK(says() == Word::CardLiveMic);
}

TEST_CASE("a kind of sound brings its own treatment and keeps what belongs to the place") {
  StripSettings now = settings_of(ProcessingSet::Ambience);
  now.trim_db += 4;
  now.delay_ms = 40;
  now.rights = Rights::VenueOnly;
  now.group = "panel";
  now.invert = now.mono = now.follow_picture = true;
  const StripSettings speech = with_set(now, ProcessingSet::Speech);
  StripSettings wanted = settings_of(ProcessingSet::Speech);
  wanted.trim_db = 4;
  wanted.delay_ms = 40;
  wanted.rights = Rights::VenueOnly;
  wanted.group = "panel";
  wanted.invert = wanted.mono = wanted.follow_picture = true;
  CHECK(speech == wanted);
}

TEST_CASE("a sound set is one press, and two seconds where it opens a microphone under a card") {
  {
    HeldDesk d(lecture());
    REQUIRE(d.click("sound_set.a_mc"));
    REQUIRE(d.only<RecallSound>());
    CHECK(d.only<RecallSound>()->snapshot == "a_mc");
    d.out.clear();
    REQUIRE(d.click("sound_set.a_talk"));  // on already: puts right what was changed by hand
    CHECK(d.only<RecallSound>());
  }
  HeldDesk d(lecture_at_break());
  d.click("sound_set.a_talk");
  CHECK(d.out.empty());
  d.hold("sound_set.a_talk", 2.3);
  CHECK(d.only<RecallSound>());
  d.out.clear();
  REQUIRE(d.click("sound_set.a_card"));  // opens none
  CHECK(d.only<RecallSound>());
}

TEST_CASE("more sets than fit stand on further pages, the one in force comes into sight") {
  HeldDesk d(lecture(), 1366, 768);
  CHECK(d.find("sound_set.a_talk"));
  CHECK_FALSE(d.find("sound_set.a_remote"));
  d.snapshot.sound_snapshot = "a_remote";
  d.step();
  CHECK(d.find("sound_set.a_remote"));
  std::vector<std::string> seen;
  for (int i = 0; i < 8; ++i) {
    for (const Item& item : d.items)
      if (item.id.starts_with("sound_set.a_")) seen.push_back(item.id);
    REQUIRE(d.click("sound_set.more"));
    d.step();
  }
  for (const SoundSnapshotStatus& set : d.snapshot.sound_snapshots)
    CHECK(std::find(seen.begin(), seen.end(), "sound_set." + set.id) != seen.end());
  CHECK(d.out.empty());
}

TEST_CASE("what a set keeps closed is opened by hand, a microphone under a card is not") {
  Snapshot s = lecture();
  s.strips[3].muted = false;
  s.strips[3].open = s.strips[3].heard = false;
  {
    HeldDesk d(s);
    d.click("mute.mic_floor");
    REQUIRE(d.only<SetMute>());
    CHECK_FALSE(d.only<SetMute>()->muted);
  }
  s.program = "card_break";
  HeldDesk d(s);
  d.click("mute.mic_floor");
  REQUIRE(d.only<SetMute>());
  CHECK(d.only<SetMute>()->muted);
}

TEST_CASE("one strip: kind of sound, headphones, where it goes, and back") {
  HeldDesk d(lecture());
  d.snapshot.strips[1].sound.delay_ms = 25;
  REQUIRE(d.click("strip.mic_host"));
  d.step();
  CHECK(d.out.empty());
  CHECK_FALSE(d.find("strip.mic_pa"));
  REQUIRE(d.click("set.music"));
  REQUIRE(d.only<SetStrip>());
  CHECK(d.only<SetStrip>()->strip == "mic_host");
  CHECK(d.only<SetStrip>()->sound.set == ProcessingSet::Music);
  CHECK(d.only<SetStrip>()->sound.delay_ms == 25);
  d.out.clear();
  d.click("set.speech");  // is one
  CHECK(d.out.empty());
  REQUIRE(d.click("listen.mic_host"));
  REQUIRE(d.only<Listen>());
  CHECK(d.only<Listen>()->on);
  d.out.clear();
  ImGui::GetIO().MousePos = {d.layout.audio.x + 200, d.layout.audio.bottom() - 60};
  for (int i = 0; i < 20; ++i) {
    ImGui::GetIO().MouseWheel = -1;
    d.step();
  }
  ImGui::GetIO().MouseWheel = 0;
  d.step();
  REQUIRE(d.click("send.return.zoom"));  // reaches it now
  REQUIRE(d.only<SetSend>());
  CHECK(d.only<SetSend>()->bus == "return.zoom");
  CHECK_FALSE(d.only<SetSend>()->on);
  d.out.clear();
  REQUIRE(d.click("send.venue"));
  CHECK(d.only<SetSend>()->on);
  d.out.clear();
  REQUIRE(d.click("strip.back"));
  d.step();
  CHECK(d.find("strip.mic_pa"));
  CHECK(d.out.empty());
}

TEST_CASE(
    "trim, pan, delay and tone are there for those who ask for figures, and for nobody else") {
  HeldDesk d(lecture());
  d.click("strip.mic_host");
  d.step();
  CHECK_FALSE(d.find("knob.trim.mic_host"));
  d.ui.figures = true;
  const auto scroll_to = [&](const std::string& item) {
    d.ui.scroll.clear();
    ImGui::GetIO().MousePos = {d.layout.audio.x + 200, d.layout.audio.bottom() - 60};
    for (int i = 0; i < 40 && !d.find(item); ++i) {
      ImGui::GetIO().MouseWheel = -1;
      d.step();
    }
    ImGui::GetIO().MouseWheel = 0;
    d.step();
  };
  const auto turned = [&](const char* knob, Key key) {
    d.out.clear();
    const std::string item = std::string("knob.") + knob + ".mic_host";
    scroll_to(item);
    d.ui.focus = item;
    d.press(key);
    REQUIRE(d.only<SetStrip>());
    CHECK(d.only<SetStrip>()->strip == "mic_host");
    return d.only<SetStrip>()->sound;
  };
  StripSettings& now = d.snapshot.strips[1].sound;
  StripSettings wanted = now;
  wanted.trim_db += 1;
  CHECK(turned("trim", Key::Right) == wanted);
  wanted = now;
  wanted.pan = -0.1;
  CHECK(turned("pan", Key::Left) == wanted);
  wanted = now;
  wanted.delay_ms = 5;
  CHECK(turned("delay", Key::Right) == wanted);
  now.delay_ms = 1000;
  CHECK(turned("delay", Key::Right).delay_ms == 1000);  // its end
  now.delay_ms = 0;
  wanted = now;
  wanted.eq[2].gain_db = -1;
  CHECK(turned("3", Key::Left) == wanted);
  // Pitch and width of one band at a time; a shelf has no width.
  d.ui.tone_band = 1;
  wanted = now;
  wanted.eq[1].hz *= 1.05;
  CHECK(turned("pitch", Key::Right).eq[1].hz == doctest::Approx(wanted.eq[1].hz));
  CHECK(turned("width", Key::Right).eq[1].q == doctest::Approx(now.eq[1].q + 0.1));
  d.ui.tone_band = 0;
  scroll_to("knob.width.mic_host");
  CHECK_FALSE(d.find("knob.width.mic_host"));
  now.eq[2].gain_db = 6;
  d.out.clear();
  scroll_to("tone.flat");
  REQUIRE(d.click("tone.flat"));
  REQUIRE(d.only<SetStrip>());
  CHECK(d.only<SetStrip>()->sound.eq[2].gain_db == 0);
}

TEST_CASE("one strip's kind and where it goes, and five buses, are seen without scrolling") {
  for (const auto& [w, h] : {std::pair{1920, 1080}, std::pair{1366, 768}}) {
    CAPTURE(w);
    Snapshot s = lecture();
    s.sound_buses.resize(std::min<std::size_t>(s.sound_buses.size(), 5));
    HeldDesk d(s, w, h);
    const auto seen = [&](const std::string& id) {
      const Item* item = d.find(id);
      CAPTURE(id);
      REQUIRE(item);
      CHECK(item->box.y >= d.layout.audio.y);
      CHECK(item->box.bottom() <= d.layout.audio.bottom());
    };
    d.click("strip.mic_host");
    d.step();
    for (const SoundBusStatus& bus : s.sound_buses) seen("send." + bus.id);
    for (const std::string_view set : kProcessingSetNames) seen("set." + std::string(set));
    d.click("strip.back");
    d.step();
    d.click("sound.places");
    d.step();
    for (const SoundBusStatus& bus : s.sound_buses) seen("bus_mute." + bus.id);
  }
}

TEST_CASE("the details of a strip that went with its event give way") {
  HeldDesk d(lecture());
  d.click("strip.mic_host");
  d.snapshot.strips.erase(d.snapshot.strips.begin() + 1);
  d.step();
  CHECK(d.ui.strip.empty());
  CHECK(d.find("strip.mic_pa"));
}

TEST_CASE("outputs: level and mute of a bus") {
  HeldDesk d(lecture());
  REQUIRE(d.click("sound.places"));
  d.step();
  d.snapshot.sound_buses[0].gain_db = -3;
  REQUIRE(d.click("bus_mute.program"));
  REQUIRE(d.only<SetSoundBus>());
  CHECK(d.only<SetSoundBus>()->bus == "program");
  CHECK(d.only<SetSoundBus>()->muted);
  CHECK(d.only<SetSoundBus>()->gain.value == -3);  // not moved by the mute
  d.out.clear();
  d.ui.focus = "bus_fader.venue";
  d.press(Key::Left);
  REQUIRE(d.only<SetSoundBus>());
  CHECK(d.only<SetSoundBus>()->gain.value == -1);
  CHECK_FALSE(d.only<SetSoundBus>()->muted);
}

TEST_CASE("a microphone by talking: device, channel, pair, kind") {
  HeldDesk d(lecture_being_prepared());
  d.click("stage.prepare");
  REQUIRE(d.click("role.mic_floor"));
  CHECK_FALSE(d.find("channel.1"));  // no device yet
  REQUIRE(d.click("device.snd-2"));
  REQUIRE(d.only<BindRole>());
  CHECK(d.only<BindRole>()->channels == 0);
  d.out.clear();
  REQUIRE(d.click("role.mic_speaker"));  // has channel 2 of it
  REQUIRE(d.click("channel.3"));
  REQUIRE(d.only<BindRole>());
  CHECK(d.only<BindRole>()->input == "mic_speaker");
  CHECK(d.only<BindRole>()->device == "snd-2");
  CHECK(d.only<BindRole>()->first_channel == 3);
  CHECK(d.only<BindRole>()->channels == 1);
  d.out.clear();
  REQUIRE(d.click("channels.two"));
  d.step();
  CHECK_FALSE(d.find("channel.2"));
  REQUIRE(d.click("channel.7"));
  CHECK(d.only<BindRole>()->first_channel == 7);
  CHECK(d.only<BindRole>()->channels == 2);
  d.out.clear();
  REQUIRE(d.click("set.line"));
  CHECK(d.only<SetStrip>()->sound.set == ProcessingSet::Line);
  d.out.clear();
  d.snapshot.live = true;
  d.step();
  d.click("channel.1");
  CHECK(d.out.empty());
}

TEST_CASE("where sound comes out: a device and its pair, or nowhere") {
  HeldDesk d(lecture_being_prepared());
  d.click("stage.prepare");
  CHECK_FALSE(d.find("role.outlet:program"));  // nobody plugs a speaker into the stream
  REQUIRE(d.click("role.outlet:venue"));
  REQUIRE(d.click("output.out-3.3"));
  REQUIRE(d.only<BindSoundOutput>());
  CHECK(d.only<BindSoundOutput>()->bus == "venue");
  CHECK(d.only<BindSoundOutput>()->device == "out-3");
  CHECK(d.only<BindSoundOutput>()->first_channel == 3);
  d.out.clear();
  d.click("output.out-2.1");  // plays there now
  CHECK(d.out.empty());
  REQUIRE(d.click("output.none"));
  CHECK(d.only<BindSoundOutput>()->device.empty());
  d.snapshot.sound_outputs.clear();  // unplugged while the hand is over it
  d.step();
  CHECK(d.find("output.none"));
}

TEST_CASE("the sound desk fits every window") {
  // Scrolled rows go on under what is below them.
  const auto scrolls = [](const std::string& id) {
    for (const char* part : {"role.", "overlay", "timer", "caption", "bus_", "fader.", "strip.",
                             "mute.", "device.", "set.", "send.", "listen.", "input."})
      if (id.starts_with(part)) return true;
    return false;
  };
  enum View { Rows, Strip, Places, Microphone, Outlet, Count };
  for (const auto& [w, h, scale] :
       {std::tuple{1366.F, 768.F, 1.F}, std::tuple{1920.F, 1080.F, 1.F},
        std::tuple{2560.F, 1440.F, 1.F}, std::tuple{1920.F, 1080.F, 1.5F}})
    for (int view = Rows; view < Count; ++view) {
      HeldDesk d(lecture_being_prepared(), w, h, fitting_scale(scale, w, h));
      if (view >= Microphone) d.ui.page = Page::Prepare;
      if (view == Strip) d.ui.strip = "mic_host";
      if (view == Places) d.ui.sound_places = true;
      if (view == Microphone) d.ui.role = "mic_speaker";
      if (view == Outlet) d.ui.role = "outlet:monitor";
      d.step();
      d.step();
      REQUIRE(d.items.size() > 6);
      for (std::size_t i = 0; i < d.items.size(); ++i) {
        const Box& a = d.items[i].box;
        CHECK_MESSAGE((a.x >= 0 && a.right() <= w && a.y >= 0 && a.bottom() <= h), d.items[i].id);
        for (std::size_t j = 0; j < i; ++j)
          if (!scrolls(d.items[i].id) && !scrolls(d.items[j].id))
            CHECK_MESSAGE(!a.overlaps(d.items[j].box), d.items[i].id << " / " << d.items[j].id);
      }
    }
}

}  // namespace kakehashi::testing
