// SPDX-License-Identifier: GPL-3.0-or-later
// The detectors at work behind the roads, and their words.
#include "capture/input_watch.h"

#include <doctest/doctest.h>

#include <thread>

#include "capture/audio_sync.h"
#include "capture/detect_words.h"
#include "capture/frame_sync.h"
#include "capture/source_kind.h"
#include "core/frame_pool.h"

using namespace kakehashi;

namespace {

FramePtr flat(FramePool& pool, std::uint8_t luma, MediaTime at, std::uint64_t sequence) {
  auto out = pool.acquire();
  for (int p = 0; p < 3; ++p)
    for (int i = 0; i < out->stride(p) * (p == 0 ? 48 : 24); ++i)
      out->plane(p)[i] = p == 0 ? luma : 128;
  out->info().captured = at;
  out->info().sequence = sequence;
  return std::move(*out).publish();
}

MediaTime at(double seconds) { return MediaTime{} + Duration::from_seconds(seconds); }

}  // namespace

TEST_CASE("roads are watched while other threads push, and a new device starts anew") {
  InputWatch watch(InputSort::Camera);
  FrameSync video{Duration{}};
  AudioSync audio(MediaTime{}, Duration{});
  video.set_watcher(&watch);
  audio.set_watcher(&watch);
  // In lockstep by time, on threads of their own.
  std::atomic<int> pictures{0}, judged{0};
  std::thread source([&] {
    FramePool pool(PixelFormat::I420, 64, 48, 8);
    const std::vector<float> silence(1600 * 2, 0.0F);
    for (int n = 0; n < 450; ++n) {
      video.push(flat(pool, 16, at(1 + n / 30.0), static_cast<std::uint64_t>(n)));
      audio.push(silence, 2, 48000, at(1 + n / 30.0));
      pictures = n + 1;
      while (judged + 6 < pictures) std::this_thread::yield();
    }
  });
  while (judged < 450) {
    while (pictures <= judged) std::this_thread::yield();
    const int seen = pictures;
    const MediaTime now = at(1 + (seen - 1) / 30.0);
    watch.poll(video.newest(now).get(), now);
    judged = seen;
  }
  source.join();
  const auto found = watch.findings();
  REQUIRE(found.size() == 2);
  CHECK(found[0].id == "black");
  CHECK(found[1].id == "silent");
  watch.forget();
  CHECK(watch.findings().empty());
}

TEST_CASE("every finding of every sort has a cause and one action in both languages") {
  for (int sort = 0; sort <= static_cast<int>(InputSort::Line); ++sort)
    for (std::size_t i = 0; i < kFindings; ++i) {
      const auto f = static_cast<Finding>(i);
      const auto s = static_cast<InputSort>(sort);
      if (patience(s, f) <= 0) continue;
      for (const bool never : {false, true}) {
        const InputFinding words = finding_words(f, s, never);
        CAPTURE(words.id);
        CHECK(words.id == finding_id(f));
        for (const std::string& text :
             {words.what.ja, words.what.en, words.action.ja, words.action.en})
          CHECK_FALSE(text.empty());
        CHECK(words.action.ja.find("。") == words.action.ja.size() - std::string("。").size());
        CHECK(words.what.ja.find("/dev") == std::string::npos);
      }
    }
}

TEST_CASE("what an input is: by the nature of its kind, and by the role's name") {
  const auto sort = [](const char* id, const char* ja, SourceNature nature, bool pictures = true,
                       bool microphone = false) {
    Input input;
    input.id = id;
    input.name.ja = ja;
    input.microphone = microphone;
    SourceKind kind;
    kind.nature = nature;
    kind.description.has_video = pictures;
    return sort_of(input, &kind);
  };
  using enum SourceNature;
  CHECK(sort("cam_main", "演台カメラ", Device) == InputSort::Camera);
  CHECK(sort("slide_pc", "スライド", Device) == InputSort::Computer);
  CHECK(sort("hdmi", "資料のPC", Device) == InputSort::Computer);
  CHECK(sort("remote_pc", "リモート参加PC", Network) == InputSort::Computer);
  CHECK(sort("phone", "客席カメラ", Network) == InputSort::Network);
  CHECK(sort("slide_pc", "スライド", Still) == InputSort::Own);
  CHECK(sort("bars", "テスト", Test) == InputSort::Own);
  CHECK(sort("slide_pc", "スライド", Screen) == InputSort::Screen);
  CHECK(sort("opening", "オープニング", Film) == InputSort::Film);
  CHECK(sort("mic_mc", "司会マイク", Device, false, true) == InputSort::Microphone);
  CHECK(sort("mixer", "会場の音", Device, false) == InputSort::Line);
  CHECK(sort("epcot", "エプコット", Device) == InputSort::Camera);
  CHECK(sort_of(Input{}, nullptr) == InputSort::Camera);  // of a newer version, or not bound
}
