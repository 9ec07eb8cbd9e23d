// SPDX-License-Identifier: GPL-3.0-or-later
// A folder with a logo in it, as PNG and as SVG; gone at the end.
#pragma once

#include <cairo.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/mixer/qr_reader.h"

namespace kakehashi::testing {

class LogoFiles {
 public:
  LogoFiles() : folder_(scratch_file("logos")) {
    std::filesystem::create_directories(folder_);
    write("leaf.svg",
          "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 200 100'>"
          "<ellipse cx='100' cy='50' rx='98' ry='46' fill='#03AF7A' fill-opacity='0.9'/>"
          "<path d='M20 50 H180' stroke='#FFFFFF' stroke-width='10'/></svg>");
    cairo_surface_t* surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, 800, 400);
    cairo_t* cr = cairo_create(surface);
    cairo_scale(cr, 4, 4);
    cairo_set_source_rgba(cr, 1, 0.29, 0, 1);
    cairo_arc(cr, 50, 50, 46, 0, 7);
    cairo_fill(cr);
    cairo_set_source_rgba(cr, 0, 0.35, 1, 0.5);
    cairo_rectangle(cr, 60, 20, 130, 60);
    cairo_fill(cr);
    cairo_surface_write_to_png(surface, (folder_ + "/leaf.png").c_str());
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
  }
  ~LogoFiles() { std::filesystem::remove_all(folder_); }
  LogoFiles(const LogoFiles&) = delete;
  LogoFiles& operator=(const LogoFiles&) = delete;

  const std::string& folder() const { return folder_; }
  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ + "/" + name, std::ios::binary) << bytes;
  }

 private:
  std::string folder_;
};

}  // namespace kakehashi::testing
