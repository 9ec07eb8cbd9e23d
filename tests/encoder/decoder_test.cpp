// SPDX-License-Identifier: GPL-3.0-or-later
// Streams and files made by ffmpeg, decoded by us.
#include "encoder/decoder.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

using namespace kakehashi;

namespace {

using Bytes = std::vector<std::uint8_t>;

struct Scratch {
  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("kakehashi-decoder-" + std::to_string(::getpid()));
  Scratch() { std::filesystem::create_directories(folder); }
  ~Scratch() { std::filesystem::remove_all(folder); }
  std::string path(const std::string& name) const { return (folder / name).string(); }
};

// 2 s, 30 pictures a second, a keyframe each second, a 1 kHz tone.
void make(const std::string& path, const std::string& more) {
  const std::string command =
      "ffmpeg -hide_banner -loglevel error -nostdin -y -f lavfi -i testsrc2=s=320x180:r=30:d=2"
      " -f lavfi -i sine=1000:r=48000:d=2 -pix_fmt yuv420p -c:v libx264 -g 30 " +
      more + " -c:a aac '" + path + "'";
  REQUIRE(std::system(command.c_str()) == 0);
}

Bytes load(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

// The tags of an FLV file (Adobe Video File Format 10.1, E.4.1) are what RTMP carries.
template <class F>
void each_tag(const Bytes& flv, F f) {
  std::size_t at = 9 + 4;
  while (at + 11 <= flv.size()) {
    const auto be24 = [&](std::size_t k) {
      return static_cast<std::size_t>(flv[k] << 16 | flv[k + 1] << 8 | flv[k + 2]);
    };
    const std::size_t size = be24(at + 1);
    const auto time = static_cast<std::int64_t>(be24(at + 4)) | flv[at + 7] << 24;
    f(flv[at], Duration::milliseconds(time), std::span(flv).subspan(at + 11, size));
    at += 11 + size + 4;
  }
}

struct Heard {
  std::unique_ptr<StreamDecoder> decoder = std::move(open_stream_decoder().value());
  std::vector<Duration> pictures;
  int keys = 0, width = 0, rate = 0, failures = 0;
  std::size_t samples = 0;
  double power = 0;
  Heard() {
    decoder->on_picture = [this](const DecodedPicture& p) {
      pictures.push_back(p.pts);
      keys += p.keyframe;
      width = p.width;
    };
    decoder->on_sound = [this](const DecodedSound& s) {
      rate = s.rate;
      samples += s.interleaved.size() / static_cast<std::size_t>(s.channels);
      for (const float v : s.interleaved) power += static_cast<double>(v * v) / s.channels;
    };
  }
  void take(const Bytes& flv) {
    each_tag(flv, [&](int type, Duration time, std::span<const std::uint8_t> body) {
      Status s;
      if (type == 9) s = decoder->video(body, time);
      if (type == 8) s = decoder->audio(body, time);
      failures += !s;
    });
  }
};

}  // namespace

TEST_CASE("Every picture comes out with the packet that brought it") {
  const Scratch scratch;
  make(scratch.path("a.flv"), "-preset ultrafast -tune zerolatency");
  Heard h;
  int fed = 0;
  bool late = false;
  each_tag(load(scratch.path("a.flv")),
           [&](int type, Duration time, std::span<const std::uint8_t> body) {
             if (type == 8) CHECK(h.decoder->audio(body, time).ok());
             if (type != 9) return;
             CHECK(h.decoder->video(body, time).ok());
             fed += body[1] == 1;
             late = late || h.pictures.size() != static_cast<std::size_t>(fed);
           });
  CHECK_FALSE(late);
  CHECK(h.pictures.size() == 60);
  CHECK(h.keys == 2);
  CHECK(h.width == 320);
  CHECK(h.rate == 48000);
  CHECK(h.samples >= 95'000);
  // ffmpeg's sine has an amplitude of 1/8.
  CHECK(std::sqrt(h.power / static_cast<double>(h.samples)) ==
        doctest::Approx(0.125 / std::sqrt(2.0)).epsilon(0.05));
}

TEST_CASE("Pictures that are sent out of order are given in order") {
  const Scratch scratch;
  make(scratch.path("b.flv"), "-preset veryfast -bf 3");
  Heard h;
  h.take(load(scratch.path("b.flv")));
  CHECK(h.failures == 0);
  CHECK(h.pictures.size() >= 56);  // the decoder still holds the last ones
  CHECK(std::is_sorted(h.pictures.begin(), h.pictures.end()));
}

TEST_CASE("Damage is an error, and decoding goes on") {
  const Scratch scratch;
  make(scratch.path("c.flv"), "-preset ultrafast -tune zerolatency");
  Heard h;
  int n = 0;
  each_tag(load(scratch.path("c.flv")),
           [&](int type, Duration time, std::span<const std::uint8_t> body) {
             if (type != 9) return;
             Bytes copy(body.begin(), body.end());
             if (n++ == 10)
               for (std::size_t i = 12; i < copy.size(); ++i) copy[i] ^= 0x5A;
             h.failures += !h.decoder->video(copy, time);
           });
  CHECK(h.failures >= 1);
  CHECK(h.pictures.size() >= 55);
}

TEST_CASE("Tags that are not H.264 or AAC, or come too early, are named") {
  Heard h;
  const auto said = [&](Bytes b, bool video) {
    const Status s = video ? h.decoder->video(b, {}) : h.decoder->audio(b, {});
    return s ? std::string() : s.error().message;
  };
  CHECK(said({0x17}, true).find("less than 5") != std::string::npos);
  CHECK(said({0x12, 1, 0, 0, 0, 1}, true).find("video codec 2") != std::string::npos);
  CHECK(said({0x91, 'h', 'v', 'c', '1'}, true).find("enhanced") != std::string::npos);
  CHECK(said({0x17, 1, 0, 0, 0, 1, 2, 3}, true).find("before the H.264") != std::string::npos);
  CHECK(said({0x2F, 1, 2}, false).find("sound format 2") != std::string::npos);
  CHECK(said({0xAF, 1, 2}, false).find("before the AAC") != std::string::npos);
  CHECK_FALSE(said({0x17, 0, 0, 0, 0, 9, 9, 9}, true).empty());
}

TEST_CASE("A recording is checked from start to end, also when it was cut off") {
  const Scratch scratch;
  for (const std::string kind : {"mkv", "flv"}) {
    CAPTURE(kind);
    const std::string whole = scratch.path("whole." + kind), cut = scratch.path("cut." + kind);
    make(whole, "-preset ultrafast");
    const auto check = check_recording(whole);
    REQUIRE(check.ok());
    CHECK(check->pictures == 60);
    CHECK(check->errors == 0);
    CHECK(check->seconds == doctest::Approx(2.0).epsilon(0.03));
    CHECK(check->sound_samples >= 95'000);

    std::filesystem::copy_file(whole, cut);
    std::filesystem::resize_file(cut, std::filesystem::file_size(whole) * 3 / 4 + 7);
    const auto half = check_recording(cut);
    REQUIRE(half.ok());
    CHECK(half->pictures > 25);
    CHECK(half->pictures < 60);
    CHECK(half->errors == 0);
  }
  CHECK(check_recording(scratch.path("none.mkv")).error().kind == ErrorKind::NotFound);
  std::ofstream(scratch.path("noise.mkv")) << "this is no film";
  CHECK_FALSE(check_recording(scratch.path("noise.mkv")).ok());
}
