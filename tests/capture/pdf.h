// SPDX-License-Identifier: GPL-3.0-or-later
// PDF files for tests.
#pragma once

#include <cairo-pdf.h>
#include <cairo.h>
#include <doctest/doctest.h>

#include <fstream>
#include <functional>
#include <string>

namespace kakehashi::testing {

using Draw = std::function<void(cairo_t*, int page)>;

inline void write_pdf(const std::string& path, int pages, double width, double height,
                      const Draw& draw) {
  cairo_surface_t* surface = cairo_pdf_surface_create(path.c_str(), width, height);
  cairo_t* cairo = cairo_create(surface);
  for (int page = 1; page <= pages; ++page) {
    draw(cairo, page);
    cairo_show_page(cairo);
  }
  cairo_destroy(cairo);
  cairo_surface_finish(surface);
  REQUIRE(cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS);
  cairo_surface_destroy(surface);
}

// Colour of page n of colour_deck(): all different.
inline std::uint32_t deck_colour(int page) {
  const auto u = static_cast<std::uint32_t>(page);
  return (u * 53 % 256) << 16 | (u * 101 % 256) << 8 | (u * 197 % 256);
}
inline void fill(cairo_t* cairo, std::uint32_t rgb, double x, double y, double w, double h) {
  cairo_set_source_rgb(cairo, ((rgb >> 16) & 0xFF) / 255.0, ((rgb >> 8) & 0xFF) / 255.0,
                       (rgb & 0xFF) / 255.0);
  cairo_rectangle(cairo, x, y, w, h);
  cairo_fill(cairo);
}

// A lecture's deck: title, ten lines of Japanese, a chart of bars; a field of deck_colour in the
// lower right corner (a quarter of width and height).
inline void write_deck(const std::string& path, int pages, double width, double height) {
  write_pdf(path, pages, width, height, [&](cairo_t* cr, int page) {
    fill(cr, 0xFFFFFF, 0, 0, width, height);
    cairo_set_source_rgb(cr, 0.1, 0.1, 0.15);
    cairo_select_font_face(cr, "BIZ UDPGothic", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
    cairo_set_font_size(cr, height / 12);
    cairo_move_to(cr, width * 0.05, height * 0.13);
    cairo_show_text(cr, ("地域福祉計画の進め方 " + std::to_string(page)).c_str());
    cairo_set_font_size(cr, height / 24);
    for (int line = 0; line < 10; ++line) {
      cairo_move_to(cr, width * 0.05, height * (0.22 + 0.045 * line));
      cairo_show_text(cr, "・子育て支援と高齢者の見守りについて、区の取り組みを紹介します");
    }
    for (int bar = 0; bar < 40; ++bar)
      fill(cr, 0x2060A0, width * (0.05 + 0.015 * bar), height * (0.95 - 0.004 * (bar % 30)),
           width * 0.01, height * 0.004 * (bar % 30));
    fill(cr, deck_colour(page), width * 0.75, height * 0.75, width * 0.25, height * 0.25);
  });
}

// Objects 1.. of a PDF written by hand, with its table; object 1 is the catalogue.
inline void write_objects(const std::string& path, const std::vector<std::string>& objects,
                          const std::string& trailer) {
  std::string file = "%PDF-1.4\n";
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    places.push_back(file.size());
    file += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
  }
  const std::size_t table = file.size();
  file += "xref\n0 " + std::to_string(objects.size() + 1) + "\n0000000000 65535 f \n";
  for (const std::size_t place : places) {
    const std::string n = std::to_string(place);
    file += std::string(10 - n.size(), '0') + n + " 00000 n \n";
  }
  file += "trailer\n<</Size " + std::to_string(objects.size() + 1) + "/Root 1 0 R" + trailer +
          ">>\nstartxref\n" + std::to_string(table) + "\n%%EOF\n";
  std::ofstream(path, std::ios::binary) << file;
}

}  // namespace kakehashi::testing
