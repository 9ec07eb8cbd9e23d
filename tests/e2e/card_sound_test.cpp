// SPDX-License-Identifier: GPL-3.0-or-later
// Nobody hears the hall under a card: a microphone that never stops, measured by ffmpeg's astats in
// what a real RTMP server recorded and in our own two recordings.
#include <doctest/doctest.h>

#include <algorithm>
#include <optional>

#include "tests/e2e/media.h"
#include "tests/e2e/station.h"
#include "tests/support/nginx_rtmp.h"

using namespace kakehashi;
using namespace kakehashi::testing;
using namespace std::chrono_literals;

namespace {

constexpr int kWidth = 640, kHeight = 360;
constexpr double kClosed = -80, kOpen = -50;  // dBFS, peak of 10 ms
constexpr double kWithin = 0.050;             // s

// The card is white: the pictures say by themselves when it stands there.
const char* const kEvent = R"({
  "kakehashi_event": 1, "id": "card", "title": "card",
  "canvas": {"width": 640, "height": 360, "fps": 30},
  "inputs": [
    {"id": "cam", "source": {"kind": "test", "pattern": "moving"}},
    {"id": "mic", "video": false, "audio": true, "microphone": true,
     "source": {"kind": "test", "beep": false, "tone_hz": 440}},
    {"id": "guest", "video": false, "audio": true, "microphone": true, "partner": "zoom",
     "sound": {"set": "remote"}, "source": {"kind": "test", "beep": false, "tone_hz": 700}}],
  "scenes": [
    {"id": "s_talk", "layers": [{"input": "cam"}], "sound": "A_TALK"},
    {"id": "s_break", "card": "break", "sound": "A_CARD"}],
  "sound": {"venue": ["guest"], "snapshots": [
    {"id": "A_TALK", "open": ["mic", "guest"]},
    {"id": "A_MC", "open": ["mic"]},
    {"id": "A_CARD", "mics_off": true}]},
  "cards": [{"id": "break", "kind": "break", "title": "休憩", "background": "#FFFFFF"}],
  "emergency_card": "break",
  "encode": {"video_kbps": 1500, "preset": "ultrafast"},
  "record": {"with_stream": true, "clean": true},
  "destinations": [{"id": "main", "name": "main", "kind": "rtmp", "url": "@URL@"}]
})";

struct Span {
  double from = 0, to = 0;
};

// When the card stands in the picture, by the pictures' own times.
std::vector<Span> cards_seen(const std::string& path) {
  const MediaFile file = probe(path);
  std::vector<Span> spans;
  bool before = false;
  each_picture(path, kWidth, kHeight, [&](int n, const std::uint8_t* luma) {
    const bool card = mean_luma(luma, kWidth, {0, 0, kWidth, kHeight / 8}) > 200;
    const double at = file.video[static_cast<std::size_t>(n)].pts;
    if (card && !before) spans.push_back({at, at});
    if (card) spans.back().to = at;
    before = card;
  });
  return spans;
}

// Stretches of at least a quarter of a second in which nothing is louder than kClosed.
std::vector<Span> silences(const std::vector<LevelAt>& levels) {
  std::vector<Span> spans;
  std::optional<Span> now;
  for (const LevelAt& l : levels) {
    if (l.peak_db <= kClosed) {
      if (!now) now = Span{l.at, l.at};
      now->to = l.at + 0.010;
    } else if (now) {
      if (now->to - now->from >= 0.25) spans.push_back(*now);
      now.reset();
    }
  }
  if (now && now->to - now->from >= 0.25) spans.push_back(*now);
  return spans;
}

// Seconds from the last loud moment before `closed` until nothing is left.
double fall(const std::vector<LevelAt>& levels, const Span& closed) {
  double last = 0;
  for (const LevelAt& l : levels)
    if (l.at < closed.from && l.peak_db > kOpen) last = l.at + 0.010;
  return closed.from - last;
}

void is_silent_under_cards(const std::string& path) {
  CAPTURE(path);
  const std::vector<Span> cards = cards_seen(path);
  const std::vector<LevelAt> levels = levels_10ms(path);
  const std::vector<Span> quiet = silences(levels);
  std::string seen;
  for (const Span& s : quiet)
    seen += " " + std::to_string(s.from) + ".." + std::to_string(s.to) + " (fell in " +
            std::to_string(fall(levels, s) * 1000) + " ms)";
  MESSAGE("silent:" << seen);
  REQUIRE(cards.size() == 2);  // the break, and the emergency card
  // In the break: until the cue, after the cue, and once more at the emergency card.
  REQUIRE(quiet.size() == 3);
  for (const Span& s : quiet) CHECK(fall(levels, s) <= kWithin);
  MESSAGE("after the card's first picture: " << (quiet[0].from - cards[0].from) * 1000 << " ms, "
                                             << (quiet[2].from - cards[1].from) * 1000 << " ms");
  CHECK(quiet[0].from <= cards[0].from + kWithin);
  CHECK(quiet[1].from > quiet[0].to);
  CHECK(quiet[1].to <= cards[0].to + 0.2);  // heard again with the next scene
  CHECK(quiet[1].to >= cards[0].to - 0.2);  // and not before it
  CHECK(quiet[2].from <= cards[1].from + kWithin);
  CHECK(quiet[2].to >= levels.back().at);  // to the end
  double announcement = -120;
  for (const LevelAt& l : levels)
    if (l.at > quiet[0].to && l.at < quiet[1].from)
      announcement = std::max(announcement, l.peak_db);
  CHECK(announcement > kOpen);
}

}  // namespace

TEST_CASE("a card closes the microphones in the stream and in both recordings") {
  const TempDir folder;
  NginxRtmp server;
  REQUIRE(server.running());
  Station station(folder, filled(kEvent, {{"URL", server.url() + "/card"}}));
  station.wish(GoLive{});
  const auto sent_more = [&](std::uint64_t n) {
    const std::uint64_t wanted = station.look().outputs[0].video_packets + n;
    return station.until([&](const Snapshot& s) { return s.outputs[0].video_packets >= wanted; });
  };
  REQUIRE(sent_more(60));
  CHECK(station.look().microphones_live.empty());

  station.wish(SelectPreview{"s_break"});
  station.wish(Take{});
  REQUIRE(sent_more(30));
  station.wish(SetMute{"mic", false});  // whatever a hand does
  station.wish(SetMute{"guest", false});
  REQUIRE(sent_more(30));
  CHECK(station.look().microphones_live.empty());

  station.wish(RecallSound{"A_MC"});
  Snapshot s = station.look();
  CHECK(s.microphones_live == std::vector<std::string>{"mic"});  // ふた中・マイク生き
  CHECK(s.sound_snapshot == "A_MC");
  REQUIRE(sent_more(30));
  station.wish(RecallSound{"A_CARD"});
  CHECK(station.look().microphones_live.empty());
  REQUIRE(sent_more(30));

  station.wish(SelectPreview{"s_talk"});
  station.wish(Take{});
  s = station.look();
  CHECK(s.sound_snapshot == "A_TALK");
  CHECK(s.strips[1].heard);
  REQUIRE(sent_more(45));
  station.wish(EmergencyOn{});
  station.wish(RecallSound{"A_MC"});  // not even a cue
  REQUIRE(sent_more(45));
  s = station.look();
  CHECK(s.microphones_live.empty());
  CHECK_FALSE(s.strips[0].heard);
  station.end();
  CHECK(station.log().find("microphones live under a card: mic") != std::string::npos);

  REQUIRE(server.recordings().size() == 1);
  is_silent_under_cards(server.recordings()[0]);
  is_silent_under_cards(s.record.path);
  is_silent_under_cards(s.record.clean_path);
}
