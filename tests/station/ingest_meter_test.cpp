// SPDX-License-Identifier: GPL-3.0-or-later
// The receiver's measuring instruments against signals whose truth is known.
#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "station/ingest_picture.h"
#include "station/ingest_sound.h"

using namespace kakehashi;

namespace {

constexpr int kW = 640, kH = 360;

struct Camera {
  std::vector<std::uint8_t> luma = std::vector<std::uint8_t>(kW * kH, 80);
  Rect rect = frame_code_rect(kW, kH);

  DecodedPicture show(int n, const FrameCode* code, bool key = false) {
    std::fill(luma.begin(), luma.end(), static_cast<std::uint8_t>(80));
    if (code) paint_frame_code(luma.data(), kW, rect, *code);
    return {luma.data(), kW, kW, kH, Duration::milliseconds(n * 1000LL / 30), key};
  }
};

MediaTime at_ms(double ms) { return {static_cast<std::int64_t>(ms * 1e6)}; }

// `seconds` of sound in pieces of 1024 with timestamps rounded to milliseconds, as FLV has them.
template <class Signal>
void play(SoundMeter& meter, double seconds, double first_pts_s, Signal signal, int rate = 48000) {
  std::vector<float> piece(2048);
  const auto total = static_cast<std::int64_t>(seconds * rate);
  for (std::int64_t at = 0; at + 1024 <= total; at += 1024) {
    for (std::int64_t i = 0; i < 1024; ++i) {
      const double t = static_cast<double>(at + i) / rate;
      piece[static_cast<std::size_t>(2 * i)] = piece[static_cast<std::size_t>(2 * i + 1)] =
          static_cast<float>(signal(t));
    }
    const double pts = first_pts_s + static_cast<double>(at) / rate;
    meter.add({piece, 2, rate,
               Duration::milliseconds(static_cast<std::int64_t>(std::lround(pts * 1000)))});
  }
}

double sine(double t, double hz) { return std::sin(2 * std::numbers::pi * hz * t); }

}  // namespace

TEST_CASE("Latency is arrival minus the code's time, first appearances only") {
  Camera camera;
  PictureMeter meter({});
  meter.begin_session(1);
  for (int n = 0; n < 100; ++n) {
    const FrameCode code{1'000'000 + n / 2 * 66'667, static_cast<std::uint32_t>(n / 2), false};
    const auto p = camera.show(n, &code, n % 60 == 0);
    meter.add(p, at_ms(1000.0 + n / 2 * 66.667 + (n % 2 ? 500.0 : 40.0)));
  }
  IngestReport r;
  meter.fill(r);
  CHECK(r.pictures_decoded == 100);
  CHECK(r.codes_read == 100);
  CHECK(r.repeated == 50);
  CHECK(r.missing == 0);
  CHECK(r.latency_ms.count == 50);
  CHECK(r.latency_ms.median == doctest::Approx(40).epsilon(0.01));
  CHECK(r.latency_ms.max == doctest::Approx(40).epsilon(0.01));
  CHECK(r.fps == doctest::Approx(30).epsilon(0.002));
  CHECK(r.keyframe_interval_s == doctest::Approx(2.0));
  CHECK(r.width == kW);
}

TEST_CASE("Lost numbers are missing, a cut to another source is not, codes wrap") {
  Camera camera;
  PictureMeter meter({});
  meter.begin_session(1);
  int n = 0;
  const auto show = [&](std::uint32_t number) {
    const FrameCode code{number * 33'333LL, number, false};
    meter.add(camera.show(n, &code), at_ms(n * 33.3));
    ++n;
  };
  for (std::uint32_t k : {0xFFFFEU, 0xFFFFFU, 0U, 1U, 4U, 5U}) show(k);  // 2 and 3 lost
  show(70000);                                                           // another source
  show(70001);
  IngestReport r;
  meter.fill(r);
  CHECK(r.missing == 2);
  CHECK(r.repeated == 0);
}

TEST_CASE("The age of a code is right across the 44-bit wrap") {
  const std::int64_t turn = std::int64_t{1} << 44;
  CHECK(code_age({(turn + 50'000) * 1000}, {turn - 10'000, 0, false}) ==
        Duration::milliseconds(60));
  CHECK(code_age({5'000'000}, {6'000, 0, false}) == Duration::milliseconds(-1));
}

TEST_CASE("A code is found in a scaled place and again after a cut") {
  Camera camera;
  const Rect small{300, 200, 264, 12};
  PictureMeter meter({small});
  meter.begin_session(1);
  const FrameCode code{123, 7, true};
  camera.rect = small;
  PictureNote note = meter.add(camera.show(0, &code), at_ms(1));
  REQUIRE(note.code);
  CHECK(note.rect == 0);
  CHECK(note.code->number == 7);
  camera.rect = frame_code_rect(kW, kH);
  note = meter.add(camera.show(1, &code), at_ms(34));
  REQUIRE(note.code);
  CHECK(note.rect == 1);
  note = meter.add(camera.show(2, nullptr), at_ms(67));
  CHECK_FALSE(note.code);
}

TEST_CASE("A freeze is as long as the picture stands, with and without a code") {
  Camera camera;
  PictureMeter coded({}), plain({});
  coded.begin_session(1);
  plain.begin_session(1);
  for (int n = 0; n < 150; ++n) {
    const int shown = n >= 60 && n < 105 ? 60 : n;  // stands from picture 60, moves again at 105
    const FrameCode code{shown * 33'333LL, static_cast<std::uint32_t>(shown), false};
    coded.add(camera.show(n, &code), at_ms(n * 33.3));
    auto p = camera.show(n, nullptr);
    for (int y = 0; y < kH; ++y)  // a bar that moves
      std::fill_n(camera.luma.begin() + y * kW + shown * 16 % (kW - 32), 32,
                  static_cast<std::uint8_t>(200));
    plain.add(p, at_ms(n * 33.3));
  }
  IngestReport a, b;
  coded.fill(a);
  plain.fill(b);
  CHECK(a.longest_freeze_s == doctest::Approx(1.5).epsilon(0.01));
  CHECK(b.longest_freeze_s == doctest::Approx(1.5).epsilon(0.03));
}

TEST_CASE("The flash is the first picture of its run, and only when its neighbour was seen") {
  Camera camera;
  PictureMeter meter({});
  meter.begin_session(3);
  for (int n = 0; n < 91; ++n) {
    const FrameCode code{n * 33'333LL, static_cast<std::uint32_t>(n), n % 30 < 3};
    const bool hidden = n == 59;  // the second flash's neighbour
    meter.add(camera.show(n, hidden ? nullptr : &code), at_ms(n * 33.3));
  }
  REQUIRE(meter.flashes().size() == 2);
  CHECK(meter.flashes()[0].pts == Duration::milliseconds(1000));
  CHECK(meter.flashes()[1].pts == Duration::milliseconds(3000));
  CHECK(meter.flashes()[0].session == 3);
}

TEST_CASE("Beeps are placed to better than half a millisecond, in silence and in other sound") {
  for (const int rate : {48000, 44100}) {
    for (const double noise : {0.0, 0.02}) {
      CAPTURE(rate);
      CAPTURE(noise);
      SoundMeter meter;
      meter.begin_session(1);
      play(
          meter, 6.0, 0.0213,
          [&](double t) {
            const double into = std::fmod(t, 1.0) - 0.40077;  // not on any grid
            const double other = noise * (sine(t, 440) + sine(t, 3511));
            return other + (into >= 0 && into < 0.1 ? 0.5 * sine(into, 1000) : 0.0);
          },
          rate);
      REQUIRE(meter.beeps().size() == 6);
      for (const Beep& b : meter.beeps()) {
        const double at = b.pts.to_seconds() - 0.0213;
        CHECK(std::abs(std::fmod(at, 1.0) - 0.40077) < 0.0005);
      }
    }
  }
}

TEST_CASE("Levels: the tone's own and the whole sound's") {
  SoundMeter meter;
  meter.begin_session(1);
  play(meter, 5.0, 0, [](double t) { return std::fmod(t, 1.0) < 0.1 ? 0.5 * sine(t, 1000) : 0.0; });
  IngestReport r;
  meter.fill(r);
  CHECK(r.tone_dbfs == doctest::Approx(-6.02).epsilon(0.02));
  CHECK(r.rms_dbfs == doctest::Approx(-6.02 - 3.01 - 10).epsilon(0.01));
  CHECK(r.longest_silence_s == doctest::Approx(0.9).epsilon(0.03));
  CHECK(r.sound_samples_decoded == 234 * 1024);
}

TEST_CASE("A gap in the sound's timestamps is silence") {
  SoundMeter meter;
  meter.begin_session(1);
  const auto hum = [](double t) { return 0.1 * sine(t, 200); };
  play(meter, 1.0, 0, hum);
  play(meter, 1.0, 3.0, hum);
  IngestReport r;
  meter.fill(r);
  CHECK(r.longest_silence_s == doctest::Approx(2.0).epsilon(0.03));
}

TEST_CASE("Each flash goes with the nearest beep of its own session") {
  std::vector<Flash> flashes;
  std::vector<Beep> beeps;
  for (int s = 1; s <= 2; ++s)
    for (int k = 1; k <= 5; ++k) {
      flashes.push_back({s, Duration::milliseconds(k * 1000)});
      beeps.push_back({s, Duration::milliseconds(k * 1000 + (s == 2 && k == 3 ? -45 : 12))});
    }
  beeps.pop_back();
  flashes.push_back({3, Duration::seconds(1)});
  IngestReport r;
  fill_av_offset(r, flashes, beeps);
  CHECK(r.av_offset_ms.count == 9);
  CHECK(r.av_offset_ms.median == doctest::Approx(12));
  CHECK(r.av_offset_ms.worst == doctest::Approx(-45));
}

TEST_CASE("The report's JSON keeps its names and survives foreign bytes") {
  IngestReport r;
  r.latency_ms = {10, 40.5, 50, 60, 70};
  r.last_disconnect = "broke: \xFF";
  const auto j = nlohmann::json::parse(ingest_report_json(r));
  for (const char* name :
       {"publisher_sessions", "pictures_received", "pictures_decoded", "decode_errors",
        "sound_samples_decoded", "seconds", "fps", "width", "height", "codes_read", "codes_unread",
        "repeated", "missing", "keyframe_interval_s", "dts_backwards", "tone_dbfs", "rms_dbfs",
        "longest_freeze_s", "longest_silence_s"})
    CHECK_MESSAGE(j.contains(name), name);
  CHECK(j["latency_ms"]["median"] == 40.5);
  CHECK(j["av_offset_ms"].contains("worst"));
}
