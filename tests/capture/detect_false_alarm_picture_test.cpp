// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures that are as they should be: no detector may say anything. One row per film.
#include <doctest/doctest.h>

#include <cmath>
#include <random>

#include "tests/capture/detect_films.h"

using namespace kakehashi;
using namespace kakehashi::testing;

namespace {

constexpr float kStageBlack = 5;

void spotlight(Sheet& s, double t) {
  fill(s, kStageBlack);
  for (int y = 0; y < kFilmHeight; ++y)
    for (int x = 0; x < kFilmWidth; ++x)
      if (std::hypot(x - 250 - 30 * std::sin(t), y - 140.0) < 24) s.at(x, y) = 200;
}

// Black curtains left and right, as far in as a 4:3 picture would be, but hanging as cloth hangs.
void curtains(Sheet& s, double t) {
  hall(s, 0);
  person(s, 240 + 20 * std::sin(t), 90);
  for (int y = 0; y < kFilmHeight; ++y) {
    const int edge = 60 + static_cast<int>(9 * std::sin(y / 17.0));
    for (int x = 0; x < edge; ++x) s.at(x, y) = s.at(kFilmWidth - 1 - x, y) = kStageBlack;
  }
}

// A dark stage that ends in straight edges, but not where a 4:3 picture does.
void proscenium(Sheet& s, double t) {
  hall(s, 0);
  person(s, 240 + 20 * std::sin(t), 90);
  for (int y = 0; y < kFilmHeight; ++y)
    for (int x = 0; x < 86; ++x) s.at(x, y) = s.at(kFilmWidth - 1 - x, y) = kStageBlack;
}

void night(Sheet& s, double t) {
  fill(s, 6);
  for (int i = 0; i < 14; ++i) {
    const int x = (i * 97 + static_cast<int>(t * 3)) % (kFilmWidth - 4), y = 40 + i * 53 % 200;
    for (int k = 0; k < 9; ++k) s.at(x + k % 3, y + k / 3) = 230;
  }
}

void fade_through_black(Sheet& s, double t) {
  hall(s, 0);
  const double gain = t < 4 ? 1 : t < 5 ? 5 - t : t < 5.8 ? 0 : std::min(1.0, t - 5.8);
  for (float& v : s.luma) v *= static_cast<float>(gain);
}

void slide(Sheet& s, double t) {
  fill(s, 245);
  letters(s, 40, 50 + 10 * static_cast<int>(t / 4), 8, 20);
}

void blue_slide(Sheet& s, double) {
  fill(s, 45);  // the deep blue of many templates: RGB 0 51 153
  letters(s, 60, 60, 6, 255);
  s.colour.assign(kFilmWidth, {0.22F, -0.118F});
}

void credits(Sheet& s, int n) {
  fill(s, 4);
  for (int block = 0; block < 8; ++block) letters(s, 140, 300 + block * 60 - 2 * n % 600, 3, 235);
}

void ticker(Sheet& s, int n) {
  hall(s, 0);
  for (int y = 230; y < 262; ++y)
    for (int x = 0; x < kFilmWidth; ++x) s.at(x, y) = 30;
  for (int k = 0; k < 4; ++k) letters(s, 480 - 3 * n % 700 + k * 210, 235, 2, 240);
}

void checkerboard(Sheet& s, int shift, int cell) {
  for (int y = 0; y < kFilmHeight; ++y)
    for (int x = 0; x < kFilmWidth; ++x)
      s.at(x, y) = ((x + shift) / cell + y / cell) % 2 ? 210 : 40;
}

void fine_stripes(Sheet& s, int n) {
  hall(s, 0);
  person(s, 240 + n, 90);
  for (int y = 0; y < kFilmHeight; y += 2)  // a striped shirt, close up
    for (int x = 150 + n / 2; x < 330 + n / 2 && x < kFilmWidth; ++x) s.at(x, y) = 220;
}

void grass(Sheet& s, int n) {
  static std::mt19937 random(3);
  static std::vector<float> blades = [] {
    std::vector<float> b(1 << 17);
    std::uniform_real_distribution<float> any(20, 200);
    for (float& v : b) v = any(random);
    return b;
  }();
  for (int y = 0; y < kFilmHeight; ++y)
    for (int x = 0; x < kFilmWidth; ++x) {
      const double sway = 3 * std::sin(n * 0.11 + y * 0.02);
      s.at(x, y) = blades[static_cast<std::size_t>(y / 2 * 251 + x + static_cast<int>(sway) + 8) %
                          blades.size()];
    }
}

void letterbox(Sheet& s, double t) {
  hall(s, 50 * t);
  for (int y = 0; y < 35; ++y)
    for (int x = 0; x < kFilmWidth; ++x) s.at(x, y) = s.at(x, kFilmHeight - 1 - y) = 0;
}

void walk_past(Sheet& s, double t) {
  hall(s, 0);
  person(s, std::fmod(t * 300, 900) - 200, 60);
}

void hands(Sheet& s, double t) {  // an interpreter's: quick, but no line in the spectrum
  hall(s, 0);
  person(s, 240, 80);
  person(s, 200 + 40 * std::sin(9 * t + 2 * std::sin(1.7 * t)), 190);
  person(s, 280 + 40 * std::cos(11 * t + 3 * std::sin(1.1 * t)), 190);
}

void led_wall(Sheet& s, double t) {  // a stage show that flashes in time
  hall(s, 0);
  const float on = std::fmod(t, 0.5) < 0.25 ? 200 : 60;
  for (int y = 30; y < 120; ++y)
    for (int x = 120; x < 360; ++x) s.at(x, y) = on;
}

void blue_light(Sheet& s, double t) {
  for (int y = 0; y < kFilmHeight; ++y)
    for (int x = 0; x < kFilmWidth; ++x)
      s.at(x, y) = static_cast<float>(20 + 40 * (1 + std::sin(x / 70.0)) / 2);
  person(s, 240 + 30 * std::sin(t), 120);
  s.colour.assign(kFilmWidth, {0.35F, -0.03F});
}

}  // namespace

TEST_CASE("pictures as they should be are left in peace") {
  using S = InputSort;
  struct Row {
    const char* name;
    std::vector<InputSort> sorts;
    Film film;
  };
  const std::vector<Row> rows{
      {"dark stage, spotlight",
       {S::Camera},
       {[](Sheet& s, double t, int) { spotlight(s, t); }, 8, 30, 2}},
      {"black curtains", {S::Camera}, {[](Sheet& s, double t, int) { curtains(s, t); }, 14, 10, 2}},
      {"dark proscenium",
       {S::Camera},
       {[](Sheet& s, double t, int) { proscenium(s, t); }, 14, 10, 0.5}},
      {"night, noise", {S::Camera}, {[](Sheet& s, double t, int) { night(s, t); }, 8, 30, 6}},
      {"fade through black",
       {S::Film, S::Computer},
       {[](Sheet& s, double t, int) { fade_through_black(s, t); }, 8, 30}},
      {"slides for a minute",
       {S::Computer, S::Own, S::Screen},
       {[](Sheet& s, double t, int) { slide(s, t); }, 60, 3}},
      {"blue slide", {S::Computer}, {[](Sheet& s, double t, int) { blue_slide(s, t); }, 12, 10}},
      {"white", {S::Computer}, {[](Sheet& s, double, int) { fill(s, 255); }, 12, 10}},
      {"scrolling credits",
       {S::Computer, S::Film},
       {[](Sheet& s, double, int n) { credits(s, n); }, 8, 30}},
      {"ticker",
       {S::Computer, S::Camera},
       {[](Sheet& s, double, int n) { ticker(s, n); }, 8, 30, 1}},
      {"checkerboard of pixels, moving",
       {S::Computer},
       {[](Sheet& s, double, int n) { checkerboard(s, n, 1); }, 8, 30}},
      {"checkerboard of 2, moving",
       {S::Computer},
       {[](Sheet& s, double, int n) { checkerboard(s, n, 2); }, 8, 30}},
      {"checkerboard of 5, moving",
       {S::Computer},
       {[](Sheet& s, double, int n) { checkerboard(s, n, 5); }, 8, 30}},
      {"striped shirt, moving",
       {S::Camera},
       {[](Sheet& s, double, int n) { fine_stripes(s, n); }, 8, 30, 2}},
      {"grass in the wind", {S::Camera}, {[](Sheet& s, double, int n) { grass(s, n); }, 8, 30, 3}},
      {"pan", {S::Camera}, {[](Sheet& s, double t, int) { hall(s, 120 * t); }, 8, 30, 3}},
      {"tilt",
       {S::Camera},
       {[](Sheet& s, double t, int) { hall(s, 0, 40 * std::sin(t)); }, 8, 30, 3}},
      {"letterboxed film",
       {S::Film, S::Computer},
       {[](Sheet& s, double t, int) { letterbox(s, t); }, 13, 15}},
      {"people walk past",
       {S::Camera},
       {[](Sheet& s, double t, int) { walk_past(s, t); }, 8, 30, 3}},
      {"sign language",
       {S::Camera, S::Network},
       {[](Sheet& s, double t, int) { hands(s, t); }, 8, 30, 2}},
      {"LED wall", {S::Camera}, {[](Sheet& s, double t, int) { led_wall(s, t); }, 8, 30, 2}},
      {"blue stage light",
       {S::Camera},
       {[](Sheet& s, double t, int) { blue_light(s, t); }, 9, 15, 2}},
      {"empty hall, hardly any noise",
       {S::Camera},
       {[](Sheet& s, double, int) { hall(s, 0); }, 8, 30, 0.7}},
  };
  for (const Row& row : rows)
    for (const InputSort sort : row.sorts)
      for (const bool mjpeg : {false, true}) {
        // The blocks cost most of the time; slow films do without.
        if (mjpeg && row.film.fps * row.film.seconds > 150) continue;
        CAPTURE(row.name);
        CAPTURE(mjpeg);
        Film film = row.film;
        film.mjpeg = mjpeg;
        PictureFigures figures;
        std::string all;
        for (const std::string& id : said(film, sort, &figures)) all += id + " ";
        CHECK(figures.comb < 0.005);
        CAPTURE(figures.comb);
        CAPTURE(figures.flicker_percent);
        CHECK(all == "");
      }
}

TEST_CASE("random noise of any strength says nothing") {
  std::mt19937 random(11);
  for (int i = 0; i < 6; ++i) {
    const double level = std::uniform_real_distribution(20.0, 220.0)(random);
    const double strength = std::uniform_real_distribution(3.0, 60.0)(random);
    CAPTURE(level);
    CAPTURE(strength);
    const Film film{[&](Sheet& s, double, int) { fill(s, static_cast<float>(level)); }, 8, 30,
                    strength};
    CHECK(said(film, InputSort::Camera).empty());
  }
}
