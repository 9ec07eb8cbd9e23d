// SPDX-License-Identifier: GPL-3.0-or-later
// What another program reads off a picture: zbarimg (zbar-tools), as a telephone would.
#pragma once

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "tests/mixer/golden.h"

namespace kakehashi::testing {

// A file name of our own in the folder for temporary files.
inline std::string scratch_file(const std::string& name) {
  return (std::filesystem::temp_directory_path() /
          ("kakehashi-" + std::to_string(getpid()) + "-" + name))
      .string();
}

// The first line a command prints.
inline std::string first_line_of(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) return "popen failed";
  std::string out;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe))
    out.push_back(static_cast<char>(c));
  pclose(pipe);
  return out.substr(0, out.find('\n'));
}

inline std::string read_qr_file(const std::string& png) {
  return first_line_of("zbarimg -q --nodbus --raw -Sdisable -Sqrcode.enable '" + png +
                       "' 2>/dev/null");
}

// Empty when it holds no code that can be read.
inline std::string read_qr(const VideoFrame& frame) {
  const std::string png = scratch_file("qr.png");
  if (!write_png(frame, png)) return "no picture was written";
  std::string said = read_qr_file(png);
  std::filesystem::remove(png);
  return said;
}

}  // namespace kakehashi::testing
