// SPDX-License-Identifier: GPL-3.0-or-later
#include <csignal>
#include <cstdio>

#include "gui/desk_app.h"

int main(int argc, char** argv) {
  using namespace kakehashi;
  auto options = parse_options({argv + 1, argv + argc}, false);
  if (!options) {
    std::fprintf(stderr, "kakehashi: %s\n\n%s", options.error().message.c_str(),
                 usage(false).c_str());
    return 2;
  }
  if (options->help) {
    std::fputs(usage(false).c_str(), stdout);
    return 0;
  }
  // A station started from here is nobody's child to wait for.
  std::signal(SIGCHLD, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
  return DeskApp(std::move(*options), argv[0]).run();
}
