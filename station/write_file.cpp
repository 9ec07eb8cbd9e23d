// SPDX-License-Identifier: GPL-3.0-or-later
#include "station/write_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

namespace kakehashi {

Status write_file(const std::string& path, const std::string& text) {
  const std::string part = path + ".part";
  std::ofstream out(part, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out || std::rename(part.c_str(), path.c_str()) != 0)
    return Error{ErrorKind::FixSetup, "write " + path + ": " + std::strerror(errno)};
  return {};
}

}  // namespace kakehashi
