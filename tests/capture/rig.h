// SPDX-License-Identifier: GPL-3.0-or-later
// What a source is given in these tests: real clock, real roads.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <thread>

#include "capture/source_kind.h"
#include "tests/support/good_time.h"
#include "tests/support/process.h"
#include "tests/support/wait.h"

namespace kakehashi::testing {

struct SourceRig {
  MonotonicClock clock;
  SourceContext context;
  FrameSync video{Duration{}};
  AudioSync audio;
  Duration oldest = Duration::milliseconds(100);  // a network's waiting time comes on top

  explicit SourceRig(Canvas canvas = {640, 360, {30, 1}})
      : SourceRig(canvas, MonotonicClock().now()) {}
  SourceRig(Canvas canvas, MediaTime epoch) : audio(epoch, Duration{}) {
    REQUIRE(init_capture().ok());
    context.input = "input";
    context.canvas = canvas;
    context.epoch = epoch;
    context.video = &video;
    context.audio = &audio;
    context.clock = &clock;
  }
  ~SourceRig() { video.clear(); }

  Result<std::unique_ptr<Source>> open(const std::string& kind, const Settings& settings) {
    const SourceKind* k = find_source_kind(kind);
    REQUIRE(k);
    SourceContext c = context;
    if (!k->description.has_video) c.video = nullptr;
    if (!k->description.has_audio) c.audio = nullptr;
    return k->open(settings, c);
  }

  // Takes pictures as mix.video does until `count` different ones were seen, polling the source.
  // Checks that capture times grow, never lie ahead, and mostly within `oldest` of now: a clock
  // that is read wrongly makes all of them old, a busy machine some.
  std::vector<FrameInfo> watch(Source& source, int count) {
    std::vector<FrameInfo> seen;
    std::vector<Duration> ages;
    MediaTime polled{};
    wait_until([&] {
      const MediaTime now = clock.now();
      if (now - polled > Duration::milliseconds(100)) {
        CHECK(source.poll().ok());
        polled = now;
      }
      const PictureAt got = video.at(now);
      if (got.frame && got.fresh) {
        const FrameInfo& info = got.frame->info();
        if (!seen.empty()) {
          CHECK(info.captured > seen.back().captured);
          CHECK(info.sequence >= seen.back().sequence + (info.still ? 0 : 1));
        }
        ages.push_back(now - info.captured);
        CHECK(info.captured - now < Duration::milliseconds(100));
        seen.push_back(info);
      }
      return static_cast<int>(seen.size()) >= count;
    });
    std::sort(ages.begin(), ages.end());
    if (!ages.empty()) CHECK_MESSAGE((ages[ages.size() / 2] < oldest || overloaded()), "too old");
    return seen;
  }
};

// A short film with a tone: MJPEG and PCM in Matroska, so that nothing but ffmpeg is needed.
inline std::string make_clip(const TempDir& dir, const std::string& name, double seconds,
                             bool sound = true) {
  const std::string path = dir / name, length = std::to_string(seconds);
  std::vector<std::string> command{
      "ffmpeg", "-nostdin", "-loglevel",
      "error",  "-y",       "-f",
      "lavfi",  "-i",       "testsrc2=size=320x180:rate=30:duration=" + length};
  if (sound)
    command.insert(command.end(),
                   {"-f", "lavfi", "-i", "sine=frequency=440:sample_rate=44100:duration=" + length,
                    "-c:a", "aac"});
  command.insert(command.end(), {"-c:v", "libx264", "-preset", "ultrafast", "-g", "15", path});
  REQUIRE(run(command) == 0);
  return path;
}

// Reads sound as mix.audio does, 40 ms behind the clock, for `seconds`.
struct Heard {
  std::vector<float> left;
  int blocks = 0, flowing = 0;
  // Strength of one frequency, 0..1, in `n` samples from `from`.
  double tone_in(double hz, std::size_t from, std::size_t n) const {
    double re = 0, im = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double a = 2 * 3.14159265358979 * hz * static_cast<double>(i) / 48000;
      re += left[from + i] * std::sin(a);
      im += left[from + i] * std::cos(a);
    }
    return n == 0 ? 0 : 2 * std::hypot(re, im) / static_cast<double>(n);
  }
  // Over the last second.
  double tone(double hz) const {
    const std::size_t n = std::min<std::size_t>(left.size(), 48000);
    return tone_in(hz, left.size() - n, n);
  }
  // Part of all pieces of 50 ms in which the tone is at least this strong.
  double share(double hz, double level) const {
    std::size_t pieces = 0, good = 0;
    for (std::size_t at = 0; at + 2400 <= left.size(); at += 2400, ++pieces)
      if (tone_in(hz, at, 2400) >= level) ++good;
    return pieces == 0 ? 0 : static_cast<double>(good) / static_cast<double>(pieces);
  }
};
inline Heard listen(SourceRig& rig, AudioSync& audio, double seconds) {
  Heard h;
  std::int64_t block = sample_at(rig.clock.now() - rig.context.epoch) / kBlockSamples;
  AudioBlock b;
  for (const std::int64_t end = block + static_cast<std::int64_t>(seconds * 100); block < end;
       ++block) {
    b.position = block * kBlockSamples;
    const MediaTime at =
        rig.context.epoch + time_of_sample(b.position) + Duration::milliseconds(40);
    rig.clock.sleep_until(at);
    ++h.blocks;
    if (audio.read(b, at)) ++h.flowing;
    for (int i = 0; i < kBlockSamples; ++i)
      h.left.push_back(b.samples[static_cast<std::size_t>(2 * i)]);
  }
  return h;
}

}  // namespace kakehashi::testing
