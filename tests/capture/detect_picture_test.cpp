// SPDX-License-Identifier: GPL-3.0-or-later
// Each picture detector on the trouble it is for, clean and after a sensor and MJPEG.
#include "capture/detect_picture.h"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <random>

#include "core/frame_pool.h"
#include "tests/capture/detect_films.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

using Said = std::set<std::string>;

// Lamps at 2 x mains seen by a rolling shutter: every line its own phase. `depth`: amplitude.
void light(Sheet& sheet, double seconds, double mains, double depth) {
  for (int y = 0; y < kFilmHeight; ++y) {
    const double when = seconds + y * (1.0 / 60 / kFilmHeight);
    const auto gain =
        static_cast<float>(1 + depth * std::sin(2 * std::numbers::pi * 2 * mains * when));
    for (int x = 0; x < kFilmWidth; ++x) sheet.at(x, y) *= gain;
  }
}

// Two moments woven: odd lines are half a picture later.
void weave(Sheet& sheet, double seconds, double per_second) {
  Sheet later;
  hall(sheet, seconds * per_second);
  hall(later, (seconds + 1.0 / 60) * per_second);
  for (int y = 1; y < kFilmHeight; y += 2)
    for (int x = 0; x < kFilmWidth; ++x) sheet.at(x, y) = later.at(x, y);
}

void pillars(Sheet& sheet, double share) {
  const int bar = static_cast<int>(std::lround(share * kFilmWidth));
  for (int y = 0; y < kFilmHeight; ++y)
    for (int x = 0; x < bar; ++x) sheet.at(x, y) = sheet.at(kFilmWidth - 1 - x, y) = 0;
}

void no_signal_blue(Sheet& sheet) {
  fill(sheet, 0.0722F * 255);
  letters(sheet, 140, 120, 1, 255);
  sheet.colour.assign(kFilmWidth, {0.5F, -0.0459F});
}

void colour_bars(Sheet& sheet, int bars) {
  const std::array<std::array<double, 3>, 8> rgb{
      {{1, 1, 1}, {1, 1, 0}, {0, 1, 1}, {0, 1, 0}, {1, 0, 1}, {1, 0, 0}, {0, 0, 1}, {0, 0, 0}}};
  sheet.colour.resize(kFilmWidth);
  for (int x = 0; x < kFilmWidth; ++x) {
    const auto& c = rgb[static_cast<std::size_t>(x * bars / kFilmWidth)];
    const double r = 0.75 * c[0], g = 0.75 * c[1], b = 0.75 * c[2];
    const double y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    sheet.colour[static_cast<std::size_t>(x)] = {static_cast<float>((b - y) / 1.8556),
                                                 static_cast<float>((r - y) / 1.5748)};
    for (int row = 0; row < kFilmHeight; ++row) sheet.at(x, row) = static_cast<float>(255 * y);
  }
}

}  // namespace

TEST_CASE("a black picture, clean or with the last bit of noise") {
  for (const double noise : {0.0, 1.0}) {
    CAPTURE(noise);
    Film film{[](Sheet& s, double, int) { fill(s, 1); }, 4};
    film.noise = noise;
    CHECK(said(film, InputSort::Computer) == Said{"black"});
    CHECK(said(film, InputSort::Camera) == Said{"black"});  // not also frozen
    film.mjpeg = true;
    CHECK(said(film, InputSort::Camera) == Said{"black"});
  }
}

TEST_CASE("a camera that repeats one picture is frozen; a PC's may stand still") {
  Film film{[](Sheet& s, double, int) { hall(s, 0); }, 14, 30, 3};
  film.frozen = true;
  PictureFigures figures;
  CHECK(said(film, InputSort::Camera, &figures) == Said{"frozen"});
  CHECK(figures.still_seconds > 11);
  CHECK(said(film, InputSort::Network) == Said{"frozen"});
  CHECK(said(film, InputSort::Computer).empty());
  film.seconds = 8;  // an encoder may repeat an unchanged picture until its next key frame
  CHECK(said(film, InputSort::Network).empty());
}

TEST_CASE("frozen is said after two seconds and gone two seconds after it moves again") {
  PictureDetector detector(InputSort::Camera);
  FramePool pool(PixelFormat::I420, 64, 48, 2);
  double on = 0, off = 0;
  for (int n = 0; n < 360; ++n) {
    auto out = pool.acquire();
    const int picture = n < 60 ? n : n < 200 ? 60 : n;
    for (int y = 0; y < 48; ++y)
      for (int x = 0; x < 64; ++x)
        out->plane(0)[y * out->stride(0) + x] =
            static_cast<std::uint8_t>(80 + (x * y + picture) % 90);
    for (int p = 1; p < 3; ++p)
      for (int i = 0; i < 24 * out->stride(p); ++i) out->plane(p)[i] = 128;
    out->info().captured = MediaTime{} + Duration::from_seconds(1 + n / 30.0);
    out->info().sequence = static_cast<std::uint64_t>(n);
    const FramePtr frame = std::move(*out).publish();
    detector.see(*frame, frame->info().captured);
    if (detector.found(Finding::Frozen) && on == 0) on = n / 30.0;
    if (on > 0 && !detector.found(Finding::Frozen) && off == 0) off = n / 30.0;
  }
  CHECK(on - 2.0 > 1.9);
  CHECK(on - 2.0 < 3.2);
  CHECK(off - 200 / 30.0 > 1.9);
  CHECK(off - 200 / 30.0 < 3.2);
}

TEST_CASE("mains light: 50 Hz at 30 and 60 pictures, 60 Hz at 25") {
  struct Row {
    double mains, fps;
  };
  for (const Row& row : {Row{50, 30}, Row{50, 60}, Row{50, 29.97}, Row{60, 25}, Row{60, 50}}) {
    CAPTURE(row.mains);
    CAPTURE(row.fps);
    Film film{[&](Sheet& s, double t, int) {
                hall(s, 0);
                person(s, 240 + 30 * std::sin(t), 100);
                light(s, t, row.mains, 0.04);
              },
              9, row.fps, 3};
    PictureFigures figures;
    CHECK(said(film, InputSort::Camera, &figures) == Said{"flicker"});
    CHECK(figures.flicker_percent == doctest::Approx(4).epsilon(0.15));
    CHECK(figures.flicker_mains == static_cast<int>(row.mains));
    CHECK(said(film, InputSort::Computer).empty());
  }
  Film weak{[&](Sheet& s, double t, int) { hall(s, 0), light(s, t, 50, 0.008); }, 9, 30, 3};
  CHECK(said(weak, InputSort::Camera).empty());
}

TEST_CASE("two fields in one picture, slow and fast, after noise and MJPEG") {
  for (const double speed : {200.0, 330.0})
    for (const bool mjpeg : {false, true}) {
      CAPTURE(speed);
      CAPTURE(mjpeg);
      Film film{[&](Sheet& s, double t, int) { weave(s, t, speed); }, 7, 30, 3};
      film.mjpeg = mjpeg;
      PictureFigures figures;
      CHECK(said(film, InputSort::Camera, &figures) == Said{"comb"});
      CHECK(figures.comb > 0.15);
    }
}

TEST_CASE("combed is also what moves in a standing picture") {
  Film film{[](Sheet& s, double t, int) {
              const auto at = [](double when) { return std::fmod(when * 220, 600) - 60; };
              Sheet later;
              hall(s, 0), person(s, at(t), 90);
              hall(later, 0), person(later, at(t + 1.0 / 60), 90);
              for (int y = 1; y < kFilmHeight; y += 2)
                for (int x = 0; x < kFilmWidth; ++x) s.at(x, y) = later.at(x, y);
            },
            8, 30, 3};
  PictureFigures figures;
  CHECK(said(film, InputSort::Camera, &figures) == Said{"comb"});
}

TEST_CASE("a 4:3 or 5:4 picture in a wide one") {
  for (const double share : {0.125, 0.1484}) {
    CAPTURE(share);
    Film film{[&](Sheet& s, double t, int) { hall(s, 20 * t), pillars(s, share); }, 13, 15};
    film.mjpeg = true;
    PictureFigures figures;
    CHECK(said(film, InputSort::Computer, &figures) == Said{"four_three"});
    CHECK(figures.bars == doctest::Approx(share).epsilon(0.05));
  }
  // A white slide in which hardly anything is dark.
  Film slide{
      [](Sheet& s, double, int) { fill(s, 250), letters(s, 120, 60, 5, 20), pillars(s, 0.125); },
      13, 10};
  CHECK(said(slide, InputSort::Computer) == Said{"four_three"});
}

TEST_CASE("what capture devices show without a signal") {
  Film blue{[](Sheet& s, double, int) { no_signal_blue(s); }, 8, 30};
  CHECK(said(blue, InputSort::Computer) == Said{"no_signal"});
  CHECK(said(blue, InputSort::Camera) == Said{"no_signal"});
  blue.noise = 1;
  blue.mjpeg = true;
  CHECK(said(blue, InputSort::Computer) == Said{"no_signal"});
  for (const int bars : {7, 8}) {
    CAPTURE(bars);
    const Film film{[&](Sheet& s, double, int) { colour_bars(s, bars); }, 8, 30, 1};
    CHECK(said(film, InputSort::Computer) == Said{"no_signal"});
  }
}

TEST_CASE("every pixel format tells the same figures") {
  for (const PixelFormat format : {PixelFormat::I420, PixelFormat::NV12, PixelFormat::Y42B,
                                   PixelFormat::YUY2, PixelFormat::UYVY, PixelFormat::BGRx}) {
    CAPTURE(static_cast<int>(format));
    FramePool pool(format, 322, 180, 1);
    auto out = pool.acquire();
    // Flat blue: RGB 0 0 255, limited BT.709 Y 32, Cb 240, Cr 118.
    for (int p = 0; p < plane_count(format); ++p)
      for (int i = 0;
           i <
           out->stride(p) *
               (p > 0 && (format == PixelFormat::I420 || format == PixelFormat::NV12) ? 90 : 180);
           ++i) {
        std::uint8_t v = 0;
        switch (format) {
          case PixelFormat::BGRx:
            v = i % 4 == 0 ? 255 : 0;
            break;
          case PixelFormat::YUY2:
            v = i % 2 == 0 ? 32 : i % 4 == 1 ? 240 : 118;
            break;
          case PixelFormat::UYVY:
            v = i % 2 == 1 ? 32 : i % 4 == 0 ? 240 : 118;
            break;
          case PixelFormat::NV12:
            v = p == 0 ? 32 : i % 2 == 0 ? 240 : 118;
            break;
          default:
            v = p == 0 ? 32 : p == 1 ? 240 : 118;
        }
        out->plane(p)[i] = v;
      }
    const FramePtr frame = std::move(*out).publish();
    PictureDetector detector(InputSort::Computer);
    detector.see(*frame, MediaTime{});
    CHECK(detector.figures().mean_luma == doctest::Approx(0.0722).epsilon(0.02));
    CHECK(detector.figures().luma_spread < 0.001);
    CHECK(detector.figures().blue == 1);
    const std::uint64_t before = fingerprint(*frame);
    CHECK(before == fingerprint(*frame));
    std::vector<std::uint8_t> scratch;
    CHECK(band_sample(*frame, scratch).mean[11] == doctest::Approx(0.0722).epsilon(0.02));
  }
}

TEST_CASE("the beat of light and shutter") {
  CHECK(beat_of(100, 30) == doctest::Approx(10));
  CHECK(beat_of(100, 60) == doctest::Approx(20));
  CHECK(beat_of(100, 25) == doctest::Approx(0));
  CHECK(beat_of(120, 50) == doctest::Approx(20));
}
