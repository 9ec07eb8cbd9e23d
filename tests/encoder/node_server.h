// SPDX-License-Identifier: GPL-3.0-or-later
// node-media-server for tests, and how to see without connecting that a server listens.
#pragma once

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/process.h"
#include "tests/support/wait.h"

namespace kakehashi::testing {

// Without connecting: servers that take one connection would take this one.
inline bool listens(int port) {
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream lines(table);
    char wanted[16];
    std::snprintf(wanted, sizeof wanted, ":%04X ", port);
    for (std::string line; std::getline(lines, line);)
      if (const auto at = line.find(wanted);
          at != std::string::npos && at < 20 && line.find(" 0A ") != std::string::npos)
        return true;
  }
  return false;
}

inline std::string only_file_under(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code code;
  for (const auto& e : std::filesystem::recursive_directory_iterator(folder, code))
    if (e.is_regular_file()) files.push_back(e.path().string());
  return files.size() == 1 ? files[0] : "";
}

// node-media-server, when scripts/test could install it.
struct NodeMediaServer {
  TempDir folder;
  int port = free_port();
  std::unique_ptr<Process> process;

  static bool there() { return std::filesystem::exists(NODE_MEDIA_SERVER); }
  std::string log() const { return folder / "log"; }
  std::string received() const { return folder / "received"; }
  std::string url() const { return "rtmp://127.0.0.1:" + std::to_string(port) + "/live"; }

  explicit NodeMediaServer(bool wants_signature = false) {
    std::ofstream(folder / "config.json")
        << R"({"bind":"127.0.0.1","store":{"path":")" << (folder / "store")
        << R"("},"auth":{"play":false,"publish":)" << (wants_signature ? "true" : "false")
        << R"(,"secret":"only-the-server-knows","jwt":{"users":[]}},"rtmp":{"port":)" << port
        << R"(},"http":{"port":)" << free_port() << R"(},"record":{"auto":true,"path":")"
        << received() << R"("}})";
    process = Process::start({"node", NODE_MEDIA_SERVER, "-c", folder / "config.json"}, {}, log());
    REQUIRE(wait_until([&] { return listens(port); }));
  }
};

}  // namespace kakehashi::testing
