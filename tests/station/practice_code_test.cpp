// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/practice_code.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "core/frame_pool.h"
#include "station/ingest_match.h"
#include "station/loop_back.h"

using namespace kakehashi;

namespace {

PracticeNote note() {
  PracticeNote n;
  n.captured_us = 123'000'000;  // with zero bytes in it
  n.pts_us = 0;
  n.number = 0;
  n.fields = {0, 0, 0, 1, 0, 0, 2, 0, 0, 3, 16, 235, 128, 0, 0, 0};
  n.first_step = 0;
  n.levels = {0, 0, 0, 255, 3, 2, 1, 0, 0, 1};
  return n;
}

// As RTMP carries it: FLV header, then each NAL unit behind its length.
std::vector<std::uint8_t> tag(const std::vector<std::vector<std::uint8_t>>& nals) {
  std::vector<std::uint8_t> body{0x17, 1, 0, 0, 0};
  for (const auto& nal : nals) {
    for (int i = 3; i >= 0; --i) body.push_back(static_cast<std::uint8_t>(nal.size() >> (8 * i)));
    body.insert(body.end(), nal.begin(), nal.end());
  }
  return body;
}
std::vector<std::uint8_t> without_start_code(std::vector<std::uint8_t> nal) {
  nal.erase(nal.begin(), nal.begin() + 4);
  return nal;
}

FramePtr grey(std::uint8_t luma) {
  static FramePool pool(PixelFormat::I420, 320, 180, 8);
  auto builder = pool.acquire();
  for (int y = 0; y < 180; ++y) std::fill_n(builder->plane(0) + y * builder->stride(0), 320, luma);
  return std::move(*builder).publish();
}

PacketPtr packet(std::vector<std::uint8_t> bytes, Duration pts = {}) {
  auto owner = std::make_shared<std::vector<std::uint8_t>>(std::move(bytes));
  auto p = std::make_shared<EncodedPacket>();
  p->pts = pts;
  p->data = *owner;
  p->owner = owner;
  return p;
}

AudioBlock block(std::int64_t number, float level) {
  AudioBlock b;
  b.position = number * kBlockSamples;
  b.samples.fill(level);
  return b;
}

// Speech-like: the level of each 10 ms is drawn anew.
class Programme {
 public:
  explicit Programme(double sound_late_ms) : late_(sound_late_ms) {
    std::mt19937 dice(3);
    std::uniform_real_distribution<double> db(-40, -6);
    for (auto& l : levels_) l = std::pow(10.0, db(dice) / 20);
  }
  void repeat_every(std::size_t levels) {
    for (std::size_t i = levels; i < levels_.size(); ++i) levels_[i] = levels_[i - levels];
  }
  double level(double ms) const {
    const auto i = static_cast<std::int64_t>(std::floor(ms / 10));
    return i < 0 ? 0 : levels_[static_cast<std::size_t>(i) % levels_.size()];
  }
  // What is written and what arrives, `seconds` of it, stream time 500 ms behind program time.
  IngestReport run(ProgramMatch& match, double seconds, double silent_from = 1e9) {
    PracticeCode code;
    code.set(true);
    const FramePtr frame = grey(90);
    const std::vector<std::uint8_t> luma(320 * 180, 90);
    std::vector<float> samples(1024 * 2);
    std::int64_t heard = 0, block_number = 50;
    match.begin_session();
    for (int n = 0; n < seconds * 30; ++n) {
      const double ms = 500 + n * 1000 / 30.0;
      for (; static_cast<double>(block_number + 1) * 10 < ms - 25; ++block_number)
        code.hear(block(block_number,
                        static_cast<float>(level(static_cast<double>(block_number) * 10 + 5))));
      const auto p =
          code.mark(packet({0, 0, 0, 1, 0x65, 1, 2, 3}, Duration::from_seconds(ms / 1e3)), *frame,
                    n + 15, MediaTime{1'000'000'000});
      const std::size_t sei = p->data.size() - 8;
      const auto read = read_practice_sei(p->data.subspan(4, sei - 4));
      REQUIRE(read.has_value());
      // RTMP's whole milliseconds.
      const Duration pts = Duration::milliseconds(std::llround(ms - 500));
      match.picture({luma.data(), 320, 320, 180, pts, n == 0}, *read,
                    MediaTime{1'000'000'000 + 40'000'000});
      for (; static_cast<double>(heard) / 48 < ms - 500 - 25; heard += 1024) {
        for (std::size_t i = 0; i < 1024; ++i) {
          const double at = static_cast<double>(heard + static_cast<std::int64_t>(i)) / 48;
          samples[2 * i] = samples[2 * i + 1] =
              at > silent_from ? 0 : static_cast<float>(level(at + 500 - late_));
        }
        match.sound({samples, 2, 48000,
                     Duration::milliseconds(std::llround(static_cast<double>(heard) / 48))});
      }
    }
    IngestReport r;
    match.fill(r);
    return r;
  }

 private:
  double late_;
  std::array<double, 1000> levels_{};
};

}  // namespace

TEST_CASE("a practice note survives its way through a NAL unit, zero bytes and all") {
  const auto nal = write_practice_sei(note());
  for (std::size_t i = 4; i + 2 < nal.size(); ++i)
    CHECK_FALSE((nal[i] == 0 && nal[i + 1] == 0 && nal[i + 2] <= 2));
  CHECK(read_practice_sei(without_start_code(nal)) == note());
  PracticeNote many = note();
  many.levels.assign(400, 0);
  CHECK(read_practice_sei(without_start_code(write_practice_sei(many))) == many);
}

TEST_CASE("a note is found among other NAL units, and nothing else is taken for one") {
  const std::vector<std::uint8_t> other{6, 5,  18, 1,  2,  3,  4,  5,  6, 7, 8,
                                        9, 10, 11, 12, 13, 14, 15, 16, 9, 9, 0x80},
      slice{0x65, 1, 2, 3}, mine = without_start_code(write_practice_sei(note()));
  CHECK(find_practice_note(tag({other, mine, slice})) == note());
  CHECK_FALSE(find_practice_note(tag({other, slice})));
  CHECK_FALSE(find_practice_note(tag({slice, mine})));  // behind the slice it belongs to nothing
  for (std::size_t cut = 0; cut + 1 < mine.size(); ++cut)
    CHECK_FALSE(read_practice_sei(std::span(mine).first(cut)));
  const auto whole = tag({other, mine, slice});
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    const std::vector<std::uint8_t> part(whole.begin(),
                                         whole.begin() + static_cast<std::ptrdiff_t>(cut));
    (void)find_practice_note(part);  // must not read beyond its end
  }
}

TEST_CASE("packets are marked before their first slice, only while it is on") {
  PracticeCode code;
  const FramePtr frame = grey(100);
  const auto plain = packet({0, 0, 0, 1, 6, 5, 1, 0, 0x80, 0, 0, 1, 0x41, 7, 8});
  CHECK(code.mark(plain, *frame, 7, {}) == plain);
  code.set(true);
  const auto marked = code.mark(plain, *frame, 7, MediaTime{5'000});
  REQUIRE(marked != plain);
  const auto sei = marked->data.subspan(9, marked->data.size() - plain->data.size());
  const auto read = read_practice_sei(sei.subspan(4));
  REQUIRE(read.has_value());
  CHECK(read->number == 7);
  CHECK(read->captured_us == 5);
  for (const auto field : read->fields) CHECK(field == 100);
  CHECK(std::equal(plain->data.begin(), plain->data.begin() + 9, marked->data.begin()));
  CHECK(std::equal(plain->data.begin() + 9, plain->data.end(), marked->data.end() - 6));
  code.set(false);
  CHECK(code.mark(plain, *frame, 8, {}) == plain);
  const auto nothing = packet({0, 0, 0, 1, 9, 16});
  code.set(true);
  CHECK(code.mark(nothing, *frame, 9, {}) == nothing);
}

TEST_CASE("the sound's place against the picture is found on any programme") {
  for (const double late : {0.0, 37.0, -80.0, 250.0}) {
    CAPTURE(late);
    ProgramMatch match;
    const IngestReport r = Programme(late).run(match, 14);
    REQUIRE(r.program.offsets >= 5);
    CHECK(std::abs(r.program.offset_median_ms - late) < 2.5);
    CHECK(std::abs(r.program.offset_worst_ms - late) < 4);
    CHECK(r.program.sound_lost_s == 0);
    CHECK(r.program.pictures == 14 * 30);
    CHECK(r.program.wrong == 0);
    CHECK(r.program.missing == 0);
    CHECK(r.program.delay_median_ms == doctest::Approx(40).epsilon(0.03));
  }
}

TEST_CASE("a sound that fits in many places tells no place") {
  ProgramMatch match;
  Programme metronome(30);
  metronome.repeat_every(20);  // 5 a second
  const IngestReport r = metronome.run(match, 12);
  CHECK(r.program.offsets == 0);
}

TEST_CASE("sound that stops on the way is lost, not silent") {
  ProgramMatch match;
  const IngestReport r = Programme(0).run(match, 20, 10'000);
  CHECK(r.program.sound_lost_s >= 6);
  CHECK(r.program.sound_lost_s <= 10);
}

TEST_CASE("another picture than the one sent is seen, and so are missing ones") {
  ProgramMatch match;
  match.begin_session();
  std::vector<std::uint8_t> luma(320 * 180, 90);
  PracticeNote n = note();
  n.levels.clear();
  n.fields.fill(90);
  match.picture({luma.data(), 320, 320, 180, {}, true}, n, {n.captured_us * 1000});
  luma.assign(luma.size(), 128);  // grey, as after a lost reference
  n.number += 3;
  match.picture({luma.data(), 320, 320, 180, {}, false}, n, {n.captured_us * 1000});
  IngestReport r;
  match.fill(r);
  CHECK(r.program.wrong == 1);
  CHECK(r.program.missing == 2);
}

TEST_CASE("what the receiver found becomes one sentence and, where it is bad, a message") {
  IngestReport r;
  r.seconds = 20;
  r.sound_samples_decoded = 48000 * 20;
  r.program.pictures = 600;
  r.program.delay_median_ms = 35;
  r.program.offsets = 10;
  r.program.offset_median_ms = 5;
  r.longest_freeze_s = 15;  // a still slide
  LoopBackStatus s = loop_back(r);
  s.running = true;
  CHECK(s.delay_ms == 35);
  CHECK(s.av_known);
  CHECK(s.verdict.ja == "映像も音も届いています（35ミリ秒後）。");
  CHECK(loop_back_messages(s).empty());
  const auto back = read_loop_back(loop_back_line(s));
  REQUIRE(back.has_value());
  CHECK(back->verdict.en == s.verdict.en);
  CHECK(back->running);
  CHECK_FALSE(read_loop_back("Practice receiver"));
  CHECK_FALSE(read_loop_back("{\"loop_back\""));

  r.longest_gap_s = 2.5;
  s = loop_back(r);
  s.running = true;
  REQUIRE(loop_back_messages(s).size() == 1);
  CHECK(loop_back_messages(s)[0].id == "loop_back.freeze");
  CHECK(s.verdict.ja == loop_back_messages(s)[0].what.ja);
  r.longest_gap_s = 0;
  r.sound_samples_decoded = 0;
  s = loop_back(r);
  s.running = true;
  REQUIRE(loop_back_messages(s).size() == 1);
  CHECK(loop_back_messages(s)[0].id == "loop_back.silence");
}
